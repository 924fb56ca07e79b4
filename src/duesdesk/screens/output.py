r"""Few bytes to the terminal: only cells that changed, and of their style only what differs from the cell before.

Textual repaints regions: a widget that refreshes sends all its cells, a dialog that opens sends the whole screen
several times, and every run of text states its full style and ends in a reset. `Painter` keeps what the terminal shows,
as rows of cells, and turns each of Textual's updates into the difference. Under NO_COLOR it writes no colours.

Example (the app does this):
    painter = Painter(no_color=False)
    text = painter.paint(update, size, color_system)     # "" when the terminal shows it already
    painter.forget()                                     # something else has written to the terminal
    change(now, then)                                    # "\x1b[1;38;2;124;196;255m"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from duesdesk.screens.text import is_narrow

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
_SEEN_ON_BLANKS = ("4", "7", "9")
_NEAR = 8
"""Unchanged cells between two changed runs that cost less than moving the cursor over them."""


class Look(NamedTuple):
    """The style of a cell: foreground, background (SGR codes, "" for the terminal's own) and attributes."""

    fore: str = ""
    back: str = ""
    attributes: tuple[str, ...] = ()


PLAIN = Look()
Row = tuple[list[str], list[Look]]
"""The cells of a line: their characters ("" is the right half of a wide one) and their looks."""


@lru_cache(maxsize=1024)
def look_of(style: Style | None, color_system: ColorSystem, no_color: bool) -> Look:
    """The look of a Rich style."""
    if style is None:
        return PLAIN
    fore = ";".join(style.color.downgrade(color_system).get_ansi_codes()) if style.color and not no_color else ""
    back = (
        ";".join(style.bgcolor.downgrade(color_system).get_ansi_codes(foreground=False))
        if (style.bgcolor and not no_color)
        else ""
    )
    names = (
        ("1", style.bold), ("2", style.dim), ("3", style.italic), ("4", style.underline), ("7", style.reverse),
        ("9", style.strike),
    )  # fmt: skip
    return Look(fore, back, tuple(code for code, on in names if on))


@lru_cache(maxsize=4096)
def change(now: Look, then: Look) -> str:
    """The escape sequence from one look to another; empty when nothing differs."""
    if now == then:
        return ""
    if then == PLAIN:
        return "\x1b[0m"
    codes = sorted({_OFF[code] for code in now.attributes if code not in then.attributes})
    # 22 ends bold and dim together.
    codes += [code for code in then.attributes if code not in now.attributes or _OFF[code] in codes]
    if now.fore != then.fore:
        codes.append(then.fore or "39")
    if now.back != then.back:
        codes.append(then.back or "49")
    short = ";".join(codes)
    full = ";".join(("0", *then.attributes, *(color for color in (then.fore, then.back) if color)))
    return f"\x1b[{min(short, full, key=len)}m"


@lru_cache(maxsize=4096)
def _on_blank(now: Look, then: Look) -> Look:
    """The look that serves for blanks meant as `then`: the letters' colour and weight may stay as they are."""
    kept = tuple(code for code in now.attributes if code not in _SEEN_ON_BLANKS)
    seen = tuple(code for code in then.attributes if code in _SEEN_ON_BLANKS)
    return Look(now.fore if "7" not in seen else then.fore, then.back, kept + seen)


def cells(text: str) -> list[str]:
    """One entry for each cell: marks join the letter before them, a wide character is followed by ""."""
    if is_narrow(text):
        return list(text)
    found: list[str] = []
    for char in text:
        width = cell_len(char)
        if width == 0 and found:
            found[-2 if found[-1] == "" and len(found) > 1 else -1] += char
        elif width:
            found.append(char)
            if width == 2:
                found.append("")
    # A sequence (a flag, a family) may be narrower than its parts; the terminal is asked to show what was measured.
    wanted = cell_len(text)
    return found[:wanted] + [" "] * (wanted - len(found))


class Painter:
    """What the terminal shows; see the module."""

    def __init__(self, *, no_color: bool = False) -> None:
        self.no_color = no_color
        self._size = (0, 0)
        self._rows: list[Row | None] = []

    def forget(self) -> None:
        """The terminal may show something else: the next update is written in full."""
        self._rows = [None] * self._size[1]

    def paint(self, update: LayoutUpdate | ChopsUpdate, size: tuple[int, int], color_system: ColorSystem) -> str:
        """What to write so that the terminal shows `update`; "" when it does. The style is reset at the end."""
        if size != self._size:
            self._size = size
            self._rows = [None] * size[1]
        written: list[str] = []
        now = PLAIN
        for y, runs in _lines(update):
            if 0 <= y < size[1]:
                now = self._paint_line(y, runs, color_system, now, written)
        if now != PLAIN:
            written.append("\x1b[0m")
        return "".join(written)

    def _paint_line(
        self, y: int, runs: Iterable[tuple[int, Strip]], color_system: ColorSystem, now: Look, written: list[str]
    ) -> Look:
        width = self._size[0]
        old = self._rows[y]
        if old is None:
            # Nothing is known of this line: no cell equals "\0".
            old = (["\0"] * width, [PLAIN] * width)
        chars, looks = old[0].copy(), old[1].copy()
        for x, strip in runs:
            at = x
            for text, style, _control in strip:
                new = cells(text)
                count = min(len(new), width - at)
                if count <= 0:
                    break
                chars[at : at + count] = new[:count]
                looks[at : at + count] = [look_of(style, color_system, self.no_color)] * count
                at += count
        if chars == old[0] and looks == old[1]:
            return now
        for first, last in _changed(old, (chars, looks)):
            written.append(f"\x1b[{y + 1};{first + 1}H")
            now = _write_cells(chars, looks, first, last, now, written)
        self._rows[y] = (chars, looks)
        return now


def _lines(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, list[tuple[int, Strip]]]]:
    """(y, [(x, strip)]) of everything in an update.

    Of a line only the spans count: beside them Textual hands over blanks where nothing was to be painted.
    """
    if isinstance(update, ChopsUpdate):
        for y, first, last in update.spans:
            yield y, _within(update.chops[y], first, last)
        return
    for y, strips in enumerate(update.strips, update.region.y):
        runs = []
        x = update.region.x
        for strip in strips:
            runs.append((x, strip))
            x += strip.cell_length
        yield y, runs


def _within(chops: Mapping[int, Strip | None], first: int, last: int) -> list[tuple[int, Strip]]:
    """The parts of a line that lie in [first, last)."""
    runs = []
    for x, part in chops.items():
        if part is None:
            continue
        end = x + part.cell_length
        if first <= x and end <= last:
            runs.append((x, part))
        elif x < last and end > first:
            runs.append((max(x, first), part.crop(max(0, first - x), min(end, last) - x)))
    return runs


def _changed(old: Row, new: Row) -> list[tuple[int, int]]:
    """The runs [first, last) of cells that differ, those near each other joined.

    A wide character begins where its left half differs, and its right half is written with it.
    """
    old_chars, old_looks = old
    chars, looks = new
    spans: list[tuple[int, int]] = []
    for at in range(len(chars)):
        if chars[at] != old_chars[at] or looks[at] != old_looks[at]:
            if spans and at - spans[-1][1] < _NEAR:
                spans[-1] = (spans[-1][0], at + 1)
            else:
                spans.append((at, at + 1))
    return spans


def _write_cells(chars: list[str], looks: list[Look], first: int, last: int, now: Look, written: list[str]) -> Look:
    at = first
    while at < last:
        look = looks[at]
        end = at + 1
        while end < last and looks[end] is look:
            end += 1
        text = "".join(chars[at:end]).replace("\0", " ")
        if text.isspace():
            look = _on_blank(now, look)
        written.append(change(now, look))
        written.append(text)
        now = look
        at = end
    return now


class Written(CompositorUpdate):
    """An update that is written as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        return self.text


class PaintingApp(App[int]):
    """The part of the app that writes to the terminal, through a `Painter`."""

    @cached_property
    def painter(self) -> Painter:
        """What the terminal shows."""
        return Painter(no_color=self.no_color)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self.is_headless and not self._batch_count:
            system = self.console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001  # as Textual itself does
            written = self.painter.paint(renderable, self.size, system)
            if not written:
                return
            super()._display(screen, cast("RenderableType", Written(written)))
            return
        super()._display(screen, renderable)

    def action_redraw(self) -> None:
        """Write the whole screen again, when something else has written over it."""
        self.painter.forget()
        self.screen.refresh()
