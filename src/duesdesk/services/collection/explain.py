"""Why this, why not yet: the next step of a debt, its day, and what holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from duesdesk.clock import from_utc_text, zone
from duesdesk.config import Settings
from duesdesk.domain.collection import facts as codes
from duesdesk.domain.collection.ahead import DayAhead, ahead
from duesdesk.domain.collection.facts import Item, Kept, Take
from duesdesk.domain.collection.ladder import NOTICE, PAID, Step
from duesdesk.domain.collection.stops import channel_for
from duesdesk.services import lookup
from duesdesk.services.acts import Plain
from duesdesk.services.collection.facts import Facts, Known
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, waiting
from duesdesk.store.database import Tx

_OF_ONE_STEP = (codes.REQUIRES, codes.UNREACHABLE)
DAYS_AHEAD = 150
"""How far the next step is looked for."""


@dataclass(frozen=True, slots=True)
class HeldBy:
    """What holds a step back (`services.collection.reasons` has it in words), and until when, if that is known."""

    reason: str
    until: date | None = None
    detail: str = ""

    def as_json(self) -> Plain:
        """As the contract has it."""
        until = self.until.isoformat() if self.until else None
        return {"reason": self.reason, "until": until, "detail": self.detail or None}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next step: `on` is the day it will be taken as things stand, None while nobody can tell.

    `action` is notice, call, desk, fee, suspend or handover; `channel` the one a notice would go by, '' for none.
    """

    step: str
    action: str
    on: date | None
    channel: str = ""
    held_by: tuple[HeldBy, ...] = ()

    def as_json(self) -> Plain:
        """As the contract has it."""
        return {
            "step": self.step,
            "on": self.on.isoformat() if self.on else None,
            "action": self.action,
            "channel": self.channel or None,
            "held_by": [one.as_json() for one in self.held_by],
        }


@dataclass(frozen=True, slots=True)
class StepHad:
    """A step an invoice has had: the day it was taken, and the day it was really sent or done where that counts."""

    step: str
    on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class InvoiceExplained:
    """An open invoice as the rule sees it. `rule` is the name of the one it follows."""

    invoice: str
    open_minor: int
    due_on: date | None
    rule: str
    had: tuple[StepHad, ...]
    held_by: tuple[HeldBy, ...]


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A notice of the rule that was written and has not left; `leaves_on` is the centre's day of `leaves_at`."""

    notice: int
    step: str
    leaves_at: datetime
    leaves_on: date


@dataclass(frozen=True, slots=True)
class AccountExplained:
    """A payer in one currency: what comes next, and each open invoice."""

    currency: str
    next: NextStep | None
    invoices: tuple[InvoiceExplained, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """All about one payer. `next` is the earliest of the accounts; `waiting` has been decided already."""

    member: str
    payer: str
    payer_name: str
    next: NextStep | None
    waiting: tuple[WaitingStep, ...]
    accounts: tuple[AccountExplained, ...]


class Explains:
    """Explanations for one centre."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def of(self, member: str) -> Explained:
        """What the rule will do about who pays for `member`, and why not yet. Raises NotFound."""
        with self._place.database.read() as tx:
            return self._explain(tx, [lookup.person(tx, member)])[0]

    def of_all(self, members: Iterable[str]) -> dict[str, Explained]:
        """The same for several, read at once in one picture. Raises NotFound."""
        with self._place.database.read() as tx:
            people = [lookup.person(tx, member) for member in members]
            return {one.member: one for one in self._explain(tx, people)}

    def _explain(self, tx: Tx, people: Sequence[lookup.Person]) -> list[Explained]:
        today = self._place.today()
        local = zone(self._place.centre.timezone)
        payers = list({person.payer_id for person in people})
        accounts: dict[int, list[AccountExplained]] = {}
        for known in Facts(tx, self._place, today, self._settings).payers(payers):
            owing = [one for one in known if one.account.items]
            if owing:
                accounts[owing[0].account.payer_id] = explained(owing, today)
        found = []
        for person in people:
            own = tuple(accounts.get(person.payer_id, ()))
            nexts = [one.next for one in own if one.next is not None]
            first = min(nexts, key=lambda one: (one.on is None, one.on or today), default=None)
            waits = _waiting(tx, person.payer_id, local)
            found.append(Explained(person.number, person.payer_number, person.payer_name, first, waits, own))
        return found


class _Seen(NamedTuple):
    """What is known of one account's next step: what held it on the way, what comes, on which day, by which channel."""

    kept: list[Kept]
    found: tuple[Step, date, str] | None = None


def explained(accounts: Sequence[Known], today: date) -> list[AccountExplained]:
    """The accounts of one payer explained, one for each currency."""
    seen = [_Seen([]) for _ in accounts]
    held_today: list[tuple[Kept, ...]] = [() for _ in accounts]
    played = [known.account for known in accounts]
    for day in ahead(played, today, today + timedelta(days=DAYS_AHEAD), accounts[0].home.house):
        if day.on == today:
            held_today = [decision.held for decision in day.decisions]
        for at, known in enumerate(accounts):
            if seen[at].found is None:
                seen[at].kept.extend(day.decisions[at].held)
                seen[at] = seen[at]._replace(found=_found(day, at, known.account.currency))
        if all(one.found is not None for one in seen):
            break
    return [_account(*one) for one in zip(accounts, seen, held_today, strict=True)]


def _found(day: DayAhead, at: int, currency: str) -> tuple[Step, date, str] | None:
    """What comes on the day for the account in that place: its own step, or within a notice in another currency."""
    take = _first(day.decisions[at].taken)
    if take is not None and take.step.do == NOTICE:
        return take.step, day.on, take.channel
    for other in (one for decision in day.decisions for one in decision.taken):
        for beside in other.beside:
            if beside.currency == currency and beside.step is not None:
                return beside.step, day.on, other.channel
    return None if take is None else (take.step, day.on, take.channel)


def _account(known: Known, seen: _Seen, held_today: Sequence[Kept]) -> AccountExplained:
    account = known.account
    own: dict[int, list[Kept]] = {}
    general: list[Kept] = []
    for one in held_today:
        (own.setdefault(one.item.invoice_id, []) if one.item is not None else general).append(one)
    kept = seen.kept
    following = None
    if seen.found is not None:
        step, on, channel = seen.found
        # What another step waits for, or has no channel for, holds that one: it is told beside its invoice.
        own_kept = (one for one in kept if one.reason not in _OF_ONE_STEP or one.step.id == step.id)
        following = NextStep(step.id, step.do, on, channel, _held_by(own_kept))
    elif kept:
        step = kept[0].step
        channel, _why = channel_for(account, step) if step.do == NOTICE else ("", "")
        following = NextStep(step.id, step.do, None, channel, _held_by(kept))
    invoices = tuple(_invoice(item, [*own.get(item.invoice_id, ()), *general]) for item in account.items)
    return AccountExplained(account.currency, following, invoices)


def _first(taken: Iterable[Take]) -> Take | None:
    """What is told of several: a notice before a task; a thank-you is no step of a debt."""
    steps = [take for take in taken if take.step.when != PAID]
    return min(steps, key=lambda take: take.step.do != NOTICE, default=None)


def _held_by(kept: Iterable[Kept]) -> tuple[HeldBy, ...]:
    """Each reason once, with its latest day."""
    found: dict[tuple[str, str], HeldBy] = {}
    for one in kept:
        reason, detail = one.reason, one.detail
        if reason == codes.UNREACHABLE:
            reason, detail = detail or reason, ""
        before = found.get((reason, detail))
        until = one.until
        if before is not None and before.until is not None and (until is None or until < before.until):
            until = before.until
        found[reason, detail] = HeldBy(reason, until, detail)
    return tuple(found.values())


def _invoice(item: Item, kept: list[Kept]) -> InvoiceExplained:
    by_day = sorted(item.taken, key=lambda one: one.taken_on)
    had = tuple(StepHad(one.step_id, one.taken_on, one.done_on) for one in by_day)
    return InvoiceExplained(item.number, item.open_minor, item.due_on, item.rule.name, had, _held_by(kept))


def _waiting(tx: Tx, payer_id: int, local: tzinfo) -> tuple[WaitingStep, ...]:
    found = []
    for notice, step, at in waiting.leaving(tx, among.listed([payer_id])):
        leaves_at = from_utc_text(at)
        found.append(WaitingStep(notice, step, leaves_at, leaves_at.astimezone(local).date()))
    return tuple(found)
