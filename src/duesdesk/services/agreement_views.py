"""Plans and settlements as they stand on a day, read from the store with what came since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duesdesk.domain import agreements, plans, promises, settlements
from duesdesk.domain.agreements import PLAN, Event, Move
from duesdesk.domain.arrivals import Promised
from duesdesk.domain.money import to_text
from duesdesk.domain.plans import Part, PartState, PlanState
from duesdesk.services.acts import Plain
from duesdesk.store import agreements as rows
from duesdesk.store import among
from duesdesk.store.agreements import AgreementRow
from duesdesk.store.database import Tx

IN_FORCE = frozenset((*plans.IN_FORCE, settlements.OPEN))
"""States in which the rule leaves the invoices of an agreement alone."""


class Agreement(NamedTuple):
    """An agreement with its parts, what was open of its invoices, what came of them since, and what was decided.

    `part_ids` are the ids of the parts by their numbers; `invoices` the numbers of the invoices by their ids.
    """

    row: AgreementRow
    parts: tuple[Part, ...]
    part_ids: Mapping[int, int]
    shares: Mapping[int, int]
    invoices: Mapping[int, str]
    moves: tuple[Move, ...]
    events: tuple[Event, ...]

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan, and no settlement."""
        return self.row.kind == PLAN

    def covered(self, day: date | None, *, money_alone: bool = False) -> int:
        """What of its debt is covered at the end of `day` (None: of time)."""
        return agreements.covered(self.shares, self.moves, day, money_alone=money_alone)

    def plan(self, as_of: date) -> PlanState:
        """What became of it, for a plan."""
        decided = agreements.decided(self.events, as_of)
        return plans.state(self.parts, self.row.grace_days, self.covered, decided, as_of)

    def came(self, as_of: date | None) -> int:
        """The money that came for a settlement by its day and has not gone back by the end of `as_of` (None: ever)."""
        due_on = date.fromisoformat(self.row.due_on)
        in_time = self.covered(due_on if as_of is None else min(due_on, as_of), money_alone=True)
        return min(in_time, self.covered(as_of, money_alone=True))

    def state(self, as_of: date) -> str:
        """Its state at the end of `as_of`."""
        if self.is_plan:
            return self.plan(as_of).state
        waits = bool(self.row.proposed) and not agreements.approved(self.events, as_of)
        decided = agreements.decided(self.events, as_of)
        due_on = date.fromisoformat(self.row.due_on)
        return settlements.state(self.row.amount_minor, due_on, self.came(as_of), decided, as_of, waits=waits)

    def holds_until(self, as_of: date) -> date | None:
        """The last day on which the rule leaves its invoices alone if nothing more came; None when it does not."""
        if self.is_plan:
            return self.plan(as_of).until
        return date.fromisoformat(self.row.due_on) if self.state(as_of) == settlements.OPEN else None


def load(tx: Tx, found: Sequence[AgreementRow]) -> list[Agreement]:
    """These agreements with all that belongs to them."""
    if not found:
        return []
    wanted = among.listed(row.id for row in found)
    parts: dict[int, list[tuple[int, Part]]] = {}
    for agreement_id, part_id, n, due_on, amount_minor in rows.parts(tx, wanted):
        parts.setdefault(agreement_id, []).append((part_id, Part(n, date.fromisoformat(due_on), amount_minor)))
    shares: dict[int, dict[int, int]] = {}
    numbers: dict[int, dict[int, str]] = {}
    for agreement_id, invoice_id, number, open_minor in rows.shares(tx, wanted):
        shares.setdefault(agreement_id, {})[invoice_id] = open_minor
        numbers.setdefault(agreement_id, {})[invoice_id] = number
    moves: dict[int, list[Move]] = {}
    for agreement_id, invoice_id, on, minor, is_money in rows.moves(tx, wanted):
        moves.setdefault(agreement_id, []).append(Move(invoice_id, date.fromisoformat(on), minor, bool(is_money)))
    events: dict[int, list[Event]] = {}
    for agreement_id, kind, on, part, act_id, *_ in rows.events(tx, wanted):
        events.setdefault(agreement_id, []).append(Event(kind, date.fromisoformat(on), part, act_id))
    return [
        Agreement(
            row,
            tuple(part for _, part in parts.get(row.id, ())),
            {part.n: part_id for part_id, part in parts.get(row.id, ())},
            shares.get(row.id, {}),
            numbers.get(row.id, {}),
            tuple(moves.get(row.id, ())),
            tuple(events.get(row.id, ())),
        )
        for row in found
    ]


def of_payers(tx: Tx, payer_ids: Collection[int], as_of: date) -> tuple[Plain, ...]:
    """All agreements of these payers as commands tell them, the newest first."""
    found = load(tx, rows.of_payers(tx, among.listed(sorted(payer_ids)), as_of.isoformat()))
    return tuple(as_json(tx, one, as_of) for one in reversed(found))


def in_force(tx: Tx, payer_ids: Collection[int], as_of: date) -> list[Agreement]:
    """Those of these payers that hold on the day."""
    found = load(tx, rows.standing(tx, among.listed(sorted(payer_ids)), as_of.isoformat()))
    return [one for one in found if one.state(as_of) in IN_FORCE]


def late_part(tx: Tx, payer_id: int, as_of: date, part_id: int = 0) -> tuple[str, PartState] | None:
    """(currency, part) of the first part that is late on the day, or of the one of an id, of the plans in force."""
    for one in in_force(tx, [payer_id], as_of):
        for part in one.plan(as_of).parts if one.is_plan else ():
            if one.part_ids[part.part.n] == part_id if part_id else part.state == plans.LATE:
                return one.row.currency, part
    return None


def next_agreed(tx: Tx, payer_id: int, day: date) -> Promised | None:
    """The nearest day of what this payer agreed upon, with its amount: `broken` while a part of a plan is late.

    None without an agreement in force, and where something is overdue about which nothing was agreed.
    """
    found = in_force(tx, [payer_id], day)
    agreed = {invoice_id for one in found for invoice_id in one.shares}
    if not found or any(invoice_id not in agreed for invoice_id in rows.overdue(tx, payer_id, day.isoformat())):
        return None
    days: list[Promised] = []
    for one in found:
        if one.is_plan:
            part = next(part for part in one.plan(day).parts if part.state != plans.PAID)
            state = promises.BROKEN if part.state == plans.LATE else promises.OPEN
            days.append(Promised(one.row.currency, part.open_minor, part.part.due_on.isoformat(), state))
        else:
            left = one.row.amount_minor - one.came(day)
            days.append(Promised(one.row.currency, left, one.row.due_on, promises.OPEN))
    return min(days, key=lambda promised: promised.due_on)


def waived(tx: Tx, one: Agreement) -> int:
    """What a settlement that was kept has waived, and what of that stands."""
    acts = [event.act_id for event in one.events if event.kind == agreements.KEPT]
    return sum(amount_minor for _, _, amount_minor in rows.waivers(tx, one.row.id, acts)) if acts else 0


def as_json(tx: Tx, one: Agreement, as_of: date) -> Plain:
    """An agreement as commands tell it."""
    return _plan(one, as_of) if one.is_plan else _settlement(tx, one, as_of)


def _plan(one: Agreement, as_of: date) -> Plain:
    row, plan = one.row, one.plan(as_of)
    covered = one.covered(as_of)
    return {
        "plan": row.id,
        "member": row.member,
        "currency": row.currency,
        "amount": to_text(row.amount_minor, row.currency),
        "paid": to_text(covered, row.currency),
        "open": to_text(row.amount_minor - covered, row.currency),
        "agreed_on": row.agreed_on,
        "grace_days": row.grace_days,
        "state": plan.state,
        "invoices": list(one.invoices.values()),
        "parts": [
            {
                "n": told.part.n,
                "due_on": told.part.due_on.isoformat(),
                "amount": to_text(told.part.amount_minor, row.currency),
                "paid": to_text(told.paid_minor, row.currency),
                "state": told.state,
            }
            for told in plan.parts
        ],
        "note": row.note,
    }


def _settlement(tx: Tx, one: Agreement, as_of: date) -> Plain:
    row = one.row
    return {
        "settlement": row.id,
        "member": row.member,
        "currency": row.currency,
        "total": to_text(row.total_minor, row.currency),
        "amount": to_text(row.amount_minor, row.currency),
        "waives": to_text(row.total_minor - row.amount_minor, row.currency),
        "by": row.due_on,
        "agreed_on": row.agreed_on,
        "state": one.state(as_of),
        "paid": to_text(one.came(as_of), row.currency),
        "waived": to_text(waived(tx, one), row.currency),
        "invoices": list(one.invoices.values()),
        "note": row.note,
    }
