"""Acts: the idempotency key, the person, and the chained audit entry that closes each one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from duesdesk.store.database import Row, Tx

GENESIS = "0" * 64
_ROWS_HASHED_AT_ONCE = 2_000
# Above the number of any act.
_LATEST = 2**62
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
# What undo passes over: how a store came to be, letters that have left, and the runs of the rule.
NEVER_UNDONE = ("init", "restore", "run", "send", "upgrade")
_NEVER = ", ".join(f"'{verb}'" for verb in NEVER_UNDONE)
# What an act can write to the ledger, in the order its rows are hashed.
LEDGER_COLUMNS = {
    "invoice": (
        "id, number, member_id, payer_id, issued_on, due_on, currency, total_minor, kind, description, draft, reason"
    ),
    "invoice_event": "id, invoice_id, kind, due_on, effective_on, reason",
    "payment": (
        "id, reference, payer_id, member_id, received_on, currency, amount_minor, method, kind, reverses_id, reason"
    ),
    "allocation": "id, payment_id, invoice_id, amount_minor, effective_on, reverses_id, reason",
    "credit": "id, reference, invoice_id, kind, amount_minor, effective_on, reverses_id, reason",
}


class ActRow(NamedTuple):
    """An act under way: what every row it writes carries. Days and instants are ISO text."""

    id: int
    key: str
    verb: str
    effective_on: str
    recorded_at: str
    actor: str
    desk: str
    reason: str = ""


class Recorded(NamedTuple):
    """An act found by its key."""

    id: int
    verb: str
    content_hash: str
    answer: str
    recorded_at: str
    actor: str


def digest(parts: object) -> str:
    """SHA-256 of a plain value in one canonical form."""
    from hashlib import sha256  # imported late: start-up

    return sha256(_CANONICAL.encode(parts).encode()).hexdigest()


def lock_writers(tx: Tx) -> None:
    """One writer at a time. SQLite's transaction holds the lock already; PostgreSQL takes the state row."""
    if tx.postgres:
        tx.one("SELECT id FROM ledger_state WHERE id = 1 FOR UPDATE")


def find(tx: Tx, key: str) -> Recorded | None:
    """The act that came under `key`, with its answer."""
    row = tx.one(
        """SELECT act.id, act.verb, act.content_hash, entry.answer, act.recorded_at, act.actor
           FROM act JOIN audit_entry entry ON entry.act_id = act.id WHERE act.key = :key""",
        key=key,
    )
    return Recorded(*row) if row else None


def begin(tx: Tx, act: ActRow, content_hash: str, undoes_id: int | None = None) -> ActRow | None:
    """Insert the act; answers it with its id, or None when its key was used before (see `find`)."""
    identity = tx.value(
        """INSERT INTO act (key, verb, content_hash, effective_on, undoes_id, recorded_at, actor, desk)
           VALUES (:key, :verb, :content_hash, :effective_on, :undoes_id, :recorded_at, :actor, :desk)
           ON CONFLICT (key) DO NOTHING RETURNING id""",
        key=act.key,
        verb=act.verb,
        content_hash=content_hash,
        effective_on=act.effective_on,
        undoes_id=undoes_id,
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
    )
    if identity is None:
        return None
    return ActRow(identity, act.key, act.verb, act.effective_on, act.recorded_at, act.actor, act.desk, act.reason)


def finish(
    tx: Tx, act: ActRow, *, subject: str, answer: str, before: str = "", tables: Collection[str] = LEDGER_COLUMNS
) -> None:
    """Close the act with its audit entry, chained to the entry before it.

    `tables` are those the act wrote rows of truth to; another one that it wrote to is found by `store.verify`.
    """
    previous = tx.value("SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1") or GENESIS
    rows_hash = ledger_hash(tx, act.id, tables)
    detail_hash = digest([subject, act.reason, before, answer])
    tx.run(
        """INSERT INTO audit_entry (act_id, verb, subject, reason, before, answer, detail_hash, rows_hash,
                                    previous_hash,
                                    hash, recorded_at, actor, desk)
           VALUES (:act_id, :verb, :subject, :reason, :before, :answer, :detail_hash, :rows_hash, :previous_hash,
                   :hash, :recorded_at, :actor, :desk)""",
        act_id=act.id,
        verb=act.verb,
        subject=subject,
        reason=act.reason,
        before=before,
        answer=answer,
        detail_hash=detail_hash,
        rows_hash=rows_hash,
        previous_hash=previous,
        hash=entry_hash(previous, act.id, act.verb, act.recorded_at, act.actor, act.desk, detail_hash, rows_hash),
        recorded_at=act.recorded_at,
        actor=act.actor,
        desk=act.desk,
    )


def entry_hash(*parts: object) -> str:
    """The hash of an audit entry: previous hash, act, verb, instant, actor, desk, hashes of the texts and the rows."""
    return digest(list(parts))


def ledger_hash(tx: Tx, act_id: int, tables: Collection[str] = LEDGER_COLUMNS) -> str:
    """SHA-256 over every ledger row the act wrote to `tables`."""
    from hashlib import sha256  # imported late: start-up

    hashed = sha256()
    for table, columns in LEDGER_COLUMNS.items():
        if table not in tables:
            continue
        rows = tx.each(f"SELECT '{table}', {columns} FROM {table} WHERE act_id = :act_id ORDER BY id", act_id=act_id)
        if tx.postgres:
            # It has booleans where SQLite has 0 and 1.
            rows = (tuple(_plain(row)) for row in rows)
        while block := list(islice(rows, _ROWS_HASHED_AT_ONCE)):
            hashed.update("".join(map(repr, block)).encode())
    return hashed.hexdigest()


def _plain(row: Row) -> Iterable[object]:
    return (int(value) if isinstance(value, bool) else value for value in row)


def before_of(tx: Tx, act_id: int) -> str:
    """What was there before the act, as its audit entry tells."""
    return str(tx.value("SELECT before FROM audit_entry WHERE act_id = :id", id=act_id) or "")


def last_of(tx: Tx, actor: str, *, besides: int = 0, before: int | None = None) -> Row | None:
    """(id, key, verb, answer, effective_on, recorded_at) of the actor's last act that may be undone.

    Acts undone already, undo itself and `NEVER_UNDONE` do not count; `besides` is the undo under way, which has undone
    nothing yet; with `before` only acts older than that one count.
    """
    return tx.one(
        f"""SELECT act.id, act.key, act.verb, entry.answer, act.effective_on, act.recorded_at
           FROM act JOIN audit_entry entry ON entry.act_id = act.id
           WHERE act.actor = :actor AND act.undoes_id IS NULL AND act.verb NOT IN ({_NEVER})
             AND NOT EXISTS (SELECT 1 FROM act undo WHERE undo.undoes_id = act.id AND undo.id <> :besides)
             AND act.id < :before
           ORDER BY act.id DESC LIMIT 1""",
        actor=actor,
        besides=besides,
        before=_LATEST if before is None else before,
    )
