"""Statement of account: every entry of a payer in order of its day, and the balance after it.

The balance is what is owed less what lies on account: opening + rows = closing = open - credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain.errors import NotFound, WrongUsage
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import credit_sql, open_sql, void_sql


class StatementRow(NamedTuple):
    """An entry. `kind`: invoice, void, restored, credit_note, waiver, write_off, or that of a payment.

    `amount` raises the balance when above zero. `reference` is the number of the invoice, payment or credit;
    `member` and `name` are who it was for; `text` what the invoice says, or the invoice that a credit lowered.
    """

    on: date
    kind: str
    reference: str
    member: str
    name: str
    text: str
    amount_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class StatementIn:
    """One currency: the balance before the first day and after the last, and what it is made of then."""

    currency: str
    opening_minor: int
    closing_minor: int
    unpaid_minor: int
    open_minor: int
    credit_minor: int
    rows: tuple[StatementRow, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of one payer from `from_on` (None: the beginning) to the end of `as_of`."""

    as_of: date
    from_on: date | None
    member: str
    name: str
    currencies: tuple[StatementIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, StatementRow) for one in self.currencies)


# Entries of one payer: day, what came first on a day, id, kind, reference, member, text, currency, amount, name.
# What befell an invoice before its day counts from that day, as the invoice does; a credit dated after it was void is
# none.
_ENTRIES = f"""
    SELECT CASE WHEN i.draft THEN s.effective_on ELSE i.issued_on END AS day, 1, i.id, 'invoice', i.number, m.number,
           i.description, i.currency, i.total_minor, m.name
    FROM invoice i JOIN member m ON m.id = i.member_id
    LEFT JOIN invoice_event s ON s.invoice_id = i.id AND s.kind = 'issued'
    WHERE i.payer_id = :payer_id AND (NOT i.draft OR s.id IS NOT NULL)
    UNION ALL
    SELECT CASE WHEN c.effective_on < i.issued_on THEN i.issued_on ELSE c.effective_on END, 2, c.id, c.kind,
           c.reference, m.number, i.number, i.currency, -c.amount_minor, m.name
    FROM invoice i JOIN credit c ON c.invoice_id = i.id JOIN member m ON m.id = i.member_id
    WHERE i.payer_id = :payer_id AND NOT {void_sql("i.id", "v.effective_on < c.effective_on")}
    UNION ALL
    SELECT CASE WHEN v.effective_on < i.issued_on THEN i.issued_on ELSE v.effective_on END, 3, v.id,
           CASE v.kind WHEN 'voided' THEN 'void' ELSE v.kind END, i.number, m.number, i.description, i.currency,
           CASE v.kind WHEN 'voided' THEN 1 ELSE -1 END
           * (coalesce((SELECT sum(c.amount_minor) FROM credit c
                        WHERE c.invoice_id = i.id AND c.effective_on <= v.effective_on), 0) - i.total_minor), m.name
    FROM invoice i JOIN invoice_event v ON v.invoice_id = i.id AND v.kind IN ('voided', 'restored')
    JOIN member m ON m.id = i.member_id
    WHERE i.payer_id = :payer_id AND (NOT i.draft OR EXISTS (
        SELECT 1 FROM invoice_event s WHERE s.invoice_id = i.id AND s.kind = 'issued'))
    UNION ALL
    SELECT p.received_on, 4, p.id, p.kind, p.reference, m.number, p.method, p.currency, -p.amount_minor, m.name
    FROM payment p JOIN member m ON m.id = p.member_id
    WHERE p.payer_id = :payer_id"""


def read(tx: Tx, ask: Ask) -> Statement:
    """The account of whoever pays for the member. Raises WrongUsage without a member, NotFound."""
    if ask.member is None:
        raise WrongUsage("member-missing")
    payer = tx.one(
        """SELECT p.id, p.number, p.name FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
           WHERE m.number = :number""",
        number=ask.member,
    )
    if payer is None:
        raise NotFound("member-unknown", member=ask.member)
    if ask.first is not None and ask.as_of < ask.first:
        raise WrongUsage("days-wrong-way-round", first=ask.first, last=ask.as_of)
    as_of = ask.as_of.isoformat()
    entries = sorted(row for row in tx.all(_ENTRIES, payer_id=payer[0]) if row[0] <= as_of)
    owed = {
        row[0]: row[1:]
        for row in tx.all(
            f"""SELECT currency, sum(CASE WHEN due_on < :as_of THEN open_minor ELSE 0 END), sum(open_minor)
                FROM ({open_sql(tx, as_of)}) o WHERE payer_id = :payer_id GROUP BY currency""",
            as_of=as_of,
            payer_id=payer[0],
        )
    }
    credit: dict[str, int] = dict(
        tx.all(
            f"SELECT currency, credit_minor FROM ({credit_sql(tx, as_of)}) c WHERE payer_id = :payer_id",
            as_of=as_of,
            payer_id=payer[0],
        )
    )
    currencies = sorted({row[7] for row in entries})
    found = [
        _in(currency, [row for row in entries if row[7] == currency], ask, owed.get(currency, (0, 0)), credit)
        for currency in currencies
    ]
    return Statement(ask.as_of, ask.first, payer[1], payer[2], tuple(found))


def _in(currency: str, entries: list[Row], ask: Ask, owed: Row, credit: dict[str, int]) -> StatementIn:
    opening = balance = 0
    rows = []
    for day_text, _rank, _id, kind, reference, member, text, _currency, amount, name in entries:
        balance += amount
        on = date.fromisoformat(day_text)
        if ask.first is not None and on < ask.first:
            opening = balance
        else:
            rows.append(StatementRow(on, kind, reference, member, name, text, amount, balance))
    return StatementIn(currency, opening, balance, owed[0], owed[1], credit.get(currency, 0), tuple(rows))
