"""What every command promises: one document on standard output, sentences on standard error, the exit codes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.cli.commands import COMMANDS
from duesdesk.store.database import Database
from tests.cli.called import Command

HOSTILE = "\x1b]52;c;eA==\x07[@click=app.quit]Evil[/]\u202e\u200b=cmd|' /C calc'!A0 \x9b31m"


def test_every_command_has_help_in_plain_text(bare: Command) -> None:
    listed = bare("--help").done().out
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", listed, re.MULTILINE), name
        assert bare(name, "--help").done().out.startswith(f"Usage: duesdesk {name}")


def test_help_speaks_the_language_asked_for(bare: Command) -> None:
    assert bare("--lang", "es", "pay", "--help").done().out.startswith("Usage:")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nope"], 2),
        (["pay"], 2),
        (["report"], 2),
        (["report", "nope"], 2),
        (["report", "unpaid", "--scope", "x"], 2),
        (["report", "unpaid", "--as-of", "yesterday"], 2),
        (["report", "unpaid", "--edges", "1,2"], 2),
        (["report", "ageing", "--edges", "a"], 2),
        (["report", "ageing", "--edges", "30,30"], 3),
        (["report", "dso", "--window", "0"], 2),
        (["report", "dso", "--window", "x"], 2),
        (["report", "daily", "--date", "2026-01-01", "--as-of", "2026-01-01"], 2),
        (["report", "takings", "--from", "2026-02-01", "--to", "2026-01-01"], 2),
        (["report", "statement"], 2),
        (["pay", "NOBODY", "1"], 3),
        (["invoice", "void", "NONE", "--reason", "x"], 3),
        (["notices", "show", "99"], 3),
        (["notices", "show", "x"], 2),
        (["send", "--limit", "0"], 2),
        (["undo"], 3),
        (["--lang", "xx", "report", "unpaid"], 2),
        (["--today", "soon", "report", "unpaid"], 2),
        (["--today", "2026-09-04T00:30:00", "report", "unpaid"], 2),
        (["--db", "mysql://x/y", "report", "unpaid"], 2),
        (["--db", "/nowhere/at/all.db", "report", "unpaid"], 5),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_a_sentence_and_an_exit_code(call: Command, arguments: list[str], code: int) -> None:
    for as_json in ([], ["--json"]):
        said = call(*arguments, *as_json)
        assert (said.code, said.out) == (code, "")
        assert len(said.err.strip()) > 10


def test_a_file_that_is_no_store_is_told(bare: Command, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"not a database at all" * 1000)
    said = bare("--db", str(damaged), "report", "unpaid", "--json")
    assert (said.code, said.out) == (5, "")


def test_a_day_of_an_instant_is_that_of_the_centre(call: Command) -> None:
    assert call("--today", "2026-09-03T22:30:00+00:00", "report", "unpaid", "--json").document["as_of"] == "2026-09-04"


def test_store_day_and_language_come_from_the_environment(
    bare: Command, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUESDESK_DB", str(store))
    monkeypatch.setenv("DUESDESK_TODAY", "2026-02-03")
    monkeypatch.setenv("DUESDESK_LANG", "es")
    assert bare("report", "unpaid", "--json").document["as_of"] == "2026-02-03"
    assert "Por favor" in bare("undo").err or bare("undo").err


def test_a_fault_of_ours_is_one_sentence_with_the_place_of_its_trace(call: Command, desk: Desk, tmp_path: Path) -> None:
    with desk.place.database.write() as tx:
        tx.run("DROP TABLE open_item")
    said = call("report", "unpaid", "--json")
    assert (said.code, said.out) == (1, "")
    log = tmp_path / "home" / "duesdesk.log"
    assert str(log) in said.err
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def plant(database: Database) -> None:
    """A member whose every text came in past all checks, as an older version might have left it."""
    with database.write() as tx:
        tx.run(
            """INSERT INTO member (number, name, name_folded, search, email, phone, card, group_name, status,
                                   email_works, created_at, updated_at)
               VALUES ('EVIL', :text, 'evil', 'evil', :text, :text, :text, :text, 'active', true,
                       '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')""",
            text=HOSTILE,
        )
        tx.run(
            """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
               SELECT id, '2026-11-22', '09:00', :text, 'booked', '2026-01-01T00:00:00.000000Z' FROM member""",
            text=HOSTILE,
        )


@pytest.mark.parametrize(
    "command",
    [
        ["report", "unpaid"],
        ["report", "partial"],
        ["report", "ageing"],
        ["report", "invoices"],
        ["report", "credit"],
        ["report", "daily"],
        ["report", "late"],
        ["report", "takings"],
        ["report", "statement", "--member", "EVIL"],
        ["member", "find", "evil"],
        ["member", "show", "EVIL"],
        ["notices", "list"],
        ["pay", "EVIL", "1"],
        ["checkin", "EVIL"],
        ["undo"],
    ],
    ids=" ".join,
)
def test_hostile_text_reaches_no_terminal(call: Command, desk: Desk, command: list[str]) -> None:
    plant(desk.place.database)
    call("invoice", "issue", "EVIL", "20", "--on", "2026-10-01", "--due", "2026-10-02", "--text", HOSTILE).done()
    call("pay", "EVIL", "5").done()
    for way in ([], ["--json"]):
        said = call(*command, *way).done()
        if way:
            assert said.document


@pytest.mark.parametrize(
    "command",
    [
        ["member", "add", HOSTILE],
        ["member", "find", HOSTILE],
        ["member", "show", HOSTILE],
        ["pay", HOSTILE, "1"],
        ["pay", "M1", HOSTILE],
        ["report", HOSTILE],
        [HOSTILE],
        ["--lang", HOSTILE, "report", "unpaid"],
        ["--actor", HOSTILE, "report", "unpaid"],
        ["report", "unpaid", f"--{HOSTILE}"],
        ["settings", "set", HOSTILE, HOSTILE],
        ["notices", "list", "--state", HOSTILE],
        ["import", HOSTILE, HOSTILE],
        ["invoice", HOSTILE],
    ],
    ids=range(14),
)
def test_hostile_arguments_are_told_clean(call: Command, command: list[str]) -> None:
    assert call(*command).code in (0, 2, 3)


def duesdesk(store: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "duesdesk", "--db", str(store), "--lang", "en", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def test_a_real_process_keeps_standard_output_for_the_document(store: Path) -> None:
    process = duesdesk(store, "--today", "2026-11-22", "report", "unpaid", "--json")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out == '{"as_of": "2026-11-22", "scope": "overdue", "currencies": []}\n'


def test_who_stops_reading_hears_no_complaint(store: Path, desk: Desk) -> None:
    member = member_of(desk)
    with desk.place.database.write() as tx:
        tx.many(
            """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
               VALUES (:member, '2026-11-22', '09:00', 'Spin', 'booked', '2026-01-01T00:00:00.000000Z')""",
            [{"member": member} for _ in range(5000)],
        )
    process = duesdesk(store, "report", "daily", "--date", "2026-11-22")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def member_of(desk: Desk) -> int:
    with desk.place.database.write() as tx:
        known = tx.value("SELECT id FROM member WHERE number = 'M1'")
        identity: int = known or tx.insert(
            """INSERT INTO member (number, name, name_folded, search, status, email_works, created_at, updated_at)
               VALUES ('M1', 'Ana', 'ana', 'ana', 'active', true, '2026-01-01T00:00:00.000000Z',
                       '2026-01-01T00:00:00.000000Z')"""
        )
    return identity
