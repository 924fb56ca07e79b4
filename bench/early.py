"""How often an early sign was one: of payers looked at every four weeks, who came to be overdue for long soon after.

Asked is whether something of theirs becomes overdue for more than 30 days within the next 60; whoever has such a debt
already is not looked at. Beside it stands how often that befalls anybody: a sign that tells nothing is right as often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from duesdesk.bootstrap import Desk
from duesdesk.domain import signs
from duesdesk.domain.forecast.courses import Course, at
from duesdesk.store import courses
from duesdesk.store import signs as store
from duesdesk.store.database import Tx

AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Counted:
    """Of `looked_at` payers, each once a look, `became` came to it; `shown` had a sign, `right` of these came to it."""

    looked_at: int
    became: int
    shown: int
    right: int

    @property
    def base_rate(self) -> float:
        """How often it befalls anybody, in percent."""
        return 100 * self.became / self.looked_at if self.looked_at else 0.0

    @property
    def precision(self) -> float:
        """How often a sign was right, in percent."""
        return 100 * self.right / self.shown if self.shown else 0.0

    @property
    def recall(self) -> float:
        """How many of those who came to it had shown a sign, in percent."""
        return 100 * self.right / self.became if self.became else 0.0


def count(desk: Desk, first: date, last: date, overdue_days: int = signs.OVERDUE_DAYS) -> Counted:
    """Looking every four weeks from `first` on, as long as the 60 days after a look are over by `last`.

    `overdue_days` is what counts as long; the signs are the same.
    """
    with desk.place.database.read() as tx:
        every = courses.read(tx, last, first - timedelta(days=store.HISTORY_DAYS)).courses
        found = [_look(tx, day, every, overdue_days) for day in _looks(first, last)]
    return Counted(*(sum(column) for column in zip(*found, strict=True)))


def _looks(first: date, last: date) -> Iterator[date]:
    while first + timedelta(days=AHEAD_DAYS) <= last:
        yield first
        first += timedelta(days=28)


def _look(tx: Tx, on: date, every: list[Course], overdue_days: int) -> tuple[int, int, int, int]:
    today = on.toordinal()
    became = {(course.payer_id, course.currency) for course in every if _becomes_overdue(course, today, overdue_days)}
    looked_at = {
        payer: signs.signs_of(facts, today)
        for payer, facts in store.read(tx, on).items()
        if not any(bill.open_minor and today - bill.due > overdue_days for bill in facts.bills)
    }
    shown = {payer for payer, found in looked_at.items() if found}
    came_to_it = became & looked_at.keys()
    return len(looked_at), len(came_to_it), len(shown), len(shown & came_to_it)


def _becomes_overdue(course: Course, today: int, overdue_days: int) -> bool:
    """Whether it is open still on the day after it has been overdue for so long, and that day is one of the next."""
    if course.due is None:
        return False
    day = course.due + overdue_days + 1
    return today < day <= today + AHEAD_DAYS and at(course, day) is not None
