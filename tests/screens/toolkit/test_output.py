"""What the terminal shows is what Textual meant, with as few bytes as it takes."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from duesdesk.screens.encoding import PLAIN, Look, cells, change, erases_in_color
from duesdesk.screens.output import Painter, look_of
from duesdesk.screens.theme import tone

WIDTH, HEIGHT = 40, 3
SIZE = (WIDTH, HEIGHT)
STYLES = [
    tone("text"), tone("dim"), tone("white", "sel", bold=True), tone("accent", "bar", underline=True),
    Style(reverse=True), Style(bold=True), Style(),
]  # fmt: skip
TEXTS = ["a", "Popescu Ștefan", "   ", "中文", "é", "96.50  ", "●●●", "x" * 30, " " * 14, "x" + " " * 12 + "y"]


def strip(*runs: tuple[str, Style]) -> Strip:
    """A line of exactly WIDTH cells."""
    return Strip([Segment(text, style) for text, style in runs]).adjust_cell_length(WIDTH, Style())


def full(*strips: Strip) -> LayoutUpdate:
    return LayoutUpdate([[one] for one in strips], Region(0, 0, WIDTH, HEIGHT))


def shown(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool, bool, bool]]]:
    """The cells of an emulated terminal; of blanks only what is seen of them."""
    rows = []
    for y in range(HEIGHT):
        row = []
        for x in range(WIDTH):
            cell = screen.buffer[y][x]
            blank = cell.data == " " and not cell.reverse
            row.append((
                cell.data, "" if blank else cell.fg, cell.bg, cell.bold and not blank, cell.underscore, cell.reverse,
            ))  # fmt: skip
        rows.append(row)
    return rows


def emulate(text: str, screen: pyte.Screen | None = None) -> pyte.Screen:
    screen = screen or pyte.Screen(WIDTH, HEIGHT)
    pyte.Stream(screen).feed(text)
    return screen


lines = st.lists(
    st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(STYLES)), max_size=4).map(lambda runs: strip(*runs)),
    min_size=HEIGHT,
    max_size=HEIGHT,
)


@given(st.lists(lines, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_after_any_updates_the_terminal_shows_the_last_one(
    frames: list[list[Strip]], erases: bool, no_color: bool
) -> None:
    painter = Painter(erases=erases, no_color=no_color)
    screen = pyte.Screen(WIDTH, HEIGHT)
    for frame in frames:
        emulate(painter.paint(full(*frame), SIZE, ColorSystem.TRUECOLOR), screen)
    alone = emulate(Painter(no_color=no_color).paint(full(*frames[-1]), SIZE, ColorSystem.TRUECOLOR))
    assert shown(screen) == shown(alone)


@given(lines, st.booleans())
def test_a_frame_looks_as_textual_would_have_written_it(frame: list[Strip], erases: bool) -> None:
    lean = emulate(Painter(erases=erases).paint(full(*frame), SIZE, ColorSystem.TRUECOLOR))
    plain = pyte.Screen(WIDTH, HEIGHT)
    for y, one in enumerate(frame):
        text = "".join(
            Strip.render_style(segment.style, segment.text, ColorSystem.TRUECOLOR) if segment.style else segment.text
            for segment in one
        )
        emulate(f"\x1b[{y + 1};1H{text}", plain)
    assert shown(lean) == shown(plain)


def test_the_same_again_writes_nothing() -> None:
    painter = Painter()
    frame = full(strip(("Ana", tone("text"))), strip(("Bob", tone("dim"))), strip())
    assert painter.paint(frame, SIZE, ColorSystem.TRUECOLOR)
    assert painter.paint(frame, SIZE, ColorSystem.TRUECOLOR) == ""


def test_only_the_changed_cells_are_written() -> None:
    painter = Painter()
    painter.paint(full(strip(("Ana 10", tone("text"))), strip(), strip()), SIZE, ColorSystem.TRUECOLOR)
    written = painter.paint(full(strip(("Ana 12", tone("text"))), strip(), strip()), SIZE, ColorSystem.TRUECOLOR)
    assert written.startswith("\x1b[1;6H")
    assert "2" in written
    assert "Ana" not in written
    assert written.endswith("\x1b[0m")


def test_a_part_of_the_screen_changes_its_cells_only() -> None:
    painter = Painter()
    left, right = Strip([Segment("Ana" + " " * 9, tone("text"))]), Strip([Segment("old" + " " * 9, tone("dim"))])
    painter.paint(
        LayoutUpdate([[left, right], [left, right], [left, right]], Region(0, 0, WIDTH, HEIGHT)),
        SIZE,
        ColorSystem.TRUECOLOR,
    )
    new = Strip([Segment("new" + " " * 9, tone("dim"))])
    chops = [{0: None, 12: None}, {0: None, 12: new}, {0: None, 12: None}]
    update = ChopsUpdate(chops, [(1, 12, 24)], [[12, 24]] * 3)  # type: ignore[arg-type]
    written = painter.paint(update, SIZE, ColorSystem.TRUECOLOR)
    assert "new" in written
    assert "\x1b[2;13H" in written
    assert "Ana" not in written


def test_blanks_that_textual_hands_over_beside_a_span_change_nothing() -> None:
    painter = Painter()
    screen = pyte.Screen(WIDTH, HEIGHT)
    row = strip(("Ana Ruiz", tone("text")))
    emulate(painter.paint(full(row, row, row), SIZE, ColorSystem.TRUECOLOR), screen)
    # Only the right half of the second line was painted; the left half carries the ground below it.
    blank, new = Strip([Segment(" " * 12, tone("text"))]), Strip([Segment("new" + " " * 9, tone("dim"))])
    chops = [{0: None, 12: None}, {0: blank, 12: new}, {0: None, 12: None}]
    update = ChopsUpdate(chops, [(1, 12, 24)], [[12, 24]] * 3)  # type: ignore[arg-type]
    emulate(painter.paint(update, SIZE, ColorSystem.TRUECOLOR), screen)
    assert screen.display[1].rstrip() == "Ana Ruiz    new"


def test_a_span_inside_a_part_takes_only_its_cells() -> None:
    painter = Painter()
    screen = pyte.Screen(WIDTH, HEIGHT)
    old, new = strip(("a" * WIDTH, tone("text"))), strip(("b" * WIDTH, tone("text")))
    emulate(painter.paint(full(old, old, old), SIZE, ColorSystem.TRUECOLOR), screen)
    update = ChopsUpdate([{0: new}, {0: None}, {0: None}], [(0, 3, 5), (0, 8, 9)], [[WIDTH]] * 3)  # type: ignore[arg-type]
    emulate(painter.paint(update, SIZE, ColorSystem.TRUECOLOR), screen)
    assert screen.display[0] == "aaabbaaab" + "a" * (WIDTH - 9)


def test_what_was_forgotten_or_resized_is_written_again() -> None:
    painter = Painter()
    frame = full(strip(("Ana", tone("text"))), strip(), strip())
    painter.paint(frame, SIZE, ColorSystem.TRUECOLOR)
    painter.forget()
    assert "Ana" in painter.paint(frame, SIZE, ColorSystem.TRUECOLOR)
    assert painter.paint(frame, (WIDTH, HEIGHT + 1), ColorSystem.TRUECOLOR)


def test_a_wide_character_is_replaced_whole() -> None:
    painter = Painter()
    screen = pyte.Screen(WIDTH, HEIGHT)
    for text in ("中文 a", "x文 a", "中文 b", "中x  b"):
        emulate(painter.paint(full(strip((text, tone("text"))), strip(), strip()), SIZE, ColorSystem.TRUECOLOR), screen)
        assert screen.display[0].rstrip() == text


def test_without_colour_none_is_written_but_weight_and_reverse_are() -> None:
    written = Painter(no_color=True).paint(
        full(strip(("Ana", Style(color="#7cc4ff", bgcolor="#171b24", bold=True, reverse=True))), strip(), strip()),
        SIZE,
        ColorSystem.TRUECOLOR,
    )
    assert "38;2" not in written
    assert "48;2" not in written
    assert "\x1b[0;1;7m" in written or "\x1b[1;7m" in written


@pytest.mark.parametrize(
    ("now", "then", "codes"),
    [
        (PLAIN, PLAIN, ""),
        (PLAIN, Look("38;2;1;2;3"), "\x1b[38;2;1;2;3m"),
        (Look("31", "40", ("1",)), PLAIN, "\x1b[0m"),
        (Look("38;2;9;9;9", "48;2;8;8;8", ("1",)), Look("38;2;9;9;9", "48;2;8;8;8"), "\x1b[22m"),
        (Look("31", "40"), Look("31", "41"), "\x1b[41m"),
        (Look("38;2;9;9;9", "48;2;8;8;8"), Look("", "48;2;8;8;8"), "\x1b[39m"),
    ],
)
def test_only_what_differs_of_a_style_is_stated(now: Look, then: Look, codes: str) -> None:
    assert change(now, then) == codes


def test_bold_stays_when_dim_ends() -> None:
    assert change(Look(attributes=("1", "2")), Look(attributes=("1",))) in ("\x1b[22;1m", "\x1b[0;1m")


def test_cells_count_as_the_terminal_counts_them() -> None:
    assert cells("aé") == ["a", "é"]
    assert cells("e\u0301x") == ["e\u0301", "x"]
    assert cells("中a") == ["中", "", "a"]
    assert look_of(None, ColorSystem.TRUECOLOR, False) == PLAIN


def test_a_line_whose_ground_changes_is_erased_and_its_words_written_look_by_look() -> None:
    def row(on: str) -> Strip:
        runs = [("Ana", "text"), (" " * 16, "text"), ("Mar  ", "dim"), ("9 d  ", "bad"), ("Nov" + " " * 8, "dim")]
        return strip(*[(text, tone(name, on)) for text, name in runs])

    written = {}
    for erases in (False, True):
        painter = Painter(erases=erases)
        painter.paint(full(row("ground"), strip(), strip()), SIZE, ColorSystem.TRUECOLOR)
        written[erases] = painter.paint(full(row("sel"), strip(), strip()), SIZE, ColorSystem.TRUECOLOR)
    assert "\x1b[K" in written[True]
    assert "\x1b[K" not in written[False]
    assert written[True].count("\x1b[38") + written[True].count(";38;") == 3
    assert len(written[True]) < len(written[False])


@pytest.mark.parametrize(
    ("term", "erases"),
    [("xterm-256color", True), ("tmux-256color", True), ("linux", True), ("screen-256color", False), ("vt100", False)],
)
def test_only_terminals_that_erase_in_colour_are_told_to(term: str, erases: bool) -> None:
    assert erases_in_color(term) is erases
