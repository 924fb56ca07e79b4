"""Ageing: what is open, by how many days it is overdue. What is due today, or has no due date, is current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.ageing import buckets
from duesdesk.reports.shape import (
    MONEY,
    NUMBER,
    TEXT,
    Ask,
    Column,
    Plain,
    Rows,
    Sheet,
    by_currency,
    column_sum,
    decimal_text,
    sort_largest_first,
)
from duesdesk.store import figures
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import DUE_DAY, book_sql


class BucketSum(NamedTuple):
    """What is open of so many days: `current`, `1-30`, …, `91+`."""

    name: str
    invoices: int
    amount_minor: int


class AgeingRow(NamedTuple):
    """A payer with the same buckets as the whole."""

    member: str
    name: str
    open_minor: int
    buckets: tuple[BucketSum, ...]


class AgeingRows(Rows[AgeingRow]):
    """The payers, told without making a tuple for each of their buckets: of ten thousand payers there are fifty."""

    __slots__ = ("_names",)

    def __init__(self, plain: Sequence[Row], names: tuple[str, ...]) -> None:
        super().__init__(plain, lambda row: AgeingRow(row[0], row[1], row[_OPEN_MINOR], _buckets(names, row[3:-1])))
        self._names = names

    def documents(self, currency: str) -> list[Plain]:
        """Every payer as it stands in a JSON document."""
        text = decimal_text(currency)
        return [
            {
                "member": row[0],
                "name": row[1],
                "open": text(row[_OPEN_MINOR]),
                "buckets": [
                    {"name": name, "invoices": invoices, "amount": text(minor)}
                    for name, invoices, minor in zip(self._names, row[3:-1:2], row[4:-1:2], strict=True)
                ],
            }
            for row in self.plain
        ]


@dataclass(frozen=True, slots=True)
class AgeingIn:
    """One currency; the payer with most open comes first."""

    currency: str
    open_minor: int
    buckets: tuple[BucketSum, ...]
    rows: AgeingRows


@dataclass(frozen=True, slots=True)
class Ageing:
    """The open invoices at the end of `as_of` by age; `edges` are the last days of the buckets in between."""

    as_of: date
    edges: tuple[int, ...]
    currencies: tuple[AgeingIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency, a column per bucket."""
        return tuple(_sheet(one) for one in self.currencies)


_OPEN_MINOR, _FIRST_BUCKET = 2, 3


def read(tx: Tx, ask: Ask) -> Ageing:
    """The report. Raises BadInput for edges that do not rise from at least 1."""
    names = tuple(bucket.name for bucket in buckets(ask.edges))
    as_of = ask.as_of.isoformat()
    edges = [f"edge{number}" for number in range(len(ask.edges) + 1)]
    by_sums = figures.basis(tx, as_of) == figures.SUMS
    sql = _by_sums(edges) if by_sums else _by_items(edges, tx, as_of)
    rows = tx.all(sql, as_of=as_of, **dict(zip(edges, _edge_days(ask), strict=True)))
    return Ageing(ask.as_of, ask.edges, tuple(_in(currency, payers, names) for currency, payers in by_currency(rows)))


def _edge_days(ask: Ask) -> list[str]:
    """The days before which a due day belongs to the next bucket, `as_of` the first of them."""
    today = ask.as_of.toordinal()
    # Nothing is due before the first day there is.
    return [date.fromordinal(max(1, today - days)).isoformat() for days in (0, *ask.edges)]


def _by_sums(edges: list[str]) -> str:
    """From the kept sums, which know what is open and what of it is overdue: only older items are read.

    What is open up to each edge is known or read; a bucket is the difference of two of them.
    """
    older = edges[1:]
    up_to = ", ".join(
        f"count(*) FILTER (WHERE {DUE_DAY} < :{edge}) AS items_{edge},"
        f" sum(open_minor) FILTER (WHERE {DUE_DAY} < :{edge}) AS sum_{edge}"
        for edge in older
    )
    items = ["b.open_count", "b.overdue_count", *(f"coalesce(g.items_{edge}, 0)" for edge in older), "0"]
    sums = ["b.open_minor", "b.overdue_minor", *(f"coalesce(g.sum_{edge}, 0)" for edge in older), "0"]
    found = _between(items, sums)
    return f"""
        SELECT p.number, p.name, b.open_minor, {found}, b.currency
        FROM payer_balance b JOIN member p ON p.id = b.payer_id
        LEFT JOIN (SELECT payer_id, currency, {up_to} FROM open_item WHERE {DUE_DAY} < :{older[0]}
                   GROUP BY payer_id, currency) g ON g.payer_id = b.payer_id AND g.currency = b.currency
        WHERE b.open_count > 0"""


def _by_items(edges: list[str], tx: Tx, as_of: str) -> str:
    """From every open item of any day: counted up to each edge and subtracted, which is quicker than by bucket."""
    up_to = ", ".join(
        f"count(*) FILTER (WHERE due_day < :{edge}) AS items_{edge},"
        f" coalesce(sum(open_minor) FILTER (WHERE due_day < :{edge}), 0) AS sum_{edge}"
        for edge in edges
    )
    items = ["g.items", *(f"g.items_{edge}" for edge in edges), "0"]
    sums = ["g.open_minor", *(f"g.sum_{edge}" for edge in edges), "0"]
    found = _between(items, sums)
    return f"""
        SELECT p.number, p.name, g.open_minor, {found}, g.currency FROM (
            SELECT payer_id, currency, sum(open_minor) AS open_minor, count(*) AS items, {up_to}
            FROM ({book_sql(tx, as_of, f"payer_id, currency, open_minor, {DUE_DAY} AS due_day")}) o
            GROUP BY payer_id, currency) g
        JOIN member p ON p.id = g.payer_id"""


def _between(items: list[str], sums: list[str]) -> str:
    """The buckets, as SQL: the differences of what is counted up to one edge and up to the next."""
    return ", ".join(f"{items[n]} - {items[n + 1]}, {sums[n]} - {sums[n + 1]}" for n in range(len(items) - 1))


def _in(currency: str, payers: list[Row], names: tuple[str, ...]) -> AgeingIn:
    sums = [column_sum(payers, _FIRST_BUCKET + place) for place in range(2 * len(names))]
    sort_largest_first(payers, _OPEN_MINOR)
    return AgeingIn(currency, sum(sums[1::2]), _buckets(names, sums), AgeingRows(payers, names))


def _buckets(names: tuple[str, ...], sums: Sequence[int]) -> tuple[BucketSum, ...]:
    return tuple(map(BucketSum, names, sums[::2], sums[1::2]))


def _sheet(one: AgeingIn) -> Sheet:
    figures = (("open", MONEY, one.open_minor), *((bucket.name, MONEY, bucket.amount_minor) for bucket in one.buckets))
    names = tuple(Column(bucket.name, MONEY) for bucket in one.buckets)
    columns = (Column("member", TEXT), Column("name", TEXT), Column("open", MONEY), Column("invoices", NUMBER), *names)
    rows = tuple(
        (*row[:_FIRST_BUCKET], sum(row[_FIRST_BUCKET:-1:2]), *row[_FIRST_BUCKET + 1 : -1 : 2]) for row in one.rows.plain
    )
    return Sheet(one.currency, figures, columns, rows)
