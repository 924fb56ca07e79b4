"""The collection rule and what it did: versions of the rule, holds, runs, steps taken, tasks."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import UtcInstant, minor, recorded, row_id
from duesdesk.models.types import reference as refers_to

HOLD_KINDS = (
    "excluded",
    "snooze",
    "hardship",
    "vulnerable",
    "deceased",
    "minor",
    "insolvency",
    "complaint",
    "claim",
)
TASK_KINDS = ("call", "desk", "suspend", "handover", "unsure", "failed", "unreachable", "other")


class RuleVersion(SQLModel, table=True):
    """A rule that was put in force, for whom; the latest of a target counts. Rows stay as they are."""

    __tablename__ = "rule_version"
    __table_args__ = (
        sa.CheckConstraint(
            "(scope = 'centre' AND group_name IS NULL AND member_id IS NULL AND invoice_id IS NULL)"
            " OR (scope = 'group' AND group_name IS NOT NULL AND member_id IS NULL AND invoice_id IS NULL)"
            " OR (scope = 'member' AND member_id IS NOT NULL AND group_name IS NULL AND invoice_id IS NULL)"
            " OR (scope = 'invoice' AND invoice_id IS NOT NULL AND group_name IS NULL AND member_id IS NULL)",
            name="scope",
        ),
        sa.Index("ix_rule_version_scope", "scope", "id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    scope: str
    group_name: str | None = None
    # The payer or member whose debts follow it.
    member_id: int | None = Field(default=None, sa_column=refers_to("member.id", nullable=True))
    invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    name: str
    # TOML as the staff wrote it; empty gives the target back to the next wider rule.
    content: str
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    reason: str = ""


class Hold(SQLModel, table=True):
    """Something that stops every automatic step for a payer, or for one invoice, until it ends or is lifted."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(f"kind IN {HOLD_KINDS!r}", name="kind"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        sa.Index("ix_hold_payer_id", "payer_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    kind: str
    payer_id: int = Field(sa_column=refers_to("member.id"))
    # NULL holds all of the payer's debts.
    invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    reason: str = ""
    from_on: date
    # The last day it holds; NULL until somebody lifts it.
    until_on: date | None = None
    lifted_on: date | None = None
    lifted_by: str = ""
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class CollectionRun(SQLModel, table=True):
    """A run of the rule for a day; no run goes back behind a later day."""

    __tablename__ = "collection_run"
    __table_args__ = (sa.Index("ix_collection_run_day", "day"),)

    id: int | None = Field(default=None, sa_column=row_id())
    day: date
    started_at: datetime = Field(sa_column=recorded())
    # NULL while it is under way, and after a kill: the next run goes on where it stopped.
    finished_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    taken: int = 0
    held: int = 0
    cancelled: int = 0
    actor: str
    desk: str


class StepTaken(SQLModel, table=True):
    """A step of the rule that was taken for a payer: its notice, task or fee. Rows stay as they are."""

    __tablename__ = "step_taken"
    __table_args__ = (
        sa.CheckConstraint("event IN ('issued', 'due', 'paid', 'promise_broken', 'instalment_missed')", name="event"),
        sa.CheckConstraint("action IN ('notice', 'call', 'desk', 'fee', 'suspend', 'handover')", name="action"),
        sa.Index("ix_step_taken_payer_id", "payer_id", "taken_on"),
        sa.Index("ix_step_taken_taken_on", "taken_on", "step_id"),
        sa.Index("ix_step_taken_notice_id", "notice_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    run_id: int = Field(sa_column=refers_to("collection_run.id"))
    payer_id: int = Field(sa_column=refers_to("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    # NULL is the rule that is shipped.
    rule_version_id: int | None = Field(default=None, sa_column=refers_to("rule_version.id", nullable=True))
    rule_name: str
    step_id: str
    event: str
    action: str
    # The jurisdiction pack that was asked, with its version.
    pack: str = ""
    amount_minor: int = Field(sa_column=minor())
    notice_id: int | None = Field(default=None, sa_column=refers_to("notice.id", nullable=True))
    task_id: int | None = Field(default=None, sa_column=refers_to("task.id", nullable=True))
    # The fee that was charged.
    fee_invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    taken_on: date
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())


class StepItem(SQLModel, table=True):
    """What a step was taken for: an invoice, a payment, a promise or a part of a plan gets each step once."""

    __tablename__ = "step_item"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN promise_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN agreement_part_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        # A step whose notice was pulled back before it left may be taken again, with other figures.
        sa.Index(
            "ix_step_item_invoice_id",
            "invoice_id",
            "step_id",
            "occurrence",
            unique=True,
            sqlite_where=sa.text("invoice_id IS NOT NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("invoice_id IS NOT NULL AND cancelled_at IS NULL"),
        ),
        sa.Index(
            "ix_step_item_payment_id",
            "payment_id",
            "step_id",
            unique=True,
            sqlite_where=sa.text("payment_id IS NOT NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("payment_id IS NOT NULL AND cancelled_at IS NULL"),
        ),
        sa.Index(
            "ix_step_item_promise_id",
            "promise_id",
            "step_id",
            unique=True,
            sqlite_where=sa.text("promise_id IS NOT NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("promise_id IS NOT NULL AND cancelled_at IS NULL"),
        ),
        sa.Index(
            "ix_step_item_agreement_part_id",
            "agreement_part_id",
            "step_id",
            unique=True,
            sqlite_where=sa.text("agreement_part_id IS NOT NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("agreement_part_id IS NOT NULL AND cancelled_at IS NULL"),
        ),
        sa.Index("ix_step_item_step_taken_id", "step_taken_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    step_taken_id: int = Field(sa_column=refers_to("step_taken.id"))
    invoice_id: int | None = Field(default=None, sa_column=refers_to("invoice.id", nullable=True))
    payment_id: int | None = Field(default=None, sa_column=refers_to("payment.id", nullable=True))
    promise_id: int | None = Field(default=None, sa_column=refers_to("promise.id", nullable=True))
    agreement_part_id: int | None = Field(default=None, sa_column=refers_to("agreement_part.id", nullable=True))
    # The step this item had reached by itself; the notice may have been that of a later one.
    step_id: str
    # Counts the repeats of a step that repeats.
    occurrence: int = 1
    # The day the step counted from (due date, issue, payment, end of the promise, day of the part).
    counted_from: date
    # What was open of the invoice then.
    open_minor: int = Field(sa_column=minor())
    cancelled_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))


class Task(SQLModel, table=True):
    """Something a person has to do, with an owner and a day."""

    __tablename__ = "task"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(f"kind IN {TASK_KINDS!r}", name="kind"),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state"),
        sa.Index("ix_task_state", "state", "due_on"),
        sa.Index("ix_task_payer_id", "payer_id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    kind: str
    payer_id: int = Field(sa_column=refers_to("member.id"))
    member_id: int = Field(sa_column=refers_to("member.id"))
    note: str = ""
    # A name of the staff; empty is whoever is there.
    owner: str = ""
    due_on: date
    state: str = "open"
    done_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    done_by: str = ""
    outcome: str = ""
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class Digest(SQLModel, table=True):
    """The daily word to the back office: one for a day."""

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("day"),)

    id: int | None = Field(default=None, sa_column=row_id())
    day: date
    address: str
    subject: str
    body: str
    state: str
    message_id: str
    detail: str = ""
    recorded_at: datetime = Field(sa_column=recorded())
