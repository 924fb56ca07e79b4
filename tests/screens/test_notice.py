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
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from duesdesk.store import sqlite
from tests.conftest import OpenDesk
from tests.screens.reading import at_rest, seen, settled, started

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
        # What looks like a place for a figure is asked about, once.
        await settled(pilot, lambda: "is read as it stands" in " ".join(shown(app, "#said").split()))
        assert owing.notices.all() == []
        await pilot.press("ctrl+s")
        await asyncio.wait_for(closed.wait(), 20)
    (notice,) = owing.notices.all()
    assert (notice.subject, notice.body, notice.state) == ("Locker 7", "Your towel {{ name }} [b]", "sent")


async def test_a_notice_to_several_says_who_gets_what_and_who_cannot_and_is_held_first(
    owing: Desk, tmp_path: Path
) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002", "M00003"]))
        await at_rest(pilot)
        assert "2 notices" in shown(app, "#sum")
        assert "€30.00" in shown(app, "#sum")
        assert "1 left out" in shown(app, "#sum")
        assert "There is no e-mail address" in told(app)
        await pilot.press("enter", "enter")
        await asyncio.wait_for(closed.wait(), 20)
        await at_rest(pilot)
        assert "2 notices written · held until" in "\n".join(seen(app))
        assert states(owing) == [(NAMES[0], "held"), ("Bea", "held")]
        assert not list((tmp_path / "home" / "outbox").glob("*.eml"))
        await pilot.press("u")
        await settled(pilot, lambda: "Take back?" in "\n".join(seen(app)))
        await pilot.press("enter")
        await settled(pilot, lambda: states(owing) == [(NAMES[0], "cancelled"), ("Bea", "cancelled")])


async def test_samples_are_paged_through_and_read_as_they_will_leave(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await at_rest(pilot)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "1 of 2" in told(app)
        assert "10,00" in told(app)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "2 of 2" in told(app)
        assert "€20.00" in told(app)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "Get it" in told(app)


async def test_who_was_told_lately_is_left_out_until_that_is_asked_for(owing: Desk) -> None:
    owing.notices.write(NoticeRequest("M00002", "overdue"))
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await at_rest(pilot)
        assert "A notice to them waits already" in told(app)
        assert "+ also those told" in "\n".join(seen(app))
        await pilot.press("plus")
        await at_rest(pilot)
        assert "2 notices" in shown(app, "#sum")
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert owing.notices.counts() == {"held": 3}


async def test_many_are_counted_with_progress_and_writing_them_stops_and_is_taken_back_whole(
    at: OpenDesk, owing: Desk
) -> None:
    early = at(date(2026, 9, 1))
    for number in range(4, 130):
        early.members.add(MemberDetails(f"Person {number}", email=f"m{number}@example.org"))
        early.invoices.issue(IssueRequest(f"M{number:05}", 1000, "EUR", date(2026, 9, 14)))
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(chosen=Chosen(unpaid=True)))
        await pilot.pause()
        await settled(pilot, lambda: "128 notices" in shown(app, "#sum"))
        await pilot.press("enter", "escape")
        modal = app.screen
        assert isinstance(modal, NoticeToManyModal)
        await settled(pilot, lambda: not modal.is_sending)
        written = owing.notices.counts().get("held", 0)
        assert written < 128
        assert "Stopped" in told(app)
        await pilot.press("escape")
        await asyncio.wait_for(closed.wait(), 20)
    if written:
        owing.undo.undo()
        assert owing.notices.counts() == {"cancelled": written}


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
        assert app.screen.query_one("#template", Choice).value == "before_due"
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert [(one.template, one.tone) for one in owing.notices.all()] == [("before_due", "friendly")]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_text_tone_and_channel_can_be_chosen_and_what_cannot_says_why(
    owing: Desk, size: tuple[int, int]
) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=size) as pilot:
        closed = await opened(app, NoticeModal("M00002"))
        await pilot.pause()
        seen_now = "\n".join(seen(app))
        for label in ("invoice", "due soon", "due today", "reminder", "formal letter", "broken promise", "own words"):
            assert label in seen_now
        assert "friendly" in seen_now
        assert "e-mail" in seen_now
        others = " ".join(shown(app, "#ways-not").split())
        assert "is not set up here" in others
        assert "letter: nothing is known to write to" in others
        assert "Enter send now" in seen_now
        assert "Esc back" in seen_now
        await pilot.press("tab", "i")
        await app.keys.finish()
        await pilot.press("shift+tab", "f")
        await app.keys.finish()
        await pilot.pause()
        assert "€20.00" in "\n".join(seen(app))
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert [(one.template, one.tone, one.channel) for one in owing.notices.all()] == [
        ("formal_letter", "firm", "email")
    ]


async def test_a_word_at_the_desk_is_a_channel_where_nothing_else_reaches_them(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00003"))
        await pilot.pause()
        assert "no e-mail address" in shown(app, "#to")
        app.screen.query_one("#channel", Choice).focus()
        await pilot.press("d")
        await app.keys.finish()
        await pilot.pause()
        assert "a word at the desk" in shown(app, "#to")
        await pilot.press("enter")
        await asyncio.wait_for(closed.wait(), 20)
    assert [one.channel for one in owing.notices.all()] == ["desk"]


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
        await at_rest(pilot)
        owing.payments.pay(PayRequest("M00002", 2000, "EUR"))
        await pilot.press("enter")
        await finished(app, pilot)
        assert "1 notice written" in told(app)
        assert "1 left out" in told(app)
        assert "Bea" in told(app)
        assert "Nothing is owed" in told(app)
        await pilot.press("escape")
        await asyncio.wait_for(closed.wait(), 20)
    assert states(owing) == [(NAMES[0], "held")]


async def test_a_locked_store_stops_it_and_those_not_reached_can_be_tried_again(
    owing: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(120, 36)) as pilot:
        closed = await opened(app, NoticeToManyModal(["M00001", "M00002"]))
        await at_rest(pilot)
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
    assert states(owing) == [(NAMES[0], "held"), ("Bea", "held")]


async def test_a_notice_to_many_goes_to_the_whole_list_as_it_is_filtered_or_to_those_marked(
    owing: Desk, store: Path
) -> None:
    app = started(store, owing.clock)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: "Bea" in "\n".join(seen(app)))
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        await at_rest(pilot)
        assert "2 notices" in shown(app, "#sum")
        assert "1 left out" in shown(app, "#sum")
        await pilot.press("escape")
        await pilot.press("f")
        await settled(pilot, lambda: bool(app.screen.query("#entry-text")))
        await pilot.press("tab", "tab", *"Bea", "ctrl+s")
        await settled(pilot, lambda: not app.screen.query("#entry-text"))
        await at_rest(pilot)
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        await at_rest(pilot)
        assert "1 notice" in shown(app, "#sum")
        assert "left out" not in shown(app, "#sum")


async def test_on_the_notices_screen_a_notice_to_many_asks_who_is_meant(owing: Desk, store: Path) -> None:
    app = started(store, owing.clock)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f5")
        await settled(pilot, lambda: "Nothing is written" in "\n".join(seen(app)))
        await pilot.press("N")
        await settled(pilot, lambda: "who?" in "\n".join(seen(app)))
        await pilot.press("enter", "enter", "enter")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        await settled(pilot, lambda: bool(app.screen.query("#sum")) and "2 notices" in shown(app, "#sum"))


async def test_a_sum_in_the_subject_of_own_words_is_refused(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, NoticeModal("M00002"))
        await pilot.pause()
        await pilot.press("o", *"You owe 45.00 euros", "enter", *"Please see us", "ctrl+s")
        await settled(pilot, lambda: "it names no amount" in " ".join(shown(app, "#said").split()))
    assert owing.notices.all() == []


async def test_whom_the_rule_would_not_write_to_is_written_to_by_a_second_enter(owing: Desk) -> None:
    owing.promises.take("M00002", 2000, "EUR", owing.today() + timedelta(days=3))
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(80, 24)) as pilot:
        closed = await opened(app, NoticeModal("M00002"))
        await settled(pilot, lambda: "They have promised to pay by" in "\n".join(seen(app)))
        await pilot.press("enter")
        await settled(pilot, lambda: "Once more sends it all the same." in " ".join(shown(app, "#said").split()))
        assert owing.notices.all() == []
        await pilot.press("wait:800", "enter")
        await asyncio.wait_for(closed.wait(), 20)
    (notice,) = owing.notices.all()
    assert notice.state == "sent"
