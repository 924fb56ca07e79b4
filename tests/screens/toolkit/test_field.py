"""The entry field: what each key does to what is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual import events

from duesdesk.screens import text
from duesdesk.screens.widgets.choice import Choice, Option
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.lines_field import LinesField, rows_of
from tests.screens.toolkit.small_app import FindModal, open_pay, small_app


def typed(field: Field, *keys: str) -> str:
    """The value after these keys; a key of one character is typed."""
    for key in keys:
        field.press(key, key if len(key) == 1 else None)
    return field.value


@pytest.mark.parametrize(
    ("keys", "value", "cursor"),
    [
        (("a", "b", "backspace", "c"), "ac", 2),
        (("a", "b", "c", "left", "left", "X"), "aXbc", 2),
        (("a", "b", "home", "X", "end", "Y"), "XabY", 4),
        (("a", "b", "left", "delete"), "a", 1),
        (("a", " ", "b", " ", "ctrl+w"), "a ", 2),
        (("a", "b", "left", "ctrl+u"), "b", 0),
        (("a", "b", "left", "ctrl+k"), "a", 1),
        (("a", "b", " ", "c", "ctrl+left", "X"), "ab Xc", 4),
        (("a", "b", " ", "c", "home", "ctrl+right", "X"), "abX c", 3),
        (("backspace", "delete", "left", "right"), "", 0),
        (("ł", "ș", "中"), "łș中", 3),
    ],
)
def test_keys_edit_at_the_cursor(keys: tuple[str, ...], value: str, cursor: int) -> None:
    field = Field()
    assert typed(field, *keys) == value
    assert field.cursor == cursor


def test_a_fresh_value_is_replaced_by_what_is_typed() -> None:
    assert typed(Field("96.50", fresh=True), "5", "0") == "50"


def test_a_fresh_value_is_cleared_by_backspace_and_kept_by_moving() -> None:
    assert typed(Field("96.50", fresh=True), "backspace") == ""
    assert typed(Field("96.50", fresh=True), "left", "1") == "96.510"


def test_a_value_put_in_again_is_only_fresh_when_said() -> None:
    field = Field("96.50", fresh=True)
    field.value = "45.00"
    assert typed(field, "1") == "45.001"
    field.set_value("20.00", fresh=True)
    assert typed(field, "1") == "1"


def test_refused_characters_are_left_to_the_screen() -> None:
    field = Field(accept=r"[0-9.,]")
    assert not field.press("k", "k")
    assert field.press("5", "5")
    assert field.value == "5"


def test_no_more_is_taken_than_fits() -> None:
    field = Field(max_length=3)
    assert typed(field, "1", "2", "3", "4") == "123"
    field.value = "98765"
    assert field.value == "987"


def test_each_change_is_told_once_and_at_once() -> None:
    heard: list[str] = []
    field = Field(on_change=heard.append)
    typed(field, "n", "o", "left", "backspace", "backspace")
    assert heard == ["n", "no", "o"]
    field.value = "set by program"
    assert heard == ["n", "no", "o"]


def test_keys_it_does_not_know_go_on() -> None:
    field = Field()
    for key in ("up", "down", "tab", "escape", "f3", "ctrl+p"):
        assert not field.press(key)


def test_a_paste_is_its_first_line_cleaned_and_without_what_is_refused() -> None:
    field = Field()
    field.paste("Ann\x1b[2J\nsecond")
    assert field.value == "Ann[2J"
    amount = Field(accept=r"[0-9.,]")
    amount.paste("EUR 1 250,00\n")
    assert amount.value == "1250,00"
    amount.paste("")
    assert amount.value == "1250,00"


async def test_enter_in_the_same_moment_as_a_paste_does_not_submit() -> None:
    heard: list[str] = []
    app = small_app()
    async with app.run_test():
        modal = FindModal()
        await app.push_screen(modal)
        field = modal.query_one(Field)
        field.on_submit = heard.append
        paste = events.Paste("Ann")
        field._on_paste(paste)
        enter = events.Key("enter", "\r")
        enter.time = paste.time + 0.049
        await field._on_key(enter)
        assert heard == []
        enter = events.Key("enter", "\r")
        enter.time = paste.time + 0.051
        await field._on_key(enter)
        assert heard == ["Ann"]


async def test_a_password_and_a_long_value_are_drawn_as_they_should() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        open_pay(app, "two")
        await pilot.pause()
        field = app.screen.query_one("#amount", Field)
        field.password = True
        field.set_value("1234")
        assert "••••" in "".join(segment.text for segment in field.draw(0))
        field.password = False
        field.set_value("0123456789" * 5)
        shown = "".join(segment.text for segment in field.draw(0))
        assert len(shown) == field.size.width
        assert shown.rstrip().endswith("789")
        field.press("home")
        assert "".join(segment.text for segment in field.draw(0)).strip().startswith("0123")


@pytest.mark.parametrize("width", [1, 4, 10])
@pytest.mark.parametrize("value", ["", "one two three", "donaudampfschiff", "a\n\nb", "trailing \n", "中文名字"])
def test_the_rows_of_a_note_lose_no_character(value: str, width: int) -> None:
    rows = rows_of(value, width)
    covered = "".join(value[a:b] for a, b in rows)
    assert covered == value.replace("\n", "")
    assert len(rows) >= value.count("\n") + 1


async def test_a_note_is_typed_over_several_lines_and_moved_in() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        note = LinesField(id="note")
        note.styles.height = 3
        note.styles.width = 13
        await app.screen.mount(note)
        note.focus()
        await pilot.pause()
        await pilot.press(*"one two three", "enter", *"four")
        assert note.value == "one two three\nfour"
        await pilot.press("up", "home", *"X")
        assert note.value == "one two Xthree\nfour"
        await pilot.press("down", "end", *"Y", "backspace", *"Z")
        assert note.value == "one two Xthree\nfourZ"
        note.paste("five\x07\nsix")
        assert note.value.endswith("fourZfive\nsix")


def test_a_choice_is_made_by_letter_and_by_arrows() -> None:
    heard: list[str] = []
    choice = Choice(
        [Option("cash", "cash", "c"), Option("card", "card", "k"), Option("link", "link")], on_change=heard.append
    )
    assert choice.value == "cash"
    assert choice.press("k", "k")
    assert choice.value == "card"
    choice.press("right")
    choice.press("right")
    assert choice.value == "cash"
    choice.press("left")
    assert choice.value == "link"
    assert not choice.press("x", "x")
    assert heard == ["card", "link", "cash", "link"]


@pytest.fixture
def _hidden() -> Iterator[None]:
    text.show_amounts(False)
    yield
    text.show_amounts(True)


@pytest.mark.usefixtures("_hidden")
def test_a_hidden_amount_is_replaced_whole_or_kept() -> None:
    def amount() -> Field:
        return Field("96.50", accept="[0-9.,]", fresh=True, secret=True)

    for moves in ((), ("left",), ("home", "right"), ("ctrl+left",)):
        assert typed(amount(), *moves) == "96.50"
        assert typed(amount(), *moves, "5", "0") == "50"
        for key in ("backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k"):
            assert typed(amount(), *moves, key) == ""


@pytest.mark.usefixtures("_hidden")
def test_what_is_typed_is_no_secret_until_the_program_puts_something_in() -> None:
    field = Field("96.50", accept="[0-9.,]", fresh=True, secret=True)
    assert field.hides
    before = field.take_state()
    typed(field, "5", "0", "left", "1")
    assert (field.value, field.hides) == ("510", False)
    field.put_back(before)
    assert (field.value, field.hides) == ("96.50", True)
    field.set_value("45.00")
    assert field.hides
    text.show_amounts(True)
    assert not field.hides
    assert typed(field, "left", "1") == "45.010"


def test_the_key_that_hides_amounts_is_no_letter_of_an_amount() -> None:
    assert not Field(secret=True).accepts("v")
    assert Field().accepts("v")


async def test_lines_that_stay_whole_move_sideways_and_begin_again_at_home() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        note = LinesField("a comment of more than thirteen\nshort", id="note").whole_lines()
        note.styles.height = 3
        note.styles.width = 13
        await app.screen.mount(note)
        note.focus()
        await pilot.pause()

        def shown() -> list[str]:
            return ["".join(one.text for one in note.draw(y)) for y in range(3)]

        await pilot.press("home", "up", "home")
        assert [one.rstrip() for one in shown()] == [" a comment o…", " short", ""]
        await pilot.press("end")
        assert shown()[0].rstrip().endswith("thirteen")
        await pilot.press(*"X")
        assert note.value == "a comment of more than thirteenX\nshort"
        await pilot.press("home")
        assert shown()[0].startswith(" a comment")
