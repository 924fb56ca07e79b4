"""A card reader is told from a person by its pace; the times are given, nothing waits."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from duesdesk.screens.scan import GAP_SECONDS, ScanFilter, in_codes

KNOWN = frozenset({"004512", "M00218", "k123"})


@dataclass
class Key:
    key: str
    character: str | None
    time: float


@dataclass
class Entry:
    """A field that takes the characters of `takes`."""

    takes: str
    value: str = ""
    undone: list[str] = field(default_factory=list)

    def accepts(self, character: str) -> bool:
        return character in self.takes

    def take_state(self) -> object:
        return self.value

    def put_back(self, state: object) -> None:
        self.undone.append(self.value)
        self.value = str(state)


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-"


def type_keys(keys: str, *, gap: float, entry: Entry | None = None, end: bool = True) -> tuple[list[str], list[str]]:
    """(keys handled, codes scanned) for keys `gap` seconds apart; ⏎ is Enter. What is held at the end is let go."""
    reader = ScanFilter()
    handled: list[str] = []
    codes: list[str] = []
    time = 10.0

    def handle(key: object) -> None:
        assert isinstance(key, Key)
        handled.append(key.key)
        if entry is not None and key.character and entry.accepts(key.character):
            entry.value += key.character

    for char in keys:
        time += gap
        if reader.holding and time >= reader.due():
            for key in reader.release():
                handle(key)
        name = "enter" if char == "⏎" else char
        told = reader.feed(Key(name, None if char == "⏎" else char, time), field=entry, known=KNOWN.__contains__)
        for key in told.keys:
            handle(key)
        if told.code:
            codes.append(told.code)
    if end:
        for key in reader.release():
            handle(key)
    return handled, codes


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.03, GAP_SECONDS - 0.001])
def test_a_fast_code_with_enter_is_a_scan_and_nothing_of_it_is_handled(gap: float) -> None:
    assert type_keys("M00218⏎", gap=gap) == ([], ["M00218"])
    assert type_keys("pnup⏎", gap=gap) == ([], ["pnup"])


def test_a_person_at_the_same_letters_is_no_reader() -> None:
    handled, codes = type_keys("pnup⏎", gap=GAP_SECONDS)
    assert handled == ["p", "n", "u", "p", "enter"]
    assert codes == []


@pytest.mark.parametrize("keys", ["p⏎", "pn⏎", "004⏎"])
def test_fewer_than_four_characters_are_keys_in_their_order(keys: str) -> None:
    handled, codes = type_keys(keys, gap=0.0)
    assert handled == [*keys[:-1], "enter"]
    assert codes == []


def test_enter_after_a_pause_ends_no_scan() -> None:
    reader = ScanFilter()
    for number, char in enumerate("0045"):
        reader.feed(Key(char, char, 1 + number / 100), field=None, known=KNOWN.__contains__)
    told = reader.feed(Key("enter", None, 1.03 + GAP_SECONDS), field=None, known=KNOWN.__contains__)
    assert [key.key for key in told.keys] == ["0", "0", "4", "5", "enter"]
    assert told.code == ""


def test_two_keys_that_pay_are_handed_on_with_the_enter_at_once() -> None:
    reader = ScanFilter()
    assert reader.feed(Key("p", "p", 1.0), field=None, known=KNOWN.__contains__).keys == ()
    told = reader.feed(Key("enter", "\r", 1.001), field=None, known=KNOWN.__contains__)
    assert [key.key for key in told.keys] == ["p", "enter"]


def test_letters_are_held_no_longer_than_the_gap() -> None:
    reader = ScanFilter()
    reader.feed(Key("p", "p", 1.0), field=None, known=KNOWN.__contains__)
    assert reader.holding
    assert reader.due() == 1.0 + GAP_SECONDS


def test_keys_that_no_card_carries_are_never_held() -> None:
    for key in ("slash", "space", "down", "escape", "plus"):
        reader = ScanFilter()
        character = {"slash": "/", "space": " ", "plus": "+"}.get(key)
        assert reader.feed(Key(key, character, 1.0), field=None, known=KNOWN.__contains__).keys
        assert not reader.holding
    assert not in_codes("ñ")
    assert not in_codes(None)


def test_a_letter_held_down_moves_through_the_list_without_waiting() -> None:
    reader = ScanFilter()
    handled = 0
    for number in range(30):
        told = reader.feed(Key("j", "j", 1 + number / 30), field=None, known=KNOWN.__contains__)
        handled += len(told.keys)
    assert handled >= 29


def test_repeated_digits_may_still_be_a_card() -> None:
    assert type_keys("0000⏎", gap=0.001) == ([], ["0000"])


def test_typing_into_a_field_is_handled_at_once_and_kept_when_no_card_has_that_code() -> None:
    entry = Entry(LETTERS)
    handled, codes = type_keys("nowak⏎", gap=0.001, entry=entry)
    assert handled == ["n", "o", "w", "a", "k", "enter"]
    assert entry.value == "nowak"
    assert (codes, entry.undone) == ([], [])


def test_a_known_code_is_taken_out_of_the_field_again() -> None:
    entry = Entry(LETTERS, value="ab")
    handled, codes = type_keys("004512⏎", gap=0.001, entry=entry)
    assert codes == ["004512"]
    assert entry.value == "ab"
    assert "enter" not in handled


def test_only_the_fast_part_is_taken_out_of_the_field() -> None:
    reader = ScanFilter()
    entry = Entry(LETTERS)
    times = {"slow": 1.0, "fast": 2.0}
    for char in "xy":
        reader.feed(Key(char, char, times["slow"]), field=entry, known=KNOWN.__contains__)
        entry.value += char
        times["slow"] += 0.2
    for number, char in enumerate("M00218"):
        reader.feed(Key(char, char, times["fast"] + number / 100), field=entry, known=KNOWN.__contains__)
        entry.value += char
    told = reader.feed(Key("enter", None, 2.06), field=entry, known=KNOWN.__contains__)
    assert told.code == "M00218"
    assert entry.value == "xy"


def test_a_letter_that_an_amount_field_refuses_is_held_as_it_would_act() -> None:
    entry = Entry("0123456789.,", value="96.50")
    handled, codes = type_keys("k123⏎", gap=0.001, entry=entry)
    assert codes == ["k123"]
    assert handled == []
    assert entry.value == "96.50"


def test_an_unknown_code_in_an_amount_field_is_kept_in_order() -> None:
    entry = Entry("0123456789.,")
    handled, codes = type_keys("1500⏎", gap=0.001, entry=entry)
    assert (handled, codes, entry.value) == (["1", "5", "0", "0", "enter"], [], "1500")


def test_a_decimal_point_shows_that_an_amount_is_typed() -> None:
    handled, codes = type_keys("0045.12⏎", gap=0.001)
    assert codes == []
    assert handled[-1] == "enter"


def test_a_burst_that_changes_its_field_is_no_scan() -> None:
    reader = ScanFilter()
    first, second = Entry(LETTERS), Entry(LETTERS)
    for number, char in enumerate("0045"):
        reader.feed(Key(char, char, 1 + number / 100), field=first, known=KNOWN.__contains__)
    for number, char in enumerate("12"):
        reader.feed(Key(char, char, 1.04 + number / 100), field=second, known=KNOWN.__contains__)
    assert reader.feed(Key("enter", None, 1.06), field=second, known=KNOWN.__contains__).code == ""


def test_a_payment_typed_over_a_slow_line_in_one_piece_is_no_card() -> None:
    reader = ScanFilter()
    keys = [Key(character, character, 0.0) for character in "p100"] + [Key("enter", "\r", 0.0)]
    handled = [told for key in keys for told in reader.feed(key, field=None, known=lambda _code: False).keys]
    assert [key.key for key in handled] == ["p", "1", "0", "0", "enter"]
