"""Nobody touches a key: nothing is written and next to nothing is done. And what every screen has taken of memory."""

from __future__ import annotations

from collections.abc import Iterator

from bench.parts.moving import SCREENS
from bench.running import Run, opened, size
from bench.table import Figure
from bench.terminal import Session

PART = "rest"
IDLE_SECONDS = 5.0
# Dialogs are opened and left; each letter is its key on the Dashboard.
DIALOGS = ("/", "p", "n", "t", "y", "?", "f")


def measure(run: Run) -> Iterator[Figure]:
    """The smallest and the largest centre."""
    memory = {}
    for made in dict.fromkeys((run.smallest, run.largest)):
        with opened(made.ours) as session:
            # What the program does once it is at rest, it does in its first seconds.
            session.idle(2)
            seen = session.idle(IDLE_SECONDS)
            visit(session)
            memory[made] = session.memory_mb()
        yield Figure(PART, f"bytes in {IDLE_SECONDS:g} s", size(made), seen.number_of_bytes, "B", most=0)
        yield Figure(PART, f"CPU in {IDLE_SECONDS:g} s", size(made), seen.cpu_ms, "ms", most=10)
        yield Figure(PART, "memory after every screen", size(made), memory[made], "MB", most=80)
    if run.largest is not run.smallest:
        grown = memory[run.largest] - memory[run.smallest]
        yield Figure(PART, "memory, more than the fewest", size(run.largest), grown, "MB", most=5)


def visit(session: Session) -> None:
    """Every screen and every dialog once."""
    for key in SCREENS.values():
        session.press(key)
        session.press("down")
    session.press(SCREENS["F3"])
    for key in DIALOGS:
        session.press(key)
        session.press("esc")
    session.press("enter")
    session.press("esc")
    session.press("\x1b[21~")
    session.press(SCREENS["F3"])
