"""All about one row of the Member File, as lines to read: an invoice, a payment, a contact, a note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.contact_lines import what_line
from duesdesk.screens.contact_words import INVOICE_KINDS, METHODS, MONEY_BACK, MOVES, word
from duesdesk.screens.member_file.lists import invoice_state
from duesdesk.screens.text import Line, Piece, amount, fit, join, line, wrap
from duesdesk.services.member_files import InvoiceDetail, Move, PaymentView
from duesdesk.services.members import Note
from duesdesk.services.timeline import Entry

LABEL_CELLS, DAY_CELLS, KIND_CELLS, AMOUNT_CELLS = 12, 12, 22, 13
READING_CELLS = 64


def labelled(label: str, *pieces: Piece) -> Line:
    """A label and what it says."""
    return join(*fit(Piece(label, "dim"), LABEL_CELLS), *pieces)


def invoice_lines(detail: InvoiceDetail, today: date) -> list[Line]:
    """For whom, what for, its lines, its sums, and what befell it."""
    one = detail.invoice
    lines = [
        labelled(_("For"), Piece(one.member_name), Piece(f"  {one.member}", "dim")),
        labelled(_("Kind"), Piece(word(INVOICE_KINDS, one.kind))),
        labelled(_("Issued"), Piece(i18n.day_year(one.issued_on)), Piece(f"  {detail.actor}, {detail.desk}", "dim")),
        labelled(_("Due"), Piece(i18n.day_year(one.due_on) if one.due_on else _("without a day"))),
        labelled(_("State"), *invoice_state(one, today)),
        (),
    ]
    for text, minor in detail.lines:
        lines.append(_sum(text or one.description or one.number, minor, one.currency))
    lines += [
        _sum(_("Total"), one.total_minor, one.currency, bold=True),
        *([_sum(_("Paid"), -one.paid_minor, one.currency)] if one.paid_minor else []),
        *([_sum(_("Lowered"), -one.credited_minor, one.currency)] if one.credited_minor else []),
        _sum(_("Open"), one.open_minor, one.currency, bold=True),
    ]
    return lines + _moves(detail.moves, one.currency, today)


def payment_lines(one: PaymentView, moves: Sequence[Move], today: date) -> list[Line]:
    """When, how, by whom, and what it was laid on."""
    how = word(METHODS, one.method)
    if one.kind != "receipt":
        how = f"{word(MONEY_BACK, one.kind)}, {how}"
    lines = [
        labelled(_("Amount"), amount(i18n.money(one.amount_minor, one.currency), "white", bold=True)),
        labelled(_("Day"), Piece(i18n.day_year(one.received_on))),
        labelled(_("How"), Piece(how)),
        labelled(_("For"), Piece(one.member_name)),
        labelled(_("Taken by"), Piece(one.actor), Piece(f"  {one.desk}, {_told(one)}", "dim")),
    ]
    if one.reverses:
        lines.append(labelled(_("Takes back"), Piece(one.reverses)))
    if one.reason:
        lines += _wrapped(_("Reason"), one.reason)
    if one.rest_minor:
        lines.append(labelled(_("Credit"), amount(i18n.money(one.rest_minor, one.currency), "accent")))
    return lines + _moves(moves, one.currency, today)


def _told(one: PaymentView) -> str:
    return f"{i18n.day_year(one.recorded_at.date())} {i18n.time_of(one.recorded_at)}"


def entry_lines(one: Entry, today: date, room: int = READING_CELLS) -> list[Line]:
    """A contact: what, when, by whom, and its whole text, in lines of at most `room` cells."""
    told = i18n.long_day(one.at.date()) + ("" if one.dated else f", {i18n.time_of(one.at)}")
    lines = [what_line(one, today), (), labelled(_("When"), Piece(told)), labelled(_("Who"), Piece(one.actor))]
    if one.reference:
        lines.append(labelled(_("Number"), Piece(one.reference)))
    if one.due_on is not None:
        lines.append(labelled(_("Agreed day"), Piece(i18n.long_day(one.due_on))))
    if one.text:
        lines += [(), *(_hidden(part) for part in wrap(one.text, room))]
    if one.body:
        body = [part for text in one.body.splitlines() for part in (wrap(text, room) if text.strip() else [""])]
        lines += [(), *(_hidden(part) for part in body)]
    return lines


def note_lines(one: Note, at: str) -> list[Line]:
    """A note, whole."""
    told = [part for text in one.text.splitlines() for part in (wrap(text, READING_CELLS) if text.strip() else [""])]
    return [labelled(_("When"), Piece(at)), labelled(_("Who"), Piece(one.actor)), (), *(_hidden(part) for part in told)]


def _hidden(text: str) -> Line:
    return (Piece(text, secret=True),)


def _sum(label: str, minor: int, currency: str, *, bold: bool = False) -> Line:
    shown = amount(i18n.money(minor, currency), "white" if bold else "text", bold=bold)
    return join(
        *fit(Piece(label, "text" if bold else "dim"), DAY_CELLS + KIND_CELLS), *fit(shown, AMOUNT_CELLS, "right")
    )


def _moves(moves: Sequence[Move], currency: str, today: date) -> list[Line]:
    if not moves:
        return []
    lines: list[Line] = [(), line(_("What happened"), "dim")]
    for move in moves:
        kind = word(MOVES, move.kind)
        if move.kind in ("paid", "taken_back") and move.text in METHODS:
            kind = f"{kind}, {word(METHODS, move.text)}"
        if move.due_on is not None:
            kind = f"{kind}: {i18n.day_year(move.due_on)}"
        shown = amount(i18n.money(move.amount_minor, currency)) if move.amount_minor else Piece("")
        lines.append(
            join(
                *fit(Piece(i18n.day_month(move.on, today), "dim"), DAY_CELLS),
                *fit(Piece(kind), KIND_CELLS),
                *fit(shown, AMOUNT_CELLS, "right"),
                Piece(f"  {move.reference}", "dim"),
            )
        )
        if move.reason:
            told = f"{move.actor}: {move.reason}"
            lines += [
                join(Piece(" " * DAY_CELLS), Piece(part, "dim")) for part in wrap(told, READING_CELLS - DAY_CELLS)
            ]
    return lines


def _wrapped(label: str, text: str) -> list[Line]:
    first, *rest = wrap(text, READING_CELLS - LABEL_CELLS)
    return [labelled(label, Piece(first)), *(labelled("", Piece(part)) for part in rest)]
