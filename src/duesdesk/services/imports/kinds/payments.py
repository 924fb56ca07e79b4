"""Payments: money that came, what it was for, and money given back."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.services.imports import amounts
from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import Faults, problem
from duesdesk.services.imports.reading import NUMBER_LENGTH, Reading

KIND = Kind(
    "payments",
    ("reference", "member", "received_on", "amount", "currency", "method", "invoice", "allocations"),
    ((("reference",),), (("member",),), (("received_on",),), (("amount",),)),
)
_ALLOCATIONS_LENGTH = 2_000


class PaymentRow(NamedTuple):
    """A payment as a file tells of it; below zero it is a refund.

    `parts` are the invoices it names, each with its amount, or None for as much as is open. Empty: oldest due first.
    """

    reference: str
    member: str
    received_on: str
    amount_minor: int
    currency: str
    method: str
    parts: tuple[tuple[str, int | None], ...]


def read(reading: Reading) -> list[PaymentRow]:
    """Every row of the file, the faulty ones too."""
    reference = reading.texts("reference", max_length=NUMBER_LENGTH, needed=True)
    member = reading.texts("member", max_length=NUMBER_LENGTH, needed=True)
    received_on = reading.days("received_on", needed=True)
    currency = reading.currencies()
    amount = reading.amounts("amount", currency, needed=True, negative=True)
    for row, minor in enumerate(amount):
        if minor is not None and minor < 0 and not reading.ways.refunds:
            reading.fault(row, "amount", reading.raw("amount")[row], problem("import-payment-negative"))
        elif minor == 0:
            reading.fault(row, "amount", reading.raw("amount")[row], problem("import-amount-zero"))
    return list(
        map(
            PaymentRow,
            reference,
            member,
            received_on,
            amount,
            currency,
            reading.codes("method", "method", blank="other"),
            _parts(reading, amount, currency),
        )
    )


def _parts(reading: Reading, amount: list[int | None], currency: list[str]) -> list[tuple[tuple[str, int | None], ...]]:
    """The invoices every payment names."""
    invoice = reading.texts("invoice", max_length=NUMBER_LENGTH)
    listed = reading.texts("allocations", max_length=_ALLOCATIONS_LENGTH)
    parts: list[tuple[tuple[str, int | None], ...]] = [((number, None),) if number else () for number in invoice]
    if not any(listed):
        return parts
    owners, numbers, texts = _split(reading, listed)
    faults = Faults()
    codes = [currency[row] for row in owners]
    minors = amounts.amounts(texts, "allocations", codes, faults, decimal=reading.ways.decimal)
    for at, fault in faults:
        reading.fault(owners[at], "allocations", listed[owners[at]], fault.problem)
    named: dict[int, list[tuple[str, int | None]]] = {}
    for row, number, minor in zip(owners, numbers, minors, strict=True):
        named.setdefault(row, []).append((number, minor))
    for row, chosen in named.items():
        _check(reading, row, chosen, amount[row], invoice[row], listed[row])
        parts[row] = tuple(chosen)
    return parts


def _split(reading: Reading, listed: list[str]) -> tuple[list[int], list[str], list[str]]:
    """`INV=40.00;INV2=10.00` of every row taken apart: rows, invoice numbers, amounts as written."""
    owners: list[int] = []
    numbers: list[str] = []
    texts: list[str] = []
    for row, text in enumerate(listed):
        for part in filter(None, map(str.strip, text.split(";"))):
            number, sign, minor = part.rpartition("=")
            if not sign or not number.strip() or not minor.strip():
                reading.fault(row, "allocations", text, problem("import-allocations-unreadable"))
                continue
            owners.append(row)
            numbers.append(number.strip())
            texts.append(minor.strip())
    return owners, numbers, texts


def _check(
    reading: Reading, row: int, chosen: list[tuple[str, int | None]], amount: int | None, invoice: str, listed: str
) -> None:
    told = None
    if amount is not None and amount < 0:
        told = problem("import-refund-names-invoices")
    elif invoice and {number for number, _ in chosen} != {invoice}:
        told = problem("import-invoice-and-allocations", invoice=invoice)
    elif len({number for number, _ in chosen}) < len(chosen):
        told = problem("import-allocations-twice")
    elif any(not minor for _, minor in chosen):
        told = problem("import-amount-zero")
    elif amount is not None and sum(minor or 0 for _, minor in chosen) > amount:
        told = problem("import-allocations-above-payment")
    if told:
        reading.fault(row, "allocations", listed, told)
