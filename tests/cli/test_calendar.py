"""The calendar as a command: one document, a table, files, and months that are none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.called import Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


def test_a_month_is_one_document_with_its_days_and_their_rows(call: Command) -> None:
    call("invoice", "issue", "M00001", "60.00", "--due", "2026-12-02").done()
    call("promise", "M00001", "50.00", "2026-12-09").done()
    found = call("report", "calendar", "--month", "2026-12", "--json").done().document
    assert (found["as_of"], found["month"], found["ahead_until"]) == ("2026-11-22", "2026-12-01", "2026-12-31")
    (euro,) = found["currencies"]
    assert (euro["falls_due"], euro["promised"], euro["planned"]) == ("60.00", "50.00", "0.00")
    assert [(one["date"], one["falls_due"]) for one in euro["days"] if one["invoices"]] == [("2026-12-02", "60.00")]
    assert len(euro["days"]) == 31
    assert [row["status"] for row in euro["rows"] if row["kind"] == "promise"] == ["open"]


def test_without_a_month_it_is_that_of_the_day(call: Command) -> None:
    assert call("report", "calendar", "--json").done().document["month"] == "2026-11-01"
    assert call("report", "calendar", "--as-of", "2026-10-03", "--json").done().document["month"] == "2026-10-01"


def test_it_is_written_to_files_with_the_closed_days(call: Command, tmp_path: Path) -> None:
    call("promise", "M00001", "50.00", "2026-12-09").done()
    files = ["--csv", str(tmp_path / "a.csv"), "--xlsx", str(tmp_path / "a.xlsx")]
    call("report", "calendar", "--month", "2026-12", *files).done()
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {"promise", "closed"} <= {row["kind"] for row in rows}
    assert [row["status"] for row in rows if row["date"] == "2026-12-25"] == ["public_holiday"]
    assert (tmp_path / "a.xlsx").stat().st_size > 1000


@pytest.mark.parametrize("month", ["2026-13", "2026", "", "december", "2026-12-01"])
def test_a_month_that_is_none_is_refused_with_what_is_wanted(call: Command, month: str) -> None:
    refused = call("report", "calendar", "--month", month)
    assert refused.code == 2
    assert "is not a month, such as 2026-09" in refused.err


def test_a_month_is_asked_of_the_calendar_only(call: Command) -> None:
    refused = call("report", "unpaid", "--month", "2026-12")
    assert refused.code == 2
    assert "does not know" in refused.err
