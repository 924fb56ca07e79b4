"""The Forecast as lines: a week with its bar, what stands behind it, and how far earlier forecasts were off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duesdesk import i18n
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.reports.forecast import ForecastIn, ForecastItem, ForecastRow, ForecastWeekIn
from duesdesk.screens.dashboard.words import short
from duesdesk.screens.signs import sign, spark
from duesdesk.screens.text import Line, Piece, amount, filled, fit, join, line, width_of, wrap, wrap_line
from duesdesk.screens.widgets.line_list import Column, Row

LATER_KEY = "later"
FIGURE_CELLS, WEEK_CELLS, LEAST_BAR, NAME_CELLS = 11, 11, 10, 18
_OTHER_CELLS = WEEK_CELLS + 3 * FIGURE_CELLS + 4 * 2
SOURCES = {
    "due": N_("by the due day"),
    "promised": N_("by a promise"),
    "planned": N_("by a plan"),
    "habit": N_("by habit"),
}


class Week(NamedTuple):
    """A row of the list: a week, or what comes later than the last one (`row` None)."""

    key: str
    row: ForecastRow | None
    later_minor: int
    is_over: bool


class Behind(NamedTuple):
    """An invoice behind a week, with a key of its own: an invoice may stand there more than once."""

    key: str
    item: ForecastItem

    @property
    def member(self) -> str:
        """Who pays it."""
        return self.item.member


def weeks_of(one: ForecastIn) -> list[Week]:
    """The weeks that are over, those to come, and later."""
    found = [Week(row.week.isoformat(), row, 0, is_over=True) for row in one.past]
    found += [Week(row.week.isoformat(), row, 0, is_over=False) for row in one.rows]
    return [*found, Week(LATER_KEY, None, one.later_minor, is_over=False)]


def behind_of(one: ForecastWeekIn | None) -> list[Behind]:
    """The invoices behind a week."""
    rows = one.rows if one is not None else ()
    times: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        nth = times[row.source, row.invoice] = times.get((row.source, row.invoice), 0) + 1
        found.append(Behind(f"{row.source} {row.invoice} {nth}", row))
    return found


# --- the weeks


def bar_cells(room: int) -> int:
    """The cells of the bar in a list with room for so many."""
    return max(LEAST_BAR, room - _OTHER_CELLS)


def week_columns(room: int) -> tuple[Column, ...]:
    """The week, its bar (the title says what its signs mean), what was expected, what came, the error."""
    legend = f"{sign('block')} " + _("came in") + f"  {sign('shade')} " + _("expected")
    return (
        Column("week", _("Week of"), WEEK_CELLS),
        # Where it has no room there is a pane that says it.
        Column("bar", legend if width_of(legend) <= bar_cells(room) else "", bar_cells(room)),
        Column("total", _("Expected"), FIGURE_CELLS, "right"),
        Column("came", _("Came in"), FIGURE_CELLS, "right"),
        Column("error", _("Off by"), FIGURE_CELLS, "right"),
    )


def week_row(one: Week, most: int, cells: int, currency: str, today: date) -> Row:
    """A week; `most` is the money that a whole bar stands for."""
    row = one.row
    if row is None:
        figure = amount(_short(one.later_minor, currency), "dim")
        return Row(one.key, (line(_("later"), "dim"), Piece(""), figure, Piece(""), Piece("")))
    is_now = row.week <= today and not one.is_over
    told = _("this week") if is_now else i18n.day_month(row.week, today)
    came = Piece("") if row.came_minor is None else amount(_short(row.came_minor, currency))
    error = Piece("") if row.error_minor is None else error_piece(row.error_minor, currency)
    return Row(
        one.key,
        (
            Piece(told, "dim" if one.is_over else "text"),
            week_bar(row, most, cells),
            amount(_short(row.total_minor, currency), "dim" if one.is_over else "text", bold=not one.is_over),
            came,
            error,
        ),
    )


def most_of(one: ForecastIn) -> int:
    """The largest figure of all weeks."""
    return max((max(row.total_minor, row.came_minor or 0) for row in (*one.past, *one.rows)), default=0)


def week_bar(row: ForecastRow, most: int, cells: int) -> Line:
    """What came as a solid bar over what was expected; what came beyond that has a sign of its own."""
    if most <= 0:
        return ()
    total = cells * max(0, row.total_minor) // most
    came = cells * max(0, row.came_minor or 0) // most
    pieces = [Piece(sign("block") * min(came, total), "ok")]
    if came > total:
        pieces.append(Piece(sign("beyond") * (came - total), "ok"))
    elif row.error_minor is not None:
        pieces.append(Piece(sign("shade") * (total - came), "warn"))
    else:
        # Invoices that are not issued yet are the part nobody knows the payer of.
        new = min(total - came, cells * max(0, row.new_minor) // most)
        pieces.append(Piece(sign("shade") * (total - came - new), "accent"))
        pieces.append(Piece(sign("shade") * new, "dim"))
    return tuple(piece for piece in pieces if piece.text)


def _short(minor: int, currency: str) -> str:
    return i18n.short_money(minor, currency, FIGURE_CELLS, symbol=False)


def error_piece(minor: int, currency: str) -> Piece:
    """By how much more, or less, came than was said."""
    return amount(("+" if minor > 0 else "") + _short(minor, currency), "warn" if minor < 0 else "dim")


def head_lines(one: ForecastIn, room: int) -> list[Line]:
    """What is open and expected; how far past forecasts were off, with what came and what is expected as sparklines."""
    weeks = len(one.rows)
    told = ngettext(
        "{open} open: {expected} is expected in the next week, {later} later.",
        "{open} open: {expected} is expected in the next {count} weeks, {later} later.",
        weeks,
    )
    first = filled(
        told,
        open=amount(i18n.money(one.open_minor, one.currency), "white", bold=True),
        expected=amount(i18n.money(one.expected_minor, one.currency), "white", bold=True),
        later=amount(i18n.money(one.later_minor, one.currency)),
        count=i18n.number(weeks),
    )
    return [fit(first, room), fit(_past_line(one), room)]


def _past_line(one: ForecastIn) -> Line:
    came = spark([row.came_minor or 0 for row in one.past])
    ahead = spark([row.total_minor for row in one.rows])
    lead: Line = (Piece(came, "ok"), Piece(" " + sign("becomes") + " ", "dim"), Piece(ahead, "accent"), Piece("  "))
    if one.error_minor is None or one.bias_minor is None:
        return join(*lead, Piece(_("No money came yet by which forecasts could be judged."), "dim"))
    more = _("Off by {error} a week; in all {bias} more came.")
    less = _("Off by {error} a week; in all {bias} less came.")
    said = filled(
        more if one.bias_minor >= 0 else less,
        "dim",
        error=amount(i18n.money(one.error_minor, one.currency), "text"),
        bias=amount(i18n.money(abs(one.bias_minor), one.currency), "text"),
    )
    return join(*lead, *said)


def week_lines(one: Week, currency: str, today: date, room: int) -> list[Line]:
    """All about a week, one figure a line."""
    row = one.row
    if row is None:
        told = _(
            "What is overdue for so long that nobody knows when it comes, has no due day, or comes after the weeks."
        )
        return [line(_("Later"), "white", bold=True), (), *(line(part, "dim") for part in wrap(told, room))]
    figures = [
        (_("by the due day"), row.due_minor),
        (_("by a promise"), row.promised_minor),
        (_("by a plan"), row.planned_minor),
        (_("by habit"), row.habit_minor),
        (_("invoices not issued yet"), row.new_minor),
    ]
    title = _("Week of {day}").format(day=i18n.day_month(row.week, today))
    lines: list[Line] = [line(title, "white", bold=True), ()]
    lines += [_figure(label, minor, currency, room, "dim") for label, minor in figures if minor]
    lines.append(_figure(_("expected in all"), row.total_minor, currency, room, "text"))
    if row.came_minor is not None:
        lines.append(_figure(_("came in") if one.is_over else _("came so far"), row.came_minor, currency, room, "ok"))
    if row.error_minor is not None:
        lines.append(_figure(_("off by"), row.error_minor, currency, room, "warn", plus=True))
    lines += [(), _figure(_("falls due, whenever paid"), row.falls_due_minor, currency, room, "dim"), ()]
    meant = ((sign("block"), _("came in")), (sign("shade"), _("expected")), (sign("beyond"), _("beyond that")))
    return [*lines, line("  ".join(f"{mark} {what}" for mark, what in meant), "dim")]


def _figure(label: str, minor: int, currency: str, room: int, tone: str, *, plus: bool = False) -> Line:
    told = ("+" if plus and minor > 0 else "") + i18n.money(minor, currency)
    cells = min(15, max(1, room - 10))
    return join(*fit(Piece(label, "dim"), room - cells), *fit(amount(told, tone), cells, "right"))


def week_below(one: Week, currency: str, today: date, room: int) -> list[Line]:
    """The same in a sentence or two below the list."""
    row = one.row
    if row is None:
        return week_lines(one, currency, today, room)[2:]
    figures = [
        (_("by the due day"), row.due_minor),
        (_("by a promise"), row.promised_minor),
        (_("by a plan"), row.planned_minor),
        (_("by habit"), row.habit_minor),
        (_("invoices not issued yet"), row.new_minor),
    ]
    pieces: list[Piece] = [Piece(_("Expected"), "accent")]
    for place, (label, minor) in enumerate([one for one in figures if one[1]]):
        pieces += [Piece(" + " if place else " "), amount(i18n.amount(minor, currency)), Piece(" " + label, "dim")]
    if len(pieces) == 1:
        pieces.append(Piece(" " + _("nothing"), "dim"))
    due = filled(_("{amount} falls due in it."), "dim", amount=amount(i18n.money(row.falls_due_minor, currency)))
    return wrap_line(join(*pieces, Piece(". "), *due), room)


# --- behind a week


def behind_columns(title: str, *, over: bool) -> tuple[Column, ...]:
    """Who, which invoice, how much of it is expected then, and why."""
    last = Column("came", _("Came in"), 10, "right") if over else Column("open", _("Open"), 10, "right")
    return (
        Column("name", title, NAME_CELLS, flex=True),
        Column("expected", _("Expected"), 10, "right"),
        last,
        Column("due", _("Due"), 8),
        Column("why", _("Why"), 16, flex=True),
    )


def behind_row(one: Behind, currency: str, today: date, *, left: bool) -> Row:
    """An invoice behind a week; `left` when it no longer is."""
    item = one.item
    if left:
        gone = Piece(sign("paid") + " " + _("not in it now"), "ok")
        return Row(one.key, (line(item.name), Piece(sign("none"), "dim"), Piece(""), Piece(""), gone))
    other = item.open_minor if item.came_minor is None else item.came_minor
    return Row(
        one.key,
        (
            line(item.name),
            amount(i18n.short_money(item.expected_minor, currency, 10, symbol=False), bold=True),
            amount(i18n.short_money(other, currency, 10, symbol=False), "dim" if item.came_minor is None else "ok"),
            Piece(short(item.due_on, today), "dim"),
            Piece(_why(item), "warn" if item.disputed else "dim"),
        ),
    )


def _why(item: ForecastItem) -> str:
    if item.disputed:
        return _("disputed")
    return _(SOURCES[item.source]) if item.source in SOURCES else item.source


def behind_lines(one: Behind, currency: str, room: int, *, left: bool) -> list[Line]:
    """What is known of an invoice and of how its payer pays."""
    item = one.item
    lines = [join(Piece(item.name, "white", bold=True), Piece(f"  {item.member}  {item.invoice}", "dim"))]
    if left:
        return [*lines, line(_("It is not in this list any more."), "dim")]
    told = filled(
        _("{expected} of {open} is expected then ({percent}%), {why}."),
        expected=amount(i18n.amount(item.expected_minor, currency), "white", bold=True),
        open=amount(i18n.money(item.open_minor, currency)),
        percent=i18n.number(item.percent),
        why=_why(item),
    )
    return [*lines, *wrap_line(told, room), *(line(part, "dim") for part in wrap(habit_words(item), room))]


def habit_words(item: ForecastItem) -> str:
    """How its payer usually pays."""
    if item.usual_days is None:
        return _("Too little is known of this payer: the habit of the whole centre stands in.")
    days, known = abs(item.usual_days), i18n.number(item.known)
    if item.usual_days == 0:
        return _("Usually pays on the due day (of {known} invoices).").format(known=known)
    if item.usual_days > 0:
        told = ngettext(
            "Usually pays {count} day after the due day (of {known} invoices).",
            "Usually pays {count} days after the due day (of {known} invoices).",
            days,
        )
    else:
        told = ngettext(
            "Usually pays {count} day before the due day (of {known} invoices).",
            "Usually pays {count} days before the due day (of {known} invoices).",
            days,
        )
    return told.format(count=i18n.number(days), known=known)


def behind_title(week: date | None, count: int, today: date) -> str:
    """The title of the list behind a week."""
    told = _("Later {count}") if week is None else _("Week of {day}: {count}")
    day = i18n.day_month(week, today) if week is not None else ""
    return told.format(day=day, count=i18n.number(count))


def behind_head(one: ForecastWeekIn | None, currency: str, room: int) -> list[Line]:
    """The sum behind a week by its sources."""
    if one is None or not one.sources:
        return [line(_("No invoice is behind it."), "dim"), ()]
    pieces: list[Piece] = [amount(i18n.money(one.expected_minor, currency), "white", bold=True)]
    for source in one.sources:
        label = _(SOURCES[source.source]) if source.source in SOURCES else source.source
        pieces += [
            Piece(f"   {label} ", "dim"),
            amount(i18n.amount(source.expected_minor, currency)),
            Piece(f" ({i18n.number(source.invoices)})", "dim"),
        ]
    return [fit(tuple(pieces), room), ()]


def find_week(weeks: Sequence[ForecastWeekIn], currency: str) -> ForecastWeekIn | None:
    """What was read of a currency."""
    return next((one for one in weeks if one.currency == currency), None)
