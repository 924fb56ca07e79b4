"""What the rule had queued and what does not hold any more: paid, lowered, disputed, on hold, promised, late, covered.

A receipt does not when money has moved since, and when nobody may be thanked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duesdesk.domain import promises
from duesdesk.domain.collection.facts import CREDIT, UNTHANKED
from duesdesk.services import notice_states
from duesdesk.services.collection.facts import Day
from duesdesk.services.collection.on_account import covers, money_of
from duesdesk.services.collection.views import CancelledStep
from duesdesk.store import among, collection, on_account, waiting
from duesdesk.store.database import Tx


@dataclass(frozen=True, slots=True)
class Stale:
    """A waiting notice that must not go. `why` is one of the reasons of `services.notice_states`."""

    notice: int
    payer_id: int
    why: str


def stale(tx: Tx, day: Day) -> list[Stale]:
    """Waiting notices of the rule that do not hold any more on the day, one reason each."""
    found: dict[int, Stale] = {}
    for notice_id, payer_id, state in waiting.changed(tx, day.text):
        why = {"gone": notice_states.PAID, "disputed": notice_states.DISPUTED}.get(state, notice_states.LOWERED)
        found.setdefault(notice_id, Stale(notice_id, payer_id, why))
    for notice_id, payer_id in waiting.on_hold(tx, day.text):
        found.setdefault(notice_id, Stale(notice_id, payer_id, notice_states.ON_HOLD))
    for notice_id, payer_id in _promised(tx, day):
        found.setdefault(notice_id, Stale(notice_id, payer_id, notice_states.PROMISED))
    for notice_id, payer_id in waiting.late(tx, day.text):
        found.setdefault(notice_id, Stale(notice_id, payer_id, notice_states.LATE))
    for notice_id, payer_id in _covered(tx, day):
        found.setdefault(notice_id, Stale(notice_id, payer_id, CREDIT))
    for notice_id, payer_id, why in waiting.untrue_receipts(tx, day.text, among.listed(sorted(UNTHANKED))):
        told = {"returned": notice_states.RETURNED, "moved": notice_states.LOWERED}.get(why, notice_states.ON_HOLD)
        found.setdefault(notice_id, Stale(notice_id, payer_id, told))
    return sorted(found.values(), key=lambda one: one.notice)


def _promised(tx: Tx, day: Day) -> list[tuple[int, int]]:
    """Waiting notices to payers whose promise is open now."""
    found = waiting.with_promise(tx, day.text)
    if not found:
        return []
    payers = among.listed(payer_id for _, payer_id, _ in found)
    opened = set()
    for _, payer_id, currency, amount_minor, _, due_text, paid_minor in collection.promises(tx, payers, day.text):
        state = promises.state(amount_minor, day.on.fromisoformat(due_text), paid_minor, day.on)
        if state == promises.OPEN:
            opened.add((payer_id, currency))
    return [(notice_id, payer_id) for notice_id, payer_id, currency in found if (payer_id, currency) in opened]


def _covered(tx: Tx, day: Day) -> list[tuple[int, int]]:
    """Waiting notices that ask for no more than lies on account, or will in some days."""
    payers = among.listed(on_account.payers_with_money(tx, *day.money))
    asked = waiting.asked(tx, payers)
    if not asked:
        return []
    money = money_of(tx, among.listed(payer_id for _, payer_id, *_ in asked), day.money)
    return [
        (notice_id, payer_id)
        for notice_id, payer_id, currency, minor in asked
        if covers(money, (payer_id, currency), minor)
    ]


def told(tx: Tx, found: Sequence[Stale]) -> list[CancelledStep]:
    """The same as the run tells it."""
    if not found:
        return []
    listed = among.listed(one.notice for one in found)
    numbers: dict[int, list[str]] = {}
    for notice_id, number in waiting.invoices(tx, listed):
        numbers.setdefault(notice_id, []).append(number)
    about = {row[0]: row[1:] for row in waiting.steps(tx, listed)}
    views = []
    for one in found:
        member, name, step = about[one.notice]
        views.append(CancelledStep(member, name, one.notice, step, one.why, tuple(numbers.get(one.notice, ()))))
    return views
