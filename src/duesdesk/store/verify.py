"""Does everything hold? The ledger against its projections, the sums, the audit chain, the triggers."""

from __future__ import annotations

from dataclasses import dataclass

from duesdesk.store import projections
from duesdesk.store.acts import GENESIS, LEDGER_COLUMNS, digest, entry_hash, ledger_hash
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import END_OF_TIME, OPEN_COMPUTED
from duesdesk.store.verify_agreements import agreements
from duesdesk.store.verify_dues import dues

_MOST = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: which check, on what, and the two figures or texts that should agree."""

    check: str
    subject: str
    found: str
    expected: str


def verify(tx: Tx) -> dict[str, list[Finding]]:
    """Every check by name with what it found; an empty list means it holds."""
    return {
        "open_items": _compare(
            tx,
            "open_items",
            f"SELECT {projections.OPEN_COLUMNS} FROM open_item",
            f"SELECT {projections.OPEN_COLUMNS} FROM ({OPEN_COMPUTED}) t",
            1,
        ),
        "open_credits": _compare(
            tx,
            "open_credits",
            f"SELECT {projections.CREDIT_COLUMNS} FROM open_credit",
            f"SELECT {projections.CREDIT_COLUMNS} FROM ({projections.OPEN_CREDIT_COMPUTED}) t",
            1,
        ),
        "payer_balances": _compare(
            tx,
            "payer_balances",
            f"SELECT {projections.BALANCE_COLUMNS} FROM payer_balance WHERE open_minor <> 0 OR credit_minor <> 0"
            " OR open_count <> 0 OR overdue_minor <> 0 OR overdue_count <> 0 OR partial_minor <> 0"
            " OR partial_count <> 0",
            f"SELECT {projections.BALANCE_COLUMNS} FROM ({projections.BALANCE_COMPUTED}) t",
            2,
        ),
        "due_day_totals": _compare(
            tx,
            "due_day_totals",
            f"SELECT {projections.DAY_COLUMNS} FROM due_day_total WHERE open_count <> 0 OR open_minor <> 0",
            f"SELECT {projections.DAY_COLUMNS} FROM ({projections.DAY_COMPUTED}) t",
            2,
        ),
        "sums": _sums(tx),
        "dues": [Finding(check, *map(str, row)) for check, row in dues(tx)],
        "agreements": [Finding(check, *map(str, row)) for check, row in agreements(tx)],
        "horizon": _horizon(tx),
        "audit_chain": _chain(tx),
        "stamps": _stamps(tx),
        "triggers": _triggers(tx),
    }


def _compare(tx: Tx, check: str, held_sql: str, computed_sql: str, key_width: int) -> list[Finding]:
    held = {row[:key_width]: _plain(row[key_width:]) for row in tx.all(held_sql)}
    # Not every query has the parameter; both engines ignore a value nobody asks for.
    computed = {row[:key_width]: _plain(row[key_width:]) for row in tx.all(computed_sql, as_of=END_OF_TIME)}
    findings = [
        Finding(check, " ".join(map(str, key)), str(held.get(key)), str(computed.get(key)))
        for key in sorted(held.keys() | computed.keys(), key=str)
        if held.get(key) != computed.get(key)
    ]
    return findings[:_MOST]


def _plain(row: Row) -> tuple[object, ...]:
    return tuple(int(value) if isinstance(value, bool) else value for value in row)


_SUM_CHECKS = {
    "allocated-above-invoice": f"""
        SELECT invoice_id, paid_minor + credited_minor, total_minor FROM ({{positions}}) p
        WHERE paid_minor + credited_minor > total_minor OR paid_minor < 0 OR credited_minor < 0 LIMIT {_MOST}""",
    "allocated-above-payment": f"""
        SELECT payment_id, rest_minor, 0 FROM ({projections.OPEN_CREDIT_COMPUTED}) r
        WHERE rest_minor < 0 LIMIT {_MOST}""",
    "taken-back-above-allocation": f"""
        SELECT a.id, sum(b.amount_minor), a.amount_minor FROM allocation a JOIN allocation b ON b.reverses_id = a.id
        GROUP BY a.id, a.amount_minor HAVING a.amount_minor + sum(b.amount_minor) < 0 LIMIT {_MOST}""",
    "lines-differ-from-total": f"""
        SELECT i.id, sum(l.amount_minor), i.total_minor FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
        GROUP BY i.id, i.total_minor HAVING sum(l.amount_minor) <> i.total_minor LIMIT {_MOST}""",
    "allocation-in-other-currency": f"""
        SELECT a.id, p.currency, i.currency FROM allocation a JOIN payment p ON p.id = a.payment_id
        JOIN invoice i ON i.id = a.invoice_id WHERE p.currency <> i.currency LIMIT {_MOST}""",
}


def _sums(tx: Tx) -> list[Finding]:
    from duesdesk.store.positions import COMPUTED

    findings = []
    for check, sql in _SUM_CHECKS.items():
        rows = tx.all(sql.replace("{positions}", COMPUTED), as_of=END_OF_TIME)
        findings += [Finding(check, str(row[0]), str(row[1]), str(row[2])) for row in rows]
    return findings


def _horizon(tx: Tx) -> list[Finding]:
    row = tx.one("SELECT issued_through, moved_through FROM ledger_state WHERE id = 1")
    if row is None:
        return [Finding("horizon", "ledger_state", "missing", "one row")]
    latest = tx.one(
        """SELECT (SELECT max(issued_on) FROM invoice), (SELECT max(day) FROM (
               SELECT max(received_on) AS day FROM payment UNION ALL SELECT max(effective_on) FROM allocation
               UNION ALL SELECT max(effective_on) FROM credit
               UNION ALL SELECT max(effective_on) FROM invoice_event) d)"""
    ) or (None, None)
    return [
        Finding("horizon", name, str(held), str(reached))
        for name, held, reached in zip(("issued_through", "moved_through"), row, latest, strict=True)
        if reached is not None and held < reached
    ]


def _chain(tx: Tx) -> list[Finding]:
    findings = []
    previous = GENESIS
    entries = tx.all(
        """SELECT act_id, verb, subject, reason, before, answer, detail_hash, rows_hash, previous_hash, hash,
                  recorded_at,
                  actor, desk FROM audit_entry ORDER BY id"""
    )
    for (
        act_id,
        verb,
        subject,
        reason,
        before,
        answer,
        detail_hash,
        rows_hash,
        prior,
        own,
        recorded_at,
        actor,
        desk,
    ) in entries:
        if prior != previous:
            findings.append(Finding("audit_chain", f"act {act_id}", prior, previous))
        if digest([subject, reason, before, answer]) != detail_hash:
            findings.append(Finding("audit_text", f"act {act_id}", "changed", "as recorded"))
        if entry_hash(prior, act_id, verb, recorded_at, actor, desk, detail_hash, rows_hash) != own:
            findings.append(Finding("audit_entry", f"act {act_id}", "changed", "as recorded"))
        if ledger_hash(tx, act_id) != rows_hash:
            findings.append(Finding("ledger_rows", f"act {act_id}", "changed", "as recorded"))
        previous = own
    unrecorded = tx.value(
        "SELECT count(*) FROM act WHERE NOT EXISTS (SELECT 1 FROM audit_entry entry WHERE entry.act_id = act.id)"
    )
    if unrecorded:
        findings.append(Finding("audit_chain", "acts without an entry", str(unrecorded), "0"))
    return findings[:_MOST]


def _stamps(tx: Tx) -> list[Finding]:
    """Rows that name another person, desk, instant or key than the act they belong to; reasons are in its hash."""
    findings: list[Finding] = []
    for table in LEDGER_COLUMNS:
        rows = tx.all(
            f"""SELECT t.id, t.idempotency_key, t.actor, t.desk, t.recorded_at,
                       act.key, act.actor, act.desk, act.recorded_at
                FROM {table} t JOIN act ON act.id = t.act_id
                WHERE t.actor <> act.actor OR t.desk <> act.desk OR t.recorded_at <> act.recorded_at
                   OR substr(t.idempotency_key, 1, length(act.key) + 1) <> act.key || '/' LIMIT {_MOST}"""
        )
        findings += [_differing("stamps", f"{table} {row[0]}", row[1:5], row[5:]) for row in rows]
    rows = tx.all(
        f"""SELECT act.id, act.verb, act.actor, act.desk, act.recorded_at, e.verb, e.actor, e.desk, e.recorded_at
            FROM act JOIN audit_entry e ON e.act_id = act.id
            WHERE act.verb <> e.verb OR act.actor <> e.actor OR act.desk <> e.desk OR act.recorded_at <> e.recorded_at
            LIMIT {_MOST}"""
    )
    findings += [_differing("stamps", f"act {row[0]}", row[1:5], row[5:]) for row in rows]
    return findings[:_MOST]


def _differing(check: str, subject: str, found: Row, expected: Row) -> Finding:
    return Finding(check, subject, " · ".join(map(str, found)), " · ".join(map(str, expected)))


def _triggers(tx: Tx) -> list[Finding]:
    from duesdesk.store.triggers import expected, present

    missing = sorted(expected(tx) - present(tx))
    return [Finding("triggers", name, "missing", "present") for name in missing]
