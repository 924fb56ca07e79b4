"""Outside text loses what a terminal would obey and keeps what a person wrote; card numbers are found."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain.text import MAX_MARKS, clean_text, has_card_number

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x00\x07\x08\x1b\x7f\x85\x9b\r\n\t\v\u2028\u2029\u202e\u2066\u2069\u200b\u200d\ufeff\xad"),
        st.sampled_from("a\u0301\u0327\u0489\u1100\u1161\u11a8\u0f71\u0f72\ud800"),
    )
)
BOTH = st.booleans()


@given(HOSTILE, BOTH, st.integers(1, 40))
def test_cleaned_text_has_no_control_direction_or_line_character(text: str, lines: bool, length: int) -> None:
    cleaned = clean_text(text, max_length=length, lines=lines)
    assert len(cleaned) <= length
    for char in cleaned:
        if lines and char == "\n":
            continue
        assert unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp"), hex(ord(char))
        assert char not in "\u200b\u200e\u200f\u061c\u2060\ufeff\xad"
        assert not "\u202a" <= char <= "\u202e"
        assert not "\u2066" <= char <= "\u2069"


@given(HOSTILE, BOTH, st.integers(1, 40))
def test_cleaning_twice_changes_nothing(text: str, lines: bool, length: int) -> None:
    once = clean_text(text, max_length=length, lines=lines)
    assert clean_text(once, max_length=length, lines=lines) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@given(st.text(alphabet=st.characters(max_codepoint=0x2AF, exclude_characters="\xad", exclude_categories=["Cc"])))
def test_latin_text_stays_as_it_is(text: str) -> None:
    assert clean_text(text, max_length=10**6) == text.strip()


@given(st.text(alphabet=st.characters(categories=["Mn", "Mc", "Me"]), min_size=9, max_size=60))
def test_no_letter_carries_more_than_eight_marks(marks: str) -> None:
    cleaned = clean_text("x" + "\u200d".join(marks) + "y", max_length=1000)
    run = longest = 0
    for char in cleaned:
        run = run + 1 if unicodedata.category(char)[0] == "M" else 0
        longest = max(longest, run)
    assert longest <= MAX_MARKS
    assert cleaned.endswith("y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ștefan Popescu ", "Ștefan Popescu"),
        ("S\u0326tefan", "Ștefan"),
        ("Ann\x1b]52;c;aGk=\x1b\\", "Ann]52;c;aGk=\\"),
        ("a\r\nb\tc\u2028d", "a b c d"),
        ("an\u202ena\u2066x\u2069\u200b\ufeff\xad", "annax"),
        ("a\u200b\u0301", "á"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800lone", "lone"),
        ("王小明", "王小明"),
        ("[@click=app.quit]Ann[/]", "[@click=app.quit]Ann[/]"),
        ("\x9b31mred", "31mred"),
    ],
)
def test_what_a_person_wrote_stays_and_what_a_terminal_obeys_goes(text: str, expected: str) -> None:
    assert clean_text(text) == expected


def test_line_ends_become_one_newline_only_where_lines_are_asked_for() -> None:
    assert clean_text("a\r\nb\rc\nd\u2029e\vf", lines=True) == "a\nb\nc\nd\ne\nf"
    assert clean_text("a\r\nb\rc\nd", lines=False) == "a b c d"


def test_a_ten_megabyte_field_is_cut_without_reading_it_all() -> None:
    assert clean_text("é\x1b" * 5_000_000, max_length=50) == "é" * 50


def _pan(prefix: str, length: int, random_: random.Random) -> str:
    body = prefix + "".join(random_.choice("0123456789") for _ in range(length - len(prefix) - 1))
    return next(body + str(n) for n in range(10) if _luhn(body + str(n)))


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


BRANDS = [
    ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
    ("6011", 16), ("65", 16), ("644", 19), ("62", 16), ("62", 19), ("3528", 16), ("3589", 16), ("36", 14), ("300", 14),
    ("6759", 13), ("5018", 19), ("2200", 16), ("606282", 16),
]  # fmt: skip


def _spaced(number: str, random_: random.Random) -> str:
    gap = random_.choice([" ", "-", ".", "  ", "\u00a0", " - ", "–", "\u202f"])
    match random_.randrange(5):
        case 0:
            return number
        case 1:
            return gap.join(number[i : i + 4] for i in range(0, len(number), 4))
        case 2:
            return gap.join((number[:4], number[4:10], number[10:]))
        case 3:
            return gap.join(number)
        case _:
            return "".join(digit + (gap if random_.random() < 0.3 else "") for digit in number[:-1]) + number[-1]


def test_ten_thousand_card_numbers_in_any_spacing_are_found_with_their_last_four() -> None:
    random_ = random.Random(20)
    for n in range(10_000):
        number = _pan(*BRANDS[n % len(BRANDS)], random_)
        before, after = random_.choice(["", "card ", "tarjeta:", "no. ("]), random_.choice(["", " ok", ", 12/27", ")"])
        text = before + _spaced(number, random_) + after
        assert has_card_number(text) == f"**** {number[-4:]}", text


def test_a_card_number_with_its_expiry_behind_it_is_found() -> None:
    assert has_card_number("4111 1111 1111 1111 12/27 123") == "**** 1111"
    assert has_card_number("٤١١١ ١١١١ ١١١١ ١١١١") == "**** 1111"


def test_a_wrong_check_digit_is_no_card_number() -> None:
    assert has_card_number("4111 1111 1111 1112") is None


def _iban(country: str, length: int, random_: random.Random) -> str:
    body = "".join(random_.choice("0123456789") for _ in range(length - 4))
    digits = "".join(str(int(char, 36)) for char in body + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{body}"


def test_phones_invoice_numbers_and_bank_accounts_pass() -> None:
    random_ = random.Random(21)

    def digits(count: int) -> str:
        return "".join(random_.choice("0123456789") for _ in range(count))

    def fours(text: str) -> str:
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))

    makers = [
        lambda: f"+34 6{digits(2)} {digits(3)} {digits(3)}",
        lambda: f"+55 11 9{digits(4)}-{digits(4)}",
        lambda: f"+40 7{digits(2)} {digits(3)} {digits(3)} / +44 20 {digits(4)} {digits(4)}",
        lambda: f"00{random_.choice(['34', '39', '40', '44'])}{digits(9)}",
        lambda: f"INV-2026/{digits(6)} and 2026-{digits(5)}",
        lambda: f"Facturas {digits(4)}, {digits(4)}, {digits(4)}, {digits(4)}",
        lambda: _iban("ES", 24, random_),
        lambda: fours(_iban("ES", 24, random_)),
        lambda: fours(_iban("DE", 22, random_)),
        lambda: fours(_iban("PT", 25, random_)),
        lambda: f"2026-11-{digits(2)} 20261122{digits(6)}",
    ]
    wrong = [text for n in range(10_000) if has_card_number(text := makers[n % len(makers)]())]
    assert len(wrong) <= 50, wrong[:20]
