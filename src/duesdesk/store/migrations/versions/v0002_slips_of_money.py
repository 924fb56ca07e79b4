"""What went back by a slip is brought back, and a void invoice restored: more kinds of rows.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from duesdesk.store.migrations.rebuild import rebuilt

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EVENTS = ("kind IN ('issued', 'voided', ", "kind IN ('issued', 'voided', 'restored', ")
_BACK = "(kind IN ('reversal', 'refund') AND amount_minor < 0 AND reverses_id IS NOT NULL)"
_BROUGHT = "(kind IN ('reversal_undone', 'refund_undone') AND amount_minor > 0 AND reverses_id IS NOT NULL)"
_PAYMENTS = (_BACK, f"{_BACK} OR {_BROUGHT}")


def upgrade() -> None:
    op.drop_index("ix_payment_reverses_id", "payment")
    if op.get_bind().dialect.name == "postgresql":
        events = "kind IN ('issued', 'voided', 'restored', 'due_moved', 'disputed', 'undisputed')"
        receipt = "(kind = 'receipt' AND amount_minor > 0 AND reverses_id IS NULL)"
        op.drop_constraint("ck_invoice_event_kind", "invoice_event")
        op.create_check_constraint(op.f("ck_invoice_event_kind"), "invoice_event", events)
        op.drop_constraint("ck_payment_kind_and_sign", "payment")
        op.create_check_constraint(op.f("ck_payment_kind_and_sign"), "payment", f"{receipt} OR {_PAYMENTS[1]}")
    else:
        rebuilt(op.get_bind(), "invoice_event", *_EVENTS)
        rebuilt(op.get_bind(), "payment", *_PAYMENTS)
    there = text("reverses_id IS NOT NULL")
    op.create_index("ix_payment_reverses_id", "payment", ["reverses_id"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    raise NotImplementedError("an older program does not know these rows; restore a backup instead")
