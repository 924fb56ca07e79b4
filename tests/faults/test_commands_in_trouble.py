"""A store in trouble, met by a command: one sentence, exit code 5, nothing on standard output and never a traceback."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from duesdesk.services.notice_texts import SUGGESTED, NoticeRequest
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


def foreign(store: Path) -> None:
    store.unlink()
    connection = sqlite.library().connect(str(store), isolation_level=None)
    connection.execute("CREATE TABLE bookmark (id INTEGER PRIMARY KEY, address TEXT)")
    connection.close()
    store.chmod(0o644)


def foreign_of_our_kind(store: Path) -> None:
    """A program that keeps its migrations as we do."""
    foreign(store)
    connection = sqlite.library().connect(str(store), isolation_level=None)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf1')")
    connection.close()


def empty(store: Path) -> None:
    store.write_bytes(b"")


def folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


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
        (no_store, "is no store of duesdesk, or its beginning is damaged: please name another file (--db)"),
        (foreign, "is a database of another program: it was left as it is. Please name your store (--db)"),
        (foreign_of_our_kind, "is a database of another program: it was left as it is. Please name your store (--db)"),
        (empty, "holds no centre yet: start with duesdesk init"),
        (folder, "is a folder: please name the file of the store in it (--db)"),
        (newer, "was made by a newer duesdesk"),
    ],
    ids=["cut", "overwritten", "no store", "foreign", "foreign migrations", "empty", "folder", "newer"],
)
def test_a_damaged_or_newer_store_is_told(
    owed: Path, damage: Callable[[Path], None], said: str, words: tuple[str, ...]
) -> None:
    damage(owed)
    check_trouble(command(owed, *words), str(owed), said)


def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    done = command(tmp_path / "nowhere.db", *READING)
    check_trouble(done, "nowhere.db: please name your store (--db), or make a new one there with duesdesk init")
    assert not (tmp_path / "nowhere.db").exists()


def test_programs_that_send_under_one_key_send_once_and_answer_alike(owed: Path, tmp_path: Path) -> None:
    desk = at(str(owed))
    with desk.place.database.write() as tx:
        tx.run("UPDATE member SET email = 'm' || id || '@example.org'")
    for number in range(1, 8):
        desk.notices.write(NoticeRequest(f"M{number:05}", SUGGESTED), cooling=False)
    desk.close()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: command(owed, "send", "--key", "nine", "--json"), range(4)))
    assert {one.returncode for one in done} == {0}
    (answer,) = {one.stdout for one in done}
    assert json.loads(answer)["sent"] == 7
    assert len(list((tmp_path / "home" / "outbox").glob("*.eml"))) == 7


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_answer_that_cannot_be_written_is_told_and_is_no_mystery(owed: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "duesdesk", "--db", str(owed), "--today", "2026-11-22", *READING],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "DUESDESK_HOME": str(owed.parent / "home")},
        )
    assert done.returncode == 1
    assert done.stderr == "The answer could not be written: No space left on device. What was done is done.\n"


INIT = ("init", "--name", "Dojo", "--currency", "EUR", "--country", "ES", "--timezone", "Europe/Madrid", "--json")


@pytest.mark.parametrize(
    "words", [READING, INIT, ("demo", "--build-only"), ("upgrade",), ("backup", "b.db")], ids=" ".join
)
@pytest.mark.parametrize("make", [foreign, foreign_of_our_kind, no_store])
def test_nothing_of_another_programs_file_is_changed(
    store: Path, make: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    make(store)
    before = store.read_bytes(), store.stat().st_mode, sorted(store.parent.glob("desk.db*"))
    check_trouble(command(store, *words), str(store))
    assert (store.read_bytes(), store.stat().st_mode, sorted(store.parent.glob("desk.db*"))) == before


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_store, "is no saved store: please name a file that duesdesk backup made"),
        (foreign, "is no saved store: please name a file that duesdesk backup made"),
        (empty, "is no saved store: please name a file that duesdesk backup made"),
        (Path.unlink, "please name a file that duesdesk backup made"),
    ],
    ids=["no store", "foreign", "empty", "missing"],
)
def test_what_is_no_saved_store_is_not_restored(
    owed: Path, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(owed)
    check_trouble(command(tmp_path / "other.db", "restore", str(owed), "--to", str(tmp_path / "x.db")), said)
    assert not (tmp_path / "x.db").exists()


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
