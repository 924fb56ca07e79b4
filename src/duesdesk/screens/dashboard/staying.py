"""Who is selected and leaves the list stays in it as settled until the cursor moves: keys act on who is seen."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.dashboard.words import CARES
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Piece
from duesdesk.screens.widgets.line_list import Row
from duesdesk.services.debtors import LISTS, PARTIAL, PENDING, UNPAID

if TYPE_CHECKING:
    from duesdesk.screens.dashboard.rows import ItemRows, PeopleRows
    from duesdesk.services.dashboard import Care, Taken
    from duesdesk.services.debtors import Debtor

    Listed = PeopleRows | ItemRows[Taken] | ItemRows[Care]

_SETTLED = {
    UNPAID: N_("nothing overdue"),
    PARTIAL: N_("no part payment open"),
    PENDING: N_("nothing due in 7 days"),
    CARES: N_("nothing left to do"),
}
# Where that is said: in the last column of people, in the third of things to look after.
_SAID_AT, _SAID_AT_OF_ITEMS, _AMOUNT_AT = 8, 2, 1


class Stay(NamedTuple):
    """Who stays: the place and the key of the row, the member it is about, the row of a list of people."""

    place: int
    row: Row
    member: str
    debtor: Debtor | None


class Staying:
    """A source of rows with one more, at the place where it stood."""

    def __init__(self, rows: Listed, stay: Stay) -> None:
        self._rows = rows
        self.stay = stay._replace(place=min(stay.place, rows.count()))

    def count(self) -> int:
        """How many rows there are."""
        return self._rows.count() + 1

    def row(self, index: int) -> Row:
        """The row at `index`."""
        place = self.stay.place
        return self.stay.row if index == place else self._rows.row(index - (index > place))

    def index_of(self, key: Hashable) -> int | None:
        """Where the row with this key is."""
        if key == self.stay.row.key:
            return self.stay.place
        found = self._rows.index_of(key)
        return None if found is None else found + (found >= self.stay.place)


def settled(row: Row, kind: str) -> Row:
    """The row as it looks once it is in the list `kind` no longer: the name, and why."""
    said = f"{sign('paid')} {_(_SETTLED.get(kind, _SETTLED[CARES]))}"
    at = _SAID_AT if kind in LISTS else _SAID_AT_OF_ITEMS
    cells = [row.cells[0], *[Piece("")] * (len(row.cells) - 1)]
    cells[_AMOUNT_AT] = Piece(sign("none"), "dim")
    cells[at] = Piece(said, "ok")
    return row._replace(cells=tuple(cells))
