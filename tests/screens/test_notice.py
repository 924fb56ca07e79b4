"""The key n: what is shown is what is sent, once; to one person or to all who are marked."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from tests.conftest import OpenDesk

NAMES = ("Ana [@click=app.quit]x[/]", "Bea", "No Address")


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(date(2026, 9, 1))
    for number, name in enumerate(NAMES, 1):
        email = f"m{number}@example.org" if name != "No Address" else None
        early.members.add(MemberDetails(name, email=email, language="es" if number == 1 else "en"))
        early.invoices.issue(IssueRequest(f"M0000{number}", 1000 * number, "EUR", date(2026, 9, 14)))
    return at()


async def opened(app: DuesdeskApp, modal: NoticeModal | NoticeToManyModal) -> asyncio.Event:
    """Open the dialog and wait for its text; the event is set when the dialog closes, after the sending in a thread."""
    closed = asyncio.Event()
    app.push_screen(modal, lambda _result: closed.set())
    await app.keys.finish()
    return closed


def shown(app: DuesdeskApp, selector: str) -> str:
    return "\n".join("".join(piece.text for piece in one) for one in app.screen.query_one(selector, Panel).lines)


def states(desk: Desk) -> list[tuple[str, str]]:
    return sorted((notice.payer_name, notice.state) for notice in desk.notices.all())


async def test_enter_sends_the_text_that_is_shown_once(owing: Desk, tmp_path: Path) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00001"))
        await pilot.pause()
        await pilot.press("enter", "enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert states(owing) == [(NAMES[0], "sent")]
    assert len(list((tmp_path / "home" / "outbox").glob("*.eml"))) == 1


async def test_who_cannot_get_one_is_said_and_nothing_is_sent(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(NoticeModal("M00003"))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "no e-mail address" in shown(app, "#to")
        await pilot.press("escape")
    assert states(owing) == []


async def test_own_words_go_out_as_they_were_typed(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00002"))
        await pilot.pause()
        await pilot.press("o", *"Locker 7", "enter", *"Your towel {{ name }} [b]", "ctrl+s")
        await asyncio.wait_for(closed.wait(), 20)
    (notice,) = owing.notices.all()
    assert (notice.subject, notice.body, notice.state) == ("Locker 7", "Your towel {{ name }} [b]", "sent")


async def test_a_notice_to_several_says_who_gets_what_and_who_cannot(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002", "M00003"]))
        await pilot.pause()
        assert "2 notices" in shown(app, "#sum")
        assert "€30.00" in shown(app, "#sum")
        assert "1 cannot get it" in shown(app, "#sum")
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert states(owing) == [(NAMES[0], "sent"), ("Bea", "sent")]


async def test_esc_asks_before_own_words_are_lost_and_keeps_them(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00002"))
        await pilot.pause()
        await pilot.press("o", *"Locker 7", "escape")
        await app.keys.finish()
        await pilot.pause()
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one("#subject", Field).value == "Locker 7"
        await pilot.press("escape", "enter")
        await asyncio.wait_for(closed.wait(), 20)


async def test_the_dialog_begins_with_the_text_that_fits_and_sends_that_one(owing: Desk) -> None:
    owing.members.add(MemberDetails("Early", email="early@example.org"))
    owing.invoices.issue(IssueRequest("M00004", 500, "EUR", owing.today() + timedelta(days=10)))
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00004"))
        await pilot.pause()
        assert app.screen.query_one("#template", Choice).value == "due_soon"
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert [one.template for one in owing.notices.all()] == ["due_soon"]
