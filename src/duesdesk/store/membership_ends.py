"""What an end took away of a membership: prices agreed for days after it."""

from __future__ import annotations

from datetime import date

from duesdesk.store.database import Tx


def taken_away(tx: Tx, first_id: int) -> dict[int, date]:
    """Prices that an end cancelled, with the day each begins on; not those after which another one was agreed."""
    rows = tx.all(
        """SELECT s.id, s.starts_on FROM membership s
           WHERE (s.id = :first OR s.first_id = :first) AND s.cancelled_at IS NOT NULL
             AND EXISTS (SELECT 1 FROM act JOIN audit_entry e ON e.act_id = act.id
                         WHERE act.verb = 'membership.end' AND act.recorded_at = s.cancelled_at
                           AND e.before LIKE '%["membership", ' || s.id || ',%')
             AND NOT EXISTS (SELECT 1 FROM membership f
                             WHERE f.first_id = :first AND f.id > s.id AND f.cancelled_at IS NULL)""",
        first=first_id,
    )
    return {identity: date.fromisoformat(starts_on) for identity, starts_on in rows}
