"""The only writer of money.

Every method inserts rows of truth and moves the projections in the same transaction. Nothing is edited: what was wrong
is taken back by a mirrored row that names it. Whether an act may happen is the service's question; what the sums
forbid is refused here and by the CHECKs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.domain.allocation import lay_by_day
from duesdesk.domain.errors import Refused
from duesdesk.store.acts import ActRow
from duesdesk.store.database import Tx
from duesdesk.store.positions import covered
from duesdesk.store.projections import roll
from duesdesk.store.standing import Standing
from duesdesk.store.sums import Item, Sums

_STAMP = "act_id, recorded_at, actor, desk, reason, idempotency_key"
_STAMPS = ":act_id, :recorded_at, :actor, :desk, :reason, :idempotency_key"


class NewInvoice(NamedTuple):
    """An invoice to issue. `lines` are (description, amount_minor) and add up to `total_minor`."""

    number: str
    member_id: int
    payer_id: int
    issued_on: str
    due_on: str | None
    currency: str
    total_minor: int
    kind: str = "dues"
    description: str = ""
    draft: bool = False
    lines: Sequence[tuple[str, int]] = ()


class NewPayment(NamedTuple):
    """Money that came. `received_on` is its day of value."""

    reference: str
    payer_id: int
    member_id: int
    received_on: str
    currency: str
    amount_minor: int
    method: str


class Ledger:
    """The ledger within one act. Make it after `acts.begin`; `today` rolls the overdue balances first."""

    def __init__(self, tx: Tx, act: ActRow, today: str) -> None:
        self.tx = tx
        self.act = act
        self.today = today
        # The tables this act has written rows of truth to: what its hash is made from.
        self.tables: set[str] = set()
        self.standing = Standing(tx, today, roll(tx, today))
        self._rows = 0

    # Invoices

    def issue(self, invoice: NewInvoice) -> int:
        """Insert an invoice with its lines; unless a draft, it is owed from now on. Answers its id."""
        self.tables.add("invoice")
        identity = self.tx.insert(
            f"""INSERT INTO invoice (number, member_id, payer_id, issued_on, due_on, currency, total_minor, kind,
                                     description,
                                     draft, {_STAMP})
                VALUES (:number, :member_id, :payer_id, :issued_on, :due_on, :currency, :total_minor, :kind,
                        :description,
                        :draft, {_STAMPS})""",
            number=invoice.number,
            member_id=invoice.member_id,
            payer_id=invoice.payer_id,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            currency=invoice.currency,
            total_minor=invoice.total_minor,
            kind=invoice.kind,
            description=invoice.description,
            draft=invoice.draft,
            **self._stamp(),
        )
        lines = invoice.lines or ((invoice.description, invoice.total_minor),)
        if sum(amount for _, amount in lines) != invoice.total_minor:
            raise ValueError("the lines of an invoice add up to its total")
        for number, (description, amount_minor) in enumerate(lines, 1):
            self.tx.run(
                """INSERT INTO invoice_line (invoice_id, line, description, amount_minor)
                   VALUES (:invoice_id, :line, :description, :amount_minor)""",
                invoice_id=identity,
                line=number,
                description=description,
                amount_minor=amount_minor,
            )
        if not invoice.draft:
            self._open(identity, invoice)
        self.standing.reach(issued=invoice.issued_on)
        return identity

    def issue_draft(self, invoice_id: int, invoice: NewInvoice) -> None:
        """A draft becomes owed."""
        self._event(invoice_id, "issued")
        self._open(invoice_id, invoice)

    def void(self, invoice_id: int) -> None:
        """The invoice never should have been: nothing of it is owed. Raises Refused while money lies on it."""
        item = self.standing.item(invoice_id)
        if item is not None:
            if item.paid_minor:
                raise Refused("void-with-payments")
            self.tx.run("DELETE FROM open_item WHERE invoice_id = :id", id=invoice_id)
            self.standing.shift(item, None)
        self._event(invoice_id, "voided")

    def restore(self, invoice_id: int, *, draft: bool) -> None:
        """The voiding was a slip: what of the invoice no credit lowers is owed again, unless it was a draft."""
        self._event(invoice_id, "restored")
        if not draft:
            self.standing.reopen_whole(invoice_id)

    def move_due(self, invoice_id: int, due_on: str | None) -> None:
        """Another due date for an open invoice, from today on."""
        self._event(invoice_id, "due_moved", due_on=due_on)
        item = self.standing.item(invoice_id)
        if item is None:
            return
        self.tx.run("UPDATE open_item SET due_on = :due_on WHERE invoice_id = :id", due_on=due_on, id=invoice_id)
        self.standing.shift(item, self.standing.item(invoice_id))

    def dispute(self, invoice_id: int, *, disputed: bool, on: str | None = None) -> None:
        """The member contests the invoice, or no longer does."""
        self._event(invoice_id, "disputed" if disputed else "undisputed", on=on)
        self.tx.run(
            "UPDATE open_item SET disputed = :disputed WHERE invoice_id = :id", disputed=disputed, id=invoice_id
        )

    # Payments

    def receive(self, payment: NewPayment, shares: Sequence[tuple[int, int]] = ()) -> int:
        """Money came: `shares` of it (invoice id, minor units) settle invoices, the rest lies on account.

        Answers the payment's id. Raises Conflict when less of an invoice is open: another desk was faster; Refused
        when one is in another currency.
        """
        if any(amount_minor <= 0 for _, amount_minor in shares):
            raise ValueError("a share is above zero")
        identity = self._payment(payment, payment.amount_minor, "receipt", None)
        sums = Sums(self.today)
        for invoice_id, amount_minor in shares:
            item = self.standing.lower(invoice_id, amount_minor, paid=amount_minor, sums=sums)
            if item.currency != payment.currency:
                raise Refused("currencies-differ", payment=payment.currency, invoice=item.currency)
            for on, part_minor in self._laid_by_day(item, amount_minor, max(payment.received_on, item.issued_on)):
                self._allocation(identity, invoice_id, part_minor, on, None)
        rest_minor = payment.amount_minor - sum(amount_minor for _, amount_minor in shares)
        if rest_minor:
            # The CHECK refuses a rest below zero: shares above the payment.
            self.tx.run(
                """INSERT INTO open_credit (payment_id, payer_id, currency, received_on, rest_minor)
                   VALUES (:id, :payer_id, :currency, :received_on, :rest)""",
                id=identity,
                payer_id=payment.payer_id,
                currency=payment.currency,
                received_on=payment.received_on,
                rest=rest_minor,
            )
            sums.credit(payment.payer_id, payment.currency, rest_minor)
        sums.write(self.tx)
        return identity

    def take_back(self, payment_id: int, amount_minor: int | None = None) -> list[tuple[int, int]]:
        """Lift what a payment lies on, newest allocation first, up to `amount_minor` (all when None).

        Answers (invoice_id, amount_minor) of what was lifted; the money is credit on account then.
        """
        lifted = []
        left = amount_minor
        for identity, invoice_id, live_minor, effective_on in self._live_allocations(payment_id):
            part = live_minor if left is None else min(live_minor, left)
            if part == 0:
                break
            self._allocation(payment_id, invoice_id, -part, max(self.today, effective_on), identity)
            self.standing.raise_again(invoice_id, part)
            lifted.append((invoice_id, part))
            left = None if left is None else left - part
        total = sum(part for _, part in lifted)
        if total:
            self.standing.return_rest(payment_id, total)
        return lifted

    def give_back(self, payment_id: int, amount_minor: int, reference: str, kind: str) -> int:
        """A reversal or refund of money that lies on account (see `take_back`). Answers the new payment's id.

        Raises Conflict when less of the payment is left.
        """
        row = self.tx.one(
            "SELECT payer_id, member_id, received_on, currency, method FROM payment WHERE id = :id", id=payment_id
        )
        if row is None:
            raise ValueError("no such payment")
        payer_id, member_id, received_on, currency, method = row
        self.standing.take_rest(payment_id, amount_minor)
        self.standing.credit(payer_id, currency, -amount_minor)
        # Money dated ahead does not go back before it came.
        back = NewPayment(reference, payer_id, member_id, max(self.today, received_on), currency, amount_minor, method)
        return self._payment(back, -amount_minor, kind, payment_id)

    def bring_back(
        self, payment_id: int, amount_minor: int, reference: str, kind: str, shares: Sequence[tuple[int, int]]
    ) -> None:
        """What went back of a payment went by a slip (`kind`: reversal_undone, refund_undone): it lies where it lay.

        `shares` are (invoice id, minor units). Raises Conflict when less of an invoice is open by now.
        """
        paid = self.tx.one(
            "SELECT payer_id, member_id, received_on, currency, method FROM payment WHERE id = :id", id=payment_id
        )
        if paid is None:
            raise ValueError("no such payment")
        payer_id, member_id, received_on, currency, method = paid
        on = max(self.today, received_on)
        again = NewPayment(reference, payer_id, member_id, on, currency, amount_minor, method)
        self._payment(again, amount_minor, kind, payment_id)
        self.standing.return_rest(payment_id, amount_minor)
        for invoice_id, part_minor in shares:
            item = self.standing.lower(invoice_id, part_minor, paid=part_minor)
            self._allocation(payment_id, invoice_id, part_minor, max(on, item.issued_on), None)
            self.standing.take_rest(payment_id, part_minor)
            self.standing.credit(payer_id, currency, -part_minor)

    # Credits

    def credit(self, reference: str, invoice_id: int, kind: str, amount_minor: int, on: str) -> int:
        """Lower an invoice without money. Raises Conflict when less is open."""
        self.standing.lower(invoice_id, amount_minor, paid=0)
        return self._credit(reference, invoice_id, kind, amount_minor, on, None)

    def reverse_credit(self, credit_id: int, reference: str) -> int:
        """The invoice is owed again for what the credit had lowered."""
        row = self.tx.one(
            "SELECT invoice_id, kind, amount_minor, effective_on FROM credit WHERE id = :id", id=credit_id
        )
        if row is None:
            raise ValueError("no such credit")
        invoice_id, kind, amount_minor, effective_on = row
        self.standing.raise_again(invoice_id, amount_minor, paid=0)
        return self._credit(reference, invoice_id, kind, -amount_minor, max(self.today, effective_on), credit_id)

    # Reading what the writing needs

    def _laid_by_day(self, item: Item, amount_minor: int, on: str) -> Sequence[tuple[str, int]]:
        """The days from which a share counts: `on`, unless the invoice was covered then and came open again later."""
        if not self.standing.moved_after(on):
            return ((on, amount_minor),)
        return lay_by_day(amount_minor, on, *covered(self.tx, item.invoice_id))

    def _live_allocations(self, payment_id: int) -> list[tuple[int, int, int, str]]:
        rows = self.tx.all(
            """SELECT a.id, a.invoice_id, a.amount_minor + coalesce((SELECT sum(b.amount_minor) FROM allocation b
                                                                    WHERE b.payment_id = a.payment_id
                                                                      AND b.reverses_id = a.id), 0), a.effective_on
               FROM allocation a WHERE a.payment_id = :id AND a.amount_minor > 0
               ORDER BY a.effective_on DESC, a.id DESC""",
            id=payment_id,
        )
        return [(identity, invoice_id, live, on) for identity, invoice_id, live, on in rows if live > 0]

    def _last_event_on(self, invoice_id: int, kind: str) -> str:
        """The day of the event that one of `kind` replaces, '' without one.

        The latest event is in force, so none comes before one that is dated ahead, or that was written before the
        clock went back.
        """
        for replaced in (("due_moved",), ("disputed", "undisputed")):
            if kind in replaced:
                day: str | None = self.tx.value(
                    "SELECT max(effective_on) FROM invoice_event WHERE invoice_id = :id AND kind IN (:one, :other)",
                    id=invoice_id,
                    one=replaced[0],
                    other=replaced[-1],
                )
                return day or ""
        return ""

    # Rows

    def take_keys(self, count: int) -> int:
        """Set the next `count` row numbers of the act's keys apart, for bulk writing; answers the first."""
        first = self._rows + 1
        self._rows += count
        return first

    def _stamp(self) -> dict[str, object]:
        self._rows += 1
        act = self.act
        return {
            "act_id": act.id,
            "recorded_at": act.recorded_at,
            "actor": act.actor,
            "desk": act.desk,
            "reason": act.reason,
            "idempotency_key": f"{act.key}/{self._rows}",
        }

    def _event(self, invoice_id: int, kind: str, *, due_on: str | None = None, on: str | None = None) -> None:
        self.tables.add("invoice_event")
        effective_on = max(on or self.today, self._last_event_on(invoice_id, kind))
        self.tx.run(
            f"""INSERT INTO invoice_event (invoice_id, kind, due_on, effective_on, {_STAMP})
                VALUES (:invoice_id, :kind, :due_on, :effective_on, {_STAMPS})""",
            invoice_id=invoice_id,
            kind=kind,
            due_on=due_on,
            effective_on=effective_on,
            **self._stamp(),
        )
        self.standing.reach(moved=effective_on)

    def _payment(self, payment: NewPayment, amount_minor: int, kind: str, reverses_id: int | None) -> int:
        self.tables.add("payment")
        self.standing.reach(moved=payment.received_on)
        return self.tx.insert(
            f"""INSERT INTO payment (reference, payer_id, member_id, received_on, currency, amount_minor, method, kind,
                                     reverses_id, {_STAMP})
                VALUES (:reference, :payer_id, :member_id, :received_on, :currency, :amount_minor, :method, :kind,
                        :reverses_id, {_STAMPS})""",
            reference=payment.reference,
            payer_id=payment.payer_id,
            member_id=payment.member_id,
            received_on=payment.received_on,
            currency=payment.currency,
            amount_minor=amount_minor,
            method=payment.method,
            kind=kind,
            reverses_id=reverses_id,
            **self._stamp(),
        )

    def _allocation(
        self, payment_id: int, invoice_id: int, amount_minor: int, on: str, reverses_id: int | None
    ) -> None:
        self.tables.add("allocation")
        self.standing.reach(moved=on)
        self.tx.run(
            f"""INSERT INTO allocation (payment_id, invoice_id, amount_minor, effective_on, reverses_id, {_STAMP})
                VALUES (:payment_id, :invoice_id, :amount_minor, :effective_on, :reverses_id, {_STAMPS})""",
            payment_id=payment_id,
            invoice_id=invoice_id,
            amount_minor=amount_minor,
            effective_on=on,
            reverses_id=reverses_id,
            **self._stamp(),
        )

    def _credit(
        self, reference: str, invoice_id: int, kind: str, amount_minor: int, on: str, reverses_id: int | None
    ) -> int:
        self.tables.add("credit")
        self.standing.reach(moved=on)
        return self.tx.insert(
            f"""INSERT INTO credit (reference, invoice_id, kind, amount_minor, effective_on, reverses_id, {_STAMP})
                VALUES (:reference, :invoice_id, :kind, :amount_minor, :effective_on, :reverses_id, {_STAMPS})""",
            reference=reference,
            invoice_id=invoice_id,
            kind=kind,
            amount_minor=amount_minor,
            effective_on=on,
            reverses_id=reverses_id,
            **self._stamp(),
        )

    def _open(self, invoice_id: int, invoice: NewInvoice) -> None:
        item = Item(
            invoice_id, invoice.payer_id, invoice.currency, invoice.issued_on, invoice.due_on, invoice.total_minor, 0
        )
        self.standing.open(item, invoice.member_id)
