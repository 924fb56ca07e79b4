"""What a run decides about agreements: a plan is broken or done, a settlement missed. Each is decided once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk.domain import agreements, plans, settlements
from duesdesk.services import notice_states
from duesdesk.services.acts import Within
from duesdesk.store import agreements as rows
from duesdesk.store.agreed import Agreement, load
from duesdesk.store.agreements import AgreementRow
from duesdesk.store.database import Tx


def to_decide(tx: Tx, day: date) -> list[tuple[Agreement, str, int | None]]:
    """(agreement, decision, part that was missed) of those that end by the end of `day` and of which no row says so."""
    return ended(tx, rows.undecided(tx, day.isoformat()), day.isoformat())


def ended(tx: Tx, undecided: Sequence[AgreementRow], day_text: str) -> list[tuple[Agreement, str, int | None]]:
    """The same of these, of which nothing final was decided."""
    day = date.fromisoformat(day_text)
    found = []
    for one in load(tx, undecided):
        if one.is_plan:
            plan = one.plan(day)
            if plan.state in (plans.BROKEN, plans.DONE):
                found.append((one, plan.state, plan.missed))
        elif one.state(day) == settlements.MISSED:
            found.append((one, agreements.MISSED, None))
    return found


def decide(within: Within, day: date) -> int:
    """Write down what is to be decided; answers how many. Words about parts of what is over are pulled back."""
    found = to_decide(within.tx, day)
    for one, kind, part in found:
        rows.decide(within.tx, within.act, one.row.id, kind, day.isoformat(), part=part)
        reminders = rows.waiting_reminders(within.tx, one.row.id)
        notice_states.withdraw(within, reminders, f"{notice_states.LATE}:{within.act.key}")
    return len(found)
