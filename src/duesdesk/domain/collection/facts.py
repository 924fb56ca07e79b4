"""What the decision is made from: one payer's account in one currency, as it stands on a day.

Tuples and not dataclasses: a large centre has a hundred thousand accounts in one run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from duesdesk.domain.collection.ladder import NOTICE, Rule, Step

# Holds that come from elsewhere than the table of holds, and what keeps a step back without one.
DISPUTED, PROMISE, PLAN, CREDIT, GAP, BUDGET = "disputed", "promise", "plan", "credit", "gap", "budget"
SETTLEMENT = "settlement"
CLOSED_DAY, BELOW_MINIMUM, UNREACHABLE, REQUIRES, STATUTE_BARRED = (
    "closed_day",
    "below_minimum",
    "unreachable",
    "requires",
    "statute_barred",
)


CLAIMS = {"says_paid": "claim", "disputes": "complaint"}
"""What is said in a talk that keeps the rule from asking for some days, in which somebody looks; as which hold."""
UNTHANKED = frozenset(("deceased", "minor", "insolvency"))
"""Holds of a payer that stop a receipt, too: it would not reach whom it thanks. Others who are spared are thanked."""


class TakenBefore(NamedTuple):
    """A step an item has had. `done_on` is the day its notice was really sent or its task done, None before.

    `waits` tells that its notice has not left: whoever gets another one meanwhile hears it there.
    """

    step_id: str
    occurrence: int
    taken_on: date
    done_on: date | None
    waits: bool = False


class Agreed(NamedTuple):
    """What was agreed about an invoice (PLAN or SETTLEMENT), and the last day it holds if nothing more came."""

    kind: str
    until: date


class Item(NamedTuple):
    """An open invoice. `due_on` is the date in force, None when it is never due. `rule` is the one it follows.

    `coming_minor` is money that is laid on it and counts in some days.
    """

    invoice_id: int
    number: str
    issued_on: date
    due_on: date | None
    open_minor: int
    disputed: bool
    rule: Rule
    taken: tuple[TakenBefore, ...] = ()
    coming_minor: int = 0
    agreed: Agreed | None = None

    @property
    def is_coming(self) -> bool:
        """Whether the money that is on its way pays it in full."""
        return self.coming_minor >= self.open_minor > 0


class Paid(NamedTuple):
    """Money that came and was not confirmed yet. `settles` tells whether an invoice was paid in full by it."""

    payment_id: int
    on: date
    amount_minor: int
    settles: bool
    rule: Rule


class Broken(NamedTuple):
    """A promise that was not kept, with the day it was for, and the steps taken for it.

    Of those, the notices of the steps in `waiting` have not left.
    """

    promise_id: int
    due_on: date
    rule: Rule
    taken: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class Missed(NamedTuple):
    """A part of a plan that is not paid, its day come or not; `until` is the last day of its grace.

    `invoices` are those of the plan, `open_minor` is what is left of the part, `taken` are the steps taken for it.
    """

    part_id: int
    due_on: date
    until: date
    open_minor: int
    invoices: frozenset[int]
    rule: Rule
    taken: tuple[str, ...] = ()


class OnHold(NamedTuple):
    """Something that stops every step: of one invoice, or of all when `invoice_id` is None. `until` is its last day."""

    kind: str
    until: date | None
    invoice_id: int | None = None


class Contact(NamedTuple):
    """A word to somebody of the household: a notice (`written`), of the rule or by hand, or a spoken one.

    A receipt is no contact.
    """

    on: date
    written: bool


class Account(NamedTuple):
    """A payer in one currency.

    `credit_minor` is money on account or not matched yet. `promised_until` is the day of the open promise. `missed` are
    the parts of plans in force that are not paid, in the order of their days.
    `channels` says for each channel why it cannot be used, '' when it can; one that is missing cannot ('no_address').
    """

    payer_id: int
    currency: str
    items: tuple[Item, ...]
    credit_minor: int = 0
    holds: tuple[OnHold, ...] = ()
    promised_until: date | None = None
    contacts: tuple[Contact, ...] = ()
    channels: Mapping[str, str] = {}
    paid: tuple[Paid, ...] = ()
    broken: tuple[Broken, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a notice of the rule that asks for something of the account has not left."""
        return any(one.waits for item in self.items for one in item.taken) or any(one.waiting for one in self.broken)


class Part(NamedTuple):
    """An item within a step that is taken: the step it had reached by itself ('' for one that is only listed)."""

    item: Item
    step_id: str
    occurrence: int
    counted_from: date


class Beside(NamedTuple):
    """What a notice lists in another currency than its own; `step` is the one reached there, None where none was."""

    currency: str
    amount_minor: int
    parts: tuple[Part, ...]
    step: Step | None = None
    broken: Broken | None = None


class Take(NamedTuple):
    """A step to take for an account. `channel` is '' for what is no notice; `beside` is owed in other currencies."""

    step: Step
    rule: Rule
    channel: str
    amount_minor: int
    parts: tuple[Part, ...] = ()
    paid: Paid | None = None
    broken: Broken | None = None
    beside: tuple[Beside, ...] = ()
    missed: Missed | None = None

    @property
    def asks(self) -> bool:
        """Whether the payer hears of it and is asked for money."""
        return self.step.do == NOTICE and self.paid is None

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The parts in every currency."""
        return (*self.parts, *(part for one in self.beside for part in one.parts))


class Kept(NamedTuple):
    """A step that is due and held back: why, and until when, if that is known.

    `until` is the last day of a hold, a promise or a plan; for what is only too early (gap, budget, closed day, another
    step that is required) it is the day on which the step may go.
    """

    step: Step
    item: Item | None
    reason: str
    until: date | None
    detail: str = ""


class Decision(NamedTuple):
    """What to do for an account on a day."""

    taken: tuple[Take, ...]
    held: tuple[Kept, ...]


NOTHING = Decision((), ())
