"""What is foreseen of a month: the rule played to its end, and the days on which the house writes to nobody."""

from __future__ import annotations

from datetime import date, timedelta

from duesdesk.domain.collection.ladder import NOTICE
from duesdesk.domain.month import OUT_OF_HOURS, PUBLIC_HOLIDAY, Foreseen, PlannedNotice, first_of, last_of
from duesdesk.services.collection.houses import Houses
from duesdesk.services.collection.rehearse import MOST_DAYS, Rehearsals
from duesdesk.services.workplace import Workplace


class Months:
    """Months of one centre."""

    def __init__(self, place: Workplace, rehearsals: Rehearsals) -> None:
        self._place = place
        self._rehearsals = rehearsals

    def foreseen(self, month: date, *, ahead: bool = True) -> Foreseen:
        """What is foreseen of the month of this day; the notices only `ahead`, from today on and for a year at most."""
        first, last, today = first_of(month), last_of(month), self._place.today()
        with self._place.database.read() as tx:
            home = Houses(tx, self._place).of(None, None)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        closed = []
        for day in days:
            if home.is_holiday(day):
                closed.append((day, PUBLIC_HOLIDAY))
            elif not home.law.is_open(day, home.is_holiday):
                closed.append((day, OUT_OF_HOURS))
        length = min((last - today).days + 1, MOST_DAYS)
        if not ahead or length < 1 or first > today + timedelta(days=MOST_DAYS - 1):
            return Foreseen(tuple(closed), (), None)
        return Foreseen(tuple(closed), tuple(self._notices(first, length)), today + timedelta(days=length - 1))

    def _notices(self, first: date, length: int) -> list[PlannedNotice]:
        found = []
        for row in self._rehearsals.rehearse(days=length).rows:
            if row.action == NOTICE and row.on >= first:
                for currency, minor in ((row.currency, row.amount_minor), *row.beside):
                    found.append(PlannedNotice(row.on, row.member, row.name, row.step, minor, currency))
        return found
