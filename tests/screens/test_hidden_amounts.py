"""While amounts are hidden no sum can be read: not in a list, a form, a hint, a message, a notice or a refusal."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk import i18n
from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.pay.modal import draft_name
from duesdesk.services.acts import new_key
from duesdesk.services.memberships import MembershipRequest
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from tests.screens.reading import at_rest, seen, settled, started
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SIZES = [(80, 24), (160, 48)]
SUM = re.compile(r"\d[.,]\d\d(?!\d)")
"""Every sum of the book has decimals, and nothing else that the screens show has any."""

JOURNEYS: dict[str, tuple[str, ...]] = {
    "dashboard": ("right", "right", "right", "right", "left", "s", "s", "space", "f", "escape"),
    "arrivals": ("f4", "1", "2", "3", "4", "5", "6", "1", "down", "s", "s", "m", "m", "m"),
    "file": ("enter", "1", "2", "3", "4", "5", "6", "1", "down", "down"),
    "invoice": ("enter", "enter", "escape", "down", "enter"),
    "payment": ("enter", "2", "enter", "escape", "3", "enter", "escape", "down", "enter"),
    "statement": ("enter", "s", "down", "end", "t"),
    "pay": ("p", "tab", "space", "space", "down", "g", "k", "d", "escape"),
    "pay-part": ("p", "tab", "down", "space", "tab", "tab"),
    "pay-saved": ("p", "enter", "u", "enter"),
    "promise": ("y", "tab", "tab", "shift+tab", "left", "shift+tab", "f", "r", "i", "enter", "enter", "enter", "u"),
    "lower": ("enter", "w", "tab", "left", "end", "tab", "r", "enter", "u", "enter"),
    "lower-all": ("enter", "w", "tab", "tab", "r", "enter", "s"),
    "void": ("enter", "down", "x", "r", "enter"),
    "reverse": ("enter", "2", "x", "r", "enter"),
    "issue": ("enter", "i", "escape"),
    "talk": ("t", "w", "enter"),
    "notice": ("n", "f", "c", "d", "t", "o", "escape"),
    "notices": ("space", "space", "n", "c", "d", "pagedown"),
    "dues": ("enter", "6", "enter", "escape", "m", "p", "5", "2", "enter", "enter", "m", "f", "escape"),
    "texts": ("ctrl+t", "down", "m", "enter", "ctrl+n"),
    "outbox": ("f5", "down", "enter", "pagedown"),
    "rule": ("f6", "down", "R", "down", "enter"),
    "find": ("slash", "g", "a", "r"),
    "palette": ("ctrl+p", "p", "a", "y"),
    "settings": ("f10", "down"),
}


@pytest.fixture(autouse=True)
def _amounts_are_shown_again() -> Iterator[None]:
    yield
    text.show_amounts(True)
    i18n.set_language("en")


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """María owes 137.21 and 268.43, and 391.57 that is not due; part of a debt of hers was paid. Zoë owes, too."""
    early = at(ago(120))
    member(early, "MARIA", "García-López María", email="maria@example.org", language="es", card="004512")
    member(early, "ZOE", "Smith Zoë", email="zoe@example.org")
    owe(early, "MARIA", 18721, ago(69))
    owe(early, "MARIA", 26843, ago(39))
    owe(early, "ZOE", 1999, ago(12))
    pay(at(ago(60)), "MARIA", 5000)
    desk = at()
    owe(desk, "MARIA", 39157, TODAY + timedelta(days=5))
    desk.credits.give("INV-00002", 111, kind="waiver", reason="kind")
    desk.promises.take("ZOE", 1999, "EUR", TODAY)
    desk.memberships.add(MembershipRequest("MARIA", "Monthly", 4321, "EUR", "month", 1, None, TODAY, None, None))
    desk.notices.write(NoticeRequest("MARIA", "reminder_friendly"))
    book(desk, "MARIA", "12:16", activity="Pilates")
    book(desk, "ZOE", "18:00")
    return desk


@asynccontextmanager
async def hiding(store: Path, *, size: tuple[int, int] = (120, 40)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app with amounts hidden from the start, the Dashboard in front and María selected."""
    app = started(store, Clock(NOON), amounts_shown=False)
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        yield app, pilot


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def nothing_readable(app: DuesdeskApp, after: object) -> None:
    found = SUM.search(shown(app).replace("30,60,90", ""))  # the ageing edges, on the settings
    assert found is None, f"{found[0]} can be read after {after}:\n{shown(app)}"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("journey", JOURNEYS)
async def test_no_sum_can_be_read_on_the_way(store: Path, owing: Desk, journey: str, size: tuple[int, int]) -> None:
    async with hiding(store, size=size) as (app, pilot):
        nothing_readable(app, "the start")
        for place, key in enumerate(JOURNEYS[journey], 1):
            await pilot.press(key)
            await at_rest(pilot)
            nothing_readable(app, JOURNEYS[journey][:place])


@pytest.mark.parametrize("journey", ["pay", "promise", "notice", "statement"])
async def test_nor_in_spanish(store: Path, owing: Desk, journey: str) -> None:
    i18n.set_language("es")
    async with hiding(store) as (app, pilot):
        for place, key in enumerate(JOURNEYS[journey], 1):
            await pilot.press(key)
            await at_rest(pilot)
            nothing_readable(app, JOURNEYS[journey][:place])


async def test_the_hidden_sum_is_the_one_that_is_saved(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("p")
        assert "•••••" in field_text(app, "#pay-amount")
        await pilot.press("enter")
        await settled(pilot, lambda: "saved" in shown(app))
        assert "••••• from García-López María saved" in shown(app)
    assert paid(owing) == [5000, 18721 - 5000 + 26843 - 111]


async def test_what_is_typed_is_shown_in_its_field_only_and_takes_the_place_of_what_was_hidden(
    store: Path, owing: Desk
) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("p", "left", "left", "5", "2", ",", "5", "0")
        assert field_text(app, "#pay-amount").strip() == "52,50"
        await settled(pilot, lambda: "save •••••, cash" in shown(app))
        assert "of ••••• overdue" in shown(app)
        assert len(re.findall(SUM, shown(app))) == 1
        await pilot.press("g", *"100")
        assert "change 47.50" in shown(app)
        await pilot.press("enter")
        await settled(pilot, lambda: "saved" in shown(app))
    assert paid(owing)[-1] == 5250


async def test_a_letter_taken_from_a_hidden_sum_shows_nothing_of_it(store: Path, owing: Desk) -> None:
    for key in ("backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k"):
        async with hiding(store) as (app, pilot):
            await pilot.press("p", "left", key)
            assert field_text(app, "#pay-amount").strip() == "", key


async def test_the_change_of_a_hidden_sum_is_hidden(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("p", "g", *"500")
        nothing_readable(app, "the change")
        assert "change •••••" in shown(app)
        # What was given too little would name the sum, too.
        await pilot.press("backspace", "enter")
        await settled(pilot, lambda: "Only ••••• was given for •••••" in shown(app))


async def test_v_shows_and_hides_in_a_dialog_as_everywhere(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("p", "v")
        await settled(pilot, lambda: "404.53" in shown(app))
        assert "save €404.53, cash" in shown(app)
        await pilot.press("v")
        await settled(pilot, lambda: SUM.search(shown(app)) is None)
        assert app.screen.is_modal


async def test_v_works_beside_a_prefilled_amount_and_is_a_letter_in_a_text(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("y", "tab")
        assert "•••••" in shown(app)
        assert "v shows it" in shown(app)
        await pilot.press("v")
        await settled(pilot, lambda: "404.53" in shown(app))
        await pilot.press("v", "tab", *"vale")
        await settled(pilot, lambda: "vale" in shown(app))
        nothing_readable(app, "a note")
        await pilot.press("shift+tab", "shift+tab", *"+3", "ctrl+s")
        await settled(pilot, lambda: "Promised for" in shown(app))
    with owing.place.database.read() as tx:
        assert tx.value("SELECT amount_minor FROM promise ORDER BY id DESC LIMIT 1") == 40453


async def test_a_message_that_names_a_sum_follows_the_key(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("v", "p", "enter")
        await settled(pilot, lambda: "€404.53 from García-López María saved" in shown(app))
        await pilot.press("v")
        await at_rest(pilot)
        nothing_readable(app, "hiding again")
        assert "••••• from García-López María saved" in shown(app)


async def test_a_payment_saved_before_a_crash_is_told_without_its_sum(store: Path, owing: Desk) -> None:
    key = new_key()
    draft = {"amount": "20", "given": "", "method": "cash", "chosen": [], "currency": "EUR", "typed": True}
    owing.drafts.keep(draft_name("MARIA"), key, draft)
    owing.payments.pay(PayRequest("MARIA", 2000, "EUR"), key=key)
    async with hiding(store) as (app, pilot):
        await pilot.press("p")
        await settled(pilot, lambda: "PAY-00002   •••••   cash" in shown(app))
        nothing_readable(app, "the dialog")


async def test_who_was_faster_is_named_without_the_sum(store: Path, owing: Desk, at: OpenDesk) -> None:
    owing.staff.add("Ana", "front_desk")
    async with hiding(store) as (app, pilot):
        await pilot.press("p")
        pay(at(actor="Ana", desk="desk 2"), "MARIA", 13721)
        await pilot.press("enter")
        await settled(pilot, lambda: "Ana took ••••• from García-López María" in shown(app))
        nothing_readable(app, "a refusal")


async def test_a_refusal_under_a_field_names_no_sum(store: Path, owing: Desk) -> None:
    async with hiding(store) as (app, pilot):
        await pilot.press("enter", "w", "tab", *"999", "tab", "r", "enter")
        await settled(pilot, lambda: "Only ••••• of INV-00001 is open" in shown(app))
        nothing_readable(app, "a refusal")


def field_text(app: DuesdeskApp, selector: str) -> str:
    region = app.screen.query_one(selector).region
    return seen(app)[region.y][region.x : region.right]


def paid(desk: Desk) -> list[int]:
    with desk.place.database.read() as tx:
        return [row[0] for row in tx.all("SELECT amount_minor FROM payment ORDER BY id")]


@pytest.mark.parametrize("journey", [("f5",), ("f6", "o"), ("f6", "R", "2"), ("f6", "R", "2", "end")])
async def test_sums_in_subjects_reasons_and_other_currencies_are_hidden_too(
    store: Path, owing: Desk, at: OpenDesk, journey: tuple[str, ...]
) -> None:
    owe(at(ago(60)), "MARIA", 9900, ago(20), currency="USD")
    owing.holds.hold("ZOE", reason="pays 20.00 € a month")
    notice = owing.notices.write(NoticeRequest("MARIA", None, subject="September", text="Please see us."))["notice"]
    with owing.place.database.write() as tx:
        # As an earlier version took it.
        tx.run("UPDATE notice SET subject = 'Your 137.21 € of September' WHERE id = :id", id=notice)
    async with hiding(store, size=(160, 40)) as (app, pilot):
        for place, key in enumerate(journey, 1):
            await pilot.press(key)
            await at_rest(pilot)
            nothing_readable(app, journey[:place])
