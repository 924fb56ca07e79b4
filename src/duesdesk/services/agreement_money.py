"""What money does to agreements, in the act that moves it: a settlement is kept and its rest waived, or owed again.

Every act that writes to the ledger ends here (`services.acts`), so that no way in which money comes is forgotten.
"""

from __future__ import annotations

from datetime import date

from duesdesk.domain import agreements
from duesdesk.domain.money import to_text
from duesdesk.services import notice_states
from duesdesk.services.acts import Plain, Within
from duesdesk.store import agreements as rows
from duesdesk.store import numbers
from duesdesk.store.agreed import Agreement, load

TABLES = frozenset(("allocation", "credit", "invoice_event"))
"""What has to be written to for an agreement to change."""


def after_money(within: Within, *, again: int | None = None) -> list[Plain]:
    """Look again at the agreements over what this act moved. Answers those that were kept or reopened by it.

    `again` is an act that is undone: what it had reopened is as it was, whatever the day.
    """
    if not within.tables & TABLES:
        return []
    told = []
    for one in load(within.tx, rows.touched(within.tx, within.act.id)):
        found = _plan(within, one) if one.is_plan else _settlement(within, one, again)
        if found is not None:
            told.append(found)
    return told


def keep_if_paid(within: Within, one: Agreement) -> Plain | None:
    """Keep a settlement whose money came before it was approved."""
    return _settlement(within, one, None)


def _plan(within: Within, one: Agreement) -> Plain | None:
    """A plan that was done and of which something is owed again runs on."""
    is_done = agreements.decided(one.events, None) == agreements.DONE
    if not is_done or one.covered(None) >= one.row.amount_minor:
        return None
    rows.decide(within.tx, within.act, one.row.id, agreements.REOPENED, within.today)
    return {"plan": one.row.id, "state": agreements.REOPENED}


def _settlement(within: Within, one: Agreement, again: int | None) -> Plain | None:
    decided = agreements.decided(one.events, None)
    if decided == agreements.KEPT:
        return _reopen(within, one) if one.covered(None, money_alone=True) < one.row.amount_minor else None
    if decided or (one.row.proposed and not agreements.approved(one.events, None)):
        return None
    last = one.events[-1] if one.events else None
    is_back = again is not None and last is not None and (last.kind, last.act_id) == (agreements.REOPENED, again)
    came = one.covered(None, money_alone=True) if is_back else one.came(None)
    return _keep(within, one) if came >= one.row.amount_minor else None


def _keep(within: Within, one: Agreement) -> Plain:
    """What was agreed has come: what is left of the debt is waived, from the day on which the money counts."""
    row = one.row
    due_on = date.fromisoformat(row.due_on)
    days = [move.on.isoformat() for move in one.moves if move.is_money and move.on <= due_on]
    on = max([within.today, *days])
    waived_minor = 0
    for invoice_id in one.shares:
        item = within.ledger.standing.item(invoice_id)
        # No more than was open then: what an older payment left behind when it went back was not agreed upon.
        left = min(item.open_minor, _left(one, invoice_id)) if item is not None else 0
        if left > 0:
            within.ledger.credit(numbers.take(within.tx, "credit"), invoice_id, "waiver", left, on)
            waived_minor += left
    rows.decide(within.tx, within.act, row.id, agreements.KEPT, on)
    notice_states.withdraw_for(within, row.payer_id, list(one.shares), notice_states.LOWERED)
    waived = to_text(waived_minor, row.currency)
    return {"settlement": row.id, "state": agreements.KEPT, "waived": waived, "currency": row.currency}


def _left(one: Agreement, invoice_id: int) -> int:
    """What of an invoice's share nothing has covered since."""
    share = one.shares[invoice_id]
    return share - agreements.covered({invoice_id: share}, [m for m in one.moves if m.invoice_id == invoice_id], None)


def _reopen(within: Within, one: Agreement) -> Plain:
    """Money of a settlement went back: what was waived for it is owed again, in the same act."""
    row = one.row
    kept = [event.act_id for event in one.events if event.kind == agreements.KEPT]
    back_minor = 0
    for _reference, credit_id, amount_minor in rows.waivers(within.tx, row.id, kept):
        within.ledger.reverse_credit(credit_id, numbers.take(within.tx, "credit"))
        back_minor += amount_minor
    rows.decide(within.tx, within.act, row.id, agreements.REOPENED, within.today)
    notice_states.withdraw_for(within, row.payer_id, list(one.shares), notice_states.RETURNED)
    owed = to_text(back_minor, row.currency)
    return {"settlement": row.id, "state": agreements.REOPENED, "owed_again": owed, "currency": row.currency}
