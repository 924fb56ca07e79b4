"""What reaches the terminal is measured, cut and clean, whatever the data says."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from duesdesk.screens import signs, text
from duesdesk.screens.text import (
    Piece,
    amount,
    bar,
    cut,
    drawn,
    filled,
    fit,
    forget_drawn,
    join,
    line,
    pad,
    segments,
    show_amounts,
    spread,
    width_of,
    with_sums,
    wrap,
    wrap_line,
)

HOSTILE = (
    "[@click=app.quit]Ann[/]",
    "[/]",
    "Gym [VIP]",
    "[a='",
    "\x1b]52;c;aGk=\x1b\\Eve",
    "\x1b[2J\x9bEve\x00\x07",
    "a\u202eb\u2066c\u200b",
    "e" + "\u0301" * 40,
    "👩‍👩‍👧‍👦 family",
    "שלום عالم",
    "中文名字",
    "x" * 10_000,
    '"quotes" \\ `tick`',
    "tab\tand\nline",
    "",
    "   ",
)


@pytest.fixture(autouse=True)
def _as_usual():
    yield
    show_amounts(True)
    signs.use_ascii(False)
    forget_drawn()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [0, 1, 2, 10, 40])
def test_any_text_takes_exactly_its_cells_and_carries_no_control_character(name: str, width: int) -> None:
    drawn_text = "".join(segment.text for segment in segments((Piece("» "), Piece(name, "bad", bold=True)), width))
    assert cell_len(drawn_text) == width
    bad = [c for c in drawn_text if unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066\u200b"]
    assert bad == []


@pytest.mark.parametrize("name", ["Gym [VIP]", "[@click=app.quit]Ann[/]", "[/]"])
def test_brackets_are_shown_as_typed(name: str) -> None:
    assert "".join(segment.text for segment in segments(name, 40)).strip() == name


def test_what_does_not_fit_ends_in_dots() -> None:
    assert cut("García-López", 6) == "Garcí…"
    assert cut("García", 6) == "García"
    assert "".join(p.text for p in fit((Piece("García"), Piece("-López")), 6)) == "Garcí…"
    assert "".join(p.text for p in fit((Piece("Garcí"), Piece("a")), 6)) == "García"


def test_wide_characters_are_cut_at_whole_cells() -> None:
    assert cell_len(pad("中文名字", 5)) == 5
    assert pad("中文名字", 5).startswith("中文")


def test_amounts_stand_right_and_names_left() -> None:
    assert pad("96.50", 8, "right") == "   96.50"
    assert pad("Ana", 6) == "Ana   "
    assert pad("Ana", 7, "center") == "  Ana  "


def test_hidden_amounts_are_the_same_dots_whatever_the_sum() -> None:
    small, large = amount("5.00"), amount("123,456.00")
    show_amounts(False)
    assert fit(small, 10) == fit(large, 10)
    assert "5" not in "".join(p.text for p in fit(small, 10))
    assert width_of(large) == 5
    show_amounts(True)
    assert "123,456.00" in "".join(p.text for p in fit(large, 12))


def test_an_empty_amount_stays_empty_when_hidden() -> None:
    show_amounts(False)
    assert "".join(p.text for p in fit(amount(""), 6)) == "      "


def test_both_edges_of_a_line_are_kept_and_the_left_is_cut() -> None:
    shown = "".join(p.text for p in spread("Accounting Calendar", "run 06:00", 20))
    assert shown == "Accounti…  run 06:00"


def test_long_words_and_sentences_are_wrapped_within_the_width() -> None:
    lines = wrap("Something unexpected happened with donaudampfschifffahrtsgesellschaft today", 12)
    assert all(cell_len(one) <= 12 for one in lines)
    assert "".join(lines).replace(" ", "") == ("Somethingunexpectedhappenedwithdonaudampfschifffahrtsgesellschafttoday")
    assert wrap("one two three four", 8, max_lines=2) == ["one two", "three f…"]


def test_names_lose_their_letters_to_ascii_only_where_the_terminal_needs_it() -> None:
    assert drawn("Popescu Ștefan ✓ Łukasz") == "Popescu Ștefan ✓ Łukasz"
    signs.use_ascii(True)
    forget_drawn()
    shown = drawn("Popescu Ștefan ✓ Łukasz")
    assert shown == "Popescu Stefan + Lukasz"


def test_parts_of_a_bar_fill_it_and_the_smallest_is_seen() -> None:
    parts = bar([(1_900, "accent"), (1, "warn"), (0, "bad"), (650, "bad")], 40)
    assert sum(cells for cells, _tone in parts) + 2 == 40
    assert [tone for _cells, tone in parts] == ["accent", "warn", "bad"]
    assert min(cells for cells, _tone in parts) == 1


def test_a_line_is_built_of_pieces_lines_and_words() -> None:
    assert join("a", Piece("b", "dim"), line("c", "ok")) == (Piece("a"), Piece("b", "dim"), Piece("c", "ok"))


def test_a_cleaned_text_keeps_the_spacing_around_it() -> None:
    assert drawn("  Ș\u202e ") == "  Ș "


@pytest.mark.parametrize("sign", sorted(signs.SIGNS))
def test_each_sign_and_its_twin_take_one_cell(sign: str) -> None:
    unicode, ascii_twin = signs.SIGNS[sign]
    assert cell_len(unicode) == 1
    assert len(ascii_twin) == 1
    assert ascii_twin.isascii()


@pytest.mark.parametrize(
    ("encoding", "term", "ascii_only"),
    [("utf-8", "xterm-256color", False), ("UTF8", None, False), ("ascii", "xterm", True), ("utf-8", "linux", True),
     ("ISO-8859-1", "xterm", True), (None, "xterm", True)],
)  # fmt: skip
def test_signs_are_ascii_where_the_terminal_has_no_unicode(encoding: str, term: str, ascii_only: bool) -> None:
    assert signs.needs_ascii(encoding, term) is ascii_only


def test_a_sparkline_has_one_level_a_figure() -> None:
    assert signs.spark([1, 8, 4, 0]) == "▁█▄▁"
    assert signs.spark([0, 0]) == "▁▁"
    assert signs.spark([]) == ""


def test_nothing_is_said_with_markup() -> None:
    heard: list[tuple[str, str]] = []

    class Listener:
        def show_message(self, message: str, severity: str = "text") -> None:
            heard.append((message, severity))

    text.say(Listener(), "[b]Saved[/b]", "ok")
    assert heard == [("[b]Saved[/b]", "ok")]


def test_a_sentence_is_filled_with_pieces_and_only_the_amount_is_hidden() -> None:
    said = filled("{name}: {amount} left {{so}}", "warn", name="[b]Ann[/b]", amount=amount("36.50", "warn"))
    show_amounts(True)
    assert "".join(text.shown_text(piece) for piece in said) == "[b]Ann[/b]: 36.50 left {so}"
    show_amounts(False)
    assert "".join(text.shown_text(piece) for piece in said) == "[b]Ann[/b]: ••••• left {so}"
    assert {piece.tone for piece in said} == {"warn"}


@pytest.mark.parametrize(
    "sum_",
    ["96.50", "1,096.50", "€96.50", "1.096,50\xa0€", "¥7,000", "7000 JPY", "TND 12.500", "R$ 45,00", "0.05", "CHF 9",
     "1\u202f096,50 €", "45,00 lei"],
)  # fmt: skip
def test_a_sum_in_a_text_is_hidden_and_nothing_else(sum_: str) -> None:
    told = with_sums(f"INV-00001 of 14 Sep 2026 (09:30, 3 of 4): {sum_}, by 14/09/2026. Call +34 600 11 22 33.")
    show_amounts(False)
    shown = "".join(text.shown_text(piece) for piece in told)
    assert not any(digit in shown.partition("): ")[2].partition(", by")[0] for digit in "0123456789")
    assert shown.startswith("INV-00001 of 14 Sep 2026 (09:30, 3 of 4): ")
    assert shown.endswith(", by 14/09/2026. Call +34 600 11 22 33.")


def test_a_wrapped_line_keeps_its_tones_and_fits_with_amounts_shown_or_hidden() -> None:
    said = join(Piece("Only ", "bad"), amount("9.5", "bad"), Piece(", of it ", "bad"), amount("123,456.78", "ok"), "!")
    for width in (8, 12, 20, 40):
        lines = wrap_line(said, width)
        for shown in (True, False):
            show_amounts(shown)
            # An amount is never broken, not even where it is longer than the line.
            assert all(width_of(one) <= max(width, 11) for one in lines)
            assert "".join(piece.text for one in lines for piece in one).replace(" ", "") == "Only9.5,ofit123,456.78!"
    assert [piece for one in wrap_line(said, 20) for piece in one if piece.secret] == [said[1], said[3]]
    assert wrap_line("", 20) == [()]
    assert wrap_line("a  b", 20) == [(Piece("a"), Piece(" "), Piece(""), Piece(" "), Piece("b"))]
