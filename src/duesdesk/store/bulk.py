"""Rows of truth by the thousand within one act: what an import writes.

The same rows as `store.ledger` writes one by one, with the same stamps. The projections are not moved row by row:
`settle` rebuilds, from the ledger, those of the invoices and payers the act touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from duesdesk.store.database import Tx
from duesdesk.store.ledger import Ledger
from duesdesk.store.positions import END_OF_TIME, OPEN_COMPUTED
from duesdesk.store.projections import (
    BALANCE_COLUMNS,
    BALANCE_COMPUTED,
    CREDIT_COLUMNS,
    DAY_COLUMNS,
    DAY_COMPUTED,
    OPEN_COLUMNS,
    OPEN_CREDIT_COMPUTED,
)

_STAMP = "act_id, recorded_at, actor, desk, reason, idempotency_key"


class BulkInvoice(NamedTuple):
    """An invoice to issue. Days are ISO text."""

    number: str
    member_id: int
    payer_id: int
    issued_on: str
    due_on: str | None
    currency: str
    total_minor: int
    kind: str
    description: str
    draft: bool


class BulkPayment(NamedTuple):
    """Money that came (above zero) or was given back (below, naming the receipt)."""

    reference: str
    payer_id: int
    member_id: int
    received_on: str
    currency: str
    amount_minor: int
    method: str
    kind: str
    reverses_id: int | None


class BulkAllocation(NamedTuple):
    """A part of a payment on an invoice, or taken back from it (below zero, naming the allocation)."""

    payment_id: int
    invoice_id: int
    amount_minor: int
    effective_on: str
    reverses_id: int | None


class BulkCredit(NamedTuple):
    """A credit note, write-off or waiver."""

    reference: str
    invoice_id: int
    kind: str
    amount_minor: int
    effective_on: str


class BulkEvent(NamedTuple):
    """What befell an invoice without money ('due_moved', 'disputed')."""

    invoice_id: int
    kind: str
    due_on: str | None
    effective_on: str


class Bulk:
    """Bulk writing within the act of `ledger`. Ids are given out here, under the lock every writer holds."""

    def __init__(self, ledger: Ledger) -> None:
        self.tx = ledger.tx
        self._ledger = ledger
        self._act = ledger.act

    def issue(self, invoices: Sequence[BulkInvoice]) -> Sequence[int]:
        """Insert invoices; answers their ids."""
        ids = new_ids(self.tx, "invoice", len(invoices))
        self._insert(
            "invoice",
            "number, member_id, payer_id, issued_on, due_on, currency, total_minor, kind, description, draft",
            ids,
            invoices,
        )
        if invoices:
            self._ledger.standing.reach(issued=max(invoice.issued_on for invoice in invoices))
        return ids

    def receive(self, payments: Sequence[BulkPayment], ids: Sequence[int]) -> None:
        """Insert payments under the ids that `payment_ids` gave."""
        self._insert(
            "payment",
            "reference, payer_id, member_id, received_on, currency, amount_minor, method, kind, reverses_id",
            ids,
            payments,
        )
        self._moved(payment.received_on for payment in payments)

    def payment_ids(self, count: int) -> Sequence[int]:
        """Ids for payments, so that allocations can be planned before anything is written."""
        return new_ids(self.tx, "payment", count)

    def allocation_ids(self, count: int) -> Sequence[int]:
        """Ids for allocations; those that take back name those that laid."""
        return new_ids(self.tx, "allocation", count)

    def allocate(self, allocations: Sequence[BulkAllocation], ids: Sequence[int]) -> None:
        """Insert allocations under the ids that `allocation_ids` gave."""
        columns = "payment_id, invoice_id, amount_minor, effective_on, reverses_id"
        self._insert("allocation", columns, ids, allocations)
        self._moved(allocation.effective_on for allocation in allocations)

    def credit(self, credits: Sequence[BulkCredit]) -> None:
        """Insert credits."""
        columns = "reference, invoice_id, kind, amount_minor, effective_on"
        self._insert("credit", columns, new_ids(self.tx, "credit", len(credits)), credits)
        self._moved(credit.effective_on for credit in credits)

    def happen(self, events: Sequence[BulkEvent]) -> None:
        """Insert events of invoices."""
        columns = "invoice_id, kind, due_on, effective_on"
        self._insert("invoice_event", columns, new_ids(self.tx, "invoice_event", len(events)), events)
        self._moved(event.effective_on for event in events)

    def settle(self) -> None:
        """Make the projections of everything the act touched agree with the ledger again."""
        settle(self.tx, self._act.id)

    def _insert(self, table: str, columns: str, ids: Sequence[int], rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        names = f"id, {columns}, {_STAMP}"
        marks = ", ".join("?" * (names.count(",") + 1))
        stamped = self._stamped(ids, rows)
        self.tx.many_positional(f"INSERT INTO {table} ({names}) VALUES ({marks})", stamped)

    def _stamped(self, ids: Sequence[int], rows: Sequence[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        act = self._act
        stamp = (act.id, act.recorded_at, act.actor, act.desk, act.reason)
        first = self._ledger.take_keys(len(rows))
        for number, (identity, row) in enumerate(zip(ids, rows, strict=True), first):
            yield (identity, *row, *stamp, f"{act.key}/{number}")

    def _moved(self, days: Iterable[str]) -> None:
        latest = max(days, default=None)
        if latest is not None:
            self._ledger.standing.reach(moved=latest)


def new_ids(tx: Tx, table: str, count: int) -> Sequence[int]:
    """`count` ids for rows of `table`, given out under the lock every writer holds."""
    if tx.postgres:
        taken = tx.all(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)",
            table=table,
            count=count,
        )
        return [row[0] for row in taken]
    first = (tx.value(f"SELECT max(id) FROM {table}") or 0) + 1
    return range(first, first + count)


_TOUCHED = """
    SELECT id FROM invoice WHERE act_id = :act UNION SELECT invoice_id FROM allocation WHERE act_id = :act
    UNION SELECT invoice_id FROM credit WHERE act_id = :act
    UNION SELECT invoice_id FROM invoice_event WHERE act_id = :act"""
_TOUCHED_PAYMENTS = """
    SELECT id FROM payment WHERE act_id = :act UNION SELECT payment_id FROM allocation WHERE act_id = :act
    UNION SELECT reverses_id FROM payment WHERE act_id = :act AND reverses_id IS NOT NULL"""
_TOUCHED_PAYERS = f"""
    SELECT payer_id FROM invoice WHERE id IN ({_TOUCHED})
    UNION SELECT payer_id FROM payment WHERE id IN ({_TOUCHED_PAYMENTS})"""


def settle(tx: Tx, act_id: int) -> None:
    """Rebuild, from the ledger, the projections of the invoices, payments and payers that an act touched."""
    tx.run(f"DELETE FROM open_item WHERE invoice_id IN ({_TOUCHED})", act=act_id)
    tx.run(
        f"INSERT INTO open_item ({OPEN_COLUMNS}) SELECT {OPEN_COLUMNS} FROM ({OPEN_COMPUTED}) t"
        f" WHERE invoice_id IN ({_TOUCHED})",
        as_of=END_OF_TIME,
        act=act_id,
    )
    tx.run(f"DELETE FROM open_credit WHERE payment_id IN ({_TOUCHED_PAYMENTS})", act=act_id)
    tx.run(
        f"INSERT INTO open_credit ({CREDIT_COLUMNS}) SELECT {CREDIT_COLUMNS} FROM ({OPEN_CREDIT_COMPUTED}) t"
        f" WHERE payment_id IN ({_TOUCHED_PAYMENTS})",
        act=act_id,
    )
    tx.run(f"DELETE FROM payer_balance WHERE payer_id IN ({_TOUCHED_PAYERS})", act=act_id)
    tx.run(
        f"INSERT INTO payer_balance ({BALANCE_COLUMNS}) SELECT {BALANCE_COLUMNS} FROM ({BALANCE_COMPUTED}) t"
        f" WHERE payer_id IN ({_TOUCHED_PAYERS})",
        act=act_id,
    )
    tx.run("DELETE FROM due_day_total")
    tx.run(f"INSERT INTO due_day_total ({DAY_COLUMNS}) {DAY_COMPUTED}")
