"""A month day by day: what falls due, what was promised, planned notices, and the days on which nobody is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duesdesk.domain.month import first_of, last_of, stepped
from duesdesk.reports import document
from duesdesk.services.agreements import PlanRequest
from duesdesk.services.members import MemberDetails
from tests.reports.book import Book, on


def month(book: Book, day: str, of: str) -> dict[str, Any]:
    found: dict[str, Any] = book.report("calendar", day, month=on(of))
    return found


def in_euro(book: Book, day: str, of: str) -> dict[str, Any]:
    (euro,) = [one for one in month(book, day, of)["currencies"] if one["currency"] == "EUR"]
    return dict(euro)


def kinds(found: dict[str, Any], day: str) -> list[tuple[str, str, str, str]]:
    return [
        (row["kind"], row["member"], row["amount"], row["status"])
        for row in found["rows"]
        if row["date"] == f"2026-{day}" and row["kind"] != "notice"
    ]


def day_of(found: dict[str, Any], day: str) -> dict[str, Any]:
    (one,) = [one for one in found["days"] if one["date"] == f"2026-{day}"]
    return dict(one)


def test_what_falls_due_stands_on_its_day_with_what_is_still_open(book: Book) -> None:
    number = book.invoice("08-20", "ANA", "30.00", "09-09")
    book.invoice("08-20", "BEN", "45.00", "09-09")
    book.invoice("08-20", "BEN", "7.00", "10-01")
    book.pay("08-25", "ANA", "10.00", number)
    found = in_euro(book, "09-03", "09-15")
    assert kinds(found, "09-09") == [("due", "BEN", "45.00", ""), ("due", "ANA", "20.00", "")]
    assert (day_of(found, "09-09")["falls_due"], day_of(found, "09-09")["invoices"]) == ("65.00", 2)
    assert found["falls_due"] == "65.00"
    assert len(found["days"]) == 30
    assert kinds(in_euro(book, "09-03", "10-31"), "10-01") == [("due", "BEN", "7.00", "")]


def test_nothing_dated_later_is_seen(book: Book) -> None:
    number = book.invoice("08-20", "ANA", "30.00", "09-09")
    book.at("09-05").promises.take("ANA", 3000, "EUR", on("09-20"))
    book.pay("09-10", "ANA", "30.00", number)
    assert kinds(in_euro(book, "09-10", "09-01"), "09-09") == []
    before = in_euro(book, "09-04", "09-01")
    assert kinds(before, "09-09") == [("due", "ANA", "30.00", "")]
    assert kinds(before, "09-20") == []


def test_a_promise_is_told_with_what_became_of_it(book: Book) -> None:
    number = book.invoice("08-01", "ANA", "30.00", "08-20")
    book.invoice("08-01", "BEN", "45.00", "08-20")
    book.at("09-01").promises.take("ANA", 3000, "EUR", on("09-05"))
    book.at("09-01").promises.take("BEN", 4500, "EUR", on("09-05"))
    book.at("09-01").promises.take("BEN", 1000, "EUR", on("09-25"))
    book.pay("09-04", "ANA", "30.00", number)
    found = in_euro(book, "09-10", "09-01")
    assert kinds(found, "09-05") == [("promise", "BEN", "45.00", "broken"), ("promise", "ANA", "30.00", "kept")]
    assert kinds(found, "09-25") == [("promise", "BEN", "10.00", "open")]
    assert (found["promised"], day_of(found, "09-05")["promises"]) == ("85.00", 2)


def test_a_part_of_a_plan_stands_on_its_day_once_whatever_invoices_it_is_for(book: Book) -> None:
    first = book.invoice("08-01", "ANA", "30.00", "08-20")
    second = book.invoice("08-01", "ANA", "60.00", "08-21")
    book.at("09-01").agreements.plan(PlanRequest("ANA", "EUR", on("09-08"), 2, invoices=(first, second)))
    found = in_euro(book, "09-03", "09-01")
    assert kinds(found, "09-08") == [("instalment", "ANA", "45.00", "")]
    assert (day_of(found, "09-08")["planned"], day_of(found, "09-08")["instalments"]) == ("45.00", 1)


def test_currencies_are_never_added(book: Book) -> None:
    book.invoice("08-20", "ANA", "30.00", "09-09")
    book.invoice("08-20", "ANA", "500", "09-09", currency="JPY")
    found = month(book, "09-03", "09-01")
    assert [(one["currency"], one["falls_due"]) for one in found["currencies"]] == [("EUR", "30.00"), ("JPY", "500")]


def test_notices_that_the_rule_would_write_stand_on_their_day_and_never_on_a_closed_one(book: Book) -> None:
    book.at("01-01").members.edit("ANA", _with_email(book, "ANA"))
    book.invoice("08-20", "ANA", "30.00", "09-09")
    found = document(book.at("09-03").reports.read("calendar", month=on("09-01")))
    assert found["ahead_until"] == "2026-09-30"
    (euro,) = found["currencies"]
    notices = [row for row in euro["rows"] if row["kind"] == "notice"]
    assert notices
    assert {(row["member"], row["status"]) for row in notices} == {("ANA", "by_rule")}
    closed = {one["date"] for one in euro["days"] if one["closed"]}
    assert not closed & {row["date"] for row in notices}
    assert euro["notices"] == len(notices) == sum(one["notices"] for one in euro["days"])


def test_of_a_past_day_no_notices_are_foreseen(book: Book) -> None:
    book.at("01-01").members.edit("ANA", _with_email(book, "ANA"))
    book.invoice("08-20", "ANA", "30.00", "09-09")
    found = month(book, "09-03", "09-01")
    assert found["ahead_until"] is None
    assert found["currencies"][0]["notices"] == 0


def test_a_notice_that_waits_stands_on_the_day_it_leaves(book: Book) -> None:
    book.at("01-01").members.edit("ANA", _with_email(book, "ANA"))
    book.invoice("08-20", "ANA", "30.00", "09-09")
    desk = book.at("09-17")
    with desk.place.database.write() as tx:
        tx.run(
            """INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash,
                                   asks_for_money, state, send_after, attempts, message_id, detail, created_at,
                                   changed_at, actor, desk, idempotency_key)
               SELECT id, 'email', 'ana@example.org', 'en', 'reminder', 'A', 'B', 'c', true, 'queued',
                      '2026-09-18T22:30:00.000000Z', 0, 'm', '', '2026-09-17T08:00:00.000000Z',
                      '2026-09-17T08:00:00.000000Z', 'owner', 'desk 1', 'k1' FROM member WHERE number = 'ANA'"""
        )
    (euro,) = document(desk.reports.read("calendar"))["currencies"]
    waiting = [(row["date"], row["reference"], row["amount"]) for row in euro["rows"] if row["status"] == "waits"]
    # Half past midnight where the centre is.
    assert waiting == [("2026-09-19", "reminder", None)]


def _with_email(book: Book, number: str) -> MemberDetails:
    return MemberDetails(book.at("01-01").members.get(number).name, email="ana@example.org")


def test_days_outside_the_hours_and_public_holidays_are_closed(book: Book) -> None:
    found = month(book, "10-01", "10-01")
    # The fourth is a Sunday, the twelfth the holiday of Spain.
    closed = {one["date"]: one["closed"] for one in found["closed"]}
    assert closed["2026-10-04"] == "out_of_hours"
    assert closed["2026-10-12"] == "public_holiday"
    assert "2026-10-13" not in closed
    book.invoice("08-20", "ANA", "30.00", "10-12")
    euro = in_euro(book, "10-01", "10-01")
    assert day_of(euro, "10-12")["closed"] == "public_holiday"
    assert day_of(euro, "10-13")["closed"] == ""


def test_every_day_of_the_month_is_told(book: Book) -> None:
    book.invoice("01-20", "ANA", "30.00", "02-09")
    assert len(in_euro(book, "02-03", "02-10")["days"]) == 28


def test_a_month_that_is_over_foresees_nothing(book: Book) -> None:
    book.invoice("08-20", "ANA", "30.00", "09-09")
    assert month(book, "10-03", "09-01")["ahead_until"] is None


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(-60, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_months_follow_each_other_without_a_gap(day: date, months: int) -> None:
    there = stepped(day, months)
    assert there.day == 1
    assert stepped(there, -months) == first_of(day)
    assert (stepped(day, 1) - last_of(day)).days == 1
    assert first_of(day) <= day <= last_of(day)
