"""Taking a payment, giving it back, undoing it."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput, Conflict, DuesdeskError, NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest, Shown
from tests.conftest import OpenDesk
from tests.services.booked import ago, member, owe, pay

ANA = "M00001"


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana owes 10.00 since September and 25.00 since October; 40.00 are due in December."""
    early = at(date(2026, 9, 1))
    early.members.add(MemberDetails("Ana"))
    for amount, due in ((4000, date(2026, 12, 14)), (1000, date(2026, 9, 14)), (2500, date(2026, 10, 14))):
        early.invoices.issue(IssueRequest(ANA, amount, "EUR", due))
    return at()


def open_of(desk: Desk) -> dict[str, int]:
    return {item.number: item.open_minor for item in desk.payments.sheet(ANA).items}


def test_a_payment_settles_the_oldest_due_first_and_leaves_the_rest_open(owing: Desk) -> None:
    answer = owing.payments.pay(PayRequest(ANA, 2000, "EUR"))
    assert answer["allocations"] == [
        {"invoice": "INV-00002", "amount": "10.00"},
        {"invoice": "INV-00003", "amount": "10.00"},
    ]
    assert (answer["unpaid"], answer["open"], answer["credit"]) == ("15.00", "55.00", "0.00")


def test_the_form_suggests_what_is_overdue_and_what_is_open_when_nothing_is(owing: Desk) -> None:
    assert owing.payments.sheet(ANA).suggested_minor == 3500
    owing.payments.pay(PayRequest(ANA, 3500, "EUR"))
    assert owing.payments.sheet(ANA).suggested_minor == 4000


def test_more_than_is_open_stays_on_account(owing: Desk) -> None:
    answer = owing.payments.pay(PayRequest(ANA, 10000, "EUR"))
    assert (answer["credit"], answer["open"]) == ("25.00", "0.00")
    assert owing.payments.sheet(ANA).credit_minor == 2500


def test_more_than_the_named_invoices_owe_is_refused_and_nothing_is_written(owing: Desk) -> None:
    with pytest.raises(Refused) as refused:
        owing.payments.pay(PayRequest(ANA, 1001, "EUR", invoices=("INV-00002",)))
    assert refused.value.code == "payment-above-named-invoices"
    assert open_of(owing) == {"INV-00002": 1000, "INV-00003": 2500, "INV-00001": 4000}


def test_named_invoices_are_settled_in_the_order_named(owing: Desk) -> None:
    answer = owing.payments.pay(PayRequest(ANA, 4100, "EUR", invoices=("INV-00001", "INV-00002")))
    assert [share["invoice"] for share in answer["allocations"]] == ["INV-00001", "INV-00002"]
    assert open_of(owing) == {"INV-00002": 900, "INV-00003": 2500}


def test_an_invoice_of_another_payer_is_refused(owing: Desk) -> None:
    owing.members.add(MemberDetails("Bea"))
    with pytest.raises(Refused) as refused:
        owing.payments.pay(PayRequest("M00002", 100, "EUR", invoices=("INV-00002",)))
    assert refused.value.code == "invoice-of-another-payer"


@pytest.mark.parametrize("amount", [0, -100])
def test_nothing_or_less_is_no_payment(owing: Desk, amount: int) -> None:
    with pytest.raises(BadInput):
        owing.payments.pay(PayRequest(ANA, amount, "EUR"))


def test_the_same_key_answers_the_first_time_and_other_content_is_refused(owing: Desk) -> None:
    first = owing.payments.pay(PayRequest(ANA, 500, "EUR"), key="k")
    assert owing.payments.pay(PayRequest(ANA, 500, "EUR"), key="k") == first
    assert owing.payments.sheet(ANA).open_minor == 7000
    with pytest.raises(Conflict):
        owing.payments.pay(PayRequest(ANA, 501, "EUR"), key="k")


def test_a_reversed_payment_leaves_its_invoices_owed_again_and_is_reversed_once(owing: Desk) -> None:
    paid = owing.payments.pay(PayRequest(ANA, 10000, "EUR"))["payment"]
    answer = owing.payments.reverse(paid, reason="bounced")
    assert (answer["unpaid"], answer["open"], answer["credit"]) == ("35.00", "75.00", "0.00")
    with pytest.raises(Refused) as refused:
        owing.payments.reverse(paid, reason="again")
    assert refused.value.code == "payment-already-returned"


def test_a_reversal_wants_its_reason(owing: Desk) -> None:
    paid = owing.payments.pay(PayRequest(ANA, 100, "EUR"))["payment"]
    with pytest.raises(BadInput):
        owing.payments.reverse(paid, reason=" ")


def test_a_refund_takes_back_the_newest_share_first(owing: Desk) -> None:
    paid = owing.payments.pay(PayRequest(ANA, 3000, "EUR"))["payment"]
    assert owing.payments.refund(paid, 2100)["allocations"] == [
        {"invoice": "INV-00003", "amount": "-20.00"},
        {"invoice": "INV-00002", "amount": "-1.00"},
    ]
    assert open_of(owing) == {"INV-00002": 100, "INV-00003": 2500, "INV-00001": 4000}
    with pytest.raises(Refused):
        owing.payments.refund(paid, 901)
    owing.payments.refund(paid)
    with pytest.raises(Refused):
        owing.payments.refund(paid)


def test_undo_takes_the_whole_payment_back_once(owing: Desk) -> None:
    before = open_of(owing)
    owing.payments.pay(PayRequest(ANA, 3000, "EUR"))
    undone = owing.undo.undo()
    assert undone["undone"]["verb"] == "pay"
    assert open_of(owing) == before


def test_undo_never_takes_back_what_somebody_else_did(at: OpenDesk, owing: Desk) -> None:
    owing.staff.add("Ana", "front_desk")
    owing.staff.add("Marta", "front_desk")
    at(actor="Ana").payments.pay(PayRequest(ANA, 3000, "EUR"))
    with pytest.raises(Refused) as refused:
        at(actor="Marta").undo.undo()
    assert refused.value.code == "nothing-to-undo"


def test_undo_of_an_act_that_is_no_longer_the_last_is_refused(owing: Desk) -> None:
    owing.payments.pay(PayRequest(ANA, 100, "EUR"))
    shown = owing.undo.last()
    owing.payments.pay(PayRequest(ANA, 200, "EUR"))
    assert shown is not None
    with pytest.raises(Refused) as refused:
        owing.undo.undo(act_id=shown.id)
    assert refused.value.code == "undo-not-the-last"


def test_the_front_desk_may_not_reverse_or_write_off(at: OpenDesk, owing: Desk) -> None:
    owing.staff.add("Ana", "front_desk")
    paid = owing.payments.pay(PayRequest(ANA, 100, "EUR"))["payment"]
    front = at(actor="Ana")
    for forbidden in (
        lambda: front.payments.reverse(paid, reason="x"),
        lambda: front.credits.give("INV-00001", None, kind="write_off", reason="x"),
        lambda: front.invoices.void("INV-00001", reason="x"),
    ):
        with pytest.raises(Refused) as refused:
            forbidden()
        assert refused.value.code == "role-may-not"


def test_a_child_owes_through_the_payer(owing: Desk) -> None:
    child = owing.members.add(MemberDetails("Child", payer=ANA))["member"]
    owing.invoices.issue(IssueRequest(child, 700, "EUR", date(2026, 11, 22)))
    assert owing.payments.sheet(child).open_minor == 8200
    answer = owing.payments.pay(PayRequest(child, 4200, "EUR"))
    assert [share["invoice"] for share in answer["allocations"]] == ["INV-00002", "INV-00003", "INV-00004"]


def test_currencies_never_meet(owing: Desk) -> None:
    owing.invoices.issue(IssueRequest(ANA, 500, "JPY", date(2026, 11, 22)))
    answer = owing.payments.pay(PayRequest(ANA, 800, "JPY"))
    assert (answer["amount"], answer["credit"], answer["open"]) == ("800", "300", "0")
    assert owing.payments.sheet(ANA, "EUR").open_minor == 7500
    with pytest.raises(DuesdeskError):
        owing.payments.pay(PayRequest(ANA, 100, "JPY", invoices=("INV-00001",)))


def test_nobody_pays_for_a_member_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.payments.pay(PayRequest("M99999", 100, "EUR"))


def test_a_payment_that_would_settle_anything_else_than_was_shown_is_refused(at: OpenDesk) -> None:
    early = at(ago(60))
    member(early, "M1", "Ana")
    first, second = owe(early, "M1", 5000, ago(30)), owe(early, "M1", 3000, ago(10))
    desk = at()
    sheet = desk.payments.sheet("M1")
    shown = Shown(((first, 5000), (second, 1000)), sheet.act_id)
    pay(at(), "M1", 5000)
    with pytest.raises(Conflict) as refused:
        desk.payments.pay(PayRequest("M1", 6000, "EUR", shown=shown))
    assert (refused.value.code, refused.value.facts["amount_minor"]) == ("debt-paid-meanwhile", 5000)
    assert desk.payments.sheet("M1").credit_minor == 0
    now = Shown(((second, 3000),), desk.payments.sheet("M1").act_id)
    assert desk.payments.pay(PayRequest("M1", 3000, "EUR", shown=now))["unpaid"] == "0.00"
