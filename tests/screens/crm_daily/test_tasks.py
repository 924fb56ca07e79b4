"""The tab Tasks of CRM Daily: what the rule made and what notices left behind; done, taken over, given, undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.screens import text
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.crm_daily.test_crm_daily import crm, when_told
from tests.screens.reading import HOSTILE, at_rest, seen, settled, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def ran(at: OpenDesk) -> Desk:
    """The rule ran: two people are to be called, and one of them comes today, with a word to be said."""
    early = at(ago(60))
    member(early, "LATE", "García María", phone="+34 600 111 222")
    member(early, "KID", "García Leo", payer="LATE")
    member(early, "SLOW", "Nowak Jan")
    owe(early, "KID", 9650, ago(22))
    owe(early, "SLOW", 4500, ago(23))
    desk = at()
    desk.staff.add("Marta", "back_office")
    # On Friday; nobody is called on a Sunday.
    at(ago(2)).runs.run()
    book(desk, "LATE", "18:00")
    with desk.place.database.write() as tx:
        tx.run(
            """INSERT INTO task (kind, payer_id, member_id, note, owner, due_on, state, done_by, outcome, act_id,
                                 recorded_at, actor, desk, idempotency_key)
               SELECT 'desk', id, id, :note, '', :day, 'open', '', '', 1, :at, 'duesdesk', 'desk 1', 'word'
               FROM member WHERE number = 'LATE'""",
            note="Your dues\nPlease settle them today.",
            day=(TODAY - timedelta(days=1)).isoformat(),
            at="2026-11-21T09:00:00.000000Z",
        )
    return desk


async def test_tab_shows_the_tasks_with_who_what_how_much_and_why(store: Path, ran: Desk) -> None:
    async with crm(store, size=(80, 24)) as (app, pilot):
        await settled(pilot, lambda: "Tasks 3" in text_of(app, "#day-head"))
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        shown = text_of(app, "#tasks").splitlines()
        assert shown[1].split() == ["▸", "20", "Nov", "García", "María", "call", "96.50"]
        assert shown[2].strip().startswith("+34 600 11 12 22 · INV-0")
        assert shown[2].endswith("nobody’s")
        assert shown[5].split("  ")[1].strip() == "yesterday"
        assert "a word at the desk" in shown[5]
        assert all(len(line) <= 80 for line in seen(app))
        sections = text_of(app, "#sections")
        assert "1 All 3" in sections
        assert "5 Done 0" in sections
        for key, count in (("2", 3), ("3", 0), ("4", 3), ("5", 0), ("1", 3)):
            await pilot.press(key)
            assert app.screen.query_one("#tasks", LineList).count == count
        for told in ("x done", "o take over", "Enter open", "Tab tasks"):
            assert told in text_of(app, "#foot")
        # Esc and Tab lead back to who comes.
        await pilot.press("escape")
        await settled(pilot, lambda: "18:00" in text_of(app, "#arrivals"))


async def test_enter_opens_the_member_and_the_person_stands_beside_the_task(store: Path, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await settled(pilot, lambda: "Please settle them today." in text_of(app, "#debt"))
        await pilot.press("down", "enter")
        await settled(pilot, lambda: app.screen.current_member() == "SLOW")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await at_rest(pilot)
        assert "▸ 20 Nov     Nowak Jan" in text_of(app, "#tasks")


async def test_a_call_is_done_with_its_outcome_in_three_keys_and_u_takes_both_back(
    store: Path, at: OpenDesk, ran: Desk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await pilot.press("x", "w", "enter")
        await when_told(app, pilot, "the task is done")
        assert [one.kind for one in at().tasks.all()] == ["call", "desk"]
        assert at().debts.of("LATE").contacts[0].state == "will_pay"
        await settled(pilot, lambda: "Tasks 2" in text_of(app, "#day-head"))
        await pilot.press("5")
        assert "will pay" in text_of(app, "#tasks")
        # What is done cannot be done again.
        await pilot.press("x")
        assert not app.screen.is_modal
        await pilot.press("u")
        await when_told(app, pilot, "Take back?")
        await pilot.press("enter")
        await when_told(app, pilot, "was taken back")
        assert len(at().tasks.all()) == 3


async def test_who_did_not_answer_keeps_the_task_for_the_agreed_day(store: Path, at: OpenDesk, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await pilot.press("x", "n", "tab", *"+3", "enter")
        await when_told(app, pilot, "the task is for 25 Nov now")
        assert len(at().tasks.all()) == 3
        await settled(pilot, lambda: "2 Due now 2" in text_of(app, "#sections"))


async def test_o_takes_a_task_over_and_once_more_gives_it_away(store: Path, at: OpenDesk, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await pilot.press("o")
        await when_told(app, pilot, "is yours")
        own = ran.actor.name
        assert at().tasks.all()[0].owner == own
        await settled(pilot, lambda: "3 Mine 1" in text_of(app, "#sections"))
        await pilot.press("o", "ctrl+u", *"Nobody", "ctrl+s")
        await when_told(app, pilot, "Nobody")
        assert app.screen.is_modal
        assert at().tasks.all()[0].owner == own
        await pilot.press("ctrl+u", *"marta", "ctrl+s")
        await when_told(app, pilot, "The task is Marta’s")
        assert at().tasks.all()[0].owner == "Marta"


async def test_summary_tells_the_word_for_who_comes(store: Path, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await settled(pilot, lambda: "a word at the desk" in text_of(app, "#debt"))
        assert "Please settle them today." in text_of(app, "#debt")
        # Not on a day that is over.
        await pilot.press("v")
        await settled(pilot, lambda: "Please settle" not in text_of(app, "#debt"))


async def test_without_tasks_it_says_so_and_what_makes_them(store: Path, at: OpenDesk) -> None:
    at()
    async with crm(store, size=(80, 24)) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "No task yet")
        assert "it never ran. F6 runs it." in "\n".join(seen(app))
        await pilot.press("x", "o", "enter")
        assert not app.screen.is_modal


async def test_a_card_read_among_the_tasks_checks_in_at_the_summary(store: Path, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        app.scanned("SLOW", "SLOW")
        await when_told(app, pilot, "Nowak Jan is in.")
        assert app.screen.query_one("#arrivals").display


async def test_hostile_notes_are_text(store: Path, ran: Desk) -> None:
    with ran.place.database.write() as tx:
        tx.run("UPDATE task SET note = :note WHERE kind = 'desk'", note=HOSTILE)
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await settled(pilot, lambda: "[b]Bold[/b]" in text_of(app, "#tasks"))
        shown = "\n".join(seen(app))
        assert "\x1b" not in shown


async def test_another_size_of_the_terminal_suits_both_tabs(store: Path, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await pilot.resize_terminal(80, 24)
        await settled(pilot, lambda: "nobody’s" in text_of(app, "#tasks"))
        assert text_of(app, "#tasks").splitlines()[1].split() == ["▸", "20", "Nov", "García", "María", "call", "96.50"]
        assert all(len(line) <= 80 for line in seen(app))
        await pilot.press("tab")
        await settled(pilot, lambda: "For                      Owes" in text_of(app, "#arrivals"))
        await pilot.resize_terminal(120, 36)
        await settled(pilot, lambda: "a word at the desk" in text_of(app, "#debt"))
        await pilot.press("tab")
        await settled(pilot, lambda: "García María" in text_of(app, "#tasks"))


async def test_a_task_that_another_desk_closed_is_said_and_the_list_follows(
    store: Path, at: OpenDesk, ran: Desk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        await pilot.press("x")
        await settled(pilot, lambda: app.screen.is_modal)
        at().tasks.done(at().tasks.all()[0].id)
        await pilot.press("w", "enter")
        await when_told(app, pilot, "is closed already")
        await pilot.press("escape")
        await app.look()
        await settled(pilot, lambda: "1 All 2" in text_of(app, "#sections"))


async def test_x_typed_after_tab_is_for_the_first_task(store: Path, ran: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab", "x")
        await settled(pilot, lambda: app.screen.is_modal)
        assert app.screen.heading_shown == "call · García Leo"  # type: ignore[attr-defined]


async def test_a_task_that_another_desk_has_done_stays_under_the_cursor_and_no_key_acts_on_the_next(
    store: Path, ran: Desk, at: OpenDesk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("tab")
        await when_told(app, pilot, "Nowak Jan")
        first = app.screen.selected_task()  # type: ignore[attr-defined]
        at(desk="desk 2").tasks.done(first.id, outcome="spoke to her")
        await app.look()
        await at_rest(pilot)
        assert app.screen.selected_task().id == first.id  # type: ignore[attr-defined]
        await pilot.press("o", "x")
        await at_rest(pilot)
        assert not app.screen.is_modal
        assert [one.owner for one in at().tasks.all() if one.owner] == []
        # It goes when the cursor does, and nobody is passed over.
        await pilot.press("down")
        await at_rest(pilot)
        left = [one.id for one in at().tasks.all("open")]
        assert app.screen.selected_task().id in left  # type: ignore[attr-defined]
        assert "spoke to her" not in text_of(app, "#tasks")
