"""How the payment form looks: ways to pay, what it settles, what follows. Texts only; the form decides.

While amounts are hidden what was typed here can be read in its field, and the change that follows; nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk import i18n
from duesdesk.domain import payment_methods
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.messages import N_
from duesdesk.screens.contact_words import NOTICE_CHANNELS, word
from duesdesk.screens.dashboard.words import short
from duesdesk.screens.pay.form import CASH, PayForm
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, filled, join, line, width_of
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.payments import OpenInvoice, PaySheet

METHOD_WORDS = {
    "cash": N_("cash"),
    "card": N_("card"),
    "transfer": N_("transfer"),
    "direct_debit": N_("debit"),
    "link": N_("link"),
    "voucher": N_("voucher"),
    "other": N_("other"),
}


def method_lines(chosen: str, room: int) -> list[Line]:
    """The ways to pay with the letter of each, broken where the line ends; the chosen one is lit."""
    lines: list[list[Piece]] = [[]]
    for method in payment_methods.METHODS:
        shown = _method(method.letter, word(METHOD_WORDS, method.code), lit=method.code == chosen)
        if lines[-1] and width_of((*lines[-1], *shown)) > room:
            lines.append([])
        lines[-1] += [*shown, Piece(" ")]
    return [tuple(one) for one in lines]


def _method(letter: str, label: str, *, lit: bool) -> list[Piece]:
    """The letter stands before each name: it is the same in every language, and seen without colours."""
    on = "sel" if lit else ""
    named = [Piece(letter, "accent", bold=True, on=on), Piece(" " + label, "white" if lit else "text", lit, on=on)]
    return [Piece(" ", on=on), *named, Piece(" ", on=on)]


def no_method_line(letter: str, *, cash: bool) -> Line:
    """What is said to a letter that chooses nothing; `cash`: whether `g` leads to the cash given."""
    known = " ".join(method.letter for method in payment_methods.METHODS)
    if cash:
        told = _("“{letter}” is no way to pay: {letters} choose one, g the cash given.")
    else:
        told = _("“{letter}” is no way to pay: {letters} choose one.")
    return line(told.format(letter=letter, letters=known), "dim")


def method_chosen(form: PayForm) -> Line:
    """Which way to pay a letter has chosen: who meant to type a word sees what became of it."""
    return line(_("How: {method}").format(method=_(METHOD_WORDS[form.method])), "dim")


def nothing_owed(form: PayForm) -> Line:
    """What can be done where nothing is owed and no amount typed; empty otherwise."""
    if form.sheet.open_minor or form.amount_text.strip():
        return ()
    return line(_("Nothing is owed. An amount typed here stays on account; Esc goes back."), "warn")


def form_keys(form: PayForm) -> list[tuple[str, Line | str]]:
    """The keys of the form and what they do."""
    keys: list[tuple[str, Line | str]] = [("Enter", enter_word(form)), ("Tab", _("invoices"))]
    if form.method == CASH:
        keys.append(("g", _("cash given")))
    return [*keys, ("Esc", _("back"))]


def about_amount(form: PayForm) -> Line:
    """Beside the amount: what it is of what is owed."""
    sheet = form.sheet
    try:
        minor = form.amount_minor()
    except DuesdeskError:
        minor = 0
    if form.chosen:
        owed = sum(item.open_minor for item in form.picked())
        if minor > owed:
            return _sum(_("more than the {amount} chosen"), owed, sheet.currency, "warn")
        told = ngettext("{count} invoice chosen", "{count} invoices chosen", len(form.chosen))
        return line(told.format(count=len(form.chosen)), "dim")
    if not sheet.open_minor:
        return line(_("nothing is owed"), "dim")
    if minor and minor == sheet.unpaid_minor:
        return line(_("all overdue"), "dim")
    if minor == sheet.open_minor:
        return line(_("all that is open"), "dim")
    if sheet.unpaid_minor and minor < sheet.unpaid_minor:
        return _sum(_("of {amount} overdue"), sheet.unpaid_minor, sheet.currency, "dim")
    if minor < sheet.open_minor:
        return _sum(_("of {amount} open"), sheet.open_minor, sheet.currency, "dim")
    return _sum(_("more than the {amount} owed"), sheet.open_minor, sheet.currency, "warn")


def _sum(told: str, minor: int, currency: str, tone: str) -> Line:
    """A sentence with an `{amount}` of the book in it."""
    return filled(told, tone, amount=amount(i18n.money(minor, currency), tone))


def meanwhile_line(sheet: PaySheet) -> Line:
    """What another desk did while the form was open."""
    taken = sheet.meanwhile
    if taken is None:
        return line(_("What is owed has changed: what is left is shown now."), "warn")
    return filled(
        _("{actor} took {amount} at {time}: what is left is shown now."),
        "warn",
        actor=taken.actor,
        amount=amount(i18n.money(taken.amount_minor, taken.currency), "warn"),
        time=i18n.time_of(taken.at),
    )


def enter_word(form: PayForm) -> Line:
    """What Enter will do, in words. A typed amount is seen in its field; while amounts are hidden not here."""
    if form.problem() is not None:
        return line(_("save"), "dim")
    told = amount(i18n.short_money(form.amount_minor(), form.sheet.currency, ENTER_CELLS), "dim")
    return filled(_("save {amount}, {method}"), "dim", amount=told, method=_(METHOD_WORDS[form.method]))


def change_line(form: PayForm, *, secret: bool) -> Line:
    """Beside the cash given: the change. `secret`: the amount was not typed here, and the change would tell it."""
    try:
        change = form.change_minor()
    except DuesdeskError:
        return line(_("too little"), "warn") if form.given_text.strip() else ()
    if change is None:
        return ()
    return join(
        Piece(pgettext("cash", "change") + " ", "dim"),
        Piece(i18n.amount(change, form.sheet.currency), "ok", bold=True, secret=secret),
    )


def item_columns(sheet: PaySheet) -> tuple[Column, ...]:
    """The columns of what is owed: that of the sums as wide as the largest wants."""
    largest = max((len(i18n.amount(item.open_minor, sheet.currency)) for item in sheet.items), default=0)
    return (
        Column("number", _("Invoice"), 11),
        Column("for", pgettext("invoice", "For"), 16, flex=True),
        Column("due", _("Due"), 8),
        Column("open", _("Open"), max(LEAST_OPEN, min(MOST_OPEN, largest)), "right"),
        Column("then", _("Then"), 16),
    )


def item_row(item: OpenInvoice, form: PayForm, today: date) -> Row:
    """An open invoice with what becomes of it."""
    share = form.shares().get(item.number, 0)
    tone = "text" if share else "dim"
    currency = form.sheet.currency
    if share == item.open_minor:
        then: Line = (Piece(sign("paid") + " " + _("paid"), "ok"),)
    elif share:
        rest = amount(i18n.short_money(item.open_minor - share, currency, REST_CELLS, symbol=False), "warn")
        then = join(Piece(f"{sign('part')} ", "warn"), filled(_("{amount} left"), "warn", amount=rest))
    else:
        then = (Piece(sign("due") if not item.days else sign("late"), "dim"),)
    return Row(
        item.number,
        (
            Piece(item.number, tone),
            Piece(_what_for(item, form), tone),
            Piece(short(item.due_on, today), "dim"),
            amount(i18n.short_money(item.open_minor, currency, MOST_OPEN, symbol=False), tone, bold=bool(share)),
            then,
        ),
    )


def _what_for(item: OpenInvoice, form: PayForm) -> str:
    """What the invoice is for; in a family also for whom."""
    names = {one.member_name for one in form.sheet.items} | {form.sheet.payer_name}
    if len(names) == 1:
        return item.description
    return f"{item.member_name}: {item.description}" if item.description else item.member_name


def then_lines(form: PayForm, today: date) -> list[Line]:
    """What follows from saving: credit, notices pulled back, a promise kept. Empty when nothing does."""
    sheet = form.sheet
    told: list[Line] = []
    credit = form.credit_minor()
    if credit:
        told.append(_sum(_("{amount} stays on account"), credit, sheet.currency, "accent"))
    for notice in form.withdrawn():
        back = _("{channel} of {day} withdrawn")
        channel, day = word(NOTICE_CHANNELS, notice.channel), i18n.relative_day(notice.leaves_on, today)
        told.append(line(back.format(channel=channel, day=day), "dim"))
    if form.keeps_promise() and sheet.promise is not None:
        day = i18n.relative_day(date.fromisoformat(sheet.promise.due_on), today)
        told.append(line(_("promise for {day} kept").format(day=day), "ok"))
    if sheet.credit_minor:
        told.append(_sum(_("{amount} lies on account"), sheet.credit_minor, sheet.currency, "dim"))
    return _joined(told)


def _joined(told: Sequence[Line]) -> list[Line]:
    lines: list[Line] = []
    for one in told:
        if lines and width_of(lines[-1]) + width_of(one) + 3 <= THEN_ROOM:
            lines[-1] = join(lines[-1], Piece(f" {sign('dot')} ", "dim"), one)
        else:
            lines.append(one)
    return lines


THEN_ROOM = 60
LEAST_OPEN, MOST_OPEN, REST_CELLS = 11, 18, 9
ENTER_CELLS = 14
"""Cells of the amount in the last line: the field above it has all its digits."""
