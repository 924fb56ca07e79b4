"""The lists of the Dashboard as rows of a LineList: people, payments of today, things to look after."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.contact_words import METHODS, MONEY_BACK, word
from duesdesk.screens.dashboard.words import ColumnSpec, people_cells, short
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Align, Piece, amount, line
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.dashboard import Care, Taken
from duesdesk.services.debtors import Debtor, DebtorList

if TYPE_CHECKING:
    from duesdesk.services.collection.explain import Explained

Item = TypeVar("Item")
_AMOUNT_CELL = 1


def as_columns(specs: Sequence[ColumnSpec]) -> tuple[Column, ...]:
    """Columns of a LineList."""
    return tuple(
        Column(one.key, one.title, one.width, cast("Align", one.align), one.min_terminal_width, one.flex)
        for one in specs
    )


class PeopleRows:
    """A source of rows over a list of people; each is read when it becomes visible."""

    def __init__(self, people: DebtorList, why_of: Callable[[str], Explained | None]) -> None:
        """`why_of` tells what the rule does next about somebody, None while that is read."""
        self.people = people
        self._why_of = why_of
        self._looked_for: tuple[str, int | None] | None = None

    def count(self) -> int:
        """How many people there are."""
        return self.people.total

    def row(self, index: int) -> Row:
        """The row of the person at `index`."""
        try:
            one = self.people.row(index)
        except IndexError:
            # Another desk took payments since the list was counted; it is fetched anew in a moment.
            return Row(("gone", index), ())
        return Row(one.member, person_row(one, self.people.today, self._why_of(one.member)))

    def index_of(self, key: Hashable) -> int | None:
        """Where a person stands; the one who was looked for last is not looked for again."""
        if not isinstance(key, str):
            return None
        if self._looked_for is None or self._looked_for[0] != key:
            self._looked_for = (key, self.people.index_of(key))
        return self._looked_for[1]


def person_row(one: Debtor, today: date, why: Explained | None) -> tuple[Piece, ...]:
    """The cells of a person."""
    found = []
    for place, (text, tone) in enumerate(people_cells(one, today, why)):
        if place == _AMOUNT_CELL:
            found.append(amount(text, tone, bold=True))
        else:
            found.append(Piece(text, tone))
    return tuple(found)


class ItemRows(Generic[Item]):
    """A source of rows over things that are in memory, drawn when they become visible."""

    def __init__(self, items: Sequence[Item], key: Callable[[Item], str], draw: Callable[[Item], Row]) -> None:
        self._items = items
        self._draw = draw
        self._places = {key(item): place for place, item in enumerate(items)}

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def row(self, index: int) -> Row:
        """The row at `index`."""
        return self._draw(self._items[index])

    def item(self, key: Hashable) -> Item | None:
        """What the row with this key shows."""
        index = self.index_of(key)
        return None if index is None else self._items[index]

    def index_of(self, key: Hashable) -> int | None:
        """Where the row with this key is."""
        return self._places.get(cast("str", key))


def taken_columns(title: str) -> tuple[Column, ...]:
    """The columns of the payments of today."""
    return (
        Column("name", title, 22, flex=True),
        Column("amount", _("Amount"), 11, "right"),
        Column("method", _("How"), 14),
        Column("time", _("Time"), 5),
        Column("payment", _("Payment"), 12),
        Column("actor", _("By"), 10, min_terminal_width=100),
    )


def taken_row(one: Taken) -> Row:
    """A payment of today, or money that went back."""
    back = one.kind != "receipt"
    method = word(METHODS, one.method)
    return Row(
        one.payment,
        (
            line(one.name),
            amount(i18n.amount(one.amount_minor, one.currency), "warn" if back else "text", bold=True),
            Piece(f"{word(MONEY_BACK, one.kind)}" if back else method, "warn" if back else "dim"),
            Piece(i18n.time_of(one.at), "dim"),
            Piece(one.payment, "dim"),
            Piece(one.actor, "dim"),
        ),
    )


def care_columns(title: str) -> tuple[Column, ...]:
    """The columns of what there is to look after."""
    return (
        Column("name", title, 22, flex=True),
        Column("amount", _("Amount"), 13, "right"),
        Column("what", _("What"), 26),
        Column("when", _("When"), 8),
    )


def care_row(one: Care, today: date) -> Row:
    """A promise of today, a broken one, or a notice that did not arrive."""
    told = {
        "promise_due": ("promise", _("promised for today"), "text"),
        "promise_broken": ("broken", _("promise broken"), "bad"),
        "notice_failed": ("mail", _("notice could not be sent"), "bad"),
        "notice_unsure": ("mail", _("did the notice arrive?"), "warn"),
    }
    mark, what, tone = told[one.kind]
    figure = amount(i18n.money(one.amount_minor, one.currency), bold=True) if one.currency else Piece("")
    return Row(
        one.identity, (line(one.name), figure, Piece(f"{sign(mark)} {what}", tone), Piece(short(one.on, today), "dim"))
    )
