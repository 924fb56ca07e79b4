"""The PostgreSQL connection: rows come back in the same plain forms as from SQLite.

Dates are ISO text, instants ISO text in UTC, sums whole numbers, so that one query serves both engines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from duesdesk.domain.errors import StoreTrouble
from duesdesk.domain.store_address import without_password

if TYPE_CHECKING:
    import psycopg

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
SERIALIZATION_FAILURES = ("40001", "40P01")


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection in autocommit mode. Raises StoreTrouble when the server or the driver is not there."""
    try:
        import psycopg
    except ImportError as error:
        raise StoreTrouble("postgres-extra-missing") from error
    try:
        # A server that does not answer is given up after seconds: a pulled cable would otherwise be waited for as long
        # as the operating system likes, which may be hours.
        connection = psycopg.connect(
            url.replace("postgresql+psycopg://", "postgresql://"),
            autocommit=True,
            connect_timeout=5,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=20_000,
        )
    except psycopg.Error as error:
        raise out_of_reach(error, without_password(url)) from error
    _plain_forms(connection)
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute("SET DateStyle TO 'ISO, YMD'")
    connection.execute("SET lock_timeout = '5s'")
    return connection


def trouble(error: BaseException, name: str) -> BaseException:
    """What an error of the server means to a person; as it is when it is our fault, or asks for the work again."""
    import psycopg

    if isinstance(error, psycopg.errors.LockNotAvailable):
        return StoreTrouble("store-locked", path=name)
    if getattr(error, "sqlstate", None) in SERIALIZATION_FAILURES:
        return error
    return out_of_reach(error, name) if isinstance(error, psycopg.OperationalError) else error


def out_of_reach(error: BaseException, name: str) -> StoreTrouble:
    """The server is not there, or no longer."""
    return StoreTrouble("store-out-of-reach", path=name, detail=str(error).splitlines()[0] if str(error) else "")


@lru_cache(maxsize=1024)
def placeholders(sql: str) -> str:
    """`:name` parameters as psycopg writes them."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


def _plain_forms(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    from psycopg.adapt import Loader

    class IsoDate(Loader):
        def load(self, data: Any) -> str:
            return bytes(data).decode()

    class IsoInstant(Loader):
        # 'YYYY-MM-DD HH:MM:SS[.ffffff]+00', since the session's zone is UTC.
        def load(self, data: Any) -> str:
            text = bytes(data).decode().removesuffix("+00").replace(" ", "T")
            whole, _, fraction = text.partition(".")
            return f"{whole}.{fraction:0<6}Z"

    class Whole(Loader):
        def load(self, data: Any) -> int:
            return int(bytes(data))

    connection.adapters.register_loader("date", IsoDate)
    connection.adapters.register_loader("timestamptz", IsoInstant)
    connection.adapters.register_loader("numeric", Whole)
