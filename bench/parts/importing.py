"""A file of invoices, ten for each member: read, checked and written whole, beside `csv` and `executemany`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from bench import raw
from bench.running import Run, size
from bench.stores import CLOCK, Store, copied, remove
from bench.table import Figure
from duesdesk.bootstrap import open_desk
from duesdesk.services.imports.views import ImportRequest

PART = "import"
ROUNDS = 3
MEMBERS = 10_000


def measure(run: Run) -> Iterator[Figure]:
    """Into the centre of 10,000 members, or the largest there is below."""
    made = max((one for one in run.stores.values() if one.members <= MEMBERS), key=lambda one: one.members)
    file = _renumbered(made)
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(_bare(made, file))
        ours.append(_ours(made, file))
    rows = made.members * 10
    wall, cpu = (sorted(one[part] for one in ours)[ROUNDS // 2] for part in (0, 1))
    bare_wall, bare_cpu = (sorted(one[part] for one in floor)[ROUNDS // 2] for part in (0, 1))
    what = f"{rows:,} invoices, checked"
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", bare_cpu, "csv + executemany", most_ratio=2)
    yield Figure(PART, what, size(made), wall, "s", bare_wall, "csv + executemany")


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


def _bare(made: Store, file: Path) -> tuple[float, float]:
    """Checked as little as can be: days are days, amounts are above zero, members are there."""
    path = copied(made.raw, "import-raw.db")
    connection = raw.connect(path)
    wall, cpu = perf_counter(), process_time()
    ids = dict(connection.execute("SELECT number, id FROM member"))
    connection.execute("BEGIN IMMEDIATE")
    with file.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        next(reader)

        def rows() -> Iterator[tuple[object, ...]]:
            for number, member, issued_on, due_on, amount, description in reader:
                date.fromisoformat(issued_on)
                date.fromisoformat(due_on)
                whole, _, cents = amount.partition(".")
                minor = int(whole) * 100 + int(cents)
                if minor <= 0:
                    raise ValueError(amount)
                yield number, ids[member], issued_on, due_on, minor, minor, description

        connection.executemany(
            """INSERT INTO invoice (number, member_id, issued_on, due_on, amount_minor, open_minor, description)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            rows(),
        )
    connection.execute("COMMIT")
    taken = perf_counter() - wall, process_time() - cpu
    connection.close()
    remove(path)
    return taken
