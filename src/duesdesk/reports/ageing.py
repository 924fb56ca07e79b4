"""Ageing: what is open, by how many days it is overdue. What is due today, or has no due date, is current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.ageing import bucket_index, buckets, days_overdue
from duesdesk.reports.shape import MONEY, NUMBER, TEXT, Ask, Column, Sheet, day
from duesdesk.store.database import Tx
from duesdesk.store.positions import book_sql


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


@dataclass(frozen=True, slots=True)
class AgeingIn:
    """One currency; the payer with most open comes first."""

    currency: str
    open_minor: int
    buckets: tuple[BucketSum, ...]
    rows: tuple[AgeingRow, ...]


@dataclass(frozen=True, slots=True)
class Ageing:
    """The open invoices at the end of `as_of` by age; `edges` are the last days of the buckets in between."""

    as_of: date
    edges: tuple[int, ...]
    currencies: tuple[AgeingIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency, a column per bucket."""
        return tuple(_sheet(one) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Ageing:
    """The report. Raises BadInput for edges that do not rise from at least 1."""
    names = [bucket.name for bucket in buckets(ask.edges)]
    as_of = ask.as_of.isoformat()
    places: dict[str | None, int] = {}
    sums: dict[tuple[str, int], list[int]] = {}
    for payer_id, currency, due_text, open_minor in tx.each(
        f"SELECT payer_id, currency, due_on, open_minor FROM ({book_sql(tx, as_of)}) o", as_of=as_of
    ):
        place = places.get(due_text)
        if place is None:
            place = places[due_text] = 2 * bucket_index(days_overdue(day(due_text), ask.as_of), ask.edges)
        own = sums.get((currency, payer_id))
        if own is None:
            own = sums[currency, payer_id] = [0] * (2 * len(names))
        own[place] += 1
        own[place + 1] += open_minor
    people = _people(tx, len(sums))
    by_currency: dict[str, list[AgeingRow]] = {}
    for (currency, payer_id), own in sums.items():
        row = AgeingRow(*people[payer_id], sum(own[1::2]), _buckets(names, own))
        by_currency.setdefault(currency, []).append(row)
    return Ageing(ask.as_of, ask.edges, tuple(_in(currency, by_currency[currency]) for currency in sorted(by_currency)))


def _people(tx: Tx, wanted: int) -> dict[int, tuple[str, str]]:
    if not wanted:
        return {}
    return {row[0]: (row[1], row[2]) for row in tx.each("SELECT id, number, name FROM member")}


def _buckets(names: list[str], sums: list[int]) -> tuple[BucketSum, ...]:
    return tuple(map(BucketSum, names, sums[::2], sums[1::2]))


def _in(currency: str, rows: list[AgeingRow]) -> AgeingIn:
    rows.sort(key=lambda row: (-row.open_minor, row.member))
    names = [bucket.name for bucket in rows[0].buckets]
    sums = [0] * (2 * len(names))
    for row in rows:
        for place, bucket in enumerate(row.buckets):
            sums[2 * place] += bucket.invoices
            sums[2 * place + 1] += bucket.amount_minor
    return AgeingIn(currency, sum(sums[1::2]), _buckets(names, sums), tuple(rows))


def _sheet(one: AgeingIn) -> Sheet:
    figures = (("open", MONEY, one.open_minor), *((bucket.name, MONEY, bucket.amount_minor) for bucket in one.buckets))
    names = tuple(Column(bucket.name, MONEY) for bucket in one.buckets)
    columns = (Column("member", TEXT), Column("name", TEXT), Column("open", MONEY), Column("invoices", NUMBER), *names)
    rows = tuple(
        (
            row.member,
            row.name,
            row.open_minor,
            sum(bucket.invoices for bucket in row.buckets),
            *(bucket.amount_minor for bucket in row.buckets),
        )
        for row in one.rows
    )
    return Sheet(one.currency, figures, columns, rows)
