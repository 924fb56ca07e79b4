"""What came of an agreement: what covers its invoices since it was made, by day. Its state is read from the ledger.

Decisions (broken, missed, done, kept, cancelled) are rows of their own: what was decided once does not change because
something is written down later; it changes by another decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

PLAN, SETTLEMENT = "plan", "settlement"
BROKEN, DONE, MISSED, KEPT, CANCELLED = "broken", "done", "missed", "kept", "cancelled"
APPROVED, UNAPPROVED, REOPENED, RESTORED = "approved", "unapproved", "reopened", "restored"
FINAL = frozenset((BROKEN, DONE, MISSED, KEPT, CANCELLED))
"""What ends an agreement, until it is reopened or restored."""


class Move(NamedTuple):
    """What covers an invoice more since the agreement, or less when below zero: money, or else a credit or its void."""

    invoice_id: int
    on: date
    minor: int
    is_money: bool


class Event(NamedTuple):
    """A decision, of the day from which it counts. `part` is the one that was not paid, when a plan broke."""

    kind: str
    on: date
    part: int | None = None
    act_id: int = 0


def covered(shares: Mapping[int, int], moves: Sequence[Move], day: date | None, *, money_alone: bool = False) -> int:
    """How much of what was open of the invoices (`shares`, minor units by invoice) is covered at the end of `day`.

    None is the end of time. Of an invoice no more counts than was open of it.
    """
    sums = dict.fromkeys(shares, 0)
    for move in moves:
        if (day is None or move.on <= day) and (move.is_money or not money_alone):
            sums[move.invoice_id] += move.minor
    return sum(max(0, min(share, sums[invoice_id])) for invoice_id, share in shares.items())


def decided(events: Sequence[Event], day: date | None) -> str:
    """What was decided of an agreement by the end of `day`, '' while nothing is; `events` are in their order."""
    found = ""
    for event in events:
        if day is not None and event.on > day:
            continue
        if event.kind in FINAL:
            found = event.kind
        elif event.kind in (REOPENED, RESTORED):
            found = ""
    return found


def approved(events: Sequence[Event], day: date | None) -> bool:
    """Whether somebody approved of it by the end of `day`."""
    found = False
    for event in events:
        if (day is None or event.on <= day) and event.kind in (APPROVED, UNAPPROVED):
            found = event.kind == APPROVED
    return found
