"""F5: what was written, where it stands, its exact text; pulled back, sent again, delivered and stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock, utc_text
from duesdesk.screens import text
from duesdesk.screens.notices.screen import NoticesScreen
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from duesdesk.store import sqlite
from tests.screens.reading import HOSTILE, at_rest, seen, settled, started, text_of
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
        assert listed.count("ready to leave") == 3
        assert "3 Queued 3" in text_of(app, "#states")
        await shows(app, pilot, "cam@example.org")
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
        await shows(app, pilot, "3 notices leave now.")
        assert written.notices.count("sent") == 0
        await pilot.press("enter")
        await shows(app, pilot, "3 notices sent")
        assert written.notices.count("sent") == 3
        await pilot.press("3")
        await shows(app, pilot, "Nothing waits to be sent.")


async def test_a_withdrawn_notice_can_be_sent_again_after_a_question(written: Desk, store: Path) -> None:
    written.notices.cancel(written.notices.all()[0].id)
    async with outbox(store) as (app, pilot):
        await pilot.press("8")
        await shows(app, pilot, "Câmpean Ioana")
        await pilot.press("r")
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
        await settled(pilot, lambda: "45,00" in text_of(app, "#notice-pane"))
        await pilot.press("v")
        await settled(pilot, lambda: "45,00" not in text_of(app, "#notice-pane"))


def living(desk: Desk, number: str) -> None:
    """They have a postal address and a mobile phone now."""
    with desk.place.database.write() as tx:
        tx.run(
            "UPDATE member SET address = 'Calle Mayor 1\n28013 Madrid', phone = '+34600111222' WHERE number = :number",
            number=number,
        )


async def test_what_could_not_leave_is_told_with_the_reason(written: Desk, store: Path) -> None:
    written.settings.set("notices.hours", "Mon-Fri 09:00-19:00")
    async with outbox(store) as (app, pilot):
        await pilot.press("g", "enter")
        await shows(app, pilot, "0 notices sent · 3 wait: nobody is written to at this hour; from")


async def test_a_delivery_under_way_is_stopped_by_the_same_key_within_one_message(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        # Another desk is writing: the first notice is under way until it has done.
        other = sqlite.connect(store)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("g", "enter")
        await pilot.press("g")
        other.execute("ROLLBACK")
        other.close()
        await shows(app, pilot, "stopped, the others wait")
    # The one under way may have left, or none was begun yet.
    assert written.notices.count("sent") <= 1
    assert written.notices.count("queued") >= 2


# --- why each waits


async def states(app: DuesdeskApp, pilot: Pilot[int]) -> str:
    await at_rest(pilot)
    return text_of(app, "#outbox")


async def test_each_that_waits_says_why_and_until_when(written: Desk, store: Path) -> None:
    cooling, again, _quiet = (view.id for view in written.notices.all())
    with written.place.database.write() as tx:
        later = written.place.now() + timedelta(minutes=10)
        tx.run("UPDATE notice SET state = 'held', send_after = :at WHERE id = :id", id=cooling, at=utc_text(later))
        tx.run("UPDATE notice SET attempts = 2, send_after = :at WHERE id = :id", id=again, at=utc_text(later))
    async with outbox(store) as (app, pilot):
        told = await states(app, pilot)
        assert "cooling until 12:10" in told
        assert "next try 12:10" in told
    written.settings.set("notices.hours", "Mon-Fri 09:00-19:00")
    async with outbox(store) as (app, pilot):
        # Today is a Sunday.
        assert "quiet hours until Mon 09:00" in await states(app, pilot)
    written.stops.stop()
    async with outbox(store) as (app, pilot):
        assert (await states(app, pilot)).count("stopped by owner") == 3
        assert "Notices are stopped by owner" in "\n".join(seen(app))
        await pilot.press("G")
        await shows(app, pilot, "Let them go again?")
        await pilot.press("enter")
        await shows(app, pilot, "Notices leave again; 3 wait.")
        assert written.stops.now() is None


async def test_the_stop_on_every_desk_is_a_key_with_a_question(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("G")
        await shows(app, pilot, "Stop all notices?")
        await pilot.press("enter")
        await shows(app, pilot, "Notices are stopped by owner")
        await pilot.press("g")
        await shows(app, pilot, "Nothing leaves while notices are stopped")
    assert written.notices.count("sent") == 0


async def test_the_pane_says_what_the_book_says_of_one_that_waits(written: Desk, store: Path) -> None:
    with written.place.database.write() as tx:
        tx.run("UPDATE notice_item SET open_minor = open_minor + 1 WHERE notice_id = 3")
    async with outbox(store) as (app, pilot):
        await shows(app, pilot, "not any more: the figures changed")


async def test_what_was_withdrawn_says_why(written: Desk, store: Path) -> None:
    written.payments.pay(PayRequest("CAM", 4500, "EUR"))
    async with outbox(store) as (app, pilot):
        await pilot.press("8")
        await shows(app, pilot, "withdrawn: it is paid")


# --- what staff decide


def left_unsure(desk: Desk) -> int:
    """The newest notice, of which nobody knows whether it left."""
    notice = desk.notices.all()[0].id
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'unsure', detail = 'stopped while sending' WHERE id = :id", id=notice)
    return notice


async def test_an_unsure_one_is_decided_in_two_steps_it_left(written: Desk, store: Path) -> None:
    notice = left_unsure(written)
    async with outbox(store) as (app, pilot):
        await pilot.press("6")
        await shows(app, pilot, "did it leave?")
        await pilot.press("r")
        await shows(app, pilot, "Did it leave?")
        await pilot.press("enter")
        await at_rest(pilot)
        assert written.notices.get(notice).state == "unsure"
        await pilot.press("l")
        await shows(app, pilot, "It counts as sent")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.get(notice).state == "sent")
        await pilot.press("u")
        await shows(app, pilot, "Take back?")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.get(notice).state == "unsure")


async def test_an_unsure_one_is_sent_again_only_after_it_was_said_that_it_did_not_leave(
    written: Desk, store: Path
) -> None:
    notice = left_unsure(written)
    async with outbox(store) as (app, pilot):
        await pilot.press("6")
        await shows(app, pilot, "did it leave?")
        await pilot.press("r")
        await shows(app, pilot, "Did it leave?")
        await pilot.press("s")
        await shows(app, pilot, "read twice")
        await pilot.press("escape")
        await at_rest(pilot)
        assert written.notices.get(notice).state == "unsure"
        await pilot.press("r")
        await shows(app, pilot, "Did it leave?")
        await pilot.press("s")
        await shows(app, pilot, "read twice")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.get(notice).state == "queued")


async def test_another_channel_dims_what_cannot_be_used_and_says_why(written: Desk, store: Path) -> None:
    written.reaching.consent("CAM", "letter", wanted=False)
    living(written, "CAM")
    async with outbox(store) as (app, pilot):
        await pilot.press("c")
        await shows(app, pilot, "By another channel")
        told = "\n".join(seen(app))
        assert "is not wanted" in told
        assert "is not set up here" in told
        ways = app.screen.query_one("#ways", LineList)
        ways.select("letter")
        await pilot.press("enter")
        await at_rest(pilot)
        assert written.notices.all()[0].channel == "email"
        ways.select("desk")
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.all()[0].channel == "desk")


async def test_marked_ones_are_pulled_back_together_and_come_back_together(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("space", "space", "x")
        await shows(app, pilot, "2 notices are withdrawn")
        assert written.notices.counts() == {"queued": 1, "cancelled": 2}
        await pilot.press("u")
        await shows(app, pilot, "Take back?")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.counts() == {"queued": 3})


async def test_all_of_a_batch_are_pulled_back_by_one_key(written: Desk, store: Path) -> None:
    chosen = Chosen(members=("ANA", "BEA"), also_told=True)
    written.mass_notices.write(written.mass_notices.preview(chosen, "overdue"), "overdue")
    async with outbox(store) as (app, pilot):
        await shows(app, pilot, "one of 2 written together")
        await pilot.press("X")
        await shows(app, pilot, "Pull all of them back?")
        await pilot.press("enter")
        await shows(app, pilot, "2 notices are withdrawn")
        assert written.notices.counts() == {"queued": 3, "cancelled": 2}


async def test_one_is_sent_now_after_a_question(written: Desk, store: Path) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("s")
        await shows(app, pilot, "Send it now?")
        await pilot.press("enter")
        await settled(pilot, lambda: written.notices.count("sent") == 1)


# --- letters


@pytest.fixture
def letters(written: Desk) -> Desk:
    written.settings.set("centre.address", "Calle Mayor 1; 28013 Madrid")
    for who in ("ANA", "BEA"):
        living(written, who)
        written.notices.write(NoticeRequest(who, "formal_letter", channel="letter"))
    return written


async def test_letters_are_printed_and_count_once_somebody_says_they_are_posted(
    letters: Desk, store: Path, tmp_path: Path
) -> None:
    async with outbox(store) as (app, pilot):
        await pilot.press("l")
        await shows(app, pilot, "2 letters wait to be printed")
        await pilot.press("p")
        await shows(app, pilot, "Folder")
        await pilot.press("ctrl+u", *str(tmp_path / "paper"), "enter")
        await shows(app, pilot, "2 letters are in")
        assert list((tmp_path / "paper").glob("*.pdf"))
        assert letters.notices.count("sent") == 0
        letters.payments.pay(PayRequest("BEA", 4500, "EUR"))
        await pilot.press("y")
        await shows(app, pilot, "Are they in the post?")
        await shows(app, pilot, "Rossi Beatrice")
        await pilot.press("enter")
        await shows(app, pilot, "1 letter counts as sent")
        assert [run.state for run in letters.print_runs.all()] == ["posted"]


async def test_letters_that_were_not_posted_wait_again(letters: Desk, store: Path, tmp_path: Path) -> None:
    letters.print_runs.print_letters(tmp_path)
    async with outbox(store) as (app, pilot):
        await pilot.press("l")
        await shows(app, pilot, "No letter waits to be printed")
        await pilot.press("n")
        await shows(app, pilot, "They were not posted?")
        await pilot.press("enter")
        await shows(app, pilot, "2 letters wait to be printed")


# --- thousands


async def test_thousands_open_and_move_without_being_read(written: Desk, store: Path) -> None:
    with written.place.database.write() as tx:
        tx.run(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
               INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash, state,
                                   asks_for_money, send_after, attempts, message_id, detail, created_at, changed_at,
                                   actor, desk, idempotency_key)
               SELECT payer_id, channel, address, language, template, 'Number ' || i, body, body_hash, 'sent', TRUE,
                      send_after, 1, 'm' || i, '', created_at, changed_at, actor, desk, 'k' || i
               FROM notice, n WHERE notice.id = 1"""
        )
    async with outbox(store, size=(160, 40)) as (app, pilot):
        assert "5 Sent 5,000" in text_of(app, "#states")
        await pilot.press("5")
        await shows(app, pilot, "Number 5000")
        listed = app.screen.query_one("#outbox", LineList)
        await pilot.press("end")
        await settled(pilot, lambda: listed.index == 4999)
        assert "Number 1 " in text_of(app, "#outbox") + " "
        page = app.screen._page  # type: ignore[attr-defined]
        assert len(page.listed._pages) <= 4
