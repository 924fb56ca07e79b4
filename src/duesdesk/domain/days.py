"""Days that can be meant: one outside of them is a slip of the hand, and reckoning with it may leave the calendar."""

from __future__ import annotations

from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2199


def can_be_meant(day: date) -> bool:
    """Whether the year is from FIRST_YEAR to LAST_YEAR."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
