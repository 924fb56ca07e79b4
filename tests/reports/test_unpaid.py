"""Who owes what at the end of a day."""

from __future__ import annotations

import pytest

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports import document
from tests.reports.book import Book, currency_of, on


def test_due_today_is_not_overdue_and_the_day_after_is(book: Book) -> None:
    book.invoice("01-02", "BEN", "45.00", "02-10")
    today, tomorrow = book.in_euro("unpaid", "02-10"), book.in_euro("unpaid", "02-11")
    assert (today["unpaid"], today["debtors"], today["due_today"], today["rows"]) == ("0.00", 0, "45.00", [])
    assert (tomorrow["unpaid"], tomorrow["debtors"], tomorrow["due_today"]) == ("45.00", 1, "0.00")
    assert tomorrow["rows"] == [
        {
            "member": "BEN",
            "name": "Ben Ock",
            "unpaid": "45.00",
            "open": "45.00",
            "invoices": 1,
            "oldest_due": "2026-02-10",
            "days": 1,
        }
    ]


def test_a_part_paid_invoice_counts_with_its_rest_from_the_day_of_the_payment(book: Book) -> None:
    book.invoice("01-02", "BEN", "45.00", "01-10")
    book.pay("02-01", "BEN", "20.00")
    assert book.in_euro("unpaid", "01-31")["unpaid"] == "45.00"
    assert book.in_euro("unpaid", "02-01")["unpaid"] == "25.00"


def test_the_payer_owes_what_was_for_somebody_else(book: Book) -> None:
    book.invoice("01-02", "KID", "30.00", "01-10")
    book.invoice("01-02", "ANA", "12.50", "01-12")
    row = book.in_euro("unpaid", "02-01")["rows"][0]
    assert (row["member"], row["unpaid"], row["invoices"], row["oldest_due"]) == ("ANA", "42.50", 2, "2026-01-10")
    assert len(book.in_euro("unpaid", "02-01")["rows"]) == 1


def test_rows_come_by_amount_and_then_by_number(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", "01-10")
    book.invoice("01-02", "ANA", "20.00", "01-05")
    book.member("CID", "Cid")
    book.invoice("01-02", "CID", "20.01", "01-20")
    assert [row["member"] for row in book.in_euro("unpaid", "02-01")["rows"]] == ["CID", "ANA", "BEN"]


def test_scope_open_lists_by_what_is_open_with_days_never_below_zero(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", "01-10")
    book.invoice("01-02", "ANA", "50.00", "03-10")
    book.invoice("01-02", "BEN", "1.00", "03-05")
    overdue, opened = book.in_euro("unpaid", "02-01"), book.in_euro("unpaid", "02-01", scope="open")
    assert [
        (row["member"], row["open"], row["invoices"], row["oldest_due"], row["days"]) for row in opened["rows"]
    ] == [
        ("ANA", "50.00", 1, "2026-03-10", 0),
        ("BEN", "21.00", 2, "2026-01-10", 22),
    ]
    assert [(row["member"], row["unpaid"], row["invoices"]) for row in overdue["rows"]] == [("BEN", "20.00", 1)]
    figures = {key: value for key, value in overdue.items() if key != "rows"}
    assert figures == {key: value for key, value in opened.items() if key != "rows"}
    assert figures == {
        "currency": "EUR",
        "unpaid": "20.00",
        "debtors": 1,
        "unpaid_invoices": 1,
        "unpaid_undisputed": "20.00",
        "open": "71.00",
        "open_members": 2,
        "open_invoices": 3,
        "open_undisputed": "71.00",
        "due_today": "0.00",
    }


def test_an_unknown_scope_is_wrong_usage(book: Book) -> None:
    with pytest.raises(WrongUsage) as refused:
        book.in_euro("unpaid", "02-01", scope="everything")
    assert refused.value.code == "scope-unknown"


def test_what_is_disputed_is_owed_all_the_same_and_told_apart_from_its_day(book: Book) -> None:
    number = book.invoice("01-02", "BEN", "20.00", "01-10")
    book.invoice("01-02", "BEN", "7.00", "01-10")
    later = book.invoice("01-02", "BEN", "3.00", "05-10")
    book.at("02-05").invoices.dispute(number, reason="not mine")
    book.at("02-05").invoices.dispute(later, reason="not mine")
    book.at("02-20").invoices.dispute(number, disputed=False)

    def apart(day: str) -> tuple[str, str, str, str]:
        found = book.in_euro("unpaid", day)
        return found["unpaid"], found["unpaid_undisputed"], found["open"], found["open_undisputed"]

    assert apart("02-04") == ("27.00", "27.00", "30.00", "30.00")
    assert apart("02-05") == ("27.00", "7.00", "30.00", "7.00")
    assert apart("02-20") == ("27.00", "27.00", "30.00", "27.00")


def test_void_and_written_off_invoices_are_not_owed_from_their_day(book: Book) -> None:
    void = book.invoice("01-02", "BEN", "20.00", "01-10")
    lost = book.invoice("01-02", "ANA", "30.00", "01-10")
    book.at("02-10").invoices.void(void, reason="mistake")
    book.credit("02-12", lost, None, "write_off")
    assert [book.in_euro("unpaid", day).get("unpaid", "0.00") for day in ("02-09", "02-10", "02-11", "02-12")] == [
        "50.00",
        "30.00",
        "30.00",
        "0.00",
    ]


def test_a_draft_is_owed_from_the_day_it_is_issued(book: Book) -> None:
    book.draft("01-02", "BEN", "20.00", "01-10", issued="01-20")
    assert book.in_euro("unpaid", "01-19") == {}
    assert book.in_euro("unpaid", "01-20")["unpaid"] == "20.00"


def test_a_due_date_that_was_moved_counts_from_the_day_of_the_move(book: Book) -> None:
    number = book.invoice("01-02", "BEN", "20.00", "01-10")
    book.at("02-01").invoices.move_due(number, on("02-20"))
    assert [book.in_euro("unpaid", day)["unpaid"] for day in ("01-31", "02-01", "02-20", "02-21")] == [
        "20.00",
        "0.00",
        "0.00",
        "20.00",
    ]


def test_a_reversed_payment_paid_until_it_was_reversed(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", "01-10")
    reference = book.pay("02-01", "BEN", "20.00")
    book.at("02-10").payments.reverse(reference, reason="bounced")
    assert [book.in_euro("unpaid", day).get("unpaid") for day in ("01-31", "02-01", "02-09", "02-10")] == [
        "20.00",
        None,
        None,
        "20.00",
    ]


def test_an_invoice_without_a_due_date_is_open_and_never_overdue(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", None)
    found = book.in_euro("unpaid", "12-30", scope="open")
    assert (found["unpaid"], found["open"]) == ("0.00", "20.00")
    assert (found["rows"][0]["oldest_due"], found["rows"][0]["days"]) == (None, 0)


def test_an_invoice_issued_later_is_not_seen(book: Book) -> None:
    book.invoice("03-02", "BEN", "20.00", "03-10")
    assert book.report("unpaid", "03-01", scope="open")["currencies"] == []
    assert book.in_euro("unpaid", "03-02", scope="open")["open"] == "20.00"


def test_currencies_never_add_up_and_have_their_own_digits(book: Book) -> None:
    book.invoice("01-02", "BEN", "45.00", "01-10")
    book.invoice("01-02", "BEN", "5000", "01-10", currency="JPY")
    book.invoice("01-02", "ANA", "12.345", "01-10", currency="TND")
    book.pay("01-20", "BEN", "1", currency="JPY")
    report = book.report("unpaid", "02-01")
    assert [one["currency"] for one in report["currencies"]] == ["EUR", "JPY", "TND"]
    assert currency_of(report, "EUR")["unpaid"] == "45.00"
    assert currency_of(report, "JPY")["rows"][0]["unpaid"] == "4999"
    assert currency_of(report, "TND")["unpaid_undisputed"] == "12.345"


def test_today_from_what_is_kept_and_from_the_ledger_are_the_same(book: Book) -> None:
    number = book.invoice("01-02", "BEN", "45.00", "01-10")
    book.invoice("01-02", "KID", "33.00", "06-30")
    book.invoice("01-02", "ANA", "8.00", None)
    book.invoice("01-02", "ANA", "500", "02-10", currency="JPY")
    book.pay("02-01", "BEN", "5.00")
    book.at("02-02").invoices.dispute(number, reason="no")
    day = book.at("06-30")
    kept = [document(day.reports.read("unpaid", scope=scope)) for scope in ("overdue", "open")]
    # Something dated later: what is kept does not tell the truth for today any more.
    book.pay("07-01", "BEN", "1.00")
    computed = [document(day.reports.read("unpaid", scope=scope)) for scope in ("overdue", "open")]
    assert kept == computed
    assert kept[0]["currencies"][0]["unpaid"] == "40.00"
    assert kept[0]["currencies"][0]["unpaid_undisputed"] == "0.00"
    assert kept[0]["currencies"][0]["due_today"] == "33.00"
