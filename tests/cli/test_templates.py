"""`template`: the texts of notices by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")
OURS = "Subject: Hello {{ name }}\n\n{{ total }} is still missing.\n\n{{ signature }}\n"


@pytest.fixture
def ours(tmp_path: Path) -> str:
    file = tmp_path / "ours.liquid"
    file.write_text(OURS, encoding="utf-8")
    return str(file)


def test_a_text_is_checked_put_in_force_shown_and_given_back(call: Command, ours: str) -> None:
    assert call("template", "check", ours, "--json").document["ok"]
    done = call("template", "set", "overdue", ours, "--language", "en", "--tone", "firm", "--json").document
    assert (done["template"], done["tone"], done["language"], done["own"]) == ("overdue", "firm", "en", True)
    shown = call("template", "show", "overdue", "--tone", "firm", "--language", "en", "--json").document
    assert (shown["text"], shown["own"]) == (OURS, True)
    assert call("template", "show", "reminder_firm", "--language", "en", "--json").document == shown
    listed = call("template", "list", "--json").document
    assert [(one["template"], one["tone"]) for one in listed["texts"] if one["own"]] == [("overdue", "firm")]
    assert {"overdue", "reminder_firm", "formal_letter"} <= set(listed["templates"])
    call("template", "reset", "overdue", "--tone", "firm", "--language", "en").done()
    assert not call("template", "show", "overdue", "--tone", "firm", "--json").document["own"]
    assert call("template", "reset", "overdue", "--tone", "firm", "--language", "en").code == 3
    call("undo").done()
    assert call("template", "show", "overdue", "--tone", "firm", "--json").document["own"]


def test_a_text_is_shown_as_a_member_would_get_it(call: Command) -> None:
    shown = call("template", "show", "overdue", "--member", "M00001", "--language", "es", "--json").document
    assert shown["language"] == "es"
    assert "todavía no hemos recibido" in shown["body"].lower()
    assert "{{" not in shown["subject"] + shown["body"]
    short = call("template", "show", "overdue", "--member", "M00001", "--short", "--json").document
    assert (short["channel"], len(short["body"]) <= 320) == ("sms", True)
    assert call("template", "show", "overdue", "--member", "M00001").done().out.count("\n") > 5


def test_everything_that_is_wrong_with_a_file_is_said_at_once(call: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.liquid"
    wrong.write_text("Subject: You owe {{ total }}\n\nA discount, or the police!!", encoding="utf-8")
    told = call("template", "check", str(wrong), "--language", "en", "--json")
    assert told.code == 3
    codes = {one["code"] for one in told.document["findings"]}
    assert codes == {
        "template-advertises",
        "template-threatens",
        "template-amount-in-subject",
        "template-debt-in-subject",
        "template-shouts",
    }
    said = call("template", "check", str(wrong), "--language", "en")
    assert (said.code, said.out) == (3, "")
    assert len(said.err.strip().splitlines()) == 5
    refused = call("template", "set", "overdue", str(wrong), "--language", "en")
    assert (refused.code, refused.out) == (3, "")
    assert call("template", "show", "overdue", "--json").document["own"] is False


def test_a_rehearsal_changes_nothing_and_a_key_saves_once(call: Command, ours: str) -> None:
    call("template", "set", "overdue", ours, "--dry-run", "--json").done()
    assert call("template", "show", "overdue", "--json").document["own"] is False
    first = call("template", "set", "overdue", ours, "--key", "k", "--json").document
    assert call("template", "set", "overdue", ours, "--key", "k", "--json").document == first


@pytest.mark.parametrize(
    "arguments",
    [("show", "nothing"), ("show", "overdue", "--language", "de"), ("show", "overdue", "--tone", "angry"),
     ("set", "overdue", "/nowhere"), ("check", "nothing"), ("show", "../overdue"),
     ("show", "overdue", "--member", "M9")],
)  # fmt: skip
def test_what_there_is_not_is_refused_with_a_sentence(call: Command, arguments: tuple[str, ...]) -> None:
    said = call("template", *arguments)
    assert (said.code, said.out) == (3, "")
    assert len(said.err.strip()) > 20


def test_a_notice_by_hand_takes_any_template_in_any_tone(call: Command) -> None:
    texts = set()
    for tone in ("friendly", "neutral", "firm"):
        shown = call("notice", "M00001", "--template", "overdue", "--tone", tone, "--dry-run", "--json").document
        texts.add(shown["body"])
    assert len(texts) == 3
    said = call("notice", "M00001", "--template", "overdue", "--tone", "angry", "--dry-run")
    assert (said.code, said.out) == (3, "")
