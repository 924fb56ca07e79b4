"""The Calendar as lines: the cell of a day, its sums, and what stands on it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk import i18n
from duesdesk.domain.month import OUT_OF_HOURS, PUBLIC_HOLIDAY
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.reports.calendar import (
    BY_RULE,
    DISPUTED,
    DUE,
    INSTALMENT,
    NOTICE,
    PROMISE,
    Calendar,
    CalendarDay,
    CalendarIn,
    CalendarRow,
)
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, filled, fit, join, line, wrap_line
from duesdesk.screens.widgets.line_list import Column, Row

MARKS = {DUE: "due", PROMISE: "promise", INSTALMENT: "part", NOTICE: "mail"}
KINDS = {DUE: N_("falls due"), PROMISE: N_("promise"), INSTALMENT: N_("part of a plan"), NOTICE: N_("notice")}
CLOSED = {OUT_OF_HOURS: N_("closed"), PUBLIC_HOLIDAY: N_("public holiday")}
_STATES = {"kept": (N_("kept"), "ok"), "broken": (N_("broken"), "bad"), "open": (N_("open"), "dim")}
AMOUNT_CELLS, FIGURE_CELLS = 11, 8


def day_cell(day: CalendarDay, currency: str, today: date, lines: int, room: int) -> list[Line]:
    """What falls due first; promises, parts of plans and notices, or how many of them where there is one line less."""
    found: list[Line] = []
    if day.invoices:
        tone = "bad" if day.on < today else "text"
        found.append((amount(_short(day.falls_due_minor, currency, room), tone, bold=True),))
    more = [(PROMISE, day.promises, day.promised_minor), (INSTALMENT, day.instalments, day.planned_minor)]
    rest: list[Line] = [
        (Piece(sign(MARKS[kind]) + " ", "accent"), amount(_short(minor, currency, room - 2)))
        for kind, count, minor in more
        if count
    ]
    if day.notices:
        rest.append((Piece(f"{sign(MARKS[NOTICE])} {i18n.number(day.notices)}", "dim"),))
    if len(found) + len(rest) <= lines or len(rest) == 1:
        return [*found, *rest]
    counts = [(kind, count) for kind, count, _minor in more] + [(NOTICE, day.notices)]
    told = " ".join(f"{sign(MARKS[kind])}{i18n.number(count)}" for kind, count in counts if count)
    return [*found, line(told, "accent")]


def _short(minor: int, currency: str, room: int) -> str:
    return i18n.short_money(minor, currency, max(FIGURE_CELLS, room), symbol=False)


def head_lines(found: Calendar | None, one: CalendarIn | None, month: date, room: int) -> list[Line]:
    """The month, its sums, and what the signs mean."""
    title: list[Piece] = [
        Piece(sign("before") + " ", "accent"),
        Piece(i18n.month_year(month), "white", bold=True),
        Piece(" " + sign("after"), "accent"),
    ]
    if found is None:
        return [tuple(title)]
    if one is None:
        return [join(*title, Piece("   " + _("Nothing stands in this month."), "dim"))]
    sums = [(DUE, one.falls_due_minor), (PROMISE, one.promised_minor), (INSTALMENT, one.planned_minor)]
    for kind, minor in sums:
        if minor or kind == DUE:
            title += [Piece(f"   {_(KINDS[kind])} ", "dim"), amount(i18n.money(minor, one.currency), "text", bold=True)]
    if one.notices:
        told = ngettext("{count} notice", "{count} notices", one.notices)
        title.append(Piece("   " + told.format(count=i18n.number(one.notices)), "dim"))
    return [fit(tuple(title), room)]


def legend() -> list[Line]:
    """What the signs in the cells mean."""
    parts = [(sign(MARKS[kind]), _(KINDS[kind])) for kind in (PROMISE, INSTALMENT, NOTICE)]
    parts.append((sign("times"), _("nobody is written to")))
    told = [f"{mark} {what}" for mark, what in parts]
    return [line("  ".join(told[:3]), "dim"), line(told[3], "dim")]


def day_title(found: Calendar | None, on: date, today: date) -> str:
    """The day in words, with why it is closed."""
    told = i18n.long_day(on) if on.year == today.year else f"{i18n.long_day(on)} {on.year}"
    why = next((one.closed for one in found.closed if one.on == on), "") if found is not None else ""
    closed = CLOSED.get(why)
    return f"{told} {sign('dot')} {_(closed)}" if closed else told


def day_lines(
    found: Calendar | None, one: CalendarIn | None, on: date, today: date, room: int, most: int
) -> list[Line]:
    """The day beside the grid: sums, then its first rows."""
    day = next((day for day in one.days if day.on == on), None) if one is not None else None
    lines: list[Line] = [line(day_title(found, on, today), "white", bold=True), ()]
    rows = [row for row in one.rows if row.on == on] if one is not None else []
    if one is None or not rows:
        return [*lines, line(_("Nothing stands on this day."), "dim")]
    lines += [*wrap_line(sum_line(day, one.currency), room), ()] if day is not None else []
    for row in rows[:most]:
        told = i18n.short_money(row.amount_minor, one.currency, AMOUNT_CELLS, symbol=False) if row.amount_minor else ""
        figure = amount(told)
        name = fit(join(Piece(sign(MARKS[row.kind]) + " ", "accent"), Piece(row.name)), max(1, room - AMOUNT_CELLS - 1))
        lines.append(join(*name, *fit(figure, AMOUNT_CELLS + 1, "right")))
    more = len(rows) - most
    if more > 0:
        lines.append(line(ngettext("{count} more", "{count} more", more).format(count=i18n.number(more)), "dim"))
    return lines


def sum_line(day: CalendarDay, currency: str) -> Line:
    """The sums of a day in a sentence."""
    parts: list[Line] = []
    if day.invoices:
        told = ngettext("{amount} due ({count} invoice)", "{amount} due ({count} invoices)", day.invoices)
        parts.append(_part(told, day.falls_due_minor, day.invoices, currency))
    if day.promises:
        told = ngettext("{amount} promised ({count})", "{amount} promised ({count})", day.promises)
        parts.append(_part(told, day.promised_minor, day.promises, currency))
    if day.instalments:
        told = ngettext("{amount} of plans ({count})", "{amount} of plans ({count})", day.instalments)
        parts.append(_part(told, day.planned_minor, day.instalments, currency))
    if day.notices:
        told = ngettext("{count} notice", "{count} notices", day.notices)
        parts.append(line(told.format(count=i18n.number(day.notices)), "dim"))
    pieces: list[Piece] = []
    for part in parts:
        pieces += [Piece(", ", "dim"), *part] if pieces else part
    return tuple(pieces) or line(_("Nothing stands on this day."), "dim")


def _part(told: str, minor: int, count: int, currency: str) -> Line:
    return filled(told, "dim", amount=amount(i18n.money(minor, currency), "text", bold=True), count=i18n.number(count))


# --- the rows of a day


def columns(title: str) -> tuple[Column, ...]:
    """Who, how much, what, and more about it."""
    return (
        Column("name", title, 22, flex=True),
        Column("amount", _("Amount"), AMOUNT_CELLS, "right"),
        Column("what", _("What"), 17),
        Column("about", "", 14, flex=True),
    )


class Standing(NamedTuple):
    """What stands on a day, with a key of its own."""

    key: str
    row: CalendarRow


def standing_on(one: CalendarIn | None, on: date) -> list[Standing]:
    """What stands on a day."""
    times: dict[tuple[str, str, str], int] = {}
    found = []
    for row in one.rows if one is not None else ():
        if row.on == on:
            same = row.kind, row.member, row.reference
            times[same] = times.get(same, 0) + 1
            found.append(Standing(f"{' '.join(same)} {times[same]}", row))
    return found


def row_of(one: Standing, currency: str, *, left: bool) -> Row:
    """What stands on the day; `left` when it does not any more."""
    row = one.row
    if left:
        gone = Piece(sign("paid") + " " + _("not here now"), "ok")
        return Row(one.key, (line(row.name), Piece(sign("none"), "dim"), gone, Piece("")))
    figure: Piece = Piece(sign("none"), "dim")
    if row.amount_minor is not None:
        figure = amount(i18n.short_money(row.amount_minor, currency, AMOUNT_CELLS, symbol=False), bold=True)
    what = Piece(f"{sign(MARKS[row.kind])} {_(KINDS[row.kind])}", "text")
    return Row(one.key, (line(row.name), figure, what, about(row)))


def about(row: CalendarRow) -> Piece:
    """What became of it, or what it is for."""
    if row.kind == PROMISE and row.status in _STATES:
        word, tone = _STATES[row.status]
        return Piece(_(word), tone)
    if row.kind == NOTICE:
        waits = _("by the rule") if row.status == BY_RULE else _("waits to leave")
        return Piece(waits, "dim")
    return Piece(row.reference + (" " + _("disputed") if row.status == DISPUTED else ""), "dim")
