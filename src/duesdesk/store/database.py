"""The one way to the store: short transactions of plain SQL, and ORM sessions for editing one record.

SQLModel costs 360 ms of processor time to import and 7 times the raw cost per row (docs/adr/0002), so lists, search,
reports, imports and money run as SQL on the driver connection; `Database.session` imports SQLModel when it is needed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from duesdesk.domain.errors import DuesdeskError
from duesdesk.store import sqlite

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlmodel import Session

Row = tuple[Any, ...]
Answer = TypeVar("Answer")
_RETRIES = 20
_PATIENCE_SECONDS = 6.0
"""Longer than any transaction waits for a lock: who closes a store waits so long for what others are doing in it."""


class RefusedByStore(Exception):
    """A CHECK, a unique key or a trigger refused a row: a sentence of the service, or our fault."""


class Tx:
    """A transaction. SQL has `:name` parameters and runs on both engines; dates are ISO text, money whole numbers."""

    def __init__(self, connection: Any, *, postgres: bool, writes: bool, name: str = "SQLite") -> None:
        """`name` is where the store is, for what is told when it fails."""
        self._connection = connection
        self._name = name
        self.postgres = postgres
        self.writes = writes

    def all(self, sql: str, /, **values: object) -> list[Row]:
        """Every row."""
        rows: list[Row] = self._execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, /, **values: object) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._execute(sql, values).fetchone()
        return row

    def value(self, sql: str, /, **values: object) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, **values)
        return row[0] if row else None

    def each(self, sql: str, /, **values: object) -> Iterator[Row]:
        """Rows one by one, for long answers."""
        return iter(self._execute(sql, values))

    def run(self, sql: str, /, **values: object) -> int:
        """Execute and answer how many rows it touched."""
        count: int = self._execute(sql, values).rowcount
        return count

    def insert(self, sql: str, /, **values: object) -> int:
        """An INSERT; answers the new row's id."""
        row = self._execute(f"{sql} RETURNING id", values).fetchone()
        identity: int = row[0]
        return identity

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """The same statement for many rows."""
        try:
            if self.postgres:
                from duesdesk.store.postgres import placeholders

                self._connection.cursor().executemany(placeholders(sql), list(rows))
            else:
                self._connection.executemany(sql, rows)
        except Exception as error:
            raise _told(error, self._name, postgres=self.postgres) from error

    def many_positional(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """As `many` with `?` placeholders and tuples: what bulk imports use (a third faster on SQLite)."""
        try:
            if self.postgres:
                self._connection.cursor().executemany(sql.replace("?", "%s"), list(rows))
            else:
                self._connection.executemany(sql, rows)
        except Exception as error:
            raise _told(error, self._name, postgres=self.postgres) from error

    def _execute(self, sql: str, values: Mapping[str, object]) -> Any:
        try:
            if self.postgres:
                from duesdesk.store.postgres import placeholders

                return self._connection.execute(placeholders(sql), values)
            return self._connection.execute(sql, values)
        except Exception as error:
            raise _told(error, self._name, postgres=self.postgres) from error


def _told(error: BaseException, name: str, *, postgres: bool) -> BaseException:
    """Constraint errors as RefusedByStore, lock and disk errors as StoreTrouble, the rest as they are (our fault)."""
    if postgres:
        from duesdesk.store.postgres import trouble

        return RefusedByStore(str(error)) if _is_refusal(error) else trouble(error, name)
    library = sqlite.library()
    if isinstance(error, library.IntegrityError):
        return RefusedByStore(str(error))
    if isinstance(error, library.OperationalError):
        told = str(error).lower()
        if any(word in told for word in ("locked", "busy", "full", "readonly", "disk i/o", "unable to open")):
            return sqlite.trouble(error, name)
    if isinstance(error, library.DatabaseError) and "malformed" in str(error).lower():
        return sqlite.trouble(error, name)
    return error


def _is_refusal(error: BaseException) -> bool:
    import psycopg

    return isinstance(error, psycopg.IntegrityError | psycopg.errors.RaiseException)


class StoreVersion(NamedTuple):
    """How far a store has come.

    `acts` is the last act, for every connection the same. `writes` counts what others than this connection wrote, acts
    or not; each connection counts for itself, and PostgreSQL does not count (0).
    """

    acts: int
    writes: int


class _Held:
    """A thread's driver connection. `lock` is held while it works, `writes` tells at what."""

    __slots__ = ("connection", "lock", "writes")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.lock = threading.RLock()
        self.writes = False


class Database:
    """A store, by its address. Connections are kept per thread; every transaction is short."""

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.url = url
        self.postgres = url.startswith(("postgresql:", "postgresql+psycopg:"))
        self.path = None if self.postgres else sqlite_path(url)
        self._create = create
        self._local = threading.local()
        self._open: list[_Held] = []
        self._engine: Engine | None = None

    @property
    def is_near(self) -> bool:
        """Whether the store is a file here: a read of a few rows takes less than a frame."""
        return not self.postgres

    @property
    def name(self) -> str:
        """The address as it may be shown."""
        if self.path is not None:
            return str(self.path)
        from duesdesk.domain.store_address import without_password

        return without_password(self.url)

    def connection(self) -> Any:
        """This thread's driver connection, opened at first use."""
        return self._held().connection

    def _held(self) -> _Held:
        held: _Held | None = getattr(self._local, "held", None)
        # A connection to a server that went away is closed for good; the next one may find it back.
        if held is None or (self.postgres and held.connection.closed):
            held = _Held(self._connect())
            self._local.held = held
            self._open.append(held)
        return held

    def _connect(self) -> Any:
        if self.path is not None:
            return sqlite.connect(self.path, create=self._create)
        from duesdesk.store import postgres

        return postgres.connect(self.url)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A reading transaction: one consistent picture."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if self.postgres else "BEGIN"
        with self._transaction(begin, writes=False) as connection:
            yield Tx(connection, postgres=self.postgres, writes=False, name=self.name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A writing transaction, committed at the end of the block and rolled back by any exception.

        SQLite takes the write lock at once: a transaction that reads first and writes later could pay a debt twice.
        """
        with self._transaction("BEGIN" if self.postgres else "BEGIN IMMEDIATE", writes=True) as connection:
            yield Tx(connection, postgres=self.postgres, writes=True, name=self.name)

    def run_write(self, work: Callable[[Tx], Answer]) -> Answer:
        """`work` in a writing transaction, again when PostgreSQL asks for it (40001, 40P01)."""
        for attempt in range(_RETRIES):
            try:
                with self.write() as tx:
                    return work(tx)
            except Exception as error:
                if not self._may_retry(error) or attempt == _RETRIES - 1:
                    raise
                time.sleep(0.005 * (attempt + 1))
        raise AssertionError("the loop returns or raises")

    def _may_retry(self, error: BaseException) -> bool:
        if not self.postgres:
            return False
        from duesdesk.store.postgres import SERIALIZATION_FAILURES

        return getattr(error, "sqlstate", None) in SERIALIZATION_FAILURES

    @contextmanager
    def _transaction(self, begin: str, *, writes: bool) -> Iterator[Any]:
        held = self._held()
        with held.lock:
            held.writes = writes
            with self._begun(held.connection, begin) as connection:
                yield connection

    @contextmanager
    def _begun(self, connection: Any, begin: str) -> Iterator[Any]:
        try:
            connection.execute(begin)
        except Exception as error:
            raise self._trouble(error) from error
        try:
            yield connection
        except BaseException as error:
            # SQLite may have rolled back by itself (full disk); a second ROLLBACK must not hide the first error.
            with suppress(Exception):
                connection.execute("ROLLBACK")
            # Rows are read one by one: a damaged page is met long after the statement began.
            told = _told(error, self.name, postgres=self.postgres)
            if told is error:
                raise
            raise told from error
        try:
            connection.execute("COMMIT")
        except Exception as error:
            with suppress(Exception):
                connection.execute("ROLLBACK")
            if self._may_retry(error):
                raise
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> Exception:
        if isinstance(error, DuesdeskError):
            return error
        if self.path is not None:
            return sqlite.trouble(error, str(self.path))
        if self._may_retry(error):
            return error
        from duesdesk.store.postgres import out_of_reach

        return out_of_reach(error, self.name)

    def version(self) -> StoreVersion:
        """Another one when another process has written: cheap enough to ask every second."""
        held = self._held()
        try:
            with held.lock:
                writes = 0 if self.postgres else sqlite.data_version(held.connection)
                acts: int = held.connection.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone()[0]
                return StoreVersion(acts, writes)
        except Exception as error:
            raise self._trouble(error) from error

    def engine(self) -> Engine:
        """The SQLAlchemy engine over the same connections: migrations and ORM sessions only."""
        if self._engine is None:
            from duesdesk.store.engine import make_engine

            self._engine = make_engine(self.url, self._connect)
        return self._engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A SQLModel session for editing one record: one writing transaction, committed at the end of the block."""
        from sqlmodel import Session  # imported late: start-up

        with Session(self.engine()) as session:
            try:
                yield session
                session.commit()
            except Exception as error:
                with suppress(Exception):
                    session.rollback()
                cause = getattr(error, "orig", None) or error
                told = _told(cause, self.name, postgres=self.postgres)
                if told is cause:
                    raise
                raise told from error

    def close(self) -> None:
        """Close every connection of every thread: what is read in another thread ends early, what is written is done.

        Closing a connection that another thread is using would end the process (a crash inside SQLite), so one that
        is still at work after all patience is left as it is.
        """
        for held in self._open:
            if not held.lock.acquire(blocking=False):
                if not held.writes:
                    self._interrupt(held.connection)
                if not held.lock.acquire(timeout=_PATIENCE_SECONDS):
                    continue
            with suppress(Exception):  # lint-ok: except because what is thrown away needs no farewell
                held.connection.close()
            held.lock.release()
        self._open.clear()
        self._local = threading.local()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _interrupt(self, connection: Any) -> None:
        # Both are made to be called from another thread.
        with suppress(Exception):  # lint-ok: except because then it ends by itself
            connection.cancel() if self.postgres else connection.interrupt()


def tx_of(session: Session, name: str) -> Tx:
    """The plain transaction of an ORM session, so that an audit entry is written together with the record.

    `name` is that of the database.
    """
    connection = session.connection()
    postgres = connection.dialect.name == "postgresql"
    return Tx(connection.connection.driver_connection, postgres=postgres, writes=True, name=name)


def sqlite_path(url: str) -> Path:
    """The file a `--db` value means: a path, or sqlite:///path."""
    return Path(url.removeprefix("sqlite:///")).expanduser()
