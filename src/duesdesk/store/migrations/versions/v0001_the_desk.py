"""The desk: centre, people, ledger, projections, contacts, acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import duesdesk.models.types
from duesdesk.store import search_index, triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Of this schema: later ones guard their own tables.
_APPEND_ONLY = (
    "act",
    "allocation",
    "audit_entry",
    "credit",
    "invoice",
    "invoice_event",
    "invoice_line",
    "member_note",
    "notice_event",
    "payment",
)


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["undoes_id"], ["act.id"], name=op.f("fk_act_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("key", name=op.f("uq_act_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_act_undoes_id")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index("ix_act_actor", ["actor", "id"], unique=False)

    op.create_table(
        "centre",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_centre_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("saved_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("desk", "form", name=op.f("uq_draft_desk_form")),
    )
    op.create_table(
        "due_day_total",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("partial_minor", sa.BigInteger(), nullable=False),
        sa.Column("partial_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("open_minor >= 0 AND open_count >= 0", name=op.f("ck_due_day_total_open")),
        sa.CheckConstraint("partial_minor >= 0 AND partial_count >= 0", name=op.f("ck_due_day_total_partial")),
        sa.PrimaryKeyConstraint("currency", "due_on", name=op.f("pk_due_day_total")),
    )
    op.create_table(
        "ledger_state",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_through", sa.Date(), nullable=False),
        sa.Column("moved_through", sa.Date(), nullable=False),
        sa.Column("rolled_on", sa.Date(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_state_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_state")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("card", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=True),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("email_works", sa.Boolean(), nullable=False),
        sa.Column("created_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("updated_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_member_name_length")),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 40", name=op.f("ck_member_number_length")),
        sa.CheckConstraint("payer_id IS NULL OR payer_id <> id", name=op.f("ck_member_payer_is_another")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_member_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_member_card",
            ["card"],
            unique=True,
            sqlite_where=sa.text("card IS NOT NULL"),
            postgresql_where=sa.text("card IS NOT NULL"),
        )
        batch_op.create_index("ix_member_name_folded", ["name_folded", "id"], unique=False)
        batch_op.create_index(
            "ix_member_payer_id",
            ["payer_id"],
            unique=False,
            sqlite_where=sa.text("payer_id IS NOT NULL"),
            postgresql_where=sa.text("payer_id IS NOT NULL"),
        )

    op.create_table(
        "module",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_module")),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("created_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('front_desk', 'back_office', 'manager')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("detail_hash", sa.String(), nullable=False),
        sa.Column("rows_hash", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_audit_entry_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("act_id", name=op.f("uq_audit_entry_act_id")),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('dues', 'session', 'product', 'fee')", name=op.f("ck_invoice_kind")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_invoice_total")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_invoice_act_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_invoice_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_invoice_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_invoice_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_act_id", ["act_id"], unique=False)
        batch_op.create_index("ix_invoice_member_id", ["member_id", "issued_on"], unique=False)
        batch_op.create_index("ix_invoice_payer_id", ["payer_id", "issued_on"], unique=False)

    op.create_table(
        "member_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_note_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_note")),
    )
    with op.batch_alter_table("member_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_note_member_id"), ["member_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("asks_for_money", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("send_after", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("changed_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'queued', 'sending', 'sent', 'unsure', 'failed', 'cancelled')",
            name=op.f("ck_notice_state"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_notice_act_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_notice_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_notice_idempotency_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_payer_id", ["payer_id", "created_at"], unique=False)
        batch_op.create_index("ix_notice_state", ["state", "send_after"], unique=False)

    op.create_table(
        "payer_balance",
        sa.Column(
            "payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("overdue_minor", sa.BigInteger(), nullable=False),
        sa.Column("overdue_count", sa.Integer(), nullable=False),
        sa.Column("partial_minor", sa.BigInteger(), nullable=False),
        sa.Column("partial_count", sa.Integer(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("credit_minor >= 0", name=op.f("ck_payer_balance_credit")),
        sa.CheckConstraint("open_minor >= 0 AND open_count >= 0", name=op.f("ck_payer_balance_open")),
        sa.CheckConstraint(
            "overdue_minor >= 0 AND overdue_minor <= open_minor AND overdue_count >= 0",
            name=op.f("ck_payer_balance_overdue"),
        ),
        sa.CheckConstraint(
            "partial_minor >= 0 AND partial_minor <= open_minor AND partial_count >= 0",
            name=op.f("ck_payer_balance_partial"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_payer_balance_payer_id")),
        sa.PrimaryKeyConstraint("payer_id", "currency", name=op.f("pk_payer_balance")),
    )
    with op.batch_alter_table("payer_balance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payer_balance_overdue",
            ["currency", "overdue_minor", "payer_id"],
            unique=False,
            sqlite_where=sa.text("overdue_minor > 0"),
            postgresql_where=sa.text("overdue_minor > 0"),
        )
        batch_op.create_index(
            "ix_payer_balance_partial",
            ["currency", "partial_minor", "payer_id"],
            unique=False,
            sqlite_where=sa.text("partial_minor > 0"),
            postgresql_where=sa.text("partial_minor > 0"),
        )

    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'receipt' AND amount_minor > 0 AND reverses_id IS NULL)"
            " OR (kind IN ('reversal', 'refund') AND amount_minor < 0 AND reverses_id IS NOT NULL)",
            name=op.f("ck_payment_kind_and_sign"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_payment_act_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_payment_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_payment_payer_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["payment.id"], name=op.f("fk_payment_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_act_id", ["act_id"], unique=False)
        batch_op.create_index("ix_payment_payer_id", ["payer_id", "received_on"], unique=False)
        batch_op.create_index(
            "ix_payment_received_on", ["received_on", "currency", "method", "amount_minor"], unique=False
        )
        batch_op.create_index(
            "ix_payment_reverses_id",
            ["reverses_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'reversal'"),
            postgresql_where=sa.text("kind = 'reversal'"),
        )

    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_promise_amount")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_promise_act_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_promise_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_promise_idempotency_key")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index("ix_promise_due_on", ["due_on"], unique=False)
        batch_op.create_index("ix_promise_payer_id", ["payer_id", "due_on"], unique=False)

    op.create_table(
        "talk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("talked_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("cancelled_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_talk_act_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_talk_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_talk_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_talk_idempotency_key")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index("ix_talk_payer_id", ["payer_id", "talked_at"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(amount_minor > 0 AND reverses_id IS NULL) OR (amount_minor < 0 AND reverses_id IS NOT NULL)",
            name=op.f("ck_allocation_sign"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_allocation_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_allocation_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_allocation_payment_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["allocation.id"], name=op.f("fk_allocation_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_allocation_idempotency_key")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_act_id", ["act_id"], unique=False)
        batch_op.create_index("ix_allocation_invoice_id", ["invoice_id", "effective_on", "amount_minor"], unique=False)
        batch_op.create_index("ix_allocation_payment_id", ["payment_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at_time", sa.String(length=5), nullable=True),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_in_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.String(), nullable=True),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('booked', 'attended', 'no_show', 'cancelled')", name=op.f("ck_booking_status")),
        sa.CheckConstraint("price_minor IS NULL OR price_minor >= 0", name=op.f("ck_booking_price")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_booking_invoice_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_booking_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("reference", name=op.f("uq_booking_reference")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("ix_booking_member_id", ["member_id", "on_day"], unique=False)
        batch_op.create_index("ix_booking_on_day", ["on_day", "at_time", "member_id"], unique=False)

    op.create_table(
        "credit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('credit_note', 'write_off', 'waiver')", name=op.f("ck_credit_kind")),
        sa.CheckConstraint(
            "(amount_minor > 0 AND reverses_id IS NULL) OR (amount_minor < 0 AND reverses_id IS NOT NULL)",
            name=op.f("ck_credit_sign"),
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_credit_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_credit_invoice_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["credit.id"], name=op.f("fk_credit_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_credit_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_credit_reference")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_credit_reverses_id")),
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index("ix_credit_act_id", ["act_id"], unique=False)
        batch_op.create_index("ix_credit_invoice_id", ["invoice_id", "effective_on", "amount_minor"], unique=False)

    op.create_table(
        "invoice_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('issued', 'voided', 'due_moved', 'disputed', 'undisputed')", name=op.f("ck_invoice_event_kind")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_invoice_event_act_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_event_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_event")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_invoice_event_idempotency_key")),
    )
    with op.batch_alter_table("invoice_event", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_event_act_id", ["act_id"], unique=False)
        batch_op.create_index("ix_invoice_event_invoice_id", ["invoice_id", "kind", "effective_on"], unique=False)

    op.create_table(
        "invoice_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("invoice_id", "line", name=op.f("uq_invoice_line_invoice_id_line")),
    )
    op.create_table(
        "notice_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("recorded_at", duesdesk.models.types.UtcInstant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("desk", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_event_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_event")),
    )
    with op.batch_alter_table("notice_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_event_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "notice_item",
        sa.Column("notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_notice_item_invoice_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_item_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "invoice_id", name=op.f("pk_notice_item")),
    )
    op.create_table(
        "open_credit",
        sa.Column(
            "payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("rest_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("rest_minor >= 0", name=op.f("ck_open_credit_rest")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_open_credit_payer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_open_credit_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_open_credit")),
    )
    with op.batch_alter_table("open_credit", schema=None) as batch_op:
        batch_op.create_index("ix_open_credit_payer_id", ["payer_id", "currency", "received_on"], unique=False)

    op.create_table(
        "open_item",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("open_minor >= 0", name=op.f("ck_open_item_open")),
        sa.CheckConstraint("paid_minor >= 0", name=op.f("ck_open_item_paid")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_open_item_invoice_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_open_item_member_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["member.id"], name=op.f("fk_open_item_payer_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_open_item")),
    )
    with op.batch_alter_table("open_item", schema=None) as batch_op:
        batch_op.create_index("ix_open_item_due_on", ["due_on", "payer_id"], unique=False)
        batch_op.create_index("ix_open_item_member_id", ["member_id"], unique=False)
        batch_op.create_index("ix_open_item_payer_id", ["payer_id", "currency", "due_on", "open_minor"], unique=False)

    on_postgres = op.get_bind().dialect.name == "postgresql"
    for statement in triggers.statements(_APPEND_ONLY, postgres=on_postgres):
        op.execute(statement)
    for statement in search_index.statements(postgres=on_postgres):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it; restore a backup instead")
