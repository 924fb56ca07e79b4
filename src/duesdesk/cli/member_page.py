"""A member on one page, for people."""

from __future__ import annotations

from duesdesk.cli.labels import agreement_words, in_words, label
from duesdesk.cli.output import WIDEST, aligned
from duesdesk.domain.text import clean_text
from duesdesk.i18n import _, amount, day_year, money, number
from duesdesk.services.member_files import MemberFile

_MOST = 15


def lines(file: MemberFile, home_currency: str) -> list[str]:
    """Who they are, what is owed, and the newest of what happened."""
    details = file.details
    found = [f"{file.number}  {details.name}"]
    contact = [text for text in (details.email, details.phone, in_words(details.status)) if text]
    found.append("  ".join(contact))
    if not file.pays_for_themselves:
        found.append(_("{payer} {name} pays.").format(payer=file.payer, name=file.payer_name))
    found += [
        _("Unpaid {unpaid}, open {open}, credit on account {credit}.").format(
            unpaid=money(own.unpaid_minor, own.currency),
            open=money(own.open_minor, own.currency),
            credit=money(own.credit_minor, own.currency),
        )
        for own in file.figures
    ]
    if not file.figures:
        found.append(_("Nothing is owed: {amount}.").format(amount=money(0, home_currency)))
    return [*found, *_memberships(file), *_invoices(file), *_payments(file), *_timeline(file)]


def _memberships(file: MemberFile) -> list[str]:
    if not file.memberships:
        return []
    head = [label(key) for key in ("member", "plan", "currency", "price", "every", "period", "status", "next_on")]
    rows = [
        [
            one.member,
            clean_text(one.plan, max_length=WIDEST),
            one.currency,
            amount(one.price_minor, one.currency),
            number(one.schedule.every),
            in_words(one.schedule.period),
            in_words(one.state),
            day_year(one.next_charge.from_on) if one.next_charge else "–",
        ]
        for one in file.memberships[:_MOST]
    ]
    return ["", *aligned([head, *rows], [False, False, False, True, True, False, False, False])]


def _invoices(file: MemberFile) -> list[str]:
    if not file.invoices:
        return []
    head = [label(key) for key in ("invoice", "due_on", "currency", "total", "open", "status", "description")]
    rows = [
        [
            invoice.number,
            day_year(invoice.due_on) if invoice.due_on else "–",
            invoice.currency,
            amount(invoice.total_minor, invoice.currency),
            amount(invoice.open_minor, invoice.currency),
            in_words(invoice.state),
            clean_text(invoice.description, max_length=WIDEST),
        ]
        for invoice in file.invoices[:_MOST]
    ]
    return ["", *aligned([head, *rows], [False, False, False, True, True, False, False])]


def _payments(file: MemberFile) -> list[str]:
    if not file.payments:
        return []
    head = [label(key) for key in ("reference", "date", "currency", "amount", "method", "kind")]
    rows = [
        [
            payment.reference,
            day_year(payment.received_on),
            payment.currency,
            amount(payment.amount_minor, payment.currency),
            in_words(payment.method),
            in_words(payment.kind),
        ]
        for payment in file.payments[:_MOST]
    ]
    return ["", *aligned([head, *rows], [False, False, False, True, False, False])]


def _timeline(file: MemberFile) -> list[str]:
    if not file.timeline:
        return []
    found = [""]
    for entry in file.timeline[:_MOST]:
        spoken = agreement_words if entry.kind in ("plan", "settlement") else in_words
        parts = (day_year(entry.at), spoken(entry.kind), spoken(entry.state), clean_text(entry.text), entry.actor)
        found.append("  ".join(part for part in parts if part))
    return found
