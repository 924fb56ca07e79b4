"""Reading what the collection rule decides from, for many payers at once: few statements, plain rows, no decisions.

Every function takes payer ids as the JSON list that `among.listed` makes, and a day; nothing dated later is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.store import among, positions
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Row, Tx

WAIT = ("held", "queued")
WAITING = f"('{WAIT[0]}', '{WAIT[1]}')"
CONTACTED = "('held', 'queued', 'sending', 'sent', 'unsure')"


class Reached(NamedTuple):
    """Invoices due (or issued) from `first` to `last` have `step_id` as their latest step; '' is always looked at."""

    step_id: str
    first: str | None
    last: str


class Exceptions(NamedTuple):
    """Who follows another rule than the centre's: JSON lists of ids and of group names."""

    invoices: str
    members: str
    groups: str


class PersonRow(NamedTuple):
    """A payer as the rule needs them."""

    id: int
    number: str
    name: str
    language: str | None
    country: str | None
    timezone: str | None
    group_name: str | None


class ItemRow(NamedTuple):
    """An open invoice of a payer. Days are ISO text."""

    payer_id: int
    currency: str
    invoice_id: int
    number: str
    member_id: int
    issued_on: str
    due_on: str | None
    open_minor: int
    paid_minor: int
    disputed: bool
    kind: str
    description: str
    total_minor: int
    member_name: str
    member_group: str | None


def candidates(
    tx: Tx, as_of: str, due: Sequence[Reached], issued: Sequence[Reached], exceptions: Exceptions | None
) -> list[int]:
    """Payers with an open invoice whose latest step was not taken; a few more than those may be among them.

    `due` and `issued` are the steps that count from those days, the furthest first. A step of the issue is behind every
    step of the due date.
    """
    values: dict[str, object] = {"as_of": as_of}
    ways = [_not_had("due_on", due, values, "d")]
    if issued:
        ways.append(_only_issued(due, issued, values))
    if exceptions is not None:
        values |= exceptions._asdict()
        ways.append(f"o.invoice_id IN ({among.ids(tx, 'invoices')})")
        ways.append(f"o.member_id IN ({among.ids(tx, 'members')}) OR o.payer_id IN ({among.ids(tx, 'members')})")
        ways.append(
            f"""EXISTS (SELECT 1 FROM member g WHERE g.id IN (o.member_id, o.payer_id)
                          AND g.group_name IN ({among.texts(tx, "groups")}))"""
        )
    where = " OR ".join(f"({way})" for way in ways)
    rows = tx.all(f"SELECT DISTINCT o.payer_id FROM ({positions.book_sql(tx, as_of)}) o WHERE {where}", **values)
    return [payer_id for (payer_id,) in rows]


def _only_issued(due: Sequence[Reached], issued: Sequence[Reached], values: dict[str, object]) -> str:
    before = f"({_case('due_on', due, values, 'd')}) IS NULL AND " if due else ""
    return before + _not_had("issued_on", issued, values, "i")


def _case(column: str, steps: Sequence[Reached], values: dict[str, object], name: str) -> str:
    """The id of the latest step that the day in `column` has reached, as SQL; NULL for none."""
    whens = []
    for place, step in enumerate(steps):
        values[f"{name}_id{place}"], values[f"{name}_to{place}"] = step.step_id, step.last
        condition = f"o.{column} <= :{name}_to{place}"
        if step.first is not None:
            values[f"{name}_from{place}"] = step.first
            condition += f" AND o.{column} >= :{name}_from{place}"
        whens.append(f"WHEN {condition} THEN :{name}_id{place}")
    return f"CASE {' '.join(whens)} END"


def _not_had(column: str, steps: Sequence[Reached], values: dict[str, object], name: str) -> str:
    if not steps:
        return "1 = 0"
    case = _case(column, steps, values, name)
    return f"""({case}) IS NOT NULL AND NOT EXISTS (
                   SELECT 1 FROM step_item s
                   WHERE s.invoice_id = o.invoice_id AND s.step_id = ({case}) AND s.cancelled_at IS NULL)"""


_CONFIRMABLE = "p.kind = 'receipt' AND p.received_on > :since AND p.received_on <= :as_of"
# Money that came in a file may be years old: of that only what came from the day :begins on.
_BEGUN = """(p.received_on >= :begins
             OR NOT EXISTS (SELECT 1 FROM act WHERE act.id = p.act_id AND act.verb = 'import'))"""
_UNCONFIRMED = "NOT EXISTS (SELECT 1 FROM step_item s WHERE s.payment_id = p.id AND s.cancelled_at IS NULL)"


def unconfirmed_payers(tx: Tx, since: str, begins: str, as_of: str) -> list[int]:
    """Payers of whom money came after the day `since`, without a word about it yet; imported money from `begins` on."""
    rows = tx.all(
        f"""SELECT DISTINCT p.payer_id FROM payment p
           WHERE {_CONFIRMABLE} AND {_BEGUN} AND {_UNCONFIRMED}""",
        since=since,
        begins=begins,
        as_of=as_of,
    )
    return [payer_id for (payer_id,) in rows]


def unconfirmed_before(tx: Tx, since: str, begins: str, as_of: str) -> int:
    """How many imported payments after the day `since` are not confirmed because they came before `begins`."""
    count: int = tx.value(
        f"""SELECT count(*) FROM payment p
           WHERE {_CONFIRMABLE} AND NOT {_BEGUN} AND {_UNCONFIRMED}
             AND NOT EXISTS (SELECT 1 FROM payment b WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id)""",
        since=since,
        begins=begins,
        as_of=as_of,
    )
    return count


def promising_payers(tx: Tx, as_of: str) -> list[int]:
    """Payers who owe and whose promise was for a day before `as_of`."""
    rows = tx.all(
        """SELECT DISTINCT p.payer_id FROM promise p
           WHERE p.due_on < :as_of AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
             AND EXISTS (SELECT 1 FROM open_item o WHERE o.payer_id = p.payer_id AND o.currency = p.currency)""",
        as_of=as_of,
    )
    return [payer_id for (payer_id,) in rows]


def places(tx: Tx) -> list[tuple[str | None, str | None]]:
    """Every country and time zone members live in that is written down."""
    return [
        (row[0], row[1])
        for row in tx.all(
            "SELECT DISTINCT country, timezone FROM member WHERE country IS NOT NULL OR timezone IS NOT NULL"
        )
    ]


def people(tx: Tx, payers: str) -> dict[int, PersonRow]:
    """The payers themselves."""
    rows = tx.each(
        f"""SELECT id, number, name, language, country, timezone, group_name FROM member
            WHERE id IN ({among.ids(tx)})""",
        wanted=payers,
    )
    return {row[0]: PersonRow(*row) for row in rows}


def items(tx: Tx, payers: str, as_of: str) -> list[ItemRow]:
    """What the payers owe, by payer, currency and due day."""
    rows = tx.each(
        f"""SELECT o.payer_id, o.currency, o.invoice_id, i.number, o.member_id, o.issued_on, o.due_on, o.open_minor,
                   o.paid_minor, o.disputed, i.kind, i.description, i.total_minor, m.name, m.group_name
            FROM ({positions.open_sql(tx, as_of)}) o JOIN invoice i ON i.id = o.invoice_id
            JOIN member m ON m.id = o.member_id
            WHERE o.payer_id IN ({among.ids(tx)})
            ORDER BY o.payer_id, o.currency, coalesce(o.due_on, '9999-12-31'), o.invoice_id""",
        as_of=as_of,
        wanted=payers,
    )
    return [ItemRow._make(row) for row in rows]


def taken(tx: Tx, invoices: str, as_of: str, without: str) -> list[Row]:
    """(invoice, step, occurrence, day taken, action, state of its notice, since when, state of its task, since when).

    `without` lists notices that are looked at as pulled back.
    """
    return tx.all(
        f"""SELECT s.invoice_id, s.step_id, s.occurrence, t.taken_on, t.action, n.state, n.changed_at, k.state,
                   k.done_at
            FROM step_item s JOIN step_taken t ON t.id = s.step_taken_id
            LEFT JOIN notice n ON n.id = t.notice_id LEFT JOIN task k ON k.id = t.task_id
            WHERE s.invoice_id IN ({among.ids(tx)}) AND s.cancelled_at IS NULL AND t.taken_on <= :as_of
              AND coalesce(t.notice_id, 0) NOT IN ({among.ids(tx, "without")})""",
        wanted=invoices,
        as_of=as_of,
        without=without,
    )


def taken_for_promises(tx: Tx, payers: str, without: str) -> list[Row]:
    """(promise, step, state of its notice) of what was done about promises of the payers."""
    return tx.all(
        f"""SELECT s.promise_id, s.step_id, n.state FROM step_item s JOIN step_taken t ON t.id = s.step_taken_id
            LEFT JOIN notice n ON n.id = t.notice_id
            WHERE t.payer_id IN ({among.ids(tx)}) AND s.promise_id IS NOT NULL AND s.cancelled_at IS NULL
              AND coalesce(t.notice_id, 0) NOT IN ({among.ids(tx, "without")})""",
        wanted=payers,
        without=without,
    )


def holds(tx: Tx, payers: str, as_of: str) -> list[Row]:
    """(payer, kind, last day or None, invoice or None) of what holds on that day, the earliest written first."""
    return tx.all(
        f"""SELECT payer_id, kind, until_on, invoice_id FROM hold
            WHERE payer_id IN ({among.ids(tx)}) AND from_on <= :as_of AND (until_on IS NULL OR until_on >= :as_of)
              AND (lifted_on IS NULL OR lifted_on > :as_of)
            ORDER BY payer_id, id""",
        wanted=payers,
        as_of=as_of,
    )


def promises(tx: Tx, payers: str, as_of: str) -> list[Row]:
    """(id, payer, currency, amount, promised on, due on, paid since) of promises that stand, the oldest first."""
    return tx.all(
        f"""SELECT p.id, p.payer_id, p.currency, p.amount_minor, p.promised_on, p.due_on, {PROMISE_PAID}
            FROM promise p
            WHERE p.payer_id IN ({among.ids(tx)}) AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY p.promised_on, p.id""",
        wanted=payers,
        as_of=as_of,
    )


def notices(tx: Tx, payers: str, since: str, before: str, without: str) -> list[Row]:
    """(payer, origin, state, changed at, written at, day of its step) of notices written between two instants."""
    return tx.all(
        f"""SELECT n.payer_id, n.origin, n.state, n.changed_at, n.created_at,
                   (SELECT min(t.taken_on) FROM step_taken t WHERE t.notice_id = n.id)
            FROM notice n
            WHERE n.payer_id IN ({among.ids(tx)}) AND n.created_at >= :since AND n.created_at < :before
              AND {among.beside("n.state")} IN {CONTACTED} AND n.origin <> 'receipt'
              AND n.id NOT IN ({among.ids(tx, "without")})""",
        wanted=payers,
        since=since,
        before=before,
        without=without,
    )


def talks(tx: Tx, payers: str, since: str, before: str) -> list[Row]:
    """(payer, when, outcome) of conversations between two instants, the earliest first."""
    return tx.all(
        f"""SELECT payer_id, talked_at, outcome FROM talk
            WHERE payer_id IN ({among.ids(tx)}) AND talked_at >= :since AND talked_at < :before
              AND cancelled_at IS NULL
            ORDER BY talked_at, id""",
        wanted=payers,
        since=since,
        before=before,
    )


def receipts(tx: Tx, payers: str, since: str, begins: str, as_of: str, without: str) -> list[Row]:
    """(id, payer, currency, day, what of it was not returned, number) of money that came and was not confirmed.

    Days as for `unconfirmed_payers`.
    """
    return tx.all(
        f"""SELECT p.id, p.payer_id, p.currency, p.received_on, p.amount_minor + coalesce((
                       SELECT sum(b.amount_minor) FROM payment b
                       WHERE b.payer_id = p.payer_id AND b.reverses_id = p.id AND b.received_on <= :as_of), 0),
                   p.reference
            FROM payment p
            WHERE p.payer_id IN ({among.ids(tx)}) AND {_CONFIRMABLE}
              AND {_BEGUN}
              AND NOT EXISTS (SELECT 1 FROM step_item s JOIN step_taken t ON t.id = s.step_taken_id
                              WHERE s.payment_id = p.id AND s.cancelled_at IS NULL
                                AND coalesce(t.notice_id, 0) NOT IN ({among.ids(tx, "without")}))
            ORDER BY p.received_on, p.id""",
        wanted=payers,
        since=since,
        begins=begins,
        as_of=as_of,
        without=without,
    )


def laid(tx: Tx, payments: str, as_of: str) -> list[Row]:
    """(payment, invoice, its number and description, amount, whether it is the last) of where these payments lie."""
    return tx.all(
        f"""SELECT a.payment_id, a.invoice_id, i.number, i.description, sum(a.amount_minor),
                   max(a.id) = (SELECT max(b.id) FROM allocation b
                                WHERE b.invoice_id = a.invoice_id AND b.amount_minor > 0 AND b.effective_on <= :as_of)
            FROM allocation a JOIN invoice i ON i.id = a.invoice_id
            WHERE a.payment_id IN ({among.ids(tx)}) AND a.effective_on <= :as_of
            GROUP BY a.payment_id, a.invoice_id, i.number, i.description HAVING sum(a.amount_minor) > 0
            ORDER BY a.payment_id, a.invoice_id""",
        wanted=payments,
        as_of=as_of,
    )


def stamp(tx: Tx, before: int | None = None) -> tuple[int, int]:
    """Changes whenever anything does that the rule decides from: the latest act, the latest event of a notice.

    With `before` acts from that one on do not count.
    """
    row = tx.one(
        "SELECT (SELECT max(id) FROM act WHERE id < :before), (SELECT max(id) FROM notice_event)",
        before=2**62 if before is None else before,
    ) or (0, 0)
    return row[0] or 0, row[1] or 0
