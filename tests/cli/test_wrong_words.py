"""What is typed wrong is answered by a short sentence that says what to do; every list can be written to a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.called import Call, Command


@pytest.fixture(autouse=True)
def _a_member(call: Command) -> None:
    call("member", "add", "Ana", "--email", "ana@example.org").done()


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


@pytest.mark.parametrize("words", [("staff", "list"), ("modules", "list"), ("settings", "show"), ("template", "list")])
def test_every_list_can_be_written_to_a_file(call: Command, tmp_path: Path, words: tuple[str, str]) -> None:
    target = tmp_path / "list.csv"
    call(*words, "--csv", str(target)).done()
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows[0]) >= 2
