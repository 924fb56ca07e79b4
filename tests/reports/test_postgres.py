"""Every report gives the same document on PostgreSQL as on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.reports import REPORTS
from duesdesk.services.workplace import Centre
from tests.reports.book import Book, on


def everything(book: Book) -> list[dict[str, Any]]:
    """A little of all that can befall a book, and every report on four days of it."""
    for number, name, payer in (("ANA", "Ana Ruiz", None), ("BEN", "Ben Ock", None), ("KID", "Kid Ruiz", "ANA")):
        book.member(number, name, payer)
    late = book.invoice("01-02", "KID", "30.00", "01-10")
    part = book.invoice("01-03", "BEN", "45.00", "02-10")
    void = book.invoice("01-04", "ANA", "5.00", None)
    book.invoice("01-05", "ANA", "700", "01-20", currency="JPY")
    book.draft("01-06", "BEN", "9.00", "02-01", issued="02-02")
    book.pay("01-20", "BEN", "20.00", part)
    back = book.pay("01-21", "ANA", "60.00", method="card")
    book.credit("01-22", part, "1.00", "waiver")
    book.at("01-23").invoices.dispute(part, reason="no")
    book.at("01-24").payments.refund(back, 4000)
    book.at("01-25").invoices.void(void, reason="x")
    book.at("01-26").invoices.move_due(part, on("02-20"))
    book.at("01-27").bookings.check_in("KID")
    book.at("01-27").promises.take("ANA", 1000, "EUR", on("03-01"))
    book.credit("03-01", late, None, "write_off")
    found = []
    for report in REPORTS:
        members = ["ANA", "BEN"] if "member" in report.options else [None]
        for member in members:
            options = {"member": member} if member else {}
            found += [book.report(report.name, day, **options) for day in ("01-15", "01-27", "02-21", "12-31")]
    return found


@pytest.mark.postgres
def test_reports_are_the_same_on_both_engines(postgres_url: str, at: Callable[..., Desk]) -> None:
    centre = Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en")
    found_centre(postgres_url, centre, clock=Clock(date(2026, 1, 1)), crm=True)
    opened: list[Desk] = []

    def there(today: date) -> Desk:
        opened.append(open_desk(postgres_url, clock=Clock(today)))
        return opened[-1]

    try:
        on_postgres = everything(Book(there))
    finally:
        for desk in opened:
            desk.close()
    on_sqlite = everything(Book(at))
    assert on_postgres == on_sqlite
    asked = sum(2 if "member" in report.options else 1 for report in REPORTS)
    assert len(on_sqlite) == 4 * asked
    assert any(report.get("rows") for report in on_sqlite)
