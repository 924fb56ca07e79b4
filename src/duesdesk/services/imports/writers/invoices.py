"""Invoices and receivables into the store, with the payments that settled them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.money import to_text
from duesdesk.i18n import fold
from duesdesk.services.imports.kinds.invoices import InvoiceRow
from duesdesk.services.imports.writers.work import Person, Work, found_by, people, settle_twins, twins
from duesdesk.services.members import search_text
from duesdesk.store.bulk import BulkAllocation, BulkEvent, BulkInvoice, BulkPayment, new_ids
from duesdesk.store.positions import void_sql

SETTLED = "/S"
"""Ends the reference of a payment that a receivable's settlement date made: '0000611365/S'."""


class _Stored(NamedTuple):
    """An invoice of the store as an import compares it."""

    id: int
    member: str
    payer_id: int
    issued_on: str
    # As it was issued, as it is in force, and whether an import moved it there.
    first_due_on: str | None
    due_on: str | None
    moved_by_import: bool
    # The day from which `due_on` is in force when it was moved.
    moved_on: str | None
    currency: str
    total_minor: int
    kind: str
    description: str
    draft: bool
    voided: bool
    # Now, and as it came.
    disputed: bool
    came_disputed: bool
    # None when nothing of it is owed.
    open_minor: int | None
    paid_minor: int


class _Settlement(NamedTuple):
    """The payment that a settlement date made: its day, and whether some of it went back at the desk."""

    on: str
    went_back: bool


# `+` keeps SQLite from looking through all events of an import for each of its invoices.
_STORED = f"""
    SELECT i.number, i.id, m.number, i.payer_id, i.issued_on, i.due_on,
           CASE WHEN moved.id IS NULL THEN i.due_on ELSE moved.due_on END,
           coalesce((SELECT verb FROM act WHERE act.id = moved.act_id) = 'import', false), moved.effective_on,
           i.currency, i.total_minor, i.kind, i.description, i.draft,
           {void_sql("i.id")},
           coalesce((SELECT e.kind = 'disputed' FROM invoice_event e
                     WHERE e.invoice_id = i.id AND e.kind IN ('disputed', 'undisputed')
                     ORDER BY e.effective_on DESC, e.id DESC LIMIT 1), false),
           EXISTS (SELECT 1 FROM invoice_event e
                   WHERE e.invoice_id = i.id AND e.kind = 'disputed' AND +e.act_id = i.act_id),
           o.open_minor,
           coalesce((SELECT sum(a.amount_minor) FROM allocation a WHERE a.invoice_id = i.id), 0)
    FROM invoice i JOIN member m ON m.id = i.member_id LEFT JOIN open_item o ON o.invoice_id = i.id
    LEFT JOIN invoice_event moved ON moved.id = (
        SELECT e.id FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'due_moved'
        ORDER BY e.effective_on DESC, e.id DESC LIMIT 1)
    WHERE i.number IN ({{among}})"""


def write(work: Work, rows: Sequence[InvoiceRow]) -> None:
    """Write the good rows of invoices; reject those of unknown members, or known with other content."""
    _write(work, rows, {})


def write_receivables(work: Work, rows: Sequence[InvoiceRow]) -> None:
    """As `write`, making the members who are new and the payments of what was settled."""
    known = people(work.tx, {row.member for row in rows})
    names: dict[str, str] = {}
    for row in rows:
        if row.member not in known and not names.get(row.member):
            names[row.member] = row.member_name
    _write(work, rows, names)


def _write(work: Work, rows: Sequence[InvoiceRow], new_members: dict[str, str]) -> None:
    again = twins(work, rows, [row.number for row in rows], "number")
    stored = {number: _Stored(*row) for number, row in found_by(work.tx, _STORED, (r.number for r in rows)).items()}
    known = people(work.tx, {row.member for row in rows})
    faults = work.reading.faults
    paid_on = _paid_on(work, rows, stored)
    fresh: list[int] = []
    moved: list[int] = []
    settled: list[int] = []
    looked_at = work.good()
    if not again and not stored and {row.member for row in rows}.issubset({*known, *new_members}):
        # New invoices of people who are known: nothing is to be compared.
        fresh, looked_at = looked_at, []
    for at in looked_at:
        row = rows[at]
        if at in again:
            continue
        if row.number not in stored:
            if row.member not in known and row.member not in new_members:
                work.reject(at, "member", row.member, "import-member-unknown")
            else:
                fresh.append(at)
            continue
        before = stored[row.number]
        if _compare(work, at, row, before):
            moved.append(at)
        if at not in faults and _is_settled_now(work, at, row, before, paid_on.get(row.number)):
            settled.append(at)
    _reject_taken_references(work, [at for at in (*fresh, *settled) if rows[at].settled_on], rows)
    settle_twins(work, again)
    fresh, moved, settled = ([at for at in part if at not in faults] for part in (fresh, moved, settled))
    known.update(
        _new_members(
            work, {rows[at].member: new_members[rows[at].member] for at in fresh if rows[at].member not in known}
        )
    )
    _issue(work, fresh, rows, known)
    _move(work, [(rows[at], stored[rows[at].number]) for at in moved])
    for at in settled:
        before = stored[rows[at].number]
        _settle(work, [(rows[at], before.id, known[rows[at].member], before.payer_id, before.open_minor or 0)])
    work.created.update(fresh)
    work.updated.update(moved, settled)
    for at in (*moved, *settled):
        work.before[rows[at].number] = {"due_on": stored[rows[at].number].due_on}
    if work.created or work.updated:
        work.bulk.settle()


def _compare(work: Work, at: int, row: InvoiceRow, before: _Stored) -> bool:
    """Whether the file moves the due date of an unpaid invoice; any other difference rejects the row."""
    pairs: list[tuple[str, object, object]] = [
        ("member", row.member, before.member),
        ("issued_on", row.issued_on, before.issued_on),
        ("currency", row.currency, before.currency),
    ]
    if row.currency == before.currency:
        pairs.append(("amount", to_text(row.amount_minor, row.currency), to_text(before.total_minor, before.currency)))
    has = work.reading.has
    pairs += [
        (name, value, old)
        for name, value, old in (
            ("description", row.description, before.description),
            ("kind", row.kind, before.kind),
            ("status", "draft" if row.draft else "issued", "draft" if before.draft else "issued"),
        )
        if has(name)
    ]
    # The desk may have learnt of a dispute since; a file that says what it said before is no news.
    if has("disputed") and row.disputed not in (before.disputed, before.came_disputed):
        pairs.append(("disputed", "yes" if row.disputed else "no", "yes" if before.disputed else "no"))
    for name, value, old in pairs:
        if value != old:
            work.differs(at, name, value, old)
            return False
    if not row.due_on or row.due_on == before.due_on:
        return False
    if row.due_on == before.first_due_on and not before.moved_by_import:
        # Moved at the desk; the file says what it always said.
        return False
    if before.voided or (before.open_minor is None and not before.draft):
        work.differs(at, "due_on", row.due_on, before.due_on)
        return False
    return True


def _paid_on(work: Work, rows: Sequence[InvoiceRow], stored: Mapping[str, _Stored]) -> dict[str, _Settlement]:
    """Every settlement that came with a file before, by invoice."""
    if not work.reading.has("settled_on"):
        return {}
    found = found_by(
        work.tx,
        """SELECT p.reference, p.received_on,
                  coalesce((SELECT sum(b.amount_minor) FROM payment b WHERE b.reverses_id = p.id), 0) < 0
           FROM payment p WHERE p.reference IN ({among}) AND p.kind = 'receipt'""",
        [row.number + SETTLED for row in rows if row.number in stored],
    )
    return {reference.removesuffix(SETTLED): _Settlement(day, bool(back)) for reference, (day, back) in found.items()}


def _is_settled_now(work: Work, at: int, row: InvoiceRow, before: _Stored, paid: _Settlement | None) -> bool:
    """Whether the file brings the settlement of an invoice that was open until now."""
    if not work.reading.has("settled_on"):
        return False
    if paid is not None:
        # Taken back at the desk: the file may say what it always said, or know of it.
        is_told = row.settled_on == paid.on or (paid.went_back and row.settled_on is None)
        if not is_told:
            work.differs(at, "settled_on", row.settled_on, paid.on)
        return False
    if row.settled_on is None:
        return False
    if before.voided or (before.open_minor is None and before.paid_minor == 0):
        work.reject(at, "settled_on", row.settled_on, "import-settled-but-closed")
        return False
    return before.open_minor is not None


def _reject_taken_references(work: Work, settled: Sequence[int], rows: Sequence[InvoiceRow]) -> None:
    references = {rows[at].number + SETTLED: at for at in settled}
    for reference in found_by(work.tx, "SELECT reference FROM payment WHERE reference IN ({among})", references):
        work.reject(references[reference], "number", reference, "import-payment-reference-taken", payment=reference)


def _new_members(work: Work, names: dict[str, str]) -> dict[str, Person]:
    """Insert the members that receivables brought: a number, and a name where the file has one."""
    ids = new_ids(work.tx, "member", len(names))
    now = work.within.act.recorded_at
    rows = []
    for identity, (number, told) in zip(ids, names.items(), strict=True):
        name = told or number
        rows.append(
            (identity, number, name, fold(name), search_text(name, number, None, None, None), "active", True, now, now)
        )
    work.tx.many_positional(
        """INSERT INTO member (id, number, name, name_folded, search, status, email_works, created_at, updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    return {number: Person(identity, identity, None) for identity, number in zip(ids, names, strict=True)}


def _issue(work: Work, fresh: Sequence[int], rows: Sequence[InvoiceRow], known: dict[str, Person]) -> None:
    """Issue the new invoices, note the disputes, and lay the money of the settled ones."""
    if not fresh:
        return
    terms = _Terms(work)
    issued = [rows[at] for at in fresh]
    ids = work.bulk.issue([_bulk_invoice(row, known[row.member], terms) for row in issued])
    if work.reading.has("disputed"):
        work.bulk.happen(
            [
                BulkEvent(identity, "disputed", None, row.issued_on)
                for row, identity in zip(issued, ids, strict=True)
                if row.disputed
            ]
        )
    if work.reading.has("settled_on"):
        _settle(
            work,
            [
                (row, identity, known[row.member], known[row.member].payer_id, row.amount_minor)
                for row, identity in zip(issued, ids, strict=True)
                if row.settled_on
            ],
        )


def _bulk_invoice(row: InvoiceRow, person: Person, terms: _Terms) -> BulkInvoice:
    # Taken apart at once: a hundred thousand rows pass here.
    number, _member, issued_on, due_on, amount_minor, currency, description, kind, _disputed, draft, *_rest = row
    return BulkInvoice(
        number,
        person.id,
        person.payer_id,
        issued_on,
        due_on or terms.due_on(issued_on, person.terms_days),
        currency,
        amount_minor,
        kind,
        description,
        draft,
    )


def _settle(work: Work, settled: Sequence[tuple[InvoiceRow, int, Person, int, int]]) -> None:
    """A payment for each (row, invoice id, member, payer id, amount): what was open came on the day of settlement."""
    ids = work.bulk.payment_ids(len(settled))
    payments, allocations = [], []
    for payment_id, (row, invoice_id, person, payer_id, amount_minor) in zip(ids, settled, strict=True):
        on = row.settled_on or ""
        payments.append(
            BulkPayment(
                row.number + SETTLED, payer_id, person.id, on, row.currency, amount_minor, "other", "receipt", None
            )
        )
        # Money that came before its invoice was credit until then.
        allocations.append(BulkAllocation(payment_id, invoice_id, amount_minor, max(on, row.issued_on), None))
    work.bulk.receive(payments, ids)
    work.bulk.allocate(allocations, work.bulk.allocation_ids(len(allocations)))


def _move(work: Work, moved: Sequence[tuple[InvoiceRow, _Stored]]) -> None:
    # Not before the move it replaces, which may be dated ahead when the clock went back: the latest is in force.
    work.bulk.happen(
        [
            BulkEvent(before.id, "due_moved", row.due_on, max(work.within.today, before.moved_on or ""))
            for row, before in moved
        ]
    )


class _Terms:
    """Due dates of invoices that name none: by the payer's terms, else the centre's, else none."""

    def __init__(self, work: Work) -> None:
        text = work.tx.value("SELECT value FROM setting WHERE key = 'terms.days'")
        self._days = int(text) if text else None
        self._known: dict[tuple[str, int], str] = {}

    def due_on(self, issued_on: str, own_days: int | None) -> str | None:
        days = self._days if own_days is None else own_days
        if days is None:
            return None
        key = (issued_on, days)
        if key not in self._known:
            self._known[key] = (date.fromisoformat(issued_on) + timedelta(days=days)).isoformat()
        return self._known[key]
