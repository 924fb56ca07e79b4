"""The periods a membership is charged for: billing days, trial, freezes, end. Whole periods, never parts of one.

A period begins on a billing day. Billing days are those of every month, or every seventh day from the start; a period
lasts `every` weeks, months or years, up to the day before the billing day on which the next one begins. Days before the
first billing day are not charged. A period that would begin while the membership rests begins on the first billing day
after it; one that would begin after the end is not charged, and one that began before it is charged whole.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

WEEK, MONTH, YEAR = "week", "month", "year"
PERIODS = (WEEK, MONTH, YEAR)
MOST_EVERY = 60
MONTH_DAYS = 31
_DAYS_A_WEEK, _MONTHS_A_YEAR, _FEBRUARY = 7, 12, 2
# `calendar.monthrange` asks for the weekday, too, which is half the time of a large billing.
_DAYS_IN = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ONE_DAY = timedelta(days=1)

# Why nothing is charged for the time under way; with the other two, how a membership stands.
TRIAL, FROZEN, ENDED, LEFT = "trial", "frozen", "ended", "left"
AHEAD, RUNNING = "ahead", "running"
LEFT_STATUS, FROZEN_STATUS = "left", "frozen"


class Schedule(NamedTuple):
    """When a membership is charged.

    `billing_day` is the day of the month on which periods begin, the last one of a shorter month; weeks begin on the
    weekday of `starts_on`. `trial_until` is the last day of the trial, `ends_on` the last day on which a period may
    begin. Periods that begin before `charged_from` were charged elsewhere, or are a present.
    """

    period: str
    every: int
    billing_day: int
    starts_on: date
    charged_from: date
    trial_until: date | None = None
    ends_on: date | None = None


class Freeze(NamedTuple):
    """Days on which a membership rests; without `until_on` until somebody ends it."""

    from_on: date
    until_on: date | None


class Period(NamedTuple):
    """The first and the last day of a period."""

    from_on: date
    to_on: date


class Decided(NamedTuple):
    """The last period about which it was decided. `passed` is why it was not charged, '' when it was."""

    to_on: date
    passed: str = ""


class Owner(NamedTuple):
    """What of the member counts: nobody is charged for a time after they left, or while they are frozen."""

    status: str
    left_on: date | None


PRESENT = Owner("active", None)


class Due(NamedTuple):
    """A period to decide about now: to be charged, or passed over for the reason in `passed`."""

    period: Period
    passed: str = ""


def due(
    schedule: Schedule, freezes: Iterable[Freeze], owner: Owner, decided: Decided | None, day: date
) -> Iterator[Due]:
    """The periods that begin by `day` and about which nothing was decided, in order.

    What is passed over lasts until the next billing day only: a year is not given away for a week of absence.
    """
    resting = sorted(freezes, key=lambda freeze: freeze.from_on)
    on: date | None = _next_on(schedule, decided)
    last = min(day, schedule.ends_on or day)
    while on is not None and on <= last:
        runs = runs_from(resting, on)
        if runs != on:
            on = None if runs is None else billing_day_from(schedule, runs)
            continue
        passed = _passed(owner, on)
        next_on = billing_day_from(schedule, on + _ONE_DAY) if passed else end_of(schedule, on) + _ONE_DAY
        yield Due(Period(on, next_on - _ONE_DAY), passed)
        on = next_on


def periods(
    schedule: Schedule, freezes: Iterable[Freeze], decided: Decided | None = None, until: date = date.max
) -> Iterator[Period]:
    """As `due` for a member who is there: without an end when nothing ends them."""
    for one in due(schedule, freezes, PRESENT, decided, until):
        yield one.period


def not_charged(schedule: Schedule, freezes: Iterable[Freeze], decided: Decided | None, day: date) -> str:
    """Why nothing is charged for the time under way on `day`; '' when it is, or no period is under way.

    To be asked when everything that is due by `day` was decided. That a membership ended is told for the length of
    the first period that is not charged any more.
    """
    if decided is not None and decided.to_on >= day:
        return decided.passed
    if schedule.trial_until is not None and schedule.starts_on <= day <= schedule.trial_until:
        return TRIAL
    on = _next_on(schedule, decided)
    if on > day:
        return ""
    if schedule.ends_on is not None and on > schedule.ends_on:
        return ENDED if day <= end_of(schedule, on) else ""
    resting = sorted(freezes, key=lambda freeze: freeze.from_on)
    return FROZEN if runs_from(resting, on) != on else ""


def state(schedule: Schedule, freezes: Iterable[Freeze], owner: Owner, day: date) -> str:
    """How a membership stands on `day`: ahead, ended, left, trial, frozen or running."""
    if schedule.ends_on is not None and schedule.ends_on < day:
        return ENDED
    passed = _passed(owner, day)
    if passed:
        return passed
    if day < schedule.starts_on:
        return AHEAD
    if schedule.trial_until is not None and day <= schedule.trial_until:
        return TRIAL
    resting = sorted(freezes, key=lambda freeze: freeze.from_on)
    return RUNNING if runs_from(resting, day) == day else FROZEN


def first_on(schedule: Schedule) -> date:
    """The day on which the first period begins, charged here or not."""
    begins = schedule.starts_on
    if schedule.trial_until is not None:
        begins = max(begins, schedule.trial_until + _ONE_DAY)
    return billing_day_from(schedule, begins)


def first_after(schedule: Schedule, decided: Decided | None, day: date) -> date:
    """The first day on or after `day` on which a period begins when nothing rests: where another price can begin."""
    on = _next_on(schedule, decided)
    while on < day:
        on = end_of(schedule, on) + _ONE_DAY
    return on


def billing_day_from(schedule: Schedule, day: date) -> date:
    """The first billing day on or after `day`."""
    if schedule.period == WEEK:
        weeks = -(-max(0, (day - schedule.starts_on).days) // _DAYS_A_WEEK)
        return schedule.starts_on + timedelta(days=weeks * _DAYS_A_WEEK)
    this_month = _day_in(day.year, day.month, schedule.billing_day)
    return this_month if this_month >= day else months_on(day, 1, schedule.billing_day)


def end_of(schedule: Schedule, from_on: date) -> date:
    """The last day of the period that begins on `from_on`."""
    if schedule.period == WEEK:
        return from_on + timedelta(days=schedule.every * _DAYS_A_WEEK - 1)
    return months_on(from_on, _months(schedule), schedule.billing_day) - _ONE_DAY


def months_on(day: date, months: int, billing_day: int) -> date:
    """The billing day of the month that comes `months` after the one of `day`."""
    years, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    return _day_in(years, month + 1, billing_day)


def runs_from(resting: Iterable[Freeze], day: date) -> date | None:
    """The first day on or after `day` on which the membership does not rest; None while nobody has ended its freeze.

    `resting` are its freezes by their first days.
    """
    for freeze in resting:
        if freeze.from_on <= day:
            if freeze.until_on is None:
                return None
            day = max(day, freeze.until_on + _ONE_DAY)
    return day


def _next_on(schedule: Schedule, decided: Decided | None) -> date:
    """The billing day on which the next period would begin if nothing rested."""
    first = first_on(schedule)
    if decided is not None:
        return max(first, billing_day_from(schedule, decided.to_on + _ONE_DAY))
    if schedule.charged_from <= first:
        return first
    # What was charged elsewhere went on from the first day without a rest.
    if schedule.period == WEEK:
        length_days = schedule.every * _DAYS_A_WEEK
        passed = -(-(schedule.charged_from - first).days // length_days)
        return first + timedelta(days=passed * length_days)
    length = _months(schedule)
    apart = (schedule.charged_from.year - first.year) * _MONTHS_A_YEAR + schedule.charged_from.month - first.month
    on = months_on(first, apart // length * length, schedule.billing_day)
    return on if on >= schedule.charged_from else months_on(on, length, schedule.billing_day)


def _passed(owner: Owner, on: date) -> str:
    """Why a period that begins on `on` is not charged to its member; '' when it is."""
    if owner.left_on is not None:
        if owner.left_on < on:
            return LEFT
    elif owner.status == LEFT_STATUS:
        return LEFT
    return FROZEN if owner.status == FROZEN_STATUS else ""


def _months(schedule: Schedule) -> int:
    return schedule.every * (_MONTHS_A_YEAR if schedule.period == YEAR else 1)


def _day_in(year: int, month: int, billing_day: int) -> date:
    last = _DAYS_IN[month - 1] + (month == _FEBRUARY and isleap(year))
    return date(year, month, min(billing_day, last))
