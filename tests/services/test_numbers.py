"""Numbers that the program gives have no gap and never meet those that an import brought."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails


def test_an_imported_number_is_stepped_over(desk: Desk) -> None:
    for number in ("M00001", "M00007", "M00003b", "Mara"):
        desk.members.add(MemberDetails("Ana", number=number))
    assert desk.members.add(MemberDetails("Bea"))["member"] == "M00008"
    assert desk.members.add(MemberDetails("Cai"))["member"] == "M00009"


def test_a_refused_act_leaves_no_hole(desk: Desk) -> None:
    desk.members.add(MemberDetails("Ana"))
    due = date(2026, 12, 1)
    first = desk.invoices.issue(IssueRequest("M00001", 100, "EUR", due))["invoice"]
    for wrong in (IssueRequest("nobody", 100, "EUR", due), IssueRequest("M00001", 0, "EUR", due)):
        with pytest.raises(Refused):
            desk.invoices.issue(wrong)
    assert (first, desk.invoices.issue(IssueRequest("M00001", 100, "EUR", due))["invoice"]) == (
        "INV-00001",
        "INV-00002",
    )
