"""Credits: credit notes, write-offs and waivers of invoices that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import NUMBER_LENGTH, Reading

KIND = Kind(
    "credits",
    ("reference", "invoice", "on", "amount", "kind", "reason"),
    ((("reference",),), (("invoice",),), (("on",),), (("amount",),)),
)

Currencies = Callable[[Iterable[str]], Mapping[str, str]]


class CreditRow(NamedTuple):
    """A credit as a file tells of it, in the currency of its invoice."""

    reference: str
    invoice: str
    on: str
    amount_minor: int
    kind: str
    reason: str


def read(reading: Reading, currencies_of: Currencies) -> list[CreditRow]:
    """Every row of the file, the faulty ones too. `currencies_of` gives the currency of every invoice that is there."""
    reference = reading.texts("reference", max_length=NUMBER_LENGTH, needed=True)
    invoice = reading.texts("invoice", max_length=NUMBER_LENGTH, needed=True)
    on = reading.days("on", needed=True)
    known = currencies_of(set(invoice))
    for row, number in enumerate(invoice):
        if number and number not in known:
            reading.fault(row, "invoice", number, problem("import-invoice-unknown"))
    currency = [known.get(number, reading.ways.currency) for number in invoice]
    amount = reading.amounts("amount", currency, needed=True)
    for row, minor in enumerate(amount):
        if minor == 0:
            reading.fault(row, "amount", reading.raw("amount")[row], problem("import-amount-zero"))
    kind = reading.codes("kind", "credit_kind", blank="credit_note")
    rows = map(CreditRow, reference, invoice, on, amount, kind, reading.texts("reason"))
    return list(rows)
