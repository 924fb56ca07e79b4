"""Column types and column groups that several tables share."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlmodel import SQLModel

# One naming convention, so that a constraint has the same name in every migration and on both engines.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An aware instant. SQLite forgets time zones, so there it is ISO text in UTC that sorts as time does."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[datetime]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(32))  # type: ignore[arg-type]  # text there, an instant here
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone is not an instant")
        value = value.astimezone(UTC)
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if value is not None else None


def minor(*, nullable: bool = False) -> sa.Column[int]:
    """A column of whole minor units (64 bit)."""
    return sa.Column(sa.BigInteger, nullable=nullable)


def recorded() -> sa.Column[datetime]:
    """When the row was written, by the clock of the desk."""
    return sa.Column(UtcInstant, nullable=False)


def row_id() -> sa.Column[int]:
    """The primary key: 64 bit on PostgreSQL, SQLite's own row number there."""
    return sa.Column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def reference(target: str, *, nullable: bool = False, index: bool = False) -> sa.Column[int]:
    """A foreign key to `target` ('member.id')."""
    return sa.Column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey(target), nullable=nullable, index=index
    )
