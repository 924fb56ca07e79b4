"""The lists of the Member File: columns and rows of invoices, payments, timeline, bookings, notes, dues, household."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk import i18n
from duesdesk.domain import invoice_states
from duesdesk.domain.arrivals import late_level
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.messages import N_
from duesdesk.screens.contact_lines import what_line
from duesdesk.screens.contact_words import BOOKINGS, INVOICE_STATES, MEMBERS, METHODS, MONEY_BACK, word
from duesdesk.screens.member_file import dues
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, fit, join, line, width_of
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.member_files import BookingView, HouseholdMember, InvoiceView, MemberFile, PaymentView
from duesdesk.services.members import Note
from duesdesk.services.timeline import Entry

INVOICES, PAYMENTS, TIMELINE, BOOKINGS_TAB, NOTES, DUES, HOUSEHOLD = (
    "invoices",
    "payments",
    "timeline",
    "bookings",
    "notes",
    "dues",
    "household",
)
TITLES = {
    INVOICES: N_("Invoices"),
    PAYMENTS: N_("Payments"),
    TIMELINE: N_("Timeline"),
    BOOKINGS_TAB: N_("Bookings"),
    NOTES: N_("Notes"),
    DUES: N_("Dues"),
    HOUSEHOLD: N_("Household"),
}
LEVEL_TONES = ("dim", "text", "warn", "bad")
DAY_CELLS, MOST_SUM_CELLS = 12, 18


def empty_words(tab: str) -> str:
    """What a list without rows says."""
    return {
        INVOICES: _("No invoice yet; “i” issues one."),
        PAYMENTS: _("No payment yet."),
        TIMELINE: _("Nothing was said or sent yet."),
        BOOKINGS_TAB: _("No booking."),
        NOTES: _("No note yet; “o” adds one."),
        DUES: _("No membership; “m” adds one."),
    }.get(tab, "")


def columns(tab: str, file: MemberFile | None = None, currency: str = "") -> tuple[Column, ...]:
    """The columns of a list, titles in the language of the screen; those of sums as wide as the largest wants."""
    if tab == INVOICES:
        found = file.invoices if file is not None else ()
        sums = [money(minor, one.currency, currency) for one in found for minor in (one.total_minor, one.open_minor)]
        cells = _cells_for(sums, 9)
        return (
            Column("number", _("Invoice"), 10),
            Column("for", pgettext("invoice", "For"), 12 if cells < 12 else 6, flex=True),
            Column("due", _("Due"), 11),
            Column("total", _("Total"), cells, "right"),
            Column("open", _("Open"), cells, "right"),
            Column("state", "", 10),
        )
    if tab == PAYMENTS:
        paid = file.payments if file is not None else ()
        cells = _cells_for([money(one.amount_minor, one.currency, currency) for one in paid], 10)
        return (
            Column("reference", _("Payment"), 10),
            Column("on", _("Day"), DAY_CELLS),
            Column("how", _("How"), 14, flex=True),
            Column("amount", _("Amount"), cells, "right"),
            Column("state", "", 17),
        )
    if tab == TIMELINE:
        return (
            Column("on", _("Day"), DAY_CELLS),
            Column("what", _("What"), 26, flex=True),
            Column("who", _("Who"), 10),
        )
    if tab == BOOKINGS_TAB:
        return (
            Column("on", _("Day"), DAY_CELLS),
            Column("time", _("Time"), 5),
            Column("for", pgettext("booking", "For"), 16, flex=True),
            Column("state", "", 18),
        )
    if tab == DUES:
        return dues.columns()
    if tab == HOUSEHOLD:
        return (
            Column("name", _("Name"), 20, flex=True),
            Column("number", _("Number"), 11),
            Column("open", _("Open"), 14, "right"),
            Column("state", "", 14),
        )
    return (
        Column("on", _("Day"), DAY_CELLS),
        Column("text", _("Note"), 26, flex=True),
        Column("who", _("Who"), 10),
    )


def _cells_for(sums: Sequence[str], least: int) -> int:
    return max(least, min(MOST_SUM_CELLS, max(map(width_of, sums), default=0)))


def rows(file: MemberFile, tab: str, today: date, currency: str) -> list[Row]:
    """The rows of a list."""
    if tab == INVOICES:
        return [_invoice(one, file, today, currency) for one in file.invoices]
    if tab == PAYMENTS:
        return [_payment(one, file, currency) for one in file.payments]
    if tab == TIMELINE:
        return [_entry(index, one, today) for index, one in enumerate(file.timeline)]
    if tab == BOOKINGS_TAB:
        return [_booking(one, today) for one in file.bookings]
    if tab == DUES:
        return [dues.row(one, file, today, currency) for one in file.memberships]
    if tab == HOUSEHOLD:
        return [_member(one, file, currency) for one in file.household]
    return [_note(index, one, today) for index, one in enumerate(file.notes)]


def money(minor: int, currency: str, own: str) -> str:
    """An amount without its sign when it is in the centre's own currency."""
    return i18n.amount(minor, currency) if currency == own else i18n.money(minor, currency)


def invoice_state(one: InvoiceView, today: date) -> Line:
    """`◐ 69 d`, `○ 22 d`, `✓ paid` and the like."""
    if one.disputed and one.open_minor:
        return line(_("disputed"), "warn")
    if one.open_minor:
        level = late_level(one.days)
        mark = sign("part") if one.paid_minor else sign("late") if one.days else sign("due")
        distance_days = one.days or ((one.due_on - today).days if one.due_on else None)
        if distance_days is None:
            told = pgettext("invoice", "open")
        elif distance_days == 0:
            told = _("today")
        else:
            told = ngettext("{count} d", "{count} d", distance_days).format(count=distance_days)
        return line(f"{mark} {told}", LEVEL_TONES[level])
    told = word(INVOICE_STATES, one.state)
    if one.state == invoice_states.PAID:
        return line(f"{sign('paid')} {told}", "ok")
    return line(told, "dim")


def _invoice(one: InvoiceView, file: MemberFile, today: date, currency: str) -> Row:
    text: list[Piece] = [Piece(one.description or sign("none"))]
    if one.member != file.number:
        text.append(Piece(f" {sign('dot')} {one.member_name}", "dim"))
    is_open = one.open_minor > 0
    void = one.state == invoice_states.VOID
    return Row(
        one.number,
        (
            Piece(one.number, "text" if is_open else "dim"),
            join(*text),
            Piece(i18n.day_month(one.due_on, today) if one.due_on else sign("none"), "dim"),
            amount(money(one.total_minor, one.currency, currency), "dim"),
            amount(money(one.open_minor, one.currency, currency), "dim" if void else "text", bold=True)
            if is_open
            else "",
            invoice_state(one, today),
        ),
    )


def _payment(one: PaymentView, file: MemberFile, currency: str) -> Row:
    how = word(METHODS, one.method) if one.kind == "receipt" else word(MONEY_BACK, one.kind)
    text: list[Piece] = [Piece(how)]
    if one.reverses:
        text.append(Piece(f" {sign('dot')} {one.reverses}", "dim"))
    if one.member_name != file.details.name:
        text.append(Piece(f" {sign('dot')} {one.member_name}", "dim"))
    live = one.kind == "receipt" and one.returned_minor < one.amount_minor
    state: Line = ()
    if one.kind == "receipt" and one.returned_minor:
        told = _("taken back") if not live else _("partly given back")
        state = line(told, "dim")
    elif one.rest_minor:
        state = join(
            amount(money(one.rest_minor, one.currency, currency), "accent"), Piece(" " + _("credit"), "accent")
        )
    return Row(
        one.reference,
        (
            Piece(one.reference, "text" if live else "dim"),
            Piece(i18n.day_year(one.received_on), "dim"),
            join(*text),
            amount(money(one.amount_minor, one.currency, currency), "text" if live else "dim", bold=live),
            state,
        ),
    )


def _entry(index: int, one: Entry, today: date) -> Row:
    text: list[Piece] = list(what_line(one, today))
    if one.text:
        text.append(Piece(f" {sign('dot')} {one.text}", "dim", secret=one.kind in ("talk", "notice")))
    return Row(
        (one.at, one.kind, index),
        (Piece(when(one, today), "dim"), join(*text), Piece(one.actor if one.kind != "talk" else "", "dim")),
    )


def when(one: Entry, today: date) -> str:
    """The day of an entry; of today the time, when it is known."""
    day = one.at.date()
    if day == today and not one.dated:
        return f"{i18n.relative_day(day, today)} {i18n.time_of(one.at)}"
    return i18n.day_month(day, today)


def _booking(one: BookingView, today: date) -> Row:
    if one.checked_in_at is not None:
        told = _("in {time}").format(time=i18n.time_of(one.checked_in_at))
        state = Piece(f"{sign('done')} {told}", "ok")
    else:
        state = Piece(word(BOOKINGS, one.status), "text" if one.status == "booked" and one.on_day >= today else "dim")
    gone = one.status == "cancelled"
    return Row(
        one.id,
        (
            Piece(i18n.relative_day(one.on_day, today), "dim"),
            Piece(one.at_time, "dim"),
            Piece(one.activity or sign("none"), "dim" if gone else "text"),
            state,
        ),
    )


def _note(index: int, one: Note, today: date) -> Row:
    return Row(
        (one.at, index),
        (
            Piece(i18n.day_month(one.at.date(), today), "dim"),
            Piece(one.text.replace("\n", " "), secret=True),
            Piece(one.actor, "dim"),
        ),
    )


def _member(one: HouseholdMember, file: MemberFile, currency: str) -> Row:
    owed: list[Piece] = []
    for code, minor in one.open:
        owed += [Piece(" + ")] if owed else []
        owed.append(amount(money(minor, code, currency), bold=True))
    told = _("pays") if one.pays else word(MEMBERS, one.status) if one.status != "active" else ""
    return Row(
        one.number,
        (
            Piece(one.name, "dim" if one.number == file.number else "text"),
            Piece(one.number, "dim"),
            join(*owed),
            Piece(told, "accent" if one.pays else "dim"),
        ),
    )


def timeline_lines(entries: Sequence[Entry], today: date, room: int, most: int) -> list[Line]:
    """The timeline as the pane at the right shows it."""
    shown = [
        fit(join(*fit(Piece(when(entry, today), "dim"), DAY_CELLS), *what_line(entry, today)), room)
        for entry in entries[:most]
    ]
    return [line(_("Timeline"), "dim"), (), *shown]
