"""The figures of the demo files by plain Python: no code of the program, so that the program can be held against it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path


def cents(text: str) -> int:
    whole, _, rest = text.partition(".")
    assert len(rest) == 2, text
    return int(whole) * 100 + int(rest)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shift(text: str, days: int) -> date:
    return date.fromisoformat(text[:10]) + timedelta(days=days)


@dataclass(frozen=True)
class Open:
    number: str
    payer: str
    due_on: date
    issued_on: date
    open_cents: int
    paid_cents: int
    disputed: bool


class Figures:
    """What the centre is owed at the end of a day."""

    def __init__(self, folder: Path, on: date) -> None:
        self.on = on
        self.members = {row["number"]: row for row in rows(folder, "members")}
        self.invoices = {row["number"]: row for row in rows(folder, "invoices")}
        self.payments = rows(folder, "payments")
        self.credits = rows(folder, "credits")
        self.bookings = rows(folder, "bookings")
        self.open = self._open()
        self.overdue = [item for item in self.open if item.due_on < on]

    def payer(self, member: str) -> str:
        return self.members[member]["payer"] or member

    def name(self, member: str) -> str:
        return self.members[member]["name"]

    def _open(self) -> list[Open]:
        paid: Counter[str] = Counter()
        credited: Counter[str] = Counter()
        for row in self.payments:
            if date.fromisoformat(row["received_on"]) <= self.on:
                for part in row["allocations"].split(";"):
                    number, _, amount = part.partition("=")
                    paid[number] += cents(amount)
        for row in self.credits:
            if date.fromisoformat(row["on"]) <= self.on:
                credited[row["invoice"]] += cents(row["amount"])
        found = []
        for number, row in self.invoices.items():
            issued = date.fromisoformat(row["issued_on"])
            rest = cents(row["amount"]) - paid[number] - credited[number]
            assert rest >= 0, f"{number} is paid more than once"
            if rest and issued <= self.on:
                due = date.fromisoformat(row["due_on"])
                item = Open(number, self.payer(row["member"]), due, issued, rest, paid[number], bool(row["disputed"]))
                found.append(item)
        return found

    def owes(self) -> dict[str, int]:
        """Overdue cents by payer."""
        total: Counter[str] = Counter()
        for item in self.overdue:
            total[item.payer] += item.open_cents
        return dict(total)

    def ageing(self) -> dict[str, int]:
        buckets: dict[str, int] = defaultdict(int)
        for item in self.overdue:
            days = (self.on - item.due_on).days
            bucket = "1-30" if days <= 30 else "31-60" if days <= 60 else "61-90" if days <= 90 else "91+"
            buckets[bucket] += item.open_cents
        return dict(buckets)

    def partial(self) -> list[Open]:
        return [item for item in self.open if item.paid_cents]

    def due_within(self, days: int) -> list[Open]:
        return [item for item in self.open if self.on <= item.due_on <= self.on + timedelta(days=days)]

    def collected(self) -> list[dict[str, str]]:
        return [row for row in self.payments if row["received_on"] == self.on.isoformat()]

    def arrivals(self) -> list[dict[str, str]]:
        return [row for row in self.bookings if row["starts_at"].startswith(self.on.isoformat())]
