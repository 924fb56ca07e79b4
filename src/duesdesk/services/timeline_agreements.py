"""Plans and settlements on the line of time of a payer: when they were agreed, and what was decided about them."""

from __future__ import annotations

from datetime import date

from duesdesk.domain import plans
from duesdesk.services.timeline import Entry, When
from duesdesk.store import agreements as rows
from duesdesk.store import among
from duesdesk.store.agreed import Agreement, load
from duesdesk.store.database import Row, Tx


def agreed(tx: Tx, payer_id: int, when: When) -> list[Entry]:
    """An entry for each agreement of the payer, as it stands, and one for each decision about it."""
    found = load(tx, rows.of_payers(tx, among.listed([payer_id]), when.as_of.isoformat()))
    known = {one.row.id: one for one in found}
    entries = [_made(one, when) for one in found]
    decisions = rows.events(tx, among.listed(known))
    entries += [_decided(known[row[0]], row, when) for row in decisions if row[2] <= when.as_of.isoformat()]
    return entries


def _made(one: Agreement, when: When) -> Entry:
    row = one.row
    at, dated = when.of_day(row.agreed_on, row.recorded_at)
    if one.is_plan:
        parts = one.plan(when.as_of).parts
        due_on = next((part.part.due_on for part in parts if part.state != plans.PAID), None)
    else:
        due_on = date.fromisoformat(row.due_on)
    return Entry(
        at,
        row.kind,
        one.state(when.as_of),
        text=row.note,
        actor=row.actor,
        reference=str(row.id),
        amount_minor=row.amount_minor,
        currency=row.currency,
        due_on=due_on,
        dated=dated,
    )


def _decided(one: Agreement, row: Row, when: When) -> Entry:
    _, kind, on, _part, _act, recorded_at, actor, reason = row
    at, dated = when.of_day(on, recorded_at)
    return Entry(at, one.row.kind, kind, text=reason, actor=actor, reference=str(one.row.id), dated=dated)
