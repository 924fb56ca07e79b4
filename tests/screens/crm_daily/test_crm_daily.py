"""CRM Daily on the screen: activation, sections, days, countdown, check-in by key and card, pane, hidden amounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.arrivals import SECTIONS
from duesdesk.screens import text
from duesdesk.screens.crm_daily.screen import CrmDailyScreen
from duesdesk.screens.crm_daily.words import section_tabs
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.reading import HOSTILE, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

# 12:00 in Madrid.
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def book_of_today(at: OpenDesk) -> Desk:
    """Five people come today; two of them owe, one paid a part of something not due, one has cancelled."""
    early = at(ago(80))
    for number, name, details in (
        ("LATE", "García María", {"card": "004512", "language": "es"}),
        ("CHILD", "Rossi Marco", {}),
        ("PART", "Núñez Óscar", {}),
        ("FREE", "Smith Zoë", {"card": "990011"}),
        ("GONE", "Almeida Beatriz", {}),
        ("PAYER", "Rossi Giulia", {}),
        ("WALKIN", "Nowak Jan", {"card": "777123"}),
    ):
        member(early, number, name, **details)
    early.members.edit("CHILD", type(early.members.get("CHILD"))("Rossi Marco", payer="PAYER"))
    owe(early, "LATE", 9650, ago(69))
    owe(early, "CHILD", 8400, ago(20))
    desk = at()
    owe(desk, "PART", 4500, TODAY + timedelta(days=5))
    pay(desk, "PART", 2000)
    book(desk, "LATE", "12:16", activity="Pilates")
    book(desk, "CHILD", "12:31")
    book(desk, "PART", "18:00", activity="Judo")
    book(desk, "FREE", "09:00")
    book(desk, "GONE", "10:00", status="cancelled")
    book(desk, "FREE", "10:00", day=TODAY + timedelta(days=1), activity="Boxing")
    return desk


@asynccontextmanager
async def crm(
    store: Path, *, size: tuple[int, int] = (120, 36), actor: str | None = None
) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app with CRM Daily in front and its first answer shown."""
    app = started(store, Clock(NOON), actor=actor)
    async with app.run_test(size=size) as pilot:
        await pilot.press("f4")
        screen = app.screen
        assert isinstance(screen, CrmDailyScreen)
        await settled(pilot, lambda: screen._page is not None or not screen._active)
        yield app, pilot


def rows(app: DuesdeskApp) -> list[str]:
    """The members of the rows, in order; days of a week as their dates."""
    source: Any = app.screen.query_one("#arrivals", LineList)._source
    shown = [source.item(source.row(index).key) for index in range(source.count())]
    return [getattr(item, "member", None) or str(item.on_day) for item in shown]


async def when_told(app: DuesdeskApp, pilot: Pilot[int], told: str) -> None:
    await settled(pilot, lambda: told in "\n".join(seen(app)))


async def test_people_stand_in_order_of_time_with_debt_and_what_is_known(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, _pilot):
        assert rows(app) == ["FREE", "GONE", "LATE", "CHILD", "PART"]
        shown = text_of(app, "#arrivals")
        assert "12:16  García María" in shown
        assert "96.50  ●●●" in shown
        assert "Rossi Giulia pays" in shown
        assert "in 16 min" in shown
        assert "cancelled" in shown
        assert text_of(app, "#countdown").strip() == "next 45 minutes: 2 people who owe 180.50"


async def test_keys_1_to_6_show_the_sections_and_their_counts(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        assert text_of(app, "#sections").split() == (
            "1 All 5 2 Unpaid 2 3 Partially paid 1 4 Promises 0 5 Not yet in 4 6 Cancelled 1".split()
        )
        expected = {
            "2": ["LATE", "CHILD"],
            "3": ["PART"],
            "4": [],
            "5": ["FREE", "LATE", "CHILD", "PART"],
            "6": ["GONE"],
            "1": ["FREE", "GONE", "LATE", "CHILD", "PART"],
        }
        for key, members in expected.items():
            await pilot.press(key)
            assert rows(app) == members


async def test_the_list_begins_at_who_comes_next(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, _pilot):
        assert app.screen.current_member() == "LATE"  # type: ignore[attr-defined]


async def test_space_checks_in_and_u_takes_it_back(store: Path, at: OpenDesk, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("space")
        await when_told(app, pilot, "✓ in 12:00")
        assert "García María is in.  A word, please." in "\n".join(seen(app))
        assert app.screen.current_member() == "LATE"  # type: ignore[attr-defined]
        await pilot.press("5")
        assert rows(app) == ["FREE", "CHILD", "PART"]
        await pilot.press("u", "enter")
        await settled(pilot, lambda: rows(app) == ["FREE", "LATE", "CHILD", "PART"])
    states = {row.member: row.status for row in at().daily.page().arrivals}
    assert states["LATE"] == "booked"


async def test_a_check_in_without_debt_says_so_quietly_and_a_second_one_says_it_was_done(
    store: Path, book_of_today: Desk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("home", "space")
        await when_told(app, pilot, "Smith Zoë is in.")
        assert "A word" not in "\n".join(seen(app))
        await pilot.press("space")
        await when_told(app, pilot, "Smith Zoë was in already.")


async def test_a_card_checks_in_from_the_page_and_selects_the_person(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("6", "wait:100", *"990011", "enter")
        await when_told(app, pilot, "Smith Zoë is in.")
        await settled(pilot, lambda: app.screen.current_member() == "FREE")  # type: ignore[attr-defined]
        assert rows(app) == ["FREE", "GONE", "LATE", "CHILD", "PART"]


async def test_a_card_of_somebody_without_a_booking_is_a_visit(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("right_square_bracket")
        await when_told(app, pilot, "Monday 23 November")
        await pilot.press(*"777123", "enter")
        await when_told(app, pilot, "Nowak Jan is in.")
        await settled(pilot, lambda: "WALKIN" in rows(app))
        assert "Sunday 22 November" in "\n".join(seen(app))
        assert app.screen.current_member() == "WALKIN"  # type: ignore[attr-defined]


async def test_brackets_go_a_day_on_and_back_and_the_point_comes_home(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("right_square_bracket")
        await when_told(app, pilot, "Monday 23 November")
        assert rows(app) == ["FREE"]
        await pilot.press("space")
        await when_told(app, pilot, "People are checked in on their day")
        await pilot.press("left_square_bracket", "left_square_bracket")
        await when_told(app, pilot, "Saturday 21 November")
        assert "Nobody is booked on this day." in "\n".join(seen(app))
        await pilot.press("full_stop")
        await when_told(app, pilot, "Sunday 22 November")


async def test_m_shows_the_week_by_days_then_the_month_and_enter_opens_a_day(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("m")
        await when_told(app, pilot, "16 Nov – 22 Nov")
        assert rows(app)[-6:] == ["2026-11-22", "FREE", "GONE", "LATE", "CHILD", "PART"]
        assert rows(app)[:2] == ["2026-11-16", "2026-11-17"]
        await pilot.press("m")
        await when_told(app, pilot, "November 2026")
        assert len(rows(app)) == 30
        assert "4 booked" in "\n".join(seen(app))
        await pilot.press("2")
        assert rows(app)[21:24] == ["2026-11-22", "LATE", "CHILD"]
        await pilot.press("1", "home", "enter")
        await when_told(app, pilot, "Sunday 1 November")


async def test_the_pane_tells_the_debt_in_the_members_words_and_keys(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await settled(pilot, lambda: "García" in text_of(app, "#debt"))
        pane = text_of(app, "#debt")
        assert "1 invoice, oldest 69 days" in pane
        assert "pays now, all or part" in pane
        assert "Not told yet" in pane
        await pilot.press("down")
        await settled(pilot, lambda: "Rossi Marco" in text_of(app, "#debt"))
        assert "Rossi Giulia pays" in text_of(app, "#debt")


async def test_a_narrow_terminal_has_no_pane_and_every_count(store: Path, book_of_today: Desk) -> None:
    async with crm(store, size=(80, 24)) as (app, _pilot):
        lines = seen(app)
        assert not app.screen.query_one("#debt").display
        assert "6 Cancelled 1" in lines[2]
        assert all(len(line) <= 80 for line in lines)


async def test_on_a_narrow_terminal_no_count_runs_into_the_next_number(store: Path, book_of_today: Desk) -> None:
    async with crm(store, size=(80, 24)) as (app, pilot):
        shown = text_of(app, "#sections").strip()
        assert [part for part in shown.split("  ") if part] == [
            "1 All 5", "2 Unpaid 2", "3 Part paid 1", "4 Promises 0", "5 Not in 4", "6 Cancelled 1",
        ]  # fmt: skip
        tabs = app.screen.query_one("#sections", Tabs)
        tabs.set_tabs(section_tabs(dict.fromkeys(SECTIONS, 1264)))
        await pilot.pause()
        shown = text_of(app, "#sections").strip()
        parts = [part.strip() for part in shown.split("  ") if part]
        assert [part[0] for part in parts] == list("123456")
        assert all(part.endswith(" 1,264") for part in parts)


@pytest.mark.parametrize(("hours", "first"), [(range(13, 23), "  09:00"), (range(3, 23), "  10:00")])
async def test_a_section_begins_at_its_first_row_when_who_comes_next_is_seen_from_there(
    store: Path, at: OpenDesk, book_of_today: Desk, hours: range, first: str
) -> None:
    desk, early = at(), at(ago(80))
    for hour in hours:
        member(early, f"M{hour}", f"Member {hour}")
        owe(early, f"M{hour}", 1000, ago(20))
        book(desk, f"M{hour}", f"{hour:02}:00")
    async with crm(store, size=(80, 24)) as (app, pilot):
        await pilot.press("2", "1")
        shown = text_of(app, "#arrivals").splitlines()
        assert "▸ 12:" in "\n".join(shown)
        # Else two rows above it are seen.
        assert shown[1].startswith(f" {first}")


async def test_the_selected_row_is_pointed_at(store: Path, book_of_today: Desk) -> None:
    async with crm(store, size=(80, 24)) as (app, pilot):
        assert "▸ 12:16  García María" in text_of(app, "#arrivals")
        await pilot.press("down")
        assert "▸ 12:31  Rossi Marco" in text_of(app, "#arrivals")


async def test_the_keys_of_sections_mode_and_day_are_seen_on_a_narrow_terminal(
    store: Path, book_of_today: Desk
) -> None:
    async with crm(store, size=(80, 24)) as (app, pilot):
        shown = text_of(app, "#foot")
        for told in ("1-6 section", "m mode", "[ ] day", ". today", "Space check in", "p pay", "? all keys"):
            assert told in shown
        assert "m Daily Weekly Monthly" in text_of(app, "#day-head")
        # A message takes their place, and is not written into them.
        await pilot.press("space")
        await when_told(app, pilot, "is in.")
        assert "m mode" not in text_of(app, "#foot")
        assert "Space check in" in text_of(app, "#foot")


async def test_v_hides_every_amount_and_leaves_the_names(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await settled(pilot, lambda: "96.50" in text_of(app, "#debt"))
        await pilot.press("v")
        await settled(pilot, lambda: "96.50" not in "\n".join(seen(app)))
        shown = "\n".join(seen(app))
        assert "180.50" not in shown
        assert "García María" in shown
        assert "•••••" in shown


async def test_a_talk_is_noted_in_three_keys(store: Path, at: OpenDesk, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("t", "k", "enter")
        await when_told(app, pilot, "Noted of")
        await settled(pilot, lambda: "cannot pay now" in text_of(app, "#debt"))
    entry = at().member_files.open("LATE").timeline[0]
    assert (entry.kind, entry.state, entry.channel, entry.actor) == ("talk", "cannot_pay", "desk", "owner")


async def test_a_note_and_a_day_go_with_a_talk_and_a_day_that_is_over_is_refused(
    store: Path, at: OpenDesk, book_of_today: Desk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("t", "c", *"ring on friday", "tab", *"21/11/2026", "enter")
        await when_told(app, pilot, "is over")
        await pilot.press("ctrl+u", *"+5", "enter")
        await when_told(app, pilot, "Noted of")
    entry = at().member_files.open("LATE").timeline[0]
    assert (entry.text, entry.due_on) == ("ring on friday", TODAY + timedelta(days=5))


async def test_a_promise_moves_the_person_to_its_section(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("y", *"+5", "enter", "enter", "enter")
        await when_told(app, pilot, "Promised for Friday 27 November")
        await pilot.press("4")
        await settled(pilot, lambda: rows(app) == ["LATE"])
        assert "promised Friday" in text_of(app, "#arrivals")


async def test_what_another_desk_does_is_shown_and_the_selection_stays(
    store: Path, at: OpenDesk, book_of_today: Desk
) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("down")
        pay(at(desk="desk 2"), "LATE", 9650)
        await settled(pilot, lambda: "2 Unpaid 1" in text_of(app, "#sections"))
        assert app.screen.current_member() == "CHILD"  # type: ignore[attr-defined]


async def test_nothing_is_redrawn_while_the_minute_stays_the_same(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        await settled(pilot, lambda: "García" in text_of(app, "#debt"))
        screen = app.screen
        assert isinstance(screen, CrmDailyScreen)
        shown, asked = seen(app), screen._rows
        screen._minute()
        await pilot.pause()
        assert screen._rows is asked
        assert seen(app) == shown


@pytest.fixture
def inactive(at: OpenDesk) -> Desk:
    """A centre without CRM, with a manager and a receptionist."""
    desk = at()
    desk.modules.switch("crm", active=False)
    desk.staff.add("Ana", "manager")
    desk.staff.add("Leo", "front_desk")
    return desk


async def test_switched_off_it_says_what_it_does_and_enter_switches_it_on(
    store: Path, at: OpenDesk, inactive: Desk
) -> None:
    async with crm(store, actor="Ana") as (app, pilot):
        shown = "\n".join(seen(app))
        assert "CRM Daily is switched off." in shown
        assert "Enter  switches it on" in shown
        await pilot.press("enter")
        await when_told(app, pilot, "CRM Daily is switched on.")
        await settled(pilot, lambda: app.screen.query_one("#arrivals").display)
        assert "Nobody is booked on this day." in "\n".join(seen(app))
    assert at().modules.is_active("crm")


async def test_who_may_not_switch_it_on_is_told_who_may(store: Path, at: OpenDesk, inactive: Desk) -> None:
    async with crm(store, actor="Leo") as (app, pilot):
        assert "Somebody with the role manager can switch it on; yours is front desk." in "\n".join(seen(app))
        await pilot.press("enter", "space", "2", "m")
        assert "CRM Daily is switched off." in "\n".join(seen(app))
    assert not at().modules.is_active("crm")


async def test_hostile_names_act_on_nothing_and_break_no_line(store: Path, at: OpenDesk) -> None:
    early = at(ago(60))
    member(early, "EVIL", HOSTILE)
    owe(early, "EVIL", 1000, ago(50))
    with early.place.database.write() as tx:
        # As an older version or another program may have written it: the way out cleans, too.
        tx.run("UPDATE member SET name = :name WHERE number = 'EVIL'", name=HOSTILE)
    book(at(), "EVIL", "12:10", activity=HOSTILE)
    async with crm(store) as (app, pilot):
        await settled(pilot, lambda: "[b]Bold[/b]" in text_of(app, "#debt"))
        await pilot.press("space")
        await when_told(app, pilot, "in 12:00")
        shown = "\n".join(seen(app))
        assert "[b]Bold[/b]" in text_of(app, "#arrivals")
        assert not any(
            (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u202c" for char in shown
        )
        assert app.errors == []


async def test_the_day_follows_the_page_of_another_year(store: Path, at: OpenDesk) -> None:
    app = started(store, Clock(date(2026, 12, 31)))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f4", "right_square_bracket")
        await when_told(app, pilot, "Friday 1 January 2027")


async def test_lateness_on_a_past_day_is_that_of_its_evening(store: Path, at: OpenDesk, book_of_today: Desk) -> None:
    book(at(), "LATE", "10:00", day=ago(60))
    async with crm(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, CrmDailyScreen)
        screen._go(ago(60))
        await settled(pilot, lambda: rows(app) == ["LATE"])
        assert "96.50  ●" in text_of(app, "#arrivals")
        assert "●●" not in text_of(app, "#arrivals")
        await settled(pilot, lambda: "oldest 9 days" in text_of(app, "#debt"))


async def test_a_week_sorted_by_debt_tells_the_day_of_each_row(store: Path, at: OpenDesk, book_of_today: Desk) -> None:
    book(at(), "CHILD", "10:00", day=ago(2))
    async with crm(store) as (app, pilot):
        await pilot.press("m", "s")
        await settled(pilot, lambda: rows(app)[:3] == ["LATE", "CHILD", "CHILD"])
        shown = text_of(app, "#arrivals").splitlines()
        assert [line.split()[0] for line in shown[2:7:2]] == ["Sun", "Fri", "Sun"]


async def test_the_countdown_follows_the_clock_of_the_centre(store: Path, book_of_today: Desk) -> None:
    async with crm(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, CrmDailyScreen)
        screen._now = "11:50"
        screen._show_rows()
        await pilot.pause()
        assert "in 26 min" in text_of(app, "#arrivals")
        screen._minute()
        await pilot.pause()
        assert "in 16 min" in text_of(app, "#arrivals")
        assert "2 people who owe" in text_of(app, "#countdown")
