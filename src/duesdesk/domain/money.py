"""Money in whole minor units of one currency; never a fraction, never two currencies in one sum."""

from __future__ import annotations

import re
from dataclasses import dataclass

from duesdesk.domain.currencies import exponent
from duesdesk.domain.errors import BadInput

__all__ = ["LARGEST_MINOR", "Money", "exponent", "from_text", "to_text"]

_DECIMAL = re.compile(r"(-?)(\d{1,15})(?:\.(\d+))?", re.ASCII)
# A safe bound below 2**63 that leaves room for sums of millions of rows.
LARGEST_MINOR = 10**15


def to_text(minor: int, currency: str) -> str:
    """The plain decimal string of an amount, as JSON carries it: 431050 EUR is '4310.50', 5 JPY is '5'."""
    digits = exponent(currency)
    if digits == 0:
        return str(minor)
    sign, size = ("-", -minor) if minor < 0 else ("", minor)
    whole, rest = divmod(size, 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}"


def from_text(text: str, currency: str) -> int:
    """Minor units of a plain decimal string ('12.5', '12', '-3.00'); the reverse of `to_text`.

    Raises BadInput when it is not such a number, has more digits than the currency, or is out of bounds.
    """
    found = _DECIMAL.fullmatch(text.strip())
    if not found:
        raise BadInput("amount-unreadable", value=text)
    sign, whole, rest = found[1], found[2], found[3] or ""
    digits = exponent(currency)
    if len(rest) > digits and rest[digits:].strip("0"):
        raise BadInput("amount-too-fine", value=text, currency=currency, digits=digits)
    minor: int = int(whole) * 10**digits + int(rest[:digits].ljust(digits, "0") or "0")
    if minor > LARGEST_MINOR:
        raise BadInput("amount-too-large", value=text)
    return -minor if sign else minor


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units together with its currency. Adding two currencies is a bug and raises."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __str__(self) -> str:
        return f"{to_text(self.minor, self.currency)} {self.currency}"

    def split(self, parts: int) -> tuple[Money, ...]:
        """`parts` amounts that add up exactly; they differ by at most one minor unit, the larger ones last."""
        if parts < 1:
            raise ValueError("an amount is split into at least one part")
        share, rest = divmod(self.minor, parts)
        return tuple(Money(share + (n >= parts - rest), self.currency) for n in range(parts))

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} never add up")
        return other.minor
