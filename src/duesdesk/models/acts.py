"""What somebody did, as a unit: the key it came under, and the chained record of it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import recorded, row_id
from duesdesk.models.types import reference as refers_to


class Act(SQLModel, table=True):
    """One act of one person at one desk. The unique key makes it happen once; `undoes_id` makes undo happen once."""

    __tablename__ = "act"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("undoes_id"),
        sa.Index("ix_act_actor", "actor", "id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    key: str
    verb: str
    # SHA-256 of what was asked: the same key with other content is refused.
    content_hash: str
    effective_on: date
    undoes_id: int | None = Field(default=None, sa_column=refers_to("act.id", nullable=True))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str


class AuditEntry(SQLModel, table=True):
    """Who, when, where, what, before, after, why. Each entry's hash covers the one before it.

    The chain covers hashes of the texts, so that erasing a person's data later does not break it; `rows_hash`
    covers the ledger rows the act wrote, so that an amount changed behind the program's back is found.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (sa.UniqueConstraint("act_id"),)

    id: int | None = Field(default=None, sa_column=row_id())
    act_id: int = Field(sa_column=refers_to("act.id"))
    verb: str
    subject: str
    reason: str = ""
    before: str = ""
    answer: str = ""
    detail_hash: str
    rows_hash: str
    previous_hash: str
    hash: str
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
