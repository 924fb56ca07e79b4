"""The list of a day is read from its index alone.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_booking_on_day", "booking")
    shown = ["on_day", "at_time", "member_id", "status", "checked_in_at", "activity"]
    op.create_index("ix_booking_on_day", "booking", shown)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
