"""Who pays may change; what was charged before stays with who was charged, and can be paid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk
from tests.imports.bringing import bring, written

PARENT, CHILD, OTHER = "M00001", "M00002", "M00003"
HEAD = "reference,member,received_on,amount,invoice\n"


@pytest.fixture
def household(at: OpenDesk) -> Desk:
    """The child owes 100.00 of its own, charged before the parent began to pay for it."""
    early = at(date(2026, 1, 1))
    for name in ("Parent", "Child", "Other"):
        early.members.add(MemberDetails(name))
    early.invoices.issue(IssueRequest(CHILD, 10000, "EUR", date(2026, 1, 5)))
    early.members.edit(CHILD, MemberDetails("Child", payer=PARENT))
    return at()


def owed(desk: Desk) -> dict[str, int]:
    report = desk.reports.read("unpaid").currencies  # type: ignore[attr-defined]
    return {row.member: row.unpaid_minor for one in report for row in one.rows}


def test_an_old_debt_of_ones_own_can_be_named_and_paid(household: Desk) -> None:
    answer = household.payments.pay(PayRequest(CHILD, 4000, "EUR", invoices=("INV-00001",)))
    assert answer["allocations"] == [{"invoice": "INV-00001", "amount": "40.00"}]
    assert owed(household) == {CHILD: 6000}


def test_the_form_shows_the_old_debt_when_the_payer_owes_nothing_and_enter_pays_it(household: Desk) -> None:
    sheet = household.payments.sheet(CHILD)
    assert (sheet.payer, sheet.suggested_minor) == (CHILD, 10000)
    answer = household.payments.pay(PayRequest(CHILD, sheet.suggested_minor, sheet.currency))
    assert (answer["credit"], answer["unpaid"]) == ("0.00", "0.00")
    assert owed(household) == {}


def test_what_the_household_owes_comes_first(household: Desk) -> None:
    household.invoices.issue(IssueRequest(CHILD, 3000, "EUR", date(2026, 12, 1)))
    assert household.payments.sheet(CHILD).payer == PARENT
    assert household.payments.pay(PayRequest(CHILD, 3000, "EUR"))["allocations"] == [
        {"invoice": "INV-00002", "amount": "30.00"}
    ]


def test_a_parent_may_name_what_somebody_was_charged_who_pays_for_themselves_not(household: Desk) -> None:
    household.invoices.issue(IssueRequest(OTHER, 3000, "EUR", date(2026, 12, 1)))
    with pytest.raises(Refused) as refused:
        household.payments.pay(PayRequest(CHILD, 3000, "EUR", invoices=("INV-00002",)))
    assert refused.value.code == "invoice-of-another-payer"
    household.invoices.issue(IssueRequest(CHILD, 3000, "EUR", date(2026, 12, 1)))
    with pytest.raises(Refused) as refused:
        household.payments.pay(PayRequest(CHILD, 3000, "EUR", invoices=("INV-00001", "INV-00003")))
    assert refused.value.facts["invoice"] == "INV-00003"


def test_an_import_pays_an_old_debt_named_or_not_and_refunds_it(household: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEAD}P1,{CHILD},2026-02-01,30.00,INV-00001\nP2,{CHILD},2026-02-02,50.00,\n")
    assert bring(household, "payments", file).created == 2
    assert owed(household) == {CHILD: 2000}
    back = written(tmp_path, f"{HEAD}R1,{CHILD},2026-02-03,-50.00,\n", "back.csv")
    assert bring(household, "payments", back, negative="refund").created == 1
    assert owed(household) == {CHILD: 7000}
    assert bring(household, "payments", file).unchanged == 2
