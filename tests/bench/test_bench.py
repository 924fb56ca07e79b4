"""The bench works on a small centre, and what the terminal is sent stays within a budget that no machine changes."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import pytest

from bench.__main__ import PARTS, machine, measure_of
from bench.parts.find import type_each
from bench.parts.moving import SIZES, WITHIN, hold
from bench.running import READY, Run, opened, program
from bench.stores import Store
from bench.table import Figure, at_most, in_turn, table

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")]
MEMBERS = 60
# These start no terminal; the others are looked at below, key by key.
QUIET_PARTS = ("arrivals", "bill", "command", "figures", "importing", "rule")
FIRST_SCREEN, LETTER, MOST_OF_A_LETTER, MOVE = 12_000, 600, 2_500, 500


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run((MEMBERS,), rounds=1, folder=tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def made(run: Run) -> Store:
    return run.smallest


def test_the_same_centre_is_made_each_time(made: Store, tmp_path: Path) -> None:
    again = Run((MEMBERS,), folder=tmp_path).smallest
    for kind in ("members", "invoices", "payments", "bookings"):
        name = f"{kind}-00.csv"
        assert (again.files / name).read_bytes() == (made.files / name).read_bytes()


def test_the_bare_tables_hold_the_same_debts(made: Store) -> None:
    from bench import raw

    desk, bare = made.desk(), raw.connect(made.raw)
    with desk.place.database.read() as tx:
        ours = tx.all("SELECT payer_id, sum(open_minor) FROM open_item GROUP BY payer_id ORDER BY payer_id")
    desk.close()
    assert len(ours) > MEMBERS // 2
    assert bare.execute("SELECT id, open_minor FROM member WHERE open_minor > 0 ORDER BY id").fetchall() == ours
    bare.close()


@pytest.mark.parametrize("part", QUIET_PARTS)
def test_a_part_is_measured_beside_its_floor(run: Run, part: str) -> None:
    figures = list(measure_of(part)(run))
    assert figures
    assert all(figure.value > 0 for figure in figures)
    assert all(figure.floor for figure in figures)
    assert part in PARTS


def test_the_forecast_is_judged_beside_those_that_know_of_no_habit(run: Run) -> None:
    figures = list(measure_of("forecast")(run))
    judged = [figure for figure in figures if figure.beside in ("due day", "last month")]
    assert judged
    assert all(figure.is_met for figure in judged)
    assert "forecast" in PARTS


def test_a_payment_is_measured_beside_the_same_rows(run: Run, made: Store) -> None:
    from bench.parts.payment import transaction

    figures = list(transaction(made))
    assert {figure.beside for figure in figures} == {"same rows, bare SQL", "bare tables", "4 kB + fdatasync"}
    assert all(figure.ratio and figure.ratio > 0 for figure in figures)


def test_what_the_terminal_is_sent_stays_within_its_budget(made: Store) -> None:
    with program(made.ours) as session:
        session.wait(READY)
        session.rest()
        assert session.number_of_bytes <= FIRST_SCREEN
        session.press("home")
        moves = [session.press("down").number_of_bytes for _ in range(6)]
        assert max(moves) <= MOVE
        assert min(moves) > 0
        session.press("/")
        letters = [seen.number_of_bytes for seen in type_each(session)]
        assert statistics.median(letters) <= LETTER
        assert max(letters) <= MOST_OF_A_LETTER
        session.press("esc")
        session.idle(1)
        # Longer than the program waits before it looks whether another desk has written.
        assert session.idle(3).number_of_bytes == 0


@pytest.mark.parametrize("shape", SIZES)
def test_a_move_stays_within_its_budget_on_every_terminal(made: Store, shape: tuple[int, int]) -> None:
    columns, lines = shape
    with opened(made.ours, columns=columns, lines=lines) as session:
        session.press("home")
        moves = [session.press("down") for _ in range(6)]
        assert max(seen.frames[0] for seen in moves) <= MOVE
        assert max(sum(seen.frames[1:]) for seen in moves) <= MOVE
        session.press("home")
        _, held = hold(session, WITHIN)
        assert 0 < held <= MOVE


def test_the_table_tells_what_is_met_and_what_is_missed() -> None:
    figures = [
        Figure("part", "small enough", "1k", 3.0, "ms", 2.0, "A", most=10, most_ratio=2),
        Figure("part", "too far from its floor", "1k", 3.0, "ms", 1.0, "A", most=10, most_ratio=2),
        Figure("part", "only slow", "1k", 30.0, "ms", most=10, by_clock=True),
        Figure("part", "told", "1k", 1234.0, "B"),
    ]
    lines = table(figures).splitlines()[2:]
    assert [line.split()[-1] for line in lines] == ["met", "MISSED", "over", "B"]
    assert "1,234 B" in lines[3]


def test_works_are_done_in_turn_and_the_first_round_is_not_kept() -> None:
    done: list[str] = []
    first, second = in_turn(2, lambda: done.append("first"), lambda: done.append("second"))
    assert done == ["first", "second"] * 3
    assert len(first.cpu) == len(second.wall) == 2
    assert at_most(range(1, 101)) == 95


def test_the_table_says_where_it_was_measured() -> None:
    told = machine()
    assert "Python" in told
    assert "SQLite" in told
