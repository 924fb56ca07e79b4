"""The index Find looks through: any three letters in a row of `member.search`, on both engines."""

from __future__ import annotations

# External content: the text stands once, in `member`. Triggers keep the index, also through the ORM and imports.
_SQLITE = (
    """CREATE VIRTUAL TABLE member_search USING fts5(
         search, content='member', content_rowid='id', tokenize='trigram', detail='none')""",
    """CREATE TRIGGER member_search_insert AFTER INSERT ON member BEGIN
         INSERT INTO member_search (rowid, search) VALUES (new.id, new.search); END""",
    """CREATE TRIGGER member_search_delete AFTER DELETE ON member BEGIN
         INSERT INTO member_search (member_search, rowid, search) VALUES ('delete', old.id, old.search); END""",
    """CREATE TRIGGER member_search_update AFTER UPDATE OF search ON member BEGIN
         INSERT INTO member_search (member_search, rowid, search) VALUES ('delete', old.id, old.search);
         INSERT INTO member_search (rowid, search) VALUES (new.id, new.search); END""",
)
# Without the right to create the extension, Find falls back to a plain scan with LIKE, which is still right.
_POSTGRES = (
    """DO $$ BEGIN
         CREATE EXTENSION IF NOT EXISTS pg_trgm;
         CREATE INDEX ix_member_search ON member USING gin (search gin_trgm_ops);
       EXCEPTION WHEN insufficient_privilege OR undefined_file THEN NULL; END $$""",
)


def statements(*, postgres: bool) -> tuple[str, ...]:
    """The SQL that makes the index, for a migration."""
    return _POSTGRES if postgres else _SQLITE
