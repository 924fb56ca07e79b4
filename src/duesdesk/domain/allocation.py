"""Which invoices a payment settles: those named, else the oldest due first; the rest is credit on account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duesdesk.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of one invoice. The sequence handed to `propose` is in the order of settling."""

    invoice_id: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a payment that goes to one invoice."""

    invoice_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Split:
    """The whole payment: its shares and what stays on account."""

    shares: tuple[Share, ...]
    credit_minor: int


def propose(amount_minor: int, owed: Sequence[Owed]) -> Split:
    """Fill `owed` in order until the money is used up. `amount_minor` is above zero."""
    shares = []
    left = amount_minor
    for item in owed:
        part = min(left, item.open_minor)
        if part > 0:
            shares.append(Share(item.invoice_id, part))
            left -= part
    return Split(tuple(shares), left)


def propose_for(amount_minor: int, chosen: Sequence[Owed]) -> Split:
    """As `propose`, for invoices the payer named: more than they owe is refused, so that no money goes astray."""
    total = sum(item.open_minor for item in chosen)
    if amount_minor > total:
        raise Refused("payment-above-named-invoices", amount_minor=amount_minor, open_minor=total)
    return propose(amount_minor, chosen)
