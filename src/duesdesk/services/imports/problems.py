"""What is wrong with a row or a cell, as a code with facts, before it becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Problem(NamedTuple):
    """A code of `duesdesk.sentences` and what fills its placeholders."""

    code: str
    facts: tuple[tuple[str, object], ...] = ()


def problem(code: str, **facts: object) -> Problem:
    """A Problem; the facts are kept in the order given."""
    return Problem(code, tuple(facts.items()))


class Fault(NamedTuple):
    """Why one row is rejected: the field, what stood there, and the problem. `field` is '' for the row as a whole."""

    field: str
    value: str
    problem: Problem


@dataclass(slots=True)
class Faults:
    """The first fault of each row, by the row's position. One row is rejected once, whatever else is wrong with it."""

    _by_row: dict[int, Fault] = field(default_factory=dict)

    def add(self, row: int, name: str, value: object, what: Problem) -> None:
        """Reject `row`, unless it was rejected before."""
        if row not in self._by_row:
            self._by_row[row] = Fault(name, str(value), what)

    def copy(self) -> Faults:
        """As many faults, to add others to."""
        return Faults(dict(self._by_row))

    def __contains__(self, row: int) -> bool:
        return row in self._by_row

    def __len__(self) -> int:
        return len(self._by_row)

    def __iter__(self) -> Iterator[tuple[int, Fault]]:
        """In order of the rows."""
        return iter(sorted(self._by_row.items()))
