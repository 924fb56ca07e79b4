"""Early signs: each told with the rows it was read from, and none where there is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from duesdesk.domain.errors import NotFound
from duesdesk.services.memberships import MembershipRequest
from tests.conftest import OpenDesk
from tests.reports.book import Book, on


def history(book: Book, member: str, *days: int) -> list[str]:
    """An invoice of 10.00 due on the first of each month from January on, paid so many days later."""
    found = []
    for month, late in enumerate(days, 2):
        due = on(f"{month:02d}-01")
        number = book.invoice((due - timedelta(days=25)).strftime("%m-%d"), member, "10.00", due.strftime("%m-%d"))
        book.pay((due + timedelta(days=late)).strftime("%m-%d"), member, "10.00", number)
        found.append(number)
    return found


def rows(book: Book, day: str, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = book.in_euro("signs", day, **options).get("rows", [])
    return found


def signs(row: dict[str, Any]) -> dict[str, str]:
    return {reason["sign"]: reason["reason"] for reason in row["reasons"]}


def test_who_pays_in_time_shows_no_sign(book: Book) -> None:
    history(book, "ANA", 0, 1, 0, -2, 0, 1, 0)
    book.invoice("09-01", "ANA", "10.00", "09-20")
    found = book.in_euro("signs", "09-10")
    assert (found["looked_at"], found["members"], found["rows"]) == (1, 0, [])


def test_who_pays_later_and_later_is_told_with_every_invoice(book: Book) -> None:
    numbers = history(book, "ANA", 0, 1, 0, 2, 9, 12, 15)
    # Not due yet: it tells nothing.
    book.invoice("08-20", "ANA", "10.00", "09-15")
    (row,) = rows(book, "09-10")
    assert signs(row) == {"slower": "12 days late lately, 1 before."}
    (reason,) = row["reasons"]
    assert [(one["reference"], one["days"]) for one in reason["rows"]] == list(
        zip(numbers, (0, 1, 0, 2, 9, 12, 15), strict=True)
    )


def test_what_is_overdue_longer_than_they_usually_take_is_a_sign(book: Book) -> None:
    history(book, "ANA", 2, 3, 2)
    number = book.invoice("08-01", "ANA", "30.00", "08-20")
    book.at("08-21").invoices.dispute(number, reason="no")
    assert rows(book, "08-28") == []
    (row,) = rows(book, "08-29")
    assert (row["member"], row["unpaid"], row["open"]) == ("ANA", "30.00", "30.00")
    assert signs(row) == {"longer": "9 days overdue, usually 2."}
    assert row["reasons"][0]["rows"] == [
        {
            "kind": "invoice",
            "reference": number,
            "due_on": "2026-08-20",
            "date": None,
            "days": 9,
            "visits": None,
            "amount": "30.00",
            "disputed": True,
        }
    ]


def test_who_usually_pays_late_and_owes_again_is_told(book: Book) -> None:
    history(book, "ANA", 18, 20, 19, 18)
    assert rows(book, "07-01") == []
    book.invoice("07-01", "ANA", "10.00", "07-20")
    (row,) = rows(book, "07-01")
    assert signs(row) == {"usually_late": "Usually pays 19 days late."}


def test_a_broken_promise_is_a_sign_for_ninety_days_and_a_kept_one_is_none(book: Book) -> None:
    book.invoice("08-01", "ANA", "30.00", "08-20")
    book.invoice("08-01", "BEN", "30.00", "08-20")
    for member in ("ANA", "BEN"):
        book.at("08-21").promises.take(member, 3000, "EUR", on("08-25"))
    book.pay("08-24", "BEN", "30.00")
    assert rows(book, "08-25") == []
    (row,) = rows(book, "08-26")
    assert (row["member"], signs(row)) == ("ANA", {"broken_promise": "1 promise broken."})
    assert row["reasons"][0]["rows"][0]["amount"] == "30.00"
    book.pay("08-27", "ANA", "30.00")
    book.invoice("12-01", "ANA", "30.00", "12-20")
    assert rows(book, "12-01") == []


def test_a_direct_debit_that_came_back_is_a_sign_and_a_slip_is_none(book: Book) -> None:
    for member in ("ANA", "BEN"):
        number = book.invoice("08-01", member, "30.00", "08-20")
        method = "direct_debit" if member == "ANA" else "cash"
        back = book.pay("08-20", member, "30.00", number, method=method)
        book.at("08-24").payments.reverse(back, reason="came back")
    assert rows(book, "08-23") == []
    (row,) = rows(book, "08-24")
    assert (row["member"], signs(row)) == ("ANA", {"returned_debit": "1 direct debit came back."})


def test_who_comes_less_than_half_as_often_is_told_by_household(book: Book) -> None:
    book.invoice("08-01", "ANA", "30.00", "10-20")
    day = on("06-01")
    while day <= on("09-30"):
        # Kid comes every third day until the end of August, then once a week; Ana pays for them.
        book.at(day.strftime("%m-%d")).bookings.check_in("KID")
        day += timedelta(days=3 if day <= on("08-31") else 7)
    assert rows(book, "09-10") == []
    (row,) = rows(book, "09-30")
    assert (row["member"], signs(row)) == ("ANA", {"fewer_visits": "4 visits in four weeks, usually 9."})
    assert [(one["kind"], one["visits"], one["days"]) for one in row["reasons"][0]["rows"]] == [
        ("visits", 4, 28),
        ("visits_before", 9, 28),
    ]


def test_who_rests_does_not_come_less(book: Book) -> None:
    book.at("06-01").memberships.add(MembershipRequest("ANA", "Full", 3000, "EUR", starts_on=on("06-01")))
    book.invoice("08-01", "ANA", "30.00", "10-20")
    for days in range(0, 92, 3):
        book.at((on("06-01") + timedelta(days=days)).strftime("%m-%d")).bookings.check_in("ANA")
    (row,) = rows(book, "09-30")
    assert set(signs(row)) == {"fewer_visits"}
    book.at("09-01").memberships.freeze("ANA", from_on=on("09-01"))
    assert rows(book, "09-30") == []


def test_who_is_a_debtor_already_is_counted_and_not_listed(book: Book) -> None:
    book.invoice("07-01", "ANA", "30.00", "07-20")
    book.at("07-21").promises.take("ANA", 3000, "EUR", on("07-25"))
    assert [row["member"] for row in rows(book, "08-19")] == ["ANA"]
    found = book.in_euro("signs", "08-20")
    assert (found["debtors"], found["members"], found["rows"]) == (1, 0, [])


def test_most_signs_come_first_then_the_most_that_is_open(book: Book) -> None:
    history(book, "ANA", 18, 20, 19)
    history(book, "BEN", 18, 20, 19)
    book.member("CAT", "Cat Long")
    history(book, "CAT", 18, 20, 19)
    for member, amount in (("ANA", "10.00"), ("BEN", "90.00"), ("CAT", "50.00")):
        book.invoice("06-01", member, amount, "06-20")
    book.at("06-02").promises.take("ANA", 1000, "EUR", on("06-03"))
    found = rows(book, "06-05")
    assert [(row["place"], row["member"], row["signs"]) for row in found] == [
        (1, "ANA", 2),
        (2, "BEN", 1),
        (3, "CAT", 1),
    ]


def test_nothing_dated_later_is_seen(book: Book) -> None:
    history(book, "ANA", 2, 3, 2)
    number = book.invoice("08-01", "ANA", "30.00", "08-20")
    before = book.report("signs", "08-29")
    book.at("08-30").promises.take("ANA", 3000, "EUR", on("08-31"))
    book.pay("09-05", "ANA", "30.00", number)
    assert book.report("signs", "08-29") == before


def test_one_payer_alone_can_be_asked_for_and_keeps_their_place(book: Book) -> None:
    history(book, "ANA", 18, 20, 19)
    history(book, "BEN", 18, 20, 19)
    for member, amount in (("ANA", "10.00"), ("BEN", "90.00")):
        book.invoice("06-01", member, amount, "06-20")
    (row,) = rows(book, "06-05", member="ANA")
    assert (row["place"], row["member"]) == (2, "ANA")
    with pytest.raises(NotFound):
        book.report("signs", "06-05", member="NOBODY")


def test_what_the_store_does_not_know_is_said(at: OpenDesk) -> None:
    from duesdesk.reports import document

    assert "card" in document(at().reports.read("signs"))["not_looked_at"]
