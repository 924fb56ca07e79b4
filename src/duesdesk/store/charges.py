"""What a billing charged, and whether it still stands."""

from __future__ import annotations

from duesdesk.store.database import Row, Tx
from duesdesk.store.memberships import STANDS


def charges_of_act(tx: Tx, act_id: int) -> list[Row]:
    """What an act charged: number, member, payer, plan, minor units, currency, period, issued, due, in order."""
    return tx.all(
        """SELECT i.number, m.number, p.number, s.plan, i.total_minor, i.currency, c.period_from, c.period_to,
                  i.issued_on, i.due_on
           FROM membership_charge c JOIN membership s ON s.id = c.membership_id JOIN invoice i ON i.id = c.invoice_id
           JOIN member m ON m.id = i.member_id JOIN member p ON p.id = i.payer_id
           WHERE c.act_id = :id ORDER BY c.id""",
        id=act_id,
    )


def is_billing_undone(tx: Tx, invoice_id: int) -> bool:
    """Whether the invoice was issued by a billing that was taken back: its period is to be decided again."""
    return bool(
        tx.value(
            f"SELECT 1 FROM membership_charge c WHERE c.invoice_id = :id AND NOT ({STANDS}) LIMIT 1", id=invoice_id
        )
    )
