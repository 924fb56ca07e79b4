"""What was agreed about a debt: a plan of instalments, or a settlement. Rows stay; decisions are rows of their own."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import minor, recorded, row_id
from duesdesk.models.types import reference as refers_to

EVENT_KINDS = (
    "approved",
    "unapproved",
    "broken",
    "done",
    "missed",
    "kept",
    "reopened",
    "cancelled",
    "restored",
)


class Agreement(SQLModel, table=True):
    """A plan (all of the debt, in parts) or a settlement (a smaller sum by a day, the rest waived once it came)."""

    __tablename__ = "agreement"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(
            "(kind = 'plan' AND amount_minor = total_minor AND NOT proposed)"
            " OR (kind = 'settlement' AND amount_minor < total_minor AND grace_days = 0)",
            name="kind",
        ),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint("due_on >= agreed_on", name="days"),
        sa.CheckConstraint("grace_days >= 0", name="grace"),
        sa.Index("ix_agreement_payer_id", "payer_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    kind: str
    payer_id: int = Field(sa_column=refers_to("member.id"))
    # The member it was agreed for.
    member_id: int = Field(sa_column=refers_to("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    # What was open of its invoices, and what of that is to be paid.
    total_minor: int = Field(sa_column=minor())
    amount_minor: int = Field(sa_column=minor())
    agreed_on: date
    # The day of a settlement, of a plan that of its last part.
    due_on: date
    # Days a part of a plan may be late.
    grace_days: int = 0
    # A settlement that waives more than its author may: it holds nothing until it is approved.
    proposed: bool = False
    note: str = ""
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class AgreementPart(SQLModel, table=True):
    """A part of a plan: so much by a day. The parts of a plan add up to its amount."""

    __tablename__ = "agreement_part"
    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "n"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.Index("ix_agreement_part_due_on", "due_on"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    agreement_id: int = Field(sa_column=refers_to("agreement.id"))
    n: int
    due_on: date
    amount_minor: int = Field(sa_column=minor())


class AgreementInvoice(SQLModel, table=True):
    """An invoice of an agreement, with what was open of it then."""

    __tablename__ = "agreement_invoice"
    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "invoice_id"),
        sa.CheckConstraint("open_minor > 0", name="open"),
        sa.Index("ix_agreement_invoice_invoice_id", "invoice_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    agreement_id: int = Field(sa_column=refers_to("agreement.id"))
    invoice_id: int = Field(sa_column=refers_to("invoice.id"))
    open_minor: int = Field(sa_column=minor())


class AgreementEvent(SQLModel, table=True):
    """What was decided about an agreement, by a person, a run or the payment that kept it; the latest one counts."""

    __tablename__ = "agreement_event"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {EVENT_KINDS!r}", name="kind"),
        sa.Index("ix_agreement_event_agreement_id", "agreement_id"),
        sa.Index("ix_agreement_event_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    agreement_id: int = Field(sa_column=refers_to("agreement.id"))
    kind: str
    # The part that was not paid, when a plan broke.
    part: int | None = None
    effective_on: date
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
