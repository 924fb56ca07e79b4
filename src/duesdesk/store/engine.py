"""The SQLAlchemy engine, over the connections of `store.sqlite` and `store.postgres`.

SQLAlchemy leaves the first SELECT outside the transaction by default (two desks could pay one debt), so the `begin`
hook sends BEGIN IMMEDIATE itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from duesdesk.store import sqlite

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


def make_engine(url: str, connect: Callable[[], Any]) -> Engine:
    """An engine whose every transaction writes. `connect` opens a driver connection in autocommit mode."""
    if url.startswith(("postgresql:", "postgresql+psycopg:")):
        return sa.create_engine("postgresql+psycopg://", creator=_transactional(connect), poolclass=sa.pool.NullPool)
    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool, module=sqlite.library())

    @event.listens_for(engine, "begin")
    def _take_the_write_lock(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _transactional(connect: Callable[[], Any]) -> Callable[[], Any]:
    def opened() -> Any:
        connection = connect()
        connection.autocommit = False
        return connection

    return opened
