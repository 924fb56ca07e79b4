"""A store that is slow, locked or out of reach freezes no screen: keys wait in their order, and that is said."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import StoreTrouble
from duesdesk.screens import key_stream, text
from duesdesk.screens.find.screen import FindModal
from duesdesk.screens.pay.modal import PayModal
from duesdesk.screens.talk.screen import TalkModal
from duesdesk.store.database import Database, Tx
from tests.screens.reading import at_rest, seen, settled, started
from tests.services.booked import OpenDesk, ago, member, owe

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
WAITING = "Waiting for the store … Esc stops waiting."


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> Iterator[None]:
    text.show_amounts(True)
    yield
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(ago(120))
    member(early, "MARIA", "García-López María", email="maria@example.org", card="004512")
    owe(early, "MARIA", 9650, ago(69))
    return at()


@asynccontextmanager
async def dashboard(store: Path) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        await app.look()
        await at_rest(pilot)
        yield app, pilot


class Gate:
    """The store's door: while it is shut, a transaction in any thread but the screen's waits; the screen's is noted."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.by_the_screen: list[str] = []
        self.trouble: StoreTrouble | None = None

    def enter(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.by_the_screen.append("read or written between two keys")
        else:
            assert self.open.wait(60)
            if self.trouble is not None:
                raise self.trouble


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, owing: Desk) -> Iterator[Gate]:
    found = Gate()
    real, version = Database._transaction, Database.version

    @contextmanager
    def transaction(self: Database, begin: str, *, writes: bool) -> Iterator[Any]:
        found.enter()
        with real(self, begin, writes=writes) as connection:
            yield connection

    def versioned(self: Database) -> object:
        found.enter()
        return version(self)

    monkeypatch.setattr(Database, "_transaction", transaction)
    monkeypatch.setattr(Database, "version", versioned)
    yield found
    found.open.set()


def typed(app: DuesdeskApp, *keys: str) -> None:
    """Keys as they come from the terminal; nobody waits for what they do."""
    for key in keys:
        app.post_message(events.Key(key, "\r" if key == "enter" else key if len(key) == 1 else None))


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def payments(desk: Desk) -> list[int]:
    with desk.place.database.read() as tx:
        return [row[0] for row in tx.all("SELECT amount_minor FROM payment ORDER BY id")]


OPENERS = {
    "pay": ("p",),
    "promise": ("y",),
    "notice": ("n",),
    "talk": ("t",),
    "undo": ("u",),
    "add": ("plus",),
    "file": ("enter",),
    "edit": ("enter", "e"),
    "statement": ("enter", "s"),
    "details": ("enter", "enter"),
    "filter": ("f",),
    "card": ("0", "0", "4", "5", "1", "2", "enter"),
    "look": (),
}


@pytest.mark.parametrize("journey", OPENERS)
async def test_nothing_that_a_key_opens_is_read_between_two_keys(
    store: Path, owing: Desk, gate: Gate, journey: str
) -> None:
    async with dashboard(store) as (app, pilot):
        keys = OPENERS[journey]
        await pilot.press(*keys[:1])
        await at_rest(pilot)
        gate.by_the_screen.clear()
        if keys[1:]:
            await pilot.press(*keys[1:])
        else:
            # The first of these would also fill the list of the screen it leaves.
            await pilot.press("escape", *keys)
        await app.look()
        await at_rest(pilot)
        assert gate.by_the_screen == []


async def test_two_keys_in_one_burst_pay_however_slow_the_store_is(
    store: Path, owing: Desk, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_stream, "WAITING_SECONDS", 0.05)
    async with dashboard(store) as (app, pilot):
        gate.open.clear()
        typed(app, "p", "enter")
        await settled(pilot, lambda: WAITING in shown(app))
        # The screen lives: it follows a new size, and shows and hides what it is told to.
        await pilot.resize_terminal(100, 30)
        assert not app.screen.is_modal
        gate.open.set()
        await app.keys.finish()
        await settled(pilot, lambda: "€96.50 from García-López María saved" in shown(app))
        assert WAITING not in shown(app)
    assert payments(owing) == [9650]


async def test_escape_stops_waiting_and_what_was_typed_meanwhile_does_nothing(
    store: Path, owing: Desk, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_stream, "WAITING_SECONDS", 0.05)
    async with dashboard(store) as (app, pilot):
        gate.open.clear()
        typed(app, "p", "enter")
        await settled(pilot, lambda: WAITING in shown(app))
        typed(app, "escape", "question_mark")
        await app.keys.finish()
        await pilot.pause()
        assert "All keys" in shown(app)
        assert WAITING not in shown(app)
        gate.open.set()
        await at_rest(pilot)
        # The form does not open late, over what somebody does now.
        assert not isinstance(app.screen, PayModal)
    assert payments(owing) == []


async def test_escape_within_the_first_second_waits_in_its_order(store: Path, owing: Desk, gate: Gate) -> None:
    async with dashboard(store) as (app, pilot):
        gate.open.clear()
        typed(app, "p", "escape")
        await pilot.pause(0.1)
        gate.open.set()
        await app.keys.finish()
        await at_rest(pilot)
        assert not app.screen.is_modal
    assert payments(owing) == []


async def test_a_save_that_is_no_longer_waited_for_is_saved_once_and_told(
    store: Path, owing: Desk, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_stream, "WAITING_SECONDS", 0.05)
    async with dashboard(store) as (app, pilot):
        await pilot.press("p")
        await at_rest(pilot)
        gate.open.clear()
        typed(app, "enter")
        await settled(pilot, lambda: WAITING in shown(app))
        typed(app, "escape", "enter", "enter")
        await app.keys.finish()
        assert isinstance(app.screen, PayModal)
        gate.open.set()
        await settled(pilot, lambda: "€96.50 from García-López María saved" in shown(app))
    assert payments(owing) == [9650]


async def test_a_form_that_is_being_saved_is_not_left_and_saves_once(
    store: Path, owing: Desk, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_stream, "WAITING_SECONDS", 0.05)
    async with dashboard(store) as (app, pilot):
        await pilot.press("t", "w", "h", "i")
        await at_rest(pilot)
        gate.open.clear()
        typed(app, "enter")
        await settled(pilot, lambda: WAITING in shown(app))
        typed(app, "escape", "escape", "enter")
        await app.keys.finish()
        assert isinstance(app.screen, TalkModal)
        assert "It is being saved" in shown(app)
        gate.open.set()
        await settled(pilot, lambda: "Noted of García-López María: will pay" in shown(app))
    assert [one.kind for one in owing.member_files.open("MARIA").timeline].count("talk") == 1


async def test_the_store_is_asked_beside_the_keyboard_and_never_twice_at_once(
    store: Path, owing: Desk, gate: Gate
) -> None:
    async with dashboard(store) as (app, pilot):
        gate.open.clear()
        looks = [asyncio.create_task(app.look()) for _ in range(3)]
        await pilot.press("down", "slash", "m")
        assert isinstance(app.screen, FindModal)
        assert not any(look.done() for look in looks)
        assert app.front._work_queue.qsize() == 0
        gate.open.set()
        await asyncio.gather(*looks)


async def test_a_store_out_of_reach_is_told_once_and_followed_again_when_it_is_back(
    store: Path, owing: Desk, gate: Gate
) -> None:
    async with dashboard(store) as (app, pilot):
        gate.trouble = StoreTrouble("store-out-of-reach", path="desk.db", detail="no answer")
        await app.look()
        await settled(pilot, lambda: "desk.db cannot be reached" in shown(app))
        app.show_message("")
        await app.look()
        assert "cannot be reached" not in shown(app)
        gate.trouble = None
        before = app.data_version
        await app.look()
        assert app.data_version == before + 1


def test_the_gate_stands_before_every_transaction() -> None:
    assert isinstance(Tx, type)
    assert {"_transaction", "version"} <= set(vars(Database))
