"""Agreements read whole: what was agreed, what came since, what was decided; how one stands is the domain's word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from duesdesk.domain import agreements, plans, settlements
from duesdesk.domain.agreements import PLAN, Event, Move
from duesdesk.domain.plans import Part, PlanState
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


def in_force(tx: Tx, payer_ids: Collection[int] | None, as_of: date) -> list[Agreement]:
    """Those that hold on the day, of these payers or (None) of everybody."""
    payers = None if payer_ids is None else among.listed(sorted(payer_ids))
    found = load(tx, rows.standing(tx, payers, as_of.isoformat()))
    return [one for one in found if one.state(as_of) in IN_FORCE]


def still_to_come(one: Agreement, as_of: date) -> Iterator[tuple[date, int, int]]:
    """(day, invoice, amount) of what an agreement in force is still to bring, part by part; invoices in their order."""
    left = {
        invoice_id: share - agreements.covered({invoice_id: share}, _moves_of(one, invoice_id), as_of)
        for invoice_id, share in one.shares.items()
    }
    if one.is_plan:
        coming = [(told.part.due_on, told.open_minor) for told in one.plan(as_of).parts]
    else:
        coming = [(date.fromisoformat(one.row.due_on), one.row.amount_minor - one.came(as_of))]
    for day, amount_minor in coming:
        minor = amount_minor
        for invoice_id, rest in list(left.items()):
            part = min(minor, rest)
            if part > 0:
                yield day, invoice_id, part
                left[invoice_id] -= part
                minor -= part


def _moves_of(one: Agreement, invoice_id: int) -> list[Move]:
    return [move for move in one.moves if move.invoice_id == invoice_id]
