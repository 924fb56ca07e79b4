"""What is open, spread over the weeks to come: as agreed, else as people pay. Every minor unit stands in one place.

A part of a plan stands on its day and a promise on its own, however the payer has paid until now. The rest goes by the
habit; while a centre has next to no history, by the due day. What has no due day, or comes later than the last week or
nobody knows when, stands in `later`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from duesdesk.domain.forecast.courses import Item
from duesdesk.domain.forecast.habits import DISPUTED, REMEMBERED_DAYS, WHOLE, Odds
from duesdesk.domain.forecast.opened import Cell, OpenBook

DUE, PROMISED, PLANNED, HABIT = "due", "promised", "planned", "habit"
SOURCES = (DUE, PROMISED, PLANNED, HABIT)
_DAYS_A_WEEK = 7


class Agreed(NamedTuple):
    """What a payer is to pay by a day: a promise over all they owe (`invoice_id` None), or a part of a plan."""

    source: str
    payer_id: int
    currency: str
    due: int
    amount_minor: int
    invoice_id: int | None = None


class Part(NamedTuple):
    """A part of an invoice that is expected in the week `place`, counted from 0; as many as there are weeks: later."""

    place: int
    source: str
    minor: int


def week_of(day: int) -> int:
    """The Monday of the week of a day."""
    return day - (day - 1) % _DAYS_A_WEEK


def bounds_of(as_of: int, weeks: int) -> tuple[int, ...]:
    """The last day of each week to come, in days ahead. The first one is what is left of the week of `as_of`."""
    left = week_of(as_of) + _DAYS_A_WEEK - 1 - as_of
    return tuple(range(left or _DAYS_A_WEEK, (left or _DAYS_A_WEEK) + _DAYS_A_WEEK * weeks, _DAYS_A_WEEK))


def laid(items: Iterable[Item], agreed: Iterable[Agreed]) -> dict[int, list[tuple[Agreed, int]]]:
    """What was agreed on, laid on the invoices it is for: by invoice, with how much of it.

    Parts of plans come first, then promises by their day, each on the oldest due first; never more than is open.
    """
    wanted = sorted(agreed, key=lambda one: (one.source != PLANNED, one.due, one.amount_minor, one.invoice_id or 0))
    payers = {one.payer_id for one in wanted}
    open_of: dict[tuple[int, str], list[Item]] = {}
    rest: dict[int, int] = {}
    for item in items:
        if item.payer_id in payers and not item.disputed:
            open_of.setdefault((item.payer_id, item.currency), []).append(item)
            rest[item.invoice_id] = item.open_minor
    for owed in open_of.values():
        owed.sort(key=lambda item: (item.due is None, item.due or 0, item.invoice_id))
    found: dict[int, list[tuple[Agreed, int]]] = {}
    for one in wanted:
        left = one.amount_minor
        for item in open_of.get((one.payer_id, one.currency), ()):
            if one.invoice_id is None or one.invoice_id == item.invoice_id:
                minor = min(left, rest[item.invoice_id])
                if minor > 0:
                    found.setdefault(item.invoice_id, []).append((one, minor))
                    rest[item.invoice_id] -= minor
                    left -= minor
    return found


class Outlook:
    """What is expected of all that is open in the book, which stands at the end of `as_of`, in the weeks after it."""

    def __init__(self, book: OpenBook, agreed: Iterable[Agreed], as_of: int, bounds: Sequence[int]) -> None:
        self.book = book
        self.as_of = as_of
        self.bounds = bounds
        wanted = list(agreed)
        owed = (
            item for payer_id in {one.payer_id for one in wanted} for item in book.open_of.get(payer_id, {}).values()
        )
        self._laid = laid(owed, wanted)
        ages: Counter[tuple[int, int]] = Counter()
        for (_currency, group, due), (count, _minor) in book.cells.items():
            if due is not None and due >= as_of - REMEMBERED_DAYS:
                ages[group, as_of - due] += count
        self._odds = Odds(book.habits, ((group, age, count) for (group, age), count in ages.items()))

    def sums(self) -> dict[str, list[dict[str, int]]]:
        """By currency and week, and `later` behind the last one: the sum of each source."""
        found: dict[str, list[dict[str, int]]] = {}

        def add(currency: str, parts: Iterable[Part]) -> None:
            weeks = found.setdefault(currency, [{} for _ in range(len(self.bounds) + 1)])
            for place, source, minor in parts:
                weeks[place][source] = weeks[place].get(source, 0) + minor

        agreed_in: Counter[Cell] = Counter()
        for item, parts in self._agreed():
            add(item.currency, parts)
            agreed_in[self.book.cell_of(item)] += sum(part.minor for part in parts)
        for cell, (_count, minor) in self.book.cells.items():
            add(cell[0], self._as_usual(cell, minor - agreed_in[cell]))
        return found

    def falls_due(self) -> dict[str, list[int]]:
        """By currency and week: what of all that is open falls due in it, whenever it is paid."""
        found: dict[str, list[int]] = {}
        for (currency, _group, due), (_count, minor) in self.book.cells.items():
            if due is not None and self.as_of < due <= self.as_of + self.bounds[-1]:
                found.setdefault(currency, [0] * len(self.bounds))[self._place(due)] += minor
        return found

    def rows(self) -> Iterator[tuple[Item, Part]]:
        """Every part of every open invoice. They add up to `sums`, and those of an invoice to what is open of it."""
        agreed_of: Counter[int] = Counter()
        for item, parts in self._agreed():
            for part in parts:
                agreed_of[item.invoice_id] += part.minor
                yield item, part
        alike: dict[Cell, list[Item]] = {}
        for owed in self.book.open_of.values():
            for item in owed.values():
                if item.open_minor > agreed_of[item.invoice_id]:
                    alike.setdefault(self.book.cell_of(item), []).append(item)
        for cell, items in alike.items():
            items.sort(key=lambda item: item.invoice_id)
            rests = [item.open_minor - agreed_of[item.invoice_id] for item in items]
            parts = self._as_usual(cell, sum(rests))
            for item, shares in zip(items, _divided(rests, [part.minor for part in parts]), strict=True):
                for part, minor in zip(parts, shares, strict=True):
                    if minor:
                        yield item, part._replace(minor=minor)

    def _agreed(self) -> Iterator[tuple[Item, list[Part]]]:
        for invoice_id, agreements in self._laid.items():
            item = self.book.open_of[agreements[0][0].payer_id][invoice_id]
            yield item, [Part(self._place(one.due), one.source, minor) for one, minor in agreements]

    def _as_usual(self, cell: Cell, minor: int) -> list[Part]:
        """An amount nothing was agreed about, of invoices that are alike."""
        later = len(self.bounds)
        _currency, group, due = cell
        if due is None or minor == 0:
            return [Part(later, DUE, minor)] if minor else []
        if not self._odds.knows:
            # What is overdue or disputed at a centre without history comes nobody knows when.
            is_known = due > self.as_of and group != DISPUTED
            return [Part(self._place(due) if is_known else later, DUE, minor)]
        found, before = [], 0
        for place, share in enumerate(self._odds.shares(group, self.as_of - due, self.bounds)):
            up_to = minor * share // WHOLE
            if up_to > before:
                found.append(Part(place, HABIT, up_to - before))
            before = up_to
        if minor > before:
            found.append(Part(later, HABIT, minor - before))
        return found

    def _place(self, day: int) -> int:
        """The week of a day that was agreed on; one of today can only be kept tomorrow, if at all."""
        ahead = max(1, day - self.as_of)
        return next((place for place, bound in enumerate(self.bounds) if ahead <= bound), len(self.bounds))


def _divided(rests: Sequence[int], amounts: Sequence[int]) -> Iterator[list[int]]:
    """The amounts, which add up to the rests, divided among them in proportion: rows and columns add up exactly."""
    whole = sum(rests)
    shares = [[rest * amount // whole for amount in amounts] for rest in rests]
    # What rounding down left of each amount, a few minor units, goes to the first that lack them.
    over = [amount - sum(column) for amount, column in zip(amounts, zip(*shares, strict=True), strict=True)]
    for rest, row in zip(rests, shares, strict=True):
        lacks = rest - sum(row)
        for place, left in enumerate(over):
            taken = min(lacks, left)
            row[place] += taken
            over[place] -= taken
            lacks -= taken
        yield row
