"""Own words of a notice are lost neither by leaving the program nor by a refusal, and are there until they are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.notices import Notices
from tests.screens.notices.test_sending import Gate, ana, writing
from tests.screens.reading import at_rest, settled, started
from tests.screens.test_notices import shows
from tests.services.booked import TODAY, OpenDesk, ago

__all__ = ["ana"]
KEPT = "This was typed before, and is not sent yet."


def words_of(modal: NoticeModal) -> tuple[str, str]:
    return modal.query_one("#subject", Field).value, modal.query_one("#body", LinesField).value


async def test_own_words_are_there_again_after_the_program_ended_and_are_sent_once(ana: Desk, store: Path) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await writing(app, pilot)
        await pilot.press("o", *"Hello", "tab", *"a word")
        await at_rest(pilot)
        await pilot.press("ctrl+q")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await shows(app, pilot, KEPT)
        assert words_of(modal) == ("Hello", "a word")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: ana.notices.count("sent") == 1 and app.screen is not modal)
        assert [(one.subject, one.template) for one in ana.notices.all()] == [("Hello", "")]
        await at_rest(pilot)
        assert words_of(await writing(app, pilot)) == ("", "")


async def test_own_words_of_yesterday_are_there_today(ana: Desk, store: Path, at: OpenDesk) -> None:
    at(ago(1)).drafts.keep("notice:ANA", "K", {"subject": "Hello", "text": "a word"})
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await shows(app, pilot, KEPT)
        assert words_of(modal) == ("Hello", "a word")


async def test_own_words_that_were_thrown_away_do_not_come_back(ana: Desk, store: Path) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await writing(app, pilot)
        await pilot.press("o", *"Hello", "escape", "enter")
        await settled(pilot, lambda: len(app.screen_stack) == 1)
        await at_rest(pilot)
        assert words_of(await writing(app, pilot)) == ("", "")


async def test_own_words_that_were_refused_after_the_dialog_was_left_are_there_again(
    ana: Desk, store: Path, at: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("o", *"Hello", "tab", *"pay 4111 1111 1111 1111")
        await at_rest(pilot)
        gate = Gate(monkeypatch, Notices, "write")
        await pilot.press("ctrl+s", "escape")
        await settled(pilot, lambda: app.screen is not modal)
        gate.open()
        await shows(app, pilot, "No notice to García Ana:")
        again = await writing(app, pilot)
        await shows(app, pilot, KEPT)
        assert words_of(again) == ("Hello", "pay 4111 1111 1111 1111")


async def test_own_words_that_were_written_before_the_program_ended_are_not_written_again(
    ana: Desk, store: Path
) -> None:
    ana.drafts.keep("notice:ANA", "K", {"subject": "Hello", "text": "a word"})
    ana.notices.write(NoticeRequest("ANA", None, subject="Hello", text="a word"), key="K")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await shows(app, pilot, "What was typed to them before is written")
        assert words_of(modal) == ("", "")
        assert ana.drafts.find("notice:ANA") is None
