"""What each step brought: counted by hand on a book small enough to count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.reports import document
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk

FIRST = date(2026, 9, 1)
DUE = date(2026, 9, 14)
RULE = """
name = "two"
minimum_open = "1.00"
gap_days = 0
[[step]]
id = "friendly"
when = "due"
offset_days = 3
do = "notice"
template = "reminder_friendly"
"""


@pytest.fixture
def told(at: OpenDesk) -> OpenDesk:
    """Ten people owe 100.00 each; two pay in the week before the step, the others are told; two of those pay then."""
    desk = at(FIRST)
    desk.settings.set("notices.hours", "always")
    desk.settings.set("notices.cooling_minutes", "0")
    desk.rules.use(RULE)
    for number in range(1, 11):
        desk.members.add(MemberDetails(f"Member {number}", email=f"m{number}@example.org"))
        desk.invoices.issue(IssueRequest(f"M{number:05d}", 10000, "EUR", DUE))
    for number, day in ((1, DUE - timedelta(days=1)), (2, DUE + timedelta(days=1))):
        pay(at(day), number, 10000)
    run(at(DUE + timedelta(days=3)))
    pay(at(DUE + timedelta(days=5)), 3, 10000)
    pay(at(DUE + timedelta(days=9)), 4, 4000)
    # Too late to be the step's.
    pay(at(DUE + timedelta(days=10)), 5, 10000)
    return at


def pay(desk: Desk, number: int, amount_minor: int) -> None:
    desk.payments.pay(PayRequest(f"M{number:05d}", amount_minor, "EUR"))


def run(desk: Desk) -> None:
    desk.runs.run(desk.today())
    desk.outbox.send_due()


def scorecard(desk: Desk) -> list[dict[str, object]]:
    return [row for one in document(desk.reports.read("scorecard"))["currencies"] for row in one["rows"]]


def test_a_step_is_told_with_what_came_in_a_week_and_what_would_have_come_anyway(told: OpenDesk) -> None:
    (row,) = scorecard(told(DUE + timedelta(days=20)))
    assert row == {
        "step": "friendly",
        "action": "notice",
        "times": 8,
        "people": 8,
        "invoices": 8,
        "asked": "800.00",
        "came": "140.00",
        "came_percent": 18,
        # Two of ten paid in the seven days before: a fifth of what was open then.
        "anyway": "160.00",
        "anyway_percent": 20,
        "lift": "-20.00",
    }


def test_a_step_whose_week_has_not_passed_is_not_judged(told: OpenDesk) -> None:
    assert scorecard(told(DUE + timedelta(days=9))) == []
    assert len(scorecard(told(DUE + timedelta(days=10)))) == 1


def test_what_never_left_brought_nothing_and_is_not_counted(at: OpenDesk) -> None:
    desk = at(FIRST)
    desk.settings.set("notices.hours", "always")
    desk.rules.use(RULE)
    desk.members.add(MemberDetails("Ana", email="ana@example.org"))
    desk.invoices.issue(IssueRequest("M00001", 10000, "EUR", DUE))
    later = at(DUE + timedelta(days=3))
    later.runs.run(later.today())
    pay(later, 1, 10000)
    assert scorecard(at(DUE + timedelta(days=20))) == []
