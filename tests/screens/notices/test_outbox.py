"""F5 while others write and while the store is slow: keys act on the notice that is seen."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual import events

from duesdesk.bootstrap import Desk
from duesdesk.screens.notices.screen import NoticesScreen
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.notice_views import NoticeList, NoticePage
from duesdesk.services.notices import Notices
from duesdesk.services.outbox import Outbox
from tests.screens.notices.test_sending import Gate
from tests.screens.reading import at_rest, settled, text_of
from tests.screens.test_notices import outbox, shows
from tests.services.booked import OpenDesk


def names(desk: Desk, state: str) -> list[str]:
    return [one.payer_name for one in desk.notices.all(state)]


async def test_keys_typed_ahead_act_in_the_section_they_were_typed_for(
    written: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = written.notices.all()[-1]
    with written.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'failed' WHERE id = :id", id=last.id)
    async with outbox(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, NoticesScreen)
        selected = screen.selected()
        assert selected is not None
        assert selected.id != last.id
        gate = Gate(monkeypatch, Notices, "listed")
        app.keys.put(events.Key("7", "7"))
        app.keys.put(events.Key("x", "x"))
        await settled(pilot, gate.begun.is_set)
        for _turn in range(5):
            await pilot.pause()
        gate.open()
        await settled(pilot, lambda: written.notices.count("cancelled") == 1)
        assert names(written, "cancelled") == [last.payer_name]


async def test_a_notice_that_leaves_its_section_stays_selected_until_the_cursor_moves(
    written: Desk, store: Path, at: OpenDesk
) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("3")
        await at_rest(pilot)
        screen = app.screen
        assert isinstance(screen, NoticesScreen)
        was = screen.selected()
        assert was is not None
        at(desk="desk 2").notices.cancel(was.id)
        await app.look()
        await settled(pilot, lambda: "withdrawn" in text_of(app, "#outbox"))
        now = screen.selected()
        assert now is not None
        assert (now.id, now.state) == (was.id, "cancelled")
        await pilot.press("x")
        await at_rest(pilot)
        assert names(written, "cancelled") == [was.payer_name]
        await pilot.press("down")
        await at_rest(pilot)
        assert was.payer_name not in text_of(app, "#outbox")
        following = screen.selected()
        assert following is not None
        assert following.state == "queued"
        await pilot.press("x")
        await settled(pilot, lambda: written.notices.count("cancelled") == 2)
        assert following.payer_name in names(written, "cancelled")


async def test_a_notice_sent_now_is_told_by_its_own_name_wherever_the_cursor_is_then(
    written: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, Outbox, "_settle")
    async with outbox(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, NoticesScreen)
        was = screen.selected()
        assert was is not None
        await pilot.press("s")
        await shows(app, pilot, "Send it now?")
        app.screen.action_answer(True)  # type: ignore[attr-defined]
        await settled(pilot, gate.begun.is_set)
        screen.query_one("#outbox", LineList).go(2)
        gate.open()
        await shows(app, pilot, f"Notice to {was.payer_name}: sent.")


@pytest.fixture
def pages(written: Desk) -> Desk:
    """More than two pages of notices that wait."""
    for number in range(150):
        written.notices.write(NoticeRequest("ANA", None, subject=f"Number {number}", text="text"))
    return written


async def test_pages_are_read_beside_the_keyboard_and_keys_wait_for_what_is_seen(
    pages: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, NoticeList, "read")
    gate.open()
    in_front: list[bool] = []
    real = NoticeList.read

    def noted(self: NoticeList, page: int) -> NoticePage:
        in_front.append(threading.current_thread() is threading.main_thread())
        return real(self, page)

    monkeypatch.setattr(NoticeList, "read", noted)
    async with outbox(store) as (app, pilot):
        await pilot.press("3")
        await at_rest(pilot)
        in_front.clear()
        gate.close()
        app.keys.put(events.Key("end", None))
        app.keys.put(events.Key("x", "x"))
        # The screen answers although the store does not.
        await settled(pilot, gate.begun.is_set)
        await settled(pilot, lambda: "…" in text_of(app, "#outbox"))
        assert pages.notices.count("cancelled") == 0
        gate.open()
        await settled(pilot, lambda: pages.notices.count("cancelled") == 1)
        assert [one.subject for one in pages.notices.all("cancelled")] == ["Number 149"]
        await at_rest(pilot)
        assert in_front
        assert not any(in_front)


async def test_a_list_that_is_read_anew_keeps_its_place_far_down(pages: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("3", "end")
        await shows(app, pilot, "Number 149")
        before = text_of(app, "#outbox")
        app.data_changed()
        await at_rest(pilot)
        assert text_of(app, "#outbox") == before
        assert app.screen.query_one("#outbox", LineList).index == 152
