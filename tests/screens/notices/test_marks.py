"""Who is marked and who is under the cursor: a key acts on those it says, and names no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens.dashboard.screen import DashboardScreen
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.screens.notices.screen import NoticesScreen
from duesdesk.services.mass_notices import MassNotices
from tests.screens.notices.test_sending import Gate
from tests.screens.reading import at_rest, seen, settled, started
from tests.screens.test_notices import outbox, shows
from tests.services.booked import TODAY, OpenDesk, ago, member, owe


@pytest.fixture
def three(at: OpenDesk) -> Desk:
    """Three people who owe and were written to by nobody."""
    early = at(ago(80))
    for number, name in (("ANA", "García Ana"), ("BEA", "Rossi Beatrice"), ("CAM", "Câmpean Ioana")):
        member(early, number, name, email=f"{number.lower()}@example.org", language="es")
        owe(early, number, 4500, ago(30))
    desk = at()
    desk.settings.set("notices.hours", "always")
    return desk


async def test_a_notice_goes_to_who_is_under_the_cursor_whoever_is_marked(three: Desk, store: Path) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("space", "down")
        await at_rest(pilot)
        screen = app.screen
        assert isinstance(screen, DashboardScreen)
        under_the_cursor = screen.current_member()
        assert under_the_cursor not in screen.marked_members()
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, NoticeModal))
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: three.notices.count("sent") == 1)
        assert [one.payer for one in three.notices.all()] == [under_the_cursor]


async def test_who_got_the_notice_to_many_is_marked_no_longer(three: Desk, store: Path) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("space", "space")
        await at_rest(pilot)
        screen = app.screen
        assert isinstance(screen, DashboardScreen)
        assert len(screen.marked_members()) == 2
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: three.notices.count() == 2 and app.screen is screen)
        assert screen.marked_members() == []
        assert "marked" not in "\n".join(seen(app))


async def test_leaving_the_program_ends_the_writing_to_many_after_those_under_way(
    three: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, MassNotices, "_write_part")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, gate.begun.is_set)
        halt = app.screen._halt  # type: ignore[attr-defined]
        await pilot.press("ctrl+q")
    assert halt.is_set()
    gate.open()
    app.threads.shutdown(wait=True)
    # The first alone is the first part.
    assert three.notices.count("held") == 1


async def test_pulling_one_marked_notice_back_names_that_one(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("space", "x")
        await settled(pilot, lambda: written.notices.count("cancelled") == 1)
        await at_rest(pilot)
        gone = next(one.payer_name for one in written.notices.all() if one.state == "cancelled")
        assert f"The notice to {gone} is withdrawn" in "\n".join(seen(app))


async def test_one_marked_notice_is_sent_again_and_not_the_one_under_the_cursor(written: Desk, store: Path) -> None:
    for one in written.notices.all():
        written.notices.cancel(one.id)
    async with outbox(store) as (app, pilot):
        await pilot.press("8")
        await shows(app, pilot, "Câmpean Ioana")
        screen = app.screen
        assert isinstance(screen, NoticesScreen)
        marked = screen.selected()
        await pilot.press("space", "r")
        await shows(app, pilot, "Send again?")
        assert marked is not None
        assert marked.address in "\n".join(seen(app))
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.count("queued") == 1)
        assert [one.payer for one in written.notices.all() if one.state == "queued"] == [marked.payer]


async def test_who_names_no_group_keeps_what_was_typed(written: Desk, store: Path) -> None:
    async with outbox(store, size=(80, 24)) as (app, pilot):
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        await pilot.press("g", "tab", *"45", "ctrl+s")
        await shows(app, pilot, "Please name the group.")
        assert isinstance(app.screen, FormModal)
        assert app.screen.typed() == {"who": "group", "min_days": "145", "group": ""}
