"""F6: what is changed and not in force yet is never lost, and never takes back what somebody else did meanwhile."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import BadInput, StoreTrouble
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.rule.ahead import AheadScreen
from duesdesk.screens.rule.modals import RuleTextModal
from duesdesk.screens.rule.others import text_called
from duesdesk.screens.rule.screen import RuleScreen
from duesdesk.screens.widgets.field import Field
from duesdesk.services.collection.rehearse import Rehearsal, Rehearsals
from duesdesk.services.collection.run import Runs
from duesdesk.services.collection.views import RunResult
from duesdesk.services.rules import Target
from tests.screens.reading import at_rest, seen, settled, started, text_of
from tests.screens.test_rule import MILD, owing, rule_of, shows
from tests.services.booked import TODAY, OpenDesk

__all__ = ["owing"]


async def form(app: DuesdeskApp, pilot: Pilot[int]) -> FormModal:
    await settled(pilot, lambda: isinstance(app.screen, FormModal))
    assert isinstance(app.screen, FormModal)
    return app.screen


async def changed(app: DuesdeskApp, pilot: Pilot[int], field: str, value: str) -> RuleScreen:
    """A field of the whole rule is changed by its form."""
    await pilot.press("g")
    entry = (await form(app, pilot)).entry(field)
    assert isinstance(entry, Field)
    entry.set_value(value)
    await pilot.press("ctrl+s")
    return await drafted(app, pilot)


async def drafted(app: DuesdeskApp, pilot: Pilot[int]) -> RuleScreen:
    await settled(pilot, lambda: isinstance(app.screen, RuleScreen) and app.screen._draft is not None)
    await at_rest(pilot)
    assert isinstance(app.screen, RuleScreen)
    return app.screen


async def test_what_somebody_else_put_in_force_while_a_form_was_open_is_not_undone_by_it(
    owing: Desk, store: Path, at: OpenDesk
) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("g")
        entry = (await form(app, pilot)).entry("gap_days")
        other = at(desk="desk 2")
        theirs = other.rules.show(Target()).text.replace("offset_days = 10", "offset_days = 12", 1)
        other.rules.use(theirs, Target(), reason="agreed with the board")
        await app.look()
        await at_rest(pilot)
        assert isinstance(entry, Field)
        entry.set_value("9")
        await pilot.press("ctrl+s")
        await drafted(app, pilot)
        await pilot.press("w")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen) and app.screen._can_use())
        assert "12 days after due" in text_of(app, "#ahead-list")
        await pilot.press("w")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        assert "meanwhile" in "\n".join(seen(app))
        await pilot.press("escape")
        await at_rest(pilot)
        assert other.rules.show(Target()).text == theirs
        # Who has looked at what it takes back may still do it.
        await pilot.press("w", "enter")
        await form(app, pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "gap_days = 9" in other.rules.show(Target()).text)


async def test_a_rule_put_in_force_after_the_changes_were_listed_is_not_taken_back(
    owing: Desk, store: Path, at: OpenDesk
) -> None:
    async with rule_of(store) as (app, pilot):
        await changed(app, pilot, "gap_days", "9")
        await pilot.press("w")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen) and app.screen._can_use())
        other = at(desk="desk 2")
        other.rules.use(MILD, Target())
        await pilot.press("w")
        await form(app, pilot)
        await pilot.press("enter")
        await shows(app, pilot, "meanwhile")
        assert other.rules.show(Target()).text == MILD


async def test_taking_an_earlier_rule_back_asks_before_what_was_changed_is_lost(owing: Desk, store: Path) -> None:
    owing.rules.use(MILD, Target())
    async with rule_of(store) as (app, pilot):
        await changed(app, pilot, "name", "three hours of work")
        await pilot.press("h")
        await shows(app, pilot, "as it is shipped")
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        assert "is lost" in "\n".join(seen(app))
        await pilot.press("escape")
        await at_rest(pilot)
        kept = app.desk.drafts.find("rule:centre:")
        assert kept is not None
        assert "three hours of work" in str(kept.content["text"])
        assert "three hours of work" in text_of(app, "#rule-head")
        await pilot.press("h")
        await shows(app, pilot, "as it is shipped")
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen))


async def test_a_draft_of_the_rule_is_there_on_another_day(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await changed(app, pilot, "name", "an evening of work")
    tomorrow = started(store, Clock(TODAY + timedelta(days=1)))
    async with tomorrow.run_test(size=(120, 36)) as pilot:
        await pilot.press("f6")
        await drafted(tomorrow, pilot)
        assert "an evening of work" in text_of(tomorrow, "#rule-head")


async def test_a_rehearsal_that_is_under_way_is_not_begun_anew_by_what_somebody_writes(
    owing: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rule_of(store) as (app, pilot):
        kind = type(app.desk.rehearsals)
        begun: list[threading.Event] = []
        go_on, real = threading.Event(), kind.rehearse

        def waiting(self: Rehearsals, *given: Any, **told: Any) -> Rehearsal:  # as it was called
            begun.append(go_on)
            assert go_on.wait(20)
            return real(self, *given, **told)

        monkeypatch.setattr(kind, "rehearse", waiting)
        await pilot.press("R")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen) and len(begun) == 1)
        for _write in range(3):
            app.data_changed()
            await pilot.pause()
        go_on.set()
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen) and app.screen._found is not None)
        assert len(begun) == 1


async def test_esc_leaves_a_rehearsal_that_failed(owing: Desk, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rule_of(store) as (app, pilot):

        def failing(*_given: Any, **_told: Any) -> Rehearsal:  # as it was called
            raise StoreTrouble("store-out-of-reach", path="the server", detail="")

        monkeypatch.setattr(type(app.desk.rehearsals), "rehearse", failing)
        await pilot.press("R")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen))
        await at_rest(pilot)
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, RuleScreen))


async def test_the_key_that_runs_the_rule_from_the_dashboard_never_stops_a_run_under_way(
    owing: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await at_rest(pilot)
        await pilot.press("r")
        await shows(app, pilot, "Run the rule for today?")
        kind = type(app.desk.runs)
        go_on, real = threading.Event(), kind.run
        stopped: list[bool] = []

        def waiting(self: Runs, *given: Any, **told: Any) -> RunResult:  # as it was called
            assert go_on.wait(20)
            stopped.append(told["stop"]())
            return real(self, *given, **told)

        monkeypatch.setattr(kind, "run", waiting)
        await pilot.press("enter", "f3", "r")
        await shows(app, pilot, "The rule is being run")
        go_on.set()
        await settled(pilot, lambda: bool(stopped))
        await at_rest(pilot)
        assert stopped == [False]


async def test_the_rule_as_text_is_kept_while_it_is_written_and_gone_once_it_is_thrown_away(
    owing: Desk, store: Path
) -> None:
    name = "rule-text:centre:"
    async with rule_of(store) as (app, pilot):
        await pilot.press("E")
        await settled(pilot, lambda: isinstance(app.screen, RuleTextModal))
        await pilot.press(*"# an hour of work", "enter")
        await settled(pilot, lambda: "# an hour of work\\n" in str(app.desk.drafts.find(name)))
        await pilot.press("ctrl+q")
    tomorrow = started(store, Clock(TODAY + timedelta(days=1)))
    async with tomorrow.run_test(size=(120, 36)) as pilot:
        await pilot.press("f6")
        await settled(pilot, lambda: isinstance(tomorrow.screen, RuleScreen) and tomorrow.screen._page is not None)
        await pilot.press("E")
        await settled(pilot, lambda: isinstance(tomorrow.screen, RuleTextModal))
        assert "# an hour of work" in "\n".join(seen(tomorrow))
        assert "typed before" in "\n".join(seen(tomorrow))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(tomorrow.screen, ConfirmModal))
        await pilot.press("enter")
        await settled(pilot, lambda: tomorrow.desk.drafts.find(name, overnight=True) is None)
        await at_rest(pilot)
        await pilot.press("E")
        await settled(pilot, lambda: isinstance(tomorrow.screen, RuleTextModal))
        assert "# an hour of work" not in "\n".join(seen(tomorrow))


async def test_the_rule_as_text_that_was_tried_is_the_draft_and_nothing_else_is_kept(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await pilot.press("E")
        await settled(pilot, lambda: isinstance(app.screen, RuleTextModal))
        await pilot.press(*"# an hour", "enter", "ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, AheadScreen))
        await at_rest(pilot)
        assert "# an hour\n" in str(app.desk.drafts.find("rule:centre:")).replace("\\n", "\n")
        assert app.desk.drafts.find("rule-text:centre:") is None


async def test_the_pane_tells_the_text_of_a_step_by_what_it_is_for(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        await at_rest(pilot)
        assert "invoice issued" in text_of(app, "#rule-pane")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "long", "missing"])
def test_a_rule_is_read_from_a_file_alone(tmp_path: Path, kind: str) -> None:
    place = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place = Path("/dev/zero")
    elif kind == "folder":
        place.mkdir()
    elif kind == "long":
        place.write_text("#" * 300_000)
    with pytest.raises(BadInput) as caught:
        text_called(str(place), {})
    assert caught.value.code == "rule-name-or-file"


def test_a_rule_in_a_file_is_read(tmp_path: Path) -> None:
    place = tmp_path / "mild.toml"
    place.write_text(MILD)
    assert text_called(str(place), {}) == MILD
