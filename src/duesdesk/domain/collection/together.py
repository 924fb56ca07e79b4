"""What the rule does about one payer on a day, whatever currencies they owe in: one notice tells of all of them.

Each currency is decided by itself: its own minimum, its own credit and promise. Of the notices that come of it one goes
out, the furthest, and lists what is overdue in the others beside its own. Amounts of two currencies never add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from duesdesk.domain.collection.decide import decide, listed
from duesdesk.domain.collection.facts import GAP, Account, Beside, Decision, Kept, Take
from duesdesk.domain.collection.stops import House, minimum_minor


def decide_payer(accounts: Sequence[Account], day: date, house: House) -> list[Decision]:
    """What to do for each of the `accounts` of one payer; of equal notices that of the first account goes out."""
    decisions = [decide(account, day, house) for account in accounts]
    if any(take.asks for one in decisions for take in one.taken) and any(account.waits for account in accounts):
        # Only one notice is on its way to a payer: the new one says what the others have not said yet.
        decisions = [decide(account, day, house, anew=True) for account in accounts]
    if len(accounts) == 1:
        return decisions
    asking = {at: take for at, decision in enumerate(decisions) for take in decision.taken if take.asks}
    if not asking:
        return decisions
    of_plan = next((at for at, take in asking.items() if take.missed is not None), None)
    if of_plan is not None:
        return [_after_word(one, day) if at != of_plan else one for at, one in enumerate(decisions)]
    first = max(asking, key=lambda at: _how_far(asking[at]))
    beside = []
    for at, account in enumerate(accounts):
        if at == first:
            continue
        found = _from_notice(account, asking[at]) if at in asking else _overdue(account, day, house)
        if found is not None:
            beside.append(found)
        decisions[at] = decisions[at]._replace(taken=tuple(one for one in decisions[at].taken if not one.asks))
    whole = asking[first]._replace(beside=tuple(beside))
    own = decisions[first]
    decisions[first] = own._replace(taken=tuple(whole if one is asking[first] else one for one in own.taken))
    return decisions


def _after_word(decision: Decision, day: date) -> Decision:
    """What is decided beside a word about a plan, which lists nothing else: other notices wait for the gap."""
    waits = [
        Kept(take.step, None, GAP, day + timedelta(days=max(1, take.rule.gap_days)))
        for take in decision.taken
        if take.asks
    ]
    return Decision(tuple(one for one in decision.taken if not one.asks), (*decision.held, *waits))


def _how_far(take: Take) -> tuple[bool, int]:
    """A broken promise before all, then the step with the most days."""
    occurrence = max((part.occurrence for part in take.parts if part.step_id == take.step.id), default=1)
    return take.broken is not None, take.step.offset_days + (occurrence - 1) * take.step.repeat_days


def _from_notice(account: Account, take: Take) -> Beside:
    return Beside(account.currency, take.amount_minor, take.parts, take.step, take.broken)


def _overdue(account: Account, day: date, house: House) -> Beside | None:
    """What is overdue in a currency in which no notice was reached, where it is asked for at all."""
    parts = listed(account, day, house, {})
    if not parts:
        return None
    amount_minor = sum(part.item.open_minor for part in parts)
    is_small = amount_minor < minimum_minor(parts[0].item.rule, account.currency)
    if is_small or account.credit_minor >= amount_minor:
        return None
    return Beside(account.currency, amount_minor, parts)
