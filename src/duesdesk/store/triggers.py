"""The triggers that refuse to change or delete a row of truth, on both engines.

A table rebuild (Alembic's batch mode on SQLite) drops triggers without a word: call `create` again after one; a test
lists them after every migration.
"""

from __future__ import annotations

from collections.abc import Iterable

from duesdesk.store.database import Tx

# Repeated from `models.APPEND_ONLY`, which cannot be imported here without SQLModel (start-up); a test compares them.
APPEND_ONLY = (
    "act",
    "agreement",
    "agreement_event",
    "agreement_invoice",
    "agreement_part",
    "allocation",
    "audit_entry",
    "credit",
    "invoice",
    "invoice_event",
    "invoice_line",
    "member_note",
    "membership_charge",
    "notice_event",
    "payment",
    "rule_version",
    "step_taken",
    "template_text",
)
_VERBS = ("update", "delete")


def expected(tx: Tx) -> set[str]:
    """The name of every trigger there must be; a store that waits for its upgrade lacks some of the tables."""
    if tx.postgres:
        there = tx.all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    else:
        there = tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    tables = {row[0] for row in there}
    return {f"{table}_no_{verb}" for table in APPEND_ONLY if table in tables for verb in _VERBS}


def present(tx: Tx) -> set[str]:
    """The name of every trigger there is."""
    if tx.postgres:
        return {row[0] for row in tx.all("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    return {row[0] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'trigger'")}


def statements(tables: Iterable[str], *, postgres: bool) -> list[str]:
    """The SQL that makes those of `tables`, for a migration."""
    guarded = [(table, verb) for table in tables for verb in _VERBS]
    if postgres:
        function = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'P0001'; END $$"""
        return [
            function,
            *(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"  # lint-ok: sql because our names
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                for table, verb in guarded
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"  # lint-ok: sql because our names
        f" BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {verb}'); END"
        for table, verb in guarded
    ]
