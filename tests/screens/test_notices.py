"""F5: what was written, where it stands, its exact text; pulled back, sent again, delivered and stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.notices.screen import NoticesScreen
from duesdesk.services.notice_texts import NoticeRequest
from tests.screens.reading import HOSTILE, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def written(at: OpenDesk) -> Desk:
    """Three people who owe and were written to; the notices are due at once, at any hour."""
    desk = at()
    desk.settings.set("notices.hours", "always")
    desk.settings.set("notices.cooling_minutes", "0")
    early = at(ago(80))
    for number, name in (("ANA", "García Ana"), ("BEA", "Rossi Beatrice"), ("CAM", "Câmpean Ioana")):
        member(early, number, name, email=f"{number.lower()}@example.org", language="es")
        owe(early, number, 4500, ago(30))
        desk.notices.write(NoticeRequest(number, "reminder_friendly"))
    return desk


@asynccontextmanager
async def outbox(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=size) as pilot:
        await pilot.press("f5")
        await settled(pilot, lambda: isinstance(app.screen, NoticesScreen) and app.screen._page is not None)
        yield app, pilot


async def shows(app: DuesdeskApp, pilot: Pilot[int], told: str) -> None:
    await settled(pilot, lambda: told in "\n".join(seen(app)))


async def test_the_notices_stand_with_their_state_and_the_exact_text_beside(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        listed = text_of(app, "#outbox")
        assert all(name in listed for name in ("García Ana", "Rossi Beatrice", "Câmpean Ioana"))
        assert listed.count("waits to be sent") == 3
        assert "2 Waiting 3" in text_of(app, "#states")
        assert "cam@example.org" in text_of(app, "#notice-pane")
        await pilot.press("enter")
        await shows(app, pilot, "INV-")


async def test_without_room_for_a_second_pane_the_list_stands_alone(written: Desk, store: Path) -> None:
    async with outbox(store, size=(80, 24)) as (app, _pilot):
        assert "García Ana" in text_of(app, "#outbox")
        assert not app.screen.query_one("#notice-pane").display
        assert max(map(len, seen(app))) <= 80


async def test_nothing_written_says_what_would_write(at: OpenDesk, store: Path) -> None:
    at()
    async with outbox(store) as (app, _pilot):
        assert "“n” on a person writes a notice" in text_of(app, "#outbox")


async def test_a_notice_is_pulled_back_by_a_key_and_waits_again_after_undo(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("x")
        await shows(app, pilot, "is withdrawn")
        assert written.notices.count("cancelled") == 1
        await pilot.press("u")
        await shows(app, pilot, "Take back?")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.count("queued") == 3)


async def test_what_is_due_is_delivered_and_told(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("g")
        await shows(app, pilot, "3 notices sent.")
        assert written.notices.count("sent") == 3
        await pilot.press("2")
        await shows(app, pilot, "Nothing is written.")


async def test_a_withdrawn_notice_can_be_sent_again_after_a_question(written: Desk, store: Path) -> None:
    written.notices.cancel(written.notices.all()[0].id)
    async with outbox(store) as (app, pilot):
        await pilot.press("6", "r")
        await shows(app, pilot, "Send again?")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.count("queued") == 3)


async def test_a_hostile_name_or_subject_is_only_text(written: Desk, store: Path) -> None:
    written.notices.write(NoticeRequest("ANA", None, subject=HOSTILE[:60].replace("\r\n", " "), text=HOSTILE))
    async with outbox(store) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "\x1b" not in "".join(seen(app))


async def test_hidden_amounts_are_hidden_in_the_text_of_a_notice(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        assert "45,00" in text_of(app, "#notice-pane")
        await pilot.press("v")
        await settled(pilot, lambda: "45,00" not in text_of(app, "#notice-pane"))
