"""The forecast and the early signs: how long they take on a large book, and how far they were from what came.

Judged are an invented book in which everybody has a habit, and the public receivables sample where it lies beside the
repository; each on its second year, the method being chosen by the first. Figures are told as they are, missed or not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bench import early, payers, raw, trial
from bench.running import ROOT, Run, size
from bench.stores import CENTRE, Store
from bench.table import Figure, in_turn
from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.imports.views import ImportRequest

PART = "forecast"
MOST_MS = 2000
SAMPLE = ROOT / "../shared/data/receivables/ibm_accounts_receivable.csv"
_ROWS = ("SELECT * FROM invoice ORDER BY id", "SELECT * FROM allocation ORDER BY invoice_id")


def measure(run: Run) -> Iterator[Figure]:
    """Speed on every size, then the trials."""
    for made in run.stores.values():
        yield from _speed(run, made)
    with tempfile.TemporaryDirectory(prefix="duesdesk-bench-") as folder:
        file = Path(folder, "payers.csv")
        payers.write(file)
        with _brought(Path(folder, "own.db"), ImportRequest("receivables", file)) as desk:
            yield from _judged(desk, "invented", date(2025, 1, 6), payers.LAST)
        if SAMPLE.is_file():
            request = ImportRequest("receivables", SAMPLE, profile="ibm-receivables")
            with _brought(Path(folder, "real.db"), request) as desk:
                yield from _judged(desk, "real", date(2013, 1, 7), date(2013, 12, 1))


def _speed(run: Run, made: Store) -> Iterator[Figure]:
    desk, bare = made.desk(), raw.connect(made.raw)

    def rows() -> None:
        for sql in _ROWS:
            bare.execute(sql).fetchall()

    rounds = max(2, run.rounds // 3)
    for what, name in (("8 weeks ahead and back, CPU", "forecast"), ("early signs, CPU", "signs")):
        ours, floor = in_turn(rounds, lambda name=name: desk.reports.read(name), rows)
        # Ten invoices a member: the largest centre has a million of them, which nobody waits for at the desk.
        most = MOST_MS if made.members <= 10_000 else None
        yield Figure(PART, what, size(made), ours.cpu_ms, "ms", floor.cpu_ms, "every row read, raw", most=most)
    desk.close()
    bare.close()


@contextmanager
def _brought(path: Path, request: ImportRequest) -> Iterator[Desk]:
    """A centre with nothing but the file in it."""
    found_centre(str(path), CENTRE, clock=Clock(date(2012, 1, 1)))
    desk = open_desk(str(path), clock=Clock(date(2026, 11, 22)))
    if not desk.imports.run(request).written:
        raise SystemExit(f"{request.file} could not be brought in")
    yield desk
    desk.close()


def _judged(desk: Desk, book: str, first: date, last: date) -> Iterator[Figure]:
    said = trial.said(desk, CENTRE.currency, first, last)
    found = trial.judge(said)
    habit = found[trial.HABIT]
    weeks = f"{len(said)} weeks"
    for beside in trial.WAYS[1:]:
        other = found[beside]
        yield Figure(
            PART,
            f"{book}: off by, a week",
            weeks,
            habit.week_error / 100,
            "EUR",
            other.week_error / 100,
            beside,
            most_ratio=1,
        )
        yield Figure(
            PART,
            f"{book}: off by, four weeks",
            weeks,
            habit.weeks_error / 100,
            "EUR",
            other.weeks_error / 100,
            beside,
            most_ratio=1,
        )
    came = sum(one.came[0] for one in said)
    for way, judged in found.items():
        yield Figure(PART, f"{book}: said too much, of all that came", weeks, 100 * judged.bias / came, f"% by {way}")
    for overdue_days in (30, 14):
        counted = early.count(desk, first, last, overdue_days)
        what = f"{book}: overdue > {overdue_days} days soon after"
        looks = f"{counted.looked_at} looks"
        yield Figure(PART, f"{what}, sign right", looks, counted.precision, "%", counted.base_rate or None, "anybody")
        yield Figure(PART, f"{what}, had a sign", looks, counted.recall, f"% of {counted.became}")
