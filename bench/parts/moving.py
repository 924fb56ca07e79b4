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
WITHIN = 10
"""Keys that stay within the rows seen at 80x24."""
MOST_BYTES = 500
SIZES = ((80, 24), (120, 40), (200, 60))
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
        ours.beside = person_lines(ours)
        moves = {session: Moves([], [], []) for session in (ours, bare)}
        for turn in range(run.rounds + 1):
            for session, moved in moves.items():
                one = _moved(session)
                if turn:
                    for kept, seens in zip(moved, one, strict=True):
                        kept.extend(seens)
        lag_ms, _ = hold(ours)
    mine, floor = moves[ours], moves[bare]
    for what, pressed, beside, most_ms, most_bytes in (
        ("down", mine.down, floor.down, 10, MOST_BYTES),
        ("down at the edge", mine.scroll, floor.scroll, 10, None),
        ("page down", mine.page, floor.page, 33, None),
    ):
        cpu, other = (statistics.median(seen.cpu_ms for seen in seens) for seens in (pressed, beside))
        yield Figure(PART, f"{what}, CPU", size(made), cpu, "ms", other, "K", most=most_ms)
        # A page is there when all of its lines are; the person below the list follows the cursor a moment later.
        when = _list if what == "page down" else _first
        slow, other = when(pressed), when(beside)
        ratio = 1.5 if when is _first else None
        yield Figure(
            PART, f"{what}, p95", size(made), slow, "ms", other, "K", most=most_ms, most_ratio=ratio, by_clock=True
        )
        number, other = (max(seen.number_of_bytes for seen in seens) for seens in (pressed, beside))
        yield Figure(PART, f"bytes of {what}, most", size(made), number, "B", other, "K", most=most_bytes)
    yield Figure(PART, "page down and the person, p95", size(made), _last(mine.page), "ms", most=33, by_clock=True)
    yield Figure(PART, "down held, lag at its end", size(made), lag_ms, "ms", most=50, by_clock=True)


def _moved(session: Session) -> Moves:
    """From the first row down within what is seen, over its edge, and a page on."""
    session.press("home")
    down = [session.press("down") for _ in range(6)]
    session.press(*["down"] * 30)
    return Moves(down, [session.press("down") for _ in range(3)], [session.press("pagedown")])


def _first(seens: list[Seen]) -> float:
    return at_most([seen.first_ms for seen in seens if seen.first_ms is not None])


def _list(seens: list[Seen]) -> float:
    return at_most([seen.list_ms for seen in seens if seen.list_ms is not None])


def _last(seens: list[Seen]) -> float:
    return at_most([seen.changed_ms for seen in seens if seen.changed_ms is not None])


def person_lines(session: Session) -> range:
    """Where the person under the cursor stands, above messages and keys."""
    lines = session.screen.lines
    return range(lines - (4 if lines < 30 else 6), lines - 2)


def hold(session: Session, keys: int = HELD) -> tuple[float, float]:
    """Hold the down arrow, three seconds for all `keys`.

    The time from the last repeat until the list was still, in ms; all bytes that came, the person's too, for each key.
    """
    before = session.number_of_bytes
    session.beside = person_lines(session)
    begun = time.perf_counter()
    for number in range(keys):
        # The keyboard's repeat, whatever the program does.
        while (left := begun + number / HELD_A_SECOND - time.perf_counter()) > 0:
            session.idle(left)
        session.send("down")
    last = time.perf_counter()
    return session.rest(since=last).list_ms or 0.0, (session.number_of_bytes - before) / keys


def _sizes(run: Run) -> Iterator[Figure]:
    """What a move is sent: the list at once, the person below it a frame later; of a held key the list alone."""
    floors: tuple[float, ...] = ()
    for columns, lines in SIZES:
        with opened(run.smallest.ours, columns=columns, lines=lines) as session:
            session.press("down")
            pressed = [session.press("down") for _ in range(6)]
            session.press("home")
            _, held = hold(session, WITHIN)
        moves = (max(seen.frames[0] for seen in pressed), held, max(sum(seen.frames[1:]) for seen in pressed))
        floors = floors or moves
        for what, number, floor in zip(("", " held, of each", ", the person after it"), moves, floors, strict=True):
            named = f"bytes of down{what}, {columns}x{lines}"
            yield Figure(PART, named, size(run.smallest), number, "B", floor, "80x24", most=MOST_BYTES)


def _switches(run: Run) -> Iterator[Figure]:
    for made in dict.fromkeys((run.smallest, run.largest)):
        with opened(made.ours) as session:
            first = {name: session.press(key) for name, key in reversed(SCREENS.items())}
            warm = [session.press(key) for _ in range(run.rounds) for key in reversed(SCREENS.values())]
        yield Figure(PART, "screen switch, warm p95", size(made), _last(warm), "ms", most=33)
        yield Figure(PART, "CRM Daily, first visit", size(made), first["F4"].changed_ms or 0.0, "ms")
