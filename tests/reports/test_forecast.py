"""The money that is expected: figures small enough to follow by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports import LATER
from duesdesk.services.agreements import PlanRequest, SettleRequest
from tests.conftest import OpenDesk
from tests.reports.book import Book, currency_of, on

# Mondays of 2026.
SEP_7, SEP_14, SEP_21 = "2026-09-07", "2026-09-14", "2026-09-21"
SOURCES = ("due", "promised", "planned", "habit")


def week(found: dict[str, Any], monday: str) -> dict[str, Any]:
    (row,) = [row for row in (*found["past"], *found["rows"]) if row["week"] == monday]
    return row


def pays_late(book: Book, member: str, days: int, months: int = 6) -> None:
    """Every month 10.00 due on the first, paid so many days later."""
    for month in range(2, 2 + months):
        due = on(f"{month:02d}-01")
        number = book.invoice((due - timedelta(days=20)).strftime("%m-%d"), member, "10.00", due.strftime("%m-%d"))
        book.pay((due + timedelta(days=days)).strftime("%m-%d"), member, "10.00", number)


def test_a_centre_without_history_expects_each_invoice_on_its_due_day(book: Book) -> None:
    book.invoice("08-20", "ANA", "30.00", "09-09")
    book.invoice("08-20", "BEN", "45.00", "09-20")
    book.invoice("08-20", "BEN", "7.00", "09-21")
    found = book.in_euro("forecast", "09-03")
    assert (week(found, SEP_7)["due"], week(found, SEP_14)["due"], week(found, SEP_21)["due"]) == (
        "30.00",
        "45.00",
        "7.00",
    )
    assert (found["open"], found["expected"], found["later"]) == ("82.00", "82.00", "0.00")
    assert len(found["rows"]) == len(found["past"]) == 8


def test_what_is_overdue_there_or_has_no_due_day_comes_nobody_knows_when(book: Book) -> None:
    book.invoice("08-20", "ANA", "30.00", "09-01")
    book.invoice("08-20", "BEN", "5.00", None)
    found = book.in_euro("forecast", "09-03")
    assert (found["expected"], found["later"]) == ("0.00", "35.00")
    rows = currency_of(book.report("forecast", "09-03", week=LATER), "EUR")["rows"]
    assert [(row["member"], row["due_on"], row["expected"]) for row in rows] == [
        ("ANA", "2026-09-01", "30.00"),
        ("BEN", None, "5.00"),
    ]


def test_parts_of_a_plan_are_expected_on_their_days_and_a_settlement_by_its_own(book: Book) -> None:
    first = book.invoice("08-01", "ANA", "30.00", "08-20")
    second = book.invoice("08-01", "ANA", "60.00", "08-21")
    owed = book.invoice("08-01", "BEN", "50.00", "08-20")
    desk = book.at("09-01")
    plan = PlanRequest("ANA", "EUR", on("09-08"), 2, invoices=(first, second))
    desk.agreements.plan(plan)
    desk.agreements.settle(SettleRequest("BEN", "EUR", 2000, on("09-16"), invoices=(owed,)))
    found = book.in_euro("forecast", "09-03")
    assert (week(found, SEP_7)["planned"], week(found, SEP_14)["planned"]) == ("45.00", "20.00")
    assert found["open"] == "140.00"
    rows = currency_of(book.report("forecast", "09-03", week=on("09-07")), "EUR")["rows"]
    assert [(row["source"], row["invoice"], row["expected"]) for row in rows] == [
        ("planned", first, "30.00"),
        ("planned", second, "15.00"),
    ]
    book.pay("09-04", "ANA", "40.00", first, second)
    assert week(book.in_euro("forecast", "09-04"), SEP_7)["planned"] == "5.00"
    assert week(book.in_euro("forecast", "09-03"), SEP_7)["planned"] == "45.00"
    # Broken: it comes as everything does.
    assert all(row["planned"] == "0.00" for row in book.in_euro("forecast", "09-30")["rows"])


def test_a_payer_is_expected_when_they_usually_pay(book: Book) -> None:
    pays_late(book, "ANA", 12)
    pays_late(book, "BEN", 0)
    for member in ("ANA", "BEN"):
        book.invoice("08-25", member, "40.00", "09-07")
    found = book.in_euro("forecast", "09-03")
    assert (week(found, SEP_7)["habit"], week(found, SEP_7)["falls_due"]) == ("40.00", "80.00")
    assert (week(found, SEP_7)["due"], week(found, SEP_14)["falls_due"]) == ("0.00", "0.00")
    # Twelve days after the seventh: the Saturday of the week after.
    assert week(found, SEP_14)["habit"] == "40.00"
    rows = currency_of(book.report("forecast", "09-03", week=date(2026, 9, 19)), "EUR")["rows"]
    assert [(row["member"], row["source"], row["usual_days"], row["known"]) for row in rows] == [
        ("ANA", "habit", 12, 6)
    ]


def test_who_has_paid_too_little_goes_by_the_centre(book: Book) -> None:
    pays_late(book, "ANA", 12)
    book.invoice("08-25", "BEN", "40.00", "09-07")
    assert week(book.in_euro("forecast", "09-03"), SEP_14)["habit"] == "40.00"
    (row,) = currency_of(book.report("forecast", "09-03", week=date(2026, 9, 14)), "EUR")["rows"]
    assert (row["member"], row["usual_days"], row["known"]) == ("BEN", None, 0)


def test_who_never_pays_is_not_expected_to(book: Book) -> None:
    pays_late(book, "ANA", 0)
    for month in range(2, 8):
        book.invoice(f"{month:02d}-01", "BEN", "10.00", f"{month:02d}-10")
    found = book.in_euro("forecast", "09-03")
    assert (found["open"], found["later"]) == ("60.00", "60.00")


def test_a_promise_stands_on_its_day_however_they_usually_pay(book: Book) -> None:
    pays_late(book, "ANA", 12)
    book.invoice("08-10", "ANA", "40.00", "09-07")
    book.invoice("08-10", "ANA", "15.00", "08-30")
    book.at("09-02").promises.take("ANA", 2500, "EUR", on("09-23"))
    found = book.in_euro("forecast", "09-03")
    assert week(found, SEP_21)["promised"] == "25.00"
    rows = currency_of(book.report("forecast", "09-03", week=date(2026, 9, 21)), "EUR")["rows"]
    # The oldest due first.
    assert [(row["source"], row["open"], row["expected"]) for row in rows] == [
        ("promised", "15.00", "15.00"),
        ("promised", "40.00", "10.00"),
    ]
    # Its day has passed: it counts no longer.
    assert all(row["promised"] == "0.00" for row in book.in_euro("forecast", "09-24")["rows"])


def test_a_promise_of_more_than_is_owed_brings_what_is_owed(book: Book) -> None:
    book.invoice("08-10", "ANA", "15.00", "08-30")
    book.at("09-02").promises.take("ANA", 99_900, "EUR", on("09-08"))
    found = book.in_euro("forecast", "09-03")
    assert (found["open"], found["expected"], week(found, SEP_7)["promised"]) == ("15.00", "15.00", "15.00")


def test_a_past_week_is_forecast_as_it_was_then_and_stands_beside_what_came(book: Book) -> None:
    pays_late(book, "ANA", 12)
    book.invoice("08-20", "ANA", "40.00", "09-02")
    said = week(book.in_euro("forecast", "09-06"), SEP_7)
    book.invoice("09-08", "BEN", "500.00", "09-09")
    book.at("09-08").promises.take("ANA", 4000, "EUR", on("09-12"))
    book.pay("09-11", "BEN", "500.00")
    after = week(book.in_euro("forecast", "09-24"), SEP_7)
    assert {key: after[key] for key in (*SOURCES, "expected", "new", "total")} == {
        key: said[key] for key in (*SOURCES, "expected", "new", "total")
    }
    assert (said["came"], after["came"], after["habit"]) == (None, "500.00", "0.00")
    # The promise was broken by then: it is expected as usual again.
    assert week(book.in_euro("forecast", "09-24"), SEP_14)["habit"] == "40.00"


def test_the_error_is_what_came_less_what_was_said(book: Book) -> None:
    pays_late(book, "ANA", 12)
    number = book.invoice("08-20", "ANA", "40.00", "09-02")
    book.pay("09-15", "ANA", "30.00", number)
    row = week(book.in_euro("forecast", "09-24"), SEP_14)
    assert (row["habit"], row["came"]) == ("40.00", "30.00")
    assert float(row["error"]) == 30 - float(row["total"])
    (behind,) = currency_of(book.report("forecast", "09-24", week=date(2026, 9, 14)), "EUR")["rows"]
    assert (behind["invoice"], behind["expected"], behind["came"]) == (number, "40.00", "30.00")


def test_the_week_under_way_tells_what_came_so_far(book: Book) -> None:
    number = book.invoice("08-20", "ANA", "40.00", "09-11")
    book.pay("09-08", "ANA", "10.00", number)
    found = book.in_euro("forecast", "09-09")
    assert (week(found, SEP_7)["due"], week(found, SEP_7)["came"]) == ("30.00", "10.00")
    # On a Sunday the week is over.
    assert book.in_euro("forecast", "09-13")["rows"][0]["week"] == SEP_14


def test_money_of_invoices_to_come_stands_apart(book: Book) -> None:
    for week_of in range(14):
        day = on("05-04") + timedelta(days=7 * week_of)
        number = book.invoice(day.strftime("%m-%d"), "ANA", "9.00", day.strftime("%m-%d"))
        book.pay(day.strftime("%m-%d"), "ANA", "9.00", number)
    row = book.in_euro("forecast", "08-09")["rows"][0]
    assert (row["expected"], row["new"], row["total"]) == ("0.00", "9.00", "9.00")


def test_what_lies_behind_a_week_adds_up_to_it(book: Book) -> None:
    pays_late(book, "ANA", 12)
    pays_late(book, "BEN", 3)
    for day, amount in (("08-01", "33.33"), ("08-09", "0.01"), ("08-20", "71.07"), ("08-30", "12.50")):
        for member in ("ANA", "BEN", "KID"):
            book.invoice("08-01", member, amount, day)
    book.at("09-02").promises.take("BEN", 5000, "EUR", on("09-23"))
    found = book.in_euro("forecast", "09-03")
    items: dict[str, float] = {}
    for row in (*found["rows"], None):
        asked = date.fromisoformat(row["week"]) if row else LATER
        behind = currency_of(book.report("forecast", "09-03", week=asked), "EUR")
        told = {source["source"]: source["expected"] for source in behind.get("sources", ())}
        if row:
            assert {source: told.get(source, "0.00") for source in SOURCES} == {
                source: row[source] for source in SOURCES
            }
        else:
            assert behind["expected"] == found["later"]
        for item in behind.get("rows", ()):
            items[item["invoice"]] = round(items.get(item["invoice"], 0) + float(item["expected"]), 2)
    opened = book.in_euro("unpaid", "09-03", scope="open")
    assert found["open"] == opened["open"]
    assert sorted(items.values()) == sorted([33.33, 0.01, 71.07, 12.50] * 3)


def test_currencies_are_told_apart_and_what_is_void_or_lowered_is_not_expected(book: Book) -> None:
    book.invoice("08-20", "ANA", "700", "09-09", currency="JPY")
    void = book.invoice("08-20", "ANA", "30.00", "09-09")
    lowered = book.invoice("08-20", "BEN", "45.00", "09-09")
    book.credit("08-21", lowered, "40.00")
    book.at("08-22").invoices.void(void, reason="x")
    book.at("08-23").invoices.move_due(lowered, on("09-15"))
    report = book.report("forecast", "09-03")
    assert week(currency_of(report, "JPY"), SEP_7)["due"] == "700"
    euro = currency_of(report, "EUR")
    assert (euro["open"], week(euro, SEP_7)["due"], week(euro, SEP_14)["due"]) == ("5.00", "0.00", "5.00")


def test_money_that_went_back_is_expected_anew(book: Book) -> None:
    pays_late(book, "ANA", 0)
    number = book.invoice("08-20", "ANA", "40.00", "09-02")
    back = book.pay("09-02", "ANA", "40.00", number)
    assert book.in_euro("forecast", "09-03")["open"] == "0.00"
    book.at("09-03").payments.reverse(back, reason="returned")
    assert book.in_euro("forecast", "09-03")["open"] == "40.00"
    assert book.in_euro("forecast", "09-02")["open"] == "0.00"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"weeks": 0}, "weeks-out-of-bounds"),
        ({"weeks": 54}, "weeks-out-of-bounds"),
        ({"week": date(2027, 9, 1)}, "week-not-of-forecast"),
        ({"week": date(2025, 9, 1)}, "week-not-of-forecast"),
    ],
    ids=str,
)
def test_weeks_that_cannot_be_told_are_refused(at: OpenDesk, options: dict[str, Any], code: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        at().reports.read("forecast", **options)
    assert refused.value.code == code


def test_an_empty_book_expects_nothing(at: OpenDesk) -> None:
    assert at().reports.read("forecast").currencies == ()  # type: ignore[attr-defined]  # the view of this report
