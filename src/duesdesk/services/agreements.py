"""Agree on a debt: a plan of instalments, or a settlement; approve of one, cancel one, and see how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from duesdesk import config
from duesdesk.domain import agreements, currencies, plans, roles, settlements
from duesdesk.domain.agreements import PLAN, SETTLEMENT
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.money import to_text
from duesdesk.domain.text import clean_text
from duesdesk.services import agreement_money, agreement_runs, lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.agreement_views import as_json, of_payers
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store import agreements as rows
from duesdesk.store import among
from duesdesk.store.agreed import IN_FORCE, Agreement, load
from duesdesk.store.agreements import NewAgreement
from duesdesk.store.database import Tx

NOTE_LENGTH = 500
ALONE = "settlement.waive_alone"
"""The setting: the share of a debt, in percent, that the back office waives without the manager."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """A plan to make: so many `parts`, or parts of `part_minor` each; `invoices` by number (none: what is overdue).

    The first part is due on `first`, the others every so many months after it; each may be `grace_days` late.
    """

    member: str
    currency: str
    first: date
    parts: int | None = None
    part_minor: int | None = None
    every_months: int = 1
    grace_days: int = plans.GRACE_DAYS
    invoices: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SettleRequest:
    """A settlement to make: `amount_minor` by the day `by`; `invoices` as for a plan."""

    member: str
    currency: str
    amount_minor: int
    by: date
    invoices: tuple[str, ...] = ()
    note: str = ""


class Agreements:
    """Agreements of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    # Reading

    def all(self, *, member: str | None = None, state: str | None = None) -> list[Plain]:
        """Every agreement, or those of who pays for `member` or in one `state`, the newest first. Raises NotFound."""
        today = self._place.today()
        with self._place.database.read() as tx:
            if member is None:
                found = load(tx, rows.every(tx, today.isoformat()))
                return [as_json(tx, one, today) for one in found if state in (None, one.state(today))]
            person = lookup.person(tx, member)
            own = of_payers(tx, {person.payer_id, person.id}, today)
            return [one for one in own if state in (None, one["state"])]

    def show(self, identity: int) -> Plain:
        """One agreement with what was decided about it: `{…, "decisions": [{"kind","on","part","actor","reason"}]}`.

        Raises NotFound.
        """
        today = self._place.today()
        with self._place.database.read() as tx:
            one = _found(tx, identity)
            decisions = [
                {"kind": kind, "on": on, "part": part, "actor": actor, "reason": reason}
                for _, kind, on, part, _act, _at, actor, reason in rows.events(tx, among.listed([identity]))
            ]
            return {**as_json(tx, one, today), "decisions": decisions}

    # Acts

    def plan(self, wanted: PlanRequest, *, key: str | None = None) -> Plain:
        """Agree on a plan. Answers `{"plan", "state", "parts": [{"n", "due_on", "amount", "paid", "state"}], …}`.

        Raises NotFound, BadInput (parts, days, months that make no sense), Refused (nothing owed, an invoice that is
        not open, disputed, or agreed upon already).
        """
        currencies.check(wanted.currency)
        if (wanted.parts is None) == (wanted.part_minor is None):
            raise BadInput("plan-parts-or-amount")
        if not 0 <= wanted.grace_days <= plans.MOST_GRACE:
            raise BadInput("plan-grace-out-of-bounds", days=wanted.grace_days, most=plans.MOST_GRACE)
        content = {
            **_content(wanted.member, wanted.currency, wanted.invoices, wanted.note),
            "first": wanted.first.isoformat(),
            "parts": wanted.parts,
            "part_minor": wanted.part_minor,
            "every_months": wanted.every_months,
            "grace_days": wanted.grace_days,
        }

        def work(within: Within) -> Done:
            _not_over(wanted.first, within)
            person, shares = _debt(within, wanted.member, wanted.currency, wanted.invoices)
            total_minor = sum(shares.values())
            if wanted.parts is not None:
                amounts = plans.split(total_minor, wanted.parts)
            else:
                amounts = plans.split_by(total_minor, wanted.part_minor or 0)
            parts = plans.schedule(amounts, wanted.first, wanted.every_months)
            new = NewAgreement(
                PLAN,
                person.payer_id,
                person.id,
                wanted.currency,
                total_minor,
                total_minor,
                within.today,
                parts[-1].due_on.isoformat(),
                wanted.grace_days,
                False,
                clean_text(wanted.note, max_length=NOTE_LENGTH),
                list(shares.items()),
                [(part.n, part.due_on.isoformat(), part.amount_minor) for part in parts],
            )
            return self._agreed(within, new)

        return perform(self._place, Request("plan", content, key=key), work)

    def settle(self, wanted: SettleRequest, *, key: str | None = None) -> Plain:
        """Agree on a settlement. Answers `{"settlement", "amount", "waives", "by", "state", …}`.

        One that waives more than the back office may alone is `proposed` until a manager approves. Raises as `plan`,
        and Refused for a sum that is not below the debt.
        """
        currencies.check(wanted.currency)
        if wanted.amount_minor <= 0:
            raise BadInput("amount-not-positive", value=to_text(wanted.amount_minor, wanted.currency))
        content = {
            **_content(wanted.member, wanted.currency, wanted.invoices, wanted.note),
            "amount_minor": wanted.amount_minor,
            "by": wanted.by.isoformat(),
        }

        def work(within: Within) -> Done:
            _not_over(wanted.by, within)
            person, shares = _debt(within, wanted.member, wanted.currency, wanted.invoices)
            total_minor = sum(shares.values())
            if wanted.amount_minor >= total_minor:
                raise Refused("settlement-not-below", open_minor=total_minor, currency=wanted.currency)
            may_alone = roles.may(self._place.actor.role, "settle.approve")
            share = config.parse(ALONE, stored(within.tx, ALONE))
            percent = share if isinstance(share, int) else 0
            proposed = not may_alone and settlements.needs_approval(total_minor, wanted.amount_minor, percent)
            new = NewAgreement(
                SETTLEMENT,
                person.payer_id,
                person.id,
                wanted.currency,
                total_minor,
                wanted.amount_minor,
                within.today,
                wanted.by.isoformat(),
                0,
                proposed,
                clean_text(wanted.note, max_length=NOTE_LENGTH),
                list(shares.items()),
            )
            return self._agreed(within, new)

        return perform(self._place, Request("settle", content, key=key), work)

    def _agreed(self, within: Within, new: NewAgreement) -> Done:
        identity = rows.add(within.tx, within.act, new)
        if not new.proposed:
            invoice_ids = [invoice_id for invoice_id, _ in new.shares]
            _close_ended(within, invoice_ids, besides=identity)
            _leave_alone(within, new.payer_id, invoice_ids)
        answer = as_json(within.tx, _found(within.tx, identity), self._place.today())
        return Done(f"agreement {identity}", answer)

    def approve(self, identity: int, *, key: str | None = None) -> Plain:
        """A manager approves of a settlement that was proposed: from now on it holds. Answers it.

        Raises NotFound, Refused when there is nothing to approve, its day is over, or one approves of one's own.
        """

        def work(within: Within) -> Done:
            one = _found(within.tx, identity)
            today = self._place.today()
            if one.state(today) != settlements.PROPOSED:
                raise Refused("settlement-not-proposed", agreement=identity)
            if date.fromisoformat(one.row.due_on) < today:
                raise Refused("settlement-too-late", agreement=identity, day=date.fromisoformat(one.row.due_on))
            if one.row.actor == within.act.actor:
                raise Refused("settlement-ones-own", agreement=identity)
            _free(within, one.shares, besides=identity)
            rows.decide(within.tx, within.act, identity, agreements.APPROVED, within.today)
            _leave_alone(within, one.row.payer_id, list(one.shares))
            agreement_money.keep_if_paid(within, _found(within.tx, identity))
            return self._answer(within, identity)

        return perform(self._place, Request("settle.approve", {"agreement": identity}, key=key), work)

    def cancel(self, identity: int, *, reason: str, key: str | None = None) -> Plain:
        """An agreement ends by a word of ours: the rule goes on with what is owed. Answers it.

        Raises NotFound, BadInput without a reason, Refused when it is over already.
        """
        cleaned = clean_text(reason, max_length=NOTE_LENGTH).strip()
        if not cleaned:
            raise BadInput("reason-missing")

        def work(within: Within) -> Done:
            one = _found(within.tx, identity)
            state = one.state(self._place.today())
            if state not in IN_FORCE and state != settlements.PROPOSED:
                raise Refused("agreement-over", agreement=identity)
            _end(within, one, agreements.CANCELLED)
            return self._answer(within, identity)

        content = {"agreement": identity, "reason": cleaned}
        return perform(self._place, Request("agreement.cancel", content, key=key, reason=cleaned), work)

    def _answer(self, within: Within, identity: int) -> Done:
        return Done(f"agreement {identity}", as_json(within.tx, _found(within.tx, identity), self._place.today()))

    # Undo

    def take_back_within(self, within: Within, answer: Plain) -> Done:
        """The agreement was a slip; undo calls it. Raises Refused when it was decided upon meanwhile."""
        one = _found(within.tx, _number(answer))
        if agreements.decided(one.events, None):
            raise Refused("undo-not-the-last")
        _end(within, one, agreements.CANCELLED)
        return self._answer(within, one.row.id)

    def unapprove_within(self, within: Within, answer: Plain) -> Done:
        """The approval was a slip; undo calls it. Raises Refused when the settlement was decided upon meanwhile."""
        one = _found(within.tx, _number(answer))
        if agreements.decided(one.events, None):
            raise Refused("undo-not-the-last")
        rows.decide(within.tx, within.act, one.row.id, agreements.UNAPPROVED, within.today)
        return self._answer(within, one.row.id)

    def restore_within(self, within: Within, answer: Plain) -> Done:
        """Cancelling was a slip: it holds again; undo calls it. Raises Refused when its debt was agreed upon since."""
        one = _found(within.tx, _number(answer))
        if not one.events or one.events[-1].kind != agreements.CANCELLED:
            raise Refused("undo-not-the-last")
        _free(within, one.shares, besides=one.row.id)
        rows.decide(within.tx, within.act, one.row.id, agreements.RESTORED, within.today)
        one = _found(within.tx, one.row.id)
        if one.state(self._place.today()) in IN_FORCE:
            _leave_alone(within, one.row.payer_id, list(one.shares))
            if not one.is_plan:
                # What came meanwhile counts.
                agreement_money.keep_if_paid(within, one)
        return self._answer(within, one.row.id)


def _not_over(day: date, within: Within) -> None:
    if day.isoformat() < within.today:
        raise BadInput("agreement-in-the-past", day=day)


def _content(member: str, currency: str, invoices: Sequence[str], note: str) -> dict[str, object]:
    return {"member": member, "currency": currency, "invoices": list(invoices), "note": note}


def _number(answer: Plain) -> int:
    number: int = answer["plan"] if "plan" in answer else answer["settlement"]
    return number


def _found(tx: Tx, identity: int) -> Agreement:
    row = rows.one(tx, identity)
    if row is None:
        raise NotFound("agreement-unknown", agreement=identity)
    return load(tx, [row])[0]


def _debt(within: Within, member: str, currency: str, invoices: Sequence[str]) -> tuple[lookup.Person, dict[int, int]]:
    """Who owes it, and what is open of each invoice agreed upon: those named, else what is overdue, else all.

    What is disputed, issued later or agreed upon already is left out, and refused when it was named.
    """
    tx = within.tx
    named = [lookup.invoice(tx, number) for number in dict.fromkeys(invoices)]
    person = lookup.paying(tx, lookup.person(tx, member), currency, named)
    items = within.ledger.standing.payer_items(person.payer_id, currency)
    contested = {
        invoice_id
        for (invoice_id,) in tx.all(
            "SELECT invoice_id FROM open_item WHERE payer_id = :payer AND disputed", payer=person.payer_id
        )
    }
    agreed = _agreed_upon(within, [item.invoice_id for item in items])
    if named:
        open_items = {item.invoice_id: item for item in items}
        for one in named:
            if one.currency != currency:
                raise Refused("currencies-differ", payment=currency, invoice=one.currency)
            if one.id not in open_items:
                raise Refused("invoice-not-open", invoice=one.number)
            if one.id in contested:
                raise Refused("agreement-on-disputed", invoice=one.number)
            if one.id in agreed:
                raise Refused("agreement-there-already", invoice=one.number, agreement=agreed[one.id])
        return person, {one.id: open_items[one.id].open_minor for one in named}
    free = [
        item
        for item in items
        if item.invoice_id not in contested and item.invoice_id not in agreed and item.issued_on <= within.today
    ]
    late = [item for item in free if item.due_on is not None and item.due_on < within.today]
    chosen = {item.invoice_id: item.open_minor for item in late or free}
    if not chosen:
        raise Refused("agreement-on-nothing", member=person.number)
    return person, chosen


def _agreed_upon(within: Within, invoice_ids: Sequence[int], *, besides: int = 0) -> dict[int, int]:
    """Invoices over which an agreement is in force, with its number."""
    today = date.fromisoformat(within.today)
    found = {}
    for one in load(within.tx, rows.over(within.tx, invoice_ids)):
        if one.row.id != besides and one.state(today) in IN_FORCE:
            found.update(dict.fromkeys(one.shares, one.row.id))
    return found


def _close_ended(within: Within, invoice_ids: Sequence[int], *, besides: int) -> None:
    """Decide what a run has not yet: an agreement over these invoices that ended does not come back beside another."""
    for one, kind, part in agreement_runs.ended(within.tx, rows.over(within.tx, invoice_ids), within.today):
        if one.row.id != besides:
            rows.decide(within.tx, within.act, one.row.id, kind, within.today, part=part)


def _free(within: Within, invoice_ids: Iterable[int], *, besides: int) -> None:
    """Raises Refused when one of these invoices was agreed upon otherwise."""
    wanted = list(invoice_ids)
    agreed = _agreed_upon(within, wanted, besides=besides)
    for invoice_id in wanted:
        if invoice_id in agreed:
            number = lookup.invoice_numbers(within.tx, [invoice_id])[invoice_id]
            raise Refused("agreement-there-already", invoice=number, agreement=agreed[invoice_id])
    _close_ended(within, wanted, besides=besides)


def _leave_alone(within: Within, payer_id: int, invoice_ids: Sequence[int]) -> None:
    """What waits to ask for these invoices is pulled back."""
    notice_states.withdraw_for(within, payer_id, invoice_ids, notice_states.AGREED)


def _end(within: Within, one: Agreement, kind: str) -> None:
    """Decide that it is over; a word about one of its parts that has not left is pulled back."""
    rows.decide(within.tx, within.act, one.row.id, kind, within.today)
    reminders = rows.waiting_reminders(within.tx, one.row.id)
    notice_states.withdraw(within, reminders, f"{notice_states.AGREED}:{within.act.key}")
