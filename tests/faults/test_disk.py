"""The disk is full, or the file is not what it should be: a sentence, nothing half, and the program reads on."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import StoreTrouble
from duesdesk.i18n import sentence
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.store import schema, sqlite
from duesdesk.store.database import Tx
from tests.conftest import CENTRE
from tests.faults.centre import LONG, TODAY, DeskProcess, at, findings, owing, rows

pytestmark = pytest.mark.faults
SIZES = 200 if LONG else 6
PAYER = "M00001"


def filled(url: str, room: object = None, **limits: object) -> list[dict[str, object]]:
    """What a desk tells that pays until the disk is full, reads, and pays again when there is room."""
    desk = DeskProcess("fill_the_disk", url=url, day=TODAY.isoformat(), member=PAYER, **limits)
    try:
        desk.ready()
        desk.go()
        return desk.end()
    finally:
        desk.close()


def check_full(url: str, told: list[dict[str, object]], codes: set[str]) -> None:
    refused = next(one for one in told if "refused" in one)
    paid = [one["paid"] for one in told if "paid" in one]
    assert refused["refused"] in codes
    assert refused["exit_code"] == 5
    assert "{" not in str(refused["sentence"])
    # Everything acknowledged is there, each once, and what was refused only after there was room.
    assert paid == list(range(1, len(paid) + 1))
    assert [row[0] for row in rows(url, "SELECT amount_minor FROM payment ORDER BY id")] == paid
    before_room = sum(range(1, len(paid)))
    debt_minor = 5000
    assert next(one["read"] for one in told if "read" in one) == max(0, before_room - debt_minor)
    assert findings(url) == {}


def test_a_store_that_may_not_grow_says_so_and_takes_the_payment_when_it_may(store: Path, tmp_path: Path) -> None:
    owing(str(store), tmp_path, 1)
    for pages in range(SIZES):
        copy = store.with_name(f"full-{pages}.db")
        shutil.copy(store, copy)
        check_full(str(copy), filled(str(copy), most_pages=pages * 3), {"store-full"})


def test_a_write_that_fails_on_the_way_leaves_nothing_half(store: Path, tmp_path: Path) -> None:
    owing(str(store), tmp_path, 1)
    size = store.stat().st_size
    chance = random.Random(SIZES)
    for number in range(SIZES):
        copy = store.with_name(f"limit-{number}.db")
        shutil.copy(store, copy)
        # Neither the store nor its journal may grow above this; the journal begins empty, its index has 32 kB.
        told = filled(str(copy), most_bytes=chance.randrange(33_000, size))
        check_full(str(copy), told, {"store-full", "store-out-of-reach"})


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of three megabytes of its own, where this machine lets us have one."""
    folder = Path(tempfile.mkdtemp())
    mounted = (
        os.geteuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
        == 0
    )
    if not mounted:
        folder.rmdir()
        pytest.skip("no small disk can be made here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_is_told_and_room_made_on_it_is_used(store: Path, small_disk: Path, tmp_path: Path) -> None:
    owing(str(store), tmp_path, 1)
    url = str(small_disk / "desk.db")
    shutil.copy(store, url)
    ballast = small_disk / "ballast"
    room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    ballast.write_bytes(b"\0" * (room - 300_000))
    desk = DeskProcess("fill_the_disk", url=url, day=TODAY.isoformat(), member=PAYER, wait_for_room=True)
    try:
        desk.ready()
        desk.go()
        told = []
        while not told or "read" not in told[-1]:
            told += [json.loads(desk.line())]
        ballast.unlink()
        desk.go()
        told += desk.end()
    finally:
        desk.close()
    check_full(url, told, {"store-full"})


def use(path: Path) -> None:
    """Open a store, read all of it and take a payment."""
    desk = open_desk(str(path), clock=Clock(TODAY))
    try:
        with desk.place.database.read() as tx:
            for (table,) in tx.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
                tx.all(f'SELECT * FROM "{table}"')
        desk.payments.pay(PayRequest(PAYER, 100, "EUR"))
    finally:
        desk.close()


def opening(path: Path) -> StoreTrouble:
    """The trouble of using the store at `path`."""
    with pytest.raises(StoreTrouble) as trouble:
        use(path)
    return trouble.value


@pytest.fixture
def owed(store: Path, tmp_path: Path) -> Path:
    """Debts on many pages, all of them in the file itself and none in its journal."""
    owing(str(store), tmp_path, 400)
    library = sqlite.library()
    connection = library.connect(str(store))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return store


def test_a_file_that_is_no_store_is_told_as_such(tmp_path: Path) -> None:
    for name, content in (("text", b"number,name\n" * 500), ("random", random.Random(1).randbytes(50_000))):
        path = tmp_path / name
        path.write_bytes(content)
        assert opening(path).code == "store-not-ours"
        assert path.read_bytes() == content


def test_a_store_cut_short_is_told_as_damaged(owed: Path) -> None:
    whole = owed.read_bytes()
    for part in (0.2, 0.5, 0.9):
        owed.write_bytes(whole[: int(len(whole) * part)])
        assert opening(owed).code == "store-corrupt"


def test_pages_overwritten_with_rubbish_are_told_as_damage_and_never_as_a_fault_of_ours(owed: Path) -> None:
    whole = owed.read_bytes()
    chance = random.Random(4096)
    found = 0
    for _ in range(200 if LONG else 25):
        damaged = bytearray(whole)
        start = chance.randrange(1, len(whole) // 4096) * 4096
        damaged[start : start + 4096] = chance.randbytes(4096)
        owed.write_bytes(damaged)
        for beside in ("-wal", "-shm"):
            owed.with_name(owed.name + beside).unlink(missing_ok=True)
        try:
            trouble = opening(owed)
        except pytest.fail.Exception:
            continue  # a page of an index that nothing here reads, or a free one
        assert trouble.code == "store-corrupt", trouble.facts
        assert "{" not in sentence(trouble)
        found += 1
    assert found > 10


def test_a_store_of_a_newer_program_is_neither_read_nor_written(owed: Path) -> None:
    desk = at(str(owed))
    with desk.place.database.write() as tx:
        tx.run("UPDATE alembic_version SET version_num = '9999'")
    desk.close()
    before = owed.read_bytes()
    trouble = opening(owed)
    assert trouble.code == "store-too-new"
    assert trouble.exit_code == 5
    assert sentence(trouble) == (
        f"{owed} was made by a newer duesdesk (9999, this one knows {schema.HEAD}): please update it."
    )
    assert owed.read_bytes() == before


def test_a_folder_a_missing_file_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    assert opening(tmp_path / "nowhere.db").code == "store-missing"
    assert not (tmp_path / "nowhere.db").exists()
    assert opening(empty).code == "store-empty"
    assert opening(tmp_path).code == "store-is-a-folder"


def test_a_store_locked_by_something_else_is_told_and_nothing_is_written(
    owed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    desk = at(str(owed))
    other = sqlite.library().connect(str(owed), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTrouble) as trouble:
        desk.payments.pay(PayRequest(PAYER, 100, "EUR"), key="waiting")
    assert trouble.value.code == "store-locked"
    assert desk.payments.sheet(PAYER).open_minor == 5000
    other.execute("ROLLBACK")
    other.close()
    assert desk.payments.pay(PayRequest(PAYER, 100, "EUR"), key="waiting")["payment"] == "PAY-00001"
    desk.close()


def test_a_member_is_not_added_to_a_store_locked_by_something_else(owed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    desk = at(str(owed))
    other = sqlite.library().connect(str(owed), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTrouble) as trouble:
        desk.members.add(MemberDetails("Ana"), key="ana")
    assert trouble.value.code == "store-locked"
    assert trouble.value.facts["path"] == str(owed)
    other.execute("ROLLBACK")
    other.close()
    assert desk.members.add(MemberDetails("Ana"), key="ana")["member"]
    desk.close()


@pytest.mark.postgres
def test_a_server_that_goes_away_is_told_and_found_again(
    postgres_server: str, postgres_url: str, tmp_path: Path
) -> None:
    import psycopg

    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    owing(postgres_url, tmp_path, 1)
    desk = at(postgres_url)

    def cut_off() -> None:
        with psycopg.connect(postgres_server, autocommit=True) as server:
            server.execute(
                """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                   WHERE datname = %s AND pid <> pg_backend_pid()""",
                [psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"]],
            )

    def pay_cut_off(within: Tx) -> None:
        cut_off()
        within.run("UPDATE payer_balance SET open_minor = 0")

    for use in (
        lambda: desk.payments.sheet(PAYER),
        lambda: desk.payments.pay(PayRequest(PAYER, 100, "EUR"), key="cut"),
        desk.database_version,
    ):
        use()
        cut_off()
        with pytest.raises(StoreTrouble) as trouble:
            use()
        assert trouble.value.code == "store-out-of-reach"
        assert "{" not in sentence(trouble.value)
        use()
    with pytest.raises(StoreTrouble):
        desk.place.database.run_write(pay_cut_off)
    assert desk.payments.sheet(PAYER).open_minor == 4900
    desk.close()
    assert rows(postgres_url, "SELECT count(*) FROM payment") == [(1,)]
    assert findings(postgres_url) == {}
