"""One notice while it is sent: it is told what became of it, whoever is in front by then, and nothing else is said."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens.notice.many import NoticeToManyModal
from duesdesk.screens.notice.one import NoticeModal
from duesdesk.services.mass_notices import MassNotices
from duesdesk.services.outbox import Outbox
from duesdesk.store import sqlite
from tests.screens.reading import at_rest, seen, settled, started
from tests.screens.test_notices import shows
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay


@pytest.fixture
def ana(at: OpenDesk) -> Desk:
    """One who owes and was written to by nobody."""
    early = at(ago(80))
    member(early, "ANA", "García Ana", email="ana@example.org", language="es")
    owe(early, "ANA", 4500, ago(30))
    member(early, "BEA", "Rossi Beatrice")
    desk = at()
    desk.settings.set("notices.hours", "always")
    return desk


async def writing(app: DuesdeskApp, pilot: Pilot[int]) -> NoticeModal:
    await at_rest(pilot)
    await pilot.press("n")
    await settled(pilot, lambda: isinstance(app.screen, NoticeModal))
    await at_rest(pilot)
    assert isinstance(app.screen, NoticeModal)
    return app.screen


class Gate:
    """Holds a method back until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, of: type, name: str) -> None:
        self.begun, self._open = threading.Event(), threading.Event()
        real: Callable[..., object] = getattr(of, name)

        def slow(*args: object, **options: object) -> object:
            self.begun.set()
            assert self._open.wait(20)
            return real(*args, **options)

        monkeypatch.setattr(of, name, slow)

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        self.begun.clear()
        self._open.clear()


async def test_what_this_machine_cannot_send_is_not_written_unless_it_is_to_wait(ana: Desk, store: Path) -> None:
    ana.settings.set("email.transport", "smtp")
    ana.settings.set("email.from", "desk@gym.example.org")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("enter")
        await shows(app, pilot, "email.host")
        assert app.screen is modal
        assert ana.notices.counts() == {}
        await pilot.press("ctrl+w")
        await settled(pilot, lambda: app.screen is not modal)
        assert ana.notices.count("held") == 1


async def test_a_notice_that_is_written_and_cannot_leave_says_that_it_waits(
    ana: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    gate = Gate(monkeypatch, Outbox, "send_now")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("enter")
        await settled(pilot, gate.begun.is_set)
        # Between writing and sending another desk locks the store.
        other = sqlite.connect(store)
        other.execute("BEGIN IMMEDIATE")
        gate.open()
        await shows(app, pilot, "The notice to García Ana is written and waits:")
        other.execute("ROLLBACK")
        other.close()
        assert app.screen is not modal
        assert ana.notices.count("queued") == 1


async def test_who_leaves_the_dialog_while_it_sends_hears_what_became_of_it(
    ana: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, Outbox, "send_now")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("enter", "escape")
        await settled(pilot, lambda: app.screen is not modal)
        gate.open()
        await shows(app, pilot, "Notice to García Ana: sent.")


async def test_a_refusal_is_told_in_front_when_the_dialog_was_left(
    ana: Desk, store: Path, at: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, Outbox, "check_way")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("enter", "escape")
        await settled(pilot, lambda: app.screen is not modal and gate.begun.is_set())
        pay(at(desk="desk 2"), "ANA", 4500)
        gate.open()
        await shows(app, pilot, "No notice to García Ana:")
        assert ana.notices.counts() == {}


async def test_a_card_closes_no_dialog_that_sends(ana: Desk, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch, Outbox, "send_now")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        modal = await writing(app, pilot)
        await pilot.press("enter")
        await settled(pilot, gate.begun.is_set)
        app.scanned("BEA", "BEA")
        await shows(app, pilot, "Card BEA was read. Save or close this first.")
        assert app.screen is modal
        gate.open()
        await shows(app, pilot, "Notice to García Ana: sent.")


async def test_a_card_closes_no_dialog_that_writes_to_many(
    ana: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, MassNotices, "write")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("N")
        await settled(pilot, lambda: isinstance(app.screen, NoticeToManyModal))
        modal = app.screen
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, gate.begun.is_set)
        app.scanned("BEA", "BEA")
        await pilot.pause()
        assert app.screen is modal
        assert "nothing saved" not in "\n".join(seen(app))
        gate.open()
        await settled(pilot, lambda: app.screen is not modal)
        assert ana.notices.count("held") == 1


async def test_the_text_that_is_shown_follows_a_payment_meanwhile_and_is_the_one_sent(
    ana: Desk, store: Path, at: OpenDesk
) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 40)) as pilot:
        await writing(app, pilot)
        assert "45,00" in "\n".join(seen(app))
        pay(at(desk="desk 2"), "ANA", 1000)
        await app.look()
        await shows(app, pilot, "Something was written meanwhile")
        assert "35,00" in "\n".join(seen(app))
        await pilot.press("enter")
        await settled(pilot, lambda: ana.notices.count("sent") == 1)
        assert "35,00" in ana.notices.get(ana.notices.all()[0].id).body


async def test_a_text_that_nobody_has_read_is_not_sent(ana: Desk, store: Path, at: OpenDesk) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 40)) as pilot:
        modal = await writing(app, pilot)
        # The screen has not heard of it yet.
        pay(at(desk="desk 2"), "ANA", 1000)
        await pilot.press("enter")
        await settled(pilot, lambda: "35,00" in "\n".join(seen(app)))
        assert app.screen is modal
        assert ana.notices.counts() == {}
        await pilot.press("enter")
        await settled(pilot, lambda: ana.notices.count("sent") == 1)


async def test_own_words_say_what_is_added_below_them(ana: Desk, store: Path) -> None:
    ana.settings.set("notices.way_out", "always")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 40)) as pilot:
        await writing(app, pilot)
        await pilot.press("o")
        await shows(app, pilot, "Below it: Para no recibir")
