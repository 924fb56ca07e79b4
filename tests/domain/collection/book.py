"""Accounts for the tests of the rule: one line each, and a small life to play a rule on day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from duesdesk.domain.collection.decide import decide
from duesdesk.domain.collection.facts import Account, Contact, Decision, Item, OnHold, Part, Take, TakenBefore
from duesdesk.domain.collection.ladder import CALL, NOTICE, Rule, parse
from duesdesk.domain.collection.stops import House

DUE = date(2026, 9, 15)
ISSUED = date(2026, 9, 1)
LADDER = """
name = "standard"
minimum_open = "1.00"
gap_days = 3
[[step]]
id = "invoice"
when = "issued"
do = "notice"
[[step]]
id = "before-due"
when = "due"
offset_days = -5
do = "notice"
[[step]]
id = "due-day"
when = "due"
do = "notice"
[[step]]
id = "friendly"
when = "due"
offset_days = 3
do = "notice"
channels = ["email", "sms"]
[[step]]
id = "reminder"
when = "due"
offset_days = 10
do = "notice"
[[step]]
id = "call"
when = "due"
offset_days = 20
do = "call"
[[step]]
id = "formal-letter"
when = "due"
offset_days = 30
do = "notice"
channels = ["letter", "email"]
[[step]]
id = "suspend"
when = "due"
offset_days = 45
do = "suspend"
requires = { step = "formal-letter", days = 10 }
[[step]]
id = "receipt"
when = "paid"
do = "notice"
"""
STANDARD = parse(LADDER)
ALL_CHANNELS = {"email": "", "letter": "", "sms": ""}


def every_day(_day: date) -> bool:
    return True


def not_on_sundays(day: date) -> bool:
    return day.weekday() != 6


HOUSE = House(every_day, 99)


def item(number: int = 1, **changes: object) -> Item:
    usual = Item(number, f"INV-{number}", ISSUED, DUE, 4500, disputed=False, rule=STANDARD)
    return usual._replace(**changes)  # type: ignore[arg-type]  # names of its fields


def account(*items: Item, **changes: object) -> Account:
    usual = Account(1, "EUR", items or (item(),), channels=ALL_CHANNELS)
    return usual._replace(**changes)  # type: ignore[arg-type]  # names of its fields


def on(days_late: int) -> date:
    return DUE + timedelta(days=days_late)


def steps(decision: Decision) -> list[str]:
    return [take.step.id for take in decision.taken]


def reasons(decision: Decision) -> list[str]:
    return [kept.reason for kept in decision.held]


@dataclass
class Life:
    """One account played on: what is taken is remembered, notices are sent the same day unless `unsent` says not."""

    account: Account
    house: House = HOUSE
    unsent: frozenset[str] = frozenset()
    # Whether a call that is asked for is made, and counts as a word.
    spoken: bool = False
    log: list[tuple[date, str, tuple[str, ...]]] = field(default_factory=list)

    def day(self, day: date) -> Decision:
        decision = decide(self.account, day, self.house)
        for take in decision.taken:
            self.log.append((day, take.step.id, tuple(part.item.number for part in take.parts)))
            self._remember(take, day)
        return decision

    def play(self, first: date, last: date, *, skip: Callable[[date], bool] = lambda _day: False) -> list[str]:
        """Every day from the first to the last that is not skipped; the steps taken, each with its days late."""
        day = first
        while day <= last:
            if not skip(day):
                self.day(day)
            day += timedelta(days=1)
        return [f"{(taken_on - DUE).days} {step}" for taken_on, step, _items in self.log]

    def change(self, **changes: object) -> None:
        self.account = self.account._replace(**changes)  # type: ignore[arg-type]  # names of its fields

    def _remember(self, take: Take, day: date) -> None:
        done_on = None if take.step.id in self.unsent else day
        items = list(self.account.items)
        for part in take.parts:
            if part.step_id:
                self._keep(items, part, TakenBefore(part.step_id, part.occurrence, day, done_on))
        contacts = self.account.contacts
        if take.step.do == NOTICE and take.paid is None:
            contacts = (*contacts, Contact(day, written=True))
        elif take.step.do == CALL and self.spoken:
            contacts = (*contacts, Contact(day, written=False))
        left = tuple(one for one in self.account.paid if one is not take.paid)
        self.account = self.account._replace(items=tuple(items), contacts=contacts, paid=left)

    def _keep(self, items: list[Item], part: Part, taken: TakenBefore) -> None:
        place = next(n for n, one in enumerate(items) if one.invoice_id == part.item.invoice_id)
        items[place] = items[place]._replace(taken=(*items[place].taken, taken))


def hold(kind: str, until: date | None = None, invoice_id: int | None = None) -> OnHold:
    return OnHold(kind, until, invoice_id)


def numbers(items: Iterable[Part]) -> list[str]:
    return [part.item.number for part in items]


def rule(text: str) -> Rule:
    return parse(text)
