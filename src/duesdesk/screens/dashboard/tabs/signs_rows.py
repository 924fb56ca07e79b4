"""The Early signs as lines: who shows which, and the rows they were read from."""

from __future__ import annotations

from datetime import date

from duesdesk import i18n
from duesdesk.i18n import _, ngettext
from duesdesk.reports.signs import SignEvidence, Signs, SignsIn, SignsRow
from duesdesk.screens.dashboard.words import short
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, filled, fit, join, line, wrap, wrap_line
from duesdesk.screens.widgets.line_list import Column, Row

MOST_MARKS, AMOUNT_CELLS, NAME_CELLS = 4, 10, 18
_TONES = ("dim", "text", "warn", "bad")


def columns(title: str) -> tuple[Column, ...]:
    """Who, how many signs, what is open, and the first reason."""
    return (
        Column("name", title, NAME_CELLS, flex=True),
        Column("signs", _("Signs"), 5),
        Column("open", _("Open"), AMOUNT_CELLS, "right"),
        Column("why", _("Why"), 31, flex=True),
    )


def title_of(one: SignsIn | None) -> str:
    """What the list is, and how many stand in it."""
    return _("Early signs") + (f" {i18n.number(one.members)}" if one is not None else "")


def row_of(one: SignsRow, currency: str, *, left: bool) -> Row:
    """A payer; `left` when they show no sign any more."""
    if left:
        gone = Piece(sign("paid") + " " + _("no sign now"), "ok")
        return Row(one.member, (line(one.name), Piece(""), Piece(sign("none"), "dim"), gone))
    tone = _TONES[min(one.signs, len(_TONES) - 1)]
    opened = i18n.short_money(one.open_minor, currency, AMOUNT_CELLS, symbol=False)
    more = f" (+{one.signs - 1})" if one.signs > 1 else ""
    return Row(
        one.member,
        (
            line(one.name),
            Piece(sign("late", min(one.signs, MOST_MARKS)), tone),
            amount(opened, bold=True),
            Piece((one.reasons[0].reason.rstrip(".") if one.reasons else "") + more, "dim"),
        ),
    )


def head_lines(found: Signs | None, one: SignsIn | None, room: int) -> list[Line]:
    """How many were looked at and how many show signs; who is a debtor already, and what is not looked at."""
    if found is None or one is None:
        return [(), ()]
    told = ngettext(
        "{members} of {looked_at} payers shows signs, with {open} open.",
        "{members} of {looked_at} payers show signs, with {open} open.",
        one.members,
    )
    first = filled(
        told,
        members=(Piece(i18n.number(one.members), "white", bold=True),),
        looked_at=i18n.number(one.looked_at),
        open=amount(i18n.money(one.open_minor, one.currency), "white", bold=True),
    )
    owing = ngettext(
        "{count} has owed for over 30 days and stands in Accounting.",
        "{count} have owed for over 30 days and stand in Accounting.",
        one.debtors,
    )
    return [fit(first, room), fit(line(owing.format(count=i18n.number(one.debtors)), "dim"), room)]


def about_lines(one: SignsRow, currency: str, today: date, room: int, not_looked_at: str) -> list[Line]:
    """Each reason with its rows, and what is not looked at."""
    lines: list[Line] = [
        join(Piece(one.name, "white", bold=True), Piece(f"  {one.member}", "dim")),
        _owed(one, currency),
    ]
    for reason in one.reasons:
        lines.append(())
        lines += [line(part, "text") for part in wrap(reason.reason, room)]
        lines += [fit(_evidence(row, currency, today), room) for row in reason.rows]
    return [*lines, (), *(line(part, "dim") for part in wrap(not_looked_at, room))]


def _owed(one: SignsRow, currency: str) -> Line:
    return filled(
        _("{overdue} overdue of {open} open."),
        "dim",
        overdue=amount(i18n.amount(one.unpaid_minor, currency)),
        open=amount(i18n.money(one.open_minor, currency)),
    )


def below_lines(one: SignsRow, currency: str, room: int) -> list[Line]:
    """All the reasons in a line or two."""
    reasons = " ".join(reason.reason for reason in one.reasons)
    return wrap_line(join(Piece(one.name, "white", bold=True), Piece(f"  {reasons} "), *_owed(one, currency)), room)


def gone_lines(one: SignsRow) -> list[Line]:
    """Of somebody who shows no sign any more."""
    return [line(one.name, "white", bold=True), line(_("There is no sign any more."), "dim")]


def _evidence(row: SignEvidence, currency: str, today: date) -> Line:
    day = short(row.due_on or row.on, today)
    pieces: list[Piece] = [Piece("  "), *fit(Piece(_what(row), "dim"), 11), *fit(Piece(day, "dim"), 9)]
    if row.visits is not None:
        told = ngettext("{count} visit in {days} days", "{count} visits in {days} days", row.visits)
        pieces.append(Piece(told.format(count=i18n.number(row.visits), days=row.days or 0), "text"))
        return tuple(pieces)
    if row.amount_minor is not None:
        pieces += fit(amount(i18n.amount(row.amount_minor, currency)), AMOUNT_CELLS, "right")
    if row.days is not None:
        pieces.append(Piece("  " + _late(row), "dim" if row.on is not None else "warn"))
    return tuple(pieces)


def _what(row: SignEvidence) -> str:
    told = {
        "promise": _("promise"),
        "visits": _("lately"),
        "visits_before": _("usually"),
    }
    return row.reference or told.get(row.kind, row.kind)


def _late(row: SignEvidence) -> str:
    days = row.days or 0
    if days > 0:
        return "+" + ngettext("{count} day", "{count} days", days).format(count=days)
    return _("in time")
