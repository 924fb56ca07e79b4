"""The talk: nothing is chosen unasked, a note is never taken for an outcome, and what was noted of whom is told."""

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
from duesdesk.screens.talk.screen import TalkModal
from duesdesk.services.notice_texts import NoticeRequest
from tests.screens.reading import at_rest, seen, settled, started
from tests.services.booked import OpenDesk, ago, member, owe

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """María owes the most, then Zoë."""
    early = at(ago(120))
    for number, name in (("MARIA", "García María"), ("ZOE", "Smith Zoë")):
        member(early, number, name, email=f"{number.lower()}@example.org")
    owe(early, "MARIA", 9650, ago(69))
    owe(early, "ZOE", 8400, ago(40))
    return at()


@asynccontextmanager
async def talking(store: Path, *keys: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[
    tuple[DuesdeskApp, Pilot[int]]
]:  # fmt: skip
    app = started(store, Clock(NOON))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None)  # type: ignore[attr-defined]
        await pilot.press("t")
        await settled(pilot, lambda: isinstance(app.screen, TalkModal))
        await at_rest(pilot)
        for key in keys:
            await pilot.press(key)
            await at_rest(pilot)
        yield app, pilot


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def talks(desk: Desk, who: str = "MARIA") -> list[tuple[str, str]]:
    return [(one.state, one.text) for one in desk.member_files.open(who).timeline if one.kind == "talk"]


async def test_enter_in_an_untouched_talk_saves_nothing_and_asks_what_came_of_it(store: Path, owing: Desk) -> None:
    async with talking(store, "enter") as (app, pilot):
        assert isinstance(app.screen, TalkModal)
        assert "Choose by its letter" in shown(app)
        assert talks(owing) == []
        await pilot.press("i", "enter")
        await settled(pilot, lambda: "Noted of García María: was told" in shown(app))
    assert [state for state, _text in talks(owing)] == ["informed"]


async def test_a_note_typed_straight_away_is_a_note(store: Path, owing: Desk) -> None:
    async with talking(store, *"spoke to her", "enter") as (app, pilot):
        assert isinstance(app.screen, TalkModal)
        assert "Choose by its letter" in shown(app)
        await pilot.press("w", "enter")
        await settled(pilot, lambda: "Noted of García María: will pay" in shown(app))
    assert talks(owing) == [("will_pay", "spoke to her")]


async def test_a_talk_that_pulls_a_notice_back_says_so_and_u_brings_it_out_again(store: Path, owing: Desk) -> None:
    waiting = int(owing.notices.write(NoticeRequest("MARIA", "reminder_friendly"))["notice"])
    async with talking(store, "p", "enter") as (app, pilot):
        await settled(pilot, lambda: "says it is paid · 1 waiting notice withdrawn" in shown(app))
        assert owing.notices.get(waiting).state == "cancelled"
        await pilot.press("u")
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: owing.notices.get(waiting).state == "held")


async def test_one_esc_too_many_stays_where_one_is(store: Path, owing: Desk) -> None:
    async with talking(store, "escape") as (app, pilot):
        await pilot.press("f4")
        await at_rest(pilot)
        crm = app.screen
        await pilot.press("slash")
        await at_rest(pilot)
        assert app.screen is not crm
        await pilot.press("escape", "escape")
        await at_rest(pilot)
        assert app.screen is crm
        assert "Esc once more goes back" in shown(app)
        await pilot.press("escape")
        await at_rest(pilot)
        assert app.screen is not crm
