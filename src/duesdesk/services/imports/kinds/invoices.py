"""Invoices: what was charged."""

from __future__ import annotations

from collections.abc import Sequence
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
            reading.texts("description"),
            reading.codes("kind", "invoice_kind", blank="dues"),
            reading.truths("disputed"),
            [status == "draft" for status in reading.codes("status", "invoice_status")],
            [""] * reading.rows,
            [None] * reading.rows,
        )
    )
    check(reading, issued_on, due_on, amount_minor)
    return rows


def check(
    reading: Reading, issued_on: Sequence[str | None], due_on: Sequence[str | None], amount_minor: Sequence[int | None]
) -> None:
    """Reject what no invoice can be: due before it was issued, or of nothing. Takes columns of rows."""
    for at, (issued, due, minor) in enumerate(zip(issued_on, due_on, amount_minor, strict=True)):
        if due and issued and due < issued:
            reading.fault(at, "due_on", due, problem("import-due-before-issue", issued_on=issued))
        elif minor == 0:
            reading.fault(at, "amount", reading.raw("amount")[at], problem("import-amount-zero"))
