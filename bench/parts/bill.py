"""The dues of a whole centre: a membership for every member billed at once, beside bare inserts of the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import cast

from bench import book
from bench.running import Run, size
from bench.stores import CLOCK, Store, copied, remove
from bench.table import Figure
from duesdesk.bootstrap import open_desk
from duesdesk.services.imports.views import ImportRequest
from duesdesk.store import sqlite

PART = "bill"
MOST_MEMBERS = 10_000
_PLAIN_TABLES = """
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'
      AND name NOT IN (SELECT v.name || e.value FROM sqlite_master v,
                       json_each('["_data", "_idx", "_content", "_docsize", "_config"]') e
                       WHERE v.sql LIKE 'CREATE VIRTUAL%') ORDER BY rowid"""


def measure(run: Run) -> Iterator[Figure]:
    """On the largest centre that is billed in seconds."""
    made = max((one for one in run.stores.values() if one.members <= MOST_MEMBERS), key=lambda one: one.members)
    yield from _on(made)


def _on(made: Store) -> Iterator[Figure]:
    ours, floor = copied(made.ours, "bill.db"), made.ours.with_name("bill-bare.db")
    _with_memberships(ours, made)
    copied(ours, floor.name)
    desk = open_desk(str(ours), clock=CLOCK)
    wall, cpu = perf_counter(), process_time()
    issued = len(desk.billing.bill()["issued"])
    cpu, wall = process_time() - cpu, perf_counter() - wall
    desk.place.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()
    rows, (bare_wall, bare_cpu) = _inserted(ours, floor)
    remove(ours)
    remove(floor)
    if issued != made.members:
        raise SystemExit(f"{issued} invoices for {made.members} members")
    what, beside = f"{issued:,} memberships billed", f"same {rows:,} rows, bare SQL"
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", bare_cpu, beside, most_ratio=3)
    yield Figure(PART, what, size(made), wall, "s", bare_wall, beside, most_ratio=3, by_clock=True)


def _with_memberships(path: Path, made: Store) -> None:
    """A membership for everybody, charged from the first of the month on."""
    first = book.TODAY.replace(day=1).isoformat()
    desk = open_desk(str(path), clock=CLOCK)
    with desk.place.database.read() as tx:
        members = tx.all("SELECT number FROM member ORDER BY id")
    file = made.files / "memberships-bill.csv"
    lines = [f"{number},Full,45.00,{first},{first}" for (number,) in members]
    file.write_text("\n".join(("member,plan,price,starts_on,charged_from", *lines)), encoding="utf-8")
    result = desk.imports.run(ImportRequest("memberships", file))
    if not result.written:
        raise SystemExit(f"{file}: {result.rejected[:3]}")
    desk.place.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.close()


def _inserted(ours: Path, floor: Path) -> tuple[int, tuple[float, float]]:
    """How many rows the billing left behind, and what it costs to write them into the store as it was before."""
    connection = cast("sqlite3.Connection", sqlite.connect(floor))
    connection.execute("ATTACH ? AS billed", (str(ours),))
    changes = []
    for (table,) in connection.execute(_PLAIN_TABLES).fetchall():
        columns = connection.execute(f"SELECT count(*) FROM pragma_table_info('{table}')").fetchone()[0]
        rows = connection.execute(f"SELECT * FROM billed.{table} EXCEPT SELECT * FROM main.{table}").fetchall()
        if rows:
            changes.append((f"INSERT OR REPLACE INTO main.{table} VALUES ({', '.join('?' * columns)})", rows))
    connection.execute("DETACH billed")
    wall, cpu = perf_counter(), process_time()
    connection.execute("BEGIN IMMEDIATE")
    for statement, rows in changes:
        connection.executemany(statement, rows)
    connection.execute("COMMIT")
    cpu, wall = process_time() - cpu, perf_counter() - wall
    connection.close()
    return sum(len(rows) for _, rows in changes), (wall, cpu)
