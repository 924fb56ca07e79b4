"""CRM Daily: who comes, in which section, what they owe, and what is known of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.arrivals import SECTIONS, Arrival, late_level
from duesdesk.domain.errors import BadInput
from duesdesk.services.daily import MODES, Countdown, DailyPage, countdown, span, step
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay


def members(page: DailyPage, section: str) -> list[str]:
    return [row.member for row in page.section(section)]


def row_of(desk: Desk, who: str, day: date = TODAY) -> Arrival:
    return next(row for row in desk.daily.page(day).arrivals if row.member == who)


def test_people_stand_in_order_of_time_and_those_without_a_time_come_last(desk: Desk) -> None:
    for number, name, at_time in (
        ("M1", "Ruiz", "18:00"),
        ("M2", "Zoë", "09:30"),
        ("M3", "Ana", "09:30"),
        ("M4", "Bo", None),
    ):
        book(desk, member(desk, number, name), at_time)
    assert [row.member for row in desk.daily.page().arrivals] == ["M3", "M2", "M1", "M4"]


def test_a_day_shows_nobody_of_another_day(desk: Desk) -> None:
    book(desk, member(desk, "M1", "Ruiz"), "10:00", day=ago(1))
    assert desk.daily.page().arrivals == ()
    assert members(desk.daily.page(ago(1)), "all") == ["M1"]


def test_each_section_shows_its_people_and_the_counts_say_how_many(at: OpenDesk) -> None:
    desk = at()
    for number in ("LATE", "PART", "FREE", "IN", "GONE", "LATEGONE", "NEXT"):
        member(desk, number, f"Name {number}")
        status = "cancelled" if number.endswith("GONE") else "booked"
        book(desk, number, "10:00", status=status)
    owe(at(ago(40)), "LATE", 4500, ago(30))
    owe(at(ago(40)), "LATEGONE", 4500, ago(30))
    owe(desk, "NEXT", 4500, TODAY)
    owe(desk, "PART", 4500, TODAY + timedelta(days=9))
    pay(desk, "PART", 2000)
    desk.promises.take("LATE", 4500, "EUR", TODAY + timedelta(days=5))
    desk.bookings.check_in("IN")
    page = at().daily.page()
    shown = {section: set(members(page, section)) for section in SECTIONS}
    assert shown["all"] == {"LATE", "PART", "FREE", "IN", "GONE", "LATEGONE", "NEXT"}
    assert shown["unpaid"] == {"LATE"}
    assert shown["partial"] == {"PART"}
    assert shown["promises"] == {"LATE"}
    assert shown["expected"] == {"LATE", "PART", "FREE", "NEXT"}
    assert shown["cancelled"] == {"GONE", "LATEGONE"}
    assert page.counts == {section: len(people) for section, people in shown.items()}


def test_a_child_shows_the_debt_of_who_pays_for_it_and_a_household_is_summed_once(at: OpenDesk) -> None:
    desk = at(ago(60))
    member(desk, "GIULIA", "Rossi Giulia")
    member(desk, "MARCO", "Rossi Marco", payer="GIULIA")
    member(desk, "LIA", "Rossi Lia", payer="GIULIA")
    owe(desk, "MARCO", 4400, ago(51))
    owe(desk, "LIA", 4000, ago(20))
    desk = at()
    book(desk, "MARCO", "12:10")
    book(desk, "LIA", "12:20")
    page = desk.daily.page()
    assert [(row.member, row.payer, row.payer_name, row.debts[0].unpaid_minor) for row in page.arrivals] == [
        ("MARCO", "GIULIA", "Rossi Giulia", 8400),
        ("LIA", "GIULIA", "Rossi Giulia", 8400),
    ]
    assert countdown(page.arrivals, "12:00") == Countdown(45, 2, 2, (("EUR", 8400),), None)


def test_in_a_long_day_everybody_owes_what_is_theirs_in_every_section_and_order(at: OpenDesk) -> None:
    desk = at(ago(60))
    for number in range(130):
        who = member(desk, f"M{number:03d}", f"Name {number % 7} {number:03d}")
        book(desk, who, f"{8 + number % 5:02d}:00", day=TODAY)
        if number % 3 == 0:
            owe(desk, who, 100 + number, ago(30))
        if number % 10 == 0:
            owe(desk, who, 5, ago(20), currency="JPY")
    page = at().daily.page()
    people = [row.member for row in page.arrivals]
    assert people == [row.member for row in sorted(page.arrivals.booked, key=lambda row: (str(row.at_time), row.name))]
    by_number = page.arrivals.sorted(lambda row: row.member)
    # From the end, so that the parts are read in another order than they stand in.
    found = {row.member: {debt.currency: debt.unpaid_minor for debt in row.debts} for row in reversed(by_number)}
    for number in range(130):
        expected = {"EUR": 100 + number} if number % 3 == 0 else {}
        expected |= {"JPY": 5} if number % 10 == 0 else {}
        assert found[f"M{number:03d}"] == expected
    late = page.section("unpaid")
    assert [row.member for row in late] == [who for who in people if found[who]]
    assert len(late) == page.counts["unpaid"]
    assert {row.member: page.arrivals.owing.most_minor(row.payer_id) for row in late} == {
        who: max(owed.values()) for who, owed in found.items() if owed
    }


def test_debts_in_two_currencies_stay_two_figures(at: OpenDesk) -> None:
    desk = at(ago(40))
    member(desk, "M1", "Kim")
    owe(desk, "M1", 4500, ago(30))
    owe(desk, "M1", 9000, ago(20), currency="JPY")
    book(desk, "M1", "10:00")
    debts = {debt.currency: debt for debt in row_of(at(), "M1").debts}
    assert {currency: debt.unpaid_minor for currency, debt in debts.items()} == {"EUR": 4500, "JPY": 9000}
    assert debts["EUR"].oldest_due == ago(30).isoformat()


def test_due_today_is_not_unpaid_and_is_told_as_the_next_due_day(desk: Desk) -> None:
    book(desk, member(desk, "M1", "Ruiz"), "10:00")
    owe(desk, "M1", 4500, TODAY)
    row = row_of(desk, "M1")
    assert not row.is_debtor
    assert (row.debts[0].open_minor, row.debts[0].next_due) == (4500, TODAY.isoformat())


def test_a_past_day_shows_the_debts_of_its_evening(at: OpenDesk) -> None:
    desk = at(ago(40))
    member(desk, "M1", "Ruiz")
    owe(desk, "M1", 4500, ago(30))
    book(desk, "M1", "10:00", day=ago(10))
    book(desk, "M1", "10:00", day=ago(5))
    pay(at(ago(7)), "M1", 4500)
    today = at()
    assert row_of(today, "M1", ago(10)).debts[0].unpaid_minor == 4500
    assert row_of(today, "M1", ago(5)).debts == ()


def test_a_day_to_come_shows_what_will_be_overdue_then(desk: Desk) -> None:
    day = TODAY + timedelta(days=8)
    book(desk, member(desk, "M1", "Ruiz"), "10:00", day=day)
    owe(desk, "M1", 4500, TODAY + timedelta(days=3))
    assert row_of(desk, "M1", day).debts[0].unpaid_minor == 4500


def test_told_counts_what_reached_the_payer_since_the_oldest_due_day(at: OpenDesk) -> None:
    desk = at(ago(60))
    member(desk, "M1", "Ruiz")
    desk.talks.log("M1", outcome="informed", note="about another matter")
    owe(desk, "M1", 4500, ago(50))
    for days, outcome in ((40, "informed"), (30, "no_answer"), (20, "cannot_pay")):
        at(ago(days)).talks.log("M1", outcome=outcome)
    at(ago(10)).talks.log("M1", outcome="informed")
    at(ago(10)).undo.undo()
    book(desk, "M1", "10:00")
    assert row_of(at(), "M1").about.told == 2


def test_the_first_time_late_is_said_only_of_somebody_who_never_paid_late(at: OpenDesk) -> None:
    early = at(ago(90))
    for number in ("NEW", "AGAIN"):
        member(early, number, f"Name {number}")
        owe(early, number, 4500, ago(80))
        book(early, number, "10:00")
    pay(at(ago(80)), "NEW", 4500)
    pay(at(ago(79)), "AGAIN", 4500)
    for number in ("NEW", "AGAIN"):
        owe(at(ago(20)), number, 4500, ago(5))
    assert row_of(at(), "NEW").about.first_time
    assert not row_of(at(), "AGAIN").about.first_time


def test_a_promise_is_open_until_its_day_then_broken_and_gone_when_it_was_kept(at: OpenDesk) -> None:
    early = at(ago(40))
    for number in ("OPEN", "BROKEN", "KEPT", "TAKENBACK"):
        member(early, number, f"Name {number}")
        owe(early, number, 9000, ago(30))
        book(early, number, "10:00")
        due_on = TODAY if number == "OPEN" else ago(3)
        at(ago(10)).promises.take(number, 4500, "EUR", due_on)
    pay(at(ago(4)), "KEPT", 4500)
    at(ago(1)).payments.reverse(pay(at(ago(4)), "TAKENBACK", 4500), reason="bounced")
    states = {number: row_of(at(), number).about.promise for number in ("OPEN", "BROKEN", "KEPT", "TAKENBACK")}
    assert {number: promise.state if promise else None for number, promise in states.items()} == {
        "OPEN": "open",
        "BROKEN": "broken",
        "KEPT": None,
        "TAKENBACK": "broken",
    }


def test_money_paid_before_a_promise_does_not_keep_it(at: OpenDesk) -> None:
    early = at(ago(40))
    member(early, "M1", "Ruiz")
    owe(early, "M1", 9000, ago(30))
    book(early, "M1", "10:00")
    pay(at(ago(11)), "M1", 4500)
    at(ago(10)).promises.take("M1", 4500, "EUR", ago(3))
    promise = row_of(at(), "M1").about.promise
    assert promise is not None
    assert promise.state == "broken"


def test_the_countdown_counts_people_who_are_expected_within_its_minutes(at: OpenDesk) -> None:
    desk = at(ago(40))
    for number, at_time, status in (
        ("NOW", "12:00", "booked"),
        ("SOON", "12:45", "booked"),
        ("LATER", "12:46", "booked"),
        ("BEFORE", "11:59", "booked"),
        ("IN", "12:10", "booked"),
        ("GONE", "12:10", "cancelled"),
    ):
        member(desk, number, f"Name {number}")
        owe(desk, number, 1000, ago(30))
        book(desk, number, at_time, status=status)
    today = at()
    today.bookings.check_in("IN")
    assert countdown(today.daily.page().arrivals, "12:00") == Countdown(45, 2, 2, (("EUR", 2000),), "12:46")


def test_a_week_and_a_month_sum_what_their_days_show(at: OpenDesk) -> None:
    desk = at(ago(60))
    for number in range(8):
        member(desk, f"M{number}", f"Name {number}")
        if number % 2:
            owe(desk, f"M{number}", 1000 * number, ago(30))
        for days in range(-20, 20, number + 1):
            book(desk, f"M{number}", "10:00", day=ago(days), status="cancelled" if days % 5 == 0 else "booked")
    today = at()
    for mode in ("weekly", "monthly"):
        page = today.daily.page(TODAY, mode)
        first, last = span(TODAY, mode)
        assert [day.on_day for day in page.days] == [first + timedelta(days=n) for n in range((last - first).days + 1)]
        assert sum(day.booked + day.cancelled for day in page.days) == page.counts["all"] == len(page.arrivals)
        assert sum(day.cancelled for day in page.days) == page.counts["cancelled"]
        shown = next(day for day in page.days if day.on_day == TODAY)
        of_today = today.daily.page(TODAY)
        assert shown.booked == page_live(of_today)
        assert shown.debtors == of_today.counts["unpaid"]
        assert dict(shown.owed).get("EUR", 0) == sum(row.debts[0].unpaid_minor for row in of_today.section("unpaid"))


def page_live(page: DailyPage) -> int:
    return page.counts["all"] - page.counts["cancelled"]


@pytest.mark.parametrize(
    ("mode", "by", "expected"),
    [
        ("daily", 1, date(2027, 2, 1)),
        ("weekly", -1, date(2027, 1, 24)),
        ("monthly", 1, date(2027, 2, 28)),
        ("monthly", -1, date(2026, 12, 31)),
    ],
)
def test_a_step_is_a_day_a_week_or_a_month_and_stays_in_a_short_month(mode: str, by: int, expected: date) -> None:
    assert step(date(2027, 1, 31), mode, by) == expected


def test_a_mode_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(BadInput) as refused:
        desk.daily.page(TODAY, "yearly")
    assert refused.value.code == "mode-unknown"
    assert span(TODAY, MODES[0]) == (TODAY, TODAY)


@pytest.mark.parametrize(("days", "level"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (400, 3)])
def test_signs_of_lateness_follow_the_ageing_edges(days: int, level: int) -> None:
    assert late_level(days) == level


def test_the_time_of_a_check_in_is_told_by_the_clock_of_the_centre(desk: Desk) -> None:
    assert Clock(TODAY).now("Europe/Madrid").hour == 11
    book(desk, member(desk, "M1", "Ruiz"), "11:00")
    desk.bookings.check_in("M1")
    row = row_of(desk, "M1")
    assert row.status == "attended"
    assert desk.daily.local_time(str(row.checked_in_at)) == "12:00"
