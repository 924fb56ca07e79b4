"""Forecast: the money expected week by week, and how far earlier forecasts were from what came.

What is open is spread over the weeks by `domain.forecast`; beside it stands what invoices that are not issued yet
usually bring. The weeks before are forecast again as they would have been on the evening before each began, from what
was dated by then alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.errors import WrongUsage
from duesdesk.domain.forecast import expected
from duesdesk.domain.forecast.arriving import Arrivals, Came
from duesdesk.domain.forecast.expected import Outlook, bounds_of
from duesdesk.domain.forecast.opened import OpenBook
from duesdesk.reports.shape import LATER, Ask, ReportView, Sheet, sheet
from duesdesk.store import courses
from duesdesk.store.among import ids, listed
from duesdesk.store.database import Tx

MOST_WEEKS = 53
_WEEK = 7


class ForecastRow(NamedTuple):
    """The week that begins on `week`. What is open then is expected as `due + promised + planned + habit = expected`.

    `falls_due` is what of it has its due day in the week, whenever it is paid: told beside, in no sum. `new` is what
    invoices not issued by then usually bring, `total` both. `came` is all the money of the week, so far of the one
    under way; `error` is `came - total` of a week that is over.
    """

    week: date
    falls_due_minor: int
    due_minor: int
    promised_minor: int
    planned_minor: int
    habit_minor: int
    expected_minor: int
    new_minor: int
    total_minor: int
    came_minor: int | None
    error_minor: int | None


@dataclass(frozen=True, slots=True)
class ForecastIn:
    """One currency: `expected + later = open`. `rows` are the weeks to come, `past` as many before them.

    `error` is by how much the forecasts of the past weeks missed on average, to either side, and `bias` what came more
    (or less) than they said in all of these weeks.
    """

    currency: str
    open_minor: int
    expected_minor: int
    later_minor: int
    error_minor: int | None
    bias_minor: int | None
    rows: tuple[ForecastRow, ...]
    past: tuple[ForecastRow, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast at the end of `as_of`; nothing dated later is seen."""

    as_of: date
    weeks: int
    currencies: tuple[ForecastIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency: the weeks that are over, then those to come."""
        return tuple(sheet(one, (*one.past, *one.rows), ForecastRow) for one in self.currencies)


class ForecastItem(NamedTuple):
    """An invoice behind a figure: how much of what is `open` is expected then, and why.

    `usual_days` are the days after the due day on which its payer usually pays, the middle one of the last `known`
    invoices; None where the habit of the centre stands in. `percent` is the part of `open` that is expected then,
    and `came` what was paid of it in a week that is over.
    """

    source: str
    invoice: str
    member: str
    name: str
    due_on: date | None
    open_minor: int
    expected_minor: int
    percent: int
    usual_days: int | None
    known: int
    disputed: bool
    came_minor: int | None


@dataclass(frozen=True, slots=True)
class SourceSum:
    """One source of a figure."""

    source: str
    invoices: int
    expected_minor: int


@dataclass(frozen=True, slots=True)
class ForecastWeekIn:
    """One currency, source by source, the largest parts first."""

    currency: str
    expected_minor: int
    sources: tuple[SourceSum, ...]
    rows: tuple[ForecastItem, ...]


@dataclass(frozen=True, slots=True)
class ForecastWeek:
    """The invoices expected in the week of `week` (None: later than the last week), as seen at the end of `as_of`."""

    as_of: date
    week: date | None
    currencies: tuple[ForecastWeekIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, ForecastItem) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> ReportView:
    """The forecast; with a week, or `later`, the invoices behind it.

    Raises WrongUsage for no weeks, too many, or a week that is none of them.
    """
    if not 1 <= ask.weeks <= MOST_WEEKS:
        raise WrongUsage("weeks-out-of-bounds", weeks=ask.weeks, most=MOST_WEEKS)
    as_of = ask.as_of.toordinal()
    bounds = bounds_of(as_of, ask.weeks)
    if ask.week is None:
        return _forecast(tx, ask, as_of, bounds)
    if ask.week == LATER:
        return _behind(tx, as_of, bounds, len(bounds))
    week = expected.week_of(ask.week.toordinal())
    place, rest = divmod(week - (as_of + bounds[0] - _WEEK + 1), _WEEK)
    if rest or not -ask.weeks <= place < ask.weeks:
        raise WrongUsage("week-not-of-forecast", day=ask.week, weeks=ask.weeks)
    if place < 0:
        return _behind(tx, week - 1, bounds_of(week - 1, ask.weeks), 0, over=True)
    return _behind(tx, as_of, bounds, place)


def outlooks(tx: Tx, book: courses.Book, days: Sequence[int], weeks: int, weeks_before: int = 1) -> Iterator[Outlook]:
    """What was expected at the end of each of these days, which rise: for the last day of `weeks`, before it of fewer.

    Each is made of what was dated by its day alone, and tells the truth until the next one is asked for.
    """
    opened = OpenBook(book.courses, book.settled)
    for day in days:
        on = date.fromordinal(day)
        opened.to(day)
        agreed = [*courses.promised(tx, on), *courses.planned(tx, on)]
        yield Outlook(opened, agreed, day, bounds_of(day, weeks if day == days[-1] else weeks_before))


def _forecast(tx: Tx, ask: Ask, as_of: int, bounds: tuple[int, ...]) -> Forecast:
    first_week = as_of + bounds[0] - _WEEK + 1
    days = [*(first_week - 1 - _WEEK * back for back in range(ask.weeks, 0, -1)), as_of]
    since = date.fromordinal(days[0])
    first = courses.money_since(since, ask.weeks)
    book = courses.read(tx, ask.as_of, since, first)
    money = _Money(courses.came(tx, book, ask.as_of, first), courses.first_money(tx))
    said = [(one.as_of, one.sums(), one.falls_due()) for one in outlooks(tx, book, days, ask.weeks)]
    _today, ahead, falling = said.pop()
    found = []
    for currency in sorted({*money.currencies, *ahead, *(one for _day, sums, _due in said for one in sums)}):
        past = [
            _past_row(day, sums.get(currency, [{}])[0], due.get(currency, [0])[0], money, currency)
            for day, sums, due in said
        ]
        weeks = ahead.get(currency, [{} for _ in range(ask.weeks + 1)])
        dues = falling.get(currency, [0] * ask.weeks)
        news = money.usual_new(currency, as_of, bounds)
        so_far = money.between(currency, first_week - 1, as_of) if first_week <= as_of else None
        rows = [
            _row(first_week + _WEEK * place, weeks[place], dues[place], news[place], None if place else so_far)
            for place in range(ask.weeks)
        ]
        found.append(_in(currency, rows, past, sum(weeks[-1].values())))
    return Forecast(ask.as_of, ask.weeks, tuple(one for one in found if one.open_minor or _tells(one)))


class _Money:
    """What came of each currency, and what invoices that were not issued yet usually brought."""

    def __init__(self, came: Mapping[str, Sequence[Came]], first: date | None) -> None:
        self._arrivals = {currency: Arrivals(of) for currency, of in came.items()}
        self._first = first.toordinal() if first else date.max.toordinal()
        self.currencies = frozenset(came)

    def usual_new(self, currency: str, as_of: int, bounds: tuple[int, ...]) -> list[int]:
        arrivals = self._arrivals.get(currency)
        return arrivals.usual_new(as_of, bounds, self._first) if arrivals else [0 for _ in bounds]

    def between(self, currency: str, after: int, until: int) -> int:
        arrivals = self._arrivals.get(currency)
        return arrivals.between(after, until) if arrivals else 0


def _past_row(as_of: int, said: dict[str, int], falls_due: int, money: _Money, currency: str) -> ForecastRow:
    """The week after `as_of`, which is over."""
    (new,) = money.usual_new(currency, as_of, (_WEEK,))
    came = money.between(currency, as_of, as_of + _WEEK)
    row = _row(as_of + 1, said, falls_due, new, came)
    return row._replace(error_minor=came - row.total_minor)


def _row(week: int, of: dict[str, int], falls_due: int, new: int, came: int | None) -> ForecastRow:
    due, promised, planned, habit = (of.get(source, 0) for source in expected.SOURCES)
    coming = due + promised + planned + habit
    total = coming + new
    return ForecastRow(date.fromordinal(week), falls_due, due, promised, planned, habit, coming, new, total, came, None)


def _in(currency: str, rows: list[ForecastRow], past: list[ForecastRow], later: int) -> ForecastIn:
    coming = sum(row.expected_minor for row in rows)
    # A week before the first money is none to be judged by.
    errors = [row.error_minor for row in past if row.error_minor is not None and (row.came_minor or row.total_minor)]
    error = (2 * sum(map(abs, errors)) + len(errors)) // (2 * len(errors)) if errors else None
    bias = sum(errors) if errors else None
    return ForecastIn(currency, coming + later, coming, later, error, bias, tuple(rows), tuple(past))


def _tells(one: ForecastIn) -> bool:
    """Whether anything was forecast or came, though nothing is open."""
    return any(row.total_minor or row.came_minor for row in (*one.past, *one.rows))


def _behind(tx: Tx, as_of: int, bounds: tuple[int, ...], place: int, *, over: bool = False) -> ForecastWeek:
    on = date.fromordinal(as_of)
    (outlook,) = outlooks(tx, courses.read(tx, on, on), [as_of], len(bounds))
    found = [(item, part) for item, part in outlook.rows() if part.place == place]
    names = _names(tx, [item.invoice_id for item, _part in found])
    came = _came_of(tx, list(names), as_of) if over else {}
    habits = outlook.book.habits
    by_currency: dict[str, list[ForecastItem]] = {}
    for item, part in found:
        invoice, member, name = names[item.invoice_id]
        row = ForecastItem(
            part.source,
            invoice,
            member,
            name,
            date.fromordinal(item.due) if item.due is not None else None,
            item.open_minor,
            part.minor,
            (200 * part.minor + item.open_minor) // (2 * item.open_minor),
            habits.usual_days(item.payer_id),
            habits.known(item.payer_id),
            item.disputed,
            came.get(item.invoice_id, 0) if over else None,
        )
        by_currency.setdefault(item.currency, []).append(row)
    week = date.fromordinal(as_of + bounds[place] - _WEEK + 1) if place < len(bounds) else None
    told = tuple(_week_in(currency, rows) for currency, rows in sorted(by_currency.items()))
    return ForecastWeek(on, week, told)


def _names(tx: Tx, invoice_ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """The number of each invoice, and number and name of who pays it."""
    rows = tx.each(
        f"""SELECT i.id, i.number, m.number, m.name FROM invoice i JOIN member m ON m.id = i.payer_id
            WHERE i.id IN ({ids(tx)})""",
        wanted=listed(invoice_ids),
    )
    return {identity: (invoice, member, name) for identity, invoice, member, name in rows}


def _came_of(tx: Tx, invoice_ids: Sequence[int], as_of: int) -> dict[int, int]:
    """What was paid of each invoice in the seven days after `as_of`."""
    rows = tx.each(
        f"""SELECT invoice_id, sum(amount_minor) FROM allocation
            WHERE invoice_id IN ({ids(tx)}) AND effective_on BETWEEN :first AND :last GROUP BY invoice_id""",
        wanted=listed(invoice_ids),
        first=date.fromordinal(as_of + 1).isoformat(),
        last=date.fromordinal(as_of + _WEEK).isoformat(),
    )
    return {invoice_id: int(minor) for invoice_id, minor in rows}


def _week_in(currency: str, rows: list[ForecastItem]) -> ForecastWeekIn:
    rows.sort(key=lambda row: (expected.SOURCES.index(row.source), -row.expected_minor, row.member, row.invoice))
    by_source: dict[str, list[int]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row.expected_minor)
    sources = tuple(
        SourceSum(one, len(by_source[one]), sum(by_source[one])) for one in expected.SOURCES if one in by_source
    )
    return ForecastWeekIn(currency, sum(row.expected_minor for row in rows), sources, tuple(rows))
