"""Money received and what it was laid on."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import minor, recorded, row_id
from duesdesk.models.types import reference as refers_to


class Payment(SQLModel, table=True):
    """Money that came (receipt), or went back: a reversal (it never was) or a refund (it was given back).

    A reversal or refund that was a slip is taken back by a row of its own (…_undone), which names the same receipt.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(
            "(kind = 'receipt' AND amount_minor > 0 AND reverses_id IS NULL)"
            " OR (kind IN ('reversal', 'refund') AND amount_minor < 0 AND reverses_id IS NOT NULL)"
            " OR (kind IN ('reversal_undone', 'refund_undone') AND amount_minor > 0 AND reverses_id IS NOT NULL)",
            name="kind_and_sign",
        ),
        # That no more goes back than is left of a receipt is kept by open_credit, whose rest is never below zero.
        sa.Index(
            "ix_payment_reverses_id",
            "reverses_id",
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        ),
        sa.Index("ix_payment_payer_id", "payer_id", "received_on"),
        # All that the figures of a day ask of its money.
        sa.Index("ix_payment_received_on", "received_on", "currency", "method", "kind", "amount_minor"),
        sa.Index("ix_payment_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    reference: str
    payer_id: int = Field(sa_column=refers_to("member.id"))
    member_id: int = Field(sa_column=refers_to("member.id"))
    received_on: date
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    amount_minor: int = Field(sa_column=minor())
    method: str
    kind: str = "receipt"
    reverses_id: int | None = Field(default=None, sa_column=refers_to("payment.id", nullable=True))
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
    idempotency_key: str


class Allocation(SQLModel, table=True):
    """A part of a payment laid on an invoice; taking it back is a negative row that names it."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(
            "(amount_minor > 0 AND reverses_id IS NULL) OR (amount_minor < 0 AND reverses_id IS NOT NULL)",
            name="sign",
        ),
        # Covering: a past date costs one probe per invoice.
        sa.Index("ix_allocation_invoice_id", "invoice_id", "effective_on", "amount_minor"),
        sa.Index("ix_allocation_payment_id", "payment_id"),
        sa.Index("ix_allocation_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    payment_id: int = Field(sa_column=refers_to("payment.id"))
    invoice_id: int = Field(sa_column=refers_to("invoice.id"))
    amount_minor: int = Field(sa_column=minor())
    # The later of the payment's and the invoice's day; until then the money is credit on account.
    effective_on: date
    reverses_id: int | None = Field(default=None, sa_column=refers_to("allocation.id", nullable=True))
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
    idempotency_key: str
