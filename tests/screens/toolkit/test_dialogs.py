"""Questions, forms, the help and the palette: what Enter and Esc do, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual._compositor import LayoutUpdate

from duesdesk.domain.errors import BadInput, StoreTrouble
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.modals.help import HelpModal
from duesdesk.screens.modals.palette import FIND, PaletteModal
from duesdesk.screens.text import Piece, line
from duesdesk.screens.widgets.choice import Option
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.panel import Panel
from tests.screens.toolkit.small_app import FindModal, log, logged, small_app

TODAY = date(2026, 11, 22)
NOBODY = object()


def refuse_short(value: object) -> object:
    if len(str(value)) < 3:
        raise BadInput("field-empty", field="Name")
    return str(value).upper()


FIELDS = (
    FormField("name", "Name", required=True, validate=refuse_short),
    FormField("fee", "Fee", "amount", currency="EUR", default="45.00"),
    FormField("start", "From", "date", today=TODAY, hint="such as 24 Nov or +7"),
    FormField("kind", "Kind", "choice", options=(Option("adult", "adult", "a"), Option("child", "child", "c"))),
)


def frame(app: Any) -> str:
    """The whole screen as it would be painted now."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return "\n".join("".join(strip.text for strip in strips) for strips in update.strips)


async def opened(app: Any, pilot: Any, modal: Any) -> list[object]:
    """Open a dialog; the results come into the list."""
    results: list[object] = []
    app.push_screen(modal, results.append)
    await pilot.pause()
    return results


def under(modal: FormModal, key: str) -> str:
    return "".join(piece.text for one in modal.query_one(f"#under-{key}", Panel).lines for piece in one)


async def test_enter_walks_through_a_form_and_saves_at_its_end() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        results = await opened(app, pilot, FormModal("New member", FIELDS))
        await pilot.press(*"Ana", "enter", *"30.5", "enter", *"+7", "enter", "c", "enter")
        assert results == [{"name": "ANA", "fee": 3050, "start": date(2026, 11, 29), "kind": "child"}]


async def test_what_is_wrong_is_said_under_its_field_and_the_rest_is_kept() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        modal = FormModal("New member", FIELDS)
        results = await opened(app, pilot, modal)
        await pilot.press("tab", *"12x", "tab", *"31 foo", "ctrl+s")
        assert results == []
        assert "Please fill in" in under(modal, "name")
        assert "12x" in under(modal, "fee")
        assert "31 foo" in under(modal, "start")
        assert app.focused is modal.entry("name")
        assert modal.typed()["fee"] == "12x"
        await pilot.press(*"Ana", "tab", *["backspace"] * 3, *"12", "tab", *["backspace"] * 6, "ctrl+s")
        assert results == [{"name": "ANA", "fee": 1200, "start": None, "kind": "adult"}]


async def test_a_field_that_is_put_right_loses_its_complaint_and_shows_its_hint_again() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        modal = FormModal("New member", FIELDS)
        await opened(app, pilot, modal)
        assert under(modal, "start") == "such as 24 Nov or +7"
        modal.set_error("start", "No.")
        assert under(modal, "start") == "No."
        modal.set_error("start", "")
        assert under(modal, "start") == "such as 24 Nov or +7"


async def test_escape_asks_only_when_something_was_typed() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        results = await opened(app, pilot, FormModal("New member", FIELDS))
        await pilot.press("escape")
        assert results == [None]
        results = await opened(app, pilot, FormModal("New member", FIELDS))
        await pilot.press("x", "escape")
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press("escape")
        assert isinstance(app.screen, FormModal)
        assert app.screen.typed()["name"] == "x"
        await pilot.press("escape", "enter")
        assert results == [None]


async def test_an_act_that_is_refused_keeps_the_form_and_what_was_typed() -> None:
    app = small_app()
    tries: list[dict[str, object]] = []

    def save(values: dict[str, object]) -> None:
        tries.append(values)
        if len(tries) == 1:
            raise StoreTrouble("field-empty", field="Store")

    async with app.run_test() as pilot:
        modal = FormModal("New member", FIELDS, save=save)
        results = await opened(app, pilot, modal)
        await pilot.press(*"Ana", "ctrl+s")
        assert results == []
        assert modal.typed()["name"] == "Ana"
        said = "".join(piece.text for one in modal.query_one("#said", Panel).lines for piece in one)
        assert "Please fill in “Store”." in said
        await pilot.press("ctrl+s")
        assert len(results) == 1
        assert len(tries) == 2


async def test_a_note_keeps_enter_for_itself_and_is_saved_by_its_own_key() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        results = await opened(app, pilot, FormModal("Note", [FormField("note", "Note", "multiline")]))
        await pilot.press(*"one", "enter", *"two", "ctrl+s")
        assert results == [{"note": "one\ntwo"}]


@pytest.mark.parametrize(("key", "answer"), [("enter", True), ("y", True), ("escape", False), ("n", False)])
async def test_a_question_has_two_answers(key: str, answer: bool) -> None:
    app = small_app()
    async with app.run_test() as pilot:
        results = await opened(app, pilot, ConfirmModal("Cancel", [line("Cancel it?")], yes="cancel it"))
        hint = "".join(piece.text for one in app.screen.query_one("#hint", Panel).lines for piece in one)
        assert "Enter cancel it" in hint
        await pilot.press(key)
        assert results == [answer]


async def test_help_names_all_keys_of_the_screen_it_was_asked_on() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpModal)
        list_ = app.screen.query_one(LineList)
        rows = [list_._source.row(n) for n in range(list_.count)]
        shown = [row.cells[0].text for row in rows if isinstance(row.cells[0], Piece)]
        assert "p F9" in shown
        assert "s" in shown
        assert "[ ]" not in shown
        await pilot.press("f1")
        assert not isinstance(app.screen, HelpModal)


async def test_the_palette_does_what_is_chosen_on_the_screen_below() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("down", "ctrl+p", *"paym", "enter", "enter")
        assert logged(app) == ["paid M00001 96.50 cash"]


async def test_the_palette_moves_with_the_arrows_and_finds_members() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        modal = app.screen
        assert isinstance(modal, PaletteModal)
        list_ = modal.query_one(LineList)
        first = list_.selected_key
        await pilot.press("down")
        assert list_.selected_key != first
        await pilot.press(*"zzz")
        assert list_.selected_key == FIND
        assert list_.count == 1
        await pilot.press("enter")
        assert isinstance(app.screen, FindModal)


async def test_a_dialog_in_front_of_a_dialog_shows_both_and_gives_the_result_to_its_owner() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        first = await opened(app, pilot, FormModal("Below", FIELDS))
        second = await opened(app, pilot, ConfirmModal("Above", [line("Sure?")], yes="yes"))
        shown = frame(app)
        assert "Below" in shown
        assert "Above" in shown
        assert "Accounting" in shown
        await pilot.press("enter")
        assert second == [True]
        assert first == []


async def test_what_changes_below_a_dialog_is_seen_beside_it() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await opened(app, pilot, ConfirmModal("First", [line("Sure?")], yes="yes"))
        await opened(app, pilot, ConfirmModal("Second", [line("Sure?")], yes="yes"))
        assert "somebody paid" not in frame(app)
        log(app, "somebody paid")
        await pilot.pause()
        assert "somebody paid" in frame(app)
