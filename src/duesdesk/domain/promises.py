"""What became of a promise. It is read from the payments since, never stored."""

from __future__ import annotations

from datetime import date

OPEN, KEPT, BROKEN = "open", "kept", "broken"


def state(amount_minor: int, due_on: date, paid_minor: int, as_of: date) -> str:
    """`kept` once as much was paid by the promised day, `broken` after that day without it, else `open`.

    `paid_minor` is what came from the payer after the promise was made, up to the promised day and not after `as_of`.
    """
    if paid_minor >= amount_minor:
        return KEPT
    return BROKEN if as_of > due_on else OPEN
