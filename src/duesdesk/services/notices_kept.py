"""What keeps a notice to many from somebody: what would keep the rule from asking, and a notice that waits already.

It is decided from the same facts as the rule (holds of a payer or of one invoice, promises, what they say is paid,
money on account, the least that is asked for, the week's words). A single notice by hand passes these, because who
writes it knows the person; what goes to many does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from duesdesk.clock import from_utc_text, utc_text, zone
from duesdesk.domain import promises
from duesdesk.domain.collection import facts, stops
from duesdesk.domain.errors import Refused
from duesdesk.services.collection.facts import Facts, Known
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, collection
from duesdesk.store.arrivals import NOT_REACHED
from duesdesk.store.database import Tx

_WHY = {
    facts.CREDIT: "notice-credit-covers",
    facts.BELOW_MINIMUM: "notice-below-minimum",
    facts.STATUTE_BARRED: "notice-too-old",
}
_NOTHING: frozenset[int] = frozenset()


class Keeping(NamedTuple):
    """What keeps notices from payers, by their number.

    `why` keeps any notice from them; `free` are the invoices that one may ask for, and `held` is why it asks for no
    more. `payers` are the numbers of those who pay for the members asked for.
    """

    why: Mapping[str, Refused]
    free: Mapping[str, frozenset[int]]
    held: Mapping[str, Refused]
    payers: Mapping[str, str]

    def free_of(self, member: str) -> frozenset[int]:
        """The invoices that a notice to who pays for `member` may ask for."""
        return self.free.get(self.payers.get(member, member), _NOTHING)


def read(tx: Tx, place: Workplace, members: Sequence[str], *, also_told: bool = False) -> Keeping:
    """What keeps a notice from those who pay for `members`. `also_told` passes over what was said lately."""
    rows = tx.all(
        f"""SELECT m.number, p.id, p.number FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
            WHERE m.number IN ({among.texts(tx)})""",
        wanted=among.listed(members),
    )
    numbers: dict[int, str] = {payer_id: number for _, payer_id, number in rows}
    today, payers = place.today(), among.listed(numbers)
    found: dict[int, Refused] = {}
    held: dict[int, Refused] = {}
    free: dict[int, frozenset[int]] = {}
    _stopped(tx, today, payers, found)
    if not also_told:
        for payer_id, error in _told(tx, place, payers).items():
            found.setdefault(payer_id, error)
    reading = Facts(tx, place, today)
    for accounts in reading.payers(sorted(numbers)):
        payer_id = accounts[0].account.payer_id
        free[payer_id], why = _free(accounts, today)
        if why is not None:
            held[payer_id] = why
        if not also_told and _is_budget_spent(reading, accounts[0], today):
            found.setdefault(payer_id, Refused("notice-week-full"))
    return Keeping(
        {numbers[payer_id]: error for payer_id, error in found.items()},
        {numbers[payer_id]: invoices for payer_id, invoices in free.items()},
        {numbers[payer_id]: error for payer_id, error in held.items()},
        {member: payer for member, _, payer in rows},
    )


def _stopped(tx: Tx, today: date, payers: str, found: dict[int, Refused]) -> None:
    """A hold of the payer, or a promise that is open."""
    for payer_id, kind, _until_on, invoice_id in collection.holds(tx, payers, today.isoformat()):
        if invoice_id is None:
            found.setdefault(payer_id, Refused("notice-on-hold", hold=kind))
    for _id, payer_id, _currency, amount_minor, _promised_on, due_text, paid_minor in collection.promises(
        tx, payers, today.isoformat()
    ):
        due_on = date.fromisoformat(due_text)
        if promises.state(amount_minor, due_on, paid_minor, today) == promises.OPEN:
            found.setdefault(payer_id, Refused("notice-promised", date=due_on))


def _free(accounts: Sequence[Known], today: date) -> tuple[frozenset[int], Refused | None]:
    """The invoices of a payer that may be asked for, and why not all of what a notice would speak of."""
    owed = [item for known in accounts for item in known.account.items if not item.disputed]
    overdue = [item for item in owed if item.due_on is not None and item.due_on < today]
    spoken_of = {item.invoice_id for item in overdue or owed}
    free: set[int] = set()
    held: Refused | None = None
    for known in accounts:
        items = [item for item in known.account.items if item.invoice_id in spoken_of]
        may, stop = stops.unheld(known.account, items, today, known.home.house)
        free.update(item.invoice_id for item in may)
        held = held or (_refusal(*stop) if stop is not None else None)
    return frozenset(free), held


def _refusal(reason: str, until: date | None) -> Refused:
    if reason == facts.PROMISE and until is not None:
        return Refused("notice-promised", date=until)
    if reason in (facts.PLAN, facts.SETTLEMENT) and until is not None:
        return Refused("notice-agreed", date=until)
    return Refused(_WHY[reason]) if reason in _WHY else Refused("notice-on-hold", hold=reason)


def _is_budget_spent(reading: Facts, known: Known, today: date) -> bool:
    """Whether the household heard as many words this week as the law, the house and their rule allow."""
    rule, _version = reading.book.of_payer(known.account.payer_id, known.person.group_name)
    stop = stops.pause(known.account, today, known.home.house, rule)
    return stop is not None and stop[0] == facts.BUDGET


def _told(tx: Tx, place: Workplace, payers: str) -> dict[int, Refused]:
    """Whom a notice that asks for money waits for, and who was told within the days that the rule leaves between.

    Whom nobody reached on the phone was told nothing.
    """
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
                WHERE payer_id IN ({among.ids(tx)}) AND talked_at >= :since AND cancelled_at IS NULL
                  AND outcome NOT IN ({among.texts(tx, "unreached")})) words
            GROUP BY payer_id""",
        wanted=payers,
        since=since,
        unreached=among.listed(NOT_REACHED),
    )
    if days:
        for payer_id, at in rows:
            day = from_utc_text(at).astimezone(local).date()
            found.setdefault(payer_id, Refused("notice-told-lately", date=day, days=days))
    return found
