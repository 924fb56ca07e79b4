"""The SQLite connection: which library, which pragmas, which file rights.

One SQLite library per process (two on one file break its locks, sqlite.org/howtocorrupt.html): pysqlite3, which carries
a current SQLite, where it is installed; else the standard library's.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from duesdesk.domain.errors import StoreTrouble

if TYPE_CHECKING:
    import sqlite3

BUSY_TIMEOUT_MS = 5000
# The WAL-reset bug (sqlite.org/wal.html#walresetbug): several writers may silently lose committed rows. Fixed in
# 3.51.3 and in these branch releases.
_WAL_BUG_SINCE = (3, 7, 0)
_WAL_BUG_FIXED = (3, 51, 3)
_WAL_BUG_BACKPORTS = ((3, 44, 6), (3, 50, 7))


def library() -> ModuleType:
    """The DB-API module of the SQLite this process uses."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3

        return sqlite3
    module: ModuleType = dbapi2
    return module


def has_wal_bug(version: tuple[int, int, int]) -> bool:
    """Whether SQLite `version` may lose rows when several desks write to one file in WAL mode."""
    if not _WAL_BUG_SINCE <= version < _WAL_BUG_FIXED:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_BUG_BACKPORTS)


def journal_mode(version: tuple[int, int, int]) -> tuple[str, str]:
    """(journal_mode, synchronous) that keeps every acknowledged payment on this library."""
    return ("DELETE", "EXTRA") if has_wal_bug(version) else ("WAL", "FULL")


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode with every pragma set. Used from one thread at a time.

    Raises StoreTrouble when the file is missing (unless `create`), a folder, unreadable, no database, another
    program's, or locked for too long.
    """
    dbapi = library()
    existed = path.exists()
    if path.is_dir():
        raise StoreTrouble("store-is-a-folder", path=str(path))
    if not existed and not create:
        raise StoreTrouble("store-missing", path=str(path))
    if not existed:
        _create_private(path)
    try:
        connection = dbapi.connect(
            str(path),
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
    except dbapi.Error as error:
        raise trouble(error, str(path)) from error
    try:
        if _is_another_programs(connection):
            connection.close()
            raise StoreTrouble("store-foreign", path=str(path))
        _prepare(connection)
    except dbapi.Error as error:
        # Left open it would keep its place in the file's shared memory, and break the next connection.
        connection.close()
        raise trouble(error, str(path)) from error
    _narrow_rights(path)
    result: sqlite3.Connection = connection
    return result


def _is_another_programs(connection: sqlite3.Connection) -> bool:
    """Whether there are tables and ours are not among them: nothing is changed there, not even how the file is kept."""
    tables, ours = connection.execute("SELECT count(*), total(name = 'ledger_state') FROM sqlite_master").fetchone()
    return bool(tables) and not ours


def _prepare(connection: sqlite3.Connection) -> None:
    mode, synchronous = journal_mode(library().sqlite_version_info)
    # Setting the mode a file has already is a read; changing it wants the file for itself.
    if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != mode:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.executescript(
        f"PRAGMA synchronous = {synchronous};"
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
        # No memory map: a mapped page is checked again at every visit, which doubles the cost of a probe.
        # A megabyte and a half for each thread's connection: with less the list of a large day is slower to read.
        "PRAGMA cache_size = -1536; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
    )


def trouble(error: BaseException, place: str) -> StoreTrouble:
    """What a database error means to a person."""
    told = str(error).lower()
    if "locked" in told or "busy" in told:
        return StoreTrouble("store-locked", path=place)
    if "not a database" in told:
        return StoreTrouble("store-not-ours", path=place)
    if "malformed" in told or "corrupt" in told:
        return StoreTrouble("store-corrupt", path=place)
    if "full" in told:
        return StoreTrouble("store-full", path=place)
    if "readonly" in told or "read-only" in told:
        return StoreTrouble("store-read-only", path=place)
    return StoreTrouble("store-out-of-reach", path=place, detail=str(error))


def is_integrity_error(error: BaseException) -> bool:
    """Whether the database refused a row (a CHECK, a unique key, a trigger)."""
    return isinstance(error, library().IntegrityError)


def _create_private(path: Path) -> None:
    """The file exists with mode 0600 before SQLite opens it; its -wal and -shm inherit that."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreTrouble("store-out-of-reach", path=str(path), detail=error.strerror or str(error)) from error


def _narrow_rights(path: Path) -> None:
    """Take the group's and others' rights away from a file that has them; not ours to change is not an error."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        try:
            path.chmod(mode & 0o700)
        except OSError:
            return


def data_version(connection: Any) -> int:
    """Changes when another connection has written to the file."""
    value: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return value
