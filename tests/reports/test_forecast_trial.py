"""A forecast by habit is nearer to what came than those that know of none: on a book of our own, and on a real one."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import early, payers, trial
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.reports import document
from duesdesk.services.imports.views import ImportRequest

SAMPLE = Path(__file__).resolve().parents[2] / "../shared/data/receivables/ibm_accounts_receivable.csv"


@pytest.fixture
def brought(template: Path, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "trial.db"
    shutil.copy(template, path)
    desk = open_desk(str(path), clock=Clock(date(2026, 11, 22)))
    yield desk
    desk.close()


def judged(desk: Desk, first: date, last: date) -> dict[str, trial.Judged]:
    found = trial.said(desk, "EUR", first, last)
    assert len(found) > 40
    return trial.judge(found)


def test_where_payers_have_habits_they_tell_more_than_the_due_day_or_the_last_month(
    brought: Desk, tmp_path: Path
) -> None:
    payers.write(tmp_path / "payers.csv")
    assert brought.imports.run(ImportRequest("receivables", tmp_path / "payers.csv")).written
    found = judged(brought, date(2025, 1, 6), payers.LAST)
    for way in trial.WAYS[1:]:
        assert found[trial.HABIT].week_error * 10 < found[way].week_error * 8
        assert found[trial.HABIT].weeks_error < found[way].weeks_error


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the public sample is not here")
def test_in_the_second_year_of_the_public_sample_habit_is_nearer_than_the_others(brought: Desk) -> None:
    assert brought.imports.run(ImportRequest("receivables", SAMPLE, profile="ibm-receivables")).written
    found = judged(brought, date(2013, 1, 7), date(2013, 12, 1))
    for way in trial.WAYS[1:]:
        assert found[trial.HABIT].week_error < found[way].week_error
        assert found[trial.HABIT].weeks_error < found[way].weeks_error


def test_a_sign_tells_more_than_chance_where_somebody_slips(brought: Desk, tmp_path: Path) -> None:
    payers.write(tmp_path / "payers.csv")
    assert brought.imports.run(ImportRequest("receivables", tmp_path / "payers.csv")).written
    found = early.count(brought, date(2025, 1, 6), payers.LAST)
    assert found.became > 20
    assert found.precision > 2 * found.base_rate
    assert found.recall > 50


@pytest.mark.parametrize("day", [date(2024, 9, 4), date(2025, 3, 9), date(2025, 10, 31)], ids=str)
def test_a_book_that_ends_on_a_day_says_the_same_as_one_that_goes_on(
    template: Path, brought: Desk, tmp_path: Path, day: date
) -> None:
    payers.write(tmp_path / "all.csv")
    assert brought.imports.run(ImportRequest("receivables", tmp_path / "all.csv")).written
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["issued_on"] <= day.isoformat()]
    for row in rows:
        if row["settled_on"] > day.isoformat():
            row["settled_on"] = ""
    with (tmp_path / "known.csv").open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(file, payers.HEADERS)
        written.writeheader()
        written.writerows(rows)
    shutil.copy(template, tmp_path / "known.db")
    ends = open_desk(str(tmp_path / "known.db"), clock=Clock(date(2026, 11, 22)))
    assert ends.imports.run(ImportRequest("receivables", tmp_path / "known.csv")).written
    for name in ("forecast", "signs"):
        goes_on, ended = (document(desk.reports.read(name, as_of=day)) for desk in (brought, ends))
        assert goes_on == ended
        assert goes_on["currencies"]
    ends.close()


def test_each_past_week_is_told_as_the_report_of_the_evening_before_told_it(brought: Desk, tmp_path: Path) -> None:
    payers.write(tmp_path / "payers.csv")
    assert brought.imports.run(ImportRequest("receivables", tmp_path / "payers.csv")).written

    def told(day: date) -> dict[str, Any]:
        (found,) = document(brought.reports.read("forecast", as_of=day, weeks=6))["currencies"]
        return found  # type: ignore[no-any-return]  # JSON

    later = told(date(2025, 6, 18))["past"]
    assert len(later) == 6
    for row in later:
        then = told(date.fromisoformat(row["week"]) - timedelta(days=1))["rows"][0]
        assert {**row, "came": None, "error": None} == then
        assert row["came"] != "0.00"
