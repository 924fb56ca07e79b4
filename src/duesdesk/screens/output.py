r"""Few bytes to the terminal: only cells that changed, and of their style only what differs from the cell before.

Textual repaints regions: a widget that refreshes sends all its cells, a dialog that opens sends the whole screen
several times, and every run of text states its full style and ends in a reset. `Painter` keeps what the terminal shows,
as rows of cells, and turns each of Textual's updates into the difference. Under NO_COLOR it writes no colours.

Example (the app does this):
    painter = Painter(no_color=False)
    text = painter.paint(update, size, color_system)     # "" when the terminal shows it already
    painter.forget()                                     # something else has written to the terminal
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, cast

from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from duesdesk.screens.encoding import PLAIN, Look, cells, encode

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_NEAR = 5
"""Unchanged cells between two changed runs that cost less than moving the cursor over them."""

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


class Painter:
    """What the terminal shows; see the module."""

    def __init__(self, *, no_color: bool = False, erases: bool = False) -> None:
        """`erases`: the terminal erases in the colour that is set (`encoding.erases_in_color`)."""
        self.no_color = no_color
        self.erases = erases
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
        text, now = encode(y, chars, looks, _changed(old, (chars, looks)), now, erases=self.erases)
        written.append(text)
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
