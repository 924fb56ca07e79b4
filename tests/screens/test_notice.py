"""The key n: what is shown is what is sent, once; to one person or to all who are marked."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.screens.notice.reading import Reading
from duesdesk.screens.widgets.choice import Choice
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.store import sqlite
from tests.conftest import OpenDesk

NAMES = ("Ana [@click=app.quit]x[/]", "Bea", "No Address")


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(date(2026, 9, 1))
    for number, name in enumerate(NAMES, 1):
        email = f"m{number}@example.org" if name != "No Address" else None
        early.members.add(MemberDetails(name, email=email, language="es" if number == 1 else "en"))
        early.invoices.issue(IssueRequest(f"M0000{number}", 1000 * number, "EUR", date(2026, 9, 14)))
    # Today is a Sunday.
    early.settings.set("notices.hours", "always")
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


def told(app: DuesdeskApp) -> str:
    """What the dialog says of what came of it: the counts, the people, the message."""
    people = app.screen.query_one("#who", Reading).query_one(Panel)
    return "\n".join(
        [shown(app, "#sum"), *("".join(piece.text for piece in one) for one in people.lines), shown(app, "#said")]
    )


async def finished(app: DuesdeskApp, pilot: Pilot[int]) -> None:
    """The sending has ended and is told in the dialog."""
    modal = app.screen
    assert isinstance(modal, NoticeToManyModal)
    async with asyncio.timeout(20):
        while modal.is_sending:
            await pilot.pause()


async def test_who_paid_meanwhile_is_named_with_the_reason_and_not_counted_as_written_to(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await pilot.pause()
        owing.payments.pay(PayRequest("M00002", 2000, "EUR"))
        await pilot.press("enter")
        await finished(app, pilot)
        assert "1 sent" in told(app)
        assert "1 refused" in told(app)
        assert "withdrawn" not in told(app)
        assert "Bea" in told(app)
        assert "Nothing is owed" in told(app)
        await pilot.press("escape")
        await asyncio.wait_for(closed.wait(), 20)
    assert states(owing) == [(NAMES[0], "sent")]


async def test_a_locked_store_stops_it_and_those_not_reached_are_named_and_can_be_tried_again(
    owing: Desk, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await pilot.pause()
        other = sqlite.connect(store)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("enter")
        await finished(app, pilot)
        other.execute("ROLLBACK")
        other.close()
        assert "2 not reached" in told(app)
        assert "busy with another desk" in told(app)
        assert states(owing) == []
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert states(owing) == [(NAMES[0], "sent"), ("Bea", "sent")]
    assert len(list((tmp_path / "home" / "outbox").glob("*.eml"))) == 2


async def test_a_mail_server_that_is_not_set_up_leaves_one_written_notice_and_the_rest_not_reached(owing: Desk) -> None:
    owing.settings.set("email.transport", "smtp")
    owing.settings.set("email.from", "desk@example.org")
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await pilot.pause()
        await pilot.press("enter")
        await finished(app, pilot)
        assert "1 waits to be sent" in told(app)
        assert "1 not reached" in told(app)
        assert "email.host" in told(app)
    assert states(owing) == [(NAMES[0], "queued")]
