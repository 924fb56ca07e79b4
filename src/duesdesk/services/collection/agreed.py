"""Agreements as the rule decides with them: what leaves an invoice alone, and which parts of plans are not paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from duesdesk.domain.collection.facts import Agreed, Missed
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.store.collection import PersonRow
from duesdesk.store.database import Tx

if TYPE_CHECKING:
    from duesdesk.store.agreed import Agreement

PayerCurrency = tuple[int, str]


class AllAgreed(NamedTuple):
    """By invoice what was agreed about it and holds, and by account the parts of plans that are not paid."""

    of_invoice: Mapping[int, Agreed]
    missed: Mapping[PayerCurrency, tuple[Missed, ...]]


NOTHING = AllAgreed({}, {})


def read(tx: Tx, payers: str, day: date, book: RuleBook, people: Mapping[int, PersonRow], without: str) -> AllAgreed:
    """What these payers have agreed upon, as it stands on the day; `without` are notices looked at as pulled back."""
    from duesdesk.store import agreements as rows  # imported late: start-up

    standing = rows.standing(tx, payers, day.isoformat())
    if not standing:
        return NOTHING
    from duesdesk.store.agreed import load  # imported late: start-up

    found = load(tx, standing)
    told: dict[int, list[str]] = {}
    for part_id, step_id in rows.reminded(tx, payers, without):
        told.setdefault(part_id, []).append(step_id)
    of_invoice: dict[int, Agreed] = {}
    missed: dict[PayerCurrency, list[Missed]] = {}
    for one in found:
        until = one.holds_until(day)
        if until is None:
            continue
        of_invoice.update(dict.fromkeys(one.shares, Agreed(one.row.kind, until)))
        if one.is_plan:
            missed.setdefault((one.row.payer_id, one.row.currency), []).extend(
                _missed(one, day, until, book, people, told)
            )
    in_order = {key: tuple(sorted(some, key=lambda part: part.due_on)) for key, some in missed.items()}
    return AllAgreed(of_invoice, in_order)


def _missed(
    one: Agreement,
    day: date,
    until: date,
    book: RuleBook,
    people: Mapping[int, PersonRow],
    told: Mapping[int, list[str]],
) -> list[Missed]:
    """The parts that are not paid: unless something comes, the plan is kept until the grace of the first is over."""
    from duesdesk.domain import plans  # imported late: start-up

    rule, _version = book.of_payer(one.row.payer_id, people[one.row.payer_id].group_name)
    return [
        Missed(
            one.part_ids[part.part.n],
            part.part.due_on,
            until,
            part.open_minor,
            frozenset(one.shares),
            rule,
            tuple(told.get(one.part_ids[part.part.n], ())),
        )
        for part in one.plan(day).parts
        if part.state != plans.PAID and part.part.due_on < until
    ]
