"""What the members are charged for: a membership behind the dues of each, which goes on from today."""

from __future__ import annotations

from dataclasses import dataclass

from tools.make_demo.book import ISSUED_BEFORE, Book
from tools.make_demo.cast import PLANS, Plan
from tools.make_demo.days import months_from
from tools.make_demo.people import Person

FORGOTTEN = 2
"""So many have left, and nobody has ended their membership."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A month's dues of one member; what began before `charged_from` is in the book already."""

    member: Person
    plan: Plan
    starts: int
    ends: int | None
    charged_from: int


def make_memberships(people: list[Person], book: Book) -> list[Membership]:
    """In order of the members' numbers."""
    last_due: dict[str, int] = {}
    for invoice in book.invoices:
        if invoice.kind == "dues" and invoice.description.startswith("Dues"):
            number = invoice.member.number
            last_due[number] = max(invoice.due, last_due.get(number, invoice.due))
    gone = [person for person in people if person.left is not None and person.number in last_due]
    forgotten = {person.number for person in gone[:FORGOTTEN]}
    return [
        _membership(person, last_due[person.number], is_forgotten=person.number in forgotten)
        for person in people
        if person.plan and person.number in last_due
    ]


def _membership(person: Person, last_due: int, *, is_forgotten: bool) -> Membership:
    if is_forgotten:
        return Membership(person, PLANS[person.plan], person.joined, None, 1)
    if person.left is not None:
        return Membership(person, PLANS[person.plan], person.joined, person.left, person.left + 1)
    # The next dues are issued as long before their day as those in the book.
    months, issued = 1, 0
    while issued < 1:
        issued = months_from(last_due, months) - ISSUED_BEFORE
        months += 1
    return Membership(person, PLANS[person.plan], person.joined, None, issued)
