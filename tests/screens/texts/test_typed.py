"""What is typed into a text of a notice: kept as long as it is wanted, lost by no key, and gone once it is gone."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.texts.editor import EditorScreen, draft_name
from duesdesk.screens.texts.figures import FiguresModal
from duesdesk.screens.texts.screen import TextsScreen
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.services.templates import Address, Templates, Trial
from tests.conftest import TODAY
from tests.screens.reading import at_rest, seen, settled, started, text_of
from tests.screens.texts.test_texts import OVERDUE, WIDE, editing, listed, owing

__all__ = ["owing"]


async def test_a_letter_typed_and_taken_away_again_does_not_come_back(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, app)
        before = screen.text
        await pilot.press("Z")
        await settled(pilot, lambda: owing.drafts.find(draft_name(OVERDUE)) is not None)
        await pilot.press("backspace")
        await settled(pilot, lambda: owing.drafts.find(draft_name(OVERDUE)) is None)
        assert screen.text == before
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))
        screen = await editing(pilot, app)
        assert screen.text == before
        assert "typed before" not in "\n".join(seen(app))


async def test_what_was_typed_is_there_on_another_day(owing: Desk, store: Path) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        await editing(pilot, app)
        await pilot.press(*"Evening ")
        await settled(pilot, lambda: "Evening" in str(owing.drafts.find(draft_name(OVERDUE))))
    tomorrow = started(store, Clock(TODAY + timedelta(days=1)))
    async with tomorrow.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, tomorrow)
        assert "Evening" in screen.text
        assert "typed before" in "\n".join(seen(tomorrow))


async def test_beginning_again_with_the_shipped_text_asks_before_what_was_typed_is_lost(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, app)
        shipped = screen.text
        await pilot.press(*"Twenty lines ", "ctrl+r")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        await pilot.press("escape")
        await settled(pilot, lambda: app.screen is screen)
        assert "Twenty lines" in screen.text
        await pilot.press("ctrl+r")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        await pilot.press("enter")
        await settled(pilot, lambda: screen.text == shipped)


async def test_a_figure_is_inserted_where_the_cursor_is_in_the_subject_too(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, app)
        subject, body = screen.query_one("#text-subject", Field), screen.query_one("#text-body", LinesField)
        before = body.value
        subject.focus()
        await pilot.press("end", "ctrl+o")
        await settled(pilot, lambda: isinstance(app.screen, FiguresModal))
        await pilot.press(*"centre", "enter")
        await settled(pilot, lambda: subject.value.endswith("{{ centre }}"))
        assert body.value == before


async def test_the_notice_of_a_text_that_was_left_never_stands_beside_another_one(
    owing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = DuesdeskApp(lambda: owing)
    go_on, real = threading.Event(), Templates.try_out

    def waiting(self: Templates, address: Address, typed: str, member: str | None) -> Trial:
        if "Z" in typed:
            assert go_on.wait(20)
        return real(self, address, typed, member)

    async with app.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, app)
        old = text_of(app, "#text-page")
        monkeypatch.setattr(Templates, "try_out", waiting)
        await pilot.press("Z", "f3")
        other = Address("payment_received", "en", "neutral")
        rows = await listed(pilot, app)
        rows.select((other.name, other.tone, other.form))
        await pilot.press("enter")
        await settled(
            pilot, lambda: isinstance(app.screen, EditorScreen) and "in order" in text_of(app, "#text-findings")
        )
        shown = text_of(app, "#text-page")
        assert shown.strip()
        assert shown != old
        go_on.set()
        await at_rest(pilot)
        assert text_of(app, "#text-page") == shown
        assert app.screen is screen


async def test_the_next_member_says_where_the_notice_stands_when_it_is_not_in_sight(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(pilot, app)
        await pilot.press("m")
        await settled(pilot, lambda: "Enter shows the notice, below its text" in " ".join(seen(app)))
