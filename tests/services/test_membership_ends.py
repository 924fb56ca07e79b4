"""The end of a membership, moved and taken away: prices agreed for later come back with the days they are for."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.services.membership_requests import MembershipRequest
from tests.conftest import OpenDesk
from tests.services.booked import member

DAY = date(2026, 11, 27)


@pytest.fixture
def desk(at: OpenDesk) -> Desk:
    """A membership of 10.00 a month that costs 12.00 from the new year on."""
    desk = at(DAY)
    member(desk, "M1", "Ana")
    desk.memberships.add(MembershipRequest("M1", "Gym", 1000, "EUR", starts_on=date(2026, 11, 1)))
    desk.memberships.price("M1", 1200, from_on=date(2027, 1, 1))
    return desk


def charged(at: OpenDesk) -> list[tuple[str, str]]:
    """What is billed until February."""
    return [(one["period_from"], one["amount"]) for one in at(date(2027, 2, 2)).billing.bill()["issued"]]


AGREED = [("2026-11-01", "10.00"), ("2026-12-01", "10.00"), ("2027-01-01", "12.00"), ("2027-02-01", "12.00")]


@pytest.mark.parametrize("ends_on", [date(2026, 12, 31), date(2026, 12, 15), date(2027, 1, 15)])
def test_a_price_agreed_for_later_counts_again_when_the_end_is_taken_away(
    desk: Desk, at: OpenDesk, ends_on: date
) -> None:
    desk.memberships.end("M1", on=ends_on)
    desk.memberships.end("M1", never=True)
    assert charged(at) == AGREED


def test_a_price_agreed_for_later_counts_again_when_the_end_moves_behind_it(desk: Desk, at: OpenDesk) -> None:
    desk.memberships.end("M1", on=date(2026, 12, 15))
    desk.memberships.end("M1", on=date(2027, 1, 20))
    assert charged(at) == AGREED[:3]


def test_undo_of_taking_the_end_away_is_the_end_again(desk: Desk, at: OpenDesk) -> None:
    desk.memberships.end("M1", on=date(2026, 12, 31))
    desk.memberships.end("M1", never=True)
    desk.undo.undo()
    assert charged(at) == AGREED[:2]


def test_a_price_agreed_after_the_end_stays_the_last_one(desk: Desk, at: OpenDesk) -> None:
    desk.memberships.end("M1", on=date(2026, 12, 31))
    desk.memberships.price("M1", 1100, from_on=date(2026, 12, 1))
    desk.memberships.end("M1", never=True)
    assert charged(at) == [AGREED[0], ("2026-12-01", "11.00"), ("2027-01-01", "11.00"), ("2027-02-01", "11.00")]
