"""Down and page down in the list of debtors, beside a bare virtual list; a key that is held; another screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from bench.running import Run, bare_list, opened, size
from bench.stores import Store
from bench.table import Figure, at_most
from bench.terminal import Seen, Session

PART = "moving"
HELD_A_SECOND, HELD = 30, 90
# Function keys as xterm sends them.
SCREENS = {"F3": "\x1bOR", "F4": "\x1bOS"}


def measure(run: Run) -> Iterator[Figure]:
    """Moves through ours and the bare list in turn, on the smallest and the largest centre."""
    for made in dict.fromkeys((run.smallest, run.largest)):
        yield from _moves(run, made)
    yield from _sizes(run)
    yield from _switches(run)


def _moves(run: Run, made: Store) -> Iterator[Figure]:
    with opened(made.ours) as ours, bare_list(made) as bare:
        moves = {session: _warm(session) for session in (ours, bare)}
        for _ in range(run.rounds):
            for session, (downs, pages) in moves.items():
                downs += [session.press("down") for _ in range(4)]
                pages.append(session.press("pagedown"))
        lag_ms = hold(ours)
    (downs, pages), (bare_downs, bare_pages) = moves[ours], moves[bare]
    down, floor = _changed(downs), _changed(bare_downs)
    yield Figure(PART, "down, p95", size(made), down, "ms", floor, "K", most=10, most_ratio=1.5)
    cpu, bare_cpu = (statistics.median(seen.cpu_ms for seen in seens) for seens in (downs, bare_downs))
    yield Figure(PART, "down, CPU", size(made), cpu, "ms", bare_cpu, "K", most_ratio=1.5)
    yield Figure(PART, "page down, p95", size(made), _changed(pages), "ms", _changed(bare_pages), "K", most=33)
    number, bare_number = (max(seen.number_of_bytes for seen in seens) for seens in (downs, bare_downs))
    yield Figure(PART, "bytes of down, most", size(made), number, "B", bare_number, "K", most=500)
    pages_most = max(seen.number_of_bytes for seen in pages)
    yield Figure(PART, "bytes of page down, most", size(made), pages_most, "B")
    yield Figure(PART, "down held, lag at its end", size(made), lag_ms, "ms", most=50)


def _warm(session: Session) -> tuple[list[Seen], list[Seen]]:
    session.press("down")
    session.press("pagedown")
    return [], []


def _changed(seens: list[Seen]) -> float:
    return at_most([seen.changed_ms for seen in seens if seen.changed_ms is not None])


def hold(session: Session) -> float:
    """Hold the down arrow for three seconds; how long after the last repeat the screen still moved, in ms."""
    begun = time.perf_counter()
    for number in range(HELD):
        # The keyboard's repeat, whatever the program does.
        while (left := begun + number / HELD_A_SECOND - time.perf_counter()) > 0:
            session.idle(left)
        session.send("down")
    last = time.perf_counter()
    return session.rest(since=last).changed_ms or 0.0


def _sizes(run: Run) -> Iterator[Figure]:
    """A move costs hardly more bytes on a large terminal."""
    most = {}
    for columns, lines in ((80, 24), (200, 60)):
        with opened(run.smallest.ours, columns=columns, lines=lines) as session:
            _warm(session)
            most[columns] = max(session.press("down").number_of_bytes for _ in range(6))
    yield Figure(PART, "bytes of down, 200x60", size(run.smallest), most[200], "B", most[80], "80x24", most_ratio=1.7)


def _switches(run: Run) -> Iterator[Figure]:
    for made in dict.fromkeys((run.smallest, run.largest)):
        with opened(made.ours) as session:
            first = {name: session.press(key) for name, key in reversed(SCREENS.items())}
            warm = [session.press(key) for _ in range(run.rounds) for key in reversed(SCREENS.values())]
        yield Figure(PART, "screen switch, warm p95", size(made), _changed(warm), "ms", most=33)
        yield Figure(PART, "CRM Daily, first visit", size(made), first["F4"].changed_ms or 0.0, "ms")
