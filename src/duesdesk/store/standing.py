"""What is open, what lies on account, and the sums of both: the projections, moved step by step.

Only `store.ledger` calls this. Every change is a statement the database can refuse.
"""

from __future__ import annotations

from duesdesk.domain.errors import Conflict, Refused
from duesdesk.store.database import Tx
from duesdesk.store.positions import void_sql
from duesdesk.store.projections import Horizon
from duesdesk.store.sums import NO_DUE_DATE, Item, Sums

_COLUMNS = "invoice_id, payer_id, currency, issued_on, due_on, open_minor, paid_minor"
_ITEM = f"SELECT {_COLUMNS} FROM open_item"


class Standing:
    """The projections within one act; `today` decides what is overdue."""

    def __init__(self, tx: Tx, today: str, horizon: Horizon) -> None:
        self.tx = tx
        self.today = today
        self._issued_through, self._moved_through = horizon

    def item(self, invoice_id: int) -> Item | None:
        """The open invoice, or None when nothing of it is owed."""
        row = self.tx.one(f"{_ITEM} WHERE invoice_id = :id", id=invoice_id)
        return Item(*row) if row else None

    def payer_items(self, payer_id: int, currency: str) -> list[Item]:
        """The payer's open invoices in the order money is laid on them: oldest due first, undated last."""
        rows = self.tx.all(
            f"""{_ITEM} WHERE payer_id = :payer_id AND currency = :currency
                ORDER BY coalesce(due_on, '{NO_DUE_DATE}'), issued_on, invoice_id""",
            payer_id=payer_id,
            currency=currency,
        )
        return [Item(*row) for row in rows]

    def open(self, item: Item, member_id: int) -> None:
        """An invoice is owed from now on; one of zero is settled at once."""
        if item.open_minor == 0:
            return
        self.tx.run(
            """INSERT INTO open_item (invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor,
                                      paid_minor,
                                      disputed)
               VALUES (:id, :payer_id, :member_id, :currency, :issued_on, :due_on, :total, 0, :disputed)""",
            id=item.invoice_id,
            payer_id=item.payer_id,
            member_id=member_id,
            currency=item.currency,
            issued_on=item.issued_on,
            due_on=item.due_on,
            total=item.open_minor,
            disputed=False,
        )
        self.shift(None, item)

    def lower(self, invoice_id: int, amount_minor: int, *, paid: int, sums: Sums | None = None) -> Item:
        """Less is owed; answers what was before. Moves the sums, or gathers them in `sums` for the caller to write.

        The guard: of two desks on one debt, the database lets one through. Raises Conflict for the other.
        """
        whole = self.tx.one(
            f"DELETE FROM open_item WHERE invoice_id = :id AND open_minor = :amount RETURNING {_COLUMNS}",
            id=invoice_id,
            amount=amount_minor,
        )
        if whole is not None:
            before, after = Item(*whole), None
        else:
            part = self.tx.one(
                f"""UPDATE open_item SET open_minor = open_minor - :amount, paid_minor = paid_minor + :paid
                    WHERE invoice_id = :id AND open_minor > :amount RETURNING {_COLUMNS}""",
                id=invoice_id,
                amount=amount_minor,
                paid=paid,
            )
            if part is None:
                raise Conflict("nothing-left-open")
            after = Item(*part)
            before = after._replace(open_minor=after.open_minor + amount_minor, paid_minor=after.paid_minor - paid)
        self.shift(before, after, sums)
        return before

    def raise_again(self, invoice_id: int, amount_minor: int, *, paid: int | None = None) -> None:
        """More is owed again, by `amount_minor`; `paid` is how much less money lies on it (all of it when None)."""
        taken = amount_minor if paid is None else paid
        before = self.item(invoice_id)
        if before is None:
            self._reopen(invoice_id)
            before = self.item(invoice_id)
        if before is None:
            raise Refused("invoice-void")
        self.tx.run(
            """UPDATE open_item SET open_minor = open_minor + :amount, paid_minor = paid_minor - :taken
               WHERE invoice_id = :id""",
            amount=amount_minor,
            taken=taken,
            id=invoice_id,
        )
        self.shift(before, self.item(invoice_id))

    def reopen_whole(self, invoice_id: int) -> None:
        """An invoice on which no money lies is owed again for all that no credit lowers."""
        self._reopen(invoice_id)
        empty = self.item(invoice_id)
        if empty is None:
            raise Refused("invoice-void")
        # What lies on it is taken for money by `_reopen`: here it is what is owed.
        if empty.paid_minor == 0:
            self.tx.run("DELETE FROM open_item WHERE invoice_id = :id", id=invoice_id)
            return
        self.tx.run(
            "UPDATE open_item SET open_minor = paid_minor, paid_minor = 0 WHERE invoice_id = :id", id=invoice_id
        )
        self.shift(None, self.item(invoice_id))

    def _reopen(self, invoice_id: int) -> None:
        """A settled invoice comes back as an open item of zero, with the money that lies on it."""
        self.tx.run(
            f"""INSERT INTO open_item (invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor,
                                      paid_minor,
                                      disputed)
               SELECT i.id, i.payer_id, i.member_id, i.currency, i.issued_on,
                      CASE WHEN moved.id IS NULL THEN i.due_on ELSE moved.due_on END, 0,
                      i.total_minor - coalesce((SELECT sum(c.amount_minor) FROM credit c WHERE c.invoice_id = i.id), 0),
                      coalesce((SELECT e.kind = 'disputed' FROM invoice_event e
                                WHERE e.invoice_id = i.id AND e.kind IN ('disputed', 'undisputed')
                                ORDER BY e.effective_on DESC, e.id DESC LIMIT 1), false)
               FROM invoice i
               LEFT JOIN invoice_event moved ON moved.id = (
                   SELECT e.id FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'due_moved'
                   ORDER BY e.effective_on DESC, e.id DESC LIMIT 1)
               WHERE i.id = :id
                 AND NOT {void_sql("i.id")}""",
            id=invoice_id,
        )

    def take_rest(self, payment_id: int, amount_minor: int) -> None:
        """Use money that lies on account. Raises Conflict when less of this payment is left."""
        touched = self.tx.run(
            "UPDATE open_credit SET rest_minor = rest_minor - :amount WHERE payment_id = :id AND rest_minor >= :amount",
            amount=amount_minor,
            id=payment_id,
        )
        if touched != 1:
            raise Conflict("nothing-left-of-payment")
        self.tx.run("DELETE FROM open_credit WHERE payment_id = :id AND rest_minor = 0", id=payment_id)

    def return_rest(self, payment_id: int, amount_minor: int) -> None:
        """Money lifted from an invoice lies on account again."""
        self.tx.run(
            """INSERT INTO open_credit (payment_id, payer_id, currency, received_on, rest_minor)
               SELECT id, payer_id, currency, received_on, :amount FROM payment WHERE id = :id
               ON CONFLICT (payment_id) DO UPDATE SET rest_minor = open_credit.rest_minor + excluded.rest_minor""",
            amount=amount_minor,
            id=payment_id,
        )
        row = self.tx.one("SELECT payer_id, currency FROM payment WHERE id = :id", id=payment_id)
        if row is not None:
            self.credit(row[0], row[1], amount_minor)

    def shift(self, before: Item | None, after: Item | None, sums: Sums | None = None) -> None:
        """Move the sums of the payer and of the due day from one state of an item to another."""
        moved = sums or Sums(self.today)
        moved.shift(before, after)
        if sums is None:
            moved.write(self.tx)

    def credit(self, payer_id: int, currency: str, amount_minor: int) -> None:
        """More money lies on the payer's account, or less when below zero."""
        sums = Sums(self.today)
        sums.credit(payer_id, currency, amount_minor)
        sums.write(self.tx)

    def moved_after(self, day: str) -> bool:
        """Whether anything befell the ledger after `day`."""
        return self._moved_through > day

    def reach(self, *, issued: str | None = None, moved: str | None = None) -> None:
        """The ledger now has rows up to these days."""
        if issued is not None and issued > self._issued_through:
            self.tx.run("UPDATE ledger_state SET issued_through = :day WHERE id = 1", day=issued)
            self._issued_through = issued
        if moved is not None and moved > self._moved_through:
            self.tx.run("UPDATE ledger_state SET moved_through = :day WHERE id = 1", day=moved)
            self._moved_through = moved
