"""The people behind a figure of the Dashboard: which, in what order, and what is known of those on a page.

The order is a list of payer ids: where the kept sums have it in order, the part that is looked at is read, else the
whole once. Rows are read for the page that is looked at. So a list of any length costs its page, and can be jumped to
at any place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from duesdesk.store.arrivals import NOT_REACHED, ids_in, ids_text
from duesdesk.store.database import Row, Tx
from duesdesk.store.figures import ITEMS, SUMS, open_sql
from duesdesk.store.positions import reversed_sql

UNPAID, PARTIAL, PENDING = "unpaid", "partial", "pending"
AMOUNT, DAYS, NAME, CONTACT = "amount", "days", "name", "contact"

# What of an open item belongs to a list.
_ITEMS = {
    UNPAID: "due_on < :as_of",
    PARTIAL: "paid_minor > 0",
    PENDING: "due_on BETWEEN :as_of AND :until",
}
_BALANCES = {UNPAID: "overdue_minor", PARTIAL: "partial_minor"}
_ORDERS = {
    AMOUNT: "d.owes_minor DESC, d.payer_id",
    DAYS: "d.due_on IS NULL, d.due_on, d.owes_minor DESC, d.payer_id",
    NAME: "m.name_folded, d.payer_id",
    CONTACT: "told.told_at IS NOT NULL, told.told_at, d.owes_minor DESC, d.payer_id",
}
_TOLD = f"""
    LEFT JOIN (SELECT payer_id, max(told_at) AS told_at FROM (
        SELECT payer_id, changed_at AS told_at FROM notice WHERE state IN ('sent', 'unsure')
        UNION ALL
        SELECT payer_id, talked_at FROM talk WHERE cancelled_at IS NULL AND outcome NOT IN {NOT_REACHED}) contacts
        GROUP BY payer_id) told ON told.payer_id = d.payer_id"""
_FILTERS = {
    "late_from": "d.due_on >= :late_from",
    "late_until": "d.due_on <= :late_until",
    "group": "lower(coalesce(m.group_name, '')) = :group",
    "with_email": "coalesce(m.email, '') <> ''",
    "without_email": "coalesce(m.email, '') = ''",
}

# A day as a range: SQLite would else read the whole day's list for every member, by the index that holds it.
_ON_DAY = "b.on_day BETWEEN :as_of AND :as_of"


class Wanted(NamedTuple):
    """Which people: those of a list (`UNPAID`, `PARTIAL`, `PENDING`) in one currency, filtered, in an order.

    `late_from` and `late_until` bound the oldest due day; `email` None takes everybody; `words` are folded and must
    all be found in name, number, e-mail, phone or card; `group` is in small letters.
    """

    kind: str
    currency: str
    order: str = AMOUNT
    late_from: str | None = None
    late_until: str | None = None
    words: tuple[str, ...] = ()
    group: str | None = None
    email: bool | None = None

    @property
    def is_plain(self) -> bool:
        """Whether everybody behind the figure is listed."""
        return not (self.late_from or self.late_until or self.words or self.group) and self.email is None


def is_by_sums(wanted: Wanted, base: str) -> bool:
    """Whether the kept sums stand in the order wanted already: any part of it, and any place in it, is at hand."""
    return base == SUMS and wanted.is_plain and wanted.order == AMOUNT and wanted.kind in _BALANCES


def place(tx: Tx, wanted: Wanted, payer_id: int) -> int | None:
    """How many stand before a payer in an order that `is_by_sums`; None when they are not in it."""
    column = _BALANCES[wanted.kind]
    values = {"currency": wanted.currency, "id": payer_id}
    owes = tx.value(f"SELECT {column} FROM payer_balance WHERE payer_id = :id AND currency = :currency", **values)
    if not owes:
        return None
    more = f"SELECT count(*) FROM payer_balance WHERE currency = :currency AND {column} > 0 AND {column}"
    before: int = tx.value(f"{more} > :owes", owes=owes, **values)
    beside: int = tx.value(f"{more} = :owes AND payer_id < :id", owes=owes, **values)
    return before + beside


def order(
    tx: Tx, wanted: Wanted, base: str, as_of: str, until: str, *, most: int | None = None, skip: int = 0
) -> list[int]:
    """The ids of the payers wanted, in order; with `most` only so many after the first `skip`."""
    limit = " LIMIT :most OFFSET :skip" if most is not None else ""
    if is_by_sums(wanted, base):
        column = _BALANCES[wanted.kind]
        rows = tx.all(
            f"""SELECT payer_id FROM payer_balance WHERE currency = :currency AND {column} > 0
                ORDER BY {column} DESC, payer_id{limit}""",
            currency=wanted.currency,
            most=most,
            skip=skip,
        )
        return [row[0] for row in rows]
    told = _TOLD if wanted.order == CONTACT else ""
    # The oldest day of every payer is read faster from the items than payer by payer.
    by_day = wanted.order == DAYS or wanted.late_from or wanted.late_until
    debts = _debts(wanted.kind, ITEMS if base == SUMS and by_day else base)
    rows = tx.all(
        f"""SELECT d.payer_id FROM ({debts}) d JOIN member m ON m.id = d.payer_id{told}
            WHERE {_conditions(wanted)} ORDER BY {_ORDERS[wanted.order]}{limit}""",
        as_of=as_of,
        until=until,
        most=most,
        skip=skip,
        **_values(wanted),
    )
    return [row[0] for row in rows]


def _debts(kind: str, base: str) -> str:
    """Payers with what they owe of this kind and its oldest due day."""
    if base == SUMS and kind in _BALANCES:
        return f"""
            SELECT b.payer_id, b.{_BALANCES[kind]} AS owes_minor,
                   (SELECT min(o.due_on) FROM open_item o
                    WHERE o.payer_id = b.payer_id AND o.currency = b.currency AND {_ITEMS[kind]}) AS due_on
            FROM payer_balance b WHERE b.currency = :currency AND b.{_BALANCES[kind]} > 0"""
    return f"""
        SELECT payer_id, sum(open_minor) AS owes_minor, min(due_on) AS due_on FROM ({open_sql(base)}) o
        WHERE currency = :currency AND {_ITEMS[kind]} GROUP BY payer_id"""


def _conditions(wanted: Wanted) -> str:
    parts = ["1 = 1"]
    parts += [sql for name, sql in _FILTERS.items() if name in _switched_on(wanted)]
    parts += [f"m.search LIKE :word{number} ESCAPE '!'" for number in range(len(wanted.words))]
    return " AND ".join(parts)


def _switched_on(wanted: Wanted) -> frozenset[str]:
    found = {name for name in ("late_from", "late_until", "group") if getattr(wanted, name)}
    if wanted.email is not None:
        found.add("with_email" if wanted.email else "without_email")
    return frozenset(found)


def _values(wanted: Wanted) -> dict[str, object]:
    words = {f"word{number}": f"%{like(word)}%" for number, word in enumerate(wanted.words)}
    return {
        "currency": wanted.currency,
        "late_from": wanted.late_from,
        "late_until": wanted.late_until,
        "group": wanted.group,
        **words,
    }


def like(word: str) -> str:
    """`word` as a part of a LIKE pattern with ESCAPE '!'."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def sums_of(
    tx: Tx, kind: str, currency: str, base: str, as_of: str, until: str, ids: Collection[int]
) -> dict[int, Row]:
    """By payer id: (payer id, sum, oldest due day, invoices, sum not disputed) of what these payers owe of a kind."""
    rows = tx.all(
        f"""SELECT payer_id, sum(open_minor), min(due_on), count(*), sum(CASE WHEN disputed THEN 0 ELSE open_minor END)
            FROM ({open_sql(base)}) o
            WHERE payer_id IN {ids_in(tx)} AND currency = :currency AND {_ITEMS[kind]} GROUP BY payer_id""",
        ids=ids_text(ids),
        currency=currency,
        as_of=as_of,
        until=until,
    )
    return {row[0]: row for row in rows}


def people(tx: Tx, ids: Collection[int], as_of: str) -> dict[int, Row]:
    """By payer id: (id, number, name, has e-mail, how many others they pay for, day of the last payment)."""
    rows = tx.all(
        f"""SELECT m.id, m.number, m.name, coalesce(m.email, '') <> '',
                   (SELECT count(*) FROM member c WHERE c.payer_id = m.id),
                   (SELECT max(p.received_on) FROM payment p
                    WHERE p.payer_id = m.id AND p.received_on <= :as_of AND p.kind = 'receipt'
                      AND NOT {reversed_sql("p.id")})
            FROM member m WHERE m.id IN {ids_in(tx)}""",
        ids=ids_text(ids),
        as_of=as_of,
    )
    return {row[0]: row for row in rows}


def visits(tx: Tx, ids: Collection[int], as_of: str) -> dict[int, tuple[str | None, str | None, str | None]]:
    """By payer id: (day of the last visit, time still expected today, time they came in today) over the household.

    A time is '' when a booking has none.
    """
    found: dict[int, tuple[str | None, str | None, str | None]] = {}
    for payer_id, last, coming, came in tx.each(
        f"""SELECT h.payer_id,
                   max((SELECT max(b.on_day) FROM booking b
                        WHERE b.member_id = h.id AND b.status = 'attended' AND b.on_day <= :as_of)),
                   min((SELECT min(coalesce(b.at_time, '')) FROM booking b
                        WHERE b.member_id = h.id AND {_ON_DAY} AND b.status = 'booked')),
                   max((SELECT max(coalesce(b.at_time, '')) FROM booking b
                        WHERE b.member_id = h.id AND {_ON_DAY} AND b.status = 'attended'))
            FROM (SELECT id, id AS payer_id FROM member WHERE id IN {ids_in(tx)}
                  UNION ALL SELECT id, payer_id FROM member WHERE payer_id IN {ids_in(tx)}) h
            GROUP BY h.payer_id""",
        ids=ids_text(ids),
        as_of=as_of,
    ):
        found[payer_id] = (last, coming, came)
    return found


class Contacts(NamedTuple):
    """The last talk (instant, channel, outcome, next day) and notice sent (instant, channel), and a waiting one.

    Instants are UTC text; `told_at` is the last contact that reached the payer, `waiting_at` when the next notice
    leaves.
    """

    talk: tuple[str, str, str, str | None] | None = None
    notice: tuple[str, str] | None = None
    told_at: str | None = None
    waiting_at: str | None = None


def contacts(tx: Tx, ids: Collection[int], end: str) -> Mapping[int, Contacts]:
    """By payer id: what was said and written up to the instant `end`; payers never spoken to are missing."""
    listed = ids_text(ids)
    found: dict[int, Contacts] = {}
    for payer_id, at, channel, outcome, next_on in tx.each(
        f"""SELECT payer_id, talked_at, channel, outcome, next_on FROM talk
            WHERE payer_id IN {ids_in(tx)} AND cancelled_at IS NULL AND talked_at < :end ORDER BY talked_at, id""",
        ids=listed,
        end=end,
    ):
        before = found.get(payer_id, Contacts())
        told_at = before.told_at if outcome in NOT_REACHED else at
        found[payer_id] = before._replace(talk=(at, channel, outcome, next_on), told_at=told_at)
    for payer_id, state, channel, changed_at, send_after in tx.each(
        f"""SELECT payer_id, state, channel, changed_at, send_after FROM notice
            WHERE payer_id IN {ids_in(tx)} AND created_at < :end AND state NOT IN ('cancelled', 'failed')
            ORDER BY changed_at, id""",
        ids=listed,
        end=end,
    ):
        before = found.get(payer_id, Contacts())
        if state in ("sent", "unsure"):
            told_at = max(before.told_at or "", changed_at)
            found[payer_id] = before._replace(notice=(changed_at, channel), told_at=told_at)
        elif before.waiting_at is None or send_after < before.waiting_at:
            found[payer_id] = before._replace(waiting_at=send_after)
    return found


def payer_id_of(tx: Tx, number: str) -> int | None:
    """The id behind a member number."""
    identity: int | None = tx.value("SELECT id FROM member WHERE number = :number", number=number)
    return identity
