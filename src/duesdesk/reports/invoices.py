"""Every invoice and where it stands: drafts, paid and void ones too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain import invoice_states
from duesdesk.domain.ageing import days_overdue
from duesdesk.reports.shape import Ask, Sheet, day, payer_number, sheet
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import VOIDINGS


class InvoiceRow(NamedTuple):
    """An invoice. `member` is the person it was for, who need not be the one who pays.

    `paid` is money that lies on it, `credited` all that lowered it without money. Nothing is open of a draft or of a
    void one.
    """

    invoice: str
    member: str
    issued_on: date
    due_on: date | None
    total_minor: int
    paid_minor: int
    credited_minor: int
    open_minor: int
    status: str
    overdue: bool
    days_overdue: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class InvoicesIn:
    """One currency, in the order the invoices were issued."""

    currency: str
    invoices: int
    open_minor: int
    rows: tuple[InvoiceRow, ...]


@dataclass(frozen=True, slots=True)
class Invoices:
    """The invoices as they stood at the end of `as_of`."""

    as_of: date
    currencies: tuple[InvoicesIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, InvoiceRow) for one in self.currencies)


# One row per invoice dated by :as_of; what happened to it later is not seen.
_SELECT = f"""
    SELECT i.currency, i.number, m.number, i.issued_on,
           CASE WHEN e.moved = 1 THEN (
                    SELECT v.due_on FROM invoice_event v WHERE v.invoice_id = i.id AND v.kind = 'due_moved'
                      AND v.effective_on <= :as_of ORDER BY v.effective_on DESC, v.id DESC LIMIT 1)
                ELSE i.due_on END,
           i.total_minor,
           coalesce((SELECT sum(a.amount_minor) FROM allocation a
                     WHERE a.invoice_id = i.id AND a.effective_on <= :as_of), 0),
           coalesce(c.credited, 0), coalesce(c.written_off, 0),
           CASE WHEN i.draft AND coalesce(e.issued, 0) = 0 THEN 1 ELSE 0 END, coalesce(e.voided, 0),
           CASE WHEN e.disputed = 1 THEN (
                    SELECT v.kind = 'disputed' FROM invoice_event v
                    WHERE v.invoice_id = i.id AND v.kind IN ('disputed', 'undisputed') AND v.effective_on <= :as_of
                    ORDER BY v.effective_on DESC, v.id DESC LIMIT 1)
                ELSE false END
    FROM invoice i JOIN member m ON m.id = i.member_id
    LEFT JOIN (SELECT invoice_id, sum(amount_minor) AS credited,
                      sum(CASE WHEN kind = 'write_off' THEN amount_minor ELSE 0 END) AS written_off
               FROM credit WHERE effective_on <= :as_of GROUP BY invoice_id) c ON c.invoice_id = i.id
    LEFT JOIN (SELECT invoice_id,
                      max(CASE WHEN kind = 'due_moved' THEN 1 ELSE 0 END) AS moved,
                      max(CASE WHEN kind = 'disputed' THEN 1 ELSE 0 END) AS disputed,
                      {VOIDINGS} AS voided,
                      max(CASE WHEN kind = 'issued' THEN 1 ELSE 0 END) AS issued
               FROM invoice_event v WHERE effective_on <= :as_of GROUP BY invoice_id) e ON e.invoice_id = i.id"""
_ALL = f"{_SELECT} WHERE i.issued_on <= :as_of ORDER BY i.issued_on, i.number"
_OF_MEMBER = f"""{_SELECT} WHERE i.id IN (SELECT id FROM invoice WHERE member_id = :member_id
                                     UNION SELECT id FROM invoice WHERE payer_id = :member_id)
                         AND i.issued_on <= :as_of ORDER BY i.issued_on, i.number"""


def read(tx: Tx, ask: Ask) -> Invoices:
    """The report; with a member, the invoices that are for them and those that they pay. Raises NotFound."""
    as_of = ask.as_of.isoformat()
    if ask.member is None:
        found = tx.each(_ALL, as_of=as_of)
    else:
        found = tx.each(_OF_MEMBER, as_of=as_of, member_id=payer_number(tx, ask.member)[0])
    by_currency: dict[str, list[InvoiceRow]] = {}
    for row in found:
        by_currency.setdefault(row[0], []).append(_row(row[1:], ask.as_of))
    return Invoices(
        ask.as_of,
        tuple(
            InvoicesIn(currency, len(rows), sum(row.open_minor for row in rows), tuple(rows))
            for currency, rows in sorted(by_currency.items())
        ),
    )


def _row(row: Row, as_of: date) -> InvoiceRow:
    number, member, issued_text, due_text, total, paid, credited, written_off, draft, void, disputed = row
    open_minor = 0 if draft or void else max(0, total - paid - credited)
    due_on = day(due_text)
    days = days_overdue(due_on, as_of) if open_minor else 0
    return InvoiceRow(
        number,
        member,
        date.fromisoformat(issued_text),
        due_on,
        total,
        paid,
        credited,
        open_minor,
        invoice_states.state(
            total, paid, credited, written_off_minor=written_off, voided=bool(void), draft=bool(draft)
        ),
        days > 0,
        days,
        bool(disputed),
    )
