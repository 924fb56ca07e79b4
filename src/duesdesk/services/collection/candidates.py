"""For whom something may be due on a day: what the database can tell without deciding."""

from __future__ import annotations

from datetime import date, timedelta

from duesdesk.domain.collection.ladder import DUE, INSTALMENT_MISSED, ISSUED, PAID, PROMISE_BROKEN, Rule
from duesdesk.domain.collection.stops import House
from duesdesk.services.collection.facts import Facts
from duesdesk.services.collection.views import LeftOut
from duesdesk.store import agreements, among, collection
from duesdesk.store.collection import Exceptions, Reached
from duesdesk.store.rules import GROUP, INVOICE, MEMBER

_LONGEST_CLOSED = 60
_ANY = ""


def candidates(facts: Facts) -> list[int]:
    """Payers for whom something may be due, by id. Nobody else has anything to decide."""
    book, day = facts.book, facts.day
    exceptions = None
    if book.has_exceptions:
        exceptions = Exceptions(*(among.listed(book.targets(scope)) for scope in (INVOICE, MEMBER, GROUP)))
    due, issued = reached(book.centre[0], day.on, _closed_after(facts))
    found = set(collection.candidates(facts.tx, day.text, due, issued, exceptions))
    events = {step.when for rule in book.rules() for step in rule.steps}
    if PAID in events:
        found.update(collection.unconfirmed_payers(facts.tx, day.paid_since, day.begins, day.text))
    if PROMISE_BROKEN in events:
        found.update(collection.promising_payers(facts.tx, day.text))
    if INSTALMENT_MISSED in events:
        found.update(agreements.late_payers(facts.tx, day.text))
    return sorted(found)


def left_out(facts: Facts) -> LeftOut:
    """What the rule in force does not tell of because it was there before the rule."""
    rule, day = facts.book.centre[0], facts.day
    payments = 0
    if any(step.when == PAID for step in rule.steps):
        payments = collection.unconfirmed_before(facts.tx, day.paid_since, day.begins, day.text)
    return LeftOut(date.fromisoformat(day.begins), payments)


def reached(rule: Rule, day: date, closed_after: int) -> tuple[list[Reached], list[Reached]]:
    """The steps of the due date and those of the issue, the furthest first, with the days that have reached them.

    A step that repeats, and one of the issue that may come after the due date, are always looked at. Notices before the
    due date go on their day alone, or as many days earlier as the days after `day` are closed.
    """
    placed = sorted(enumerate(rule.steps), key=lambda one: (one[1].offset_days, one[0]), reverse=True)
    due: list[Reached] = []
    issued: list[Reached] = []
    late_issue = any(step.when == ISSUED and step.offset_days > 0 for step in rule.steps)
    for _, step in placed:
        last = (day - timedelta(days=step.offset_days)).isoformat()
        own = _ANY if step.repeat_days or late_issue else step.id
        if step.when == ISSUED:
            issued.append(Reached(own, None, last))
        elif step.when == DUE and step.offset_days >= 0:
            due.append(Reached(own, None, last))
        elif step.when == DUE:
            until = day + timedelta(days=closed_after - step.offset_days)
            due.append(Reached(own, last, until.isoformat()))
    return due, issued


def _closed_after(facts: Facts) -> int:
    """How many days after the day are closed in a row, where that is longest."""
    homes = [facts.houses.of(country, timezone) for country, timezone in [(None, None), *collection.places(facts.tx)]]
    return max(_closed_in(home.house, facts.day.on) for home in homes)


def _closed_in(house: House, day: date) -> int:
    days = (n for n in range(1, _LONGEST_CLOSED) if house.is_open(day + timedelta(days=n)))
    return next(days, _LONGEST_CLOSED) - 1
