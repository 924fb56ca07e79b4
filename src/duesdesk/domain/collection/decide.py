"""What the rule does about one account on a day, and what holds it back.

Steps are "at least so many days": of those an item has reached, only the latest that it has not had is taken, and none
before one that it has had. A notice before the due date goes on its own day or not at all. Of all notices that an
account has reached one goes out, the furthest, and it lists all that is overdue. What only staff see (a call to make, a
proposal) stands beside it. A notice that has not left makes room for a new one only where that one says its words too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.collection import facts
from duesdesk.domain.collection.calendar import open_on_or_after, open_on_or_before
from duesdesk.domain.collection.facts import Account, Contact, Decision, Item, Kept, Part, Take
from duesdesk.domain.collection.ladder import (
    DUE,
    FEE,
    INSTALMENT_MISSED,
    ISSUED,
    NOTICE,
    PAID,
    PROMISE_BROKEN,
    Step,
)
from duesdesk.domain.collection.stops import House, account_hold, channel_for, item_hold


class _Reached(NamedTuple):
    """A step an item has reached and not had. `on` is the day it was for."""

    item: Item
    step: Step
    occurrence: int
    counted_from: date
    on: date


def decide(account: Account, day: date, house: House, *, anew: bool = False) -> Decision:
    """What to do for `account` on `day`.

    With `anew` a new notice takes the place of those that have not left: what these were to say counts as reached.
    """
    held: list[Kept] = []
    reached: list[_Reached] = []
    for item in account.items:
        found = _reached(item, day, house, held) if item.issued_on <= day else None
        unsaid = _unsaid(item, day) if anew and (found is None or found.step.do != NOTICE) else None
        if found is None and unsaid is None:
            continue
        stop = item_hold(account, item, day, house)
        if stop is None:
            reached += [one for one in (found, unsaid) if one is not None]
        elif found is not None:
            held.append(Kept(found.step, item, *stop))
    taken: list[Take] = []
    if account.missed and _instalment(account, day, house, taken, held):
        # A word today: what else there is waits for the gap.
        account = account._replace(contacts=(*account.contacts, Contact(day, written=True)))
    if reached or account.broken:
        broken = _broken_step(account, day, anew=anew)
        _demands(account, day, house, reached, broken, taken, held)
    for paid in account.paid:
        _confirm(account, day, house, paid, taken, held)
    return Decision(tuple(taken), tuple(held))


# --- what an item has reached


def _reached(item: Item, day: date, house: House, held: list[Kept]) -> _Reached | None:
    """The latest step that the item has reached and not had; those that wait for another one go to `held`."""
    had = _furthest_had(item)
    ladder = sorted(_steps_by_day(item, day, house), key=lambda one: one[:2], reverse=True)
    for on, index, step, occurrence, counted_from in ladder:
        if had is not None and (on, index) <= had:
            return None
        if not _requirement_met(item, step, day):
            until = _requirement_day(item, step)
            held.append(Kept(step, item, facts.REQUIRES, until, step.requires.step if step.requires else ""))
            continue
        return _Reached(item, step, occurrence, counted_from, on)
    return None


def _steps_by_day(item: Item, day: date, house: House) -> list[tuple[date, int, Step, int, date]]:
    """(day it was for, place in the rule, step, occurrence, day counted from) of all steps reached by `day`."""
    found = []
    for index, step in enumerate(item.rule.steps):
        base = _base(item, step)
        if base is None:
            continue
        on = base + timedelta(days=step.offset_days)
        if step.offset_days < 0:
            # On its own day, moved earlier from a closed one; or not at all.
            if on >= day and open_on_or_before(on, house.is_open) == day:
                found.append((on, index, step, 1, base))
        elif on <= day:
            occurrence = 1
            if step.repeat_days:
                occurrence = min(step.max_times, 1 + (day - on).days // step.repeat_days)
                on += timedelta(days=(occurrence - 1) * step.repeat_days)
            found.append((on, index, step, occurrence, base))
    return found


def _base(item: Item, step: Step) -> date | None:
    """The day of the item that the step counts from; None when there is none."""
    return item.issued_on if step.when == ISSUED else item.due_on if step.when == DUE else None


def _furthest_had(item: Item) -> tuple[date, int] | None:
    """(day it is for, place in the rule) of the furthest step the item has had; it moves along with the due date."""
    had: dict[str, int] = {}
    for one in item.taken:
        had[one.step_id] = max(one.occurrence, had.get(one.step_id, 0))
    places = []
    for index, step in enumerate(item.rule.steps):
        base = _base(item, step) if step.id in had else None
        if base is not None:
            repeated = timedelta(days=(had[step.id] - 1) * step.repeat_days)
            places.append((base + timedelta(days=step.offset_days) + repeated, index))
    return max(places, default=None)


def _unsaid(item: Item, day: date) -> _Reached | None:
    """The furthest step of the item whose notice has not left; one before the due date only while that is to come."""
    found = []
    for one in item.taken:
        for index, step in enumerate(item.rule.steps):
            base = _base(item, step) if one.waits and one.step_id == step.id and step.do == NOTICE else None
            if base is None or (step.offset_days < 0 and base <= day):
                continue
            on = base + timedelta(days=step.offset_days + (one.occurrence - 1) * step.repeat_days)
            found.append((on, index, _Reached(item, step, one.occurrence, base, on)))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _requirement_met(item: Item, step: Step, day: date) -> bool:
    if step.requires is None:
        return True
    done = [one.done_on for one in item.taken if one.step_id == step.requires.step and one.done_on is not None]
    return bool(done) and (day - max(done)).days >= step.requires.days


def _requirement_day(item: Item, step: Step) -> date | None:
    """The day from which the requirement is met, when the other step was done already."""
    if step.requires is None:
        return None
    done = [one.done_on for one in item.taken if one.step_id == step.requires.step and one.done_on is not None]
    return max(done) + timedelta(days=step.requires.days) if done else None


# --- what is taken


def _demands(
    account: Account,
    day: date,
    house: House,
    reached: list[_Reached],
    broken: tuple[facts.Broken, Step] | None,
    taken: list[Take],
    held: list[Kept],
) -> None:
    notices = [one for one in reached if one.step.do == NOTICE]
    if notices or broken is not None:
        _one_notice(account, day, house, notices, broken, taken, held)
    others: dict[str, list[_Reached]] = {}
    for one in reached:
        if one.step.do != NOTICE:
            others.setdefault(one.step.id, []).append(one)
    for same in others.values():
        step, rule = same[0].step, same[0].item.rule
        asked = sum(one.item.open_minor for one in same)
        stop = account_hold(account, day, house, step, rule, asked)
        if stop is not None:
            held.extend(Kept(step, one.item, *stop) for one in same)
            continue
        parts = tuple(Part(one.item, one.step.id, one.occurrence, one.counted_from) for one in same)
        # A fee is charged once for each debt, whatever else.
        groups = [(part,) for part in parts] if step.do == FEE else [parts]
        taken.extend(
            Take(step, rule, "", sum(part.item.open_minor for part in group), tuple(group)) for group in groups
        )


def _broken_step(account: Account, day: date, *, anew: bool) -> tuple[facts.Broken, Step] | None:
    """The latest step for a broken promise that was not taken; with `anew` one whose notice waits was not."""
    found: tuple[date, facts.Broken, Step] | None = None
    for broken in account.broken:
        had = [step for step in broken.taken if not (anew and step in broken.waiting)]
        for step in broken.rule.steps:
            on = broken.due_on + timedelta(days=1 + step.offset_days)
            is_new = step.when == PROMISE_BROKEN and step.id not in had and on <= day
            if is_new and (found is None or on >= found[0]):
                found = (on, broken, step)
    return (found[1], found[2]) if found is not None else None


def _one_notice(
    account: Account,
    day: date,
    house: House,
    notices: Sequence[_Reached],
    broken: tuple[facts.Broken, Step] | None,
    taken: list[Take],
    held: list[Kept],
) -> None:
    """The furthest notice of the account, listing all that is overdue and what was reached today."""
    own = {one.item.invoice_id: Part(one.item, one.step.id, one.occurrence, one.counted_from) for one in notices}
    parts = listed(account, day, house, own)
    if broken is not None and not any(part.item.due_on and part.item.due_on < day for part in parts):
        # Kept late, or nothing is overdue any more.
        broken = None
    if broken is not None and broken[1].do != NOTICE:
        _broken_task(account, day, house, broken, parts, taken, held)
        broken = None
    if not notices and broken is None:
        return
    top = max(notices, key=lambda one: ((one.on - one.counted_from).days, one.on), default=None)
    step, rule = (
        (broken[1], broken[0].rule) if broken is not None else (top.step, top.item.rule) if top else (None, None)
    )
    if step is None or rule is None:
        return
    asked = sum(part.item.open_minor for part in parts)
    stop = account_hold(account, day, house, step, rule, asked)
    channel, why = channel_for(account, step)
    if stop is None and not channel:
        stop = (facts.UNREACHABLE, None)
    if stop is None:
        taken.append(Take(step, rule, channel, asked, parts, broken=broken[0] if broken is not None else None))
        return
    detail = why if stop[0] == facts.UNREACHABLE else ""
    held.extend(Kept(one.step, one.item, *stop, detail) for one in notices)
    if not notices:
        held.append(Kept(step, None, *stop, detail))


def listed(account: Account, day: date, house: House, own: Mapping[int, Part]) -> tuple[Part, ...]:
    """Everything that is overdue and not held by itself, and the `own` parts (by invoice) that a notice reached."""
    parts = []
    for item in account.items:
        part = own.get(item.invoice_id)
        if part is not None:
            parts.append(part)
        elif item.due_on is not None and item.due_on < day and item_hold(account, item, day, house) is None:
            parts.append(Part(item, "", 0, item.due_on))
    return tuple(parts)


def _instalment(account: Account, day: date, house: House, taken: list[Take], held: list[Kept]) -> bool:
    """The word about a part of a plan that has not come, within its grace; the first such part that was not told of.

    It asks for the part, not for the debt. Answers whether the payer hears of it.
    """
    for missed in account.missed:
        step = _missed_step(missed, day)
        items = [item for item in account.items if item.invoice_id in missed.invoices]
        if step is None or not items:
            continue
        stops = (item_hold(account, item, day, house, agreed=False) for item in items)
        stop = next((one for one in stops if one is not None), None)
        stop = stop or account_hold(account, day, house, step, missed.rule, missed.open_minor)
        channel, why = channel_for(account, step) if step.do == NOTICE else ("", "")
        if stop is None and step.do == NOTICE and not channel:
            held.append(Kept(step, None, facts.UNREACHABLE, None, why))
        elif stop is not None:
            held.append(Kept(step, None, *stop))
        else:
            parts = tuple(Part(item, "", 0, item.due_on or item.issued_on) for item in items)
            taken.append(Take(step, missed.rule, channel, missed.open_minor, parts, missed=missed))
            return step.do == NOTICE
    return False


def _missed_step(missed: facts.Missed, day: date) -> Step | None:
    """The latest step for a part that is late, unless it was taken; none before its day is over or after its grace."""
    if not missed.due_on < day <= missed.until:
        return None
    late = (day - missed.due_on).days - 1
    reached = [step for step in missed.rule.steps if step.when == INSTALMENT_MISSED and step.offset_days <= late]
    step = max(reached, key=lambda one: one.offset_days, default=None)
    return step if step is not None and step.id not in missed.taken else None


def _broken_task(
    account: Account,
    day: date,
    house: House,
    broken: tuple[facts.Broken, Step],
    parts: tuple[Part, ...],
    taken: list[Take],
    held: list[Kept],
) -> None:
    promise, step = broken
    asked = sum(part.item.open_minor for part in parts)
    stop = account_hold(account, day, house, step, promise.rule, asked)
    if stop is not None:
        held.append(Kept(step, None, *stop))
        return
    listed = tuple(part._replace(step_id="", occurrence=0) for part in parts)
    taken.append(Take(step, promise.rule, "", asked, listed, broken=promise))


def _confirm(account: Account, day: date, house: House, paid: facts.Paid, taken: list[Take], held: list[Kept]) -> None:
    """The confirmation of a payment: no demand, so neither gap nor budget nor a hold of debts keeps it back.

    Only where nobody is there to be thanked it stays.
    """
    if paid.rule.confirm == "settled" and not paid.settles:
        return
    reached = [
        step
        for step in paid.rule.steps
        if step.when == PAID and step.do == NOTICE and paid.on + timedelta(days=step.offset_days) <= day
    ]
    if not reached:
        return
    step = max(reached, key=lambda one: one.offset_days)
    nobody = (hold for hold in account.holds if hold.invoice_id is None and hold.kind in facts.UNTHANKED)
    stop = next(nobody, None)
    if stop is not None:
        held.append(Kept(step, None, stop.kind, stop.until))
        return
    if not house.is_open(day):
        held.append(Kept(step, None, facts.CLOSED_DAY, open_on_or_after(day, house.is_open)))
        return
    channel, why = channel_for(account, step)
    if not channel:
        held.append(Kept(step, None, facts.UNREACHABLE, None, why))
        return
    taken.append(Take(step, paid.rule, channel, paid.amount_minor, paid=paid))
