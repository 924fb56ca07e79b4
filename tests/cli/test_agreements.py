"""`plan`, `settle` and `agreements`: the documents that scripts rely on, and what people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk import i18n
from tests.cli.called import Call, Command, caller


@pytest.fixture
def owes(call: Command) -> Call:
    """M00001 owes 100.00 since October."""
    call("member", "add", "Ana Ruiz", "--email", "ana@example.org").done()
    return call("invoice", "issue", "M00001", "100.00", "--on", "2026-10-01", "--due", "2026-10-15").done()


@pytest.mark.usefixtures("owes")
def test_a_plan_is_told_with_its_parts_their_days_and_states(call: Command) -> None:
    words = ["plan", "M00001", "--parts", "3", "--first", "2026-11-30", "--every-months", "1", "--grace", "5"]
    made = call(*words, "--json").done().document
    assert made["state"] == "running"
    assert made["parts"] == [
        {"n": 1, "due_on": "2026-11-30", "amount": "33.33", "paid": "0.00", "state": "open"},
        {"n": 2, "due_on": "2026-12-30", "amount": "33.33", "paid": "0.00", "state": "open"},
        {"n": 3, "due_on": "2027-01-30", "amount": "33.34", "paid": "0.00", "state": "open"},
    ]
    call("pay", "M00001", "40").done()
    shown = call("member", "show", "M00001", "--json").done().document
    (agreed,) = shown["agreements"]
    assert agreed["plan"] == made["plan"]
    assert [(part["paid"], part["state"]) for part in agreed["parts"]] == [
        ("33.33", "paid"), ("6.67", "open"), ("0.00", "open"),
    ]  # fmt: skip
    assert (shown["unpaid"], agreed["open"]) == ("60.00", "60.00")
    assert [(one["kind"], one["state"], one["due_on"]) for one in shown["timeline"] if one["kind"] == "plan"] == [
        ("plan", "running", "2026-12-30")
    ]
    assert "plan  running" in call("member", "show", "M00001").done().out


@pytest.mark.usefixtures("owes")
def test_a_settlement_is_kept_by_its_payment_whose_answer_tells_what_was_waived(call: Command) -> None:
    made = call("settle", "M00001", "60", "--by", "2026-12-01", "--json").done().document
    told = {name: made[name] for name in ("amount", "waives", "by", "state")}
    assert told == {"amount": "60.00", "waives": "40.00", "by": "2026-12-01", "state": "open"}
    part = call("pay", "M00001", "59.99", "--json").done().document
    assert (part["unpaid"], "agreements" in part) == ("40.01", False)
    paid = call("pay", "M00001", "0.01", "--json").done().document
    assert (paid["unpaid"], paid["open"]) == ("0.00", "0.00")
    assert [(one["state"], one["waived"]) for one in paid["agreements"]] == [("kept", "40.00")]
    (agreed,) = call("member", "show", "M00001", "--json").done().document["agreements"]
    assert (agreed["state"], agreed["waived"]) == ("kept", "40.00")
    rows = call("report", "invoices", "--json").done().document["currencies"][0]["rows"]
    assert [(row["paid"], row["credited"], row["open"], row["status"]) for row in rows] == [
        ("60.00", "40.00", "0.00", "paid")
    ]
    undone = call("undo", "--json").done().document
    assert (undone["unpaid"], undone["agreements"][0]["owed_again"]) == ("40.01", "40.00")
    call("verify").done()


@pytest.mark.usefixtures("owes")
def test_a_missed_part_is_late_then_breaks_the_plan_and_run_says_what_it_holds(
    call: Command, store: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    call("plan", "M00001", "--parts", "2", "--first", "2026-12-01", "--grace", "3").done()
    held = call("run", "--json").done().document["held"]
    assert {(one["reason"], one["until"]) for one in held if one["reason"] == "plan"} == {("plan", "2026-12-04")}
    for day, state in (("2026-12-01", "running"), ("2026-12-02", "late"), ("2026-12-05", "broken")):
        later = caller(capfd, "--db", str(store), "--today", day, "--lang", "en")
        found = later("agreements", "list", "--json").done().document["agreements"]
        assert [one["state"] for one in found] == [state]
    taken = later("run", "--json").done().document["taken"]
    assert [one["action"] for one in taken] == ["notice"]
    assert later("agreements", "show", "1", "--json").done().document["decisions"][0]["kind"] == "broken"
    assert later("agreements", "list", "--state", "broken").done().out.count("broken") == 1
    assert later("agreements", "list", "--state", "running", "--json").done().document == {"agreements": []}


@pytest.mark.usefixtures("owes")
def test_agreements_are_told_to_people_and_written_to_files(call: Command, tmp_path: Path) -> None:
    made = call("plan", "M00001", "--each", "40", "--first", "2026-11-30", "--note", "with Bea").done().out
    assert "Plan 1 of M00001, running: €100.00 in 3 parts, invoices INV-00001." in made
    assert "3  30 Jan 2027  €20.00  to come" in made
    call("agreements", "cancel", "1", "--reason", "they pay at once").done()
    shown = call("agreements", "show", "1").done().out
    assert "22 Nov 2026  cancelled  owner (they pay at once)" in shown
    settled = call("settle", "M00001", "60", "--by", "2026-12-01").done().out
    assert settled == "Settlement 2 of M00001, open: €60.00 by 1 Dec 2026; €40.00 is waived when it came.\n"
    call("agreements", "list", "--csv", str(tmp_path / "a.csv")).done()
    assert "2,settlement,M00001,EUR,60.00,0.00,2026-12-01,open" in (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert call("agreements", "list", "--member", "M00001", "--json").document["agreements"][1]["plan"] == 1


@pytest.mark.usefixtures("owes")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["plan", "M00001", "--parts", "2"], 2, "--first"),
        (["plan", "M00001", "--first", "2026-12-01"], 2, "number of parts"),
        (["plan", "M00001", "--parts", "2", "--each", "5", "--first", "2026-12-01"], 2, "number of parts"),
        (["plan", "M00001", "--parts", "0", "--first", "2026-12-01"], 3, "from 1 to 120"),
        (["plan", "M00001", "--parts", "2", "--first", "2026-11-21"], 3, "is over"),
        (["plan", "M00001", "--parts", "2", "--first", "soon"], 2, "is not a day"),
        (["plan", "NOBODY", "--parts", "2", "--first", "2026-12-01"], 3, "NOBODY"),
        (["plan", "M00001", "--parts", "2", "--first", "2026-12-01", "--invoice", "X"], 3, "X"),
        (["plan", "M00001", "--each", "0", "--first", "2026-12-01"], 3, "above zero"),
        (["settle", "M00001", "100", "--by", "2026-12-01"], 3, "€100.00"),
        (["settle", "M00001", "60", "--by", "2026-11-21"], 3, "is over"),
        (["agreements", "show", "9"], 3, "no agreement 9"),
        (["agreements", "cancel", "9"], 3, "reason"),
        (["agreements", "approve", "9"], 3, "no agreement 9"),
        (["agreements", "list", "--state", "sad"], 2, "sad"),
    ],
)
def test_what_cannot_be_agreed_is_told_in_a_sentence(call: Command, arguments: list[str], code: int, said: str) -> None:
    answered = call(*arguments)
    assert (answered.code, answered.out) == (code, "")
    assert said in answered.err


@pytest.mark.usefixtures("owes")
def test_agreements_speak_spanish(call: Command) -> None:
    made = call("plan", "M00001", "--parts", "2", "--first", "2026-11-30", lang="es").done().out
    i18n.set_language("en")
    assert "en 2 cuotas" in made
    assert "por venir" in made
