"""`g` on F5: asked first, told wherever one is by then, with the daily word, and stopped by leaving."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.screens.dashboard.screen import DashboardScreen
from duesdesk.services.outbox import Outbox
from tests.screens.notices.test_sending import Gate
from tests.screens.reading import at_rest, settled
from tests.screens.test_notices import outbox, shows
from tests.services.booked import OpenDesk, ago, member, owe


async def test_nothing_is_delivered_before_the_question_is_answered(written: Desk, store: Path) -> None:
    async with outbox(store, size=(80, 24)) as (app, pilot):
        await pilot.press("g")
        await shows(app, pilot, "3 notices leave now.")
        await pilot.press("escape")
        await at_rest(pilot)
        assert written.notices.count("queued") == 3
        await pilot.press("g", "enter")
        await shows(app, pilot, "3 notices sent")


async def test_who_went_elsewhere_hears_there_what_was_delivered(
    written: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, Outbox, "_settle")
    async with outbox(store) as (app, pilot):
        await pilot.press("g", "enter")
        await settled(pilot, gate.begun.is_set)
        await pilot.press("f3")
        await settled(pilot, lambda: isinstance(app.screen, DashboardScreen))
        gate.open()
        await shows(app, pilot, "3 notices sent")


async def test_leaving_the_program_stops_the_delivery_after_the_notice_under_way(
    written: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, Outbox, "_settle")
    async with outbox(store) as (app, pilot):
        await pilot.press("g", "enter")
        await settled(pilot, gate.begun.is_set)
        stop = app.screen._stop  # type: ignore[attr-defined]
        await pilot.press("ctrl+q")
    assert stop.is_set()
    gate.open()
    app.threads.shutdown(wait=True)
    assert written.notices.count("sent") == 1
    assert written.notices.count("queued") == 2


def has_a_word_for_the_office(desk: Desk, early: Desk) -> None:
    """The rule ran, and there is a new debtor to tell of."""
    member(early, "DAN", "Popescu Dan")
    owe(early, "DAN", 2000, ago(1))
    desk.settings.set("digest.to", "boss@example.org")
    desk.runs.run()


async def test_the_daily_word_leaves_with_the_first_delivery_after_the_run(
    written: Desk, store: Path, at: OpenDesk
) -> None:
    has_a_word_for_the_office(written, at(ago(80)))
    async with outbox(store) as (app, pilot):
        await pilot.press("g", "enter")
        await shows(app, pilot, "the daily word: sent")
    assert written.digests.send_due() == ""


async def test_the_daily_word_leaves_when_nothing_else_does(written: Desk, store: Path, at: OpenDesk) -> None:
    has_a_word_for_the_office(written, at(ago(80)))
    for one in (*written.notices.all("queued"), *written.notices.all("held")):
        written.notices.cancel(one.id)
    async with outbox(store) as (app, pilot):
        await pilot.press("g")
        await shows(app, pilot, "Nothing is due now · the daily word: sent")
