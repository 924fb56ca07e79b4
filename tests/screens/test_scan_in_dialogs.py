"""A card read while a dialog is open: what was typed is never lost, and a dialog that closes is told by its name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.dashboard.screen import DashboardScreen
from duesdesk.screens.modals.base import DeskModal
from duesdesk.screens.modals.confirm import ConfirmModal
from tests.screens.reading import at_rest, seen, settled, started
from tests.services.booked import OpenDesk, ago, book, member, owe

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
CARD = (*"004512", "enter")


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Zoë is selected on the Dashboard; María has the card."""
    early = at(ago(120))
    member(early, "ZOE", "Smith Zoë", email="zoe@example.org")
    member(early, "MARIA", "García María", card="004512", email="maria@example.org")
    owe(early, "ZOE", 8400, ago(40))
    owe(early, "MARIA", 3000, ago(20))
    desk = at()
    book(desk, "ZOE", "12:16")
    book(desk, "MARIA", "12:31")
    return desk


@asynccontextmanager
async def desk_of(
    store: Path, *keys: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(NOON))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        for key in keys:
            await pilot.press(key)
            await at_rest(pilot)
        yield app, pilot


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def who(app: DuesdeskApp) -> str | None:
    screen = app.desk_screen()
    return screen.current_member() if screen is not None else None


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("t", "Talk · Smith Zoë"),
        ("y", "Promise · Smith Zoë"),
        ("n", "Notice · Smith Zoë"),
        ("p", "Take payment · Smith Zoë"),
    ],
)
async def test_a_dialog_with_nothing_typed_gives_way_and_is_named(
    store: Path, owing: Desk, key: str, heading: str
) -> None:
    async with desk_of(store, key) as (app, pilot):
        assert heading in shown(app)
        await pilot.press(*CARD)
        await settled(pilot, lambda: f"“{heading}” closed, nothing saved: card of García María" in shown(app))
        assert not app.screen.is_modal
        assert who(app) == "MARIA"


async def test_letters_and_enter_of_the_same_moment_do_not_act_on_the_other_person(store: Path, owing: Desk) -> None:
    async with desk_of(store, "t") as (app, pilot):
        await pilot.press(*CARD, "y", "p", "enter", "space")
        await at_rest(pilot)
        assert not app.screen.is_modal
        assert who(app) == "MARIA"
        # A moment later, when they have been seen, keys act as always.
        await pilot.press("wait:900", "t")
        await at_rest(pilot)
        assert "Talk · García María" in shown(app)


async def test_esc_is_heard_at_once(store: Path, owing: Desk) -> None:
    async with desk_of(store, "t") as (app, pilot):
        await pilot.press(*CARD, "escape")
        await at_rest(pilot)
        assert isinstance(app.screen, DashboardScreen)


@pytest.mark.parametrize(
    "keys",
    [
        ("t", "w"),
        ("t", "tab", "tab", "tab", "right"),
        ("t", "w", "x"),
        ("y", "f"),
        ("p", "5"),
        ("p", "g", "5"),
        ("p", "k"),
    ],
    ids=" ".join,
)
async def test_a_dialog_in_which_something_was_typed_or_chosen_stays(
    store: Path, owing: Desk, keys: tuple[str, ...]
) -> None:
    async with desk_of(store, *keys) as (app, pilot):
        before = app.screen
        assert before.is_modal
        await pilot.press(*CARD)
        await settled(pilot, lambda: "Card 004512 was read. Save or close this first." in shown(app))
        assert app.screen is before


async def test_a_question_over_something_typed_does_not_lose_it(store: Path, owing: Desk) -> None:
    async with desk_of(store, "t", "w", "x", "escape") as (app, pilot):
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press(*CARD)
        await settled(pilot, lambda: "Save or close this first." in shown(app))
        await pilot.press("wait:100", "n")
        assert isinstance(app.screen, DeskModal)
        assert "Talk · Smith Zoë" in shown(app)


async def test_on_crm_daily_the_card_checks_in_and_the_dialog_is_named(store: Path, owing: Desk) -> None:
    async with desk_of(store, "f4", "home", "t") as (app, pilot):
        assert "Talk · Smith Zoë" in shown(app)
        await pilot.press(*CARD)
        await settled(pilot, lambda: "García María is in." in shown(app))
        assert "“Talk · Smith Zoë” closed, nothing saved." in shown(app)


async def test_what_has_nothing_to_save_is_left_without_a_word(store: Path, owing: Desk) -> None:
    for key in ("slash", "question_mark", "ctrl+p"):
        async with desk_of(store, key) as (app, pilot):
            await pilot.press(*CARD)
            await settled(pilot, lambda: who(app) == "MARIA" and not app.screen.is_modal)
            assert "nothing saved" not in shown(app)
