"""Rows of truth by the thousand within one act: what an import writes.

The same rows as `store.ledger` writes one by one, with the same stamps. The projections are not moved row by row:
`settle` does that at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from duesdesk.store import among
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
from duesdesk.store.sums import Sums

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
    reason: str = ""


class BulkEvent(NamedTuple):
    """What befell an invoice without money ('due_moved'; 'disputed' of a new one)."""

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
        # What new invoices add to the sums, which is all while nothing else is written.
        self._sums = Sums(ledger.today)
        self._only_new = True
        # What no statement of `settle` adds up: computed from the ledger one by one.
        self._odd_invoices: set[int] = set()
        self._odd_payments: set[int] = set()
        self._payers: set[int] = set()

    def issue(self, invoices: Sequence[BulkInvoice]) -> Sequence[int]:
        """Insert invoices; answers their ids."""
        ids = new_ids(self.tx, "invoice", len(invoices))
        # SQLite has numbers for no and yes, and its driver thinks long before it takes a bool for one.
        no, yes = (False, True) if self.tx.postgres else (0, 1)
        self._insert(
            "invoice",
            "number, member_id, payer_id, issued_on, due_on, currency, total_minor, kind, description, draft",
            ids,
            [(*invoice[:-1], yes if invoice.draft else no) for invoice in invoices],
        )
        if invoices:
            self._ledger.standing.reach(issued=max(map(attrgetter("issued_on"), invoices)))
        self._payers.update(map(attrgetter("payer_id"), invoices))
        self._sums.issue(
            (payer_id, currency, due_on, total_minor)
            for _, _, payer_id, _, due_on, currency, total_minor, _, _, draft in invoices
            if total_minor and not draft
        )
        return ids

    def describe(self, lines: Sequence[tuple[int, str, int]]) -> None:
        """Give invoices one line each: (invoice id, description, minor units, which are its total)."""
        self.tx.many_positional(
            "INSERT INTO invoice_line (invoice_id, line, description, amount_minor) VALUES (?, 1, ?, ?)", lines
        )

    def receive(self, payments: Sequence[BulkPayment], ids: Sequence[int]) -> None:
        """Insert payments under the ids that `payment_ids` gave."""
        self._insert(
            "payment",
            "reference, payer_id, member_id, received_on, currency, amount_minor, method, kind, reverses_id",
            ids,
            payments,
        )
        self._only_new = self._only_new and not payments
        self._odd_payments.update(payment.reverses_id for payment in payments if payment.reverses_id is not None)
        self._payers.update(map(attrgetter("payer_id"), payments))
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
        self._only_new = self._only_new and not allocations
        back = [allocation for allocation in allocations if allocation.amount_minor < 0]
        self._odd_invoices.update(allocation.invoice_id for allocation in back)
        self._odd_payments.update(allocation.payment_id for allocation in back)
        self._moved(allocation.effective_on for allocation in allocations)

    def credit(self, credits: Sequence[BulkCredit]) -> None:
        """Insert credits."""
        columns = "reference, invoice_id, kind, amount_minor, effective_on"
        reasons = [credit.reason for credit in credits]
        self._insert("credit", columns, new_ids(self.tx, "credit", len(credits)), [c[:-1] for c in credits], reasons)
        self._only_new = self._only_new and not credits
        self._odd_invoices.update(credit.invoice_id for credit in credits)
        self._moved(credit.effective_on for credit in credits)

    def happen(self, events: Sequence[BulkEvent]) -> None:
        """Insert events of invoices."""
        columns = "invoice_id, kind, due_on, effective_on"
        self._insert("invoice_event", columns, new_ids(self.tx, "invoice_event", len(events)), events)
        odd = {event.invoice_id for event in events if event.kind != "disputed"}
        self._only_new = self._only_new and not odd
        self._odd_invoices |= odd
        self._moved(event.effective_on for event in events)

    def settle(self) -> None:
        """Make the projections agree with the ledger again, once everything is written.

        What an import does by the thousand (new invoices, money laid on open ones) is added up in a few statements;
        whatever else befell an invoice or a receipt, that one is computed from the ledger.
        """
        self._open_new()
        if self._only_new:
            self._sums.raise_by(self.tx)
            return
        self._lower_laid()
        self._recompute()
        self._sum_up()

    def _open_new(self) -> None:
        """New invoices and receipts, whole."""
        self.tx.run(
            f"""INSERT INTO open_item ({OPEN_COLUMNS})
                SELECT id, payer_id, member_id, currency, issued_on, due_on, total_minor, 0,
                       id IN (SELECT invoice_id FROM invoice_event WHERE act_id = :act AND kind = 'disputed')
                FROM invoice WHERE act_id = :act AND NOT draft AND total_minor > 0""",
            act=self._act.id,
        )
        self.tx.run(
            f"""INSERT INTO open_credit ({CREDIT_COLUMNS})
                SELECT p.id, p.payer_id, p.currency, p.received_on, p.amount_minor - coalesce(laid.minor, 0)
                FROM payment p
                LEFT JOIN (SELECT payment_id, sum(amount_minor) AS minor FROM allocation WHERE act_id = :act
                           GROUP BY payment_id) laid ON laid.payment_id = p.id
                WHERE p.act_id = :act AND p.kind = 'receipt' AND p.amount_minor > coalesce(laid.minor, 0)""",
            act=self._act.id,
        )

    def _lower_laid(self) -> None:
        """Open invoices lowered by the money laid on them. The CHECK refuses more than is open."""
        self.tx.run(
            f"""UPDATE open_item SET open_minor = open_minor - laid.minor, paid_minor = paid_minor + laid.minor
                FROM (SELECT invoice_id, sum(amount_minor) AS minor FROM allocation WHERE act_id = :act
                      GROUP BY invoice_id) laid
                WHERE open_item.invoice_id = laid.invoice_id
                  AND open_item.invoice_id NOT IN ({among.ids(self.tx)})""",
            act=self._act.id,
            wanted=among.listed(self._odd_invoices),
        )
        self.tx.run(
            """DELETE FROM open_item
               WHERE invoice_id IN (SELECT invoice_id FROM allocation WHERE act_id = :act) AND open_minor = 0""",
            act=self._act.id,
        )

    def _recompute(self) -> None:
        """The invoices and receipts that something else befell."""
        for table, columns, computed, key, odd in (
            ("open_item", OPEN_COLUMNS, OPEN_COMPUTED, "invoice_id", self._odd_invoices),
            ("open_credit", CREDIT_COLUMNS, OPEN_CREDIT_COMPUTED, "payment_id", self._odd_payments),
        ):
            if odd:
                among_them = f"{key} IN ({among.ids(self.tx)})"
                self.tx.run(f"DELETE FROM {table} WHERE {among_them}", wanted=among.listed(odd))
                self.tx.run(
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ({computed}) computed WHERE {among_them}",
                    wanted=among.listed(odd),
                    as_of=END_OF_TIME,
                )

    def _sum_up(self) -> None:
        """The sums of the payers that were touched, and those of the due days."""
        payers = self.tx.all(
            f"""SELECT payer_id FROM invoice WHERE id IN ({among.ids(self.tx)})
                UNION SELECT i.payer_id FROM allocation a JOIN invoice i ON i.id = a.invoice_id
                WHERE a.act_id = :act""",
            act=self._act.id,
            wanted=among.listed(self._odd_invoices),
        )
        among_them = f"payer_id IN ({among.ids(self.tx)})"
        wanted = among.listed({*self._payers, *(row[0] for row in payers)})
        self.tx.run(f"DELETE FROM payer_balance WHERE {among_them}", wanted=wanted)
        self.tx.run(
            f"""INSERT INTO payer_balance ({BALANCE_COLUMNS})
                SELECT {BALANCE_COLUMNS} FROM ({BALANCE_COMPUTED}) computed WHERE {among_them}""",
            wanted=wanted,
        )
        self.tx.run("DELETE FROM due_day_total")
        self.tx.run(f"INSERT INTO due_day_total ({DAY_COLUMNS}) {DAY_COMPUTED}")

    def _insert(
        self,
        table: str,
        columns: str,
        ids: Sequence[int],
        rows: Sequence[tuple[object, ...]],
        reasons: Sequence[str] = (),
    ) -> None:
        if not rows:
            return
        self._ledger.tables.add(table)
        if columns.endswith(", reverses_id") and all(row[-1] is None for row in rows):
            # As for a bool above: nothing is told quicker by leaving it out.
            columns, rows = columns.removesuffix(", reverses_id"), [row[:-1] for row in rows]
        names = f"id, {columns}, {_STAMP}"
        marks = ", ".join("?" * (names.count(",") + 1))
        stamped = self._stamped(ids, rows, reasons or [self._act.reason] * len(rows))
        self.tx.many_positional(f"INSERT INTO {table} ({names}) VALUES ({marks})", stamped)

    def _stamped(
        self, ids: Sequence[int], rows: Sequence[tuple[object, ...]], reasons: Sequence[str]
    ) -> Iterator[tuple[object, ...]]:
        act = self._act
        stamp = (act.id, act.recorded_at, act.actor, act.desk)
        first = self._ledger.take_keys(len(rows))
        for number, (identity, row, reason) in enumerate(zip(ids, rows, reasons, strict=True), first):
            # Padded, so that the keys come in the order of their index.
            yield (identity, *row, *stamp, reason, f"{act.key}/{number:08d}")

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
