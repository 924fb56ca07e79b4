"""The tab Forecast: what is expected week by week beside what came, and the invoices behind a week."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.reports import Reports
from duesdesk.screens import text
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.reading import HOSTILE, at_rest, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay

TABS = ("dashboard", "calendar", "forecast", "early_signs")


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana usually pays four days late and has 60.00 due in nine days; Ben has promised 20.00 of 45.00."""
    early = at(ago(150))
    member(early, "ANA", "García Ana")
    member(early, "BEN", "Ock Ben")
    for back in (120, 90, 60, 30):
        then = at(ago(back))
        owe(then, "ANA", 6000, ago(back - 5))
        pay(at(ago(back - 9)), "ANA", 6000)
    desk = at()
    owe(desk, "ANA", 6000, TODAY + timedelta(days=9))
    owe(desk, "BEN", 4500, TODAY + timedelta(days=1))
    desk.promises.take("BEN", 2000, "EUR", TODAY + timedelta(days=16))
    return desk


@asynccontextmanager
async def forecast(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The tab in front, everything it fetches shown."""
    app = started(store, Clock(TODAY))
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        await pilot.press("tab")
        while app.screen.ID != "forecast":  # type: ignore[attr-defined]
            await pilot.press("tab")
        await at_rest(pilot)
        yield app, pilot


async def told(app: DuesdeskApp, pilot: Pilot[int], words: str) -> None:
    await settled(pilot, lambda: words in "\n".join(seen(app)))


async def test_each_week_shows_what_is_expected_beside_what_came(store: Path, owing: Desk) -> None:
    async with forecast(store) as (app, _pilot):
        shown = text_of(app, "#tab-list")
        head = text_of(app, "#tab-head")
    (row,) = [line for line in shown.splitlines() if "26 Oct" in line]
    assert "60.00" in row
    assert "€105.00 open" in head
    assert "a week; in all" in head
    assert "later" in shown


async def test_the_cursor_begins_at_the_first_week_to_come_and_its_parts_are_told(store: Path, owing: Desk) -> None:
    async with forecast(store) as (app, pilot):
        assert app.screen.query_one("#tab-list", LineList).selected_key == "2026-11-23"
        await pilot.press("down", "down")
        await told(app, pilot, "Week of 7 Dec")
        await told(app, pilot, "€20.00")


async def test_enter_lists_the_invoices_behind_a_week_and_letters_act_on_who_pays_them(
    store: Path, owing: Desk
) -> None:
    async with forecast(store) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await told(app, pilot, "Ock Ben")
        assert app.screen.current_member() == "BEN"  # type: ignore[attr-defined]
        await told(app, pilot, "by a promise")
        await pilot.press("enter")
        await settled(pilot, lambda: app.screen.ID == "member_file")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await settled(pilot, lambda: app.screen.ID == "forecast")  # type: ignore[attr-defined]
        await pilot.press("escape")
        await told(app, pilot, "Expected")
        # Back where one was.
        assert app.screen.query_one("#tab-list", LineList).selected_key == "2026-12-07"


async def test_keys_pressed_while_a_week_is_read_are_for_its_list(store: Path, owing: Desk) -> None:
    async with forecast(store) as (app, pilot):
        await pilot.press("down", "down", "enter", "p")
        await told(app, pilot, "Ock Ben")
        await settled(pilot, lambda: len(app.screen_stack) > 2 and app.screen.is_modal)
        await told(app, pilot, "Esc back")


async def test_who_pays_while_selected_stays_until_the_cursor_moves(store: Path, owing: Desk, at: OpenDesk) -> None:
    async with forecast(store) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await told(app, pilot, "Ock Ben")
        pay(at(), "BEN", 4500)
        app.data_changed()
        await told(app, pilot, "not in it now")
        assert app.screen.current_member() == "BEN"  # type: ignore[attr-defined]


async def test_a_slow_answer_never_stands_over_a_newer_one(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with forecast(store) as (app, pilot):
        go_on, read = Event(), Reports.read
        begun = Event()

        def slowly(self: Reports, name: str, **options: object) -> object:
            answer = read(self, name, **options)  # type: ignore[arg-type]
            if not begun.is_set():
                begun.set()
                go_on.wait(10)
            return answer

        monkeypatch.setattr(Reports, "read", slowly)
        app.data_changed()
        await settled(pilot, begun.is_set)
        await pilot.press("down", "down", "enter")
        await told(app, pilot, "Ock Ben")
        go_on.set()
        await at_rest(pilot)
        await told(app, pilot, "Ock Ben")
        assert app.screen.current_member() == "BEN"  # type: ignore[attr-defined]


async def test_currencies_stand_apart_and_c_shows_the_next(store: Path, owing: Desk) -> None:
    owe(owing, "BEN", 77700, TODAY + timedelta(days=2), currency="USD")
    async with forecast(store) as (app, pilot):
        assert "€105.00 open" in text_of(app, "#tab-head")
        assert "USD" in text_of(app, "#dash-tabs")
        await pilot.press("c")
        await told(app, pilot, "US$777.00 open")
        assert "105.00" not in text_of(app, "#tab-list")


async def test_amounts_are_hidden_with_v(store: Path, owing: Desk) -> None:
    async with forecast(store) as (app, pilot):
        await pilot.press("v")
        await told(app, pilot, "•••••")
        shown = "\n".join(seen(app))
        for figure in ("105.00", "60.00", "45.00", "20.00"):
            assert figure not in shown


async def test_an_empty_centre_says_so(store: Path) -> None:
    async with forecast(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "Nothing is open, and nothing came.")
        await pilot.press("enter", "p", "c")
        await at_rest(pilot)
        assert app.screen.ID == "forecast"  # type: ignore[attr-defined]


async def test_the_tabs_go_round_by_key_and_by_click_and_esc_leads_to_the_figures(store: Path, owing: Desk) -> None:
    async with forecast(store) as (app, pilot):
        await pilot.press("escape")
        assert app.screen.ID == "dashboard"  # type: ignore[attr-defined]
        await pilot.click("#dash-tabs", offset=(text_of(app, "#dash-tabs").index("Forecast"), 0))
        await settled(pilot, lambda: app.screen.ID == "forecast")  # type: ignore[attr-defined]
        await pilot.press("shift+tab")
        seen_ids = {app.screen.ID}  # type: ignore[attr-defined]
        for _turn in range(8):
            await pilot.press("tab")
            seen_ids.add(app.screen.ID)  # type: ignore[attr-defined]
        assert seen_ids >= set(TABS)
        await pilot.press("f3")
        assert app.screen.ID == "dashboard"  # type: ignore[attr-defined]


async def test_a_hostile_name_is_data(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    async with forecast(store, size=(80, 24)) as (app, pilot):
        await pilot.press("down", "down", "enter")
        await told(app, pilot, "[b]Bold[/b]")
