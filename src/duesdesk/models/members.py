"""The person served. Who pays for somebody else is a member too."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import recorded, reference, row_id


class Member(SQLModel, table=True):
    """A member. `payer_id` names who pays for them; NULL means they pay for themselves."""

    __tablename__ = "member"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("payer_id IS NULL OR payer_id <> id", name="payer_is_another"),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 40", name="number_length"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
        sa.Index(
            "ix_member_card",
            "card",
            unique=True,
            sqlite_where=sa.text("card IS NOT NULL"),
            postgresql_where=sa.text("card IS NOT NULL"),
        ),
        sa.Index("ix_member_name_folded", "name_folded", "id"),
        sa.Index(
            "ix_member_payer_id",
            "payer_id",
            sqlite_where=sa.text("payer_id IS NOT NULL"),
            postgresql_where=sa.text("payer_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    number: str
    name: str
    name_folded: str = ""
    # Folded name, number, e-mail, digits of the phone, and card: what Find looks through.
    search: str = ""
    email: str | None = None
    phone: str | None = None
    card: str | None = None
    language: str | None = None
    payer_id: int | None = Field(default=None, sa_column=reference("member.id", nullable=True))
    joined_on: date | None = None
    left_on: date | None = None
    status: str = "active"
    group_name: str | None = None
    # Postal address without the name, a line each; the country stands apart.
    address: str | None = None
    country: str | None = None
    # IANA name where it is not the centre's: hours and holidays are those of the member.
    timezone: str | None = None
    fax: str | None = None
    # Days from issue to due of an invoice that names no due date; NULL takes the centre's.
    terms_days: int | None = None
    # False once an address is known to be dead (hard bounce); staff turn it on again with a new address.
    email_works: bool = True
    created_at: datetime = Field(sa_column=recorded())
    updated_at: datetime = Field(sa_column=recorded())


class MemberNote(SQLModel, table=True):
    """A remark of the staff about a member; a correction is another note."""

    __tablename__ = "member_note"

    id: int | None = Field(default=None, sa_column=row_id())
    member_id: int = Field(sa_column=reference("member.id", index=True))
    text: str
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
