"""The ways to pay. A new one is one entry here and its label in `i18n`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay: its code in the store, and the letter that picks it on the payment form."""

    code: str
    letter: str


METHODS = (
    Method("cash", "c"),
    Method("card", "k"),
    Method("transfer", "t"),
    Method("direct_debit", "d"),
    Method("link", "l"),
    Method("voucher", "b"),
    Method("other", "o"),
)
CODES = tuple(method.code for method in METHODS)
