"""Another CHECK for a table of SQLite, which cannot change one in place.

Alembic's batch mode makes the table anew from what SQLAlchemy reads of it, and loses CHECKs and triggers without a
word. Here the table is made anew from its own text, so everything else of it stays as it is.
"""

from __future__ import annotations

import sqlalchemy as sa


def rebuilt(connection: sa.Connection, table: str, *changes: str) -> None:
    """Make `table` anew with other text, with its rows, indexes and triggers.

    `changes` are pairs: what stood there, and what stands there instead. A column that is new is empty. Foreign keys
    are off while migrations run (`store.schema`). Raises ValueError when what stood there is not there once.
    """
    texts = list(
        connection.execute(
            sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
        )
    )
    (made,) = (text for kind, text in texts if kind == "table")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        if made.count(old) != 1:
            raise ValueError(f"{table} is not as this migration knows it")
        made = made.replace(old, new)
    head, _, body = made.partition("(")
    fresh = f"new_{table}"
    connection.exec_driver_sql(f"{head.replace(table, fresh)}({body}")
    columns = ", ".join(row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    connection.exec_driver_sql(f"INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {table}")
    for kind, text in texts:
        if kind != "table":
            connection.exec_driver_sql(text)
