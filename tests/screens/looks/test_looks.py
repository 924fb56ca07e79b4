"""How the screens look: few pictures, read by eye when they change (`make snap` takes them anew).

The demo centre stands at a fixed day and minute; colours, sizes and language are fixed. A change of the demo centre or
of a screen changes pictures: look at each difference before it is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk import i18n
from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.first_start import SetupApp
from duesdesk.screens import text
from duesdesk.services.demo import build_demo
from duesdesk.services.workplace import Centre
from tests.screens.reading import at_rest

pytestmark = pytest.mark.slow
DAY = date(2026, 11, 22)
# 09:14 in Madrid.
MORNING = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
SIZES = [(80, 24), (120, 40)]
Look = Callable[..., bool]


@pytest.fixture(autouse=True)
def _the_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("NO_COLOR", raising=False)
    i18n.set_language("en", "ES")
    text.show_amounts(True)
    yield
    text.show_amounts(True)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build_demo(str(path), DAY)
    return path


def desk_app(path: Path, *, amounts_shown: bool = True) -> DuesdeskApp:
    desk = open_desk(str(path), clock=Clock(MORNING), actor="Ana")
    return DuesdeskApp(lambda: desk, amounts_shown=amounts_shown)


def pressing(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Press keys one after the other, each after the answer of the one before is on the screen."""

    async def press(pilot: Pilot[int]) -> None:
        await at_rest(pilot)
        for key in keys:
            await pilot.press(key)
            await at_rest(pilot)

    return press


JOURNEYS = {
    "dashboard": (),
    "dashboard-partial": ("right", "enter"),
    "calendar": ("tab",),
    "calendar-day": ("tab", "right", "right", "enter"),
    "forecast": ("tab", "tab"),
    "forecast-week": ("tab", "tab", "enter"),
    "early-signs": ("shift+tab",),
    "crm-daily": ("f4",),
    "crm-unpaid": ("f4", "2", "down"),
    "member-file": ("down", "down", "enter"),
    "member-dues": ("down", "down", "enter", "6"),
    "pay": ("down", "down", "p"),
    "find": ("slash", *"garc"),
    "notice": ("down", "n"),
    "settings": ("f10",),
    "help": ("question_mark",),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("place", JOURNEYS)
def test_the_demo_centre(place: str, size: tuple[int, int], demo: Path, snap_compare: Look) -> None:
    assert snap_compare(desk_app(demo), terminal_size=size, run_before=pressing(*JOURNEYS[place]))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", [("ctrl+t",), ("ctrl+t", *(12 * ("down",)), "enter")], ids=["list", "one"])
def test_the_texts_of_notices(keys: tuple[str, ...], size: tuple[int, int], demo: Path, snap_compare: Look) -> None:
    desk = open_desk(str(demo), clock=Clock(MORNING))
    assert snap_compare(DuesdeskApp(lambda: desk), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("place", [(), ("f4",)], ids=["dashboard", "crm-daily"])
def test_an_empty_centre_says_so(place: tuple[str, ...], tmp_path: Path, snap_compare: Look) -> None:
    path = tmp_path / "empty.db"
    found_centre(str(path), Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en"), clock=Clock(DAY))
    desk = open_desk(str(path), clock=Clock(MORNING))
    app = DuesdeskApp(lambda: desk)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(*place))


def test_hidden_amounts(demo: Path, snap_compare: Look) -> None:
    assert snap_compare(desk_app(demo, amounts_shown=False), terminal_size=(120, 40), run_before=pressing())


def test_without_colours(demo: Path, snap_compare: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(desk_app(demo), terminal_size=(80, 24), run_before=pressing())


def test_in_spanish(demo: Path, snap_compare: Look) -> None:
    i18n.set_language("es", "ES")
    assert snap_compare(desk_app(demo), terminal_size=(80, 24), run_before=pressing("f4"))


def test_a_wide_terminal(demo: Path, snap_compare: Look) -> None:
    assert snap_compare(desk_app(demo), terminal_size=(200, 60), run_before=pressing("f4", "2"))


def test_the_first_start(tmp_path: Path, snap_compare: Look) -> None:
    app = SetupApp(str(tmp_path / "new.db"), Clock(DAY), country="ES")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing())
