"""What stands on the screen before Textual is loaded is what the Dashboard shows then, cleaned and hidden alike."""

from __future__ import annotations

import io
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.app import STYLES, DuesdeskApp
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.screens import first_paint, signs, text, theme
from tests.screens.reading import HOSTILE, seen, settled, started
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SIZES = [(60, 16), (80, 24), (99, 30), (120, 36), (200, 60)]


@pytest.fixture(autouse=True)
def _as_usual() -> None:
    text.show_amounts(True)
    signs.use_ascii(False)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(ago(200))
    names = ("García-López María", "Ștefan Popescu", "日本 太郎", "A" * 120, "Łukasz e\u0301", "Rossi Giulia")
    for place, name in enumerate(names):
        member(early, f"N{place}", name)
        owe(early, f"N{place}", 100_000 + 17 * place, ago(100 - 17 * place))
    member(early, "KID", "Rossi Leo", payer="N5")
    owe(early, "N0", 700, TODAY + timedelta(days=3))
    desk = at()
    pay(desk, "N1", 2000)
    book(desk, "KID", "18:00")
    return desk


def plain(painted: dict[int, list[first_paint.Run]]) -> dict[int, str]:
    return {y: "".join(run.text for run in runs).rstrip() for y, runs in painted.items()}


def opened(store: Path) -> Desk:
    return open_desk(str(store), clock=Clock(NOON))


def painted_on(desk: Desk, size: tuple[int, int], *, shown: bool = True) -> dict[int, list[first_paint.Run]]:
    return first_paint.lines(desk, desk.dashboard.first_page(16), *size, amounts_shown=shown)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("hidden", [False, True])
async def test_every_line_it_paints_is_what_the_dashboard_shows_there(
    store: Path, owing: Desk, size: tuple[int, int], hidden: bool
) -> None:
    painted = plain(painted_on(opened(store), size, shown=not hidden))
    app = started(store, Clock(NOON))
    text.show_amounts(not hidden)
    async with app.run_test(size=size) as pilot:
        await settled(pilot, lambda: app.screen._shown is not None)  # type: ignore[attr-defined]
        shown = seen(app)
    told = {y: line for y, line in painted.items() if "To look after" not in line}
    for y, line in told.items():
        # The last tile is filled when there was time to read it.
        assert shown[y].startswith(line), (y, line, shown[y])
    assert sum("●" in line for line in painted.values()) == min(6, size[1] - 12)


def test_every_line_has_exactly_the_width_of_the_terminal(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    for width, height in SIZES:
        for runs in painted_on(opened(store), (width, height)).values():
            assert sum(first_paint.width_of(run.text) for run in runs) == width


class Terminal(io.StringIO):
    def fileno(self) -> int:
        return 2


def written(desk: Desk, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = (80, 24), **environment: str) -> str:
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size(size))
    stream = Terminal()
    first_paint.show(desk, stream, environment, amounts_shown=True)
    return stream.getvalue()


def test_a_hostile_name_brings_no_escape_code_of_its_own(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    out = written(opened(store), monkeypatch, COLORTERM="truecolor")
    rest = re.sub(r"\x1b\[[0-9;]*m|\x1b\[\d+;\d+H|\x1b\[\?1049h|\x1b\[\?25l|\x1b\[H|\x1b\[2J", "", out)
    assert not any(char in rest for char in "\x1b\x07\x9b\r\n\u202e")
    assert "[b]Bold[/b]" in rest


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"COLORTERM": "truecolor"}, True),
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "vt100"}, False),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_written_only_where_they_are_wanted(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    out = written(opened(store), monkeypatch, **environment)
    assert ("38;" in out) is coloured
    assert "García-López María" in out


@pytest.mark.parametrize(("size", "environment"), [((59, 24), {}), ((80, 15), {}), ((80, 24), {"TERM": "dumb"})])
def test_nothing_is_written_where_it_would_not_fit_or_not_be_understood(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], environment: dict[str, str]
) -> None:
    assert written(opened(store), monkeypatch, size, **environment) == ""


def test_ascii_terminals_get_ascii(store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    signs.use_ascii(True)
    assert written(opened(store), monkeypatch).isascii()


def test_at_80_by_24_it_is_few_bytes(store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(written(opened(store), monkeypatch, COLORTERM="truecolor").encode()) <= 6_000


def test_the_theme_asked_for_is_used(store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((80, 24)))
    stream = Terminal()
    first_paint.show(opened(store), stream, {"COLORTERM": "truecolor"}, colors="duesdesk-light", amounts_shown=True)
    ground = theme.PALETTES["duesdesk-light"].ground
    assert ";".join(str(int(ground[at : at + 2], 16)) for at in (0, 2, 4)) in stream.getvalue()


@pytest.mark.parametrize("paid_meanwhile", [False, True])
async def test_what_it_has_read_is_shown_and_not_read_again_unless_somebody_has_written(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch, paid_meanwhile: bool
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((80, 24)))
    desk = opened(store)
    page = first_paint.show(desk, Terminal(), {}, amounts_shown=True)
    assert page is not None
    if paid_meanwhile:
        pay(owing, "N0", 50_000)
    app = DuesdeskApp(lambda: desk, first_page=page)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: app.screen._later is not None)  # type: ignore[attr-defined]
        assert (app.screen._shown.people is page.people) is not paid_meanwhile  # type: ignore[attr-defined]
        first = next(line for line in seen(app) if "María" in line)
        assert ("1,000.00" in first) is not paid_meanwhile
    desk.close()


async def test_at_the_start_the_person_is_read_once(store: Path, owing: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.screen._later is not None)  # type: ignore[attr-defined]
        await settled(pilot, lambda: any("invoice open" in line for line in seen(app)))
        assert app.screen._loads["person"] == 1  # type: ignore[attr-defined]


async def test_styles_of_other_screens_and_dialogs_are_read_with_the_first_of_them(store: Path, owing: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: app.screen._later is not None)  # type: ignore[attr-defined]
        assert not app.stylesheet.has_source(str(STYLES))
        await pilot.press("question_mark")
        assert app.stylesheet.has_source(str(STYLES))
        box = app.screen.query_one("#box")
        assert box.styles.border_top[0] == "round"
