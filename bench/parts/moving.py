"""Down and page down in the list of debtors, beside a bare virtual list; a key that is held; another screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import NamedTuple

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


class Moves(NamedTuple):
    """Keys in a list: down within what is seen, down at its edge, page down."""

    down: list[Seen]
    scroll: list[Seen]
    page: list[Seen]


def _moves(run: Run, made: Store) -> Iterator[Figure]:
    with opened(made.ours) as ours, bare_list(made) as bare:
        moves = {session: Moves([], [], []) for session in (ours, bare)}
        for turn in range(run.rounds + 1):
            for session, moved in moves.items():
                one = _moved(session)
                if turn:
                    for kept, seens in zip(moved, one, strict=True):
                        kept.extend(seens)
        lag_ms = hold(ours)
    mine, floor = moves[ours], moves[bare]
    for what, pressed, beside, most_ms, most_bytes in (
        ("down", mine.down, floor.down, 10, 500),
        ("down at the edge", mine.scroll, floor.scroll, 10, None),
        ("page down", mine.page, floor.page, 33, None),
    ):
        cpu, other = (statistics.median(seen.cpu_ms for seen in seens) for seens in (pressed, beside))
        yield Figure(PART, f"{what}, CPU", size(made), cpu, "ms", other, "K", most=most_ms)
        # A page is there when all of it is; what is beside the list may follow the cursor a moment later.
        when = _last if what == "page down" else _first
        slow, other = when(pressed), when(beside)
        ratio = 1.5 if when is _first else None
        yield Figure(
            PART, f"{what}, p95", size(made), slow, "ms", other, "K", most=most_ms, most_ratio=ratio, by_clock=True
        )
        number, other = (max(seen.number_of_bytes for seen in seens) for seens in (pressed, beside))
        yield Figure(PART, f"bytes of {what}, most", size(made), number, "B", other, "K", most=most_bytes)
    yield Figure(PART, "down held, lag at its end", size(made), lag_ms, "ms", most=50, by_clock=True)


def _moved(session: Session) -> Moves:
    """From the first row down within what is seen, over its edge, and a page on."""
    session.press("home")
    down = [session.press("down") for _ in range(6)]
    session.press(*["down"] * 30)
    return Moves(down, [session.press("down") for _ in range(3)], [session.press("pagedown")])


def _first(seens: list[Seen]) -> float:
    return at_most([seen.first_ms for seen in seens if seen.first_ms is not None])


def _last(seens: list[Seen]) -> float:
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
            session.press("down")
            most[columns] = max(session.press("down").number_of_bytes for _ in range(6))
    # From 110 columns on the person beside the list changes with it.
    yield Figure(PART, "bytes of down, 200x60", size(run.smallest), most[200], "B", most[80], "80x24")


def _switches(run: Run) -> Iterator[Figure]:
    for made in dict.fromkeys((run.smallest, run.largest)):
        with opened(made.ours) as session:
            first = {name: session.press(key) for name, key in reversed(SCREENS.items())}
            warm = [session.press(key) for _ in range(run.rounds) for key in reversed(SCREENS.values())]
        yield Figure(PART, "screen switch, warm p95", size(made), _last(warm), "ms", most=33)
        yield Figure(PART, "CRM Daily, first visit", size(made), first["F4"].changed_ms or 0.0, "ms")
