"""The centre, its settings, its modules and its staff."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import recorded, row_id


class Centre(SQLModel, table=True):
    """The gym, studio, club or clinic this store belongs to: one row."""

    __tablename__ = "centre"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(sa_column=row_id())
    name: str
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    country: str = Field(sa_column=sa.Column(sa.String(2), nullable=False))
    timezone: str
    language: str
    created_at: datetime = Field(sa_column=recorded())


class Setting(SQLModel, table=True):
    """A setting all desks of the centre share (machine settings stand in the settings file)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str
    changed_at: datetime = Field(sa_column=recorded())
    actor: str


class Module(SQLModel, table=True):
    """A part of the program that the centre switches on; no row means it never was."""

    __tablename__ = "module"

    name: str = Field(primary_key=True)
    active: bool
    changed_at: datetime = Field(sa_column=recorded())
    actor: str


class Staff(SQLModel, table=True):
    """A person who works at the desk; every act carries the name."""

    __tablename__ = "staff"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.CheckConstraint("role IN ('front_desk', 'back_office', 'manager')", name="role"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    name: str
    role: str
    active: bool = True
    pin_hash: str | None = None
    created_at: datetime = Field(sa_column=recorded())


class NumberSeries(SQLModel, table=True):
    """The next number of a gap-free series ('invoice', 'payment', …)."""

    __tablename__ = "number_series"

    name: str = Field(primary_key=True)
    prefix: str
    digits: int
    next_number: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))


class Draft(SQLModel, table=True):
    """What a form held when it was last touched, with the idempotency key it will be saved under.

    After a crash the key tells whether the act was saved; the form is never offered a second time then.
    """

    __tablename__ = "draft"
    __table_args__ = (sa.UniqueConstraint("desk", "form"),)

    id: int | None = Field(default=None, sa_column=row_id())
    desk: str
    form: str
    key: str
    content: str
    actor: str
    saved_at: datetime = Field(sa_column=recorded())
