"""What the payers of a file owe and have on account, in memory, while their payments are laid.

The lock every writer holds keeps it true until the rows are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from duesdesk.domain.allocation import lay_by_day
from duesdesk.store import among
from duesdesk.store.bulk import BulkAllocation, BulkPayment
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import covered, void_sql
from duesdesk.store.sums import NO_DUE_DATE

# The due date in force of an invoice that is not open.
_DUE = f"""coalesce((SELECT e.due_on FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'due_moved'
                     ORDER BY e.effective_on DESC, e.id DESC LIMIT 1), i.due_on, '{NO_DUE_DATE}')"""

Account = tuple[int, str]
"""A payer and a currency."""


@dataclass(slots=True)
class Item:
    """An invoice with what is open of it now."""

    id: int
    number: str
    member_id: int
    payer_id: int
    currency: str
    issued_on: str
    due_on: str
    open_minor: int
    owed: bool

    @property
    def turn(self) -> tuple[str, str, int]:
        """The order in which money is laid: oldest due first, undated last."""
        return self.due_on, self.issued_on, self.id


class Queue:
    """A payer's invoices of one currency in the order of settling; those settled already are not looked at again."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._next = 0
        self._sorted = True

    def add(self, item: Item) -> None:
        """One more invoice, open or not."""
        self._items.append(item)
        self._sorted = False

    def reopen(self) -> None:
        """Something is owed again of an invoice that was passed."""
        self._next = 0

    def fill(self, amount_minor: int) -> list[tuple[Item, int]]:
        """The invoices an amount fills, oldest due first, each with its part."""
        if not self._sorted:
            self._items.sort(key=lambda item: item.turn)
            self._sorted, self._next = True, 0
        while self._next < len(self._items) and not self._items[self._next].open_minor:
            self._next += 1
        parts = []
        for at in range(self._next, len(self._items)):
            if not amount_minor:
                break
            part = min(amount_minor, self._items[at].open_minor)
            if part:
                parts.append((self._items[at], part))
                amount_minor -= part
        return parts


def _item(row: Row) -> Item:
    return Item(*row)


@dataclass(slots=True)
class Laid:
    """A part of a payment on an invoice: stored (with its id) or planned (with its place in the plan)."""

    payment: Receipt
    item: Item
    live_minor: int
    effective_on: str
    stored_id: int | None
    planned_at: int


@dataclass(slots=True)
class Receipt:
    """Money that came, with what lies on account of it. `id` is the row's, stored or given out for the plan."""

    id: int
    received_on: str
    member_id: int
    method: str
    rest_minor: int


@dataclass(slots=True)
class Plan:
    """The rows to write. An allocation that takes back a planned one names its place in `allocations`."""

    receipts: list[BulkPayment] = field(default_factory=list)
    receipt_ids: list[int] = field(default_factory=list)
    refunds: list[BulkPayment] = field(default_factory=list)
    allocations: list[BulkAllocation] = field(default_factory=list)
    takes_back: dict[int, int] = field(default_factory=dict)


class Book:
    """Open invoices by payer in the order of settling, invoices by number, and what payers have on account."""

    def __init__(self, tx: Tx, payers: Iterable[int], numbers: Iterable[str]) -> None:
        self._tx = tx
        self.items: dict[int, Item] = {}
        self.by_number: dict[str, Item] = {}
        self._queues: dict[Account, Queue] = {}
        self._receipts: dict[Account, list[Receipt]] = {}
        self._laid: dict[Account, list[Laid]] = {}
        self._loaded: set[int] = set()
        # Invoices that were covered less on some day, with their totals and moves; asked for when the first is paid.
        self._lowered: dict[int, tuple[int, list[tuple[str, int]]]] | None = None
        self._load_open(set(payers))
        self._load_named(set(numbers))

    def _load_open(self, payers: set[int]) -> None:
        rows = self._tx.all(
            f"""SELECT i.id, i.number, i.member_id, o.payer_id, o.currency, o.issued_on,
                       coalesce(o.due_on, '{NO_DUE_DATE}'), o.open_minor
                FROM open_item o JOIN invoice i ON i.id = o.invoice_id WHERE o.payer_id IN ({among.ids(self._tx)})""",
            wanted=among.listed(payers),
        )
        for row in rows:
            self._keep(_item((*row, True)))

    def _load_named(self, numbers: set[str]) -> None:
        missing = numbers - self.by_number.keys()
        if not missing:
            return
        rows = self._tx.all(
            f"""SELECT i.id, i.number, i.member_id, i.payer_id, i.currency, i.issued_on, {_DUE},
                       coalesce(o.open_minor, 0),
                       NOT {void_sql("i.id")}
                       AND (NOT i.draft OR EXISTS (SELECT 1 FROM invoice_event s
                                                   WHERE s.invoice_id = i.id AND s.kind = 'issued'))
                FROM invoice i LEFT JOIN open_item o ON o.invoice_id = i.id
                WHERE i.number IN ({among.texts(self._tx)})""",
            wanted=among.listed(missing),
        )
        for row in rows:
            self._keep(_item((*row[:8], bool(row[8]))))

    def _keep(self, item: Item) -> None:
        self.items[item.id] = item
        self.by_number[item.number] = item
        self._queues.setdefault((item.payer_id, item.currency), Queue()).add(item)

    def lay(self, plan: Plan, receipt: Receipt, account: Account, parts: Sequence[tuple[Item, int]]) -> None:
        """Lay `parts` of a receipt on invoices; what is left of it stays on account."""
        for item, amount_minor in parts:
            # Money that came before its invoice was issued is credit until then.
            on = max(receipt.received_on, item.issued_on)
            for day, part_minor in self._laid_by_day(item, amount_minor, on):
                self._laid.setdefault(account, []).append(
                    Laid(receipt, item, part_minor, day, None, len(plan.allocations))
                )
                plan.allocations.append(BulkAllocation(receipt.id, item.id, part_minor, day, None))
            item.open_minor -= amount_minor
            receipt.rest_minor -= amount_minor
        self._receipts.setdefault(account, []).append(receipt)

    def _laid_by_day(self, item: Item, amount_minor: int, on: str) -> Sequence[tuple[str, int]]:
        """The days from which a share counts, as in `store.ledger`; what the file takes back is in order of days."""
        if self._lowered is None:
            self._lowered = self._load_lowered()
        found = self._lowered.get(item.id)
        if found is None:
            return ((on, amount_minor),)
        parts = lay_by_day(amount_minor, on, *found)
        found[1].extend(parts)
        return parts

    def _load_lowered(self) -> dict[int, tuple[int, list[tuple[str, int]]]]:
        rows = self._tx.all(
            f"""SELECT DISTINCT invoice_id FROM (
                    SELECT invoice_id FROM allocation WHERE amount_minor < 0
                    UNION ALL SELECT invoice_id FROM credit WHERE amount_minor < 0) lowered
                WHERE invoice_id IN ({among.ids(self._tx)})""",
            wanted=among.listed(self.items),
        )
        return {invoice_id: covered(self._tx, invoice_id) for (invoice_id,) in rows}

    def oldest_first(self, account: Account, amount_minor: int) -> list[tuple[Item, int]]:
        """The open invoices an amount fills, the oldest due first."""
        queue = self._queues.get(account)
        return queue.fill(amount_minor) if queue else []

    def owes(self, account: Account) -> bool:
        """Whether anything is open of the account now."""
        return bool(self.oldest_first(account, 1))

    def returnable(self, account: Account, on: str) -> int:
        """What could be given back of money that came by `on`."""
        self._load_history(account[0])
        laid = sum(laid.live_minor for laid in self._laid.get(account, ()) if laid.payment.received_on <= on)
        rest = sum(receipt.rest_minor for receipt in self._receipts.get(account, ()) if receipt.received_on <= on)
        return laid + rest

    def give_back(self, plan: Plan, account: Account, amount_minor: int, on: str) -> dict[int, tuple[Receipt, int]]:
        """Take an amount back, the newest allocations first, then what lies on account: receipts with their parts."""
        taken: dict[int, tuple[Receipt, int]] = {}

        def take(receipt: Receipt, part: int) -> None:
            taken[receipt.id] = (receipt, taken.get(receipt.id, (receipt, 0))[1] + part)

        left = amount_minor
        newest = sorted(
            self._laid.get(account, ()), key=lambda laid: (laid.effective_on, laid.planned_at), reverse=True
        )
        for laid in newest:
            part = min(left, laid.live_minor) if laid.payment.received_on <= on else 0
            if part:
                if laid.stored_id is None:
                    plan.takes_back[len(plan.allocations)] = laid.planned_at
                day = max(on, laid.effective_on)
                plan.allocations.append(BulkAllocation(laid.payment.id, laid.item.id, -part, day, laid.stored_id))
                laid.live_minor -= part
                laid.item.open_minor += part
                self._queues[laid.item.payer_id, laid.item.currency].reopen()
                take(laid.payment, part)
                left -= part
        resting = sorted(
            self._receipts.get(account, ()), key=lambda receipt: (receipt.received_on, receipt.id), reverse=True
        )
        for receipt in resting:
            part = min(left, receipt.rest_minor) if receipt.received_on <= on else 0
            if part:
                receipt.rest_minor -= part
                take(receipt, part)
                left -= part
        return taken

    def _load_history(self, payer_id: int) -> None:
        """The payer's stored receipts and what they lie on; only refunds ask for it."""
        if payer_id in self._loaded:
            return
        self._loaded.add(payer_id)
        receipts = {}
        for identity, received_on, member_id, method, currency, rest in self._tx.all(
            """SELECT p.id, p.received_on, p.member_id, p.method, p.currency, coalesce(c.rest_minor, 0)
               FROM payment p LEFT JOIN open_credit c ON c.payment_id = p.id
               WHERE p.payer_id = :payer_id AND p.kind = 'receipt'""",
            payer_id=payer_id,
        ):
            receipts[identity] = Receipt(identity, received_on, member_id, method, rest)
            self._receipts.setdefault((payer_id, currency), []).append(receipts[identity])
        stored = self._tx.all(
            """SELECT a.id, a.payment_id, a.invoice_id, a.effective_on, p.currency,
                      a.amount_minor + coalesce((SELECT sum(b.amount_minor) FROM allocation b
                                                 WHERE b.reverses_id = a.id), 0)
               FROM allocation a JOIN payment p ON p.id = a.payment_id
               WHERE p.payer_id = :payer_id AND p.kind = 'receipt' AND a.amount_minor > 0 ORDER BY a.id""",
            payer_id=payer_id,
        )
        for identity, payment_id, invoice_id, effective_on, currency, live in stored:
            if live > 0:
                laid = Laid(
                    receipts[payment_id], self._item(invoice_id), live, effective_on, identity, identity - (1 << 62)
                )
                self._laid.setdefault((payer_id, currency), []).append(laid)

    def _item(self, invoice_id: int) -> Item:
        """An invoice by its id; one that is settled may be owed again after a refund, so it joins the queue."""
        if invoice_id not in self.items:
            row = self._tx.one(
                f"""SELECT i.id, i.number, i.member_id, i.payer_id, i.currency, i.issued_on, {_DUE}
                    FROM invoice i WHERE i.id = :id""",
                id=invoice_id,
            )
            if row is None:
                raise ValueError("an allocation names an invoice")
            self._keep(_item((*row, 0, True)))
        return self.items[invoice_id]
