"""Copies of a SQLite store: made while desks go on working, checked before they count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from duesdesk.domain.errors import DuesdeskError, StoreTrouble
from duesdesk.store import sqlite
from duesdesk.store.database import Tx
from duesdesk.store.verify import verify

FILE_MODE = 0o600


def copy(source: Path, target: Path) -> None:
    """A whole, checked copy of the store `source` at `target`, which must not be there; its owner's alone.

    One file: nothing beside it is needed to read it. Raises StoreTrouble when the source cannot be read, the place not
    written, or the copy is damaged; then nothing is left behind.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _create(beside)
        reading, writing = _plain(source), _plain(beside)
        try:
            # In one step: in steps it would begin anew whenever a desk writes.
            reading.backup(writing)
            # A file in WAL mode would want its -wal and -shm again.
            writing.execute("PRAGMA journal_mode = DELETE")
            _check(writing, target)
        finally:
            writing.close()
            reading.close()
        _put(beside, target)
    except FileExistsError as error:
        raise StoreTrouble("store-there-already", path=str(target)) from error
    except OSError as error:
        raise StoreTrouble("store-out-of-reach", path=str(target), detail=error.strerror or str(error)) from error
    except sqlite.library().Error as error:
        raise sqlite.trouble(error, str(target)) from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def read(path: Path) -> Iterator[Tx]:
    """Read a copy, changing nothing about it. Raises StoreTrouble when it is unreadable."""
    connection = None
    try:
        connection = _plain(path)
        yield Tx(connection, postgres=False, writes=False, name=str(path))
    except sqlite.library().Error as error:
        raise sqlite.trouble(error, str(path)) from error
    finally:
        if connection is not None:
            connection.close()


def _check(connection: Any, path: Path) -> None:  # noqa: ANN401  # of either SQLite library
    """Raises StoreTrouble unless the file is sound and, for a store of our schema, the ledger agrees."""
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise StoreTrouble("store-corrupt", path=str(path))
    tx = Tx(connection, postgres=False, writes=False)
    try:
        found = verify(tx)
    except DuesdeskError:
        raise
    except sqlite.library().Error:
        # Another version's tables: that they are whole is all that can be said.
        return
    if any(found.values()):
        raise StoreTrouble("copy-does-not-verify", path=str(path), checks=[name for name, one in found.items() if one])


def _put(file: Path, place: Path) -> None:
    """Move `file` to `place`; what came there meanwhile is not overwritten."""
    try:
        os.link(file, place)
    except FileExistsError:
        raise
    except OSError:
        # A stick or a share may know no links.
        if place.exists():
            raise FileExistsError from None
        file.replace(place)


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))


def _plain(path: Path) -> Any:  # noqa: ANN401  # of either SQLite library
    """A connection that changes nothing about how the file is kept."""
    connection = sqlite.library().connect(str(path), timeout=sqlite.BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection
