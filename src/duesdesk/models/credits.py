"""What lowers an invoice without money."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import minor, recorded, row_id
from duesdesk.models.types import reference as refers_to


class Credit(SQLModel, table=True):
    """A credit note, write-off or waiver; taking it back is a negative row that names it."""

    __tablename__ = "credit"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("kind IN ('credit_note', 'write_off', 'waiver')", name="kind"),
        sa.CheckConstraint(
            "(amount_minor > 0 AND reverses_id IS NULL) OR (amount_minor < 0 AND reverses_id IS NOT NULL)",
            name="sign",
        ),
        sa.UniqueConstraint("reverses_id"),
        sa.Index("ix_credit_invoice_id", "invoice_id", "effective_on", "amount_minor"),
        sa.Index("ix_credit_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    reference: str
    invoice_id: int = Field(sa_column=refers_to("invoice.id"))
    kind: str
    amount_minor: int = Field(sa_column=minor())
    effective_on: date
    reverses_id: int | None = Field(default=None, sa_column=refers_to("credit.id", nullable=True))
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""
    idempotency_key: str
