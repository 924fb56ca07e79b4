"""One table of keys: no two meanings on one screen, no dead key, nothing that a person cannot read."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from duesdesk.domain.roles import MAY
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import BY_ID, KEYS, all_shown, bindings_for, for_action, keys_of, page
from tools.make_keys import PAGE

SCREENS = ("dashboard", "crm_daily", "member_file", "settings", "texts", "text_editor")
ENGLISH = {"question_mark": "?", "slash": "/", "plus": "+", "escape": "Esc", "enter": "Enter", "space": "Space"}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_key_has_one_meaning_on_a_screen(screen: str) -> None:
    keys = [key for spec in keys_of(screen) for key in spec.keys]
    assert sorted(keys) == sorted(set(keys))


def test_ids_are_unique_and_every_act_is_one_the_roles_know() -> None:
    assert len(BY_ID) == len(KEYS)
    assert {spec.act for spec in KEYS if spec.act} <= set(MAY)


def test_what_everyone_expects_is_there() -> None:
    expected = {
        "?": "help", "/": "find", "F3": "dashboard", "F4": "crm_daily", "F10": "settings", "Ctrl+P": "palette",
        "Esc": "back", "p": "pay", "n": "notice", "t": "talk", "u": "undo", "v": "privacy", "[ ]": "day",
        "1-6": "section", "s": "sort", "f": "filter", "+": "add", "Enter": "open",
    }  # fmt: skip
    assert expected.items() <= {(spec.shown, spec.id) for spec in KEYS}
    assert all_shown(BY_ID["pay"]) == "p F9"
    assert all_shown(BY_ID["find"]) == "/ F2"
    assert all_shown(BY_ID["help"]) == "? F1"


def test_bindings_carry_the_key_into_the_action() -> None:
    bindings = {binding.key: binding.action for binding in bindings_for("crm_daily") if isinstance(binding, Binding)}
    assert bindings["3"] == "section(3)"
    assert bindings["left_square_bracket"] == "day('left_square_bracket')"
    assert "f3" not in bindings


def test_every_key_of_all_screens_is_answered_by_the_base() -> None:
    for spec in keys_of("*"):
        name = spec.action.split("(")[0]
        assert callable(getattr(DeskScreen, f"action_{name}", None)), spec.id


def test_an_action_finds_its_key() -> None:
    assert for_action("act('pay')") is BY_ID["pay"]
    assert for_action("nothing") is None


def test_labels_are_short_and_helps_are_sentences() -> None:
    for spec in KEYS:
        assert 0 < len(spec.label) <= 14
        assert spec.help.endswith(".")
        assert spec.help[0].isupper()


def test_the_page_of_keys_is_written_from_the_table() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "python -m tools.make_keys writes it anew"
