"""A letter in Find: when the list is right, how many bytes that is, and the query alone."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

from bench import raw
from bench.running import Run, opened, size
from bench.stores import Store
from bench.table import Figure, at_most, in_turn
from bench.terminal import Seen, Session

PART = "Find"
# Typed letter by letter: a name, two words in the other order, a number, digits of a phone, nobody.
TYPED = ("kowalska", "garcia lu", "brand fat", "m0004", "912 3", "xyzq")


def measure(run: Run) -> Iterator[Figure]:
    """Every letter of what is typed, on the smallest and the largest centre."""
    for made in dict.fromkeys((run.smallest, run.largest)):
        letters = _letters(made)
        changed = [seen.changed_ms for seen in letters if seen.changed_ms is not None]
        numbers = [seen.number_of_bytes for seen in letters]
        rival = _fzf(made)
        beside = "fzf" if rival else ""
        slow = at_most(changed)
        yield Figure(PART, "letter to list, p95", size(made), slow, "ms", rival, beside, most=16.7, by_clock=True)
        yield Figure(PART, "letter to list, median", size(made), statistics.median(changed), "ms")
        yield Figure(
            PART, "CPU of a letter, p95", size(made), at_most([seen.cpu_ms for seen in letters]), "ms", most=16.7
        )
        yield Figure(PART, "bytes of a letter, median", size(made), statistics.median(numbers), "B", most=600)
        yield Figure(PART, "bytes of a letter, most", size(made), max(numbers), "B", most=2500)
        yield from _query(run, made)


def _letters(made: Store) -> list[Seen]:
    with opened(made.ours) as session:
        session.press("/")
        return type_each(session)


def type_each(session: Session) -> list[Seen]:
    """Type everything, letter by letter, into a field that is empty before each."""
    seen = []
    for word in TYPED:
        seen += [session.press(letter) for letter in word]
        session.press(*["back"] * len(word))
    return seen


def _query(run: Run, made: Store) -> Iterator[Figure]:
    """The query of each beginning of what is typed, beside the same rows found by LIKE in a bare table."""
    desk, bare = made.desk(), raw.connect(made.raw)
    ours, floor = [], []
    for typed in beginnings():
        found, looked = in_turn(
            run.rounds, lambda typed=typed: desk.search.find(typed), lambda typed=typed: raw.find(bare, typed)
        )
        ours.append(found.cpu_ms)
        floor.append(looked.cpu_ms)
    desk.close()
    bare.close()
    middle, beside = statistics.median(ours), statistics.median(floor)
    yield Figure(PART, "query, median CPU", size(made), middle, "ms", beside, "LIKE")
    yield Figure(PART, "query, worst CPU", size(made), max(ours), "ms", max(floor), "LIKE", most=5)


def beginnings() -> list[str]:
    """What stands in the field after each letter."""
    return [word[:end] for word in TYPED for end in range(1, len(word) + 1)]


def _fzf(made: Store) -> float | None:
    """The same letters in fzf over the same people, where it is installed."""
    if shutil.which("fzf") is None:
        return None
    people = made.raw.with_name("people.txt")
    _write_people(made, people)
    with Session(["sh", "-c", f"exec fzf --no-mouse < '{people}'"]) as session:
        session.wait(f"{made.members}/{made.members}")
        session.rest()
        changed = [seen.changed_ms for seen in type_each(session) if seen.changed_ms is not None]
    return at_most(changed)


def _write_people(made: Store, path: Path) -> None:
    bare = raw.connect(made.raw)
    path.write_text("".join(f"{search}\n" for (search,) in bare.execute("SELECT search FROM member")), encoding="utf-8")
    bare.close()
