"""Invoices: what was charged, and what happened to the charge that is not money."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import minor, recorded, reference, row_id


class Invoice(SQLModel, table=True):
    """A charge to a payer for a member. Never edited: see InvoiceEvent."""

    __tablename__ = "invoice"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("total_minor >= 0", name="total"),
        sa.CheckConstraint("kind IN ('dues', 'session', 'product', 'fee')", name="kind"),
        sa.Index("ix_invoice_member_id", "member_id", "issued_on"),
        sa.Index("ix_invoice_payer_id", "payer_id", "issued_on"),
        sa.Index("ix_invoice_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    number: str
    member_id: int = Field(sa_column=reference("member.id"))
    payer_id: int = Field(sa_column=reference("member.id"))
    issued_on: date
    due_on: date | None = None
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    total_minor: int = Field(sa_column=minor())
    kind: str = "dues"
    description: str = ""
    # Written as a draft: nothing is owed until an event of kind 'issued'.
    draft: bool = False
    act_id: int = Field(sa_column=reference("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
    idempotency_key: str


class InvoiceLine(SQLModel, table=True):
    """One line of an invoice; the lines add up to its total."""

    __tablename__ = "invoice_line"
    __table_args__ = (sa.UniqueConstraint("invoice_id", "line"),)

    id: int | None = Field(default=None, sa_column=row_id())
    invoice_id: int = Field(sa_column=reference("invoice.id"))
    line: int
    description: str
    amount_minor: int = Field(sa_column=minor())


class InvoiceEvent(SQLModel, table=True):
    """What befell an invoice without money: issued (a draft), voided, restored, due date moved, (un)disputed."""

    __tablename__ = "invoice_event"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(
            "kind IN ('issued', 'voided', 'restored', 'due_moved', 'disputed', 'undisputed')", name="kind"
        ),
        sa.Index("ix_invoice_event_invoice_id", "invoice_id", "kind", "effective_on"),
        sa.Index("ix_invoice_event_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    invoice_id: int = Field(sa_column=reference("invoice.id"))
    kind: str
    due_on: date | None = None
    effective_on: date
    act_id: int = Field(sa_column=reference("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
    idempotency_key: str
