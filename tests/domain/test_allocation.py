"""Which days a share of a payment covers an invoice from: never more than all of it, and never less than can be."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from duesdesk.domain.allocation import lay_by_day

DAYS = [f"2026-03-{day:02d}" for day in range(1, 11)]


@st.composite
def covers(draw: st.DrawFn) -> tuple[int, list[tuple[str, int]]]:
    """A total, and moves that never cover less than nothing or more than it."""
    total = draw(st.integers(1, 40))
    moves, held = [], 0
    for day in DAYS:
        to = draw(st.integers(0, total))
        if draw(st.booleans()):
            moves.append((day, to - held))
            held = to
    return total, [move for move in moves if move[1]]


def cover(moves: list[tuple[str, int]], day: str) -> int:
    return sum(minor for on, minor in moves if on <= day)


@given(covers(), st.sampled_from(DAYS), st.data())
def test_no_day_is_covered_by_more_than_the_total_and_each_by_as_much_as_stays(
    book: tuple[int, list[tuple[str, int]]], on: str, data: st.DataObject
) -> None:
    total, moves = book
    room = total - cover(moves, DAYS[-1])
    amount = data.draw(st.integers(0, room))
    parts = list(lay_by_day(amount, on, total, moves))
    assert sum(part for _, part in parts) == amount
    assert all(day >= on and part > 0 for day, part in parts)
    for day in DAYS:
        laid = cover(parts, day)
        assert cover(moves, day) + laid <= total
        if day >= on:
            # As much as no later day forbids.
            stays = min(total - cover(moves, later) for later in DAYS if later >= day)
            assert laid == min(amount, stays)


def test_more_than_is_open_in_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="more than is open"):
        lay_by_day(11, DAYS[0], 10, [])
