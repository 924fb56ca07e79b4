"""Hours of the week: what is within them, and when they begin again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain.errors import BadInput
from duesdesk.domain.hours import parse_hours

HOUSE = "Mon-Fri 09:00-19:00, Sat 09:00-14:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-20T09:00", True),
        ("2026-11-20T08:59", False),
        ("2026-11-20T18:59", True),
        ("2026-11-20T19:00", False),
        ("2026-11-21T13:59", True),
        ("2026-11-21T14:00", False),
        ("2026-11-22T12:00", False),
    ],
)
def test_the_end_of_a_span_is_no_longer_within_it(moment: str, allowed: bool) -> None:
    assert parse_hours(HOUSE).allow(at(moment)) is allowed


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:00"),
        ("2026-11-20T19:00", "2026-11-21T09:00"),
        ("2026-11-21T14:00", "2026-11-23T09:00"),
        ("2026-11-22T00:00", "2026-11-23T09:00"),
        ("2026-11-23T03:00", "2026-11-23T09:00"),
    ],
)
def test_outside_the_hours_the_next_beginning_counts(moment: str, then: str) -> None:
    assert parse_hours(HOUSE).next_allowed(at(moment)) == at(then)


def test_a_single_day_comes_again_a_week_later() -> None:
    assert parse_hours("Sun 10:00-12:00").next_allowed(at("2026-11-22T12:00")) == at("2026-11-29T10:00")


def test_days_may_run_over_the_end_of_the_week() -> None:
    hours = parse_hours("sat-mon 8:00-24:00")
    assert [hours.allow(at(f"2026-11-{day}T23:59")) for day in (20, 21, 22, 23, 24)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from([HOUSE, "Tue 07:30-08:00", "always"]))  # noqa: DTZ001
def test_the_next_moment_is_allowed_and_none_between_is(moment: datetime, text: str) -> None:
    hours = parse_hours(text)
    then = hours.next_allowed(moment)
    assert then >= moment
    assert hours.allow(then)
    if then != moment:
        assert not hours.allow(then - timedelta(minutes=1))


@pytest.mark.parametrize(
    "text", ["", "Mon", "Mon 9-19", "Mon 19:00-09:00", "Mon 09:00-09:00", "Mon 25:00-26:00", "Lun 09:00-10:00",
             "Mon 09:60-10:00", "Mon 09:00-24:01", "Mon 09:00-10:00,", "٣ 09:00-10:00"]
)  # fmt: skip
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_hours(text)
    assert refused.value.code == "hours-unreadable"


def test_hours_keep_their_text_tidied() -> None:
    assert parse_hours(" Mon-Fri  09:00-19:00 ,Sat 09:00-14:00").text == HOUSE
    assert parse_hours("ALWAYS").text == "always"
