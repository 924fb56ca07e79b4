"""The public receivables sample: every figure of any past day, against a reckoning that knows nothing of the program.

The sample (2,466 invoices of 100 customers, 2012-2013) lies beside the repository where somebody fetched it.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.reports import document
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest

SAMPLE = Path(__file__).resolve().parents[2] / "../shared/data/receivables/ibm_accounts_receivable.csv"
DAYS = [
    date(2011, 12, 31),
    date(2012, 1, 31),
    date(2012, 6, 30),
    date(2012, 12, 31),
    date(2013, 2, 28),
    date(2013, 7, 15),
    date(2013, 12, 2),
    date(2014, 3, 1),
]
pytestmark = pytest.mark.skipif(not SAMPLE.is_file(), reason="the public sample is not here")


@dataclass(frozen=True)
class Row:
    """A line of the sample, read with nothing but csv and Decimal."""

    member: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    disputed: bool
    settled_on: date

    def is_open(self, day: date) -> bool:
        return self.issued_on <= day and not max(self.settled_on, self.issued_on) <= day

    def days(self, day: date) -> int:
        return max(0, (day - self.due_on).days)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    def day(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007  # a day has no zone

    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["customerID"],
                line["invoiceNumber"],
                day(line["InvoiceDate"]),
                day(line["DueDate"]),
                Decimal(line["InvoiceAmount"]),
                line["Disputed"] == "Yes",
                day(line["SettledDate"]),
            )
            for line in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("receivables") / "desk.db"
    shutil.copy(template, path)
    opened = open_desk(str(path), clock=Clock(date(2026, 11, 22)))
    result = Imports(opened.place).run(ImportRequest("receivables", SAMPLE, profile="ibm-receivables"))
    assert (result.read, result.created, result.rejected) == (2466, 2466, ())
    yield opened
    opened.close()


def report(desk: Desk, name: str, day: date, **options: Any) -> dict[str, Any]:
    found = document(desk.reports.read(name, as_of=day, **options))
    assert found["as_of"] == day.isoformat()
    assert len(found["currencies"]) <= 1
    currencies: list[dict[str, Any]] = found["currencies"]
    return currencies[0] if currencies else {}


def total(rows: list[Row]) -> str:
    return f"{sum((row.amount for row in rows), Decimal(0)):.2f}"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_unpaid_is_right_to_the_cent_on_any_day(desk: Desk, rows: list[Row], day: date) -> None:
    opened = [row for row in rows if row.is_open(day)]
    late = [row for row in opened if row.days(day)]
    found = report(desk, "unpaid", day)
    if not opened:
        assert found == {}
        return
    assert found["unpaid"] == total(late)
    assert found["debtors"] == len({row.member for row in late})
    assert found["unpaid_invoices"] == len(late)
    assert found["unpaid_undisputed"] == total([row for row in late if not row.disputed])
    assert found["open"] == total(opened)
    assert found["open_members"] == len({row.member for row in opened})
    assert found["open_invoices"] == len(opened)
    assert found["open_undisputed"] == total([row for row in opened if not row.disputed])
    assert found["due_today"] == total([row for row in opened if row.due_on == day])


@pytest.mark.parametrize("scope", ["overdue", "open"])
@pytest.mark.parametrize("day", DAYS[2:-1], ids=str)
def test_each_member_owes_what_the_sample_says(desk: Desk, rows: list[Row], day: date, scope: str) -> None:
    opened = [row for row in rows if row.is_open(day)]
    listed = opened if scope == "open" else [row for row in opened if row.days(day)]
    expected = []
    for member in {row.member for row in listed}:
        own = [row for row in listed if row.member == member]
        expected.append(
            (
                member,
                total([row for row in opened if row.member == member and row.days(day)]),
                total([row for row in opened if row.member == member]),
                len(own),
                min(row.due_on for row in own).isoformat(),
                max(row.days(day) for row in own),
            )
        )
    expected.sort(key=lambda row: (-Decimal(row[2 if scope == "open" else 1]), row[0]))
    found = [
        (row["member"], row["unpaid"], row["open"], row["invoices"], row["oldest_due"], row["days"])
        for row in report(desk, "unpaid", day, scope=scope)["rows"]
    ]
    assert found == expected
    assert expected


@pytest.mark.parametrize("edges", [(30, 60, 90), (15, 45), (1, 7, 14, 28)], ids=str)
@pytest.mark.parametrize("day", DAYS[1:-1:2], ids=str)
def test_ageing_is_right_with_any_edges(desk: Desk, rows: list[Row], day: date, edges: tuple[int, ...]) -> None:
    bounds = [(-1, 0), *zip((0, *edges), (*edges, 100_000), strict=True)]
    names = ["current", *(f"{low + 1}-{high}" for low, high in bounds[1:-1]), f"{edges[-1] + 1}+"]
    opened = [row for row in rows if row.is_open(day)]
    within = [[row for row in opened if low < row.days(day) <= high] for low, high in bounds]
    found = report(desk, "ageing", day, edges=edges)
    assert [(one["name"], one["invoices"], one["amount"]) for one in found["buckets"]] == [
        (name, len(bucket), total(bucket)) for name, bucket in zip(names, within, strict=True)
    ]
    for row in found["rows"]:
        assert [one["amount"] for one in row["buckets"]] == [
            total([item for item in bucket if item.member == row["member"]]) for bucket in within
        ]
    assert {row["member"] for row in found["rows"]} == {row.member for row in opened}


@pytest.mark.parametrize("day", DAYS[2:-1:2], ids=str)
def test_every_invoice_of_the_sample_stands_as_it_stood(desk: Desk, rows: list[Row], day: date) -> None:
    found = {row["invoice"]: row for row in report(desk, "invoices", day)["rows"]}
    assert set(found) == {row.number for row in rows if row.issued_on <= day}
    for row in rows:
        if row.issued_on > day:
            continue
        told = found[row.number]
        is_open = row.is_open(day)
        assert (told["status"], told["disputed"]) == ("unpaid" if is_open else "paid", row.disputed)
        assert told["open"] == (f"{row.amount:.2f}" if is_open else "0.00")
        assert told["days_overdue"] == (row.days(day) if is_open else 0)


@pytest.mark.parametrize("day", DAYS[2:-1:2], ids=str)
def test_days_of_billing_follow_the_sample(desk: Desk, rows: list[Row], day: date) -> None:
    opened = sum((row.amount for row in rows if row.is_open(day)), Decimal(0))
    billed = sum((row.amount for row in rows if day - timedelta(days=90) < row.issued_on <= day), Decimal(0))
    found = report(desk, "dso", day)
    assert found["billed"] == f"{billed:.2f}"
    assert found["dso"] == str((opened / billed * 90).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_the_takings_of_a_month_are_what_was_settled_in_it(desk: Desk, rows: list[Row]) -> None:
    first, last = date(2012, 10, 1), date(2012, 10, 31)
    settled = [row for row in rows if first <= row.settled_on <= last]
    found = report(desk, "takings", last, first=first)
    assert (found["payments"], found["amount"]) == (len(settled), total(settled))
