"""Which schema the store has, and bringing it to ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duesdesk.domain.errors import StoreTrouble
from duesdesk.store.database import Database, Tx

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

# The newest migration. A test holds it equal to Alembic's head, so that a start need not import Alembic.
HEAD = "0006"


def revision(database: Database) -> str | None:
    """The migration the store stands at; None for an empty store. Raises StoreTrouble for another program's."""
    with database.read() as tx:
        return revision_in(tx, database.name)


def revision_in(tx: Tx, name: str) -> str | None:
    """As `revision`, of the store called `name` that is being read."""
    versioned = _has_table(tx, "alembic_version")
    if versioned and _has_table(tx, "ledger_state"):
        found: str | None = tx.value("SELECT version_num FROM alembic_version")
        return found
    # A server's database may be shared with others; a file is one program's.
    if versioned or (not tx.postgres and tx.value("SELECT 1 FROM sqlite_master LIMIT 1") is not None):
        raise StoreTrouble("store-foreign", path=name)
    return None


def _has_table(tx: Tx, table: str) -> bool:
    if tx.postgres:
        return tx.value("SELECT to_regclass(:table)", table=table) is not None
    return tx.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :table", table=table) is not None


def check(database: Database) -> None:
    """Raises StoreTrouble unless the store has exactly our schema.

    A newer store is neither read nor written; an older one wants `duesdesk upgrade`, an empty one `duesdesk init`;
    another program's is left alone.
    """
    found = revision(database)
    if found is None:
        raise StoreTrouble("store-empty", path=database.name)
    if found > HEAD:
        raise StoreTrouble("store-too-new", path=database.name, found=found, known=HEAD)
    if found < HEAD:
        raise StoreTrouble("store-too-old", path=database.name, found=found, known=HEAD)


def upgrade(database: Database, target: str = "head") -> None:
    """Run every migration up to `target` in one transaction."""
    from alembic import command  # imported late: start-up

    with database.engine().connect() as connection:
        if not database.postgres:
            # Some migrations make tables anew; references are checked at the end instead. The driver is asked itself:
            # SQLAlchemy would begin a transaction first, in which this pragma does nothing.
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            command.upgrade(configuration(connection), target)
            if not database.postgres and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise StoreTrouble("store-corrupt", path=database.name)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration over an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "duesdesk.store:migrations")
    config.attributes["connection"] = connection
    return config
