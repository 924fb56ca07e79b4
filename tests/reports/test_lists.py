"""Partially paid, ageing, invoices, credit, takings, lateness, days of billing, statement."""

from __future__ import annotations

from typing import Any

import pytest

from duesdesk.domain.errors import DuesdeskError
from duesdesk.reports import REPORTS, document
from duesdesk.reports.dso import days_text
from duesdesk.services.payments import PayRequest
from tests.reports.book import Book, currency_of, on


def test_partially_paid_wants_money_and_not_only_credit(book: Book) -> None:
    paid = book.invoice("01-02", "KID", "45.00", "06-10")
    lowered = book.invoice("01-02", "BEN", "45.00", "01-10")
    book.pay("02-01", "ANA", "20.00", paid)
    book.credit("02-01", lowered, "5.00")
    found = book.in_euro("partial", "02-01")
    assert (found["partial"], found["members"], found["invoices"]) == ("25.00", 1, 1)
    assert found["rows"] == [
        {
            "member": "ANA",
            "name": "Ana Ruiz",
            "invoice": paid,
            "total": "45.00",
            "paid": "20.00",
            "open": "25.00",
            "due_on": "2026-06-10",
        }
    ]
    assert book.report("partial", "01-31")["currencies"] == []


def test_ageing_puts_due_today_and_undated_into_current_and_each_edge_into_its_bucket(book: Book) -> None:
    book.at("01-01")
    for due in ("03-31", None, "03-30", "03-01", "02-28", "01-30", "01-29"):
        book.invoice("01-02", "BEN", "1.00", due)
    book.invoice("01-02", "ANA", "0.50", "01-02")
    found = book.in_euro("ageing", "03-31")
    assert [(bucket["name"], bucket["invoices"], bucket["amount"]) for bucket in found["buckets"]] == [
        ("current", 2, "2.00"),
        ("1-30", 2, "2.00"),
        ("31-60", 2, "2.00"),
        ("61-90", 2, "1.50"),
        ("91+", 0, "0.00"),
    ]
    assert [(row["member"], row["open"]) for row in found["rows"]] == [("BEN", "7.00"), ("ANA", "0.50")]
    assert found["rows"][1]["buckets"][3] == {"name": "61-90", "invoices": 1, "amount": "0.50"}


def test_ageing_with_other_edges_has_other_buckets(book: Book) -> None:
    for due in ("03-30", "03-24", "03-23", "03-10"):
        book.invoice("01-02", "BEN", "1.00", due)
    found = book.in_euro("ageing", "03-31", edges=(7, 20))
    assert {bucket["name"]: bucket["amount"] for bucket in found["buckets"]} == {
        "current": "0.00",
        "1-7": "2.00",
        "8-20": "1.00",
        "21+": "1.00",
    }


@pytest.mark.parametrize("edges", [(0, 30), (30, 30), (60, 30)])
def test_edges_that_do_not_rise_are_refused(book: Book, edges: tuple[int, ...]) -> None:
    with pytest.raises(DuesdeskError) as refused:
        book.report("ageing", "03-31", edges=edges)
    assert refused.value.code == "ageing-edges"


def test_more_edges_than_a_store_has_columns_are_refused(book: Book) -> None:
    book.invoice("01-02", "BEN", "1.00", "03-30")
    assert len(book.in_euro("ageing", "03-31", edges=tuple(range(1, 101)))["buckets"]) == 102
    with pytest.raises(DuesdeskError) as refused:
        book.report("ageing", "03-31", edges=tuple(range(1, 102)))
    assert refused.value.code == "ageing-edges-many"


def test_an_edge_before_the_first_day_there_is_leaves_its_last_bucket_empty(book: Book) -> None:
    book.invoice("01-02", "BEN", "1.00", "01-02")
    found = book.in_euro("ageing", "03-31", edges=(30, 10**9))
    assert [bucket["invoices"] for bucket in found["buckets"]] == [0, 0, 1, 0]


@pytest.mark.parametrize(("name", "options"), [("ageing", {}), ("unpaid", {"scope": "open"})])
def test_a_row_that_is_looked_at_says_what_the_document_says(book: Book, name: str, options: dict[str, str]) -> None:
    book.invoice("01-02", "BEN", "1.00", "03-20")
    book.invoice("01-02", "ANA", "2.00", None)
    book.invoice("01-02", "ANA", "700", "01-20", currency="JPY")
    for day in ("03-31", "01-31"):
        report: Any = book.at("04-01").reports.read(name, as_of=on(day), scope=options.get("scope"))
        assert [one.currency for one in report.currencies] == ["EUR", "JPY"]
        for one in report.currencies:
            told = document(one)["rows"]
            assert [document(row, one.currency) for row in one.rows] == told
            assert document(one.rows[0], one.currency) == told[0]
            assert [row.member for row in one.rows[:1]] == [told[0]["member"]]


def test_ageing_takes_the_edges_the_centre_has_set(book: Book) -> None:
    book.at("12-31").settings.set("ageing.edges", "10,20")
    book.invoice("01-02", "BEN", "1.00", "03-20")
    assert [bucket["name"] for bucket in book.in_euro("ageing", "03-31")["buckets"]] == [
        "current",
        "1-10",
        "11-20",
        "21+",
    ]


def test_every_invoice_has_the_state_of_its_day(book: Book) -> None:
    book.draft("01-02", "BEN", "10.00", "02-01", issued="02-10")
    unpaid = book.invoice("01-02", "BEN", "45.00", "01-10")
    part = book.invoice("01-02", "ANA", "40.00", "01-10")
    paid = book.invoice("01-02", "KID", "30.00", "06-10")
    void = book.invoice("01-02", "BEN", "20.00", "01-10")
    lost = book.invoice("01-02", "BEN", "15.00", "01-10")
    lowered = book.invoice("01-02", "ANA", "12.00", "01-10")
    book.pay("02-01", "ANA", "10.00", part)
    book.pay("02-01", "KID", "30.00", paid)
    book.at("02-01").invoices.void(void, reason="x")
    book.credit("02-01", lost, None, "write_off")
    book.credit("02-01", lowered, None)

    def states(day: str) -> dict[str, str]:
        return {row["invoice"]: row["status"] for row in book.in_euro("invoices", day)["rows"]}

    assert states("01-31") == {
        "D-BEN": "draft",
        **dict.fromkeys((unpaid, part, paid, void, lost, lowered), "unpaid"),
    }
    assert states("02-10") == {
        "D-BEN": "unpaid",
        unpaid: "unpaid",
        part: "partially_paid",
        paid: "paid",
        void: "void",
        lost: "written_off",
        lowered: "paid",
    }
    rows = {row["invoice"]: row for row in book.in_euro("invoices", "02-10")["rows"]}
    assert rows[part] == {
        "invoice": part,
        "member": "ANA",
        "issued_on": "2026-01-02",
        "due_on": "2026-01-10",
        "total": "40.00",
        "paid": "10.00",
        "credited": "0.00",
        "open": "30.00",
        "status": "partially_paid",
        "overdue": True,
        "days_overdue": 31,
        "disputed": False,
    }
    assert (rows[void]["open"], rows[void]["overdue"], rows[void]["days_overdue"]) == ("0.00", False, 0)
    assert (rows[lost]["credited"], rows[lost]["open"]) == ("15.00", "0.00")


def test_the_invoices_of_a_member_are_those_for_them_and_those_they_pay(book: Book) -> None:
    own = book.invoice("01-02", "ANA", "1.00", "01-10")
    childs = book.invoice("01-03", "KID", "2.00", "01-10")
    book.invoice("01-04", "BEN", "3.00", "01-10")

    def listed(member: str) -> list[tuple[str, str]]:
        rows = book.in_euro("invoices", "02-01", member=member)["rows"]
        return [(row["invoice"], row["member"]) for row in rows]

    assert listed("ANA") == [(own, "ANA"), (childs, "KID")]
    assert listed("KID") == [(childs, "KID")]


def test_an_unknown_member_is_told(book: Book) -> None:
    for name in ("invoices", "statement"):
        with pytest.raises(DuesdeskError) as refused:
            book.report(name, "02-01", member="NOBODY")
        assert refused.value.code == "member-unknown"


def test_credit_is_what_lies_on_no_invoice_that_day(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", "01-10")
    book.pay("02-01", "BEN", "50.00")
    book.pay("02-02", "KID", "7.00")
    book.pay("02-02", "KID", "700", currency="JPY")
    report = book.report("credit", "02-02")
    assert currency_of(report, "EUR")["credit"] == "37.00"
    assert [(row["member"], row["credit"]) for row in currency_of(report, "EUR")["rows"]] == [
        ("BEN", "30.00"),
        ("ANA", "7.00"),
    ]
    assert currency_of(report, "JPY")["rows"][0]["credit"] == "700"
    assert [row["member"] for row in book.in_euro("credit", "02-01")["rows"]] == ["BEN"]


def test_dso_is_what_is_open_over_what_was_billed_in_the_window(book: Book) -> None:
    book.invoice("01-02", "BEN", "100.00", "01-10")
    book.invoice("03-01", "BEN", "30.00", "03-10")
    book.pay("03-05", "BEN", "35.00")
    found = book.in_euro("dso", "03-31", window_days=31)
    assert found == {"currency": "EUR", "window": 31, "open": "95.00", "billed": "30.00", "dso": "98.17"}
    assert book.in_euro("dso", "03-31", window_days=30)["billed"] == "0.00"
    assert book.in_euro("dso", "03-31", window_days=30)["dso"] is None
    assert book.in_euro("dso", "03-31")["window"] == 90


@pytest.mark.parametrize(
    ("open_minor", "billed_minor", "window", "told"),
    [(1, 800, 1, "0.00"), (1, 200, 1, "0.01"), (5, 1000, 1, "0.01"), (0, 5, 90, "0.00"), (7, 0, 90, None)],
)
def test_dso_is_rounded_half_up(open_minor: int, billed_minor: int, window: int, told: str | None) -> None:
    assert days_text(open_minor, billed_minor, window) == told


def test_takings_are_by_day_and_method_and_what_went_back_counts_on_its_day(book: Book) -> None:
    book.invoice("01-02", "BEN", "100.00", "01-10")
    book.pay("02-01", "BEN", "20.00")
    card = book.pay("02-01", "BEN", "30.00", method="card")
    book.pay("02-03", "BEN", "5.00")
    book.at("02-03").payments.refund(card, 1000)
    found = book.in_euro("takings", "02-28")
    assert (found["payments"], found["received"], found["returned"], found["amount"]) == (3, "55.00", "10.00", "45.00")
    assert [(row["date"], row["method"], row["payments"], row["amount"]) for row in found["rows"]] == [
        ("2026-02-01", "card", 1, "30.00"),
        ("2026-02-01", "cash", 1, "20.00"),
        ("2026-02-03", "card", 0, "-10.00"),
        ("2026-02-03", "cash", 1, "5.00"),
    ]
    assert {one["method"]: one["amount"] for one in found["methods"]} == {"card": "20.00", "cash": "25.00"}
    assert book.in_euro("takings", "02-02")["amount"] == "50.00"


def test_lateness_counts_days_from_due_to_settled_or_to_the_day(book: Book) -> None:
    late = book.invoice("01-02", "BEN", "10.00", "01-10")
    in_time = book.invoice("01-02", "BEN", "10.00", "02-10")
    book.invoice("01-02", "KID", "4.00", "01-20")
    book.pay("01-15", "BEN", "10.00", late)
    book.pay("02-01", "BEN", "10.00", in_time)
    found = book.in_euro("late", "02-20")
    assert (found["invoices"], found["late"], found["members"], found["unpaid"]) == (3, 2, 2, "4.00")
    assert [
        (row["member"], row["invoices"], row["late"], row["days_average"], row["unpaid"]) for row in found["rows"]
    ] == [("ANA", 1, 1, 31, "4.00"), ("BEN", 2, 1, 5, "0.00")]


def statement(book: Book, day: str, **options: Any) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    found = book.in_euro("statement", day, member="ANA", **options)
    rows = [(row["date"][5:], row["kind"], row["amount"], row["balance"]) for row in found["rows"]]
    return found, rows


def test_a_statement_has_every_entry_and_ends_with_what_is_open_less_credit(book: Book) -> None:
    first = book.invoice("01-02", "ANA", "50.00", "01-10")
    book.invoice("01-05", "KID", "20.00", "02-10")
    void = book.invoice("01-06", "ANA", "5.00", "02-10")
    book.pay("01-20", "ANA", "60.00")
    book.credit("01-21", void, "1.00")
    book.at("01-22").invoices.void(void, reason="x")
    paid = book.pay("01-25", "ANA", "30.00")
    book.at("01-28").payments.reverse(paid, reason="bounced")
    found, rows = statement(book, "01-31")
    assert rows == [
        ("01-02", "invoice", "50.00", "50.00"),
        ("01-05", "invoice", "20.00", "70.00"),
        ("01-06", "invoice", "5.00", "75.00"),
        ("01-20", "receipt", "-60.00", "15.00"),
        ("01-21", "credit_note", "-1.00", "14.00"),
        ("01-22", "void", "-4.00", "10.00"),
        ("01-25", "receipt", "-30.00", "-20.00"),
        ("01-28", "reversal", "30.00", "10.00"),
    ]
    assert (found["opening"], found["closing"], found["open"], found["credit"]) == ("0.00", "10.00", "10.00", "0.00")
    assert found["rows"][0]["reference"] == first
    named = {(row["member"], row["name"]) for row in found["rows"]}
    assert len(named) == 2
    assert all(name for _number, name in named)
    assert statement(book, "01-26")[0]["credit"] == "20.00"
    assert book.report("statement", "01-31", member="KID")["member"] == "ANA"


def test_a_statement_from_a_day_begins_with_the_balance_before(book: Book) -> None:
    book.invoice("01-02", "ANA", "50.00", "01-10")
    book.pay("01-20", "ANA", "20.00")
    book.invoice("02-02", "ANA", "50.00", "02-10")
    first = book.at("02-01").today()
    found, rows = statement(book, "02-28", first=first)
    assert found["opening"] == "30.00"
    assert rows == [("02-02", "invoice", "50.00", "80.00")]
    assert statement(book, "01-31")[0]["closing"] == "30.00"
    found, rows = statement(book, "02-28", first=book.at("01-20").today())
    assert (found["opening"], rows[0]) == ("50.00", ("01-20", "receipt", "-20.00", "30.00"))


def test_options_a_report_does_not_know_are_wrong_usage(book: Book) -> None:
    with pytest.raises(DuesdeskError) as refused:
        book.report("credit", "02-01", scope="open")
    assert (refused.value.code, refused.value.exit_code) == ("option-not-of-report", 2)


def test_an_empty_book_has_every_report(book: Book) -> None:
    for report in REPORTS:
        options = {"member": "BEN"} if report.name in ("statement", "invoices") else {}
        found = book.report(report.name, "02-01", **options)
        assert found.get("currencies", found.get("rows")) == []


def test_a_payment_dated_later_is_not_seen(book: Book) -> None:
    book.invoice("01-02", "BEN", "20.00", "01-10")
    book.at("02-01").payments.pay(PayRequest("BEN", 500, "EUR", on=book.at("01-20").today()))
    assert book.in_euro("partial", "01-19") == {}
    assert book.in_euro("partial", "01-20")["partial"] == "15.00"
