"""Versions of the collection rule: the latest of each target counts."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.store.database import Tx

CENTRE, GROUP, MEMBER, INVOICE = "centre", "group", "member", "invoice"


class VersionRow(NamedTuple):
    """A rule that was put in force; an empty `content` gives its target back to the next wider rule."""

    id: int
    scope: str
    group_name: str | None
    member_id: int | None
    invoice_id: int | None
    name: str
    content: str
    recorded_at: str
    actor: str
    reason: str


_COLUMNS = "id, scope, group_name, member_id, invoice_id, name, content, recorded_at, actor, reason"


def latest(tx: Tx) -> list[VersionRow]:
    """The latest version of every target."""
    rows = tx.all(
        f"""SELECT {_COLUMNS} FROM rule_version
            WHERE id IN (SELECT max(id) FROM rule_version GROUP BY scope, group_name, member_id, invoice_id)
            ORDER BY id"""
    )
    return [VersionRow(*row) for row in rows]


def versions_of(
    tx: Tx, scope: str, *, group_name: str | None, member_id: int | None, invoice_id: int | None
) -> list[VersionRow]:
    """Every version of one target, the newest first."""
    rows = tx.all(
        f"""SELECT {_COLUMNS} FROM rule_version
            WHERE scope = :scope AND coalesce(group_name, '') = :group_name AND coalesce(member_id, 0) = :member_id
              AND coalesce(invoice_id, 0) = :invoice_id
            ORDER BY id DESC""",
        scope=scope,
        group_name=group_name or "",
        member_id=member_id or 0,
        invoice_id=invoice_id or 0,
    )
    return [VersionRow(*row) for row in rows]


def content(tx: Tx, version_id: int) -> str:
    """The TOML of a version."""
    text: str = tx.value("SELECT content FROM rule_version WHERE id = :id", id=version_id)
    return text


def latest_of(
    tx: Tx, scope: str, *, group_name: str | None, member_id: int | None, invoice_id: int | None, before: int = 2**62
) -> VersionRow | None:
    """The latest version of one target, older than `before`."""
    row = tx.one(
        f"""SELECT {_COLUMNS} FROM rule_version
            WHERE scope = :scope AND coalesce(group_name, '') = :group_name AND coalesce(member_id, 0) = :member_id
              AND coalesce(invoice_id, 0) = :invoice_id AND id < :before
            ORDER BY id DESC LIMIT 1""",
        scope=scope,
        group_name=group_name or "",
        member_id=member_id or 0,
        invoice_id=invoice_id or 0,
        before=before,
    )
    return VersionRow(*row) if row else None
