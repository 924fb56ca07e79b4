"""The acts of the Member File, each a short form: issue, void, lower, reverse, note.

Every form has the idempotency key of its act from when it opens, so that saving twice is saving once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from duesdesk import i18n
from duesdesk.domain.errors import BadInput
from duesdesk.domain.roles import may
from duesdesk.i18n import _, pgettext
from duesdesk.screens.contact_words import CREDITS, INVOICE_KINDS, word
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.text import Line, Piece, amount, join, line
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.credits import KINDS as CREDIT_KINDS
from duesdesk.services.invoices import KINDS as INVOICE_KIND_CODES
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.member_files import InvoiceView, PaymentView
from duesdesk.services.members import NOTE_LENGTH

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

REASON_LENGTH = 200
_KIND_LETTERS = {"dues": "d", "session": "s", "product": "p", "fee": "f"}
_CREDIT_LETTERS = {"credit_note": "c", "waiver": "w", "write_off": "o"}


def show_form(
    app: DuesdeskApp,
    title: str,
    fields: Sequence[FormField],
    save: Callable[[dict[str, object]], Plain],
    told: Callable[[Plain], Line | str],
    intro: Sequence[Line] = (),
) -> None:
    """Open a form that does an act; afterwards the screens follow, and `told` says what was done."""

    def saved(values: dict[str, object] | None) -> None:
        if values is not None:
            app.data_changed()
            app.show_message(told(cast("Plain", values["saved"])), "ok")

    app.push_screen(FormModal(title, fields, save=save, intro=intro), saved)


def issue(app: DuesdeskApp, member: str, name: str) -> None:
    """An invoice for a member."""
    desk, key = app.desk, new_key()
    currency, today = desk.centre.currency, desk.today()
    kinds = tuple(Option(code, word(INVOICE_KINDS, code), _KIND_LETTERS[code]) for code in INVOICE_KIND_CODES)
    fields = [
        FormField("amount", _("Amount"), "amount", required=True, currency=currency, codes=("amount-not-positive",)),
        FormField("description", pgettext("invoice", "For"), max_length=200, hint=_("what the member will read on it")),
        FormField("due_on", _("Due"), "date", today=today, hint=_("a day: +14, 1/12; empty: by the terms"),
                  validate=_from(today), codes=("due-before-issue",)),
        FormField("kind", _("Kind"), "choice", default="dues", options=kinds),
    ]  # fmt: skip

    def save(values: dict[str, object]) -> Plain:
        wanted = IssueRequest(
            member,
            cast("int", values["amount"]),
            currency,
            cast("date | None", values["due_on"]),
            str(values["kind"]),
            str(values["description"]),
        )
        return desk.invoices.issue(wanted, key=key)

    def told(answer: Plain) -> str:
        return _("{invoice} is issued. “u” takes it back.").format(invoice=answer["invoice"])

    show_form(app, _("New invoice · {name}").format(name=name), fields, save, told)


def _from(today: date) -> Callable[[object], object]:
    def check(value: object) -> object:
        if isinstance(value, date) and value < today:
            raise BadInput("day-has-passed", day=value)
        return value

    return check


def void(app: DuesdeskApp, invoice: InvoiceView) -> None:
    """The invoice never should have been."""
    desk, key = app.desk, new_key()
    intro = [
        _invoice_line(invoice),
        line(_("Nothing of it will be owed any more; it stays readable."), "dim"),
    ]
    show_form(
        app,
        _("Void {invoice}").format(invoice=invoice.number),
        [_reason()],
        lambda values: desk.invoices.void(invoice.number, reason=str(values["reason"]), key=key),
        lambda _answer: _("{invoice} is void.").format(invoice=invoice.number),
        intro,
    )


def reverse(app: DuesdeskApp, payment: PaymentView) -> None:
    """The payment never was: wrong person, wrong amount, bounced."""
    desk, key = app.desk, new_key()
    intro = [
        join(
            Piece(payment.reference + "  ", "white", bold=True),
            amount(i18n.money(payment.amount_minor, payment.currency), "white", bold=True),
            Piece("  " + i18n.day_year(payment.received_on), "dim"),
        ),
        line(_("What it had paid will be owed again; both entries stay readable."), "dim"),
    ]
    show_form(
        app,
        _("Reverse {payment}").format(payment=payment.reference),
        [_reason()],
        lambda values: desk.payments.reverse(payment.reference, reason=str(values["reason"]), key=key),
        lambda _answer: _("{payment} is reversed.").format(payment=payment.reference),
        intro,
    )


def lower(app: DuesdeskApp, invoice: InvoiceView) -> None:
    """Less is owed without money: a credit note, a waiver or a write-off, as far as the role may."""
    desk, key = app.desk, new_key()
    allowed = [kind for kind in CREDIT_KINDS if may(desk.actor.role, kind)]
    kinds = tuple(Option(kind, word(CREDITS, kind), _CREDIT_LETTERS[kind]) for kind in allowed)
    fields = [
        FormField("kind", _("Kind"), "choice", default=allowed[0], options=kinds),
        FormField("amount", _("Amount"), "amount", required=True, currency=invoice.currency,
                  default=i18n.amount(invoice.open_minor, invoice.currency),
                  codes=("amount-not-positive", "credit-above-open")),
        _reason(),
    ]  # fmt: skip
    intro = [_invoice_line(invoice)]
    missing = [word(CREDITS, kind) for kind in CREDIT_KINDS if kind not in allowed]
    if missing:
        told_missing = _("Your role may not: {kinds}.").format(kinds=i18n.listing(missing))
        intro.append(line(told_missing, "dim"))

    def save(values: dict[str, object]) -> Plain:
        return desk.credits.give(
            invoice.number,
            cast("int", values["amount"]),
            kind=str(values["kind"]),
            reason=str(values["reason"]),
            key=key,
        )

    def told(answer: Plain) -> str:
        return _("{credit}: {kind} on {invoice}. “u” takes it back.").format(
            credit=answer["credit"], kind=word(CREDITS, answer["kind"]), invoice=answer["invoice"]
        )

    show_form(app, _("Lower {invoice}").format(invoice=invoice.number), fields, save, told, intro)


def add_note(app: DuesdeskApp, number: str, name: str) -> None:
    """A note about a member."""
    desk, key = app.desk, new_key()
    field = FormField(
        "text", _("Note"), required=True, max_length=NOTE_LENGTH, codes=("note-empty", "card-number-refused")
    )
    show_form(
        app,
        _("Note · {name}").format(name=name),
        [field],
        lambda values: desk.members.add_note(number, str(values["text"]), key=key),
        lambda _answer: _("The note is kept."),
    )


def _reason() -> FormField:
    return FormField("reason", _("Reason"), required=True, max_length=REASON_LENGTH, codes=("reason-missing",))


def _invoice_line(invoice: InvoiceView) -> Line:
    return join(
        Piece(invoice.number + "  ", "white", bold=True),
        Piece(invoice.description + "  "),
        Piece(pgettext("invoice", "open") + " ", "dim"),
        amount(i18n.money(invoice.open_minor, invoice.currency), "white", bold=True),
    )
