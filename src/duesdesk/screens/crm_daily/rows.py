"""Rows of CRM Daily: an arrival in two lines, and a day of a week or month in two lines.

Rows are drawn when they become visible; a large centre has thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duesdesk import i18n
from duesdesk.domain import promises
from duesdesk.domain.arrivals import PARTIAL, PROMISES, UNPAID, Arrival, Booked, days_late, late_level
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.messages import N_
from duesdesk.screens.contact_words import BOOKINGS, word
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, width_of
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.daily import MINUTES_AHEAD, Arrivals, DaySum, minutes_until

LEVEL_TONES = ("dim", "text", "warn", "bad")
SOON_DAYS = 7
WEEK = 7
FACTS_CELLS = 29
BAR_CELLS = 14
_SETTLED = {UNPAID: N_("nothing overdue"), PARTIAL: N_("no part payment open"), PROMISES: N_("nothing promised")}
# The other columns, and the blanks between and before them.
WIDEST_NAME, OTHER_CELLS = 36, 48


def columns(width: int) -> tuple[Column, ...]:
    """The columns of a list so wide, titles in the language of the screen. Names and debts stay near each other."""
    return (
        Column("time", _("Time"), 5),
        Column("who", _("Who"), max(16, min(WIDEST_NAME, width - OTHER_CELLS))),
        Column("for", pgettext("booking", "For"), 16),
        Column("owes", _("Owes"), 11, "right"),
        Column("late", "", 3, flex=True),
    )


@dataclass(frozen=True, slots=True)
class Rower:
    """Draws rows as they look in one section at one minute. `local_time` tells an instant by the centre's clock.

    Lateness is that of `as_of`, the day whose figures are shown; `with_day` adds the day where rows are not below it.
    `stays` is the booking of somebody who has left the section and is shown until the cursor moves.
    """

    section: str
    today: date
    as_of: date
    now: str
    currency: str
    local_time: Callable[[str], str]
    with_day: bool = False
    stays: object = None

    def arrival(self, one: Arrival) -> Row:
        """Somebody who comes: time, name, activity, debt; below what is known of it, and whether they are in."""
        gone = one.status == "cancelled"
        tone = "dim" if gone else "text"
        owed = self._owed(one)
        days = days_late(one.debts, self.as_of)
        level = 0 if gone else late_level(days)
        mark = Piece(sign("late", level), LEVEL_TONES[level]) if level else self._mark(one)
        first = (
            Piece(one.at_time or sign("none"), "dim"),
            Piece(one.name, tone),
            Piece(one.activity, "dim"),
            join(*owed[:1]),
            mark,
        )
        day = Piece(i18n.weekday(date.fromisoformat(one.on_day)) if self.with_day else "", "dim")
        return Row(one.booking_id, first, second=(
            day, join(*self._facts(one)), self._here(one), join(*owed[1:2]), "",
        ))  # fmt: skip

    def _mark(self, one: Arrival) -> Piece:
        if self.section == PARTIAL and any(debt.partial_minor for debt in one.debts):
            return Piece(sign("part"), "dim")
        return Piece("")

    def _owed(self, one: Arrival) -> list[Piece]:
        """What the payer has overdue, a piece for each currency; in the section of part payments, the rest of those."""
        promise = one.about.promise
        level = late_level(days_late(one.debts, self.as_of))
        tone = LEVEL_TONES[level] if promise is None or promise.state != promises.OPEN else "text"
        found = []
        for debt in one.debts:
            minor = debt.partial_minor if self.section == PARTIAL else debt.unpaid_minor
            if minor:
                shown = self._money(minor, debt.currency)
                found.append(amount(shown, "dim" if one.status == "cancelled" or not level else tone, bold=True))
        return found

    def _money(self, minor: int, currency: str) -> str:
        return i18n.amount(minor, currency) if currency == self.currency else i18n.money(minor, currency)

    def _here(self, one: Arrival) -> Piece:
        """Whether they are in, or when they come."""
        if one.checked_in_at is not None:
            told = _("in {time}").format(time=self.local_time(one.checked_in_at))
            return Piece(f"{sign('done')} {told}", "ok")
        if one.status != "booked":
            return Piece(word(BOOKINGS, one.status), "dim")
        if one.on_day != self.today.isoformat():
            return Piece(_("not in") if one.on_day < self.today.isoformat() else "", "dim")
        left = minutes_until(one, self.now)
        if left is None or left > MINUTES_AHEAD:
            return Piece("")
        if left < 0:
            return Piece(_("not in yet"), "dim")
        if left == 0:
            return Piece(_("now"), "warn")
        return Piece(_("in {count} min").format(count=left), "warn")

    def _facts(self, one: Arrival) -> list[Piece]:
        """Short facts, what matters most first, as many as there is room for."""
        found: list[Line] = []
        if one.debts:
            found = self._known(one)
        if one.booking_id == self.stays and self.section in _SETTLED:
            found.insert(0, (Piece(f"{sign('paid')} {_(_SETTLED[self.section])}", "ok"),))
        if one.payer_name is not None:
            found.insert(0, (Piece(_("{payer} pays").format(payer=one.payer_name), "dim"),))
        pieces: list[Piece] = []
        for fact in found:
            more = [*pieces, Piece(f" {sign('dot')} ", "dim"), *fact] if pieces else list(fact)
            if pieces and width_of(tuple(more)) > FACTS_CELLS:
                break
            pieces = more
        return pieces

    def _known(self, one: Arrival) -> list[Line]:
        about = one.about
        found: list[Line] = []
        if about.says_paid:
            found.append(_dim(_("says it is paid")))
        if any(debt.disputed for debt in one.debts):
            found.append(_dim(_("disputed")))
        if about.promise is not None:
            due_on = date.fromisoformat(about.promise.due_on)
            day = self._near(due_on)
            broken = about.promise.state == promises.BROKEN
            found.append(_dim((_("promise of {day} broken") if broken else _("promised {day}")).format(day=day)))
        for debt in one.debts:
            if debt.paid_minor:
                before, _brace, after = _("part paid {amount}").partition("{amount}")
                paid = amount(self._money(debt.paid_minor, debt.currency), "dim")
                found.append((Piece(before, "dim"), paid, Piece(after, "dim")))
        if about.told:
            found.append(_dim(ngettext("told once", "told {count} times", about.told).format(count=about.told)))
        if about.first_time:
            found.append(_dim(_("first time late")))
        if not found and not one.is_debtor:
            nearest = min((debt.next_due for debt in one.debts if debt.next_due), default=None)
            if nearest is not None and date.fromisoformat(nearest) <= self.as_of + timedelta(days=SOON_DAYS):
                found.append(_dim(_("next due {day}").format(day=self._near(date.fromisoformat(nearest)))))
        return found

    def _near(self, day: date) -> str:
        """A day of the coming week by its name, any other as a short day."""
        distance_days = (day - self.today).days
        if 1 < distance_days < WEEK:
            return i18n.current().table.days[day.weekday()]
        return i18n.relative_day(day, self.today)

    def day(self, one: DaySum, most: int) -> Row:
        """A day of a week or month: bookings, who came, who owes and what; below a bar of how full it is."""
        is_today = one.on_day == self.today
        owed = [amount(self._money(minor, currency), "warn", bold=True) for currency, minor in one.owed]
        booked = ngettext("{count} booked", "{count} booked", one.booked).format(count=i18n.number(one.booked))
        came = ""
        if one.on_day <= self.today:
            came = ngettext("{count} came", "{count} came", one.came).format(count=i18n.number(one.came))
        cells = one.booked * BAR_CELLS // most if most else 0
        if one.booked and not cells:
            cells = 1
        debtors = ngettext("{count} owes", "{count} owe", one.debtors).format(count=one.debtors) if one.debtors else ""
        cancelled = ""
        if one.cancelled:
            told_cancelled = ngettext("{count} cancelled", "{count} cancelled", one.cancelled)
            cancelled = told_cancelled.format(count=one.cancelled)
        first = (
            Piece(i18n.weekday(one.on_day), "accent", bold=is_today),
            Piece(i18n.day_month(one.on_day, self.today), "accent", bold=is_today),
            Piece(booked, "text"),
            join(*owed[:1]),
            "",
        )
        told = f" {sign('dot')} ".join(part for part in (debtors, cancelled) if part)
        second = (
            "",
            join(Piece(sign("block") * cells, "dim"), Piece("  " + told if told else "", "dim")),
            Piece(came, "dim"),
            join(*owed[1:2]),
            "",
        )
        return Row(one.on_day, first, second=second)


class DayRows:
    """A source of rows: arrivals, and before those of each day its sum when `days` are given."""

    def __init__(self, arrivals: Arrivals, days: Sequence[DaySum], rower: Rower) -> None:
        self._arrivals = arrivals
        self._rower = rower
        self._most = max((day.booked for day in days), default=0)
        # An arrival stands here by its place among them.
        self._items: Sequence[int | DaySum] = range(len(arrivals))
        if days:
            by_day: dict[str, list[int]] = {}
            for place, booked in enumerate(arrivals.booked):
                by_day.setdefault(booked.on_day, []).append(place)
            self._items = [item for day in days for item in (day, *by_day.get(day.on_day.isoformat(), ()))]
        self._places: dict[object, int] | None = None

    def count(self) -> int:
        """How many rows there are."""
        return len(self._items)

    def row(self, index: int) -> Row:
        """The row at `index`."""
        item = self._items[index]
        return (
            self._rower.day(item, self._most) if isinstance(item, DaySum) else self._rower.arrival(self._arrivals[item])
        )

    def item(self, key: object) -> Booked | DaySum | None:
        """What the row with this key shows."""
        index = self.index_of(key)
        return None if index is None else self._at(index)

    def index_of(self, key: object) -> int | None:
        """Where the row with this key is."""
        if self._places is None:
            self._places = {}
            for index in range(len(self._items)):
                item = self._at(index)
                self._places[item.on_day if isinstance(item, DaySum) else item.booking_id] = index
        return self._places.get(key)

    def _at(self, index: int) -> Booked | DaySum:
        item = self._items[index]
        return item if isinstance(item, DaySum) else self._arrivals.booked[item]


def _dim(text: str) -> Line:
    return (Piece(text, "dim"),)
