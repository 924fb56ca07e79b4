"""A row of tiles, each with a title, a figure and a line below; one is selected.

Left and right move, Enter (or a click) posts `Tiles.Chosen`. When not all fit the row turns so that the selected one is
seen. Three lines high.

Example:
    yield Tiles([Tile("unpaid", _("Unpaid"), amount("€ 4,310.50", "white", bold=True), _("38 debtors"))], id="tiles")
    tiles.set_tiles([...])                               # only changed tiles are redrawn; the selected one stays
    def on_tiles_chosen(self, event: Tiles.Chosen) -> None: self.list_people(event.key)
    tiles.selected_key                                   # "unpaid"
    Tile("collected", _("Collected today"), "€ 365.00", _("9 payments"), spark=signs.spark([1, 3, 2]))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, as_line, fit, join, styled, width_of
from duesdesk.screens.widgets.drawn import Drawn

LEAST_WIDTH = 20
ROOMY_WIDTH = 100


class Tile(NamedTuple):
    """One tile. A bare string as figure is drawn bold; use `text.amount` for money."""

    key: str
    title: str
    figure: Line | Piece | str
    sub: Line | Piece | str = ""
    spark: str = ""


class Tiles(Drawn, can_focus=True):
    """A row of tiles; see the module."""

    class Chosen(Message):
        """Enter or a click on the tile with this key."""

        def __init__(self, tiles: Tiles, key: str) -> None:
            super().__init__()
            self.tiles = tiles
            self.key = key

        @property
        def control(self) -> Tiles:
            """The row of tiles, for `@on(Tiles.Chosen, "#tiles")`."""
            return self.tiles

    def __init__(
        self,
        tiles: Sequence[Tile] = (),
        *,
        focusable: bool = True,
        on_move: Callable[[str], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """With `focusable=False` the tiles only show figures and none is selected."""
        super().__init__(id=id, classes=classes)
        self.can_focus = focusable
        self.focusable_tiles = focusable
        self.on_move = on_move
        self._tiles = tuple(tiles)
        self._index = 0
        self._first = 0

    @property
    def selected_key(self) -> str | None:
        """The key of the selected tile."""
        return self._tiles[self._index].key if self._tiles else None

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these tiles; the selected key stays selected."""
        key = self.selected_key
        new = tuple(tiles)
        if new == self._tiles:
            return
        self._tiles = new
        keys = [tile.key for tile in new]
        self._index = keys.index(key) if key in keys else 0
        self.redraw()

    def select(self, key: str) -> None:
        """Select the tile with this key, if there is one; calls `on_move`."""
        for index, tile in enumerate(self._tiles):
            if tile.key == key:
                self._go(index)

    def press(self, key: str) -> bool:
        """Apply a moving key; False when it is not one."""
        moves = {"left": self._index - 1, "right": self._index + 1}
        if key not in moves or not self._tiles:
            return False
        self._go(moves[key])
        return True

    def _go(self, index: int) -> None:
        index = max(0, min(len(self._tiles) - 1, index))
        if index == self._index:
            return
        self._index = index
        self.redraw()
        if self.on_move is not None:
            self.on_move(self._tiles[index].key)

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key == "enter" and self._tiles:
            self.post_message(self.Chosen(self, self._tiles[self._index].key))
        elif self.press(event.key):
            self.quiet_key = True
        else:
            return
        event.stop()
        event.prevent_default()

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()

    async def _on_click(self, event: events.Click) -> None:
        index = self._first + event.x // self._slot()
        if self.focusable_tiles and index < len(self._tiles):
            self._go(index)
            self.post_message(self.Chosen(self, self._tiles[index].key))

    def _fitting(self) -> int:
        return max(1, min(len(self._tiles), self.size.width // LEAST_WIDTH))

    def _slot(self) -> int:
        return max(1, self.size.width // self._fitting())

    def draw(self, y: int) -> list[Segment]:
        """Line `y` (title, figure, sub line) of all tiles that fit."""
        if not self._tiles or y > 2:
            return styled(fit("", self.size.width))
        fitting = self._fitting()
        self._first = max(min(self._first, self._index), self._index - fitting + 1, 0)
        self._first = min(self._first, len(self._tiles) - fitting)
        slot = self._slot()
        pieces: list[Piece] = []
        for place in range(fitting):
            index = self._first + place
            last = place == fitting - 1
            cells = (self.size.width - slot * (fitting - 1) if last else slot) - 1
            pieces.append(Piece(" "))
            pieces.extend(self._draw_tile(self._tiles[index], y, cells, selected=index == self._index))
        return styled(fit(tuple(pieces), self.size.width))

    def _draw_tile(self, tile: Tile, y: int, cells: int, *, selected: bool) -> Line:
        selected = selected and self.focusable_tiles
        surface = "sel" if selected else "bar"
        roomy = self.size.width >= ROOMY_WIDTH
        edge = sign("bar") if selected and self.has_focus else " "
        lead = join(Piece(edge, "accent"), Piece(" ")) if roomy else join(Piece(edge, "accent"))
        if y == 0:
            body = join(Piece(tile.title, "accent" if selected else "dim", bold=selected))
        elif y == 1:
            figure = tile.figure
            body = join(Piece(figure, "white", bold=True)) if isinstance(figure, str) else as_line(figure)
        else:
            body = join(Piece(tile.sub, "dim")) if isinstance(tile.sub, str) else as_line(tile.sub)
            spark = Piece("  " + tile.spark, "dim")
            # A sparkline that is cut would tell something else.
            if tile.spark and roomy and width_of(lead) + width_of(body) + width_of(spark) < cells:
                body = join(*body, spark)
        return tuple(piece._replace(on=surface) for piece in fit(join(*lead, *body), cells))
