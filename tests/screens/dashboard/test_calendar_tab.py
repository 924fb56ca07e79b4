"""The tab Calendar: a month of what falls due, promises and planned notices; Enter lists a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.dashboard.tabs.month_grid import MonthGrid
from tests.screens.reading import HOSTILE, at_rest, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana has 60.00 due in two days and, with an address, hears of it; Ben promised 20.00 of 45.00 for next month."""
    early = at(ago(30))
    member(early, "ANA", "García Ana", email="ana@example.org")
    member(early, "BEN", "Ock Ben")
    desk = at()
    owe(desk, "ANA", 6000, TODAY + timedelta(days=2))
    owe(desk, "BEN", 4500, TODAY + timedelta(days=2))
    desk.promises.take("BEN", 2000, "EUR", date(2026, 12, 9))
    return desk


@asynccontextmanager
async def calendar(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The tab in front, everything it fetches shown."""
    app = started(store, Clock(TODAY))
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        await pilot.press("tab")
        await at_rest(pilot)
        assert app.screen.ID == "calendar"  # type: ignore[attr-defined]
        yield app, pilot


def day(app: DuesdeskApp) -> date | None:
    return app.screen.query_one("#month-grid", MonthGrid).day


async def told(app: DuesdeskApp, pilot: Pilot[int], words: str) -> None:
    await settled(pilot, lambda: words in "\n".join(seen(app)))


async def test_a_day_shows_what_falls_due_and_the_notices_that_are_planned(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        assert day(app) == TODAY
        head = text_of(app, "#tab-head")
        assert "November 2026" in head
        assert "€105.00" in head
        assert "105.00" in text_of(app, "#month-grid")
        await settled(pilot, lambda: "✉" in text_of(app, "#month-grid"))
        await pilot.press("right", "right")
        await told(app, pilot, "Tuesday 24 November")
        await told(app, pilot, "€105.00 due (2 invoices)")


async def test_sundays_and_public_holidays_are_marked_as_closed(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        assert "22 ×" in text_of(app, "#month-grid")
        assert "24 ×" not in text_of(app, "#month-grid")
        await pilot.press("right_square_bracket")
        await told(app, pilot, "December 2026")
        assert "25 ×" in text_of(app, "#month-grid")


async def test_arrows_go_over_the_end_of_the_month_and_the_dot_back_to_today(store: Path, owing: Desk) -> None:
    async with calendar(store, size=(80, 24)) as (app, pilot):
        await pilot.press("end", "right")
        assert day(app) == date(2026, 12, 1)
        await pilot.press("down", "right")
        assert day(app) == date(2026, 12, 9)
        await told(app, pilot, "⚑ 20.00")
        await pilot.press("pageup")
        assert day(app) == date(2026, 11, 9)
        await pilot.press("full_stop")
        assert day(app) == TODAY


async def test_a_short_month_takes_its_last_day(store: Path, owing: Desk) -> None:
    async with calendar(store, size=(80, 24)) as (app, pilot):
        await pilot.press("pageup", "end", "pagedown")
        assert day(app) == date(2026, 11, 30)


async def test_enter_lists_the_day_and_letters_act_on_who_is_selected(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        assert app.screen.current_member() is None  # type: ignore[attr-defined]
        await pilot.press("right", "right", "enter")
        await told(app, pilot, "falls due")
        assert app.screen.current_member() == "ANA"  # type: ignore[attr-defined]
        await pilot.press("p")
        await settled(pilot, lambda: app.screen.is_modal)
        await told(app, pilot, "García Ana")
        await pilot.press("escape")
        await settled(pilot, lambda: not app.screen.is_modal)
        await pilot.press("enter")
        await settled(pilot, lambda: app.screen.ID == "member_file")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await settled(pilot, lambda: app.screen.ID == "calendar")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await settled(pilot, lambda: "Mon" in "\n".join(seen(app)))
        assert day(app) == TODAY + timedelta(days=2)


async def test_keys_right_after_another_month_was_asked_for_are_for_that_month(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        await pilot.press("end", "right", "down", "right", "enter")
        await told(app, pilot, "Ock Ben")
        assert app.screen.current_member() == "BEN"  # type: ignore[attr-defined]


async def test_who_pays_while_selected_stays_until_the_cursor_moves(store: Path, owing: Desk, at: OpenDesk) -> None:
    async with calendar(store) as (app, pilot):
        await pilot.press("right", "right", "enter")
        await told(app, pilot, "García Ana")
        pay(at(), "ANA", 6000)
        app.data_changed()
        await told(app, pilot, "not here now")
        assert app.screen.current_member() == "ANA"  # type: ignore[attr-defined]


async def test_a_click_selects_a_day_and_a_second_one_lists_it(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        rows = text_of(app, "#month-grid").splitlines()
        y = next(place for place, row in enumerate(rows) if " 24" in row)
        at_ = (rows[y].index("24"), y)
        await pilot.click("#month-grid", offset=at_)
        assert day(app) == TODAY + timedelta(days=2)
        await pilot.click("#month-grid", offset=at_)
        await told(app, pilot, "falls due")


async def test_currencies_stand_apart_and_c_shows_the_next(store: Path, owing: Desk) -> None:
    owe(owing, "BEN", 77700, TODAY + timedelta(days=2), currency="USD")
    async with calendar(store) as (app, pilot):
        assert "€105.00" in text_of(app, "#tab-head")
        await pilot.press("c")
        await told(app, pilot, "US$777.00")
        assert "105.00" not in text_of(app, "#month-grid")


async def test_amounts_are_hidden_with_v(store: Path, owing: Desk) -> None:
    async with calendar(store) as (app, pilot):
        await pilot.press("right", "right", "v")
        await told(app, pilot, "•••••")
        shown = "\n".join(seen(app))
        assert not any(figure in shown for figure in ("105.00", "60.00", "45.00", "20.00"))


async def test_an_empty_month_and_an_empty_day_say_so(store: Path) -> None:
    async with calendar(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "Nothing stands in this month.")
        await pilot.press("enter")
        await told(app, pilot, "Nothing stands on this day.")
        await pilot.press("p", "enter", "c")
        await at_rest(pilot)
        assert app.screen.ID == "calendar"  # type: ignore[attr-defined]


async def test_a_hostile_name_is_data(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    async with calendar(store) as (app, pilot):
        await pilot.press("right", "right", "enter")
        await told(app, pilot, "[b]Bold[/b]")
