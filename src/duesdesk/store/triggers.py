"""The triggers that refuse to change or delete a row of truth, on both engines.

A table rebuild (Alembic's batch mode on SQLite) drops triggers without a word: call `create` again after one; a test
lists them after every migration.
"""

from __future__ import annotations

from duesdesk.store.database import Tx

# Repeated from `models.APPEND_ONLY`, which cannot be imported here without SQLModel (start-up); a test compares them.
APPEND_ONLY = (
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
_VERBS = ("update", "delete")


def expected() -> set[str]:
    """The name of every trigger there must be."""
    return {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in _VERBS}


def present(tx: Tx) -> set[str]:
    """The name of every trigger there is."""
    if tx.postgres:
        return {row[0] for row in tx.all("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    return {row[0] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'trigger'")}


def statements(*, postgres: bool) -> list[str]:
    """The SQL that makes them, for a migration."""
    if postgres:
        function = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'P0001'; END $$"""
        return [
            function,
            *(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                for table in APPEND_ONLY
                for verb in _VERBS
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {verb}'); END"
        for table in APPEND_ONLY
        for verb in _VERBS
    ]
