"""A list of any length that costs what is visible: 100,000 rows open and move like 20.

The rows come from a `source` with `count()` and `row(i)`; only visible rows are asked for. A move repaints two rows;
at an edge the list turns by half a page at once (nothing scrolls smoothly). `set_source(source)` keeps the selected
key and the scroll, and repaints only the rows that changed.

Keys: up down j k, page up and down, home, end; Enter posts `Chosen`; Space calls `on_mark` when given.

Example:
    columns = (Column("name", _("Who"), 24, flex=True), Column("owes", _("Owes"), 10, "right"),
               Column("oldest", _("Oldest"), 8, min_terminal_width=110))
    yield LineList(columns, on_move=self.show_person, pointer=True, empty=_("Nobody owes anything."), id="debtors")
    self.query_one(LineList).set_source(Rows([Row("M1", ("Smith Zoë", line("45.00", bold=True), "01 Nov"))]))
    def on_line_list_chosen(self, event: LineList.Chosen) -> None: self.open_member(event.key)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.i18n import ngettext
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, as_line, fit, segments, styled
from duesdesk.screens.widgets.drawn import Drawn
from duesdesk.screens.widgets.rows import GAP, Column, Row, Rows, Source, lay_out, lifted

__all__ = ["Column", "LineList", "Row", "Rows", "Source"]

FAR = 2000
"""Rows looked at on either side of the old place when the selected key is searched in a new source."""


class LineList(Drawn, can_focus=True):
    """A virtual list; see the module."""

    class Chosen(Message):
        """Enter, or a second click, on the row with this key."""

        def __init__(self, line_list: LineList, key: Hashable) -> None:
            super().__init__()
            self.line_list = line_list
            self.key = key

        @property
        def control(self) -> LineList:
            """The list, for `@on(LineList.Chosen, "#debtors")`."""
            return self.line_list

    def __init__(
        self,
        columns: Sequence[Column],
        source: Source | None = None,
        *,
        row_height: int = 1,
        header: bool = True,
        pointer: bool = False,
        more: bool = True,
        empty: Line | Piece | str = "",
        sort_key: str = "",
        surface: str = "ground",
        on_move: Callable[[Hashable | None], None] | None = None,
        on_mark: Callable[[Hashable], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`pointer` draws ▸ at the selected row, `more` keeps a last line for "26 more"; `surface="bar"` in dialogs."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.row_height = row_height
        self.header = header
        self.pointer = pointer
        self.more = more
        self.empty = empty
        self.sort_key = sort_key
        self.surface = surface
        self.on_move = on_move
        self.on_mark = on_mark
        self.marked: frozenset[Hashable] = frozenset()
        self._source: Source = source if source is not None else Rows()
        self._count = self._source.count()
        self._index = 0
        self._top = 0
        self._rows: dict[int, Row] = {}
        self._drawn_rows: dict[tuple[int, int, bool], list[Segment]] = {}
        self._layout: list[tuple[int, Column, int]] = []
        self._layout_width = -1

    # --- content

    letters = frozenset("jk")

    @property
    def count(self) -> int:
        """How many rows the source had when it was set."""
        return self._count

    @property
    def index(self) -> int:
        """The place of the selected row, 0 for an empty list."""
        return self._index

    @property
    def selected_key(self) -> Hashable | None:
        """The key of the selected row; None for an empty list."""
        return self._row(self._index).key if self._count else None

    @property
    def selected_row(self) -> Row | None:
        """The selected row; None for an empty list."""
        return self._row(self._index) if self._count else None

    def set_source(self, source: Source, *, keep: bool = True) -> None:
        """Show other rows. With `keep` the selected key stays selected, at its place on the screen when it can.

        Without `keep` the first row is selected. Only lines that differ are sent to the terminal. `on_move` is called
        when another key is selected than before, or the row of that key is another one.
        """
        before = self.selected_row
        offset = self._index - self._top
        self._source = source
        self._count = source.count()
        self._rows.clear()
        self._drawn_rows.clear()
        found = self._find(before.key) if keep and before is not None else None
        if found is None:
            self._index = min(self._index, max(0, self._count - 1)) if keep else 0
        else:
            self._index = found
        self._top = self._clamp_top(self._index - offset if keep else 0)
        self._show_index()
        self._redraw_changed()
        after = self.selected_row
        if after != before:
            self._moved()

    def set_columns(self, columns: Sequence[Column], sort_key: str | None = None) -> None:
        """Show other columns or titles, and the sorted one; the rows stay."""
        self.columns = tuple(columns)
        if sort_key is not None:
            self.sort_key = sort_key
        self.forget_drawn()
        self._redraw_changed()

    def set_marked(self, keys: frozenset[Hashable]) -> None:
        """Draw a mark beside these rows."""
        self.marked = keys
        self._drawn_rows.clear()
        self._redraw_changed()

    def refresh_row(self, key: Hashable) -> None:
        """Ask the source again for the row with this key and redraw it, if it is one of those seen lately."""
        for index, row in list(self._rows.items()):
            if row.key == key:
                del self._rows[index]
                self._drawn_rows.clear()
                self._redraw_row(index)

    def select(self, key: Hashable) -> bool:
        """Select the row with this key, bringing it into view; False when there is none."""
        found = self._find(key)
        if found is None:
            return False
        self.go(found)
        return True

    def go(self, index: int) -> None:
        """Select the row at `index` (held within the list) and call `on_move` when that changed anything."""
        index = max(0, min(self._count - 1, index))
        if index == self._index or not self._count:
            return
        old, self._index = self._index, index
        top = self._top
        self._show_index()
        if self._top != top:
            self.redraw(*self._body_lines())
        else:
            self._redraw_row(old)
            self._redraw_row(index)
        self._moved()

    def begin_at(self, index: int, above: int) -> None:
        """Select the row at `index` with `above` rows over it; where the first page shows it, that one is shown."""
        self._top = 0 if index < self._visible() else self._clamp_top(index - above)
        self.redraw(*self._body_lines())
        self.go(index)

    def _moved(self) -> None:
        if self.on_move is not None:
            self.on_move(self.selected_key)

    def _row(self, index: int) -> Row:
        row = self._rows.get(index)
        if row is None:
            if len(self._rows) > 4 * FAR:
                self._rows.clear()
            row = self._rows[index] = self._source.row(index)
        return row

    def _find(self, key: Hashable) -> int | None:
        index_of = getattr(self._source, "index_of", None)
        if index_of is not None:
            found: int | None = index_of(key)
            return found
        near = self._index
        for step in range(min(FAR, self._count) + 1):
            for index in {near + step, near - step}:
                if 0 <= index < self._count and self._row(index).key == key:
                    return index
        return None

    # --- geometry

    def _visible(self) -> int:
        lines = self.size.height - self.header - (1 if self.more else 0)
        return max(1, lines // self.row_height)

    def _body_lines(self) -> range:
        return range(int(self.header), self.size.height)

    def _clamp_top(self, top: int) -> int:
        return max(0, min(top, self._count - self._visible()))

    def _show_index(self) -> None:
        """Bring the selected row into view: by one at the ends of the list, else by half a page."""
        visible = self._visible()
        if self._index < self._top:
            self._top = self._clamp_top(min(self._index, self._top - visible // 2))
        elif self._index >= self._top + visible:
            self._top = self._clamp_top(max(self._index - visible + 1, self._top + visible // 2))

    def _redraw_row(self, index: int) -> None:
        first = int(self.header) + (index - self._top) * self.row_height
        self.redraw(*range(first, first + self.row_height))

    def _redraw_changed(self) -> None:
        old = dict(self._strips)
        if not old or self._drawn_for[0] != self.size.width:
            self.redraw()
            return
        self._strips.clear()
        changed = [y for y in range(self.size.height) if y not in old or self.strip(y) != old[y]]
        if changed:
            self.redraw(*changed)

    def _on_resize(self, event: events.Resize) -> None:
        self._top = self._clamp_top(self._top)
        self._show_index()
        self.redraw()

    # --- keys and mouse

    def press(self, key: str) -> bool:
        """Apply a moving key; False when it is not one."""
        page = self._visible()
        moves = {
            "up": self._index - 1, "k": self._index - 1, "down": self._index + 1, "j": self._index + 1,
            "pageup": self._index - page, "pagedown": self._index + page, "home": 0, "end": self._count - 1,
        }  # fmt: skip
        if key not in moves:
            return False
        if key in ("pageup", "pagedown"):
            self._turn(page if key == "pagedown" else -page)
        else:
            self.go(moves[key])
        return True

    def _turn(self, rows: int) -> None:
        if not self._count:
            return
        old_top, old = self._top, self._index
        self._top = self._clamp_top(self._top + rows)
        self._index = max(0, min(self._count - 1, self._index + rows))
        self._show_index()
        if self._top != old_top:
            self.redraw(*self._body_lines())
        else:
            self._redraw_row(old)
            self._redraw_row(self._index)
        if self._index != old:
            self._moved()

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key == "enter" and self._count:
            self.post_message(self.Chosen(self, self.selected_key))
        elif event.key == "space" and self.on_mark is not None and self._count:
            self.on_mark(self.selected_key)
        elif self.press(event.key):
            self.quiet_key = True
        else:
            return
        event.stop()
        event.prevent_default()

    async def _on_click(self, event: events.Click) -> None:
        index = self._top + (event.y - int(self.header)) // self.row_height
        if event.y < int(self.header) or not 0 <= index < self._count:
            return
        if index == self._index:
            self.post_message(self.Chosen(self, self.selected_key))
        else:
            self.go(index)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        event.prevent_default()
        top = self._clamp_top(self._top + rows)
        if top != self._top:
            self._top = top
            self.redraw(*self._body_lines())

    # --- drawing

    def forget_drawn(self) -> None:
        self._layout_width = -1
        self._drawn_rows.clear()

    def _columns(self) -> list[tuple[int, Column, int]]:
        """(place of the cell, column, width) of the columns that fit."""
        width = self.size.width
        if self._layout_width == width:
            return self._layout
        layout = lay_out(self.columns, width - self._gutter() - 1, self.app.size.width)
        self._layout, self._layout_width = layout, width
        return layout

    def _gutter(self) -> int:
        return 3 if self.pointer else 1

    def draw(self, y: int) -> list[Segment]:
        """Header, a row's line, the "more" line, or blanks."""
        width = self.size.width
        if self.header and y == 0:
            return self._draw_header(width)
        if not self._count:
            middle = int(self.header) + max(1, (self.size.height - self.header) // 3)
            shown = fit(as_line(self.empty), width, "center") if y == middle else fit("", width)
            return styled(shown, self.surface)
        place, part = divmod(y - int(self.header), self.row_height)
        index = self._top + place
        if place < self._visible() and index < self._count:
            return self._draw_row(index, part, width)
        left = self._count - self._top - self._visible()
        if self.more and left > 0 and y == self.size.height - 1:
            said = ngettext("{count} more", "{count} more", left).format(count=left)
            return segments((Piece(" " * self._gutter()), Piece(said, "dim")), width, surface=self.surface)
        return segments("", width, surface=self.surface)

    def _draw_header(self, width: int) -> list[Segment]:
        pieces: list[Piece] = [Piece(" ", "dim")]
        # The first title stands at the very left, over the pointer, as a heading of the whole list.
        first_extra = self._gutter() - 1
        for place, (_i, column, cells) in enumerate(self._columns()):
            mark = " " + sign("down") if column.key == self.sort_key else ""
            room = cells + (first_extra if place == 0 else 0)
            if place:
                pieces.append(Piece(" " * GAP, "dim"))
            pieces.extend(p._replace(tone="dim") for p in fit(column.title + mark, room, column.align))
        return segments(tuple(pieces), width, surface="bar")

    def _draw_row(self, index: int, part: int, width: int) -> list[Segment]:
        key = (index, part, index == self._index)
        drawn = self._drawn_rows.get(key)
        if drawn is None:
            if len(self._drawn_rows) > FAR:
                self._drawn_rows.clear()
            drawn = self._drawn_rows[key] = self._draw_new_row(index, part, width)
        return drawn

    def _draw_new_row(self, index: int, part: int, width: int) -> list[Segment]:
        row = self._row(index)
        selected = index == self._index
        cells = row.second if part else row.cells
        pieces: list[Piece] = [self._draw_gutter(row, selected and not part)]
        for place, (i, column, room) in enumerate(self._columns()):
            cell = cells[i] if i < len(cells) else ""
            shown = as_line(cell) if not isinstance(cell, str) else (Piece(cell, "dim" if part else row.tone),)
            if selected and not part:
                shown = tuple(lifted(piece, first=place == 0) for piece in shown)
            if place:
                pieces.append(Piece(" " * GAP))
            pieces.extend(fit(shown, room, column.align))
        return segments(tuple(pieces), width, selected, self.surface)

    def _draw_gutter(self, row: Row, pointing: bool) -> Piece:
        if row.key in self.marked:
            return Piece(" " + sign("mark") + " " if self.pointer else sign("mark"), "accent")
        if self.pointer:
            return Piece(" " + (sign("here") if pointing else " ") + " ", "white")
        return Piece(" ")
