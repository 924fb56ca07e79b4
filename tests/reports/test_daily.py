"""Who comes on a day, and what they owe at its end."""

from __future__ import annotations

import pytest

from duesdesk.domain.errors import DuesdeskError
from tests.reports.book import Book, on


@pytest.fixture
def day(book: Book) -> Book:
    """Four bookings of 14 September and one of the day after; Ana pays for Kid and owes, Ben paid in part."""
    book.invoice("09-01", "KID", "30.00", "09-05")
    part = book.invoice("09-01", "BEN", "45.00", "09-30")
    book.pay("09-02", "BEN", "5.00", part)
    rows = [
        ("BEN", "09-14", "18:00", "Spin", "booked"),
        ("KID", "09-14", "09:30", "Judo", "booked"),
        ("ANA", "09-14", None, "Pool", "booked"),
        ("ANA", "09-14", "07:00", "Yoga", "cancelled"),
        ("BEN", "09-15", "08:00", "Spin", "booked"),
    ]
    with book.at("09-01").place.database.write() as tx:
        for member, on_day, at_time, activity, status in rows:
            tx.run(
                """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
                   SELECT id, :on_day, :at_time, :activity, :status, '2026-09-01T00:00:00.000000Z' FROM member
                   WHERE number = :member""",
                member=member,
                on_day=on(on_day).isoformat(),
                at_time=at_time,
                activity=activity,
                status=status,
            )
    return book


def listed(book: Book, section: str = "all", mode: str = "daily", when: str = "09-14") -> list[tuple[str | None, str]]:
    return [(row["time"], row["member"]) for row in book.report("daily", when, section=section, mode=mode)["rows"]]


def test_rows_are_in_order_of_time_and_untimed_ones_last(day: Book) -> None:
    assert listed(day) == [("07:00", "ANA"), ("09:30", "KID"), ("18:00", "BEN"), (None, "ANA")]


def test_a_row_tells_what_the_payer_owes_at_the_end_of_the_day(day: Book) -> None:
    row = day.report("daily", "09-14")["rows"][1]
    assert row == {
        "date": "2026-09-14",
        "time": "09:30",
        "member": "KID",
        "name": "Kid Ruiz",
        "activity": "Judo",
        "status": "booked",
        "currency": "EUR",
        "unpaid": "30.00",
        "oldest_due": "2026-09-05",
        "days": 9,
        "checked_in": False,
        "next": None,
    }
    assert day.report("daily", "09-05")["rows"] == []


def test_sections_leave_out_who_cancelled(day: Book) -> None:
    assert listed(day, "unpaid") == [("09:30", "KID"), (None, "ANA")]
    assert listed(day, "partial") == [("18:00", "BEN")]
    assert listed(day, "cancelled") == [("07:00", "ANA")]
    assert listed(day, "expected") == [("09:30", "KID"), ("18:00", "BEN"), (None, "ANA")]
    assert listed(day, "promises") == []


def test_who_is_in_is_not_expected_any_more(day: Book) -> None:
    day.at("09-14").bookings.check_in("KID")
    assert listed(day, "expected") == [("18:00", "BEN"), (None, "ANA")]
    assert day.report("daily", "09-14")["rows"][1]["checked_in"] is True


def test_a_promise_puts_every_member_of_the_household_into_its_section(day: Book) -> None:
    day.at("09-10").promises.take("ANA", 3000, "EUR", on("09-20"))
    assert listed(day, "promises") == [("09:30", "KID"), (None, "ANA")]


def test_a_payment_on_the_day_is_seen_and_one_after_it_is_not(day: Book) -> None:
    day.pay("09-14", "ANA", "10.00")
    day.pay("09-15", "ANA", "20.00")
    assert day.report("daily", "09-14", section="unpaid")["rows"][0]["unpaid"] == "20.00"


def test_who_owes_in_two_currencies_has_two_rows(day: Book) -> None:
    day.invoice("09-01", "KID", "500", "09-05", currency="JPY")
    rows = day.report("daily", "09-14", section="unpaid")["rows"]
    assert [(row["member"], row["currency"], row["unpaid"]) for row in rows] == [
        ("KID", "EUR", "30.00"),
        ("KID", "JPY", "500"),
        ("ANA", "EUR", "30.00"),
        ("ANA", "JPY", "500"),
    ]


def test_the_week_and_the_month_hold_their_days(day: Book) -> None:
    assert ("08:00", "BEN") in listed(day, mode="weekly")
    assert ("08:00", "BEN") not in listed(day, mode="weekly", when="09-21")
    assert len(listed(day, mode="monthly", when="09-30")) == 5
    assert listed(day, mode="monthly", when="10-01") == []


@pytest.mark.parametrize(("option", "value"), [("section", "nobody"), ("mode", "yearly")])
def test_an_unknown_section_or_mode_is_wrong_usage(day: Book, option: str, value: str) -> None:
    with pytest.raises(DuesdeskError) as refused:
        day.report("daily", "09-14", **{option: value})
    assert refused.value.exit_code == 2
