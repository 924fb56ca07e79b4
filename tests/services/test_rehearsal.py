"""The rehearsal on the real book is what then happens, when nobody pays; and it writes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.collection.ladder import parse
from duesdesk.domain.errors import BadInput
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.rules import Target
from tests.conftest import OpenDesk

FIRST = date(2026, 9, 1)
DAYS = 60
MILD = """
name = "mild"
[[step]]
id = "only"
when = "due"
offset_days = 25
do = "notice"
template = "overdue"
"""


@pytest.fixture
def book(at: OpenDesk) -> Desk:
    """A household with two debts, one who cannot be reached, one on hold, one who promised."""
    desk = at(FIRST)
    desk.settings.set("notices.cooling_minutes", "0")
    for name, email in (
        ("Ana", "ana@example.org"),
        ("Bea", None),
        ("Carl", "carl@example.org"),
        ("Dora", "d@example.org"),
    ):
        desk.members.add(MemberDetails(name, email=email))
    desk.members.add(MemberDetails("Child", payer="M00001"))
    for member, minor, days in (
        ("M00001", 4500, 10),
        ("M00005", 3000, 21),
        ("M00002", 2000, 5),
        ("M00003", 1000, 7),
        ("M00004", 9000, 3),
    ):
        desk.invoices.issue(IssueRequest(member, minor, "EUR", FIRST + timedelta(days=days)))
    desk.holds.hold("M00003", reason="left out by hand")
    desk.promises.take("M00004", 9000, "EUR", FIRST + timedelta(days=12))
    return desk


def happened(at: OpenDesk) -> list[tuple[date, str, str]]:
    found = []
    for number in range(DAYS):
        desk = at(FIRST + timedelta(days=number))
        taken = desk.runs.run(desk.today()).taken
        desk.outbox.send_due()
        for task in desk.tasks.all():
            desk.tasks.done(task.id)
            if task.kind == "call":
                desk.talks.log(task.payer, outcome="informed", channel="phone")
        found += [(desk.today(), one.member, one.step) for one in taken]
        desk.close()
    return found


def test_what_is_rehearsed_is_what_happens_when_nobody_pays(book: Desk, at: OpenDesk) -> None:
    rehearsed = book.rehearsals.rehearse(days=DAYS)
    ahead = [(row.on, row.member, row.step) for row in rehearsed.rows]
    # A promise that is broken on the way is news that nobody can foresee.
    assert sorted(one for one in happened(at) if one[2] != "promise-broken") == sorted(ahead)


def test_a_rehearsal_writes_nothing(book: Desk, store: Path) -> None:
    before = store.read_bytes()
    book.rehearsals.rehearse(parse(MILD), days=30)
    assert store.read_bytes() == before


def test_a_rule_that_is_tried_is_told_beside_the_one_in_force(book: Desk) -> None:
    found = book.rehearsals.rehearse(parse(MILD), days=30)
    assert (found.rule, {row.step for row in found.rows}) == ("mild", {"only"})
    assert found.notices == len(found.rows) > 0
    assert found.notices_now is not None
    assert found.notices_now > found.notices
    assert found.gained == ()
    assert set(found.lost) <= {"M00001", "M00002", "M00004"}
    assert [one.times_now for one in found.steps if one.step == "only"] == [0]


def test_no_more_than_a_year_is_rehearsed(book: Desk) -> None:
    for days in (0, 367):
        with pytest.raises(BadInput):
            book.rehearsals.rehearse(days=days)


def test_a_step_that_comes_next_is_not_held_by_what_a_later_one_waits_for(book: Desk, at: OpenDesk) -> None:
    desk = at(FIRST + timedelta(days=80))
    following = desk.explains.of("M00001").next
    assert following is not None
    assert (following.step, [one.reason for one in following.held_by]) == ("formal-letter", [])


def test_what_an_invoice_has_had_is_told_in_the_order_it_came(book: Desk, at: OpenDesk) -> None:
    # The fifth day before the due date is a Sunday.
    for number in (0, 4, 10, 13, 20):
        desk = at(FIRST + timedelta(days=number))
        desk.runs.run(desk.today())
        desk.outbox.send_due()
    had = desk.explains.of("M00001").accounts[0].invoices[0].had
    assert [one.step for one in had][:4] == ["invoice", "before-due", "due-day", "friendly"]
    assert [one.on for one in had] == sorted(one.on for one in had)


def test_a_rule_of_one_member_is_tried_in_their_place_only(book: Desk) -> None:
    found = book.rehearsals.rehearse(parse(MILD), days=60, target=Target(member="M00001"))
    steps = {(row.member, row.step) for row in found.rows}
    assert {step for member, step in steps if member == "M00001"} == {"only"}
    others = {(row.member, row.step) for row in book.rehearsals.rehearse(days=60).rows if row.member != "M00001"}
    assert {one for one in steps if one[0] != "M00001"} == others


def test_a_rehearsal_tells_how_far_it_is_and_stops_when_it_is_told_to(book: Desk) -> None:
    told: list[tuple[int, int]] = []
    whole = book.rehearsals.rehearse(parse(MILD), progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 0
    assert not whole.stopped
    stopped = book.rehearsals.rehearse(parse(MILD), stop=lambda: True)
    assert (stopped.stopped, stopped.rows, stopped.rows_now) == (True, (), ())
