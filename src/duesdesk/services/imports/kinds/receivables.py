"""Receivables: one row per invoice of another program's ledger, with the day it was settled, if it was."""

from __future__ import annotations

from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.kinds.invoices import InvoiceRow, check
from duesdesk.services.imports.reading import NAME_LENGTH, NUMBER_LENGTH, Reading

KIND = Kind(
    "receivables",
    ("number", "member", "member_name", "issued_on", "due_on", "amount", "currency", "disputed", "settled_on"),
    ((("number",),), (("member",),), (("issued_on",),), (("due_on",),), (("amount",),)),
)


def read(reading: Reading) -> list[InvoiceRow]:
    """Every row of the file, the faulty ones too."""
    number = reading.texts("number", max_length=NUMBER_LENGTH, needed=True)
    member = reading.texts("member", max_length=NUMBER_LENGTH, needed=True)
    member_name = reading.texts("member_name", max_length=NAME_LENGTH)
    issued_on = reading.days("issued_on", needed=True)
    due_on = reading.days("due_on", needed=True)
    currency = reading.currencies()
    amount_minor = reading.amounts("amount", currency, needed=True)
    rows = list(
        map(
            InvoiceRow,
            number,
            member,
            issued_on,
            due_on,
            amount_minor,
            currency,
            [""] * reading.rows,
            ["dues"] * reading.rows,
            reading.truths("disputed"),
            [False] * reading.rows,
            member_name,
            reading.days("settled_on"),
        )
    )
    check(reading, issued_on, due_on, amount_minor)
    return rows
