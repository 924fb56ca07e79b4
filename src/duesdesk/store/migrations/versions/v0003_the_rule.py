"""The collection rule: memberships, rule versions, holds, runs, steps, tasks, channels of members, texts, print runs.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import duesdesk.models.types
from duesdesk.store import triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("membership_charge", "rule_version", "step_taken", "template_text")


def upgrade() -> None:
    op.create_table(
        "collection_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("finished_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_run")),
    )
    op.create_index("ix_collection_run_day", "collection_run", ["day"], unique=False)
    op.create_table(
        "digest",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("day", name=op.f("uq_digest_day")),
    )
    op.create_table(
        "print_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("printed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("closed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('printed', 'posted', 'cancelled')", name=op.f("ck_print_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
    )
    op.create_table(
        "member_channel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=True),
        sa.Column("wanted_how", sa.String(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("changed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_channel_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_channel")),
        sa.UniqueConstraint("member_id", "channel", name=op.f("uq_member_channel_member_id_channel")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("billing_day", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("charged_from", sa.Date(), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cancelled_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("period IN ('week', 'month', 'year')", name=op.f("ck_membership_period")),
        sa.CheckConstraint("billing_day BETWEEN 1 AND 31", name=op.f("ck_membership_billing_day")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_membership_end")),
        sa.CheckConstraint("every BETWEEN 1 AND 60", name=op.f("ck_membership_every")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_membership_price")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_membership_act_id")),
        sa.ForeignKeyConstraint(["first_id"], ["membership.id"], name=op.f("fk_membership_first_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_membership_idempotency_key")),
    )
    op.create_index("ix_membership_member_id", "membership", ["member_id"], unique=False)
    op.create_index(
        "ix_membership_first_id",
        "membership",
        ["first_id"],
        unique=False,
        sqlite_where=sa.text("first_id IS NOT NULL"),
        postgresql_where=sa.text("first_id IS NOT NULL"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('call', 'desk', 'suspend', 'handover', 'unsure', 'failed', 'unreachable', 'other')",
            name=op.f("ck_task_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_task_act_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_task_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_task_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_task_idempotency_key")),
    )
    op.create_index("ix_task_payer_id", "task", ["payer_id"], unique=False)
    op.create_index("ix_task_state", "task", ["state", "due_on"], unique=False)
    op.create_table(
        "template_text",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.String(), server_default="whole", nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.CheckConstraint("form IN ('whole', 'short')", name=op.f("ck_template_text_form")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_template_text_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_text")),
    )
    op.create_index("ix_template_text_name", "template_text", ["name", "tone", "language", "id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('excluded', 'snooze', 'hardship', 'vulnerable', 'deceased', 'minor', 'insolvency', "
            "'complaint', 'claim')",
            name=op.f("ck_hold_kind"),
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_hold_days")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_hold_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_hold_invoice_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_hold_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_hold_idempotency_key")),
    )
    op.create_index("ix_hold_payer_id", "hold", ["payer_id"], unique=False)
    op.create_table(
        "membership_charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("passed", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint("passed IN ('', 'left', 'frozen')", name=op.f("ck_membership_charge_passed")),
        sa.CheckConstraint(
            "(invoice_id IS NULL) = (passed <> '')", name=op.f("ck_membership_charge_invoice_or_reason")
        ),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_membership_charge_days")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_membership_charge_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_membership_charge_invoice_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_membership_charge_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_charge")),
        sa.UniqueConstraint(
            "membership_id",
            "period_from",
            "occurrence",
            name=op.f("uq_membership_charge_membership_id_period_from_occurrence"),
        ),
    )
    op.create_index("ix_membership_charge_act_id", "membership_charge", ["act_id"], unique=False)
    op.create_index("ix_membership_charge_invoice_id", "membership_charge", ["invoice_id"], unique=False)
    op.create_table(
        "membership_freeze",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cancelled_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_membership_freeze_days")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_membership_freeze_act_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_membership_freeze_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_freeze")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_membership_freeze_idempotency_key")),
    )
    op.create_index("ix_membership_freeze_membership_id", "membership_freeze", ["membership_id"], unique=False)
    op.create_table(
        "print_run_item",
        sa.Column("print_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_print_run_item_notice_id")),
        sa.ForeignKeyConstraint(["print_run_id"], ["print_run.id"], name=op.f("fk_print_run_item_print_run_id")),
        sa.PrimaryKeyConstraint("print_run_id", "notice_id", name=op.f("pk_print_run_item")),
    )
    op.create_index("ix_print_run_item_notice_id", "print_run_item", ["notice_id"], unique=False)
    op.create_table(
        "rule_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'centre' AND group_name IS NULL AND member_id IS NULL AND invoice_id IS NULL) OR (scope = "
            "'group' AND group_name IS NOT NULL AND member_id IS NULL AND invoice_id IS NULL) OR (scope = "
            "'member' AND member_id IS NOT NULL AND group_name IS NULL AND invoice_id IS NULL) OR (scope = "
            "'invoice' AND invoice_id IS NOT NULL AND group_name IS NULL AND member_id IS NULL)",
            name=op.f("ck_rule_version_scope"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_rule_version_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_rule_version_invoice_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rule_version_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
    )
    op.create_index("ix_rule_version_scope", "rule_version", ["scope", "id"], unique=False)
    op.create_table(
        "step_taken",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rule_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rule_name", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fee_invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "action IN ('notice', 'call', 'desk', 'fee', 'suspend', 'handover')", name=op.f("ck_step_taken_action")
        ),
        sa.CheckConstraint(
            "event IN ('issued', 'due', 'paid', 'promise_broken', 'instalment_missed')",
            name=op.f("ck_step_taken_event"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_step_taken_act_id")),
        sa.ForeignKeyConstraint(["fee_invoice_id"], ["invoice.id"], name=op.f("fk_step_taken_fee_invoice_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_step_taken_notice_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_step_taken_payer_id")),
        sa.ForeignKeyConstraint(["rule_version_id"], ["rule_version.id"], name=op.f("fk_step_taken_rule_version_id")),
        sa.ForeignKeyConstraint(["run_id"], ["collection_run.id"], name=op.f("fk_step_taken_run_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_step_taken_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_taken")),
    )
    op.create_index("ix_step_taken_notice_id", "step_taken", ["notice_id"], unique=False)
    op.create_index("ix_step_taken_payer_id", "step_taken", ["payer_id", "taken_on"], unique=False)
    op.create_index("ix_step_taken_taken_on", "step_taken", ["taken_on", "step_id"], unique=False)
    op.create_table(
        "step_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_taken_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("promise_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN promise_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_step_item_one_subject"),
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_step_item_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_step_item_payment_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name=op.f("fk_step_item_promise_id")),
        sa.ForeignKeyConstraint(["step_taken_id"], ["step_taken.id"], name=op.f("fk_step_item_step_taken_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_item")),
    )
    op.create_index(
        "ix_step_item_invoice_id",
        "step_item",
        ["invoice_id", "step_id", "occurrence"],
        unique=True,
        sqlite_where=sa.text("invoice_id IS NOT NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("invoice_id IS NOT NULL AND cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_step_item_payment_id",
        "step_item",
        ["payment_id", "step_id"],
        unique=True,
        sqlite_where=sa.text("payment_id IS NOT NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("payment_id IS NOT NULL AND cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_step_item_promise_id",
        "step_item",
        ["promise_id", "step_id"],
        unique=True,
        sqlite_where=sa.text("promise_id IS NOT NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("promise_id IS NOT NULL AND cancelled_at IS NULL"),
    )
    op.create_index("ix_step_item_step_taken_id", "step_item", ["step_taken_id"], unique=False)
    op.add_column("member", sa.Column("address", sa.String(), nullable=True))
    op.add_column("member", sa.Column("country", sa.String(), nullable=True))
    op.add_column("member", sa.Column("timezone", sa.String(), nullable=True))
    op.add_column("member", sa.Column("fax", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("origin", sa.String(), server_default="hand", nullable=False))
    op.add_column("notice", sa.Column("tone", sa.String(), server_default="", nullable=False))
    op.add_column("notice", sa.Column("pressing", sa.String(), server_default="", nullable=False))
    on_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in triggers.statements(_APPEND_ONLY, postgres=on_postgres):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an older program does not know these tables; restore a backup instead")
