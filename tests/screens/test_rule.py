"""F6: the rule in force, what it would do, today's run, and another rule put in force after it was rehearsed."""

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
from duesdesk.screens.member_file.screen import MemberFileScreen
from duesdesk.screens.rule.screen import RuleScreen
from duesdesk.screens.widgets.lines_field import LinesField
from tests.screens.reading import seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe

MILD = """name = "mild"
[[step]]
id = "only"
when = "due"
offset_days = 40
do = "notice"
template = "overdue"
"""


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Two people owe, since ten and since thirty days."""
    early = at(ago(80))
    for number, name, days in (("ANA", "García Ana", 10), ("BEA", "Rossi Beatrice", 30)):
        member(early, number, name, email=f"{number.lower()}@example.org")
        owe(early, number, 4500, ago(days))
    desk = at()
    desk.settings.set("notices.hours", "always")
    return desk


@asynccontextmanager
async def rule_of(
    store: Path, *, size: tuple[int, int] = (120, 36), actor: str | None = None
) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(TODAY), actor=actor)
    async with app.run_test(size=size) as pilot:
        await pilot.press("f6")
        await settled(pilot, lambda: isinstance(app.screen, RuleScreen) and app.screen._page is not None)
        yield app, pilot


async def shows(app: DuesdeskApp, pilot: Pilot[int], told: str) -> None:
    await settled(pilot, lambda: told in "\n".join(seen(app)))


async def test_the_rule_in_force_stands_as_a_time_line_and_a_list_of_steps(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await shows(app, pilot, "as it is shipped")
        listed = text_of(app, "#steps")
        for told in ("5 days before due", "on the due day", "3 days after due", "suspension", "letter"):
            assert told in listed
        assert "+10" in text_of(app, "#rule-line")
        assert "invoice" in text_of(app, "#rule-pane")


async def test_every_place_is_in_sight_at_80_columns(owing: Desk, store: Path) -> None:
    async with rule_of(store, size=(80, 24)) as (app, _pilot):
        top = seen(app)[0]
        assert all(key in top for key in ("F3", "F4", "F5", "F6", "F10 Set"))
        assert max(map(len, seen(app))) <= 80


async def test_a_rehearsal_lists_the_days_ahead_and_opens_a_person(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("enter")
        await shows(app, pilot, "if nobody pays")
        await shows(app, pilot, "2 people, ")
        assert owing.notices.count() == 0
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, MemberFileScreen))


async def test_todays_run_shows_its_counts_first_and_is_done_after_yes(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("r")
        await shows(app, pilot, "Run the rule for today?")
        assert owing.notices.count() == 0
        await pilot.press("enter")
        await shows(app, pilot, "2 steps taken")
        await settled(pilot, lambda: owing.notices.count() == 2)
        await pilot.press("r")
        await shows(app, pilot, "Nothing is due today.")


async def test_another_rule_is_checked_then_rehearsed_and_only_then_in_force(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("e")
        await shows(app, pilot, "The rule as text")
        entry = app.screen.query_one("#rule-text", LinesField)
        entry.set_value("name = 3")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "name")
        assert "The rule as text" in "\n".join(seen(app))
        entry.set_value(MILD)
        await pilot.press("ctrl+s")
        await shows(app, pilot, "By the rule in force: 2 people")
        assert owing.rules.show().version is None
        await pilot.press("w")
        await shows(app, pilot, "is in force from the next run on")
        await settled(pilot, lambda: owing.rules.show().rule.name == "mild")


async def test_the_front_desk_reads_the_rule_and_cannot_change_or_run_it(owing: Desk, store: Path) -> None:
    owing.staff.add("Marta", "front_desk")
    async with rule_of(store, actor="Marta") as (app, pilot):
        await pilot.press("r")
        await pilot.pause()
        assert not app.screen.is_modal
        await pilot.press("e")
        await shows(app, pilot, "The rule as text")
        app.screen.query_one("#rule-text", LinesField).set_value(MILD)
        await pilot.press("ctrl+s")
        await shows(app, pilot, "By the rule in force")
        assert "put this rule in force" not in "\n".join(seen(app))
