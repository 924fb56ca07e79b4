"""An invented book in which everybody has a habit: two years of receivables, the same ones each time."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
HEADERS = ("number", "member", "member_name", "issued_on", "due_on", "amount", "currency", "settled_on")
TERM_DAYS = 20


class Payer(NamedTuple):
    """How somebody pays: days after the due day, give or take, which share of it never, and by how much they slip."""

    days: int
    give_or_take: int
    never: float
    grows: int = 0


KINDS = (
    Payer(-12, 4, 0.0),
    Payer(0, 1, 0.0),
    Payer(0, 1, 0.0),
    Payer(6, 3, 0.01),
    Payer(13, 4, 0.02),
    Payer(24, 6, 0.05),
    Payer(2, 2, 0.0, grows=4),
)


def write(path: Path, payers: int = 70) -> None:
    """The file of `payers` people with an invoice every four weeks, as `import receivables` reads it."""
    chance = random.Random("duesdesk payers")
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(HEADERS)
        serial = 0
        for number in range(payers):
            kind, amount = KINDS[number % len(KINDS)], chance.randrange(20, 90)
            # Somebody who slips does so from a day on, by so many days more with each invoice.
            slips_on = FIRST + timedelta(days=chance.randrange(250, 650))
            issued, slipped = FIRST + timedelta(days=chance.randrange(28)), 0
            while issued <= LAST:
                serial += 1
                due = issued + timedelta(days=TERM_DAYS)
                if kind.grows and issued > slips_on:
                    slipped += kind.grows
                settled = due + timedelta(
                    days=kind.days + slipped + chance.randint(-kind.give_or_take, kind.give_or_take)
                )
                paid = "" if chance.random() < kind.never or settled > LAST else max(issued, settled).isoformat()
                name = f"Payer {number:03d}"
                rows.writerow((f"S{serial:05d}", f"P{number:03d}", name, issued, due, f"{amount}.00", "EUR", paid))
                issued += timedelta(days=28)
