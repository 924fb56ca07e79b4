"""The forecast and the early signs as commands: documents, tables and files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.called import Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


def test_a_forecast_is_one_document_with_as_many_weeks_as_asked_for(call: Command) -> None:
    call("invoice", "issue", "M00001", "60.00", "--due", "2026-12-02").done()
    call("promise", "M00001", "50.00", "2026-12-09").done()
    found = call("report", "forecast", "--weeks", "3", "--json").done().document
    assert (found["as_of"], found["weeks"]) == ("2026-11-22", 3)
    (euro,) = found["currencies"]
    # Today is a Sunday: the first week begins tomorrow.
    assert [(row["week"], row["due"], row["promised"]) for row in euro["rows"]] == [
        ("2026-11-23", "0.00", "0.00"),
        ("2026-11-30", "60.00", "0.00"),
        ("2026-12-07", "0.00", "50.00"),
    ]
    assert (euro["open"], euro["expected"], euro["later"]) == ("135.00", "110.00", "25.00")
    assert [row["week"] for row in euro["past"]] == ["2026-11-02", "2026-11-09", "2026-11-16"]


def test_the_invoices_behind_a_week_and_behind_later_can_be_asked_for(call: Command) -> None:
    call("promise", "M00001", "50.00", "2026-12-09").done()
    found = call("report", "forecast", "--week", "2026-12-13", "--json").done().document
    assert found["week"] == "2026-12-07"
    (euro,) = found["currencies"]
    assert [(row["source"], row["member"], row["expected"]) for row in euro["rows"]] == [
        ("promised", "M00001", "45.00"),
        ("promised", "M00001", "5.00"),
    ]
    later = call("report", "forecast", "--week", "later", "--json").done().document
    assert later["week"] is None
    assert [row["expected"] for row in later["currencies"][0]["rows"]] == ["25.00"]


def test_both_are_written_to_files(call: Command, tmp_path: Path) -> None:
    for name, head in (("forecast", ["currency", "week", "falls_due"]), ("signs", ["currency", "place", "member"])):
        call("promise", "M00001", "5.00", "2026-11-22").done()
        call("report", name, "--csv", str(tmp_path / "a.csv"), "--xlsx", str(tmp_path / "a.xlsx")).done()
        with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert rows[0][:3] == head
        assert (tmp_path / "a.xlsx").stat().st_size > 1000
    assert len(rows) >= 1


def test_signs_are_told_in_the_language_of_the_screen(call: Command) -> None:
    call("invoice", "issue", "M00001", "60.00", "--on", "2026-11-01", "--due", "2026-11-10").done()
    call("member", "add", "Ben Ock").done()
    call("invoice", "issue", "M00003", "60.00", "--on", "2026-11-01", "--due", "2026-11-10").done()
    call("promise", "M00003", "60.00", "2026-11-22").done()
    found = call("--today", "2026-11-23", "report", "signs", "--json").done().document
    (euro,) = found["currencies"]
    # Ana has owed since October: she is a debtor already.
    assert (euro["looked_at"], euro["debtors"]) == (2, 1)
    assert [(row["member"], row["reasons"][0]["reason"]) for row in euro["rows"]] == [("M00003", "1 promise broken.")]
    told = call("--today", "2026-11-23", "report", "signs", lang="es").done().out
    assert "1 promesa rota." in told
    assert "Nothing" not in call("--today", "2026-11-23", "report", "signs", "--member", "M00003").done().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--weeks", "0"], "from 1 to 53"),
        (["--weeks", "99"], "from 1 to 53"),
        (["--week", "2028-01-03"], "please name one of those, or later"),
        (["--week", ""], "is not a day"),
        (["--week", "soon"], "is not a day"),
        (["--scope", "open"], "does not know"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_is_refused(call: Command, words: list[str], said: str) -> None:
    refused = call("report", "forecast", *words, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
