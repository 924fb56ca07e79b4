"""A card reader is told from a person by its pace; the times are given, nothing waits."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from duesdesk.screens.scan import GAP_SECONDS, ScanFilter, Told, in_codes

KNOWN = frozenset({"004512", "M00218", "k123", "pnup7"})


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
    takes_codes: bool = True
    undone: list[str] = field(default_factory=list)

    def accepts(self, character: str) -> bool:
        return character in self.takes

    def take_state(self) -> object:
        return self.value

    def put_back(self, state: object) -> None:
        self.undone.append(self.value)
        self.value = str(state)


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-"
AT_ONCE, READER = 0.0001, 0.008
"""Keys that came in one piece over a slow line; keys of a card reader, one by one."""


def acts(letter: str) -> bool:
    """The letters that are keys here."""
    return letter in "pntyuvsfceixwok"


def feed(reader: ScanFilter, key: Key, entry: Entry | None = None) -> Told:
    """As the key stream does it: ask whether the code is known, then judge."""
    return reader.feed(key, field=entry, known=reader.asks(key, field=entry) in KNOWN, acts=acts)


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
        told = feed(reader, Key(name, None if char == "⏎" else char, time), entry)
        for key in told.keys:
            handle(key)
        if told.code:
            codes.append(told.code)
    if end:
        for key in reader.release():
            handle(key)
    return handled, codes


@pytest.mark.parametrize("gap", [0.0, 0.005, 0.03, GAP_SECONDS - 0.001])
def test_a_fast_known_code_with_enter_is_a_scan_and_nothing_of_it_is_handled(gap: float) -> None:
    assert type_keys("M00218⏎", gap=gap) == ([], ["M00218"])
    assert type_keys("004512⏎", gap=gap) == ([], ["004512"])
    # Also one that begins with a key.
    assert type_keys("pnup7⏎", gap=gap) == ([], ["pnup7"])


@pytest.mark.parametrize("gap", [0.002, READER, 0.03, GAP_SECONDS - 0.001])
@pytest.mark.parametrize("code", ["pnup", "yfri", "p100", "i4500", "990011", "M99999", "e5f6a7b8"])
def test_an_unknown_code_at_the_pace_of_a_reader_is_an_unknown_card(code: str, gap: float) -> None:
    assert type_keys(f"{code}⏎", gap=gap) == ([], [code])


@pytest.mark.parametrize(
    "code", ["990011", "0000", "M99999", "m99999", "ABC-77", "e5f6a7b8", "p0a1b2", "zpnp", "8f0d12c"]
)
def test_what_came_in_one_piece_and_reads_like_a_card_is_an_unknown_card(code: str) -> None:
    assert type_keys(f"{code}⏎", gap=AT_ONCE) == ([], [code])


@pytest.mark.parametrize(
    "keys", ["yfri", "nfirm", "twok", "p100", "i4500", "p100k", "pk50", "xslip", "pnpn", "otel612345"]
)
def test_what_came_in_one_piece_and_begins_with_a_key_is_typing_in_its_order(keys: str) -> None:
    assert type_keys(f"{keys}⏎", gap=AT_ONCE) == ([*keys, "enter"], [])


@pytest.mark.parametrize("keys", ["1500", "50k0", "k1500", "12345678"])
def test_a_figure_in_one_piece_is_typed_into_an_amount(keys: str) -> None:
    entry = Entry("0123456789.,", takes_codes=False)
    assert type_keys(f"{keys}⏎", gap=AT_ONCE, entry=entry) == ([*keys, "enter"], [])


@pytest.mark.parametrize(("code", "gap"), [("M99999", AT_ONCE), ("1a2b3c4d", AT_ONCE), ("990011", READER)])
def test_an_unknown_card_is_not_paid_as_an_amount(code: str, gap: float) -> None:
    entry = Entry("0123456789.,", value="96.50", takes_codes=False)
    handled, codes = type_keys(f"{code}⏎", gap=gap, entry=entry)
    assert codes == [code]
    assert "enter" not in handled
    assert entry.value == "96.50"


@pytest.mark.parametrize("gap", [AT_ONCE, READER])
def test_a_new_card_is_typed_into_a_field_of_text(gap: float) -> None:
    entry = Entry(LETTERS)
    assert type_keys("990011⏎", gap=gap, entry=entry) == ([*"990011", "enter"], [])
    assert entry.value == "990011"


def test_a_person_at_the_same_letters_is_no_reader() -> None:
    handled, codes = type_keys("pnup⏎", gap=GAP_SECONDS)
    assert handled == ["p", "n", "u", "p", "enter"]
    assert codes == []


def test_enter_after_a_key_that_was_held_down_is_enter() -> None:
    handled, codes = type_keys("jjjjj⏎", gap=0.033)
    assert handled == ["j"] * 5 + ["enter"]
    assert codes == []


@pytest.mark.parametrize("keys", ["p⏎", "pn⏎", "004⏎"])
def test_fewer_than_four_characters_are_keys_in_their_order(keys: str) -> None:
    handled, codes = type_keys(keys, gap=0.0)
    assert handled == [*keys[:-1], "enter"]
    assert codes == []


def test_enter_after_a_pause_ends_no_scan() -> None:
    reader = ScanFilter()
    for number, char in enumerate("0045"):
        feed(reader, Key(char, char, 1 + number / 100))
    told = feed(reader, Key("enter", None, 1.03 + GAP_SECONDS))
    assert [key.key for key in told.keys] == ["0", "0", "4", "5", "enter"]
    assert told.code == ""


def test_two_keys_that_pay_are_handed_on_with_the_enter_at_once() -> None:
    reader = ScanFilter()
    assert feed(reader, Key("p", "p", 1.0)).keys == ()
    told = feed(reader, Key("enter", "\r", 1.001))
    assert [key.key for key in told.keys] == ["p", "enter"]


def test_letters_are_held_no_longer_than_the_gap() -> None:
    reader = ScanFilter()
    feed(reader, Key("p", "p", 1.0))
    assert reader.holding
    assert reader.due() == 1.0 + GAP_SECONDS


def test_keys_that_no_card_carries_are_never_held() -> None:
    for key in ("slash", "space", "down", "escape", "plus"):
        reader = ScanFilter()
        character = {"slash": "/", "space": " ", "plus": "+"}.get(key)
        assert feed(reader, Key(key, character, 1.0)).keys
        assert not reader.holding
    assert not in_codes("ñ")
    assert not in_codes(None)


def test_a_letter_held_down_moves_through_the_list_without_waiting() -> None:
    reader = ScanFilter()
    handled = 0
    for number in range(30):
        told = feed(reader, Key("j", "j", 1 + number / 30))
        handled += len(told.keys)
    assert handled >= 29


def test_repeated_digits_may_still_be_a_card() -> None:
    assert type_keys("0000⏎", gap=AT_ONCE) == ([], ["0000"])


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
        feed(reader, Key(char, char, times["slow"]), entry)
        entry.value += char
        times["slow"] += 0.2
    for number, char in enumerate("M00218"):
        feed(reader, Key(char, char, times["fast"] + number / 100), entry)
        entry.value += char
    told = feed(reader, Key("enter", None, 2.06), entry)
    assert told.code == "M00218"
    assert entry.value == "xy"


def test_a_letter_that_an_amount_field_refuses_is_held_as_it_would_act() -> None:
    entry = Entry("0123456789.,", value="96.50", takes_codes=False)
    handled, codes = type_keys("k123⏎", gap=0.001, entry=entry)
    assert codes == ["k123"]
    assert handled == []
    assert entry.value == "96.50"


def test_an_unknown_code_in_an_amount_field_is_kept_in_order() -> None:
    entry = Entry("0123456789.,", takes_codes=False)
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
        feed(reader, Key(char, char, 1 + number / 100), first)
    for number, char in enumerate("12"):
        feed(reader, Key(char, char, 1.04 + number / 100), second)
    assert feed(reader, Key("enter", None, 1.06), second).code == ""
