"""A settlement: a smaller sum by a day. The rest is waived when it came, and only then; otherwise the debt is back."""

from __future__ import annotations

from datetime import date

from duesdesk.domain import agreements

PROPOSED, OPEN, KEPT, MISSED, CANCELLED = (
    "proposed", "open", agreements.KEPT, agreements.MISSED, agreements.CANCELLED,
)  # fmt: skip


def state(amount_minor: int, due_on: date, came_minor: int, decided: str, as_of: date, *, waits: bool) -> str:
    """What became of a settlement at the end of `as_of`; `came_minor` is the money that came by its day.

    It is `kept` by the payment that completes it, which decides it; `proposed` while it `waits` for an approval.
    """
    if decided:
        return decided
    if waits:
        return PROPOSED
    return MISSED if as_of > due_on and came_minor < amount_minor else OPEN


def needs_approval(total_minor: int, amount_minor: int, share_percent: int) -> bool:
    """Whether a settlement waives more than `share_percent` of the debt."""
    return (total_minor - amount_minor) * 100 > total_minor * share_percent
