"""Every contact with a payer: notices, talks, promises."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duesdesk.models.types import UtcInstant, minor, recorded, row_id
from duesdesk.models.types import reference as refers_to

NOTICE_STATES = ("held", "queued", "sending", "sent", "unsure", "failed", "cancelled")


class Notice(SQLModel, table=True):
    """A message to a payer, with the exact text and where it stands in the outbox."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint(f"state IN {NOTICE_STATES!r}", name="state"),
        sa.Index("ix_notice_payer_id", "payer_id", "created_at"),
        sa.Index("ix_notice_state", "state", "send_after"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    payer_id: int = Field(sa_column=refers_to("member.id"))
    channel: str
    # The address it goes to, as it was when the notice was written.
    address: str
    language: str
    template: str
    subject: str
    body: str
    # SHA-256 of subject and body: what was shown is what was sent.
    body_hash: str
    # True for a notice that asks for money: it is withdrawn when nothing is owed any more.
    asks_for_money: bool = False
    # Why it was written: by a person, by a step of the rule, or as the confirmation of a payment.
    origin: str = Field(default="hand", sa_column=sa.Column(sa.String, nullable=False, server_default="hand"))
    tone: str = Field(default="", sa_column=sa.Column(sa.String, nullable=False, server_default=""))
    # Why a person sends it outside the hours of the house; empty for what keeps to them.
    pressing: str = Field(default="", sa_column=sa.Column(sa.String, nullable=False, server_default=""))
    state: str = "queued"
    send_after: datetime = Field(sa_column=sa.Column(UtcInstant, nullable=False))
    attempts: int = 0
    message_id: str
    detail: str = ""
    act_id: int | None = Field(default=None, sa_column=refers_to("act.id", nullable=True))
    created_at: datetime = Field(sa_column=recorded())
    changed_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class NoticeItem(SQLModel, table=True):
    """An invoice a notice speaks of, with what was open when it was written."""

    __tablename__ = "notice_item"

    notice_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("notice.id"), primary_key=True
        )
    )
    invoice_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("invoice.id"), primary_key=True
        )
    )
    open_minor: int = Field(sa_column=minor())


class NoticeEvent(SQLModel, table=True):
    """Each change of a notice's state."""

    __tablename__ = "notice_event"

    id: int | None = Field(default=None, sa_column=row_id())
    notice_id: int = Field(sa_column=refers_to("notice.id", index=True))
    state: str
    detail: str = ""
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str


class Talk(SQLModel, table=True):
    """A conversation with a payer or a member: how, what came of it, what next."""

    __tablename__ = "talk"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.Index("ix_talk_payer_id", "payer_id", "talked_at"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    payer_id: int = Field(sa_column=refers_to("member.id"))
    member_id: int = Field(sa_column=refers_to("member.id"))
    channel: str
    outcome: str
    note: str = ""
    next_on: date | None = None
    talked_at: datetime = Field(sa_column=recorded())
    # Set when the entry was undone; it stays readable.
    cancelled_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    act_id: int | None = Field(default=None, sa_column=refers_to("act.id", nullable=True))
    actor: str
    desk: str
    idempotency_key: str


class Promise(SQLModel, table=True):
    """A promise to pay an amount by a day. Kept or broken is read from the payments since, never stored."""

    __tablename__ = "promise"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.Index("ix_promise_payer_id", "payer_id", "due_on"),
        sa.Index("ix_promise_due_on", "due_on"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    payer_id: int = Field(sa_column=refers_to("member.id"))
    currency: str = Field(sa_column=sa.Column(sa.String(3), nullable=False))
    amount_minor: int = Field(sa_column=minor())
    promised_on: date
    due_on: date
    note: str = ""
    cancelled_on: date | None = None
    act_id: int | None = Field(default=None, sa_column=refers_to("act.id", nullable=True))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str
    idempotency_key: str


class MemberChannel(SQLModel, table=True):
    """What is known of reaching a member by a channel: whether they want it, and whether it works."""

    __tablename__ = "member_channel"
    __table_args__ = (sa.UniqueConstraint("member_id", "channel"),)

    id: int | None = Field(default=None, sa_column=row_id())
    member_id: int = Field(sa_column=refers_to("member.id"))
    channel: str
    # Where it differs from the member's own e-mail, phone or address.
    address: str = ""
    # True once they agreed, False once they asked not to; NULL when nobody asked.
    wanted: bool | None = None
    # How it was said: 'form 2026-11-02', 'answered STOP'.
    wanted_how: str = ""
    works: bool = True
    changed_at: datetime = Field(sa_column=recorded())
    actor: str


class TemplateText(SQLModel, table=True):
    """A text of a notice as the centre wrote it; the latest of a name, tone and language counts. Rows stay."""

    __tablename__ = "template_text"
    __table_args__ = (
        sa.CheckConstraint("form IN ('whole', 'short')", name="form"),
        sa.Index("ix_template_text_name", "name", "tone", "language", "id"),
    )

    id: int | None = Field(default=None, sa_column=row_id())
    name: str
    # '' is the text for every tone that has none of its own.
    tone: str = ""
    language: str
    # 'short' for SMS and messengers, else 'whole'.
    form: str = Field(default="whole", sa_column=sa.Column(sa.String, nullable=False, server_default="whole"))
    # 'Subject: ...', a blank line, the body; empty gives back the text that is shipped.
    content: str
    act_id: int = Field(sa_column=refers_to("act.id"))
    recorded_at: datetime = Field(sa_column=recorded())
    actor: str
    desk: str


class PrintRun(SQLModel, table=True):
    """Letters printed together; they count as sent once somebody says that they are in the post."""

    __tablename__ = "print_run"
    __table_args__ = (sa.CheckConstraint("state IN ('printed', 'posted', 'cancelled')", name="state"),)

    id: int | None = Field(default=None, sa_column=row_id())
    state: str = "printed"
    file: str
    printed_at: datetime = Field(sa_column=recorded())
    closed_at: datetime | None = Field(default=None, sa_column=sa.Column(UtcInstant, nullable=True))
    actor: str
    desk: str


class PrintRunItem(SQLModel, table=True):
    """A letter in a print run."""

    __tablename__ = "print_run_item"
    __table_args__ = (sa.Index("ix_print_run_item_notice_id", "notice_id"),)

    print_run_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("print_run.id"), primary_key=True
        )
    )
    notice_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("notice.id"), primary_key=True
        )
    )
