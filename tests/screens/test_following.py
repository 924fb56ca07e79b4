"""Screens and forms follow what other desks write, also below a dialog, and lose nothing of what a person is doing."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.pay.modal import PayModal
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.reading import at_rest, settled, started, text_of, with_below
from tests.screens.toolkit.pty_session import PtySession
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> Iterator[None]:
    text.show_amounts(True)
    yield
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """María owes 51.50 and 45.00, Zoë 30.00, and twenty others a little; Ana is at desk 2."""
    early = at(ago(120))
    early.staff.add("Ana", "front_desk")
    member(early, "MARIA", "García-López María")
    owe(early, "MARIA", 5150, ago(69))
    owe(early, "MARIA", 4500, ago(39))
    member(early, "ZOE", "Smith Zoë")
    owe(early, "ZOE", 3000, ago(20))
    for number in range(20):
        member(early, f"N{number}", f"Nobody {number:02}")
        owe(early, f"N{number}", 1000 + number, ago(5))
    desk = at()
    book(desk, "ZOE", "12:30")
    return desk


@pytest.fixture
def other(at: OpenDesk, owing: Desk) -> Desk:
    """Another desk, with its own connections."""
    return at(actor="Ana", desk="desk 2")


@asynccontextmanager
async def dashboard(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(NOON))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        await app.look()
        await at_rest(pilot)
        yield app, pilot


async def looked(app: DuesdeskApp, pilot: Pilot[int]) -> None:
    """What the app does by itself every moment, and its answers drawn."""
    await app.look()
    await at_rest(pilot)


def shown(app: DuesdeskApp) -> str:
    return "\n".join(with_below(app))


async def test_another_desks_first_write_is_seen_before_the_first_look(store: Path, owing: Desk, other: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.screen._shown is not None)  # type: ignore[attr-defined]
        pay(other, "ZOE", 3000)
        await app.look()
        await settled(pilot, lambda: "Smith Zoë" not in text_of(app, "#people"))


async def test_the_screen_below_a_dialog_follows_and_the_dialog_keeps_what_is_typed(
    store: Path, owing: Desk, other: Desk
) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("down", "t", "i", *"said he w", "left")
        focused, modal = app.focused, app.screen
        assert isinstance(focused, Field)
        pay(other, "MARIA", 9650)
        await looked(app, pilot)
        assert app.screen is modal
        assert app.focused is focused
        assert (focused.value, focused.cursor) == ("said he w", 8)
        screen = app.desk_screen()
        assert screen is not None
        # Zoë was selected and still is; the figures and the list behind the dialog are those of now.
        assert screen.current_member() == "ZOE"
        people = screen.query_one("#people", LineList)
        assert (people.count, people.index) == (21, 0)
        assert "21 debtors" in shown(app)
        await pilot.press("escape", "enter")
        await settled(pilot, lambda: "García-López María" not in shown(app))


async def test_the_scroll_of_the_list_below_stays(store: Path, owing: Desk, other: Desk) -> None:
    async with dashboard(store, size=(80, 24)) as (app, pilot):
        await pilot.press("end", "up", "up", "question_mark")
        screen = app.desk_screen()
        assert screen is not None
        people = screen.query_one("#people", LineList)
        before = (people._index - people._top, screen.current_member())
        pay(other, "MARIA", 9650)
        await looked(app, pilot)
        assert people.count == 21
        assert (people._index - people._top, screen.current_member()) == before


async def test_another_screen_follows_when_it_is_shown_again(store: Path, owing: Desk, other: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("f4")
        pay(other, "MARIA", 9650)
        await looked(app, pilot)
        await pilot.press("f3")
        await settled(pilot, lambda: "21 debtors" in shown(app))


async def test_a_prefilled_payment_follows_what_another_desk_took_and_says_so(
    store: Path, owing: Desk, other: Desk
) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p", "tab", "down")
        focused = app.focused
        pay(other, "MARIA", 5150)
        await looked(app, pilot)
        assert "Ana took €51.50 at" in shown(app)
        assert "what is left is shown now" in shown(app)
        assert "45.00" in text_of(app, "#pay-amount")
        assert "INV-00001" not in text_of(app, "#pay-items")
        assert app.focused is focused
        await settled(pilot, lambda: not app.screen._other_than_seen)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot, lambda: "€45.00 from" in shown(app))
    assert owing.payments.sheet("MARIA").open_minor == 0


async def test_a_typed_amount_stays_when_another_desk_takes_a_payment(store: Path, owing: Desk, other: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p", *"60", "left", "g", *"70", "left")
        given = app.screen.query_one("#pay-given", Field)
        pay(other, "MARIA", 5150)
        await looked(app, pilot)
        amount = app.screen.query_one("#pay-amount", Field)
        assert (amount.value, amount.cursor, given.value, given.cursor) == ("60", 1, "70", 1)
        assert "more than the €45.00 owed" in shown(app)
        assert "€15.00 stays on account" in shown(app)


async def test_an_enter_that_crosses_the_other_payment_saves_nothing_unseen(
    store: Path, owing: Desk, other: Desk
) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p", "tab", "down", "space")
        assert "45.00" in text_of(app, "#pay-amount")
        # The chosen invoice is gone, and all that is overdue would be taken instead.
        other.payments.pay(_of("MARIA", 4500, "INV-00002"))
        await looked(app, pilot)
        assert "51.50" in text_of(app, "#pay-amount")
        await pilot.press("enter")
        assert isinstance(app.screen, PayModal)
        await at_rest(pilot)
        assert owing.payments.sheet("MARIA").open_minor == 5150


async def test_what_concerns_somebody_else_leaves_the_form_alone(store: Path, owing: Desk, other: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p")
        pay(other, "ZOE", 3000)
        await looked(app, pilot)
        assert "took" not in shown(app)
        assert "21 debtors" in shown(app)
        await pilot.press("enter")
        await settled(pilot, lambda: "€96.50 from" in shown(app))


async def test_an_invoice_that_is_no_longer_owed_is_said_without_a_name(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p")
        owing.invoices.void("INV-00001", reason="twice")
        await looked(app, pilot)
        assert "What is owed has changed" in shown(app)
        assert "45.00" in text_of(app, "#pay-amount")


async def test_drafts_of_this_desk_are_no_news(store: Path, owing: Desk) -> None:
    async with dashboard(store) as (app, pilot):
        await pilot.press("p", *"12", "wait:50", "3")
        version = app.data_version
        await looked(app, pilot)
        await looked(app, pilot)
        assert app.data_version == version


async def test_a_new_day_is_seen_below_a_dialog(store: Path, owing: Desk) -> None:
    class MovingClock(Clock):
        at = NOON

        def now(self, timezone: str = "UTC") -> datetime:  # as the clock it stands for
            return MovingClock.at

    app = started(store, MovingClock())
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: app.screen._later is not None)  # type: ignore[attr-defined]
        await app.look()
        await pilot.press("question_mark")
        MovingClock.at = NOON + timedelta(days=1)
        await app.look()
        await settled(pilot, lambda: "70 days late" in shown(app))


def test_in_a_real_terminal_the_screen_around_a_form_is_painted_anew(
    store: Path, owing: Desk, other: Desk, tmp_path: Path
) -> None:
    owing.settings.set("privacy.default", "off")
    command = [sys.executable, "-m", "duesdesk", "--db", str(store), "--today", TODAY.isoformat()]
    with PtySession(command, columns=120, lines=36, env={"DUESDESK_HOME": str(tmp_path / "home")}) as session:
        session.wait(lambda text: "Why now" in text and "22 debtors" in text)
        session.write("p60")
        session.wait("save €60.00, cash")
        pay(other, "MARIA", 5150)
        session.wait(lambda text: "Ana took €51.50" in text and "€15.00 stays on account" in text)
        pay(other, "ZOE", 3000)
        session.wait(lambda text: "21 debtors" in text and "save €60.00, cash" in text)


def _of(who: str, amount_minor: int, invoice: str):  # type: ignore[no-untyped-def]
    from duesdesk.services.payments import PayRequest

    return PayRequest(who, amount_minor, "EUR", invoices=(invoice,))
