"""One shape for all reports: frozen views in minor units, and what becomes of them as a document or as a table.

A report and its currencies are frozen dataclasses; their rows, of which there may be ten thousand, are named tuples. A
field `x_minor` is money in the `currency` of its own view or of the one around it and is told as `x`; days are told as
ISO text; everything else as it is. So the same rows serve JSON, tables, files and screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, ClassVar, Generic, Protocol, TypeVar, overload

from duesdesk.domain.ageing import DEFAULT_EDGES
from duesdesk.domain.money import exponent
from duesdesk.domain.month import Foreseen
from duesdesk.store.database import Row, Tx

# JSON of a report: strings, whole numbers, booleans, lists and dicts of them.
Plain = dict[str, Any]

MONEY, DAY, NUMBER, FLAG, WORD, TEXT, NESTED = "money", "day", "number", "flag", "word", "text", "nested"
# Fields that hold a code of ours and not text of somebody's.
_WORDS = frozenset(("status", "method", "kind", "scope", "mode", "section", "source", "sign"))
_KEYS = {"from_on": "from", "to_on": "to", "on": "date"}


LATER = date.max
"""Asked for instead of a week of the forecast: what stands in none of them."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a report is asked. Days are the centre's; `window_days` ends with `as_of`; `first` None is the beginning.

    `week` is any day of the week that is looked into, or LATER; `month` any day of a month, of which `foreseen` tells
    what the rule will do.
    """

    as_of: date
    timezone: str = "UTC"
    home_currency: str = "EUR"
    scope: str = "overdue"
    edges: tuple[int, ...] = DEFAULT_EDGES
    member: str | None = None
    window_days: int = 90
    first: date | None = None
    section: str = "all"
    mode: str = "daily"
    weeks: int = 8
    week: date | None = None
    month: date | None = None
    foreseen: Foreseen | None = None


Told = TypeVar("Told", bound=tuple[Any, ...])


class Rows(Sequence[Told], Generic[Told]):
    """The rows of a long report as the store gave them, in `plain`; `make` turns one into its named tuple when asked.

    Documents and tables are made from all of them at once: a named tuple for each of a hundred thousand debtors, with
    others inside, would cost more than reading them.
    """

    __slots__ = ("_make", "plain")

    def __init__(self, plain: Sequence[Row], make: Callable[[Row], Told]) -> None:
        self.plain = plain
        self._make = make

    def __len__(self) -> int:
        return len(self.plain)

    @overload
    def __getitem__(self, place: int) -> Told: ...
    @overload
    def __getitem__(self, place: slice) -> Rows[Told]: ...
    def __getitem__(self, place: int | slice) -> Told | Rows[Told]:
        if isinstance(place, slice):
            return Rows(self.plain[place], self._make)
        return self._make(self.plain[place])

    def __iter__(self) -> Iterator[Told]:
        return map(self._make, self.plain)

    def documents(self, currency: str) -> list[Plain]:
        """Every row as it stands in a JSON document."""
        return documents(tuple(self), currency)


def by_currency(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """Rows that end with their currency, by currency in order of its code."""
    currencies = sorted(set(map(itemgetter(-1), rows)))
    if len(currencies) == 1:
        return [(currencies[0], rows)]
    return [(currency, [row for row in rows if row[-1] == currency]) for currency in currencies]


def column_sum(rows: Iterable[Row], place: int) -> int:
    """The sum of a column. Rows are summed before they are sorted: in memory they lie as they were read."""
    return sum(map(itemgetter(place), rows))


def sort_largest_first(rows: list[Row], place: int) -> None:
    """Sort rows that begin with a member's number by a column, the largest first, equal ones by number.

    Two plain sorts, the second of which keeps what the first has put in order, cost a tenth of one by a key of both.
    """
    rows.sort(key=itemgetter(0))
    rows.sort(key=itemgetter(place), reverse=True)


class View(Protocol):
    """A frozen dataclass: a report, or one currency of it."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class ReportView(View, Protocol):
    """What a report answers."""

    def sheets(self) -> tuple[Sheet, ...]:
        """The report as tables: one per currency, or one in all."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its key in documents and files, and what it holds (MONEY, DAY, NUMBER, FLAG, WORD, TEXT)."""

    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: figures that stand above it as (key, kind, value), its columns, and rows of values in their order.

    Money is in minor units of `currency`; with an empty one each row's first money stands beside its own currency.
    """

    currency: str
    figures: tuple[tuple[str, str, object], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def decimal_text(currency: str) -> Callable[[int], str]:
    """The function that writes minor units of `currency` as JSON carries them; it looks the digits up once."""
    digits = exponent(currency)
    if digits == 0:
        return str
    whole = 10**digits

    def text(minor: int) -> str:
        if minor < 0:
            return f"-{-minor // whole}.{-minor % whole:0{digits}d}"
        return f"{minor // whole}.{minor % whole:0{digits}d}"

    return text


@lru_cache(maxsize=64)
def columns_of(view_type: type[View | tuple[Any, ...]]) -> tuple[tuple[str, str, str], ...]:
    """(key, field, kind) of every field of a view or a row, in order."""
    # A named tuple keeps what was written as a ForwardRef, a dataclass as text.
    written = {name: getattr(kind, "__forward_arg__", kind) for name, kind in view_type.__annotations__.items()}
    return tuple(_told_as(name, str(kind)) for name, kind in written.items())


def _told_as(name: str, kind: str) -> tuple[str, str, str]:
    if name.endswith("_minor"):
        return name.removesuffix("_minor"), name, MONEY
    key = _KEYS.get(name, name)
    if kind.startswith("tuple") or "Rows" in kind:
        return key, name, NESTED
    if kind.startswith("date"):
        return key, name, DAY
    if kind.startswith("bool"):
        return key, name, FLAG
    if kind.startswith("int"):
        return key, name, NUMBER
    return key, name, WORD if name in _WORDS else TEXT


def document(view: View, currency: str = "") -> Plain:
    """The view as one JSON document: amounts as decimal strings with their currency's digits, days as ISO text."""
    own = getattr(view, "currency", currency)
    return {key: _plain(getattr(view, name), kind, own) for key, name, kind in columns_of(type(view))}


def _plain(value: Any, kind: str, currency: str) -> Any:  # noqa: ANN401  # any field of any view
    if value is None:
        return None
    if kind == MONEY:
        return decimal_text(currency)(value)
    if kind == DAY:
        return value.isoformat()
    if kind == NESTED:
        return documents(value, currency)
    return value


def documents(views: Sequence[Any], currency: str = "") -> list[Any]:
    """Many views or rows of one kind, or plain values."""
    if isinstance(views, Rows):
        return views.documents(currency)
    if views and isinstance(views[0], tuple):
        return _rows(views, currency)
    if views and hasattr(views[0], "__dataclass_fields__"):
        return [document(view, currency) for view in views]
    return list(views)


def _rows(rows: Sequence[tuple[Any, ...]], currency: str) -> list[Plain]:
    """Column by column: ten thousand debtors pass here."""
    plan = columns_of(type(rows[0]))
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    own = next((place for place, (_key, name, _kind) in enumerate(plan) if name == "currency"), None)
    for place, (_key, _name, kind) in enumerate(plan):
        column = columns[place]
        if kind == MONEY and own is not None:
            columns[place] = map(_plain, column, (MONEY,) * len(rows), columns[own])
        elif kind == MONEY:
            text = decimal_text(currency)
            told = [value if value is None else text(value) for value in column] if None in column else None
            columns[place] = map(text, column) if told is None else told
        elif kind == DAY:
            columns[place] = [value and value.isoformat() for value in column]
        elif kind == NESTED:
            inner = iter(documents(list(chain.from_iterable(column)), currency))
            columns[place] = [list(islice(inner, len(value))) for value in column]
    keys = [key for key, _name, _kind in plan]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]


def sheet(figures: View, rows: Sequence[tuple[Any, ...]] = (), row_type: type[tuple[Any, ...]] | None = None) -> Sheet:
    """The table of `rows` with the plain fields of `figures` above it."""
    above = tuple(
        (key, kind, getattr(figures, name))
        for key, name, kind in columns_of(type(figures))
        if kind != NESTED and name != "currency"
    )
    columns = tuple(Column(key, kind) for key, _name, kind in columns_of(row_type)) if row_type else ()
    return Sheet(getattr(figures, "currency", ""), above, columns, tuple(rows))


def day(text: str | None) -> date | None:
    """A day of the store, or None."""
    return date.fromisoformat(text) if text else None


def payer_number(tx: Tx, number: str) -> tuple[int, str, str]:
    """(id, number, name) of the member called `number`. Raises NotFound."""
    from duesdesk.domain.errors import NotFound

    row = tx.one("SELECT id, number, name FROM member WHERE number = :number", number=number)
    if row is None:
        raise NotFound("member-unknown", member=number)
    return row[0], row[1], row[2]
