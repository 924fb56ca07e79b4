"""The tab Early signs: who may soon be a debtor and why; letters act on who is selected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from tests.screens.reading import HOSTILE, at_rest, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ben broke a promise on 80.00 due five days ago, Ana one on 45.00; Old has owed for long."""
    early = at(ago(60))
    for number, name in (("ANA", "García Ana"), ("BEN", "Ock Ben"), ("OLD", "Çelik Ayşe")):
        member(early, number, name)
    owe(early, "OLD", 3000, ago(50))
    owe(early, "ANA", 4500, ago(5))
    owe(early, "BEN", 8000, ago(5))
    then = at(ago(10))
    then.promises.take("ANA", 4500, "EUR", ago(2))
    then.promises.take("BEN", 8000, "EUR", ago(2))
    return at()


@asynccontextmanager
async def signs(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The tab in front, everything it fetches shown."""
    app = started(store, Clock(TODAY))
    async with app.run_test(size=size) as pilot:
        await at_rest(pilot)
        await pilot.press("shift+tab")
        await at_rest(pilot)
        assert app.screen.ID == "early_signs"  # type: ignore[attr-defined]
        yield app, pilot


async def told(app: DuesdeskApp, pilot: Pilot[int], words: str) -> None:
    await settled(pilot, lambda: words in "\n".join(seen(app)))


async def test_who_shows_signs_stands_there_with_the_reason_and_debtors_are_counted_only(
    store: Path, owing: Desk
) -> None:
    async with signs(store) as (app, _pilot):
        rows = text_of(app, "#tab-list").splitlines()
        head = text_of(app, "#tab-head")
    assert [row.split()[1:3] if "▸" in row else row.split()[:2] for row in rows[1:3]] == [
        ["Ock", "Ben"],
        ["García", "Ana"],
    ]
    assert all("1 promise broken" in row for row in rows[1:3])
    assert "2 of 3 payers show signs, with €125.00 open." in head
    assert "1 has owed for over 30 days" in head
    assert not any("Çelik" in row for row in rows)


async def test_the_rows_behind_a_reason_stand_beside_it(store: Path, owing: Desk) -> None:
    async with signs(store) as (app, pilot):
        await told(app, pilot, "80.00 overdue of €80.00 open.")
        pane = text_of(app, "#tab-pane")
        assert "20 Nov" in pane
        assert "when a card expires" in pane
        await pilot.press("down")
        await told(app, pilot, "45.00 overdue of €45.00 open.")


async def test_on_a_small_terminal_the_whole_reason_stands_below(store: Path, owing: Desk) -> None:
    async with signs(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "Ock Ben  1 promise broken.")


async def test_enter_opens_the_member_file_and_letters_act_on_the_selected_person(store: Path, owing: Desk) -> None:
    async with signs(store) as (app, pilot):
        await pilot.press("down")
        assert app.screen.current_member() == "ANA"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot, lambda: app.screen.ID == "member_file")  # type: ignore[attr-defined]
        await told(app, pilot, "García Ana")
        await pilot.press("escape")
        await settled(pilot, lambda: app.screen.ID == "early_signs")  # type: ignore[attr-defined]
        for letter in "pty":
            await pilot.press(letter)
            await settled(pilot, lambda: app.screen.is_modal)
            await told(app, pilot, "García Ana")
            await pilot.press("escape")
            await settled(pilot, lambda: not app.screen.is_modal)


async def test_letters_right_after_the_tab_are_for_the_first_person_of_its_list(store: Path, owing: Desk) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("shift+tab", "p")
        await settled(pilot, lambda: app.screen.is_modal)
        await told(app, pilot, "Ock Ben")


async def test_who_pays_while_selected_stays_until_the_cursor_moves(store: Path, owing: Desk, at: OpenDesk) -> None:
    async with signs(store) as (app, pilot):
        await told(app, pilot, "80.00 overdue")
        pay(at(), "BEN", 8000)
        with owing.place.database.write() as tx:
            tx.run("UPDATE promise SET cancelled_on = due_on WHERE amount_minor = 8000")
        app.data_changed()
        await told(app, pilot, "no sign now")
        assert app.screen.current_member() == "BEN"  # type: ignore[attr-defined]
        await pilot.press("down")
        await settled(pilot, lambda: "Ock Ben" not in text_of(app, "#tab-list"))
        assert app.screen.current_member() == "ANA"  # type: ignore[attr-defined]


async def test_amounts_are_hidden_with_v(store: Path, owing: Desk) -> None:
    async with signs(store) as (app, pilot):
        await pilot.press("v")
        await told(app, pilot, "•••••")
        assert not any(figure in "\n".join(seen(app)) for figure in ("125.00", "80.00", "45.00"))


async def test_currencies_stand_apart_and_c_shows_the_next(store: Path, owing: Desk, at: OpenDesk) -> None:
    owe(at(ago(20)), "ANA", 5500, ago(5), currency="USD")
    at(ago(10)).promises.take("ANA", 5500, "USD", ago(2))
    async with signs(store) as (app, pilot):
        assert "€125.00" in text_of(app, "#tab-head")
        await pilot.press("c")
        await told(app, pilot, "US$55.00 open.")
        assert "Ock Ben" not in text_of(app, "#tab-list")


async def test_where_nobody_shows_a_sign_that_is_said(store: Path) -> None:
    async with signs(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "Nobody shows an early sign. Well done.")
        await pilot.press("enter", "p", "c")
        await at_rest(pilot)
        assert app.screen.ID == "early_signs"  # type: ignore[attr-defined]


async def test_a_hostile_name_is_data(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    async with signs(store, size=(80, 24)) as (app, pilot):
        await told(app, pilot, "[b]Bold[/b]")
