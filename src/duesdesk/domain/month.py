"""A month ahead, as the rule and the house see it: notices that are planned, and days on which nobody is written to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

OUT_OF_HOURS, PUBLIC_HOLIDAY = "out_of_hours", "public_holiday"


class PlannedNotice(NamedTuple):
    """A notice that the rule would write on a day if nobody paid, in one of its currencies."""

    on: date
    member: str
    name: str
    step: str
    amount_minor: int
    currency: str


class Foreseen(NamedTuple):
    """What is foreseen of a month: the closed days with why, and the notices the rule would write.

    `until` is the last day up to which the rule was played; None when it was not.
    """

    closed: tuple[tuple[date, str], ...]
    notices: tuple[PlannedNotice, ...]
    until: date | None


def first_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """The last day of the month of `day`."""
    return stepped(day, 1) - timedelta(days=1)


def stepped(day: date, months: int) -> date:
    """The first day of the month so many months after (before) that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
