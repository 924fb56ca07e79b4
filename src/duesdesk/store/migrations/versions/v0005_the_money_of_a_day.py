"""The money of a day is read from its index alone, what went back with it.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_payment_received_on", "payment")
    op.create_index("ix_payment_received_on", "payment", ["received_on", "currency", "method", "kind", "amount_minor"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
