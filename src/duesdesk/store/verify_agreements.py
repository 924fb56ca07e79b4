"""Plans and settlements against themselves and the ledger: nothing is waived for money that is not here."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx

_MOST = 20
_LAST = "coalesce((SELECT e.kind FROM agreement_event e WHERE e.agreement_id = g.id ORDER BY e.id DESC LIMIT 1), '')"
# What was decided of its approval last.
_APPROVAL = """coalesce((SELECT e.kind FROM agreement_event e WHERE e.agreement_id = g.id
    AND e.kind IN ('approved', 'unapproved') ORDER BY e.id DESC LIMIT 1), '')"""
_IN_FORCE = f"{_LAST} NOT IN ('broken', 'done', 'missed', 'kept', 'cancelled')"
_HOLDS = f"({_IN_FORCE} AND (NOT g.proposed OR {_APPROVAL} = 'approved'))"
_MONEY = """coalesce((SELECT sum(a.amount_minor) FROM agreement_invoice s
    JOIN allocation a ON a.invoice_id = s.invoice_id AND a.act_id > g.act_id
    LEFT JOIN allocation r ON r.id = a.reverses_id
    WHERE s.agreement_id = g.id AND (a.reverses_id IS NULL OR r.act_id > g.act_id)), 0)"""
_WAIVED = """coalesce((SELECT sum(c.amount_minor) FROM agreement_invoice s JOIN credit c ON c.invoice_id = s.invoice_id
    JOIN agreement_event k ON k.agreement_id = g.id AND k.kind = 'kept' AND k.act_id = c.act_id
    WHERE s.agreement_id = g.id AND c.kind = 'waiver' AND c.amount_minor > 0
      AND NOT EXISTS (SELECT 1 FROM credit back WHERE back.reverses_id = c.id)), 0)"""
_NAME = "'agreement ' || g.id"
_CHECKS = {
    "parts-differ-from-plan": f"""
        SELECT {_NAME}, coalesce(p.minor, 0), g.amount_minor FROM agreement g
        LEFT JOIN (SELECT agreement_id, sum(amount_minor) AS minor FROM agreement_part GROUP BY agreement_id) p
            ON p.agreement_id = g.id
        WHERE coalesce(p.minor, 0) <> CASE g.kind WHEN 'plan' THEN g.amount_minor ELSE 0 END LIMIT {_MOST}""",
    "invoices-differ-from-agreement": f"""
        SELECT {_NAME}, coalesce(s.minor, 0), g.total_minor FROM agreement g
        LEFT JOIN (SELECT agreement_id, sum(open_minor) AS minor FROM agreement_invoice GROUP BY agreement_id) s
            ON s.agreement_id = g.id
        WHERE coalesce(s.minor, 0) <> g.total_minor LIMIT {_MOST}""",
    "two-agreements-over-one-invoice": f"""
        SELECT 'invoice ' || s.invoice_id, count(*), 1 FROM agreement g
        JOIN agreement_invoice s ON s.agreement_id = g.id WHERE {_HOLDS}
        GROUP BY s.invoice_id HAVING count(*) > 1 LIMIT {_MOST}""",
    "kept-without-its-money": f"""
        SELECT {_NAME}, {_MONEY}, g.amount_minor FROM agreement g
        WHERE {_LAST} = 'kept' AND {_MONEY} < g.amount_minor LIMIT {_MOST}""",
    "waived-above-agreed": f"""
        SELECT {_NAME}, {_WAIVED}, CASE {_LAST} WHEN 'kept' THEN g.total_minor - g.amount_minor ELSE 0 END
        FROM agreement g
        WHERE g.kind = 'settlement'
          AND {_WAIVED} > CASE {_LAST} WHEN 'kept' THEN g.total_minor - g.amount_minor ELSE 0 END LIMIT {_MOST}""",
}


def agreements(tx: Tx) -> list[tuple[str, Row]]:
    """(check, (subject, found, expected)) of all that does not hold; a store that waits for its upgrade has none."""
    if tx.postgres:
        there = tx.value("SELECT to_regclass('agreement')")
    else:
        there = tx.value("SELECT name FROM sqlite_master WHERE name = 'agreement'")
    if there is None:
        return []
    return [(check, row) for check, sql in _CHECKS.items() for row in tx.all(sql)]
