"""A store of every released schema becomes one of today: same figures, nothing lost of what it refuses."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import StoreTrouble
from duesdesk.services.backups import By, upgrade
from duesdesk.store import schema, triggers
from duesdesk.store.database import Database, RefusedByStore, Row
from duesdesk.store.verify import verify

RELEASED = sorted(Path(__file__).with_name("released").glob("*.db.gz"))
CLOCK = Clock(date(2026, 10, 20))


def upgraded(path: Path) -> dict[str, object]:
    """The answer of the upgrade that Ana asked for on this machine."""
    return upgrade(str(path), By(CLOCK, path.parent / "home", "desk 1", "Ana"))


@pytest.fixture(params=RELEASED, ids=lambda path: path.name.partition(".")[0])
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "released.db"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    path.chmod(0o600)
    return path


def rows(path: Path) -> dict[str, list[Row]]:
    """Everything the ledger says, table by table."""
    database = Database(str(path))
    with database.read() as tx:
        tables = ("invoice", "invoice_event", "invoice_line", "payment", "allocation", "credit", "audit_entry")
        found: dict[str, list[Row]] = {table: tx.all(f"SELECT * FROM {table} ORDER BY id") for table in tables}
        found["balances"] = tx.all("SELECT * FROM payer_balance ORDER BY payer_id, currency")
    database.close()
    return found


def shape(path: Path) -> dict[str, str]:
    """The text of every table, index and trigger, blanks and quotes aside."""
    database = Database(str(path))
    with database.read() as tx:
        texts = tx.all("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    database.close()
    return {name: " ".join(text.replace('"', "").split()) for name, text in texts}


def test_an_older_store_is_not_opened_before_it_is_upgraded(released: Path) -> None:
    with pytest.raises(StoreTrouble) as refused:
        open_desk(str(released), clock=CLOCK)
    assert refused.value.code == "store-too-old"


def test_an_upgrade_keeps_every_row_and_every_figure(released: Path) -> None:
    before = rows(released)
    answer = upgraded(released)
    assert answer["to"] == schema.HEAD
    assert Path(str(answer["saved"])).is_file()
    after = rows(released)
    own = after["audit_entry"].pop()
    assert after == before
    assert {"upgrade", "Ana"} <= set(own)
    desk = open_desk(str(released), clock=CLOCK)
    with desk.place.database.read() as tx:
        assert {name: found for name, found in verify(tx).items() if found} == {}
        assert triggers.expected(tx) <= triggers.present(tx)
    desk.close()


def test_an_upgraded_store_has_the_shape_of_a_fresh_one(released: Path, store: Path) -> None:
    upgraded(released)
    assert shape(released) == shape(store)


def test_an_upgraded_store_refuses_what_a_fresh_one_refuses(released: Path) -> None:
    upgraded(released)
    database = Database(str(released))
    for statement in (
        "UPDATE payment SET amount_minor = 1",
        "DELETE FROM invoice_event",
        """INSERT INTO invoice_event SELECT NULL, invoice_id, 'nonsense', due_on, effective_on, act_id, recorded_at,
                  actor, desk, reason, 'k' FROM invoice_event LIMIT 1""",
    ):
        with pytest.raises(RefusedByStore), database.write() as tx:
            tx.run(statement)
    database.close()


def test_the_checks_of_the_models_are_those_of_the_store(store: Path) -> None:
    import sqlalchemy as sa
    from sqlmodel import SQLModel

    import duesdesk.models  # noqa: F401 (registers the tables)

    database = Database(str(store))
    inspector = sa.inspect(database.engine())
    for name, table in SQLModel.metadata.tables.items():
        meant = {str(one.sqltext) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        assert {one["sqltext"] for one in inspector.get_check_constraints(name)} == meant, name
    database.close()
