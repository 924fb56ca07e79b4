"""Memberships from a file: what another program charged goes on here, and nothing is charged twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.membership_views import MembershipView
from duesdesk.store.verify import verify
from tests.conftest import CENTRE
from tests.imports.bringing import Bring, bring, everything, written

HEADER = "member,plan,price,period,every,billing_day,starts_on,trial_until,ends_on,charged_from\n"


def faults(result: object) -> list[tuple[int, str]]:
    return [(row.line, row.field) for row in result.rejected]  # type: ignore[attr-defined]  # an ImportResult


def only(desk: Desk, member: str) -> MembershipView:
    (found,) = desk.memberships.all(member, ended=True)
    return found


@pytest.fixture
def people(desk: Desk) -> Desk:
    """A, B and C, today, the 22nd of November 2026."""
    for number in "ABC":
        from duesdesk.services.members import MemberDetails

        desk.members.add(MemberDetails(f"Person {number}", number=number))
    return desk


def test_what_began_before_today_was_charged_by_the_other_program(rows: Bring, people: Desk) -> None:
    result = rows("memberships", HEADER + "A,Full,45.00,,,,2019-03-10,,,\nB,Year,300,yearly,,,2024-02-29,,,\n")
    assert (result.created, result.rejected) == (2, ())
    assert people.billing.bill()["issued"] == []
    a, b = only(people, "A"), only(people, "B")
    assert a.next_charge is not None
    assert b.next_charge is not None
    assert (a.next_charge.from_on, a.schedule.billing_day) == (date(2026, 12, 10), 10)
    assert b.next_charge.from_on == date(2027, 2, 28)


def test_the_next_charge_may_be_named(rows: Bring, people: Desk) -> None:
    rows(
        "memberships", HEADER + "A,Full,45.00,month,3,,2025-01-31,,,2027-01-31\nB,Full,45,,,,2026-11-01,,,2026-11-01\n"
    )
    assert [one["member"] for one in people.billing.bill()["issued"]] == ["B"]
    found = only(people, "A")
    assert found.next_charge is not None
    assert (found.next_charge.from_on, found.schedule.billing_day) == (date(2027, 1, 31), 31)


def test_every_field_comes_in(rows: Bring, people: Desk) -> None:
    rows("memberships", HEADER + "A,Full,45.50,Mensual,2,15,2026-12-01,2026-12-14,2027-06-30,\n")
    found = only(people, "A").as_json()
    assert {name: found[name] for name in ("plan", "price", "currency", "period", "every", "billing_day")} == {
        "plan": "Full", "price": "45.50", "currency": "EUR", "period": "month", "every": 2, "billing_day": 15,
    }  # fmt: skip
    assert (found["starts_on"], found["trial_until"], found["ends_on"], found["next_on"]) == (
        "2026-12-01", "2026-12-14", "2027-06-30", "2026-12-15",
    )  # fmt: skip


def test_the_same_file_again_changes_nothing(rows: Bring, people: Desk) -> None:
    twice = "A,Full,45,month,1,,2026-11-01,,,\nA,Full,45.00,monthly,1,,2026-11-01,,,\n"
    text = HEADER + twice + "B,Box,20,week,,,2026-11-02,,,\n"
    assert (first := rows("memberships", text)).created == 2
    assert first.written
    before = [row for row in everything(people) if "import" not in row]
    again = rows("memberships", text)
    assert (again.unchanged, again.created, again.updated) == (3, 0, 0)
    assert [row for row in everything(people) if "import" not in row] == before
    other = rows("memberships", HEADER + "A,Full,45,,,,2026-12-01,,,\nA,full,45,,,,2026-12-01,,,\n")
    assert faults(other) == [(2, "plan"), (3, "plan")]


def test_a_file_that_brings_the_end_ends_it_and_any_other_difference_is_rejected(rows: Bring, people: Desk) -> None:
    rows("memberships", HEADER + "A,Full,45,month,1,,2026-11-01,,,\n")
    assert rows("memberships", HEADER + "A,Full,45,month,1,,2026-11-01,,2026-12-31,\n").updated == 1
    assert only(people, "A").schedule.ends_on == date(2026, 12, 31)
    # A file that says nothing about the end takes none away.
    assert rows("memberships", HEADER + "A,Full,45,month,1,,2026-11-01,,,\n").unchanged == 1
    for row, field in (
        ("A,Full,46,month,1,,2026-11-01,,,", "price"),
        ("A,Full,45,year,1,,2026-11-01,,,", "period"),
        ("A,Full,45,month,2,,2026-11-01,,,", "every"),
        ("A,Full,45,month,1,7,2026-11-01,,,", "billing_day"),
        ("A,Full,45,month,1,,2026-11-01,,2027-01-01,", "ends_on"),
    ):
        assert faults(rows("memberships", HEADER + row + "\n")) == [(2, field)]


def test_what_no_membership_can_be_is_rejected_with_its_line(rows: Bring, people: Desk) -> None:
    result = rows(
        "memberships",
        HEADER
        + "Z,Full,45,,,,2026-11-01,,,\n"
        + "A,,45,,,,2026-11-01,,,\n"
        + "A,Full,0,,,,2026-11-01,,,\n"
        + "A,Full,45,daily,,,2026-11-01,,,\n"
        + "A,Full,45,,0,,2026-11-01,,,\n"
        + "A,Full,45,,,32,2026-11-01,,,\n"
        + "A,Full,45,,,,,,,\n"
        + "A,Full,45,,,,2026-11-01,2026-10-31,,\n"
        + "A,Full,45,,,,2026-11-01,,2026-10-31,\n"
        + f"A,{'x' * 61},45,,,,2026-11-01,,,\n",
    )
    assert faults(result) == [
        (2, "member"), (3, "plan"), (4, "price"), (5, "period"), (6, "every"), (7, "billing_day"), (8, "starts_on"),
        (9, "trial_until"), (10, "ends_on"), (11, "plan"),
    ]  # fmt: skip
    assert not result.written


def test_one_plan_at_one_time_comes_in_once(rows: Bring, people: Desk) -> None:
    text = HEADER + "A,Full,45,,,,2026-11-01,,2026-12-31,\nA,full,50,,,,2026-12-31,,,\nA,Full,50,,,,2027-01-01,,,\n"
    assert faults(rows("memberships", text)) == [(3, "plan")]
    rows("memberships", HEADER + "A,Full,45,,,,2026-11-01,,,\n")
    assert faults(rows("memberships", HEADER + "A,Full,45,,,,2026-12-01,,,\nB,Full,45,,,,2026-12-01,,,\n")) == [
        (2, "plan")
    ]


@pytest.mark.postgres
def test_memberships_come_in_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    clock = Clock(date(2026, 11, 22))
    found_centre(postgres_url, CENTRE, clock=clock)
    desk = open_desk(postgres_url, clock=clock)
    try:
        bring(desk, "members", written(tmp_path, "number,name\nA,Ana\n"))
        text = HEADER + "A,Full,45,month,1,,2026-11-22,,,\nA,Box,20,week,2,,2026-11-02,,,\n"
        assert bring(desk, "memberships", written(tmp_path, text)).created == 2
        assert bring(desk, "memberships", written(tmp_path, text)).unchanged == 2
        ended = text.replace("2026-11-22,,,", "2026-11-22,,2026-11-30,")
        assert bring(desk, "memberships", written(tmp_path, ended)).updated == 1
        assert [one["plan"] for one in desk.billing.bill()["issued"]] == ["Full"]
        with desk.place.database.read() as tx:
            assert not any(verify(tx).values())
    finally:
        desk.close()
