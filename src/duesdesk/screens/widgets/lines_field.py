r"""An entry field of several lines, for notes and free notices. As `Field`, but Enter begins a new line.

Long lines are broken at blanks for showing only; after `whole_lines` they move sideways instead. Ctrl+S (or
Ctrl+Enter where the terminal has it) submits, Tab leaves.

Example:
    yield LinesField(value=note, max_length=2000, id="note")     # its height comes from desk.tcss or styles
    field.value                                          # "first line\nsecond line"
    def on_field_submitted(self, event: Field.Submitted) -> None: ...
    LinesField(on_change=self.preview)
"""

from __future__ import annotations

from typing import Self

from rich.cells import cell_len
from rich.segment import Segment
from textual import events

from duesdesk.domain.text import clean_text
from duesdesk.screens.text import Piece, fit, styled
from duesdesk.screens.widgets.field import Field


def rows_of(value: str, width: int) -> list[tuple[int, int]]:
    """(start, end) of each shown row of `value`, broken at line ends, at blanks, and in words too wide."""
    rows: list[tuple[int, int]] = []
    start = 0
    for part in value.split("\n"):
        rows.extend((start + a, start + b) for a, b in _break(part, max(1, width)))
        start += len(part) + 1
    return rows


def _break(part: str, width: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    first = 0
    while cell_len(part[first:]) > width:
        last, cells = first, 0
        while cells + cell_len(part[last]) <= width:
            cells += cell_len(part[last])
            last += 1
        blank = part.rfind(" ", first, last + 1)
        last = max(blank + 1 if blank > first else last, first + 1)
        rows.append((first, last))
        first = last
    rows.append((first, len(part)))
    return rows


class LinesField(Field):
    r"""An entry field of several lines; see the module."""

    # Every drawn line asks for them: a long text is broken once for each change of it.
    _broken: tuple[str, int, list[tuple[int, int]]] = ("", -1, [])

    wrap = True
    _out_left = 0
    """Characters of each row that are out of sight at the left."""

    def whole_lines(self) -> Self:
        """Do not break long lines; for what is written in a notation of its own."""
        self.wrap = False
        return self

    def _rows(self) -> list[tuple[int, int]]:
        value, width = self._value, self.size.width - 3 if self.wrap else len(self._value) * 2 + 1
        if self._broken[:2] != (value, width):
            self._broken = (value, width, rows_of(value, width))
        return self._broken[2]

    def _place(self) -> tuple[int, int]:
        """The shown row and column of the cursor."""
        rows = self._rows()
        for number, (start, end) in enumerate(rows):
            last = number == len(rows) - 1 or rows[number + 1][0] > self._cursor
            if start <= self._cursor <= end and last:
                return number, self._cursor - start
        return len(rows) - 1, 0

    def press(self, key: str, character: str | None = None) -> bool:
        """Apply one key; False when the field has no use for it."""
        before = self._value
        if key == "enter":
            self._insert("\n")
        elif key in ("up", "down"):
            self._move_row(-1 if key == "up" else 1)
        elif key in ("home", "end"):
            row, _column = self._place()
            start, end = self._rows()[row]
            self._cursor = (
                start
                if key == "home"
                else max(start, end - (self._value[end - 1 : end] == " " and end < len(self._value)))
            )
        elif not super().press(key, character):
            return False
        else:
            self._scroll()
            self.redraw()
            return True
        self.fresh = False
        self._tell(before)
        self._scroll()
        self.redraw()
        return True

    def _move_row(self, by: int) -> None:
        row, column = self._place()
        rows = self._rows()
        target = row + by
        if target < 0:
            self._cursor = 0
        elif target >= len(rows):
            self._cursor = len(self._value)
        else:
            start, end = rows[target]
            wrapped = target + 1 < len(rows) and rows[target + 1][0] == end
            self._cursor = min(start + column, end - 1 if wrapped else end)

    def _scroll(self) -> None:
        row, column = self._place()
        height = max(1, self.size.height)
        if not self.wrap:
            start, end = self._rows()[row]
            room = max(1, self.size.width - 3)
            left = min(self._out_left, column)
            while cell_len(self._value[start + left : start + column]) > room:
                left += 1
            # What fits from the beginning begins there.
            self._out_left = 0 if cell_len(self._value[start:end]) <= room else left
        self._first_shown = max(min(self._first_shown, row), row - height + 1, 0)

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key in ("ctrl+s", "ctrl+enter"):
            self.submit()
        elif self.press(event.key, event.character):
            self.quiet_key = True
        else:
            return
        event.stop()
        event.prevent_default()

    def paste(self, text: str) -> None:
        """Put in all lines of `text`."""
        before = self._value
        self._insert(clean_text(text, max_length=self.max_length, lines=True))
        self._tell(before)
        self._scroll()
        self.redraw()

    def set_value(self, value: str, *, fresh: bool = False) -> None:
        super().set_value(value, fresh=fresh)
        self._first_shown = self._out_left = 0
        self.redraw()

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()

    async def _on_click(self, event: events.Click) -> None:
        rows = self._rows()
        start, end = rows[min(self._first_shown + event.y, len(rows) - 1)]
        self._cursor = min(start + self._out_left + max(0, event.x - 1), end)
        self.redraw()

    def draw(self, y: int) -> list[Segment]:
        """One row of the text, with the cursor as a reversed cell."""
        width = self.size.width
        surface = "sel" if self.has_focus else "ground" if self.screen.is_modal else "bar"
        rows = self._rows()
        number = self._first_shown + y
        if not self._value and y == 0 and not self.has_focus:
            return styled(fit((Piece(" "), Piece(self.placeholder, "faint")), width), surface)
        if number >= len(rows):
            return styled(fit("", width), surface)
        start, end = rows[number]
        start = min(start + self._out_left, end)
        text = self._value[start:end]
        row, column = self._place()
        column -= self._out_left
        if not self.has_focus or row != number:
            return styled(fit((Piece(" "), Piece(text)), width), surface)
        at = text[column : column + 1]
        pieces = (
            Piece(" "),
            Piece(text[:column], "white"),
            Piece(at or " ", "white", on="cursor"),
            Piece(text[column + 1 :], "white"),
        )
        return styled(fit(pieces, width), surface)
