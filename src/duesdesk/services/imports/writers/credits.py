"""Credits into the store: in order of their days, each as far as something of its invoice is open."""

from __future__ import annotations

from collections.abc import Sequence

from duesdesk.domain.money import to_text
from duesdesk.domain.roles import require
from duesdesk.services.imports.kinds.credits import CreditRow
from duesdesk.services.imports.writers.book import Book
from duesdesk.services.imports.writers.work import Work, found_by, settle_twins, twins
from duesdesk.store.bulk import BulkCredit

_STORED = """SELECT c.reference, i.number, c.effective_on, c.amount_minor, c.kind, i.currency, c.reason
             FROM credit c JOIN invoice i ON i.id = c.invoice_id WHERE c.reference IN ({among})"""


def write(work: Work, rows: Sequence[CreditRow]) -> None:
    """Write the good rows; reject those above what is open. Raises Refused when the role may not give such credits."""
    again = twins(work, rows, [row.reference for row in rows], "reference")
    stored = found_by(work.tx, _STORED, (row.reference for row in rows))
    fresh = []
    for at in work.good():
        if at in again:
            continue
        if rows[at].reference in stored:
            _compare(work, at, rows[at], *stored[rows[at].reference])
        else:
            fresh.append(at)
    for kind in sorted({rows[at].kind for at in fresh}):
        require(work.place.actor.role, kind)
    book = Book(work.tx, (), {rows[at].invoice for at in fresh})
    credits = []
    for at in sorted(fresh, key=lambda at: (rows[at].on, rows[at].reference)):
        row = rows[at]
        item = book.by_number[row.invoice]
        if not item.owed:
            work.reject(at, "invoice", row.invoice, "import-invoice-not-owed")
        elif row.amount_minor > item.open_minor:
            told = to_text(row.amount_minor, item.currency)
            work.reject(at, "amount", told, "import-credit-above-open", open=to_text(item.open_minor, item.currency))
        else:
            item.open_minor -= row.amount_minor
            credits.append(BulkCredit(row.reference, item.id, row.kind, row.amount_minor, row.on, row.reason))
            work.created.add(at)
    settle_twins(work, again)
    if credits:
        work.bulk.credit(credits)
        work.bulk.settle()


def _compare(
    work: Work, at: int, row: CreditRow, invoice: str, on: str, amount_minor: int, kind: str, currency: str, reason: str
) -> None:
    pairs: list[tuple[str, object, object]] = [("invoice", row.invoice, invoice), ("on", row.on, on)]
    if row.invoice == invoice:
        pairs.append(("amount", to_text(row.amount_minor, currency), to_text(amount_minor, currency)))
    if work.reading.has("kind"):
        pairs.append(("kind", row.kind, kind))
    if work.reading.has("reason"):
        pairs.append(("reason", row.reason, reason))
    for name, value, old in pairs:
        if value != old:
            work.differs(at, name, value, old)
            return
