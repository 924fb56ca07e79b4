"""A store in trouble, met by a command: one sentence, exit code 5, nothing on standard output and never a traceback."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from duesdesk.store import sqlite
from tests.faults.centre import at, owing, rows

pytestmark = pytest.mark.faults
READING = ("report", "unpaid", "--json")
PAYING = ("pay", "M00001", "10.00", "--key", "one", "--json")


def command(store: Path, *words: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """The program as a script calls it, on the day of the tests."""
    return subprocess.run(
        [*before, sys.executable, "-m", "duesdesk", "--db", str(store), "--today", "2026-11-22", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=store.parent,
        env={**os.environ, "DUESDESK_HOME": str(store.parent / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def check_trouble(done: subprocess.CompletedProcess[str], *said: str) -> None:
    assert done.returncode == 5, done.stdout + done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    for part in said:
        assert part in done.stderr


@pytest.fixture
def owed(store: Path, tmp_path: Path) -> Path:
    owing(str(store), tmp_path, 20)
    connection = sqlite.library().connect(str(store))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return store


def cut(store: Path) -> None:
    store.write_bytes(store.read_bytes()[: store.stat().st_size // 2])


def overwrite(store: Path) -> None:
    content = bytearray(store.read_bytes())
    content[4096:] = random.Random(3).randbytes(len(content) - 4096)
    store.write_bytes(content)


def no_store(store: Path) -> None:
    store.write_text("number,name\n" * 1000)


def newer(store: Path) -> None:
    desk = at(str(store))
    with desk.place.database.write() as tx:
        tx.run("UPDATE alembic_version SET version_num = '9999'")
    desk.close()


@pytest.mark.parametrize("words", [READING, PAYING, ("verify", "--json")], ids=["report", "pay", "verify"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "is damaged: please restore the last backup"),
        (overwrite, "is damaged: please restore the last backup"),
        (no_store, "is damaged: please restore the last backup"),
        (newer, "was made by a newer duesdesk"),
    ],
    ids=["cut", "overwritten", "no store", "newer"],
)
def test_a_damaged_or_newer_store_is_told(
    owed: Path, damage: Callable[[Path], None], said: str, words: tuple[str, ...]
) -> None:
    damage(owed)
    check_trouble(command(owed, *words), str(owed), said)


def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    check_trouble(command(tmp_path / "nowhere.db", *READING), "nowhere.db")
    assert not (tmp_path / "nowhere.db").exists()


@pytest.fixture
def bound_by_rights() -> list[str]:
    """What to write before a command so that the rights of files hold for it: root may do anything else."""
    if os.geteuid() != 0:
        return []
    words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    if shutil.which(words[0]) is None or subprocess.run([*words, "true"], check=False).returncode:
        pytest.skip("root cannot be bound by rights here")
    return words


@pytest.mark.parametrize("folder_mode", [0o700, 0o500], ids=["file", "folder"])
def test_a_store_that_may_only_be_read_takes_no_payment_and_says_why(
    owed: Path, bound_by_rights: list[str], folder_mode: int
) -> None:
    folder = owed.with_name("read only")
    folder.mkdir()
    copy = folder / "desk.db"
    shutil.copy(owed, copy)
    copy.chmod(0o400)
    folder.chmod(folder_mode)
    check_trouble(command(copy, *PAYING, before=bound_by_rights), str(copy), "may only be read by you")
    if folder_mode == 0o700:
        assert command(copy, *READING, before=bound_by_rights).returncode == 0
    folder.chmod(0o700)
    copy.chmod(0o600)
    assert rows(str(copy), "SELECT count(*) FROM payment") == [(0,)]


def test_verify_names_what_was_changed_by_hand_and_refuses_to_say_that_all_is_well(owed: Path) -> None:
    connection = sqlite.library().connect(str(owed), isolation_level=None)
    connection.execute("DROP TRIGGER invoice_no_update")
    connection.execute("UPDATE invoice SET total_minor = 1 WHERE id = 7")
    connection.close()
    done = command(owed, "verify", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert {name for name, found in told["checks"].items() if found} >= {"open_items", "audit_chain", "triggers"}
