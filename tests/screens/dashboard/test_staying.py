"""Who is selected stays selected, also when they leave the list: no key acts on somebody whom nobody has looked at."""

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
from duesdesk.screens import text
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.pay.modal import PayModal
from tests.screens.reading import at_rest, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """María owes the most, then Zoë and Jan. María and Zoë come today; María has promised for today."""
    early = at(ago(120))
    for number, name in (("MARIA", "García María"), ("ZOE", "Smith Zoë"), ("JAN", "Nowak Jan")):
        member(early, number, name, email=f"{number.lower()}@example.org")
    owe(early, "MARIA", 9650, ago(69))
    owe(early, "MARIA", 4500, TODAY + timedelta(days=20))
    owe(early, "ZOE", 8400, ago(40))
    owe(early, "JAN", 3000, ago(20))
    desk = at()
    desk.promises.take("MARIA", 9650, "EUR", TODAY)
    desk.promises.take("ZOE", 8400, "EUR", TODAY)
    book(desk, "MARIA", "12:16")
    book(desk, "ZOE", "12:31")
    return desk


@asynccontextmanager
async def desk_of(store: Path, *keys: str) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app at the Dashboard, these keys pressed."""
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        for key in keys:
            await pilot.press(key)
            await at_rest(pilot)
        yield app, pilot


def selected(app: DuesdeskApp) -> str | None:
    screen = app.desk_screen()
    assert isinstance(screen, DeskScreen)
    return screen.current_member()


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def paid(desk: Desk) -> list[tuple[str, int]]:
    with desk.place.database.read() as tx:
        return tx.all(  # type: ignore[return-value]
            "SELECT m.number, p.amount_minor FROM payment p JOIN member m ON m.id = p.member_id ORDER BY p.id"
        )


async def test_after_a_payment_the_one_who_paid_stays_selected_and_is_shown_as_settled(
    store: Path, owing: Desk
) -> None:
    async with desk_of(store, "p", "enter") as (app, _pilot):
        assert selected(app) == "MARIA"
        row = next(line for line in text_of(app, "#people").splitlines() if "García María" in line)
        assert "▸" in row
        assert "✓ nothing overdue" in row
        assert "96.50" not in row
        assert "Unpaid 2" in text_of(app, "#people")


async def test_n_after_a_payment_is_for_the_one_who_paid(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "n") as (app, _pilot):
        assert "Notice · García María" in shown(app)


async def test_p_and_enter_again_charge_nobody_else_and_nothing_that_is_not_due_unasked(
    store: Path, owing: Desk
) -> None:
    async with desk_of(store, "p", "enter", "p", "enter") as (app, pilot):
        assert isinstance(app.screen, PayModal)
        assert "Take payment · García María" in shown(app)
        assert "€96.50 was paid today at 12:00" in shown(app)
        assert paid(owing) == [("MARIA", 9650)]
        # Knowingly it is saved.
        await pilot.press("wait:800", "enter")
        await at_rest(pilot)
    assert paid(owing) == [("MARIA", 9650), ("MARIA", 4500)]


async def test_what_is_typed_after_a_payment_of_today_is_saved_by_one_enter(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "p", "1", "0", "enter"):
        pass
    assert paid(owing) == [("MARIA", 9650), ("MARIA", 1000)]


async def test_the_settled_row_goes_when_the_cursor_does_and_nobody_is_passed_over(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "down") as (app, pilot):
        assert selected(app) == "ZOE"
        assert "García María" not in text_of(app, "#people")
        await pilot.press("up")
        assert selected(app) == "ZOE"
        await pilot.press("down")
        assert selected(app) == "JAN"


async def test_up_from_the_settled_row_goes_to_the_one_above(store: Path, owing: Desk) -> None:
    async with desk_of(store, "down", "p", "enter") as (app, pilot):
        assert selected(app) == "ZOE"
        await pilot.press("up")
        assert selected(app) == "MARIA"
        assert "Smith" not in text_of(app, "#people")


async def test_the_last_one_of_a_list_stays_too(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "down", "p", "enter", "down", "p", "enter") as (app, pilot):
        assert selected(app) == "JAN"
        assert "Unpaid 0" in text_of(app, "#people")
        await pilot.press("s")
        await at_rest(pilot)
        assert "Nobody owes anything." in shown(app)


async def test_a_payment_taken_by_another_desk_moves_no_cursor(store: Path, owing: Desk, at: OpenDesk) -> None:
    async with desk_of(store) as (app, pilot):
        pay(at(desk="desk 2"), "MARIA", 9650)
        await app.look()
        await at_rest(pilot)
        assert selected(app) == "MARIA"
        assert "✓ nothing overdue" in text_of(app, "#people")
        # Nor does what is written after that.
        pay(at(desk="desk 2"), "JAN", 3000)
        await app.look()
        await at_rest(pilot)
        assert selected(app) == "MARIA"
        assert "Unpaid 1" in text_of(app, "#people")


async def test_who_owes_again_after_undo_is_a_debtor_as_before(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "u", "enter") as (app, _pilot):
        assert selected(app) == "MARIA"
        assert "nothing overdue" not in shown(app)
        assert "Unpaid 3" in text_of(app, "#people")


async def test_sorting_shows_the_list_as_it_is(store: Path, owing: Desk) -> None:
    async with desk_of(store, "p", "enter", "s") as (app, _pilot):
        assert "García María" not in text_of(app, "#people")


async def test_whose_promise_was_kept_stays_in_the_list_to_look_after(store: Path, owing: Desk) -> None:
    async with desk_of(store, *["right"] * 4, "p", "enter") as (app, pilot):
        first = selected(app)
        assert first == paid(owing)[0][0]
        await pilot.press("down")
        assert selected(app) != first


async def test_on_crm_daily_the_one_who_paid_stays_in_the_section_until_the_cursor_moves(
    store: Path, owing: Desk
) -> None:
    async with desk_of(store, "f4", "2", "home", "p", "enter") as (app, pilot):
        assert selected(app) == "MARIA"
        assert "✓ nothing overdue" in text_of(app, "#arrivals")
        await pilot.press("n")
        await at_rest(pilot)
        assert "Notice · García María" in shown(app)
        await pilot.press("escape", "down")
        await at_rest(pilot)
        assert selected(app) == "ZOE"
        assert "García María" not in text_of(app, "#arrivals")


async def test_on_crm_daily_the_section_chosen_again_shows_those_who_stand_in_it(store: Path, owing: Desk) -> None:
    async with desk_of(store, "f4", "2", "home", "p", "enter", "1", "2") as (app, _pilot):
        assert selected(app) == "ZOE"
        assert "García María" not in text_of(app, "#arrivals")


async def test_the_journey_of_a_receptionist_ends_in_a_notice_to_who_paid(store: Path, owing: Desk) -> None:
    keys = ("f4", "2", "home", "enter", "p", "2", "0", "enter", "n")
    async with desk_of(store, *keys) as (app, pilot):
        assert "Notice · García María" in shown(app)
        # What she has promised is told first; who stands there may be written to all the same.
        assert "They have promised to pay by" in shown(app)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("wait:800", "enter")
        await at_rest(pilot)
    assert paid(owing) == [("MARIA", 2000)]
    assert [notice.payer for notice in owing.notices.all()] == ["MARIA"]
