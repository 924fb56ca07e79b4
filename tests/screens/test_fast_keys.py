"""What is typed ahead does what slow typing does: a key after one that changes the list is for the new list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.pay.modal import PayModal
from tests.screens.crm_daily.test_crm_daily import crm
from tests.screens.reading import at_rest, settled, started
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ioana owes and has paid a part; Beatrice owes something in three days. Ioana comes today, Beatrice tomorrow."""
    early = at(ago(80))
    for number, name in (("BEA", "Rossi Beatrice"), ("IOANA", "Câmpean Ioana")):
        member(early, number, name)
    owe(early, "IOANA", 9650, ago(30))
    pay(early, "IOANA", 1000)
    owe(early, "BEA", 4500, TODAY + timedelta(days=3))
    desk = at()
    book(desk, "IOANA", "12:30")
    book(desk, "BEA", "12:30", day=TODAY + timedelta(days=1))
    return desk


async def test_a_payment_typed_after_the_next_figure_is_for_its_list(store: Path, owing: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        await pilot.press("right", "right", "p")
        await settled(pilot, lambda: isinstance(app.screen, PayModal))
        assert app.screen.heading() == "Take payment · Rossi Beatrice"  # type: ignore[attr-defined]


async def test_a_payment_typed_after_the_next_day_is_for_who_comes_then(store: Path, owing: Desk) -> None:
    async with crm(store) as (app, pilot):
        await pilot.press("right_square_bracket", "p")
        await settled(pilot, lambda: isinstance(app.screen, PayModal))
        await at_rest(pilot)
        assert app.screen.heading() == "Take payment · Rossi Beatrice"  # type: ignore[attr-defined]
