"""Who comes, when and for what."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import UtcInstant, minor, recorded, row_id
from duesdesk.models.types import reference as refers_to


class Booking(SQLModel, table=True):
    """A place in a class, or a visit. Day and time are the wall clock of the centre; without a time it is all day."""

    __tablename__ = "booking"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("status IN ('booked', 'attended', 'no_show', 'cancelled')", name="status"),
        sa.CheckConstraint("price_minor IS NULL OR price_minor >= 0", name="price"),
        # All that the list of a day shows of a booking: those of one day were written on many, and lie far apart.
        sa.Index("ix_booking_on_day", "on_day", "at_time", "member_id", "status", "checked_in_at", "activity"),
        sa.Index("ix_booking_member_id", "member_id", "on_day"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    reference: str | None = None
    member_id: int = Field(sa_column=refers_to("member.id"))
    on_day: date
    at_time: str | None = Field(default=None, sa_column=sa.Column(sa.String(5), nullable=True))
    activity: str = ""
    status: str = "booked"
    price_minor: int | None = Field(default=None, sa_column=minor(nullable=True))
    currency: str | None = Field(default=None, sa_column=sa.Column(sa.String(3), nullable=True))
    # The invoice that settled it, once one did.
    invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    checked_in_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    checked_in_by: str | None = None
    recorded_at: datetime = Field(sa_column=recorded())
