"""Plans and settlements as they stand on a day, read from the store with what came since."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from duesdesk.domain import agreements, plans, promises
from duesdesk.domain.arrivals import Promised
from duesdesk.domain.money import to_text
from duesdesk.domain.plans import PartState
from duesdesk.services.acts import Plain
from duesdesk.store import agreements as rows
from duesdesk.store import among
from duesdesk.store.agreed import Agreement, in_force, load
from duesdesk.store.database import Tx


def of_payers(tx: Tx, payer_ids: Collection[int], as_of: date) -> tuple[Plain, ...]:
    """All agreements of these payers as commands tell them, the newest first."""
    found = load(tx, rows.of_payers(tx, among.listed(sorted(payer_ids)), as_of.isoformat()))
    return tuple(as_json(tx, one, as_of) for one in reversed(found))


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
