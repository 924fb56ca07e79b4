"""A plan of instalments: how an amount is split into parts, on which days they are due, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain import agreements
from duesdesk.domain.days import can_be_meant
from duesdesk.domain.dues import months_on
from duesdesk.domain.errors import BadInput

RUNNING, LATE, BROKEN, DONE, CANCELLED = "running", "late", agreements.BROKEN, agreements.DONE, agreements.CANCELLED
OPEN, PAID, MISSED = "open", "paid", "missed"
IN_FORCE = frozenset((RUNNING, LATE))
MOST_PARTS = 120
MOST_MONTHS = 12
MOST_GRACE = 60
GRACE_DAYS = 5
"""Days a part may be late when nothing else was agreed."""


class Part(NamedTuple):
    """A part: so much by a day."""

    n: int
    due_on: date
    amount_minor: int


class PartState(NamedTuple):
    """What became of a part: `paid` once it is covered; else `open` up to its day, `late` in its grace, then `missed`.

    `paid_minor` is what covers it: parts are covered in their order.
    """

    part: Part
    paid_minor: int
    state: str

    @property
    def open_minor(self) -> int:
        """What is still to be paid of it."""
        return self.part.amount_minor - self.paid_minor


class PlanState(NamedTuple):
    """A plan on a day. `until` is the last day on which it is kept if nothing more came; None once it is over.

    `missed` is the part for which it broke.
    """

    state: str
    parts: tuple[PartState, ...]
    until: date | None = None
    missed: int | None = None


def split(total_minor: int, parts: int) -> tuple[int, ...]:
    """`parts` equal amounts that add up to `total_minor`; what cannot be divided is in the last one.

    Raises BadInput when a part would be nothing.
    """
    if not 1 <= parts <= MOST_PARTS:
        raise BadInput("plan-parts-out-of-bounds", parts=parts, most=MOST_PARTS)
    share = total_minor // parts
    if share < 1:
        raise BadInput("plan-parts-too-small", parts=parts)
    return (*[share] * (parts - 1), total_minor - share * (parts - 1))


def split_by(total_minor: int, amount_minor: int) -> tuple[int, ...]:
    """Parts of `amount_minor` each that add up to `total_minor`; the last one is what is left. Raises BadInput."""
    if amount_minor < 1:
        raise BadInput("plan-part-amount")
    full, rest = divmod(total_minor, amount_minor)
    if full + (rest > 0) > MOST_PARTS:
        raise BadInput("plan-parts-out-of-bounds", parts=full + (rest > 0), most=MOST_PARTS)
    return (*[amount_minor] * full, rest) if rest else (amount_minor,) * full


def schedule(amounts: Sequence[int], first: date, every_months: int) -> tuple[Part, ...]:
    """The parts with their days: that of `first`, then every so many months, in shorter ones the last day.

    The 31st comes back after a month without one. Raises BadInput for days that cannot be meant.
    """
    if not 1 <= every_months <= MOST_MONTHS:
        raise BadInput("plan-months-out-of-bounds", months=every_months, most=MOST_MONTHS)
    parts = []
    for n, amount_minor in enumerate(amounts):
        due_on = months_on(first, n * every_months, first.day) if n else first
        if not can_be_meant(due_on):
            raise BadInput("plan-too-long", last=due_on)
        parts.append(Part(n + 1, due_on, amount_minor))
    return tuple(parts)


def state(
    parts: Sequence[Part], grace_days: int, covered: Callable[[date], int], decided: str, as_of: date
) -> PlanState:
    """What became of a plan at the end of `as_of`; `covered` tells how much of its debt is covered by a day.

    A part has to be covered, with those before it, at the end of its day plus `grace_days`, and to stay so: then the
    plan is kept, otherwise it is broken. What was `decided` stands.
    """
    grace = timedelta(days=grace_days)
    now = covered(as_of)
    found: list[PartState] = []
    before = 0
    missed: int | None = None
    until: date | None = None
    for part in parts:
        through = before + part.amount_minor
        paid = max(0, min(part.amount_minor, now - before))
        last = part.due_on + grace
        is_over = last < as_of
        if missed is None and is_over and min(now, covered(last)) < through:
            missed = part.n
        if paid == part.amount_minor:
            told = PAID
        else:
            told = MISSED if is_over else LATE if part.due_on < as_of else OPEN
            until = until or last
        found.append(PartState(part, paid, told))
        before = through
    if decided:
        name = decided
    elif now >= before:
        name = DONE
    elif missed is not None:
        name = BROKEN
    else:
        name = LATE if any(one.state == LATE for one in found) else RUNNING
    return PlanState(name, tuple(found), until if name in IN_FORCE else None, missed if name == BROKEN else None)
