"""Small promises to scripts: what is empty, unknown or impossible is refused, and told by its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


@pytest.mark.parametrize(
    "words",
    [
        ["report", "unpaid", "--as-of", ""],
        ["report", "daily", "--date", ""],
        ["report", "takings", "--from", ""],
        ["report", "takings", "--to", ""],
        ["pay", "M00001", "5", "--on", ""],
        ["invoice", "issue", "M00001", "5", "--on", ""],
        ["invoice", "issue", "M00001", "5", "--due", ""],
        ["invoice", "move-due", "INV-00001", ""],
        ["promise", "M00001", "5", ""],
        ["talk", "M00001", "--outcome", "other", "--next", ""],
        ["member", "add", "Bo", "--joined-on", ""],
        ["send", "--date", ""],
    ],
    ids=" ".join,
)
def test_a_day_that_was_left_empty_is_not_taken_for_today(call: Command, words: list[str]) -> None:
    refused = call(*words, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "“”" in refused.err


FAR = ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31")


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize(
    "words",
    [
        ["report", "dso", "--as-of"],
        ["report", "daily", "--mode", "monthly", "--date"],
        ["pay", "M00001", "5", "--on"],
        ["invoice", "issue", "M00001", "5", "--due"],
        ["promise", "M00001", "5"],
        ["send", "--date"],
    ],
    ids=" ".join,
)
def test_a_day_nobody_can_mean_is_refused(call: Command, words: list[str], day: str) -> None:
    refused = call(*words, day, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "from 1900 to 2199" in refused.err


@pytest.mark.parametrize("when", [*FAR, "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_no_such_day_is_today(bare: Command, store: Path, when: str) -> None:
    refused = bare("--db", str(store), "--today", when, "report", "unpaid", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "from 1900 to 2199" in refused.err


def test_an_empty_day_still_takes_a_day_of_a_member_away(call: Command) -> None:
    call("member", "edit", "M00001", "--left-on", "2026-12-31").done()
    call("member", "edit", "M00001", "--left-on", "").done()
    assert call("member", "show", "M00001", "--json").document["left_on"] is None


@pytest.mark.parametrize(
    ("edges", "code"), [("30,20", 3), ("0,5", 3), ("-1", 3), ("a", 2), ("", 2), ("30,,60", 2), ("30;60", 2)]
)
def test_edges_that_cannot_be_read_are_wrong_usage_and_those_that_do_not_rise_are_refused(
    call: Command, edges: str, code: int
) -> None:
    refused = call("report", "ageing", f"--edges={edges}", "--json")
    assert (refused.code, refused.out) == (code, "")
    assert "30,60,90" in refused.err


def test_a_dispute_that_stands_and_one_that_does_not_are_told_in_a_sentence(call: Command) -> None:
    settled = call("dispute", "INV-00001", "--settled")
    assert (settled.code, settled.err) == (3, "INV-00001 is not disputed.\n")
    call("dispute", "INV-00001", "--reason", "x").done()
    again = call("dispute", "INV-00001", "--reason", "x")
    assert (again.code, again.err) == (3, "INV-00001 is disputed already.\n")


def test_nothing_cannot_be_given_back(call: Command) -> None:
    call("pay", "M00001", "5").done()
    for amount in ("0", "0.00"):
        refused = call("refund", "PAY-00001", amount)
        assert (refused.code, refused.err) == (3, "The amount must be above zero, not 0.00.\n")


def test_a_language_of_a_member_is_a_code_and_no_word(call: Command) -> None:
    for words in (["add", "Bo", "--language", "klingon"], ["edit", "M00001", "--language", "klingon"]):
        refused = call("member", *words, "--json")
        assert (refused.code, refused.out) == (3, "")
        assert "klingon" in refused.err
    for code in ("de", "pt-BR", "ro"):
        call("member", "edit", "M00001", "--language", code).done()
    call("member", "edit", "M00001", "--phone", "").done()
    assert call("member", "show", "M00001", "--json").document["language"] == "ro"


@pytest.mark.parametrize("when", ["soon", "2026-11-23T12:00:00", "2026-02-30"])
def test_a_wrong_instant_is_told_by_the_option_it_was_given_for(call: Command, bare: Command, when: str) -> None:
    assert "--date" in (sent := call("send", "--date", when)).err
    assert "--today" not in sent.err
    assert "--today" in bare("--today", when, "report", "unpaid").err


def test_an_invoice_that_is_none_or_anothers_is_told_as_such(call: Command) -> None:
    call("member", "add", "Bo", "--email", "bo@example.org").done()
    call("invoice", "issue", "M00003", "9").done()
    assert call("notice", "M00001", "--invoice", "NOPE").err == "There is no invoice “NOPE”.\n"
    assert call("notice", "M00001", "--invoice", "INV-00003").err == "INV-00003 is not paid by M00001.\n"
    call("pay", "M00003", "9").done()
    assert call("notice", "M00003", "--invoice", "INV-00003").err == "Nothing of INV-00003 is open.\n"


def test_people_read_instants_on_the_clock_of_the_centre(call: Command) -> None:
    assert call("notice", "M00001").done().out == "Notice 1 to ana@example.org waits until 22 Nov 2026 12:30.\n"
    assert "22 Nov 2026 12:00" in call("notices", "list").done().out
    assert call("notices", "list", "--json").document["notices"][0]["created_at"] == "2026-11-22T11:00:00+00:00"


def test_a_rejected_value_is_the_cell_as_it_stands_in_the_file(call: Command, tmp_path: Path) -> None:
    call("pay", "M00001", "5").done()
    file = tmp_path / "rows.csv"
    file.write_text("reference,invoice,on,amount,kind\nC1,INV-00001,2026-11-01,500,waiver\n", encoding="utf-8")
    (credit,) = call("import", "credits", str(file), "--json").document["rejected"]
    assert (credit["field"], credit["value"]) == ("amount", "500")
    file.write_text("reference,member,received_on,amount\nP1,M00001,2026-11-01,-700\n", encoding="utf-8")
    (payment,) = call("import", "payments", str(file), "--negative", "refund", "--json").document["rejected"]
    assert (payment["field"], payment["value"]) == ("amount", "-700")
    file.write_text("number,member,issued_on,amount\nINV-00001,M00001,2026-10-01,46\n", encoding="utf-8")
    (invoice,) = call("import", "invoices", str(file), "--json").document["rejected"]
    assert (invoice["field"], invoice["value"]) == ("amount", "46")
    assert "46.00" in invoice["reason"]
    assert "45.00" in invoice["reason"]


def test_a_row_of_one_cell_is_told_in_the_singular(call: Command, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("number,name\n97\n98,a,b\n", encoding="utf-8")
    one, three = call("import", "members", str(file), "--json").document["rejected"]
    assert one["reason"] == "This row has 1 cell, the header has 2."
    assert three["reason"] == "This row has 3 cells, the header has 2."
