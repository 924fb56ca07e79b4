"""From the shell to the Dashboard with its figures: processor time beside an empty Textual app, bytes, memory."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import NamedTuple

from bench.running import READY, Run, empty_app, program, size
from bench.stores import Store
from bench.table import Figure
from bench.terminal import Session

PART = "start"
SOMETHING_TRUE = "€"


class Start(NamedTuple):
    """One start: something true on the screen, the app there, and what it had taken when it was at rest."""

    true_ms: float
    ready_ms: float
    cpu_ms: float
    number_of_bytes: int
    memory_mb: float


def start(begun: AbstractContextManager[Session], true: str, ready: str) -> Start:
    """Start a program and wait until its first screen is at rest."""
    with begun as session:
        true_ms = session.wait(true) * 1000
        ready_ms = true_ms if ready in session.text else session.wait(ready) * 1000
        session.rest()
        return Start(true_ms, ready_ms, session.cpu_ms(), session.number_of_bytes, session.memory_mb())


def measure(run: Run) -> Iterator[Figure]:
    """Starts in turn: the empty app, then every size."""
    kinds: dict[str, Callable[[], Start]] = {"A": lambda: start(empty_app(), "READY", "READY")}
    for made in run.stores.values():
        kinds[size(made)] = partial(_ours, made)
    taken: dict[str, list[Start]] = {kind: [] for kind in kinds}
    for turn in range(run.rounds + 1):
        for kind, begin in kinds.items():
            one = begin()
            if turn:
                taken[kind].append(one)
    floor = middle(taken.pop("A"))
    sizes = {kind: middle(starts) for kind, starts in taken.items()}
    first = next(iter(sizes.values()))
    for kind, ours in sizes.items():
        yield Figure(PART, "CPU to the Dashboard", kind, ours.cpu_ms, "ms", floor.cpu_ms, "A", most_ratio=1.2)
        yield Figure(
            PART, "something true seen", kind, ours.true_ms, "ms", floor.true_ms, "A", most_ratio=0.5, by_clock=True
        )
        yield Figure(PART, "Dashboard seen", kind, ours.ready_ms, "ms", floor.ready_ms, "A")
        yield Figure(PART, "bytes of the first screen", kind, ours.number_of_bytes, "B", most=12_000)
        yield Figure(PART, "memory", kind, ours.memory_mb, "MB", floor.memory_mb, "A", most_ratio=1.4)
        if ours is not first:
            yield Figure(PART, "CPU, more members", kind, ours.cpu_ms, "ms", first.cpu_ms, "fewest", most_ratio=1.1)


def _ours(made: Store) -> Start:
    return start(program(made.ours), SOMETHING_TRUE, READY)


def middle(starts: list[Start]) -> Start:
    """The median of each figure."""
    return Start(
        *(statistics.median(values) for values in list(zip(*starts, strict=True))[:3]),
        number_of_bytes=round(statistics.median(one.number_of_bytes for one in starts)),
        memory_mb=statistics.median(one.memory_mb for one in starts),
    )
