"""Parts of a plan, whatever the amount, their number and the first day: they add up, and their days are the month's."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from duesdesk.domain import plans
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import LARGEST_MINOR
from duesdesk.domain.plans import Part

AMOUNTS = st.integers(1, LARGEST_MINOR)
DAYS = st.dates(date(2020, 1, 1), date(2100, 12, 31))


@given(total=AMOUNTS, parts=st.integers(1, plans.MOST_PARTS))
def test_equal_parts_add_up_to_the_cent_and_the_rest_is_in_the_last(total: int, parts: int) -> None:
    if total < parts:
        with pytest.raises(BadInput):
            plans.split(total, parts)
        return
    found = plans.split(total, parts)
    assert (sum(found), len(found)) == (total, parts)
    assert len(set(found[:-1])) <= 1
    assert all(0 <= found[-1] - one < parts for one in found[:-1])
    assert min(found) > 0


@given(total=AMOUNTS, each=AMOUNTS)
def test_parts_of_an_amount_add_up_and_only_the_last_is_smaller(total: int, each: int) -> None:
    if -(-total // each) > plans.MOST_PARTS:
        with pytest.raises(BadInput):
            plans.split_by(total, each)
        return
    found = plans.split_by(total, each)
    assert sum(found) == total
    assert set(found[:-1]) <= {each}
    assert 0 < found[-1] <= each


@given(first=DAYS, count=st.integers(1, 40), every=st.integers(1, plans.MOST_MONTHS))
def test_parts_are_due_on_the_day_of_the_first_or_the_last_day_of_a_shorter_month(
    first: date, count: int, every: int
) -> None:
    found = plans.schedule((1,) * count, first, every)
    assert found[0].due_on == first
    for n, part in enumerate(found):
        months = first.year * 12 + first.month - 1 + n * every
        year, month = divmod(months, 12)
        longest = calendar.monthrange(year, month + 1)[1]
        assert part.due_on == date(year, month + 1, min(first.day, longest))
        assert part.n == n + 1


@given(
    amounts=st.lists(st.integers(1, 50), min_size=1, max_size=6),
    grace=st.integers(0, 10),
    paid=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=6),
    on=st.integers(0, 260),
)
def test_a_plan_is_broken_exactly_when_a_part_was_not_covered_at_the_end_of_its_grace(
    amounts: list[int], grace: int, paid: list[tuple[int, int]], on: int
) -> None:
    first = date(2026, 1, 31)
    parts = plans.schedule(amounts, first, 1)
    as_of = first + timedelta(days=on - 10)
    came = [(first + timedelta(days=after - 10), minor) for after, minor in paid]

    def covered(day: date) -> int:
        return min(sum(amounts), sum(minor for at, minor in came if at <= day))

    told = plans.state(parts, grace, covered, "", as_of)
    assert sum(one.paid_minor for one in told.parts) == covered(as_of)
    broken = _broken(parts, grace, covered, as_of)
    if covered(as_of) == sum(amounts):
        assert told.state == plans.DONE
    elif broken is not None:
        assert (told.state, told.missed, told.until) == (plans.BROKEN, broken, None)
    else:
        unpaid = next(one for one in told.parts if one.state != plans.PAID)
        assert told.until == unpaid.part.due_on + timedelta(days=grace)
        assert told.until >= as_of
        assert (told.state == plans.LATE) == (unpaid.part.due_on < as_of)


def _broken(parts: tuple[Part, ...], grace: int, covered: Callable[[date], int], as_of: date) -> int | None:
    due = 0
    for part in parts:
        due += part.amount_minor
        last = part.due_on + timedelta(days=grace)
        if last < as_of and covered(last) < due:
            return part.n
    return None
