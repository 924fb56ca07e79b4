"""What the rule would do in the days to come, if nobody paid: the rehearsal, and the next step of one payer.

Played forward on the facts of today: a notice counts as sent, and a task as done, on its day; what waits on the first
day has left after it. Days on which nothing can change are not looked at.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.collection import facts
from duesdesk.domain.collection.calendar import open_on_or_before
from duesdesk.domain.collection.facts import Account, Broken, Contact, Decision, Item, Take, TakenBefore
from duesdesk.domain.collection.ladder import CALL, DESK, INSTALMENT_MISSED, ISSUED, NOTICE, PROMISE_BROKEN
from duesdesk.domain.collection.stops import House
from duesdesk.domain.collection.together import decide_payer

_FREE_ON_THE_DAY = frozenset((facts.GAP, facts.BUDGET, facts.CLOSED_DAY, facts.REQUIRES))


class DayAhead(NamedTuple):
    """What would be done and held on a day to come, for each account of the payer."""

    on: date
    decisions: tuple[Decision, ...]


def ahead(accounts: Sequence[Account], first: date, last: date, house: House) -> Iterator[DayAhead]:
    """The days from `first` to `last` on which something would be taken or begins to be held, in order.

    `accounts` are those of one payer, one for each currency.
    """
    days = [day for account in accounts for day in _days(account, first, last, house) if first <= day <= last]
    heapq.heapify(days)
    done: date | None = None
    while days:
        day = heapq.heappop(days)
        if day == done:
            continue
        done = day
        decisions = decide_payer([_on(account, day) for account in accounts], day, house)
        if any(decision.taken or decision.held for decision in decisions):
            yield DayAhead(day, tuple(decisions))
        takes = [take for decision in decisions for take in decision.taken]
        for take in takes:
            accounts = [_after(account, take, day) for account in accounts]
        accounts = [_left(account) if account.waits else account for account in accounts]
        for free in _freed(accounts, day, decisions, takes):
            if day < free <= last:
                heapq.heappush(days, free)


def _freed(
    accounts: Sequence[Account], day: date, decisions: Sequence[Decision], takes: Sequence[Take]
) -> Iterator[date]:
    """The days on which what is held is free, and on which what was taken makes something possible."""
    for decision in decisions:
        for kept in decision.held:
            free = _free(kept.reason, kept.until)
            if free is not None:
                yield free
    for account in accounts:
        yield from _waits(account, day, takes)


def _days(account: Account, first: date, last: date, house: House) -> set[date]:
    """The days on which an item reaches a step, a promise or an instalment is missed; at least the first day."""
    days = {first}
    for item in account.items:
        for step in item.rule.steps:
            base = item.issued_on if step.when == ISSUED else item.due_on
            if base is None or step.when not in ("due", ISSUED):
                continue
            on = base + timedelta(days=step.offset_days)
            if step.offset_days < 0:
                days.add(open_on_or_before(on, house.is_open))
                continue
            days.add(on)
            if step.repeat_days:
                times = min(step.max_times - 1, max(0, (last - on).days // step.repeat_days))
                days.update(on + timedelta(days=n * step.repeat_days) for n in range(1, times + 1))
    for broken in account.broken:
        for step in broken.rule.steps:
            if step.when == PROMISE_BROKEN:
                days.add(broken.due_on + timedelta(days=1 + step.offset_days))
    for missed in account.missed:
        for step in missed.rule.steps:
            if step.when == INSTALMENT_MISSED:
                days.add(missed.due_on + timedelta(days=1 + step.offset_days))
    return days


def _free(reason: str, until: date | None) -> date | None:
    if until is None or reason in _FREE_ON_THE_DAY:
        return until
    return until + timedelta(days=1)


def _waits(account: Account, day: date, takes: Sequence[Take]) -> Iterator[date]:
    """After something was taken, what it makes possible: steps that require it, and the end of the gap."""
    for take in takes:
        for item in account.items:
            for step in item.rule.steps:
                if step.requires is not None and step.requires.step in _taken_of(take):
                    yield day + timedelta(days=step.requires.days)
        if take.step.do == NOTICE:
            yield day + timedelta(days=take.rule.gap_days)


def _taken_of(take: Take) -> set[str]:
    return {take.step.id, *(one.step.id for one in take.beside if one.step is not None)}


def _on(account: Account, day: date) -> Account:
    """The account on a later day: holds that have ended are gone, and so is a promise."""
    holds = tuple(hold for hold in account.holds if hold.until is None or hold.until >= day)
    return account._replace(
        holds=holds,
        promised_until=_lasting(account.promised_until, day),
        items=tuple(item for item in account.items if item.issued_on <= day),
    )


def _lasting(until: date | None, day: date) -> date | None:
    return until if until is not None and until >= day else None


def _after(account: Account, take: Take, day: date) -> Account:
    """The account once the step was taken, for it or for another one of the payer."""
    own = {part.item.invoice_id: part for part in take.all_parts if part.step_id}
    items: list[Item] = []
    for item in account.items:
        part = own.get(item.invoice_id)
        if part is not None:
            had = TakenBefore(part.step_id, part.occurrence, day, day)
            item = item._replace(taken=(*item.taken, had))  # noqa: PLW2901  # the item as it is afterwards
        items.append(item)
    contacts = account.contacts
    if take.step.do in (NOTICE, CALL, DESK) and take.paid is None:
        contacts = (*contacts, Contact(day, written=take.step.do == NOTICE))
    broken = account.broken
    for known, step in ((take.broken, take.step), *((one.broken, one.step) for one in take.beside)):
        if known is not None and step is not None:
            broken = _told_of(broken, known._replace(taken=(*known.taken, step.id)))
    paid = tuple(one for one in account.paid if one is not take.paid)
    missed = tuple(
        one._replace(taken=(*one.taken, take.step.id))
        if take.missed is not None and one.part_id == take.missed.part_id
        else one
        for one in account.missed
    )
    return account._replace(items=tuple(items), contacts=contacts, broken=broken, paid=paid, missed=missed)


def _left(account: Account) -> Account:
    """The account once what waited has left."""
    return account._replace(
        items=tuple(
            item._replace(taken=tuple(one._replace(waits=False) for one in item.taken)) for item in account.items
        ),
        broken=tuple(one._replace(waiting=()) for one in account.broken),
    )


def _told_of(broken: tuple[Broken, ...], told: Broken) -> tuple[Broken, ...]:
    return tuple(told if one.promise_id == told.promise_id else one for one in broken)
