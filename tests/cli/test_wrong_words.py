"""What is typed wrong is answered by a short sentence that says what to do; every list can be written to a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.called import Call, Command
from tests.cli.test_writing import READING

pytestmark = pytest.mark.usefixtures("desk_with_debts")


def refused(said: Call) -> str:
    assert said.code in (2, 3), said
    assert said.out == ""
    return said.err


def test_an_unknown_setting_is_answered_with_a_few_that_may_have_been_meant(call: Command) -> None:
    assert "duesdesk settings show" in refused(call("settings", "set", "foo", "bar"))
    told = refused(call("settings", "set", "notices.cooling", "5"))
    assert "notices.cooling_minutes" in told
    assert "whatsapp" not in told


def test_an_unknown_template_is_answered_with_all_there_are(call: Command) -> None:
    told = refused(call("notice", "M00001", "--template", "nope"))
    assert "…" not in told
    assert "formal_letter" in told


def test_a_snooze_is_for_days_or_until_a_day(call: Command) -> None:
    call("snooze", "M00001", "--until", "2026-12-24", "--reason", "ill").done()
    assert "--until" in refused(call("snooze", "M00001", "--reason", "ill"))
    assert "--until" in refused(call("snooze", "M00001", "5", "--until", "2026-12-24", "--reason", "ill"))


def test_all_that_a_membership_lacks_is_told_at_once(call: Command) -> None:
    told = refused(call("membership", "add"))
    assert [one for one in ("MEMBER", "--plan", "--price") if one not in told] == []
    assert "--price" not in refused(call("membership", "add", "M00001", "--price", "5"))


def test_all_that_is_wrong_with_a_membership_is_told_at_once(call: Command) -> None:
    words = ["--plan", " ", "--price", "abc", "--period", "moon", "--day", "40", "--from", "2026-13-01"]
    said = call("membership", "add", "M09999", *words, "--ends", "yesterday", "--json")
    lines = refused(said).splitlines()
    assert said.code == 2
    assert len(lines) == len(set(lines)) == 7
    for named in ("M09999", "abc", "moon", "40", "--from", "--ends"):
        assert any(named in line for line in lines), named
    apart = ["--plan", "Gym", "--price", "5", "--from", "2026-12-01", "--ends", "2026-11-30", "--day", "77"]
    assert len(refused(call("membership", "add", "M00001", *apart)).splitlines()) == 2
    assert call("membership", "list", "--json").document == {"memberships": []}


NO_ROWS = {
    "agreements show", "digest", "doctor", "member show", "notices show", "rule check", "rule explain", "rule show",
    "template check", "template show", "verify",
}  # fmt: skip
"""Commands that answer a page or one thing, and no rows."""
LISTS = sorted(READING - NO_ROWS)
ASKED = {"member find": ["ana"], "member reach": ["M00001"], "report": ["unpaid"]}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_written_to_a_file_beside_its_document(call: Command, tmp_path: Path, name: str) -> None:
    words = [*name.split(), *ASKED.get(name, [])]
    target, book = tmp_path / "list.csv", tmp_path / "list.xlsx"
    said = call(*words, "--csv", str(target), "--xlsx", str(book), "--json").done()
    assert isinstance(said.document, dict)
    alone = call(*words, "--json").done()
    assert said.out == alone.out
    assert book.stat().st_size > 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [] or len(rows[0]) >= 2
    assert call(*words, "--csv", str(target)).done().out == ""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_cannot_be_written_says_which_file(call: Command, tmp_path: Path, name: str) -> None:
    words = [*name.split(), *ASKED.get(name, [])]
    told = refused(call(*words, "--csv", str(tmp_path), "--json"))
    assert str(tmp_path) in told


def test_an_unknown_state_of_notices_is_told_in_the_language_of_the_centre(bare: Command, tmp_path: Path) -> None:
    centre = ("--db", str(tmp_path / "es.db"))
    words = ("--name", "G", "--currency", "EUR", "--country", "ES", "--timezone", "Europe/Madrid", "--language", "es")
    bare(*centre, "init", *words).done()
    told = refused(bare(*centre, "notices", "list", "--state", "foo"))
    assert "«foo» no se conoce aquí" in told


def test_words_of_a_notice_that_mean_nothing_are_told_with_what_may_be(call: Command) -> None:
    assert "please choose one of" in refused(call("notice", "M00001", "--channel", "pigeon"))
    assert "pigeon" in refused(call("notice", "--unpaid", "--channel", "pigeon"))
    assert "Nobody is in the group" in refused(call("notice", "--group", "nosuch"))
    assert "--min-days" in refused(call("notice", "--unpaid", "--min-days", "-3"))
    assert "Nobody called" in refused(call("tasks", "list", "--owner", "Bob"))


def test_what_was_taken_back_is_told_in_words(call: Command) -> None:
    call("talk", "M00001", "--outcome", "informed").done()
    assert "Taken back: Talk (M00001)." in call("undo").done().out
    call("pay", "M00001", "1.00").done()
    assert "Taken back: Payment PAY-" in call("undo").done().out
    call("snooze", "M00001", "5", "--reason", "ill").done()
    assert "Taken back: No contact up to " in call("undo").done().out


def test_a_notice_that_has_left_is_not_said_to_be_cancelled_by_now(call: Command) -> None:
    call("settings", "set", "notices.hours", "always").done()
    notice = str(call("notice", "M00001", "--template", "reminder_friendly", "--json").done().document["notice"])
    call("notices", "now", notice).done()
    assert "does not wait" in refused(call("notices", "now", notice))
    shown = call("notices", "show", notice, "--json").done().document
    assert shown["state"] == "sent"


def test_a_notice_to_many_under_the_same_key_answers_what_it_answered(call: Command) -> None:
    words = ["notice", "--unpaid", "--template", "reminder_friendly", "--key", "K1", "--json"]
    first = call(*words).done().document
    assert first["count"] > 0
    assert call(*words).done().document == first


def test_the_next_talk_is_not_on_a_day_that_is_over(call: Command) -> None:
    assert "is over" in refused(call("talk", "M00001", "--outcome", "call_back", "--next", "2020-01-01"))
