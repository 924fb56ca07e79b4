"""What a member is charged for, again and again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import UtcInstant, minor, recorded, row_id
from duesdesk.models.types import reference as refers_to


class Membership(SQLModel, table=True):
    """Dues of one member: a price every so many weeks, months or years, from a day on."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("price_minor >= 0", name="price"),
        sa.CheckConstraint("period IN ('week', 'month', 'year')", name="period"),
        sa.CheckConstraint("every BETWEEN 1 AND 60", name="every"),
        sa.CheckConstraint("billing_day BETWEEN 1 AND 31", name="billing_day"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="end"),
        sa.Index("ix_membership_member_id", "member_id"),
        sa.Index(
            "ix_membership_first_id",
            "first_id",
            sqlite_where=sa.text("first_id IS NOT NULL"),
            postgresql_where=sa.text("first_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    member_id: int = Field(sa_column=refers_to("member.id"))
    # What the invoice calls it.
    plan: str
    price_minor: int = Field(sa_column=minor())
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    period: str = "month"
    every: int = 1
    # Day of the month on which a period begins; in a shorter month its last day. Weeks begin on the start's weekday.
    billing_day: int
    starts_on: date
    # Nothing is charged up to and including this day.
    trial_until: date | None = None
    # The last day on which a period may begin.
    ends_on: date | None = None
    # Periods that begin before it were charged elsewhere, or not at all.
    charged_from: date
    # The first of those that follow each other when the price changes; NULL for the first itself.
    first_id: int | None = Field(default=None, sa_column=refers_to("membership.id", nullable=True))
    # Set when the entry was undone; it stays readable.
    cancelled_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class MembershipFreeze(SQLModel, table=True):
    """Days on which a membership rests, with those that follow it: no period begins in them."""

    __tablename__ = "membership_freeze"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        sa.Index("ix_membership_freeze_membership_id", "membership_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    # The first of those that follow each other.
    membership_id: int = Field(sa_column=refers_to("membership.id"))
    from_on: date
    # The last day of it; NULL until somebody ends it.
    until_on: date | None = None
    reason: str = ""
    # Set when the entry was undone; it stays readable.
    cancelled_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class MembershipCharge(SQLModel, table=True):
    """A period about which it was decided: charged with its invoice, or passed over. No period is charged twice."""

    __tablename__ = "membership_charge"
    __table_args__ = (
        sa.UniqueConstraint("membership_id", "period_from", "occurrence"),
        sa.CheckConstraint("passed IN ('', 'left', 'frozen')", name="passed"),
        sa.CheckConstraint("(invoice_id IS NULL) = (passed <> '')", name="invoice_or_reason"),
        sa.CheckConstraint("period_to >= period_from", name="days"),
        sa.Index("ix_membership_charge_invoice_id", "invoice_id"),
        sa.Index("ix_membership_charge_act_id", "act_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    membership_id: int = Field(sa_column=refers_to("membership.id"))
    period_from: date
    # The last day of the period.
    period_to: date
    # 1; above when those before it were undone with their act.
    occurrence: int = 1
    invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    # Why it was not charged: the member has left, or is frozen.
    passed: str = ""
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
