"""What keeps a notice to many from somebody: a hold, a promise, a word said only lately, a notice that waits already.

A single notice by hand passes these, because who writes it knows the person; what goes to many does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from duesdesk.clock import from_utc_text, utc_text, zone
from duesdesk.domain import promises
from duesdesk.domain.errors import Refused
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, collection
from duesdesk.store.database import Tx


def reasons(tx: Tx, place: Workplace, members: Sequence[str], *, also_told: bool = False) -> dict[str, Refused]:
    """For each of these payers who is kept from a notice to many, why. `also_told` passes over what was said lately."""
    numbers: dict[int, str] = dict(
        tx.all(f"SELECT id, number FROM member WHERE number IN ({among.texts(tx)})", wanted=among.listed(members))
    )
    payers, today = among.listed(numbers), place.today()
    found: dict[int, Refused] = {}
    for payer_id, kind, _until_on, invoice_id in collection.holds(tx, payers, today.isoformat()):
        if invoice_id is None:
            found.setdefault(payer_id, Refused("notice-on-hold", hold=kind))
    for _id, payer_id, _currency, amount_minor, _promised_on, due_text, paid_minor in collection.promises(
        tx, payers, today.isoformat()
    ):
        due_on = date.fromisoformat(due_text)
        if promises.state(amount_minor, due_on, paid_minor, today) == promises.OPEN:
            found.setdefault(payer_id, Refused("notice-promised", date=due_on))
    if not also_told:
        for payer_id, error in _told(tx, place, payers).items():
            found.setdefault(payer_id, error)
    return {numbers[payer_id]: error for payer_id, error in found.items()}


def _told(tx: Tx, place: Workplace, payers: str) -> dict[int, Refused]:
    """Whom a notice that asks for money waits for, and who was told within the days that the rule leaves between."""
    found = {
        payer_id: Refused("notice-waits-already")
        for (payer_id,) in tx.all(
            f"""SELECT DISTINCT payer_id FROM notice
                WHERE payer_id IN ({among.ids(tx)}) AND asks_for_money
                  AND {among.beside("state")} IN ('held', 'queued', 'sending')""",
            wanted=payers,
        )
    }
    days = RuleBook(tx).centre[0].gap_days
    local, today = zone(place.centre.timezone), place.today()
    since = utc_text(datetime.combine(today - timedelta(days=max(0, days - 1)), time(0), local))
    rows = tx.all(
        f"""SELECT payer_id, max(at) FROM (
                SELECT payer_id, changed_at AS at FROM notice
                WHERE payer_id IN ({among.ids(tx)}) AND {among.beside("state")} IN ('sent', 'unsure')
                  AND origin <> 'receipt' AND changed_at >= :since
                UNION ALL SELECT payer_id, talked_at FROM talk
                WHERE payer_id IN ({among.ids(tx)}) AND talked_at >= :since AND cancelled_at IS NULL) words
            GROUP BY payer_id""",
        wanted=payers,
        since=since,
    )
    if days:
        for payer_id, at in rows:
            day = from_utc_text(at).astimezone(local).date()
            found.setdefault(payer_id, Refused("notice-told-lately", date=day, days=days))
    return found
