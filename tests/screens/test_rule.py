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
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.rule.ahead import AheadScreen
from duesdesk.screens.rule.screen import RuleScreen
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.rules import Target
from tests.screens.reading import at_rest, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay

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


async def test_a_rehearsal_tells_the_steps_then_their_people_and_comes_back_to_the_same_row(
    owing: Desk, store: Path
) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("R")
        await shows(app, pilot, "if nobody pays")
        await shows(app, pilot, "2 people, ")
        assert owing.notices.count() == 0
        assert "30 days after due · notice, firm" in text_of(app, "#ahead-list")
        await pilot.press("2", "down", "down")
        listed = app.screen.query_one("#ahead-list", LineList)
        row = listed.selected_key
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, MemberFileScreen))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen))
        assert (listed.selected_key, listed.index) == (row, 2)
        await pilot.press("1", "enter")
        await shows(app, pilot, "Rossi")
        await pilot.press("escape")
        await shows(app, pilot, "People")
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, RuleScreen))


async def test_todays_run_shows_its_counts_in_words_first_and_is_done_after_yes(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("r")
        await shows(app, pilot, "Run the rule for today?")
        await shows(app, pilot, "30 days after due · notice, firm")
        assert owing.notices.count() == 0
        await pilot.press("enter")
        await shows(app, pilot, "Run: 2 notices wait in F5")
        await settled(pilot, lambda: owing.notices.count() == 2)
        await pilot.press("r")
        await shows(app, pilot, "Nothing is due today.")


async def test_what_a_first_run_leaves_out_is_told_whole_before_it_is_run(
    owing: Desk, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "payments.csv"
    file.write_text(f"reference,member,received_on,amount\nP-1,ANA,{ago(5)},5.00\n", encoding="utf-8")
    assert owing.imports.run(ImportRequest("payments", file)).written
    async with rule_of(store, size=(80, 24)) as (app, pilot):
        await pilot.press("r")
        await shows(app, pilot, "1 payment of before")
        told = " ".join(" ".join(seen(app)).replace("│", " ").split())
        assert "is not confirmed: the rule began later." in told


async def test_a_rule_written_by_hand_is_checked_then_rehearsed_and_only_then_in_force(
    owing: Desk, store: Path
) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("E")
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
        await shows(app, pilot, "Put “mild” in force?")
        await pilot.press(*"kinder", "enter")
        await shows(app, pilot, "is in force from the next run on")
        await settled(pilot, lambda: owing.rules.show().rule.name == "mild")
        assert owing.rules.versions()[0].reason == "kinder"


async def test_a_step_changed_by_form_is_a_draft_with_its_difference_until_it_is_put_in_force(
    owing: Desk, store: Path
) -> None:
    async with rule_of(store) as (app, pilot):
        app.screen.query_one("#steps", LineList).select("friendly")
        await pilot.press("enter")
        await shows(app, pilot, "3 days after due · notice, friendly")
        form = app.screen
        assert isinstance(form, FormModal)
        days = form.entry("days")
        assert isinstance(days, Field)
        days.set_value("-2")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "A whole number of days is wanted")
        days.set_value("5")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "1 change, not in force")
        assert "* 5 days after due" in text_of(app, "#steps")
        assert owing.rules.show().version is None
        await pilot.press("w")
        await shows(app, pilot, "3 → 5 days after due")
        await shows(app, pilot, "By the rule in force: ")
        await pilot.press("w", "enter")
        await settled(pilot, lambda: owing.rules.show().version is not None)
        view = owing.rules.show()
        friendly = view.rule.step("friendly")
        assert friendly is not None
        assert friendly.offset_days == 5
        assert "# per currency; below it nothing is asked" in view.text
        await shows(app, pilot, "since ")


async def test_steps_are_added_moved_and_taken_out_and_thrown_away_again(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, RuleScreen)
        steps = screen.query_one("#steps", LineList)

        def order() -> list[str]:
            return [step.id for step in screen.rule.steps] if screen.rule is not None else []

        shipped = order()
        await pilot.press("plus")
        await shows(app, pilot, "A new step")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: order() == [*shipped, "notice-7-after"])
        await settled(pilot, lambda: steps.selected_key == "notice-7-after")
        await pilot.press("K")
        await settled(pilot, lambda: order()[-2:] == ["notice-7-after", shipped[-1]])
        steps.select("call")
        await pilot.press("x")
        await settled(pilot, lambda: "call" not in order())
        steps.select("formal-letter")
        await pilot.press("x")
        await shows(app, pilot, "there is no other step of that name")
        assert "formal-letter" in order()
        await pilot.press("ctrl+r", "enter")
        await settled(pilot, lambda: order() == shipped)
        assert owing.rules.show().version is None


async def test_a_draft_is_there_again_after_a_restart(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        app.screen.query_one("#steps", LineList).select("call")
        await pilot.press("x")
        await shows(app, pilot, "1 change, not in force")
        await at_rest(pilot)
    async with rule_of(store) as (app, pilot):
        await shows(app, pilot, "1 change, not in force")


async def test_what_holds_for_the_whole_rule_is_changed_by_form(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("g")
        await shows(app, pilot, "Smallest sum")
        form = app.screen
        assert isinstance(form, FormModal)
        gap = form.entry("gap_days")
        assert isinstance(gap, Field)
        gap.set_value("5")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "1 change, not in force")
        await pilot.press("w")
        await shows(app, pilot, "Days between contacts: 3 → 5")


async def test_an_earlier_rule_is_listed_and_taken_back_after_it_was_tried(owing: Desk, store: Path) -> None:
    owing.rules.use(MILD, reason="fewer letters")
    owing.rules.use(MILD.replace("mild", "milder"))
    async with rule_of(store) as (app, pilot):
        await pilot.press("h")
        await shows(app, pilot, "fewer letters")
        await pilot.press("down", "enter")
        await shows(app, pilot, "Name: milder → mild")
        await shows(app, pilot, "By the rule in force: ")
        await pilot.press("w", "enter")
        await settled(pilot, lambda: owing.rules.show().rule.name == "mild")


async def test_a_rule_put_in_force_by_somebody_else_meanwhile_is_not_lost(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        app.screen.query_one("#steps", LineList).select("call")
        await pilot.press("x")
        await shows(app, pilot, "1 change, not in force")
        await pilot.press("w")
        await shows(app, pilot, "By the rule in force: ")
        owing.rules.use(MILD)
        await pilot.press("w", "enter")
        await shows(app, pilot, "Another rule was put in force meanwhile")
        assert owing.rules.show().rule.name == "mild"


async def test_another_rule_is_given_looked_at_and_taken_away(owing: Desk, store: Path) -> None:
    owing.holds.hold("BEA", reason="settled by her lawyer")
    async with rule_of(store) as (app, pilot):
        await pilot.press("o")
        await shows(app, pilot, "settled by her lawyer")
        await pilot.press("plus")
        await shows(app, pilot, "A rule of its own")
        form = app.screen
        assert isinstance(form, FormModal)
        await pilot.press("m", "tab", *"NOBODY")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "NOBODY")
        target = form.entry("target")
        assert isinstance(target, Field)
        target.set_value("ANA")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: len(owing.rules.all()) == 2)
        await shows(app, pilot, "ANA  García Ana")
        assert owing.rules.of_member("ANA") is not None
        assert owing.rules.of_member("BEA") is None
        await pilot.press("home", "enter")
        await shows(app, pilot, "member ANA")
        await pilot.press("escape")
        await shows(app, pilot, "for some: o")
        await pilot.press("o", "home", "x")
        await shows(app, pilot, "Take “standard” away from ANA?")
        await pilot.press("enter")
        await settled(pilot, lambda: len(owing.rules.all()) == 1)


async def test_what_a_step_brought_is_read_at_80_columns(at: OpenDesk, owing: Desk, store: Path) -> None:
    owing.settings.set("notices.cooling_minutes", "0")
    desk = at(ago(18))
    desk.runs.run(desk.today())
    desk.outbox.send_due()
    pay(desk, "BEA", 4500, on=ago(18))
    desk.close()
    async with rule_of(store, size=(80, 24)) as (app, pilot):
        listed = text_of(app, "#steps")
        assert "Anyway" in listed
        assert "100 %" in listed
        assert all(len(one) <= 80 for one in seen(app))
        app.screen.query_one("#steps", LineList).select("reminder")
        await pilot.press("i")
        await shows(app, pilot, "In the last 90 days")
        await shows(app, pilot, "By the step")


async def test_a_run_says_that_what_was_changed_is_not_in_force(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        app.screen.query_one("#steps", LineList).select("call")
        await pilot.press("x")
        await shows(app, pilot, "1 change, not in force")
        await pilot.press("r")
        await shows(app, pilot, "By the rule in force, without what was changed here.")


async def test_a_rule_of_a_member_is_changed_for_that_member_only(owing: Desk, store: Path) -> None:
    owing.rules.use(MILD, Target(member="ANA"))
    async with rule_of(store) as (app, pilot):
        await pilot.press("o", "enter")
        await shows(app, pilot, "member ANA")
        await pilot.press("enter")
        form = app.screen
        assert isinstance(form, FormModal)
        days = form.entry("days")
        assert isinstance(days, Field)
        days.set_value("41")
        await pilot.press("ctrl+s")
        await shows(app, pilot, "1 change, not in force")
        await pilot.press("w")
        await shows(app, pilot, "40 → 41 days after due")
        await shows(app, pilot, "By the rule in force: ")
        await pilot.press("w", "enter")
        await settled(pilot, lambda: owing.rules.show(Target(member="ANA")).rule.steps[0].offset_days == 41)
        assert owing.rules.show().version is None


async def test_the_front_desk_reads_the_rule_and_is_told_who_may_change_or_run_it(owing: Desk, store: Path) -> None:
    owing.staff.add("Marta", "front_desk")
    async with rule_of(store, actor="Marta") as (app, pilot):
        for key, told in (("r", "to run the rule"), ("enter", "to change the rule"), ("x", "to change the rule")):
            await pilot.press(key)
            await shows(app, pilot, told)
            assert not app.screen.is_modal
        await pilot.press("E")
        await shows(app, pilot, "The rule as text")
        assert not app.screen.query("#rule-text")
        await pilot.press("escape", "R")
        await shows(app, pilot, "if nobody pays")
        await pilot.press("w")
        await pilot.pause()
        assert not app.screen.is_modal
