"""The days ahead are those that come when every day is played one by one."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from duesdesk.domain.collection.ahead import ahead
from duesdesk.domain.collection.facts import Account, Contact
from duesdesk.domain.collection.stops import House
from tests.domain.collection.book import DUE, HOUSE, ISSUED, LADDER, Life, account, hold, item, on, rule

LAST = ISSUED + timedelta(days=90)


def told(found: Account, first: date, house: House) -> list[tuple[date, str]]:
    return [(one.on, take.step.id) for one in ahead([found], first, LAST, house) for take in one.decisions[0].taken]


def test_the_life_of_an_unpaid_invoice_is_foreseen() -> None:
    assert [f"{(day - DUE).days} {step}" for day, step in told(account(), ISSUED, HOUSE)] == [
        "-14 invoice",
        "-5 before-due",
        "0 due-day",
        "3 friendly",
        "10 reminder",
        "20 call",
        "30 formal-letter",
        "45 suspend",
    ]


def test_what_holds_and_until_when_is_foreseen_too() -> None:
    days = list(ahead([account(holds=(hold("snooze", on(5)),))], on(3), on(8), HOUSE))
    assert [
        (one.on, [kept.reason for kept in one.decisions[0].held], [take.step.id for take in one.decisions[0].taken])
        for one in days
    ] == [
        (on(3), ["snooze"], []),
        (on(6), [], ["friendly"]),
    ]


@settings(max_examples=150, deadline=None)
@given(
    dues=st.lists(st.integers(3, 50), min_size=1, max_size=3),
    closed=st.sets(st.integers(0, 6), max_size=3),
    gap_days=st.integers(0, 6),
    most=st.integers(1, 3),
    snoozed=st.one_of(st.none(), st.integers(0, 60)),
    promised=st.one_of(st.none(), st.integers(0, 60)),
    talked=st.lists(st.integers(-6, -1), max_size=3),
    begins=st.integers(0, 40),
    repeat=st.booleans(),
)
def test_jumping_from_day_to_day_finds_what_every_single_day_finds(
    dues: list[int],
    closed: set[int],
    gap_days: int,
    most: int,
    snoozed: int | None,
    promised: int | None,
    talked: list[int],
    begins: int,
    repeat: bool,
) -> None:
    text = LADDER.replace("gap_days = 3", f"gap_days = {gap_days}")
    if repeat:
        text = text.replace('id = "reminder"', 'id = "reminder"\nrepeat_days = 4\nmax_times = 2')
    ladder = rule(text)
    house = House(lambda day: day.weekday() not in closed, most)
    first = ISSUED + timedelta(days=begins)
    found = account(
        *(item(n, rule=ladder, due_on=ISSUED + timedelta(days=due)) for n, due in enumerate(dues, 1)),
        holds=() if snoozed is None else (hold("snooze", ISSUED + timedelta(days=snoozed)),),
        promised_until=None if promised is None else ISSUED + timedelta(days=promised),
        contacts=tuple(Contact(first + timedelta(days=day), written=False) for day in talked),
    )
    life = Life(found, house, spoken=True)
    day = first
    while day <= LAST:
        lasting = tuple(one for one in life.account.holds if one.until is None or one.until >= day)
        until = life.account.promised_until
        life.change(holds=lasting, promised_until=until if until is not None and until >= day else None)
        life.day(day)
        day += timedelta(days=1)
    assert sorted(told(found, first, house)) == sorted((taken_on, step) for taken_on, step, _items in life.log)
