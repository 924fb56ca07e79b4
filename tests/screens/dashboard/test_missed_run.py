"""The first line of the Dashboard tells whether the rule ran today; a key makes up for a run that was missed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.rule.screen import RuleScreen
from tests.screens.reading import seen, settled, started, text_of
from tests.services.booked import OpenDesk, ago, member, owe

# 12:00 in Madrid, on a Sunday.
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(ago(80))
    member(early, "ANA", "García Ana", email="ana@example.org")
    owe(early, "ANA", 4500, ago(30))
    desk = at()
    desk.settings.set("notices.hours", "always")
    return desk


async def test_a_missed_run_is_told_and_made_up_for_by_a_key(store: Path, at: OpenDesk, owing: Desk) -> None:
    at(ago(2)).runs.run()
    app = started(store, Clock(NOON))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "last run 2 days ago: r runs it" in text_of(app, "#dash-tabs"))
        await pilot.press("r")
        await settled(pilot, lambda: isinstance(app.screen, RuleScreen) or app.screen.is_modal)
        await settled(pilot, lambda: app.screen.is_modal or "due today" in "\n".join(seen(app)))


async def test_a_run_of_today_is_told_with_its_time(store: Path, at: OpenDesk, owing: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "the rule never ran: r runs it" in text_of(app, "#dash-tabs"))
        at(ago(0)).runs.run()
        await app.look()
        await settled(pilot, lambda: "daily run" in text_of(app, "#dash-tabs"))
        assert "✓" in text_of(app, "#dash-tabs")
        assert "r runs it" not in text_of(app, "#dash-tabs")


async def test_a_run_that_was_cut_off_is_told_to_go_on(store: Path, at: OpenDesk, owing: Desk) -> None:
    at().runs.run()
    with at().place.database.write() as tx:
        tx.run("UPDATE collection_run SET finished_at = NULL")
    app = started(store, Clock(NOON))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "today’s run is not finished: r goes on" in text_of(app, "#dash-tabs"))


async def test_who_may_not_run_the_rule_is_told_without_the_key(store: Path, at: OpenDesk, owing: Desk) -> None:
    at(ago(2)).runs.run()
    at().staff.add("Ana", "front_desk")
    app = started(store, Clock(NOON), actor="Ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "last run 2 days ago" in text_of(app, "#dash-tabs"))
        assert "runs it" not in text_of(app, "#dash-tabs")
        await pilot.press("r")
        assert not isinstance(app.screen, RuleScreen)
        assert "back office" in text_of(app, "#foot")


async def test_r_runs_the_rule_and_its_result_is_a_sentence(store: Path, at: OpenDesk, owing: Desk) -> None:
    app = started(store, Clock(datetime(2026, 11, 23, 11, 0, tzinfo=UTC)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot, lambda: "r runs it" in text_of(app, "#dash-tabs"))
        await pilot.press("r")
        await settled(pilot, lambda: app.screen.is_modal)
        assert "Run the rule for today?" in "\n".join(seen(app))
        await pilot.press("enter")
        await settled(pilot, lambda: "F5" in text_of(app, "#foot"))
        await pilot.press("f3")
        await settled(pilot, lambda: "daily run 12:00 ✓" in text_of(app, "#dash-tabs"))
