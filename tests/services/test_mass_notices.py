"""A notice to many: who gets one, for how much together, who is left out and why, before anything is written."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.mass_notices import Chosen, samples
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk


@pytest.fixture
def desk(at: OpenDesk) -> Desk:
    """Five people: three owe and can be written to, one owes and has no address, one owes nothing."""
    early = at(date(2026, 9, 1))
    for number in range(1, 6):
        email = f"m{number}@example.org" if number != 4 else None
        early.members.add(MemberDetails(f"Person {number}", email=email, group="adults" if number < 3 else "kids"))
        if number < 5:
            early.invoices.issue(IssueRequest(f"M0000{number}", 1000 * number, "EUR", date(2026, 9 + number % 3, 14)))
    early.members.add(MemberDetails("Child", payer="M00001"))
    return at()


def test_the_count_the_sum_and_who_is_left_out_are_seen_first(desk: Desk) -> None:
    audience = desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly")
    assert [one.payer for one in audience.going] == ["M00001", "M00002", "M00003"]
    assert audience.sums == (("EUR", 6000),)
    assert [(one.payer, one.problem.code) for one in audience.left_out if one.problem] == [
        ("M00004", "notice-no-address")
    ]
    assert desk.notices.all() == []
    assert [one.payer for one in samples(audience.going)] == ["M00001", "M00002", "M00003"]


@pytest.mark.parametrize(
    ("chosen", "who"),
    [
        (Chosen(unpaid=True, min_days=39), ["M00001", "M00003", "M00004"]),
        (Chosen(unpaid=True, group="adults"), ["M00001", "M00002"]),
        (Chosen(group="adults"), ["M00001", "M00002"]),
        (Chosen(members=("M00006", "M00001")), ["M00006", "M00001"]),
    ],
)
def test_who_is_meant(desk: Desk, chosen: Chosen, who: list[str]) -> None:
    assert desk.mass_notices.who(chosen) == who


def test_nobody_is_chosen_by_default(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.mass_notices.who(Chosen())


def test_each_is_held_once_under_a_key_and_who_paid_meanwhile_is_left_out(desk: Desk) -> None:
    audience = desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly")
    desk.payments.pay(PayRequest("M00002", 2000, "EUR"))
    done = desk.mass_notices.write(audience, "reminder_friendly", key="k")
    assert [one["member"] for one in done["written"]] == ["M00001", "M00003"]
    assert {one["member"]: one["reason"] for one in done["left_out"]} == {
        "M00004": "notice-no-address",
        "M00002": "notice-nothing-owed",
    }
    assert desk.mass_notices.write(audience, "reminder_friendly", key="k") == done
    assert {view.state for view in desk.notices.all()} == {"held"}
    assert len(desk.notices.all()) == 2


def test_a_household_gets_one_notice_and_a_stop_ends_it_before_the_next(desk: Desk) -> None:
    audience = desk.mass_notices.preview(Chosen(members=("M00006", "M00001", "M00003")), "reminder_friendly")
    assert [one.payer for one in audience.going] == ["M00001", "M00003"]
    done = desk.mass_notices.write(audience, "reminder_friendly", stop=lambda: bool(desk.notices.all()))
    assert len(done["written"]) == 1
