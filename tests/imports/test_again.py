"""The same file again brings nothing new, whatever the desk did meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import TODAY, OpenDesk
from tests.imports.bringing import Bring, faults

PAYMENTS = "reference,member,received_on,amount\n"
RECEIVABLES = "number,member,issued_on,due_on,amount,settled_on\n"


def test_a_refund_told_under_a_child_stands_under_the_child(rows: Bring, people: Desk) -> None:
    people.members.add(MemberDetails("Kid", number="K1", payer="M1"))
    rows("payments", f"{PAYMENTS}P1,K1,2026-01-10,40.00\n")
    refund = f"{PAYMENTS}R1,M1,2026-01-20,-15.00\n"
    assert rows("payments", refund, negative="refund").created == 1
    assert rows("payments", refund, negative="refund").unchanged == 1


def test_a_payment_called_like_a_reversal_of_the_desk_is_told_both_amounts(rows: Bring, people: Desk) -> None:
    paid = people.payments.pay(PayRequest("M1", 1000, "EUR"))["payment"]
    back = people.payments.reverse(paid, reason="bounced")["payment"]
    (row,) = rows("payments", f"{PAYMENTS}{back},M1,{TODAY},10.00\n").rejected
    assert row.field == "amount"
    assert "10.00" in row.reason
    assert "-10.00" in row.reason


@pytest.mark.parametrize("back", ["reverse", "refund"])
def test_a_settlement_taken_back_at_the_desk_is_no_news_when_the_file_still_tells_it(
    rows: Bring, people: Desk, back: str
) -> None:
    file = f"{RECEIVABLES}S1,M1,2026-01-01,2026-01-31,10.00,2026-02-05\nS2,M1,2026-01-01,2026-01-31,10.00,\n"
    rows("receivables", file)
    if back == "reverse":
        people.payments.reverse("S1/S", reason="bounced")
    else:
        people.payments.refund("S1/S", 400)
    assert rows("receivables", file).unchanged == 2
    assert rows("receivables", file.replace("2026-02-05", "")).unchanged == 2
    assert faults(rows("receivables", file.replace("2026-02-05", "2026-02-06"))) == [(2, "settled_on")]


def test_why_a_credit_was_given_is_kept_and_compared(rows: Bring, people: Desk) -> None:
    rows("invoices", "number,member,issued_on,amount\nA1,M1,2026-01-01,45.00\n")
    file = "reference,invoice,on,amount,kind,reason\nC1,A1,2026-01-02,5.00,waiver,Flood in the pool\n"
    rows("credits", file)
    with people.place.database.read() as tx:
        assert tx.value("SELECT reason FROM credit") == "Flood in the pool"
    assert rows("credits", file).unchanged == 1
    (row,) = rows("credits", file.replace("Flood", "Fire")).rejected
    assert row.field == "reason"
    assert "Flood" in row.reason


def test_a_due_date_the_file_moves_is_moved_once_though_the_clock_went_back(
    rows: Bring, people: Desk, at: OpenDesk
) -> None:
    rows("invoices", "number,member,issued_on,due_on,amount\nA1,M1,2026-01-01,2026-12-01,45.00\n")
    at(TODAY + timedelta(days=5)).invoices.move_due("A1", TODAY + timedelta(days=60))
    file = "number,member,issued_on,due_on,amount\nA1,M1,2026-01-01,2026-12-24,45.00\n"
    assert rows("invoices", file).updated == 1
    assert rows("invoices", file).unchanged == 1
