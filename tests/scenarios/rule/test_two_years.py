"""The shipped rule over two real years, day by day: each step once, none after the money came.

The public sample (2,466 invoices of 100 customers, 2012-2013) lies beside the repository where somebody fetched it. Its
settlements are read beforehand, so that each day is seen as it was then: nothing dated later counts.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock, zone
from duesdesk.services.collection.views import TakenStep
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.leaving import Moment

SAMPLE = Path(__file__).resolve().parents[3] / "../shared/data/receivables/ibm_accounts_receivable.csv"
ZONE = zone("Europe/Madrid")
FIRST, LAST = date(2012, 1, 2), date(2014, 1, 31)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLE.is_file(), reason="the public sample is not here"),
]


@dataclass(frozen=True)
class Owed:
    """An invoice of the sample: when it was issued, due and settled, read from the ledger."""

    issued_on: date
    due_on: date
    settled_on: date
    disputed: bool


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    path = tmp_path_factory.mktemp("years") / "desk.db"
    shutil.copy(template, path)
    opened = open_desk(str(path), clock=Clock(FIRST))
    opened.imports.run(ImportRequest("receivables", SAMPLE, profile="ibm-receivables"))
    with opened.place.database.write() as tx:
        tx.run("UPDATE member SET email = lower(replace(number, '-', '')) || '@example.org'")
    return opened


@pytest.fixture(scope="module")
def book(desk: Desk) -> dict[str, Owed]:
    with desk.place.database.read() as tx:
        rows = tx.all(
            """SELECT i.number, i.issued_on, i.due_on, (SELECT max(a.effective_on) FROM allocation a
                                                        WHERE a.invoice_id = i.id),
                      EXISTS (SELECT 1 FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'disputed')
               FROM invoice i"""
        )
    return {row[0]: Owed(*map(date.fromisoformat, row[1:4]), bool(row[4])) for row in rows}


@pytest.fixture(scope="module")
def taken(desk: Desk) -> list[tuple[date, TakenStep]]:
    """Every step of two years, with its day; what was queued leaves into the outbox folder in the evening."""
    found: list[tuple[date, TakenStep]] = []
    day = FIRST
    while day <= LAST:
        today = Desk(desk.place._replace(clock=Clock(day)))
        found += [(day, one) for one in today.runs.run().taken]
        today.outbox.send_due(moment=Moment(datetime.combine(day, time(23, 59), ZONE), day))
        day += timedelta(days=1)
    return found


def of_steps(taken: list[tuple[date, TakenStep]]) -> list[tuple[date, TakenStep]]:
    """Those that ask for money: a thank-you is for a payment."""
    return [(day, one) for day, one in taken if one.event != "paid"]


def test_every_invoice_gets_each_step_at_most_once(desk: Desk, taken: list[tuple[date, TakenStep]]) -> None:
    with desk.place.database.read() as tx:
        had = tx.all(
            """SELECT i.number, s.step_id, count(*) FROM step_item s JOIN invoice i ON i.id = s.invoice_id
               GROUP BY i.number, s.step_id HAVING count(*) > 1"""
        )
    assert had == []
    totals = Counter(one.step for _, one in taken)
    print("\nsteps in two years:", dict(totals.most_common()))
    # Every invoice was paid by a payment of its own, and each of those was confirmed.
    assert totals["receipt"] == 2466
    assert totals["invoice"] > totals["before-due"] > totals["due-day"] > totals["friendly"] > totals["reminder"] > 0
    assert totals["call"] > 0


def test_what_was_queued_has_left_once(desk: Desk, taken: list[tuple[date, TakenStep]]) -> None:
    written = sum(one.action == "notice" for _, one in taken)
    with desk.place.database.read() as tx:
        states = dict(tx.all("SELECT state, count(*) FROM notice GROUP BY state"))
    print("notices:", states)
    assert sum(states.values()) == written
    assert states["sent"] > written * 95 // 100
    assert set(states) <= {"sent", "cancelled"}


def test_nothing_is_asked_before_it_was_issued_or_after_it_was_settled(
    book: dict[str, Owed], taken: list[tuple[date, TakenStep]]
) -> None:
    wrong = [
        (day, one.step, number)
        for day, one in of_steps(taken)
        for number in one.invoices
        if not book[number].issued_on <= day < book[number].settled_on
    ]
    assert wrong == []


def test_what_is_contested_is_never_asked_for(book: dict[str, Owed], taken: list[tuple[date, TakenStep]]) -> None:
    asked = {number for _, one in of_steps(taken) for number in one.invoices}
    assert not [number for number in asked if book[number].disputed]
    assert len(asked) > 1500


def test_each_step_is_taken_when_its_days_have_passed_and_not_before(
    book: dict[str, Owed], taken: list[tuple[date, TakenStep]]
) -> None:
    least = {"due-day": 0, "friendly": 3, "reminder": 10, "call": 20, "formal-letter": 30, "suspend": 45}
    for day, one in of_steps(taken):
        if one.step in least:
            assert max((day - book[number].due_on).days for number in one.invoices) >= least[one.step]
        if one.step == "before-due":
            # Five days before, or some more over closed days; never fewer.
            assert all(
                5 <= (book[number].due_on - day).days <= 9 or day > book[number].due_on for number in one.invoices
            )


def test_nobody_gets_two_demands_in_three_days(taken: list[tuple[date, TakenStep]]) -> None:
    days: dict[str, list[date]] = {}
    for day, one in of_steps(taken):
        if one.action == "notice":
            days.setdefault(one.member, []).append(day)
    for member, some in days.items():
        assert all((later - earlier).days >= 3 for earlier, later in pairwise(some)), member
