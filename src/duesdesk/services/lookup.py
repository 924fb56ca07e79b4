"""From the numbers people know to the rows they stand for; NotFound when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from duesdesk.domain.errors import NotFound, Refused
from duesdesk.store.database import Tx
from duesdesk.store.positions import void_sql


class Person(NamedTuple):
    """A member with the payer who answers for them (themselves, when nobody else does)."""

    id: int
    number: str
    name: str
    payer_id: int
    payer_number: str
    payer_name: str
    terms_days: int | None
    language: str | None


class InvoiceRow(NamedTuple):
    """An invoice by its number. `due_on` is the one in force."""

    id: int
    number: str
    member_id: int
    payer_id: int
    issued_on: date
    due_on: date | None
    currency: str
    total_minor: int
    kind: str
    description: str
    draft: bool
    voided: bool


class PaymentRow(NamedTuple):
    """A payment by its reference. `live_minor` is what of it was neither refunded nor reversed."""

    id: int
    reference: str
    payer_id: int
    member_id: int
    received_on: date
    currency: str
    amount_minor: int
    kind: str
    live_minor: int


def person(tx: Tx, number: str) -> Person:
    """The member called `number`."""
    row = tx.one(
        """SELECT m.id, m.number, m.name, p.id, p.number, p.name, p.terms_days, coalesce(p.language, m.language)
           FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id) WHERE m.number = :number""",
        number=number,
    )
    if row is None:
        raise NotFound("member-unknown", member=number)
    return Person(*row)


def paying(tx: Tx, someone: Person, currency: str, named: Sequence[InvoiceRow] = ()) -> Person:
    """`someone` with the payer whose debt their money settles: the one of the invoices they named, else their payer.

    What was charged before somebody else began to pay for them is owed by them still: it is settled when it is named,
    and when their payer owes nothing in `currency`. Raises Refused for an invoice that is neither for them nor their
    payer's, and for invoices of two payers.
    """
    for one in named:
        is_theirs = someone.id in (one.member_id, one.payer_id) or one.payer_id == someone.payer_id
        if not is_theirs or one.payer_id != named[0].payer_id:
            raise Refused("invoice-of-another-payer", invoice=one.number, member=someone.number)
    payer_id = named[0].payer_id if named else someone.payer_id
    if not named and someone.payer_id != someone.id:
        owing = tx.all(
            "SELECT DISTINCT payer_id FROM open_item WHERE payer_id IN (:payer, :own) AND currency = :currency",
            payer=someone.payer_id,
            own=someone.id,
            currency=currency,
        )
        payer_id = someone.id if owing == [(someone.id,)] else someone.payer_id
    if payer_id == someone.payer_id:
        return someone
    payer_number, payer_name = tx.one("SELECT number, name FROM member WHERE id = :id", id=payer_id) or ("", "")
    return someone._replace(payer_id=payer_id, payer_number=payer_number, payer_name=payer_name)


def invoice(tx: Tx, number: str) -> InvoiceRow:
    """The invoice called `number`."""
    row = tx.one(
        f"""SELECT i.id, i.number, i.member_id, i.payer_id, i.issued_on,
                  CASE WHEN moved.id IS NULL THEN i.due_on ELSE moved.due_on END,
                  i.currency, i.total_minor, i.kind, i.description,
                  i.draft AND NOT EXISTS (SELECT 1 FROM invoice_event e
                                          WHERE e.invoice_id = i.id AND e.kind = 'issued'),
                  {void_sql("i.id")}
           FROM invoice i LEFT JOIN invoice_event moved ON moved.id = (
               SELECT e.id FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'due_moved'
               ORDER BY e.effective_on DESC, e.id DESC LIMIT 1)
           WHERE i.number = :number""",
        number=number,
    )
    if row is None:
        raise NotFound("invoice-unknown", invoice=number)
    (
        identity,
        number,
        member_id,
        payer_id,
        issued_on,
        due_on,
        currency,
        total_minor,
        kind,
        description,
        draft,
        voided,
    ) = row
    return InvoiceRow(
        identity, number, member_id, payer_id, date.fromisoformat(issued_on),
        date.fromisoformat(due_on) if due_on else None,
        currency, total_minor, kind, description, bool(draft), bool(voided),
    )  # fmt: skip


def invoice_numbers(tx: Tx, invoice_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of invoices by their ids."""
    if not invoice_ids:
        return {}
    from duesdesk.store import among  # imported late: start-up

    rows = tx.all(f"SELECT id, number FROM invoice WHERE id IN ({among.ids(tx)})", wanted=among.listed(invoice_ids))
    return dict(rows)


def payment(tx: Tx, reference: str) -> PaymentRow:
    """The payment called `reference`."""
    row = tx.one(
        """SELECT p.id, p.reference, p.payer_id, p.member_id, p.received_on, p.currency, p.amount_minor, p.kind,
                  p.amount_minor + coalesce((SELECT sum(b.amount_minor) FROM payment b
                                              WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id), 0)
           FROM payment p WHERE p.reference = :reference""",
        reference=reference,
    )
    if row is None:
        raise NotFound("payment-unknown", payment=reference)
    identity, reference, payer_id, member_id, received_on, currency, amount_minor, kind, live_minor = row
    return PaymentRow(
        identity,
        reference,
        payer_id,
        member_id,
        date.fromisoformat(received_on),
        currency,
        amount_minor,
        kind,
        live_minor,
    )
