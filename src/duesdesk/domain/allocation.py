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


def lay_by_day(
    amount_minor: int, on: str, total_minor: int, moves: Sequence[tuple[str, int]]
) -> tuple[tuple[str, int], ...]:
    """From which days on an amount covers an invoice of `total_minor`: (ISO day, part), the first not before `on`.

    `moves` are what covered the invoice more (above zero) or less, by day. Money dated before a payment that was taken
    back later covers only what that payment left; the rest covers what it left behind, from the day it went. So the
    invoice is never covered by more than its total on any day. Raises ValueError when there is less room in the end.
    """
    days = sorted({on, *(day for day, _ in moves if day > on)})
    covers = [sum(minor for moved_on, minor in moves if moved_on <= day) for day in days]
    parts = []
    laid_minor = 0
    for number, day in enumerate(days):
        room_minor = total_minor - max(covers[number:])
        part_minor = min(amount_minor, room_minor) - laid_minor
        if part_minor > 0:
            parts.append((day, part_minor))
            laid_minor += part_minor
    if laid_minor < amount_minor:
        raise ValueError("more than is open of the invoice")
    return tuple(parts)
