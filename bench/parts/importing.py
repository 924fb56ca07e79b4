"""A file of invoices, ten for each member: read, checked and written whole, beside `csv` and `executemany`."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from bench import raw, same_rows
from bench.running import Run, size
from bench.stores import CLOCK, Store, copied, remove
from bench.table import Figure
from duesdesk.bootstrap import open_desk
from duesdesk.services.imports.views import ImportRequest
from duesdesk.store import sqlite

PART = "import"
ROUNDS = 3
MEMBERS = 10_000


def measure(run: Run) -> Iterator[Figure]:
    """Into the centre of 10,000 members, or the largest there is below."""
    made = max((one for one in run.stores.values() if one.members <= MEMBERS), key=lambda one: one.members)
    file = _renumbered(made)
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "same": [], "bare": []}
    for _ in range(ROUNDS):
        taken["bare"].append(_bare(made, file))
        taken["same"].append(_same(made, file))
        taken["ours"].append(_ours(made, file))
    middle = {
        name: tuple(sorted(part)[ROUNDS // 2] for part in zip(*each, strict=True)) for name, each in taken.items()
    }
    what = f"{made.members * 10:,} invoices, checked"
    same, bare = "same rows, csv + executemany", "bare table, csv + executemany"
    (wall, cpu), (same_wall, same_cpu), (_, bare_cpu) = middle["ours"], middle["same"], middle["bare"]
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", same_cpu, same, most_ratio=2)
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", bare_cpu, bare)
    yield Figure(PART, what, size(made), wall, "s", same_wall, same, most_ratio=2, by_clock=True)


def _renumbered(made: Store) -> Path:
    """The centre's own invoices under new numbers."""
    target = made.files / "more-invoices.csv"
    with (made.files / "invoices-00.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([rows[0], *(["X" + row[0], *row[1:]] for row in rows[1:])])
    return target


def _ours(made: Store, file: Path) -> tuple[float, float]:
    path = copied(made.ours, "import.db")
    desk = open_desk(str(path), clock=CLOCK)
    wall, cpu = perf_counter(), process_time()
    result = desk.imports.run(ImportRequest("invoices", file))
    taken = perf_counter() - wall, process_time() - cpu
    if result.created != made.members * 10:
        raise SystemExit(f"only {result.created} invoices were created")
    desk.close()
    remove(path)
    return taken


def _same(made: Store, file: Path) -> tuple[float, float]:
    """The rows that ours writes, into our tables."""
    path = copied(made.ours, "import-same.db")
    connection = sqlite.connect(path)
    wall, cpu = perf_counter(), process_time()
    connection.execute("BEGIN IMMEDIATE")
    same_rows.issue(connection, _rows(connection, file))
    connection.execute("COMMIT")
    taken = perf_counter() - wall, process_time() - cpu
    connection.close()
    remove(path)
    return taken


def _bare(made: Store, file: Path) -> tuple[float, float]:
    """One bare table with two indexes."""
    path = copied(made.raw, "import-raw.db")
    connection = raw.connect(path)
    wall, cpu = perf_counter(), process_time()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        """INSERT INTO invoice (number, member_id, issued_on, due_on, amount_minor, open_minor, description)
           VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)""",
        _rows(connection, file),
    )
    connection.execute("COMMIT")
    taken = perf_counter() - wall, process_time() - cpu
    connection.close()
    remove(path)
    return taken


def _rows(connection: sqlite3.Connection, file: Path) -> Iterator[tuple[str, int, str, str, int, str]]:
    """The file, checked as little as can be: days are days, amounts are above zero, members are there."""
    ids = dict(connection.execute("SELECT number, id FROM member"))
    with file.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        next(reader)
        for number, member, issued_on, due_on, amount, description in reader:
            date.fromisoformat(issued_on)
            date.fromisoformat(due_on)
            whole, _, cents = amount.partition(".")
            minor = int(whole) * 100 + int(cents)
            if minor <= 0:
                raise ValueError(amount)
            yield number, ids[member], issued_on, due_on, minor, description
