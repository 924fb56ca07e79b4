"""A payment: from Enter to "saved", and its transaction beside bare ones and beside a write that reaches the disk."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench import book, raw
from bench.running import Run, opened, size
from bench.same_rows import SameRows
from bench.stores import CLOCK, Store, copied, remove
from bench.table import Figure, Taken, at_most, in_turn
from duesdesk.bootstrap import open_desk
from duesdesk.services.payments import PayRequest

PART = "payment"
SAVED = "saved"
TRANSACTIONS = 200


def measure(run: Run) -> Iterator[Figure]:
    """On the smallest and the largest centre."""
    for made in dict.fromkeys((run.smallest, run.largest)):
        yield from _felt(run, made)
        yield from transaction(made)


def _felt(run: Run, made: Store) -> Iterator[Figure]:
    path = copied(made.ours, "payment.db")
    taken = []
    with opened(path) as session:
        for _ in range(run.rounds + 2):
            # Who paid just now stays selected, and would be asked twice for what is not due yet.
            session.press("down")
            session.press("p")
            begun = perf_counter()
            session.send("enter")
            # The message of the payment before is gone while the form is open.
            taken.append((session.wait(SAVED) + session.started - begun) * 1000)
            session.rest()
    remove(path)
    yield Figure(PART, "Enter to “saved”, p95", size(made), at_most(taken[2:]), "ms", most=50, by_clock=True)
    yield Figure(PART, "Enter to “saved”, median", size(made), statistics.median(taken[2:]), "ms")


def transaction(made: Store) -> Iterator[Figure]:
    """The same payments, one after the other in turn, with nothing shown."""
    names = {"ours": made.ours, "same": made.ours, "bare": made.raw}
    paths = {name: copied(path, f"payment-{name}.db") for name, path in names.items()}
    ours, bare, same, disk = _paid_in_turn(paths)
    for path in paths.values():
        remove(path)
    yield Figure(PART, "transaction", size(made), ours.wall_ms, "ms", same.wall_ms, "same rows, bare SQL", most_ratio=3)
    for floor, beside in ((bare, "bare tables"), (disk, "4 kB + fdatasync")):
        yield Figure(PART, "transaction", size(made), ours.wall_ms, "ms", floor.wall_ms, beside)
    yield Figure(
        PART, "transaction, CPU", size(made), ours.cpu_ms, "ms", same.cpu_ms, "same rows, bare SQL", most_ratio=3
    )
    yield Figure(PART, "transaction, CPU", size(made), ours.cpu_ms, "ms", bare.cpu_ms, "bare tables")


def _paid_in_turn(paths: dict[str, Path]) -> list[Taken]:
    """The same payments of the same people by all three, and a block written to the disk."""
    desk, bare, same = open_desk(str(paths["ours"]), clock=CLOCK), raw.connect(paths["bare"]), SameRows(paths["same"])
    day = book.TODAY.isoformat()
    with desk.place.database.read() as tx:
        payers = tx.all(
            """SELECT m.id, m.number, b.open_minor FROM payer_balance b JOIN member m ON m.id = b.payer_id
               WHERE b.open_minor > 1000 ORDER BY m.id"""
        )
    chance = random.Random(7)
    chance.shuffle(payers)
    chosen = [(*row[:2], chance.randrange(500, row[2])) for row in payers[: TRANSACTIONS + 1]]
    by_ours, by_bare, by_same = iter(chosen), iter(chosen), iter(chosen)

    def pay_ours() -> None:
        _, number, amount_minor = next(by_ours)
        desk.payments.pay(PayRequest(number, amount_minor, "EUR"))

    def pay_bare() -> None:
        payer_id, _, amount_minor = next(by_bare)
        raw.pay(bare, payer_id, amount_minor, day)

    def pay_same() -> None:
        payer_id, _, amount_minor = next(by_same)
        same.pay(payer_id, amount_minor, day)

    with tempfile.TemporaryFile(dir=paths["ours"].parent) as file:
        block = b"x" * 4096

        def reach_the_disk() -> None:
            os.write(file.fileno(), block)
            os.fdatasync(file.fileno())

        taken = in_turn(len(chosen) - 1, pay_ours, pay_bare, pay_same, reach_the_disk)
    desk.close()
    bare.close()
    return taken
