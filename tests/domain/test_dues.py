"""Periods of a membership: examples from the calendar."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from duesdesk.domain.dues import (
    ENDED,
    FROZEN,
    LEFT,
    PRESENT,
    TRIAL,
    Decided,
    Due,
    Freeze,
    Owner,
    Period,
    Schedule,
    due,
    first_after,
    not_charged,
    periods,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def schedule(starts: str, billing_day: int, **more: object) -> Schedule:
    told: dict[str, object] = {"period": "month", "every": 1, "charged_from": day(starts), **more}
    return Schedule(billing_day=billing_day, starts_on=day(starts), **told)  # type: ignore[arg-type]


def begins(
    found: Schedule, *freezes: tuple[str, str | None], decided: Decided | None = None, count: int = 6
) -> list[str]:
    resting = [Freeze(day(first), day(last) if last else None) for first, last in freezes]
    return [period.from_on.isoformat() for period in islice(periods(found, resting, decided), count)]


def test_the_31st_is_the_last_day_of_shorter_months_and_comes_back() -> None:
    assert begins(schedule("2026-01-31", 31)) == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30",
    ]  # fmt: skip
    assert begins(schedule("2028-01-30", 30), count=3) == ["2028-01-30", "2028-02-29", "2028-03-30"]


def test_a_period_ends_the_day_before_the_next_one() -> None:
    assert list(islice(periods(schedule("2026-01-31", 31), ()), 2)) == [
        Period(day("2026-01-31"), day("2026-02-27")),
        Period(day("2026-02-28"), day("2026-03-30")),
    ]


def test_a_year_that_began_on_a_leap_day_comes_back_to_it() -> None:
    yearly = schedule("2024-02-29", 29, period="year")
    assert begins(yearly, count=5) == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_months_may_be_counted_in_threes_over_the_turn_of_the_year() -> None:
    assert begins(schedule("2026-08-31", 31, every=3), count=4) == [
        "2026-08-31", "2026-11-30", "2027-02-28", "2027-05-31",
    ]  # fmt: skip


def test_weeks_begin_on_the_weekday_of_the_start() -> None:
    assert begins(schedule("2026-01-01", 1, period="week", every=2), count=3) == [
        "2026-01-01", "2026-01-15", "2026-01-29",
    ]  # fmt: skip


def test_the_days_before_the_first_billing_day_are_not_charged() -> None:
    assert begins(schedule("2026-03-10", 1), count=2) == ["2026-04-01", "2026-05-01"]
    assert begins(schedule("2026-02-10", 31), count=2) == ["2026-02-28", "2026-03-31"]


def test_a_trial_is_free_and_the_first_period_begins_on_the_first_billing_day_after_it() -> None:
    assert begins(schedule("2026-03-01", 1, trial_until=day("2026-03-14")), count=1) == ["2026-04-01"]
    assert begins(schedule("2026-03-01", 15, trial_until=day("2026-03-14")), count=1) == ["2026-03-15"]
    # A fortnight's trial gives no year away.
    yearly = schedule("2026-03-01", 15, period="year", trial_until=day("2026-03-14"))
    assert begins(yearly, count=2) == ["2026-03-15", "2027-03-15"]
    weekly = schedule("2026-03-02", 2, period="week", trial_until=day("2026-03-11"))
    assert begins(weekly, count=1) == ["2026-03-16"]


def test_a_period_that_began_before_the_end_is_charged_whole_and_none_after_it() -> None:
    assert begins(schedule("2026-03-01", 1, ends_on=day("2026-04-30"))) == ["2026-03-01", "2026-04-01"]
    assert begins(schedule("2026-03-01", 1, ends_on=day("2026-05-01")))[-1] == "2026-05-01"


def test_no_period_begins_while_the_membership_rests() -> None:
    monthly = schedule("2026-01-01", 1)
    assert begins(monthly, ("2026-02-15", "2026-04-01"), count=3) == ["2026-01-01", "2026-02-01", "2026-05-01"]
    assert begins(monthly, ("2026-02-15", None)) == ["2026-01-01", "2026-02-01"]
    # A rest between two billing days changes nothing.
    assert begins(monthly, ("2026-02-02", "2026-02-28"), count=3) == ["2026-01-01", "2026-02-01", "2026-03-01"]


def test_a_long_period_that_would_begin_in_a_freeze_begins_after_it() -> None:
    yearly = schedule("2026-01-01", 1, period="year")
    assert begins(yearly, ("2026-12-10", "2027-01-20"), count=3) == ["2026-01-01", "2027-02-01", "2028-02-01"]
    fortnight = schedule("2026-01-01", 1, period="week", every=2)
    assert begins(fortnight, ("2026-01-10", "2026-01-16"), count=3) == ["2026-01-01", "2026-01-22", "2026-02-05"]


def test_freezes_that_meet_or_overlap_are_one() -> None:
    monthly = schedule("2026-01-01", 1)
    meeting = (("2026-04-01", "2026-04-30"), ("2026-02-01", "2026-03-10"), ("2026-03-05", "2026-03-31"))
    assert begins(monthly, *meeting, count=3) == ["2026-01-01", "2026-05-01", "2026-06-01"]


def test_what_was_charged_elsewhere_keeps_the_count() -> None:
    quarterly = schedule("2019-03-01", 1, every=3, charged_from=day("2026-07-15"))
    assert begins(quarterly, count=2) == ["2026-09-01", "2026-12-01"]
    assert begins(quarterly._replace(charged_from=day("2026-09-01")), count=1) == ["2026-09-01"]
    fortnight = schedule("2026-01-01", 1, period="week", every=2, charged_from=day("2026-01-16"))
    assert begins(fortnight, count=1) == ["2026-01-29"]
    monthly = schedule("2019-01-31", 31, charged_from=day("2026-02-28"))
    assert begins(monthly, count=2) == ["2026-02-28", "2026-03-31"]


def test_what_was_decided_is_not_decided_again() -> None:
    monthly = schedule("2026-01-01", 1)
    assert begins(monthly, decided=Decided(day("2026-03-31")), count=2) == ["2026-04-01", "2026-05-01"]
    # A freeze that is written down late takes nothing back.
    assert begins(monthly, ("2026-03-01", "2026-03-31"), decided=Decided(day("2026-03-31")), count=1) == ["2026-04-01"]


@pytest.mark.parametrize(
    ("owner", "passed"),
    [
        (PRESENT, ""),
        (Owner("left", None), LEFT),
        (Owner("left", day("2026-02-28")), LEFT),
        (Owner("active", day("2026-02-28")), LEFT),
        (Owner("left", day("2026-03-01")), ""),
        (Owner("frozen", None), FROZEN),
    ],
)
def test_who_has_left_or_is_frozen_is_passed_over(owner: Owner, passed: str) -> None:
    found = list(due(schedule("2026-03-01", 1), (), owner, None, day("2026-03-20")))
    assert found == [Due(Period(day("2026-03-01"), day("2026-03-31")), passed)]


def test_what_is_passed_over_lasts_until_the_next_billing_day_only() -> None:
    yearly = schedule("2026-03-01", 1, period="year")
    assert list(due(yearly, (), Owner("frozen", None), None, day("2026-04-01"))) == [
        Due(Period(day("2026-03-01"), day("2026-03-31")), FROZEN),
        Due(Period(day("2026-04-01"), day("2026-04-30")), FROZEN),
    ]
    back = Decided(day("2026-04-30"), FROZEN)
    assert list(due(yearly, (), PRESENT, back, day("2026-05-01"))) == [
        Due(Period(day("2026-05-01"), day("2027-04-30")), "")
    ]


def test_the_reason_why_nothing_is_charged_is_told_for_the_time_under_way() -> None:
    monthly = schedule("2026-03-01", 1, trial_until=day("2026-03-14"), ends_on=day("2026-05-20"))
    charged = Decided(day("2026-05-31"))
    assert not_charged(monthly, (), None, day("2026-02-28")) == ""
    assert not_charged(monthly, (), None, day("2026-03-01")) == TRIAL
    assert not_charged(monthly, (), None, day("2026-03-15")) == ""
    assert not_charged(monthly, (), charged, day("2026-05-31")) == ""
    assert not_charged(monthly, (), charged, day("2026-06-01")) == ENDED
    assert not_charged(monthly, (), charged, day("2026-07-01")) == ""
    rest = [Freeze(day("2026-04-01"), day("2026-04-10"))]
    assert not_charged(monthly, rest, Decided(day("2026-03-31")), day("2026-04-05")) == FROZEN
    # Until the next billing day.
    assert not_charged(monthly, rest, Decided(day("2026-03-31")), day("2026-04-30")) == FROZEN
    assert not_charged(monthly, (), Decided(day("2026-04-30"), LEFT), day("2026-04-30")) == LEFT


def test_another_price_begins_with_a_period() -> None:
    quarterly = schedule("2026-01-01", 1, every=3)
    assert first_after(quarterly, Decided(day("2026-03-31")), day("2026-02-10")) == day("2026-04-01")
    assert first_after(quarterly, Decided(day("2026-03-31")), day("2026-04-02")) == day("2026-07-01")
    assert first_after(quarterly, None, day("2025-12-01")) == day("2026-01-01")
