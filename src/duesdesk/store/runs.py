"""Runs of the rule: one at a time, none behind a later day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from duesdesk.store.database import Database, Tx

if TYPE_CHECKING:
    from typing import IO

_LOCK = 0x6475_6573
"""The number of the lock on PostgreSQL; it is one of the database it is asked in."""


class RunRow(NamedTuple):
    """A run. `finished_at` is None while it is under way and after it was cut off."""

    id: int
    day: str
    started_at: str
    finished_at: str | None
    taken: int
    held: int
    cancelled: int
    actor: str
    desk: str


_COLUMNS = "id, day, started_at, finished_at, taken, held, cancelled, actor, desk"


def last(tx: Tx) -> RunRow | None:
    """The run of the latest day, of several the newest."""
    row = tx.one(f"SELECT {_COLUMNS} FROM collection_run ORDER BY day DESC, id DESC LIMIT 1")
    return RunRow(*row) if row else None


def first_day(tx: Tx) -> date | None:
    """The earliest day the rule was run for; None when it never was."""
    day: str | None = tx.value("SELECT min(day) FROM collection_run")
    return date.fromisoformat(day) if day else None


def recent(tx: Tx, most: int) -> list[RunRow]:
    """The newest runs."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM collection_run ORDER BY id DESC LIMIT :most", most=most)
    return [RunRow(*row) for row in rows]


def begin(tx: Tx, day: str, at: str, actor: str, desk: str) -> int:
    """Write down that a run for `day` begins; one for the same day that was cut off goes on. Answers its id."""
    cut_off = tx.value(
        "SELECT id FROM collection_run WHERE day = :day AND finished_at IS NULL ORDER BY id DESC LIMIT 1", day=day
    )
    if cut_off is not None:
        tx.run(
            "UPDATE collection_run SET started_at = :at, actor = :actor, desk = :desk WHERE id = :id",
            at=at,
            actor=actor,
            desk=desk,
            id=cut_off,
        )
        return int(cut_off)
    return tx.insert(
        """INSERT INTO collection_run (day, started_at, taken, held, cancelled, actor, desk)
           VALUES (:day, :at, 0, 0, 0, :actor, :desk)""",
        day=day,
        at=at,
        actor=actor,
        desk=desk,
    )


def add_taken(tx: Tx, run_id: int, taken: int, cancelled: int) -> None:
    """So much more was done in the run."""
    tx.run(
        "UPDATE collection_run SET taken = taken + :taken, cancelled = cancelled + :cancelled WHERE id = :id",
        taken=taken,
        cancelled=cancelled,
        id=run_id,
    )


def finish(tx: Tx, run_id: int, at: str, held: int) -> None:
    """The run has looked at everybody."""
    tx.run("UPDATE collection_run SET finished_at = :at, held = :held WHERE id = :id", at=at, held=held, id=run_id)


@contextmanager
def alone(database: Database) -> Iterator[bool]:
    """Whether nobody else runs the rule at this store now; while the block lasts nobody else can.

    The lock goes with the process that holds it, however that ends: a lock of the file beside the store on SQLite, of
    the session on PostgreSQL.
    """
    if database.path is None:
        with database.read() as tx:
            free = bool(tx.value("SELECT pg_try_advisory_lock(:number)", number=_LOCK))
        try:
            yield free
        finally:
            if free:
                with suppress(Exception), database.read() as tx:  # lint-ok: except because it ends with the session
                    tx.value("SELECT pg_advisory_unlock(:number)", number=_LOCK)
        return
    # The same for every path that leads to the store.
    path = database.path.resolve()
    with open(path.with_name(f"{path.name}.run"), "a", encoding="utf-8", opener=_owner_only) as file:
        yield _locked(file)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _locked(file: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # it is there on Windows alone
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
