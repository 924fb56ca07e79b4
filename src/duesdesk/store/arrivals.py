"""Reading who comes: the bookings of a day or more, and what the payers of those people owe.

Who owes at all is known of everybody who comes; how much since when, and what is known of those who owe (contacts,
promises, history), is asked for the payers that are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from operator import itemgetter

from duesdesk.domain import promises
from duesdesk.domain.arrivals import About, Booked, Debt, Owes, Owing, Promised
from duesdesk.store import among, figures
from duesdesk.store.database import Row, Tx
from duesdesk.store.positions import DUE_DAY, OPEN_COMPUTED, OPEN_PROJECTED

_BOOKINGS = """
    SELECT b.id, b.on_day, b.at_time, b.activity, b.status, b.checked_in_at, m.number, m.name,
           coalesce(m.payer_id, m.id), p.number, p.name
    FROM booking b JOIN member m ON m.id = b.member_id LEFT JOIN member p ON p.id = m.payer_id
    WHERE b.on_day BETWEEN :first AND :last"""

# What came from the payer of promise `p` since it was made, up to its day and not after :as_of. What went back of a
# payment was not paid; the payer's own index finds it.
PROMISE_PAID = """
    coalesce((SELECT sum(x.amount_minor + coalesce((
        SELECT sum(back.amount_minor) FROM payment back
        WHERE back.payer_id = x.payer_id AND back.reverses_id = x.id AND back.received_on <= :as_of), 0))
     FROM payment x
     WHERE x.payer_id = p.payer_id AND x.currency = p.currency AND x.kind = 'receipt'
       AND x.received_on <= p.due_on AND x.received_on <= :as_of
       AND (x.received_on > p.promised_on OR x.received_on = p.promised_on AND x.recorded_at >= p.recorded_at)), 0)"""

# Outcomes of a talk in which nobody was reached: they do not count as having been told.
NOT_REACHED = ("no_answer", "call_back")
_ID_COLUMN, _DAY_COLUMN, _TIME_COLUMN, _NAME_COLUMN = 0, 1, 2, 7
_IN_TURN = itemgetter(_DAY_COLUMN, _TIME_COLUMN, _NAME_COLUMN, _ID_COLUMN)
# As `_make`, which is a Python function: thousands come on one day.
_BOOKED, _OWES = partial(tuple.__new__, Booked), partial(tuple.__new__, Owes)


def ids_in(tx: Tx) -> str:
    """The JSON list in :ids as rows of one column, `id`, also the right side of an `IN`; for both engines."""
    if tx.postgres:
        return "(SELECT CAST(one AS bigint) AS id FROM json_array_elements_text(CAST(:ids AS json)) AS listed(one))"
    return "(SELECT value AS id FROM json_each(:ids))"


def ids_text(ids: Iterable[int]) -> str:
    """Whole numbers as a JSON list, for the parameter :ids of `ids_in`."""
    return f"[{','.join(map(str, ids))}]"


def _open(tx: Tx, as_of: str) -> str:
    """Open items as of a day: the projection where it tells the truth for that day, else the ledger."""
    moved_through = tx.value("SELECT moved_through FROM ledger_state WHERE id = 1")
    return OPEN_PROJECTED if moved_through is None or as_of >= moved_through else OPEN_COMPUTED


def booked(tx: Tx, first: str, last: str) -> list[Booked]:
    """Everyone booked from `first` to `last` (ISO days): by day and time, those without a time last, then by name."""
    rows = tx.all(_BOOKINGS, first=first, last=last)
    if all(map(itemgetter(_TIME_COLUMN), rows)):
        rows.sort(key=_IN_TURN)
    else:
        # Without a time somebody comes at any time: behind the others of the day.
        rows.sort(key=lambda row: (row[_DAY_COLUMN], row[_TIME_COLUMN] or "~", row[_NAME_COLUMN], row[_ID_COLUMN]))
    return list(map(_BOOKED, rows))


def owing_of(tx: Tx, payer_ids: Collection[int], as_of: str) -> Owing:
    """Which of these payers owe at the end of `as_of`, and which of those have promised or agreed upon something."""
    # Few have promised something: they are asked for first.
    rows = tx.all(
        "SELECT DISTINCT payer_id FROM promise WHERE cancelled_on IS NULL OR cancelled_on > :as_of", as_of=as_of
    )
    ever = {payer_id for (payer_id,) in rows}
    promised = promises_of(tx, ever.intersection(payer_ids), as_of)
    agreed = _agreed(tx, as_of).intersection(payer_ids)
    return Owing(_owed(tx, payer_ids, as_of), frozenset(debts_of(tx, agreed.union(promised), as_of)))


def _agreed(tx: Tx, as_of: str) -> set[int]:
    """Payers of plans and settlements that are neither done, kept nor cancelled: in force, proposed, broken, missed."""
    rows = tx.all(
        """SELECT DISTINCT g.payer_id FROM agreement g
           WHERE g.agreed_on <= :as_of AND coalesce((
               SELECT e.kind FROM agreement_event e WHERE e.agreement_id = g.id AND e.effective_on <= :as_of
               ORDER BY e.id DESC LIMIT 1), '') NOT IN ('done', 'kept', 'cancelled')""",
        as_of=as_of,
    )
    return {payer_id for (payer_id,) in rows}


def _owed(tx: Tx, payer_ids: Collection[int], as_of: str) -> list[Owes]:
    base = figures.basis(tx, as_of)
    if base == figures.SUMS:
        # A join, which walks through the list: a quarter quicker than an IN.
        owed = f"""SELECT b.payer_id, b.currency, b.overdue_minor AS late_minor, b.partial_minor
                   FROM {ids_in(tx)} listed JOIN payer_balance b ON b.payer_id = listed.id"""
    else:
        owed = f"""SELECT payer_id, currency,
                          coalesce(sum(open_minor) FILTER (WHERE {DUE_DAY} < :as_of), 0) AS late_minor,
                          coalesce(sum(open_minor) FILTER (WHERE paid_minor > 0), 0) AS partial_minor
                   FROM ({figures.open_sql(base)}) o WHERE payer_id IN {ids_in(tx)} GROUP BY payer_id, currency"""
    rows = tx.all(
        f"""SELECT payer_id, currency, late_minor, partial_minor FROM ({owed}) owed
            WHERE late_minor > 0 OR partial_minor > 0""",
        as_of=as_of,
        ids=ids_text(payer_ids),
    )
    return list(map(_OWES, rows))


def invoices_of(tx: Tx, payer_id: int, as_of: str, most: int) -> list[Row]:
    """What a payer owes: number, description, name, currency, open, paid, due day, disputed; the oldest first."""
    return tx.all(
        f"""SELECT i.number, i.description, m.name, o.currency, o.open_minor, o.paid_minor, o.due_on, o.disputed
            FROM ({_open(tx, as_of)}) o JOIN invoice i ON i.id = o.invoice_id JOIN member m ON m.id = o.member_id
            WHERE o.payer_id = :payer_id
            ORDER BY coalesce(o.due_on, '9999-12-31'), o.issued_on, o.invoice_id LIMIT :most""",
        as_of=as_of,
        payer_id=payer_id,
        most=most,
    )


def debts_of(tx: Tx, payer_ids: Collection[int], as_of: str) -> dict[int, tuple[Debt, ...]]:
    """What each of these payers owes at the end of `as_of`, per currency; payers who owe nothing are missing."""
    if not payer_ids:
        return {}
    found: dict[int, tuple[Debt, ...]] = {}
    late, later = f"FILTER (WHERE {DUE_DAY} < :as_of)", f"FILTER (WHERE {DUE_DAY} >= :as_of)"
    for payer_id, *sums, disputed in tx.each(
        f"""SELECT payer_id, currency, coalesce(sum(open_minor) {late}, 0), sum(open_minor), count(*) {late},
                   min(due_on) {late}, coalesce(sum(open_minor) FILTER (WHERE paid_minor > 0), 0), sum(paid_minor),
                   min(due_on) {later}, max(CASE WHEN disputed THEN 1 ELSE 0 END)
            FROM ({_open(tx, as_of)}) o WHERE payer_id IN {ids_in(tx)}
            GROUP BY payer_id, currency ORDER BY payer_id, currency""",
        as_of=as_of,
        ids=ids_text(payer_ids),
    ):
        found[payer_id] = (*found.get(payer_id, ()), Debt._make((*sums, bool(disputed))))
    return found


def known_of(tx: Tx, debts: dict[int, tuple[Debt, ...]], as_of: str, *, end_of_day: str) -> dict[int, About]:
    """What is known of the payers who owe: contacts, promises, and whether they were ever late before."""
    if not debts:
        return {}
    ids = ids_text(debts)
    told, says_paid = _told(tx, debts, ids, end_of_day)
    promised = promises_of(tx, debts, as_of)
    plain = [
        payer_id
        for payer_id, owed in debts.items()
        if payer_id not in told and payer_id not in promised and _is_one_late(owed)
    ]
    late_before = _late_before(tx, plain, as_of)
    return {
        payer_id: About(
            told.get(payer_id, 0),
            promised.get(payer_id),
            payer_id in says_paid,
            _is_one_late(owed) and payer_id not in told and payer_id not in promised and payer_id not in late_before,
        )
        for payer_id, owed in debts.items()
    }


def _is_one_late(owed: tuple[Debt, ...]) -> bool:
    return sum(debt.unpaid_invoices for debt in owed) == 1 and not any(debt.paid_minor for debt in owed)


def _told(tx: Tx, debts: dict[int, tuple[Debt, ...]], ids: str, end_of_day: str) -> tuple[dict[int, int], set[int]]:
    """How often each payer was told since their oldest due day, and whose last talk ended with "I have paid"."""
    oldest = {
        payer_id: min((debt.oldest_due for debt in owed if debt.oldest_due), default=None)
        for payer_id, owed in debts.items()
    }
    told: dict[int, int] = {}
    last: dict[int, str] = {}
    for payer_id, at, outcome in tx.each(
        f"""SELECT payer_id, created_at AS told_at, '' AS outcome FROM notice
            WHERE asks_for_money AND {among.beside("state")} IN ('sent', 'unsure') AND created_at < :end
              AND payer_id IN {ids_in(tx)}
            UNION ALL
            SELECT payer_id, talked_at, outcome FROM talk
            WHERE cancelled_at IS NULL AND talked_at < :end AND payer_id IN {ids_in(tx)}
            ORDER BY told_at""",
        end=end_of_day,
        ids=ids,
    ):
        since = oldest[payer_id]
        if outcome:
            last[payer_id] = outcome
        if since is not None and at >= since and outcome not in NOT_REACHED:
            told[payer_id] = told.get(payer_id, 0) + 1
    return told, {payer_id for payer_id, outcome in last.items() if outcome == "says_paid"}


def promises_of(tx: Tx, payer_ids: Collection[int], as_of: str) -> dict[int, Promised]:
    """The promise that counts of each payer: the nearest open one, else the last one when it was broken."""
    day = date.fromisoformat(as_of)
    opened: dict[int, Promised] = {}
    last: dict[int, Promised] = {}
    for payer_id, currency, amount_minor, due_on, paid_minor in tx.each(
        f"""SELECT p.payer_id, p.currency, p.amount_minor, p.due_on, {PROMISE_PAID}
            FROM promise p
            WHERE p.payer_id IN {ids_in(tx)} AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY p.promised_on, p.id""",
        as_of=as_of,
        ids=ids_text(payer_ids),
    ):
        state = promises.state(amount_minor, date.fromisoformat(due_on), paid_minor, day)
        one = Promised(currency, amount_minor, due_on, state)
        last[payer_id] = one
        if state == promises.OPEN and (payer_id not in opened or due_on < opened[payer_id].due_on):
            opened[payer_id] = one
    broken = {payer_id: one for payer_id, one in last.items() if one.state == promises.BROKEN}
    return {**broken, **opened}


def _late_before(tx: Tx, payer_ids: Collection[int], as_of: str) -> set[int]:
    """Those of these payers who once paid an invoice after its due day."""
    if not payer_ids:
        return set()
    rows = tx.all(
        f"""SELECT DISTINCT i.payer_id FROM invoice i
            WHERE i.payer_id IN {ids_in(tx)} AND i.due_on < :as_of
              AND EXISTS (SELECT 1 FROM allocation a WHERE a.invoice_id = i.id AND a.amount_minor > 0
                          AND a.effective_on > i.due_on AND a.effective_on <= :as_of)""",
        as_of=as_of,
        ids=ids_text(payer_ids),
    )
    return {payer_id for (payer_id,) in rows}
