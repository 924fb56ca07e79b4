"""A member as JSON: rows of `member find`, the document of `member show`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from duesdesk.reports.shape import MONEY, TEXT, Column, decimal_text
from duesdesk.services.acts import Plain
from duesdesk.services.collection.explain import NextStep
from duesdesk.services.member_files import InvoiceView, MemberFile, PaymentView
from duesdesk.services.search import Found
from duesdesk.services.timeline import Entry

FOUND = (
    Column("member", TEXT),
    Column("name", TEXT),
    Column("phone", TEXT),
    Column("currency", TEXT),
    Column("unpaid", MONEY),
    Column("open", MONEY),
    Column("credit", MONEY),
)
NOTHING_NEXT: Plain = {"step": None, "on": None, "action": None, "channel": None, "held_by": []}
Laid = Mapping[str, Sequence[tuple[str, int]]]


def found_rows(found: Sequence[Found], home_currency: str) -> tuple[tuple[Any, ...], ...]:
    """A row per member and currency they owe or have something in; zeros of the centre's currency without any."""
    rows: list[tuple[Any, ...]] = []
    for one in found:
        person = (one.member, one.name, one.phone)
        rows += [
            (*person, own.currency, own.unpaid_minor, own.open_minor, own.credit_minor) for own in one.standings
        ] or [(*person, home_currency, 0, 0, 0)]
    return tuple(rows)


def member_document(file: MemberFile, laid: Laid, lines: Laid, home_currency: str, following: NextStep | None) -> Plain:
    """The document of `member show`; `following` is the next step of the rule.

    The figures on top are those of the payer in the centre's currency or, when nothing is in that, in the first there
    is; `currencies` has them all. `laid` are the allocations by payment, `lines` those of invoices by number.
    """
    figures = [
        {
            "currency": own.currency,
            "unpaid": decimal_text(own.currency)(own.unpaid_minor),
            "open": decimal_text(own.currency)(own.open_minor),
            "credit": decimal_text(own.currency)(own.credit_minor),
        }
        for own in file.figures
    ]
    zero = decimal_text(home_currency)(0)
    nothing = {"currency": home_currency, "unpaid": zero, "open": zero, "credit": zero}
    home = next((own for own in figures if own["currency"] == home_currency), figures[0] if figures else nothing)
    details = file.details
    return {
        "member": file.number,
        "name": details.name,
        "email": details.email,
        "phone": details.phone,
        "card": details.card,
        "language": details.language,
        "payer": file.payer,
        "payer_name": file.payer_name,
        "joined_on": details.joined_on.isoformat() if details.joined_on else None,
        "left_on": details.left_on.isoformat() if details.left_on else None,
        "status": details.status,
        "group": details.group,
        "terms_days": details.terms_days,
        "address": details.address,
        "country": details.country,
        "timezone": details.timezone,
        "fax": details.fax,
        **home,
        "currencies": figures,
        "invoices": [_invoice(invoice, lines) for invoice in file.invoices],
        "payments": [_payment(payment, laid) for payment in file.payments],
        "memberships": [one.as_json() for one in file.memberships],
        "agreements": list(file.agreements),
        "timeline": [_entry(entry) for entry in file.timeline],
        "notes": [{"at": note.at.isoformat(), "actor": note.actor, "text": note.text} for note in file.notes],
        "next": NOTHING_NEXT if following is None else following.as_json(),
    }


def _invoice(invoice: InvoiceView, lines: Laid) -> Plain:
    money = decimal_text(invoice.currency)
    own = lines.get(invoice.number) or ((invoice.description, invoice.total_minor),)
    return {
        "invoice": invoice.number,
        "member": invoice.member,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat() if invoice.due_on else None,
        "currency": invoice.currency,
        "total": money(invoice.total_minor),
        "paid": money(invoice.paid_minor),
        "credited": money(invoice.credited_minor),
        "open": money(invoice.open_minor),
        "kind": invoice.kind,
        "description": invoice.description,
        "lines": [{"description": text, "amount": money(amount)} for text, amount in own],
        "status": invoice.state,
        "overdue": invoice.days > 0,
        "days_overdue": invoice.days,
        "disputed": invoice.disputed,
    }


def _payment(payment: PaymentView, laid: Laid) -> Plain:
    money = decimal_text(payment.currency)
    return {
        "payment": payment.reference,
        "on": payment.received_on.isoformat(),
        "amount": money(payment.amount_minor),
        "currency": payment.currency,
        "method": payment.method,
        "kind": payment.kind,
        "reverses": payment.reverses,
        "returned": money(payment.returned_minor),
        "allocations": [
            {"invoice": number, "amount": money(amount)} for number, amount in laid.get(payment.reference, ())
        ],
        "credit": money(payment.rest_minor),
    }


def _entry(entry: Entry) -> Plain:
    money = decimal_text(entry.currency) if entry.currency else None
    return {
        "at": entry.at.date().isoformat() if entry.dated else entry.at.isoformat(),
        "kind": entry.kind,
        "state": entry.state,
        "channel": entry.channel,
        "text": entry.text,
        "actor": entry.actor,
        "reference": entry.reference,
        "amount": money(entry.amount_minor) if money is not None and entry.amount_minor is not None else None,
        "currency": entry.currency or None,
        "due_on": entry.due_on.isoformat() if entry.due_on else None,
        "withdrawn": entry.withdrawn,
    }
