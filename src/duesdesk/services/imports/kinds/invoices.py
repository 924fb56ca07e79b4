"""Invoices: what was charged."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import NUMBER_LENGTH, Reading

KIND = Kind(
    "invoices",
    (
        "number", "member", "issued_on", "due_on", "amount", "currency", "description", "kind", "disputed", "status",
    ),
    ((("number",),), (("member",),), (("issued_on",),), (("amount",),)),
)  # fmt: skip


class InvoiceRow(NamedTuple):
    """An invoice as a file tells of it. `due_on` None takes the terms; None in `settled_on` says it was not settled."""

    number: str
    member: str
    issued_on: str
    due_on: str | None
    amount_minor: int
    currency: str
    description: str
    kind: str
    disputed: bool
    draft: bool
    member_name: str
    settled_on: str | None


def read(reading: Reading) -> list[InvoiceRow]:
    """Every row of the file, the faulty ones too."""
    number = reading.texts("number", max_length=NUMBER_LENGTH, needed=True)
    member = reading.texts("member", max_length=NUMBER_LENGTH, needed=True)
    issued_on = reading.days("issued_on", needed=True)
    due_on = reading.days("due_on")
    currency = reading.currencies()
    rows = list(
        map(
            InvoiceRow,
            number,
            member,
            issued_on,
            due_on,
            reading.amounts("amount", currency, needed=True),
            currency,
            reading.texts("description"),
            reading.codes("kind", "invoice_kind", blank="dues"),
            reading.truths("disputed"),
            [status == "draft" for status in reading.codes("status", "invoice_status")],
            [""] * reading.rows,
            [None] * reading.rows,
        )
    )
    check(reading, rows)
    return rows


def check(reading: Reading, rows: list[InvoiceRow]) -> None:
    """Reject what no invoice can be: due before it was issued, or of nothing."""
    for at, row in enumerate(rows):
        if row.due_on and row.issued_on and row.due_on < row.issued_on:
            reading.fault(at, "due_on", row.due_on, problem("import-due-before-issue", issued_on=row.issued_on))
        elif row.amount_minor == 0:
            reading.fault(at, "amount", reading.raw("amount")[at], problem("import-amount-zero"))
