"""What is owed now, kept beside the ledger in the same transaction and rebuilt by `duesdesk verify`.

Only `store/ledger.py` writes here. Today's lists cost what is owed, not what was ever billed.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import minor, reference, row_id


def _id(target: str) -> sa.Column[int]:
    return sa.Column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey(target), primary_key=True, autoincrement=False
    )


class OpenItem(SQLModel, table=True):
    """An invoice of which something is still owed. The CHECK is the guard against two desks."""

    __tablename__ = "open_item"
    __table_args__ = (
        sa.CheckConstraint("open_minor >= 0", name="open"),
        sa.CheckConstraint("paid_minor >= 0", name="paid"),
        sa.Index("ix_open_item_payer_id", "payer_id", "currency", "due_on", "open_minor"),
        sa.Index("ix_open_item_due_on", "due_on", "payer_id"),
        sa.Index("ix_open_item_member_id", "member_id"),
    )

    invoice_id: int = Field(sa_column=_id("invoice.id"))
    payer_id: int = Field(sa_column=reference("member.id"))
    member_id: int = Field(sa_column=reference("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    issued_on: date
    due_on: date | None = None
    open_minor: int = Field(sa_column=minor())
    paid_minor: int = Field(sa_column=minor())
    disputed: bool = False


class OpenCredit(SQLModel, table=True):
    """A payment of which something lies on no invoice: credit on account."""

    __tablename__ = "open_credit"
    __table_args__ = (
        sa.CheckConstraint("rest_minor >= 0", name="rest"),
        sa.Index("ix_open_credit_payer_id", "payer_id", "currency", "received_on"),
    )

    payment_id: int = Field(sa_column=_id("payment.id"))
    payer_id: int = Field(sa_column=reference("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    received_on: date
    rest_minor: int = Field(sa_column=minor())


class PayerBalance(SQLModel, table=True):
    """What a payer owes in a currency. The overdue columns are as of the day the ledger was last rolled to."""

    __tablename__ = "payer_balance"
    __table_args__ = (
        sa.CheckConstraint("open_minor >= 0 AND open_count >= 0", name="open"),
        sa.CheckConstraint("overdue_minor >= 0 AND overdue_minor <= open_minor AND overdue_count >= 0", name="overdue"),
        sa.CheckConstraint("partial_minor >= 0 AND partial_minor <= open_minor AND partial_count >= 0", name="partial"),
        sa.CheckConstraint("credit_minor >= 0", name="credit"),
        sa.Index(
            "ix_payer_balance_overdue",
            "currency",
            "overdue_minor",
            "payer_id",
            sqlite_where=sa.text("overdue_minor > 0"),
            postgresql_where=sa.text("overdue_minor > 0"),
        ),
        sa.Index(
            "ix_payer_balance_partial",
            "currency",
            "partial_minor",
            "payer_id",
            sqlite_where=sa.text("partial_minor > 0"),
            postgresql_where=sa.text("partial_minor > 0"),
        ),
    )

    payer_id: int = Field(sa_column=_id("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), primary_key=True))
    open_minor: int = Field(sa_column=minor())
    open_count: int
    overdue_minor: int = Field(sa_column=minor())
    overdue_count: int
    partial_minor: int = Field(sa_column=minor())
    partial_count: int
    credit_minor: int = Field(sa_column=minor())


class DueDayTotal(SQLModel, table=True):
    """All that is open with one due date, per currency: tiles and ageing of a large book in a few hundred rows.

    `due_on` is 9999-12-31 for invoices without a due date.
    """

    __tablename__ = "due_day_total"
    __table_args__ = (
        sa.CheckConstraint("open_minor >= 0 AND open_count >= 0", name="open"),
        sa.CheckConstraint("partial_minor >= 0 AND partial_count >= 0", name="partial"),
    )

    currency: str = Field(sa_column=sa.Column(sa.String(3), primary_key=True))
    due_on: date = Field(sa_column=sa.Column(sa.Date, primary_key=True))
    open_minor: int = Field(sa_column=minor())
    open_count: int
    partial_minor: int = Field(sa_column=minor())
    partial_count: int


class LedgerState(SQLModel, table=True):
    """How far the ledger reaches: one row.

    `issued_through` and `moved_through` are the latest days of an invoice and of anything else; a day before them is
    computed from the ledger. `rolled_on` is the day the overdue columns of the balances stand for.
    """

    __tablename__ = "ledger_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(sa_column=row_id())
    issued_through: date
    moved_through: date
    rolled_on: date
