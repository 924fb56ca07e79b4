"""What a LineList shows: columns, rows, and the source it asks for rows.

Example:
    Column("owes", _("Owes"), 10, "right")
    Row("M00218", ("García-López María", amount("96.50", bold=True)), second=("", _("told 3 times")))
    list_.set_source(Rows([...]))                        # rows in memory
    class Debtors:                                       # or any source of your own, with pages behind it
        def count(self) -> int: ...
        def row(self, index: int) -> Row: ...
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol

from duesdesk.screens.text import Align, Line, Piece

GAP = 2
"""Cells between two columns."""


class Column(NamedTuple):
    """One column. `width` in cells is the least a `flex` column gets; flex columns share what is left.

    With `min_terminal_width` the column is left out on narrower terminals.
    """

    key: str
    title: str
    width: int
    align: Align = "left"
    min_terminal_width: int = 0
    flex: bool = False


class Row(NamedTuple):
    """One row: its key, a cell for each column (Line, Piece or str), the tone of bare strings, and its second line."""

    key: Hashable
    cells: tuple[Line | Piece | str, ...]
    tone: str = "text"
    second: tuple[Line | Piece | str, ...] = ()


class Source(Protocol):
    """Where a list gets its rows. `row` is called for visible rows only and must be quick (a page kept in memory).

    It may also have `index_of(key) -> int | None`, for finding the selected key again in a long list.
    """

    def count(self) -> int:
        """How many rows there are."""

    def row(self, index: int) -> Row:
        """The row at `index`, 0 <= index < count()."""


class Rows:
    """A source over rows that are in memory."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows = rows

    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def row(self, index: int) -> Row:
        """The row at `index`."""
        return self.rows[index]


def lay_out(columns: Sequence[Column], room: int, terminal: int) -> list[tuple[int, Column, int]]:
    """(place of the cell, column, width) of the columns that a terminal of this width shows in `room` cells."""
    shown = [(place, column) for place, column in enumerate(columns) if terminal >= column.min_terminal_width]
    used = sum(column.width for _place, column in shown) + GAP * max(0, len(shown) - 1)
    flexible = sum(column.flex for _place, column in shown)
    spare, odd = divmod(max(0, room - used), flexible) if flexible else (0, 0)
    layout = []
    for place, column in shown:
        cells = column.width
        if column.flex:
            cells += spare + (1 if odd else 0)
            odd = max(0, odd - 1)
        layout.append((place, column, cells))
    return layout


def lifted(piece: Piece, *, first: bool) -> Piece:
    """On the selected row plain text is white and the name bold."""
    if piece.tone != "text":
        return piece
    return piece._replace(tone="white", bold=piece.bold or first)
