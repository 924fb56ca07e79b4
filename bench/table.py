"""Figures beside their floors and goals, and the table they are printed as."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `floor` is what was measured in turn with it, called `beside`.

    `most` is the goal for the value itself, `most_ratio` that for the value over its floor; None: it is only told.
    Processor time and bytes are held to their goals; time on the clock (`by_clock`) is told beside its goal, since it
    belongs to whatever else the machine does.
    """

    part: str
    what: str
    size: str
    value: float
    unit: str
    floor: float | None = None
    beside: str = ""
    most: float | None = None
    most_ratio: float | None = None
    by_clock: bool = False

    @property
    def ratio(self) -> float | None:
        """The value over its floor."""
        return self.value / self.floor if self.floor else None

    @property
    def goal(self) -> str:
        """The goal in words."""
        parts = [f"<= {self.most:g} {self.unit}"] if self.most is not None else []
        parts += [f"<= {self.most_ratio:g} x"] if self.most_ratio is not None else []
        return ", ".join(parts)

    @property
    def is_met(self) -> bool | None:
        """Whether every goal is reached; None when there is none."""
        if self.most is None and self.most_ratio is None:
            return None
        small = self.most is None or self.value <= self.most
        near = self.most_ratio is None or (self.ratio is not None and self.ratio <= self.most_ratio)
        return small and near


@dataclass(frozen=True, slots=True)
class Taken:
    """Repeated measurements of one thing, in milliseconds."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def wall_ms(self) -> float:
        """The median on the clock."""
        return statistics.median(self.wall)

    @property
    def cpu_ms(self) -> float:
        """The median of processor time."""
        return statistics.median(self.cpu)


def in_turn(rounds: int, *works: Callable[[], object]) -> list[Taken]:
    """Every work once a round, one after the other: what disturbs one disturbs all. The first round is not kept."""
    walls: list[list[float]] = [[] for _ in works]
    cpus: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for number, work in enumerate(works):
            wall, cpu = perf_counter(), process_time()
            work()
            cpu, wall = process_time() - cpu, perf_counter() - wall
            if turn:
                walls[number].append(wall * 1000)
                cpus[number].append(cpu * 1000)
    return [Taken(tuple(wall), tuple(cpu)) for wall, cpu in zip(walls, cpus, strict=True)]


def at_most(values: Sequence[float], share: float = 0.95) -> float:
    """The value that this share of `values` does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered) - 0.5))]


HEADINGS = ("part", "what", "members", "figure", "floor", "ratio", "goal", "")


def table(figures: Iterable[Figure]) -> str:
    """The figures as text, a line each; what is missed can be seen at its end."""
    rows = [HEADINGS]
    for figure in figures:
        floor = f"{_short(figure.floor)} {figure.beside}" if figure.floor is not None else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
        verdict = {None: "", True: "met", False: "over" if figure.by_clock else "MISSED"}[figure.is_met]
        value = f"{_short(figure.value)} {figure.unit}"
        rows.append((figure.part, figure.what, figure.size, value, floor, ratio, figure.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    right = {2, 3, 5}
    lines = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _short(value: float) -> str:
    if value >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
