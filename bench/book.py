"""The books of a generated centre: ten invoices a member, what was paid of them, and who comes today.

Of the invoices about 70 % are paid, 10 % in part and 20 % not at all, half of these overdue. Debt is not spread evenly:
most people pay in time, some late, and a tenth hardly ever, so that four members in ten have something overdue.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.people import people

TODAY = date(2026, 11, 20)
INVOICES_EACH = 10
TERM_DAYS = 40
MEMBERS_A_FILE = 10_000
_PRICES_MINOR = (1990, 2990, 3450, 4900, 7900, 12_500, 1200, 2275)
_METHODS = ("cash", "card", "transfer", "other")
_CLASSES = ("Yoga", "Spin", "Boxing", "Pilates", "Swimming", "Judo")


class Habit(NamedTuple):
    """How likely an invoice that is due stays unpaid, or is paid in part."""

    share: float
    unpaid: float
    part: float


_HABITS = (Habit(0.72, 0.015, 0.03), Habit(0.18, 0.18, 0.28), Habit(0.10, 0.70, 0.30))
_NOT_DUE_YET = Habit(1.0, 0.80, 0.08)
HEADERS = {
    "members": ("number", "name", "email", "phone", "joined_on"),
    "invoices": ("number", "member", "issued_on", "due_on", "amount", "description"),
    "payments": ("reference", "member", "received_on", "amount", "method", "invoice"),
    "bookings": ("reference", "member", "date", "time", "activity"),
}


class Owed(NamedTuple):
    """An invoice, and the parts that were paid of it: (days from today, minor units)."""

    due_in_days: int
    amount_minor: int
    paid: tuple[tuple[int, int], ...]


def write(members: int, folder: Path) -> list[dict[str, Path]]:
    """The files of a centre of this size: one set for every `MEMBERS_A_FILE` members."""
    chance = random.Random(f"duesdesk {members}")
    folder.mkdir(parents=True, exist_ok=True)
    serial = {"invoices": 0, "payments": 0, "bookings": 0}
    sets: list[dict[str, Path]] = []
    crowd = people(members, chance)
    for first in range(0, members, MEMBERS_A_FILE):
        paths = {kind: folder / f"{kind}-{len(sets):02d}.csv" for kind in HEADERS}
        with ExitStack() as open_files:
            rows = {}
            for kind, path in paths.items():
                file = open_files.enter_context(path.open("w", newline="", encoding="utf-8"))
                rows[kind] = csv.writer(file, lineterminator="\n")
                rows[kind].writerow(HEADERS[kind])
            for _ in range(min(MEMBERS_A_FILE, members - first)):
                person = next(crowd)
                joined = TODAY - timedelta(days=30 * INVOICES_EACH + chance.randrange(30))
                rows["members"].writerow((*person, joined.isoformat()))
                for owed in _invoices(chance):
                    _write_invoice(rows, serial, person.number, owed, chance)
                for days, time in _visits(chance):
                    serial["bookings"] += 1
                    day = (TODAY + timedelta(days=days)).isoformat()
                    reference = f"B{serial['bookings']:08d}"
                    rows["bookings"].writerow((reference, person.number, day, time, chance.choice(_CLASSES)))
        sets.append(paths)
    return sets


def _write_invoice(
    rows: dict[str, csv._writer], serial: dict[str, int], member: str, owed: Owed, chance: random.Random
) -> None:
    serial["invoices"] += 1
    number = f"I{serial['invoices']:08d}"
    due_on = TODAY + timedelta(days=owed.due_in_days)
    issued_on = due_on - timedelta(days=TERM_DAYS)
    rows["invoices"].writerow((number, member, issued_on, due_on, _decimal(owed.amount_minor), "Dues"))
    for days, amount_minor in owed.paid:
        serial["payments"] += 1
        received_on = TODAY + timedelta(days=days)
        reference = f"P{serial['payments']:08d}"
        rows["payments"].writerow(
            (reference, member, received_on, _decimal(amount_minor), chance.choice(_METHODS), number)
        )


def _invoices(chance: random.Random) -> Iterator[Owed]:
    price_minor = chance.choice(_PRICES_MINOR)
    habit = chance.choices(_HABITS, [habit.share for habit in _HABITS])[0]
    newest = chance.randrange(TERM_DAYS)
    for month in reversed(range(INVOICES_EACH)):
        due_in_days = newest - 30 * month
        extras = chance.randrange(3000) if chance.random() < 0.2 else 0
        amount_minor = price_minor + extras
        yield Owed(due_in_days, amount_minor, tuple(_paid(due_in_days, amount_minor, habit, chance)))


def _paid(due_in_days: int, amount_minor: int, habit: Habit, chance: random.Random) -> Iterator[tuple[int, int]]:
    dice = chance.random()
    usual = habit if due_in_days < 0 else _NOT_DUE_YET
    if dice < usual.unpaid:
        return
    first, last = due_in_days - 30, min(0, due_in_days + 25)
    days = sorted(chance.randint(min(first, last), last) for _ in range(2))
    some_minor = amount_minor * chance.randint(20, 80) // 100
    if dice < usual.unpaid + usual.part:
        yield days[0], some_minor
    elif chance.random() < 0.15:
        yield days[0], some_minor
        yield days[1], amount_minor - some_minor
    else:
        yield days[0], amount_minor


def _visits(chance: random.Random) -> Iterator[tuple[int, str]]:
    if chance.random() < 0.06:
        yield 0, f"{chance.randrange(7, 22):02d}:{chance.choice((0, 15, 30, 45)):02d}"
    for _ in range(chance.randrange(3)):
        yield chance.choice((-1, 1)) * chance.randint(1, 14), f"{chance.randrange(7, 22):02d}:00"


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
