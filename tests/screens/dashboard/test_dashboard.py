"""The Dashboard on the screen: figures and exactly the people behind them, sorted, filtered, marked, hidden."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import base, text
from duesdesk.screens.dashboard.screen import DashboardScreen
from duesdesk.screens.dashboard.words import CARES
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.tiles import Tiles
from tests.screens.reading import HOSTILE, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


class MovingClock(Clock):
    """A clock that a test moves."""

    at = NOON

    def now(self, timezone: str = "UTC") -> datetime:
        return MovingClock.at


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Three debtors, one of them for a child; one part payment not due; one invoice due in four days."""
    early = at(ago(120))
    for number, name in (("LATE", "García María"), ("PAYER", "Rossi Giulia"), ("CHILD", "Rossi Marco"),
                         ("OLD", "Çelik Ayşe"), ("PART", "Núñez Óscar"), ("FREE", "Smith Zoë")):  # fmt: skip
        member(early, number, name)
    early.members.edit("CHILD", type(early.members.get("CHILD"))("Rossi Marco", payer="PAYER"))
    owe(early, "LATE", 9650, ago(69))
    owe(early, "CHILD", 8400, ago(20))
    owe(early, "OLD", 3000, ago(100))
    desk = at()
    owe(desk, "PART", 4500, TODAY + timedelta(days=4))
    pay(desk, "PART", 2000)
    book(desk, "CHILD", "18:00")
    return desk


@asynccontextmanager
async def dashboard(
    store: Path, *, size: tuple[int, int] = (120, 36), clock: Clock | None = None
) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app with the Dashboard in front, everything it fetches shown."""
    app = started(store, clock or Clock(NOON))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, DashboardScreen)
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)
        yield app, pilot


def people(app: DuesdeskApp) -> list[str]:
    source = app.screen.query_one("#people", LineList)._source
    return [str(source.row(index).key) for index in range(source.count())]


async def told(app: DuesdeskApp, pilot: Pilot[int], words: str) -> None:
    await settled(pilot, lambda: words in "\n".join(seen(app)))


async def test_the_tiles_show_sums_and_how_many_stand_behind_them(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, _pilot):
        tiles = text_of(app, "#dash-tiles").splitlines()
    assert "€210.50" in tiles[1]
    assert "3 debtors" in tiles[2]
    assert "€25.00" in tiles[1]
    assert "1 member" in tiles[2]
    assert "1 invoice" in tiles[2]
    assert "€20.00" in tiles[1]
    assert "1 payment" in tiles[2]


async def test_a_large_figure_is_told_in_millions_and_exactly_where_there_is_room(store: Path, at: OpenDesk) -> None:
    early = at(ago(120))
    member(early, "BIG", "Compañía Grande S.A.")
    owe(early, "BIG", 12_345_678_901_000, ago(60))
    owe(early, "BIG", 98_765_432_109, ago(60), currency="JPY")
    async with dashboard(store, size=(80, 24)) as (app, pilot):
        assert "€123,456.8\u00a0M" in text_of(app, "#dash-tiles")
        assert "€123,456,789,010.00" in text_of(app, "#dash-tabs")
        assert "123,456,789,010.00" in text_of(app, "#people")
        await pilot.press("c")
        await told(app, pilot, "JP¥98,765,432,109")
        # What is looked at is what is paid.
        await pilot.press("p")
        await told(app, pilot, "save JP¥98,765.4\u00a0M, cash")
        await pilot.press("escape", "c", "p")
        await told(app, pilot, "save €123,456.8\u00a0M, cash")
        assert "123456789010.00" in text_of(app, "#pay-amount")
        assert "123,456,789,010.00" in text_of(app, "#pay-items")
        await told(app, pilot, "Esc back")


async def test_the_list_is_exactly_the_debtors_with_the_largest_first(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, _pilot):
        assert people(app) == ["LATE", "PAYER", "OLD"]
        shown = text_of(app, "#people")
    assert "Rossi Giulia (+1)" in shown
    assert "comes today 18:00" in shown
    assert "96.50" in shown
    assert "69  ●●●" in shown


async def test_the_person_below_follows_a_key_at_once_and_a_held_one_when_it_rests(
    store: Path, owing: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is: these keys are one that is held.
    monkeypatch.setattr(base, "HELD_SECONDS", 60.0)
    monkeypatch.setattr(base, "REST_SECONDS", 1.0)
    async with dashboard(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, DashboardScreen)
        await told(app, pilot, "García María   LATE")
        read = screen._loads["person"]
        await pilot.press("down")
        await told(app, pilot, "Rossi Giulia   PAYER")
        assert screen._loads["person"] == read + 1
        for key in ("down", "up", "up", "down", "down"):
            await pilot.press(key)
            await pilot.pause()
        assert screen._loads["person"] == read + 1
        await told(app, pilot, "Çelik Ayşe   OLD")
        assert screen._loads["person"] == read + 2


async def test_right_goes_to_the_next_figure_and_its_list_follows(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("right")
        await settled(pilot, lambda: people(app) == ["PART"])
        assert "25.00" in text_of(app, "#people")
        await pilot.press("right")
        await settled(pilot, lambda: "Due in 7 days 1" in text_of(app, "#people"))
        await pilot.press("right")
        await told(app, pilot, "PAY-00001")
        assert app.screen.current_member() == "PART"  # type: ignore[attr-defined]
        await pilot.press("left", "left", "left")
        await settled(pilot, lambda: people(app) == ["LATE", "PAYER", "OLD"])


async def test_enter_on_a_tile_goes_into_its_list(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        app.screen.query_one(Tiles).focus()
        await pilot.press("right", "enter")
        await settled(pilot, lambda: people(app) == ["PART"])
        assert app.focused is app.screen.query_one("#people")


async def test_s_sorts_by_days_then_name_then_last_contact(store: Path, owing: Desk, at: OpenDesk) -> None:
    at(ago(1)).talks.log("OLD", outcome="informed")
    async with dashboard(store) as (app, pilot):
        for expected in (["OLD", "LATE", "PAYER"], ["OLD", "LATE", "PAYER"], ["LATE", "PAYER", "OLD"]):
            await pilot.press("s")
            await settled(pilot, lambda wanted=expected: people(app) == wanted)  # type: ignore[misc]


async def test_f_filters_and_escape_takes_the_filter_away(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("f")
        await pilot.press(*"60", "ctrl+s")
        await settled(pilot, lambda: people(app) == ["LATE", "OLD"])
        assert "2 of 3" in text_of(app, "#people")
        await pilot.press("escape")
        await settled(pilot, lambda: people(app) == ["LATE", "PAYER", "OLD"])


async def test_a_filter_that_cannot_be_read_is_said_in_its_form(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("f", "x", "ctrl+s")
        await told(app, pilot, "“x” is not a number of days")
        await pilot.press("backspace", *"9999", "ctrl+s")
        await told(app, pilot, "Nobody fits the filter")


async def test_space_marks_people_for_a_notice_to_all_of_them(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("space", "space")
        assert app.screen.marked_members() == ["LATE", "PAYER"]  # type: ignore[attr-defined]
        assert "2 marked" in text_of(app, "#people")
        await pilot.press("up", "space")
        assert app.screen.marked_members() == ["LATE"]  # type: ignore[attr-defined]
        await pilot.press("escape")
        assert app.screen.marked_members() == []  # type: ignore[attr-defined]


async def test_v_hides_every_amount(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await told(app, pilot, "96.50 since")
        await pilot.press("v")
        await settled(pilot, lambda: "96.50" not in "\n".join(seen(app)))
        shown = "\n".join(seen(app))
        for figure in ("210.50", "84.00", "30.00", "25.00", "20.00"):
            assert figure not in shown
        assert "García María" in shown


async def test_the_selected_person_is_told_with_items_and_why(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await told(app, pilot, "96.50 since 14 Sep")
        await told(app, pilot, "69 days late")
        await pilot.press("down")
        await told(app, pilot, "Comes today 18:00: a word first.")


async def test_nobody_owing_is_said_kindly(store: Path, desk: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await told(app, pilot, "Nobody owes anything.")
        assert "€0.00" in text_of(app, "#dash-tiles")
        await pilot.press("p", "enter", "n", "space", "s")
        assert not app.screen.is_modal


async def test_several_currencies_are_shown_one_at_a_time(store: Path, owing: Desk, at: OpenDesk) -> None:
    owe(at(ago(40)), "LATE", 7000, ago(3), currency="JPY")
    async with dashboard(store) as (app, pilot):
        assert "€210.50" in text_of(app, "#dash-tiles")
        assert "7,000" not in text_of(app, "#dash-tiles")
        await pilot.press("c")
        await settled(pilot, lambda: "7,000" in text_of(app, "#dash-tiles"))
        assert people(app) == ["LATE"]
        await pilot.press("c")
        await settled(pilot, lambda: "€210.50" in text_of(app, "#dash-tiles"))


async def test_what_another_desk_writes_is_followed_and_the_selection_stays(
    store: Path, owing: Desk, at: OpenDesk
) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("down")
        assert app.screen.current_member() == "PAYER"  # type: ignore[attr-defined]
        pay(at(), "LATE", 9650)
        app.data_changed()
        await settled(pilot, lambda: people(app) == ["PAYER", "OLD"])
        assert app.screen.current_member() == "PAYER"  # type: ignore[attr-defined]
        assert "€114.00" in text_of(app, "#dash-tiles")


async def test_a_hostile_name_is_shown_as_plain_text(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name WHERE number = 'LATE'", name=HOSTILE)
    async with dashboard(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "[b]Bold[/b]")
        assert not any(char in "".join(seen(app)) for char in "\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (200, 60)])
async def test_every_line_fits_whatever_the_size(store: Path, owing: Desk, size: tuple[int, int]) -> None:
    async with dashboard(store, size=size) as (app, pilot):
        await told(app, pilot, "García María")
        for key in ("right", "right", "right", "right"):
            await pilot.press(key)
            await pilot.pause(0.05)
            assert len(seen(app)) == size[1]
            assert all(len(line) <= size[0] for line in seen(app))


async def test_five_thousand_debtors_can_be_walked_to_the_end(store: Path, desk: Desk) -> None:
    now = "2026-01-01T00:00:00.000000Z"
    with desk.place.database.write() as tx:
        tx.many_positional(
            """INSERT INTO member (id, number, name, name_folded, search, status, email_works, created_at, updated_at)
               VALUES (?, ?, ?, ?, ?, 'active', ?, ?, ?)""",
            [(n, f"M{n:05}", f"Name {n:05}", f"name {n:05}", "", True, now, now) for n in range(1, 5001)],
        )
        tx.many_positional(
            """INSERT INTO payer_balance (payer_id, currency, open_minor, open_count, overdue_minor, overdue_count,
                                          partial_minor, partial_count, credit_minor)
               VALUES (?, 'EUR', ?, 1, ?, 1, 0, 0, 0)""",
            [(n, 10_000 - n, 10_000 - n) for n in range(1, 5001)],
        )
        tx.run(
            """INSERT INTO due_day_total (currency, due_on, open_minor, open_count, partial_minor, partial_count)
               VALUES ('EUR', '2026-10-01', :sum, 5000, 0, 0)""",
            sum=sum(10_000 - n for n in range(1, 5001)),
        )
        tx.run("UPDATE ledger_state SET rolled_on = '2026-11-22'")
    async with dashboard(store) as (app, pilot):
        await pilot.press("end")
        assert app.screen.current_member() == "M05000"  # type: ignore[attr-defined]
        await pilot.press("pageup", "home", "pagedown")
        assert app.screen.current_member() != "M05000"  # type: ignore[attr-defined]


async def test_amounts_hidden_on_another_screen_stay_hidden_on_the_way_back(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        assert "96.50" in text_of(app, "#dash-strip")
        await pilot.press("enter")
        await settled(pilot, lambda: app.screen.__class__.__name__ == "MemberFileScreen")
        await pilot.press("v", "escape")
        assert isinstance(app.screen, DashboardScreen)
        shown = "\n".join(seen(app))
        for figure in ("210.50", "96.50", "84.00", "30.00", "25.00", "20.00"):
            assert figure not in shown


async def test_a_list_that_comes_late_does_not_take_the_place_of_a_newer_one(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, DashboardScreen)
        screen._show_list("pending")
        screen._show_list(CARES)
        for _turn in range(30):
            await pilot.pause(0.01)
        assert "Nothing to look after." in text_of(app, "#people")


async def test_after_midnight_the_screen_shows_the_new_day(store: Path, owing: Desk) -> None:
    owe(owing, "FREE", 1000, TODAY)
    clock = MovingClock()
    MovingClock.at = NOON
    async with dashboard(store, clock=clock) as (app, pilot):
        assert people(app) == ["LATE", "PAYER", "OLD"]
        MovingClock.at = NOON + timedelta(days=1)
        await app.look()
        await settled(pilot, lambda: people(app) == ["LATE", "PAYER", "OLD", "FREE"])
        assert "€220.50" in text_of(app, "#dash-tiles")


async def test_credit_on_account_is_told_apart_and_hidden_like_every_amount(store: Path, owing: Desk) -> None:
    pay(owing, "FREE", 1200)
    async with dashboard(store) as (app, pilot):
        assert "€12.00 on account" in text_of(app, "#dash-tabs")
        assert "€210.50" in text_of(app, "#dash-tiles")
        await pilot.press("v")
        await settled(pilot, lambda: "12.00" not in text_of(app, "#dash-tabs"))
