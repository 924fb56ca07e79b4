"""The anchor day of the demo centre and calendar steps from it.

Everything in the generator is counted in whole days from the anchor (0 = the anchor, -30 = thirty days before);
only the files carry calendar dates. The loader moves all of them by one number, so that the anchor becomes today.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

ANCHOR = date(2026, 6, 15)
"""A Monday. The day the files call today."""


def day(offset_days: int) -> str:
    """The ISO date of a day counted from the anchor."""
    return (ANCHOR + timedelta(days=offset_days)).isoformat()


def months_from(offset_days: int, months: int) -> int:
    """The day `months` calendar months after (or, negative, before) a day; the end of a short month at the latest."""
    start = ANCHOR + timedelta(days=offset_days)
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(start.day, last)) - ANCHOR).days
