"""What stops a step: of one invoice whatever the step, of an account and its amount, and what was said lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.collection import facts
from duesdesk.domain.collection.calendar import IsOpen, open_on_or_after
from duesdesk.domain.collection.facts import Account, Item
from duesdesk.domain.collection.ladder import CALL, DESK, NOTICE, Rule, Step
from duesdesk.domain.money import exponent

WEEK_DAYS = 7
_SPOKEN = frozenset((NOTICE, CALL, DESK))
"""What the person hears: these keep the gap and the budget of contacts."""


class House(NamedTuple):
    """What holds for everybody. `max_per_week` is the centre's; a rule may say less. `barred_days`: see the pack."""

    is_open: IsOpen
    max_per_week: int
    barred_days: int | None = None


def item_hold(
    account: Account, item: Item, day: date, house: House, *, agreed: bool = True
) -> tuple[str, date | None] | None:
    """(reason, last day of it) of what stops an item whatever the step; the gravest first.

    Without `agreed` what was agreed about it does not: a word about the agreement itself.
    """
    for hold in account.holds:
        if hold.invoice_id is None or hold.invoice_id == item.invoice_id:
            return hold.kind, hold.until
    if item.disputed:
        return facts.DISPUTED, None
    if item.is_coming:
        return facts.CREDIT, None
    if agreed and item.agreed is not None and item.agreed.until >= day:
        return item.agreed
    if account.promised_until is not None and account.promised_until >= day:
        return facts.PROMISE, account.promised_until
    late = (day - item.due_on).days if item.due_on else 0
    if house.barred_days is not None and late > house.barred_days:
        return facts.STATUTE_BARRED, None
    return None


def account_hold(
    account: Account, day: date, house: House, step: Step, rule: Rule, amount_minor: int
) -> tuple[str, date | None] | None:
    """(reason, first day it may go) of what stops a step of the account."""
    if amount_minor < minimum_minor(rule, account.currency):
        return facts.BELOW_MINIMUM, None
    if account.credit_minor >= amount_minor > 0:
        return facts.CREDIT, None
    if not house.is_open(day):
        return facts.CLOSED_DAY, open_on_or_after(day, house.is_open)
    if step.do in _SPOKEN:
        return pause(account, day, house, rule)
    return None


def pause(account: Account, day: date, house: House, rule: Rule) -> tuple[str, date | None] | None:
    """The gap to the last notice, whoever wrote it, and the budget of all words of a week; what lasts longer."""
    most = min(house.max_per_week, rule.max_per_week or house.max_per_week)
    lately = sorted(one.on for one in account.contacts if 0 <= (day - one.on).days < WEEK_DAYS)
    if not most:
        return facts.BUDGET, None
    found: list[tuple[date, str]] = []
    last = max((one.on for one in account.contacts if one.written and one.on <= day), default=None)
    if last is not None and (day - last).days < rule.gap_days:
        found.append((last + timedelta(days=rule.gap_days), facts.GAP))
    if len(lately) >= most:
        # As many as must grow a week old before there is room again.
        found.append((lately[len(lately) - most] + timedelta(days=WEEK_DAYS), facts.BUDGET))
    until, why = max(found, default=(None, ""))
    return (why, until) if why else None


def minimum_minor(rule: Rule, currency: str) -> int:
    """The least that is asked for, in minor units of `currency`; digits finer than the currency's are left out."""
    whole, _, rest = rule.minimum_open_text.partition(".")
    digits = exponent(currency)
    return int(f"{whole}{rest[:digits]:0<{digits}}" if digits else whole)


def channel_for(account: Account, step: Step) -> tuple[str, str]:
    """(the first channel of the step that can be used, '') or ('', why none can)."""
    why = ""
    for channel in step.channels:
        problem = account.channels.get(channel, "no_address")
        if not problem:
            return channel, ""
        why = why or problem
    return "", why or "no_channel"


def unheld(
    account: Account, items: Sequence[Item], day: date, house: House
) -> tuple[tuple[Item, ...], tuple[str, date | None] | None]:
    """(those of `items` that may be asked for, what keeps the others or all of them), as for a step of the rule.

    The gap and the budget of contacts are asked by `pause`, closed days when the notice leaves.
    """
    free: list[Item] = []
    kept: tuple[str, date | None] | None = None
    for item in items:
        stop = item_hold(account, item, day, house)
        if stop is None:
            free.append(item)
        kept = kept or stop
    asked = sum(item.open_minor for item in free)
    if free and asked < min(minimum_minor(item.rule, account.currency) for item in free):
        return (), kept or (facts.BELOW_MINIMUM, None)
    if account.credit_minor >= asked > 0:
        return (), kept or (facts.CREDIT, None)
    return tuple(free), kept
