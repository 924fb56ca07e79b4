"""Take a payment, reverse it, give it back; and show beforehand what it will settle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from duesdesk.clock import from_utc_text, zone
from duesdesk.domain import allocation, currencies, payment_methods
from duesdesk.domain.allocation import Owed, Split
from duesdesk.domain.arrivals import Promised
from duesdesk.domain.errors import BadInput, Conflict, Refused
from duesdesk.domain.money import to_text
from duesdesk.services import agreement_money, lookup, notice_states, returns, standing
from duesdesk.services.acts import Done, Plain, Request, Within, perform, rehearse
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, arrivals, numbers
from duesdesk.store.database import Row, Tx
from duesdesk.store.ledger import NewPayment


@dataclass(frozen=True, slots=True)
class Shown:
    """The split a form showed: (invoice, amount in minor units) in order, read after the act `act_id`."""

    shares: tuple[tuple[str, int], ...]
    act_id: int


@dataclass(frozen=True, slots=True)
class PayRequest:
    """A payment to take: amount in minor units; `invoices` are numbers the payer named (none: oldest due first).

    `currency` None takes the one the payer owes in, or the centre's. `on` None is today. With `shown`, a payment that
    would settle anything else than was shown is refused.
    """

    member: str
    amount_minor: int
    currency: str
    method: str = "cash"
    invoices: tuple[str, ...] = ()
    on: date | None = None
    reference: str | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that can be settled, in the order money is laid; `days` overdue as of today."""

    number: str
    description: str
    member_name: str
    due_on: date | None
    total_minor: int
    open_minor: int
    paid_minor: int
    days: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that asks for some of these invoices and has not left: paying one of them pulls it back."""

    channel: str
    leaves_on: date
    invoices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakenMeanwhile:
    """The last payment of a payer that somebody took, today or since a form was opened; `at` is on the wall clock."""

    actor: str
    at: datetime
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PaySheet:
    """All the payment form shows about a payer in one currency.

    `suggested_minor` is what is overdue, else what is open. `promise` is the one that counts, in any currency.
    `act_id` is the last act that had been done when this was read. `meanwhile` is a payment taken since the sheet
    before, when this one was read for a form that was open. `paid_today` is the last one of today that stands.
    """

    member: str
    member_name: str
    payer: str
    payer_name: str
    currency: str
    currencies: tuple[str, ...]
    unpaid_minor: int
    open_minor: int
    credit_minor: int
    suggested_minor: int
    items: tuple[OpenInvoice, ...]
    waiting: tuple[WaitingNotice, ...]
    promise: Promised | None
    act_id: int
    meanwhile: TakenMeanwhile | None = None
    paid_today: TakenMeanwhile | None = None

    def shows_as(self, other: PaySheet) -> bool:
        """Whether a form over the one looks the same as over the other."""
        return replace(self, act_id=0, meanwhile=None) == replace(other, act_id=0, meanwhile=None)


class Payments:
    """Payments of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def currency_for(self, member: str, *, key: str | None = None) -> str:
        """The currency a payment of this member is in when none is named: the only one owed, else the centre's.

        A `key` that was used says which it was the first time: that payment may have been all that was owed.
        """
        with self._place.database.read() as tx:
            before = acts.find(tx, key) if key else None
            told: str | None = json.loads(before.answer).get("currency") if before else None
            return told or self._currency(tx, lookup.person(tx, member))

    def _currency(self, tx: Tx, person: lookup.Person) -> str:
        for payer_id in dict.fromkeys((person.payer_id, person.id)):
            owed = tx.all("SELECT currency FROM payer_balance WHERE payer_id = :id AND open_minor > 0", id=payer_id)
            if owed:
                return owed[0][0] if len(owed) == 1 else self._place.centre.currency
        return self._place.centre.currency

    def currency_of(self, reference: str) -> str:
        """The currency of a payment. Raises NotFound."""
        with self._place.database.read() as tx:
            return lookup.payment(tx, reference).currency

    def sheet(self, member: str, currency: str | None = None, *, since: int | None = None) -> PaySheet:
        """What the payment form shows; `since` is the act until which a form knows it already. Raises NotFound."""
        today = self._place.today()
        with self._place.database.read() as tx:
            person = lookup.person(tx, member)
            chosen = currency or self._currency(tx, person)
            person = lookup.paying(tx, person, chosen)
            figures = standing.of_payer(tx, person.payer_id, today.isoformat())
            own = figures.get(chosen) or standing.Standing(chosen, 0, 0, 0)
            items = _open_invoices(tx, person.payer_id, chosen, today)
            waiting = _waiting(tx, person.payer_id, zone(self._place.centre.timezone))
            promise = arrivals.promises_of(tx, [person.payer_id], today.isoformat()).get(person.payer_id)
            act_id = tx.value("SELECT coalesce(max(id), 0) FROM act")
            meanwhile = None if since is None else _taken_since(tx, self._place, person.payer_id, since)
            paid_today = _taken_on(tx, self._place, person.payer_id, today)
        return PaySheet(
            person.number,
            person.name,
            person.payer_number,
            person.payer_name,
            chosen,
            tuple(figures),
            own.unpaid_minor,
            own.open_minor,
            own.credit_minor,
            own.unpaid_minor or own.open_minor,
            items,
            waiting,
            promise,
            act_id,
            meanwhile,
            paid_today,
        )

    def pay(self, wanted: PayRequest, *, key: str | None = None) -> Plain:
        """Take the payment, once.

        Answers `{"payment", "member", "amount", "currency", "method", "allocations", "credit", "unpaid", "open"}`,
        amounts as decimal strings; and `agreements` when it kept a settlement, with what was waived.

        Raises NotFound, BadInput (nothing or less to pay, unknown method), Refused (above the named invoices),
        Conflict (another desk was faster).
        """
        return perform(self._place, _request(wanted, key), lambda within: self._take(within, wanted))

    def rehearse(self, wanted: PayRequest) -> Plain:
        """What `pay` would answer, with nothing written."""
        return rehearse(self._place, _request(wanted, None), lambda within: self._take(within, wanted))

    def _take(self, within: Within, wanted: PayRequest) -> Done:
        tx, ledger = within.tx, within.ledger
        _check(wanted)
        named = [lookup.invoice(tx, number) for number in dict.fromkeys(wanted.invoices)]
        person = lookup.paying(tx, lookup.person(tx, wanted.member), wanted.currency, named)
        owed = _owed(within, person, wanted, named)
        split = (allocation.propose_for if wanted.invoices else allocation.propose)(wanted.amount_minor, owed)
        names = lookup.invoice_numbers(tx, [share.invoice_id for share in split.shares])
        _compare(tx, self._place, person, split, names, wanted.shown)
        reference = wanted.reference or numbers.take(tx, "payment")
        if wanted.reference and tx.value("SELECT 1 FROM payment WHERE reference = :reference", reference=reference):
            raise Refused("payment-number-taken", payment=reference)
        ledger.receive(
            NewPayment(
                reference,
                person.payer_id,
                person.id,
                within.act.effective_on,
                wanted.currency,
                wanted.amount_minor,
                wanted.method,
            ),
            [(share.invoice_id, share.amount_minor) for share in split.shares],
        )
        withdrawn = notice_states.withdraw_for(within, person.payer_id, [share.invoice_id for share in split.shares])
        agreed = agreement_money.after_money(within)
        left = standing.in_currency(tx, person.payer_id, wanted.currency, within.today)
        return Done(
            f"payment {reference}",
            {
                "payment": reference,
                "member": person.number,
                "amount": to_text(wanted.amount_minor, wanted.currency),
                "currency": wanted.currency,
                "method": wanted.method,
                "allocations": [
                    {"invoice": names[share.invoice_id], "amount": to_text(share.amount_minor, wanted.currency)}
                    for share in split.shares
                ],
                "credit": to_text(split.credit_minor, wanted.currency),
                "unpaid": to_text(left.unpaid_minor, wanted.currency),
                "open": to_text(left.open_minor, wanted.currency),
                "notices_withdrawn": withdrawn,
                **({"agreements": agreed} if agreed else {}),
            },
        )

    def reverse(self, reference: str, *, reason: str, key: str | None = None) -> Plain:
        """The payment never was (wrong member, wrong amount, bounced): its invoices are owed again, once.

        Raises NotFound, BadInput without a reason, Refused when it was reversed or is itself a reversal.
        """
        if not reason.strip():
            raise BadInput("reason-missing")
        request = Request("reverse", {"payment": reference, "reason": reason}, key=key, reason=reason)
        return perform(self._place, request, lambda within: returns.give_back(within, reference, None, "reversal"))

    def refund(
        self, reference: str, amount_minor: int | None = None, *, reason: str = "", key: str | None = None
    ) -> Plain:
        """Money goes back to the payer, today; what it had paid is owed again, the newest allocation first.

        `amount_minor` None gives back all that is left of it. Raises NotFound, Refused.
        """
        request = Request("refund", {"payment": reference, "amount_minor": amount_minor}, key=key, reason=reason)
        return perform(
            self._place, request, lambda within: returns.give_back(within, reference, amount_minor, "refund")
        )


def _request(wanted: PayRequest, key: str | None) -> Request:
    content = {
        "member": wanted.member,
        "amount_minor": wanted.amount_minor,
        "currency": wanted.currency,
        "method": wanted.method,
        "invoices": list(wanted.invoices),
        "on": wanted.on.isoformat() if wanted.on else None,
        "reference": wanted.reference,
    }
    return Request("pay", content, key=key, on=wanted.on)


def _check(wanted: PayRequest) -> None:
    currencies.check(wanted.currency)
    if wanted.amount_minor <= 0:
        raise BadInput("amount-not-positive", value=to_text(wanted.amount_minor, wanted.currency))
    if wanted.method not in payment_methods.CODES:
        raise BadInput("method-unknown", method=wanted.method, known=", ".join(payment_methods.CODES))


def _compare(
    tx: Tx, place: Workplace, person: lookup.Person, split: Split, names: dict[int, str], shown: Shown | None
) -> None:
    """Raises Conflict when the payment would settle something else than the form showed; it names who was faster."""
    if shown is None or shown.shares == tuple((names[one.invoice_id], one.amount_minor) for one in split.shares):
        return
    taken = _taken_since(tx, place, person.payer_id, shown.act_id)
    if taken is None:
        raise Conflict("nothing-left-open")
    raise Conflict(
        "debt-paid-meanwhile",
        actor=taken.actor,
        at=taken.at,
        amount_minor=taken.amount_minor,
        currency=taken.currency,
        name=person.payer_name,
    )


def _taken_since(tx: Tx, place: Workplace, payer_id: int, act_id: int) -> TakenMeanwhile | None:
    row = tx.one(
        """SELECT actor, recorded_at, amount_minor, currency FROM payment
           WHERE payer_id = :payer_id AND act_id > :act_id AND kind = 'receipt' ORDER BY id DESC LIMIT 1""",
        payer_id=payer_id,
        act_id=act_id,
    )
    return _taken(row, place)


def _taken_on(tx: Tx, place: Workplace, payer_id: int, day: date) -> TakenMeanwhile | None:
    row = tx.one(
        """SELECT p.actor, p.recorded_at, p.amount_minor, p.currency FROM payment p
           WHERE p.payer_id = :payer_id AND p.received_on = :day AND p.kind = 'receipt'
             AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.reverses_id = p.id)
           ORDER BY p.id DESC LIMIT 1""",
        payer_id=payer_id,
        day=day.isoformat(),
    )
    return _taken(row, place)


def _taken(row: Row | None, place: Workplace) -> TakenMeanwhile | None:
    if row is None:
        return None
    return TakenMeanwhile(row[0], from_utc_text(row[1]).astimezone(zone(place.centre.timezone)), *row[2:])


def _waiting(tx: Tx, payer_id: int, local: tzinfo) -> tuple[WaitingNotice, ...]:
    found: dict[int, tuple[str, str, list[str]]] = {}
    for identity, channel, send_after, number in tx.all(
        """SELECT n.id, n.channel, n.send_after, i.number
           FROM notice n JOIN notice_item t ON t.notice_id = n.id JOIN invoice i ON i.id = t.invoice_id
           WHERE n.payer_id = :payer_id AND n.state IN ('held', 'queued') AND n.asks_for_money
           ORDER BY n.send_after, n.id""",
        payer_id=payer_id,
    ):
        found.setdefault(identity, (channel, send_after, []))[2].append(number)
    return tuple(
        WaitingNotice(channel, from_utc_text(send_after).astimezone(local).date(), tuple(numbers))
        for channel, send_after, numbers in found.values()
    )


def _owed(
    within: Within, person: lookup.Person, wanted: PayRequest, named: Sequence[lookup.InvoiceRow]
) -> Sequence[Owed]:
    if not named:
        items = within.ledger.standing.payer_items(person.payer_id, wanted.currency)
        return [Owed(item.invoice_id, item.open_minor) for item in items]
    owed = []
    for one in named:
        if one.currency != wanted.currency:
            raise Refused("currencies-differ", payment=wanted.currency, invoice=one.currency)
        item = within.ledger.standing.item(one.id)
        owed.append(Owed(one.id, item.open_minor if item else 0))
    return owed


def _open_invoices(tx: Tx, payer_id: int, currency: str, today: date) -> tuple[OpenInvoice, ...]:
    """What a payment can settle, as `Standing.payer_items` has it: invoices issued later, for which it waits, too."""
    rows = tx.all(
        """SELECT i.number, i.description, m.name, o.due_on, i.total_minor, o.open_minor, o.paid_minor, o.disputed
           FROM open_item o JOIN invoice i ON i.id = o.invoice_id JOIN member m ON m.id = o.member_id
           WHERE o.payer_id = :payer_id AND o.currency = :currency
           ORDER BY coalesce(o.due_on, '9999-12-31'), o.issued_on, o.invoice_id""",
        payer_id=payer_id,
        currency=currency,
    )
    found = []
    for number, description, name, due_text, total_minor, open_minor, paid_minor, disputed in rows:
        due_on = date.fromisoformat(due_text) if due_text else None
        days = max(0, (today - due_on).days) if due_on else 0
        found.append(
            OpenInvoice(number, description, name, due_on, total_minor, open_minor, paid_minor, days, bool(disputed))
        )
    return tuple(found)
