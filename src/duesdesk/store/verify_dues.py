"""The charges of memberships against their invoices: they agree, and no time is charged twice."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import void_sql

_MOST = 20
_UNDONE = "EXISTS (SELECT 1 FROM act undo WHERE undo.undoes_id = c.act_id)"
# What was found, and what should be there, in words that both engines make alike.
_INVOICE = (
    "'for ' || i.member_id || ', ' || i.total_minor || ' ' || i.currency || ', ' || i.kind || ', act ' || i.act_id"
)
_CHARGE = "'for ' || s.member_id || ', ' || s.price_minor || ' ' || s.currency || ', dues, act ' || c.act_id"
_CHECKS = {
    "charge-differs-from-invoice": f"""
        SELECT i.number, {_INVOICE}, {_CHARGE}
        FROM membership_charge c JOIN membership s ON s.id = c.membership_id JOIN invoice i ON i.id = c.invoice_id
        WHERE i.member_id <> s.member_id OR i.total_minor <> s.price_minor OR i.currency <> s.currency
           OR i.kind <> 'dues' OR i.issued_on <> c.period_from OR i.act_id <> c.act_id LIMIT {_MOST}""",
    "time-charged-twice": f"""
        SELECT 'membership ' || membership_id, 'again from ' || period_from, 'after ' || charged_to FROM (
            SELECT c.membership_id, c.period_from,
                   lag(c.period_to) OVER (PARTITION BY coalesce(s.first_id, s.id) ORDER BY c.period_from, c.id)
                       AS charged_to
            FROM membership_charge c JOIN membership s ON s.id = c.membership_id WHERE NOT {_UNDONE}) charges
        WHERE period_from <= charged_to LIMIT {_MOST}""",
    "undone-charge-still-owed": f"""
        SELECT i.number, 'owed', 'void' FROM membership_charge c JOIN invoice i ON i.id = c.invoice_id
        WHERE {_UNDONE} AND NOT {void_sql("i.id")} LIMIT {_MOST}""",
    "dues-without-charge": f"""
        SELECT i.number, 'no period', 'a period' FROM act a JOIN invoice i ON i.act_id = a.id
        WHERE a.verb = 'bill' AND NOT EXISTS (SELECT 1 FROM membership_charge c WHERE c.invoice_id = i.id)
        LIMIT {_MOST}""",
}


def dues(tx: Tx) -> list[tuple[str, Row]]:
    """(check, (subject, found, expected)) of all that does not hold; a store that waits for its upgrade has no dues."""
    if tx.postgres:
        there = tx.value("SELECT to_regclass('membership_charge')")
    else:
        there = tx.value("SELECT name FROM sqlite_master WHERE name = 'membership_charge'")
    if there is None:
        return []
    return [(check, row) for check, sql in _CHECKS.items() for row in tx.all(sql)]
