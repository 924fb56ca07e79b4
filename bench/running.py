"""What every part is given: the centres to measure on, how often, and the programs to start."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench import book
from bench.stores import OUT, Store, store
from bench.terminal import Session

# Only the app writes this line; the first paint before it does not.
READY = "/ find"
SETTLED_SECONDS = 2.0
ROOT = Path(__file__).parents[1]
# What a person types, as it is installed beside this Python.
PROGRAM = Path(sys.executable).with_name("duesdesk")
_ANCHORS = Path(__file__).parent / "anchors"


@dataclass(frozen=True)
class Run:
    """One run of the bench: the sizes in members, rising, and how often each thing is measured."""

    sizes: tuple[int, ...]
    rounds: int = 9
    folder: Path = OUT

    @cached_property
    def stores(self) -> dict[int, Store]:
        """The centres by their number of members."""
        return {members: store(members, self.folder) for members in self.sizes}

    @property
    def smallest(self) -> Store:
        """The centre with the fewest members."""
        return self.stores[self.sizes[0]]

    @property
    def largest(self) -> Store:
        """The centre with the most members."""
        return self.stores[self.sizes[-1]]


def size(made: Store) -> str:
    """The number of members as it stands in the table: 1k."""
    return f"{made.members // 1000}k" if made.members >= 1000 else str(made.members)


@contextmanager
def home() -> Iterator[Path]:
    """A folder for settings and logs that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="duesdesk-bench-") as folder:
        yield Path(folder)


@contextmanager
def program(path: Path, *, columns: int = 80, lines: int = 24) -> Iterator[Session]:
    """Our program at a store, in a terminal; nothing was waited for yet."""
    command = [str(PROGRAM), "--db", str(path), "--today", book.TODAY.isoformat()]
    with home() as folder, Session(command, columns=columns, lines=lines, env=_environment(folder)) as session:
        yield session


@contextmanager
def opened(path: Path, *, columns: int = 80, lines: int = 24) -> Iterator[Session]:
    """Our program with its first screen at rest, and with what it loads only then (the why lines)."""
    with program(path, columns=columns, lines=lines) as session:
        session.wait(READY)
        session.rest()
        session.idle(SETTLED_SECONDS)
        session.rest()
        yield session


@contextmanager
def empty_app(*, columns: int = 80, lines: int = 24) -> Iterator[Session]:
    """The anchor A, from its start."""
    with Session([sys.executable, str(_ANCHORS / "empty_app.py")], columns=columns, lines=lines) as session:
        yield session


@contextmanager
def bare_list(made: Store) -> Iterator[Session]:
    """The anchor K, at rest."""
    command = [sys.executable, "-m", "bench.anchors.bare_list", str(made.raw)]
    with Session(command, env={"PYTHONPATH": str(ROOT)}) as session:
        session.wait("M000001")
        session.rest()
        yield session


def _environment(folder: Path) -> dict[str, str]:
    return {"DUESDESK_HOME": str(folder), "PATH": os.environ.get("PATH", "")}
