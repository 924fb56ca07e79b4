"""Days on which people are written to: a notice before its day goes earlier than a closed day, one after it later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_LONGEST = 60

IsOpen = Callable[[date], bool]
"""Whether anybody may be written to on a day."""


def open_on_or_before(day: date, is_open: IsOpen) -> date:
    """`day`, or the last open day before it; `day` itself when two months are closed."""
    return next((found for n in range(_LONGEST) if is_open(found := day - timedelta(days=n))), day)


def open_on_or_after(day: date, is_open: IsOpen) -> date:
    """`day`, or the first open day after it; `day` itself when two months are closed."""
    return next((found for n in range(_LONGEST) if is_open(found := day + timedelta(days=n))), day)
