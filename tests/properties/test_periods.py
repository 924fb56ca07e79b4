"""Whatever the calendar, the freezes and their order: each time is charged once, and nothing in between is lost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from duesdesk.domain import dues
from duesdesk.domain.dues import Decided, Freeze, Owner, Period, Schedule

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2023, 12, 1), date(2028, 3, 31))
LAST = date(2029, 6, 30)
LENGTHS = {"week": 7, "month": 31, "year": 366}


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    starts_on = draw(DAYS)
    after = st.integers(0, 500).map(lambda days: starts_on + timedelta(days=days))
    return Schedule(
        draw(st.sampled_from(dues.PERIODS)),
        draw(st.sampled_from((1, 1, 1, 2, 3, 6, 18))),
        draw(st.sampled_from((1, 15, 28, 29, 30, 31))),
        starts_on,
        draw(st.just(starts_on) | after),
        draw(st.none() | after),
        draw(st.none() | after),
    )


@st.composite
def freezes(draw: st.DrawFn) -> list[Freeze]:
    found = draw(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 120)), max_size=4))
    return [Freeze(first, None if days is None else first + timedelta(days=days)) for first, days in found]


def charged(schedule: Schedule, resting: list[Freeze], until: date = LAST) -> list[Period]:
    return list(dues.periods(schedule, resting, None, until))


def rests(resting: list[Freeze], day: date) -> bool:
    return any(freeze.from_on <= day and (freeze.until_on is None or day <= freeze.until_on) for freeze in resting)


@given(schedules(), freezes())
def test_periods_come_in_order_and_never_overlap(schedule: Schedule, resting: list[Freeze]) -> None:
    found = charged(schedule, resting)
    for period in found:
        assert period.from_on <= period.to_on
    for one, next_one in pairwise(found):
        assert one.to_on < next_one.from_on


@given(schedules())
def test_without_a_freeze_no_day_between_two_periods_is_lost(schedule: Schedule) -> None:
    found = charged(schedule, [])
    for one, next_one in pairwise(found):
        assert next_one.from_on == one.to_on + ONE_DAY


@given(schedules(), freezes())
def test_what_is_not_charged_between_two_periods_began_in_a_freeze(schedule: Schedule, resting: list[Freeze]) -> None:
    found = charged(schedule, resting)
    for one, next_one in pairwise(found):
        gap = one.to_on + ONE_DAY
        while gap < next_one.from_on:
            assert rests(resting, gap)
            gap = dues.billing_day_from(schedule, gap + ONE_DAY)
        assert gap == next_one.from_on


@given(schedules(), freezes())
def test_no_period_begins_too_early_too_late_or_at_rest(schedule: Schedule, resting: list[Freeze]) -> None:
    for period in charged(schedule, resting):
        assert period.from_on >= max(schedule.starts_on, schedule.charged_from)
        assert schedule.trial_until is None or period.from_on > schedule.trial_until
        assert schedule.ends_on is None or period.from_on <= schedule.ends_on
        assert not rests(resting, period.from_on)


@given(schedules(), freezes())
def test_every_period_begins_on_its_billing_day(schedule: Schedule, resting: list[Freeze]) -> None:
    for period in charged(schedule, resting):
        if schedule.period == "week":
            assert period.from_on.weekday() == schedule.starts_on.weekday()
            assert (period.to_on - period.from_on).days + 1 == 7 * schedule.every
            continue
        # The 31st means the last day of a shorter month, and comes back to the 31st.
        last = (period.from_on.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY
        assert period.from_on.day == min(schedule.billing_day, last.day)
        months = schedule.every * (12 if schedule.period == "year" else 1)
        next_on = period.to_on + ONE_DAY
        assert (next_on.year - period.from_on.year) * 12 + next_on.month - period.from_on.month == months


@given(schedules(), freezes(), st.randoms())
def test_the_order_in_which_freezes_were_written_does_not_matter(
    schedule: Schedule, resting: list[Freeze], chance: object
) -> None:
    shuffled = list(resting)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random
    assert charged(schedule, shuffled) == charged(schedule, resting)


@given(schedules(), freezes(), st.lists(DAYS, max_size=12))
def test_billing_on_any_days_charges_what_billing_once_at_the_end_does(
    schedule: Schedule, resting: list[Freeze], days: list[date]
) -> None:
    decided: Decided | None = None
    found: list[Period] = []
    for day in [*days, LAST]:
        for period in dues.periods(schedule, resting, decided, day):
            found.append(period)
            decided = Decided(period.to_on)
    assert found == charged(schedule, resting)


OWNERS = st.builds(Owner, st.sampled_from(("active", "active", "left", "frozen")), st.none() | DAYS)


@given(schedules(), st.lists(st.tuples(DAYS, freezes(), OWNERS), max_size=8))
def test_whatever_is_frozen_or_left_meanwhile_no_day_is_charged_twice(
    schedule: Schedule, days: list[tuple[date, list[Freeze], Owner]]
) -> None:
    decided: Decided | None = None
    charged_until = date.min
    for day, resting, owner in sorted(days, key=lambda one: one[0]):
        for one in dues.due(schedule, resting, owner, decided, day):
            assert decided is None or one.period.from_on > decided.to_on
            decided = Decided(one.period.to_on, one.passed)
            if not one.passed:
                assert one.period.from_on > charged_until
                charged_until = one.period.to_on
        # Asked again on the same day there is nothing more to do.
        assert list(dues.due(schedule, resting, owner, decided, day)) == []


@given(schedules(), DAYS, st.lists(DAYS, max_size=3))
def test_another_price_from_any_day_on_leaves_no_day_out_and_charges_none_twice(
    schedule: Schedule, day: date, billed: list[date]
) -> None:
    open_end = schedule._replace(ends_on=None)
    decided: Decided | None = None
    before: list[Period] = []
    for period in dues.periods(open_end, [], None, max(billed, default=date.min)):
        before.append(period)
        decided = Decided(period.to_on)
    begins = dues.first_after(open_end, decided, day)
    old = open_end._replace(ends_on=begins - ONE_DAY)
    new = open_end._replace(starts_on=begins, charged_from=begins, trial_until=None)
    rest = list(dues.periods(old, [], decided, LAST))
    assert [*before, *rest, *charged(new, [])] == [*before, *dues.periods(open_end, [], decided, LAST)]


@given(schedules(), freezes(), DAYS)
def test_a_reason_is_told_exactly_when_a_billing_day_is_behind_and_nothing_was_charged(
    schedule: Schedule, resting: list[Freeze], day: date
) -> None:
    found = charged(schedule, resting, day)
    decided = Decided(found[-1].to_on) if found else None
    reason = dues.not_charged(schedule, resting, decided, day)
    under_way = bool(found) and found[-1].to_on >= day
    assert not (under_way and reason)
    if reason == dues.FROZEN:
        assert any(freeze.from_on <= day for freeze in resting)
    if reason == dues.ENDED:
        assert schedule.ends_on is not None
        assert schedule.ends_on < day
