"""Plans of instalments and settlements, with what was decided about them; a step may be about a part of a plan.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import duesdesk.models.types
from duesdesk.store import triggers
from duesdesk.store.migrations.rebuild import rebuilt

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("agreement", "agreement_event", "agreement_invoice", "agreement_part")
_SUBJECTS = (
    "(CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN promise_id IS NULL THEN 0 ELSE 1 END)"
)
_ONE = f"{_SUBJECTS} + (CASE WHEN agreement_part_id IS NULL THEN 0 ELSE 1 END) = 1"
_PROMISE = "CONSTRAINT fk_step_item_promise_id FOREIGN KEY(promise_id) REFERENCES promise (id)"
_PART = "CONSTRAINT fk_step_item_agreement_part_id FOREIGN KEY(agreement_part_id) REFERENCES agreement_part (id)"


def upgrade() -> None:
    _tables()
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.add_column("step_item", sa.Column("agreement_part_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f("fk_step_item_agreement_part_id"), "step_item", "agreement_part", ["agreement_part_id"], ["id"]
        )
        op.drop_constraint("ck_step_item_one_subject", "step_item")
        op.create_check_constraint(op.f("ck_step_item_one_subject"), "step_item", _ONE)
    else:
        rebuilt(
            op.get_bind(),
            "step_item",
            "promise_id INTEGER, ",
            "promise_id INTEGER, \n\tagreement_part_id INTEGER, ",
            f"{_SUBJECTS} = 1",
            _ONE,
            _PROMISE,
            f"{_PROMISE}, \n\t{_PART}",
        )
    live = sa.text("agreement_part_id IS NOT NULL AND cancelled_at IS NULL")
    op.create_index(
        "ix_step_item_agreement_part_id",
        "step_item",
        ["agreement_part_id", "step_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    for statement in triggers.statements(_APPEND_ONLY, postgres=on_postgres):
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("due_on >= agreed_on", name=op.f("ck_agreement_days")),
        sa.CheckConstraint("grace_days >= 0", name=op.f("ck_agreement_grace")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_agreement_amount")),
        sa.CheckConstraint(
            "(kind = 'plan' AND amount_minor = total_minor AND NOT proposed)"
            " OR (kind = 'settlement' AND amount_minor < total_minor AND grace_days = 0)",
            name=op.f("ck_agreement_kind"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_agreement_act_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_agreement_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_agreement_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_agreement_idempotency_key")),
    )
    op.create_index("ix_agreement_payer_id", "agreement", ["payer_id"], unique=False)
    op.create_table(
        "agreement_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_agreement_part_amount")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_part_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_part")),
        sa.UniqueConstraint("agreement_id", "n", name=op.f("uq_agreement_part_agreement_id_n")),
    )
    op.create_index("ix_agreement_part_due_on", "agreement_part", ["due_on"], unique=False)
    op.create_table(
        "agreement_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("open_minor > 0", name=op.f("ck_agreement_invoice_open")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_invoice_agreement_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_agreement_invoice_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_invoice")),
        sa.UniqueConstraint("agreement_id", "invoice_id", name=op.f("uq_agreement_invoice_agreement_id_invoice_id")),
    )
    op.create_index("ix_agreement_invoice_invoice_id", "agreement_invoice", ["invoice_id"], unique=False)
    op.create_table(
        "agreement_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('approved', 'unapproved', 'broken', 'done', 'missed', 'kept', 'reopened', 'cancelled', "
            "'restored')",
            name=op.f("ck_agreement_event_kind"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_agreement_event_act_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_event_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_event")),
    )
    op.create_index("ix_agreement_event_agreement_id", "agreement_event", ["agreement_id"], unique=False)
    op.create_index("ix_agreement_event_act_id", "agreement_event", ["act_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("an older program does not know these tables; restore a backup instead")
