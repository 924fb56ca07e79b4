"""The collection rule over the whole book: the first run, and the second, which takes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time

from bench import book
from bench.bare_rule import BareRun
from bench.running import Run, size
from bench.stores import CLOCK, Store, copied, remove
from bench.table import Figure
from duesdesk.bootstrap import Desk, open_desk

PART = "rule"
_LOOK = "every open item, read and looked at"
_SAME, _NO_TEXT = "same rows and texts, bare SQL", "same rows, no texts"


def measure(run: Run) -> Iterator[Figure]:
    """On every centre but the smallest, where each is done in a moment."""
    for made in list(run.stores.values())[-2:]:
        yield from _on(made)


def _on(made: Store) -> Iterator[Figure]:
    taken, (wall, cpu), (again_wall, again_cpu) = _ours(made)
    (same_wall, same_cpu), (look_wall, look_cpu) = _bare(made, taken, texts=True)
    (_, bare_cpu), _ = _bare(made, taken, texts=False)
    what = f"{taken:,} steps taken"
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", same_cpu, _SAME, most_ratio=2)
    yield Figure(PART, f"{what}, CPU", size(made), cpu, "s", bare_cpu, _NO_TEXT)
    yield Figure(PART, what, size(made), wall, "s", same_wall, _SAME, most_ratio=2, by_clock=True)
    again = "again, nothing is taken"
    yield Figure(PART, f"{again}, CPU", size(made), again_cpu, "s", look_cpu, _LOOK)
    yield Figure(PART, again, size(made), again_wall, "s", look_wall, _LOOK)


def _timed(work: Callable[[], int]) -> tuple[int, tuple[float, float]]:
    wall, cpu = perf_counter(), process_time()
    count = work()
    return count, (perf_counter() - wall, process_time() - cpu)


def _ours(made: Store) -> tuple[int, tuple[float, float], tuple[float, float]]:
    path = copied(made.ours, "rule.db")
    desk = open_desk(str(path), clock=CLOCK)
    taken, first = _timed(lambda: _run(desk))
    again, second = _timed(lambda: _run(desk))
    desk.close()
    remove(path)
    if again:
        raise SystemExit(f"a second run took {again} steps")
    return taken, first, second


def _run(desk: Desk) -> int:
    return len(desk.runs.run().taken)


def _bare(made: Store, taken: int, *, texts: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    path: Path = copied(made.ours, "rule-bare.db")
    floor = BareRun(path, book.TODAY, texts=texts)
    count, measured = _timed(floor.go)
    _, looked = _timed(floor.again)
    floor.close()
    remove(path)
    if count != taken:
        raise SystemExit(f"the floor took {count} steps, and the run {taken}")
    return measured, looked
