"""Writes the files of the demo centre.

    python -m tools.make_demo [--out data/demo]

Run it again only when the centre itself should change: the files are what is shipped, and a test compares them.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from tools.make_demo.book import Book, make_book
from tools.make_demo.classes import Booking, make_bookings
from tools.make_demo.contacts import Contacts, make_contacts
from tools.make_demo.days import day
from tools.make_demo.memberships import Membership, make_memberships
from tools.make_demo.people import Person, make_people

SEED = 20260611
FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"


def main() -> None:
    """Reads the command line and writes the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    write_demo(parser.parse_args().out)


def write_demo(folder: Path) -> None:
    """Makes the centre and writes its CSV files into a folder: the same bytes every time."""
    people = make_people(Random(f"{SEED} people"))
    book = make_book(Random(f"{SEED} book"), people)
    bookings = make_bookings(Random(f"{SEED} bookings"), people)
    memberships = make_memberships(people, book)
    contacts = make_contacts(Random(f"{SEED} contacts"), people, book)
    folder.mkdir(parents=True, exist_ok=True)
    _write_members(folder, people)
    _write_memberships(folder, memberships)
    _write_money(folder, book)
    _write_bookings(folder, bookings)
    _write_contacts(folder, contacts)


def _write(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _write_members(folder: Path, people: list[Person]) -> None:
    header = "number name first_name last_name email phone card language payer joined_on left_on status group"
    rows = [
        (
            p.number,
            p.name,
            p.first,
            p.last,
            p.email,
            p.phone,
            p.card,
            p.language,
            p.payer.number if p.payer else "",
            day(p.joined),
            "" if p.left is None else day(p.left),
            p.status,
            p.group,
        )
        for p in people
    ]
    _write(folder / "members.csv", header, rows)


def _write_memberships(folder: Path, memberships: list[Membership]) -> None:
    rows = [
        (
            m.member.number,
            m.plan.name,
            _amount(m.plan.month_minor),
            day(m.starts),
            "" if m.ends is None else day(m.ends),
            day(m.charged_from),
        )
        for m in memberships
    ]
    _write(folder / "memberships.csv", "member plan price starts_on ends_on charged_from", rows)


def _write_money(folder: Path, book: Book) -> None:
    _write(
        folder / "invoices.csv",
        "number member issued_on due_on amount description kind disputed",
        [
            (
                i.number,
                i.member.number,
                day(i.issued),
                day(i.due),
                _amount(i.amount_minor),
                i.description,
                i.kind,
                "yes" if i.disputed else "",
            )
            for i in book.invoices
        ],
    )
    _write(
        folder / "payments.csv",
        "reference member received_on amount method allocations",
        [
            (
                p.reference,
                p.payer.number,
                day(p.on),
                _amount(p.amount_minor),
                p.method,
                ";".join(f"{invoice.number}={_amount(amount)}" for invoice, amount in p.parts),
            )
            for p in book.payments
        ],
    )
    _write(
        folder / "credits.csv",
        "reference invoice on amount kind reason",
        [(c.reference, c.invoice.number, day(c.on), _amount(c.amount_minor), c.kind, c.reason) for c in book.credits],
    )


def _write_bookings(folder: Path, bookings: list[Booking]) -> None:
    rows = [
        (
            b.reference,
            b.member.number,
            f"{day(b.on)} {b.time}",
            b.activity,
            b.status,
            "" if b.price_minor is None else _amount(b.price_minor),
        )
        for b in bookings
    ]
    _write(folder / "bookings.csv", "reference member starts_at activity status price", rows)


def _write_contacts(folder: Path, contacts: Contacts) -> None:
    _write(
        folder / "promises.csv",
        "member promised_on due_on amount actor note",
        [
            (p.payer.number, day(p.made), day(p.due), _amount(p.amount_minor), p.actor, p.note)
            for p in contacts.promises
        ],
    )
    _write(
        folder / "talks.csv",
        "member talked_at channel outcome actor note next_on",
        [
            (
                t.member.number,
                f"{day(t.on)} {t.time}",
                t.channel,
                t.outcome,
                t.actor,
                t.note,
                "" if t.next_on is None else day(t.next_on),
            )
            for t in contacts.talks
        ],
    )
    _write(
        folder / "notices.csv",
        "member sent_at channel template state invoices detail",
        [
            (
                n.payer.number,
                f"{day(n.on)} {n.time}",
                n.channel,
                n.template,
                n.state,
                ";".join(f"{invoice.number}={_amount(amount)}" for invoice, amount in n.parts),
                n.detail,
            )
            for n in contacts.notices
        ],
    )


if __name__ == "__main__":
    main()
