"""What became of every invoice, read once for as many past days as are asked about."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from duesdesk.domain import promises
from duesdesk.domain.forecast.arriving import LOOKED_AT, Came
from duesdesk.domain.forecast.courses import Befell, Course, Settled, settlings
from duesdesk.domain.forecast.expected import PLANNED, PROMISED, Agreed
from duesdesk.store import agreed
from duesdesk.store.among import ids, listed
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Tx
from duesdesk.store.positions import as_compared

Moves = list[tuple[int, int, bool]]


class Book(NamedTuple):
    """The invoices issued by a day: `settled` by the day it happened, and the courses of those open since `since`.

    `laid` is the money laid on invoices by (currency, day, day of issue) from the day `money_since` on.
    """

    settled: defaultdict[int, list[Settled]]
    courses: list[Course]
    laid: dict[tuple[str, int, int], int]


class Days(dict[str, int]):
    """Days of the store as ordinals, each read once."""

    def __missing__(self, text: str) -> int:
        found = self[text] = date.fromisoformat(text).toordinal()
        return found


# Two long walks in the order of the invoices, side by side, cost half of one that joins them.
_INVOICES = f"""
    SELECT id, payer_id, currency, issued_on, due_on, total_minor FROM invoice
    WHERE {as_compared("issued_on")} <= :as_of AND NOT draft ORDER BY id"""
_MONEY = f"""
    SELECT invoice_id, effective_on, amount_minor FROM allocation
    WHERE {as_compared("effective_on")} <= :as_of ORDER BY invoice_id, effective_on"""
# Whatever was lowered without money, moved, contested, void or a draft, or of which money was taken back.
_TOUCHED = """
    SELECT invoice_id FROM invoice_event UNION SELECT invoice_id FROM credit UNION SELECT id FROM invoice WHERE draft
    UNION SELECT invoice_id FROM allocation WHERE reverses_id IS NOT NULL"""


def read(tx: Tx, as_of: date, since: date, money_since: date = date.max) -> Book:
    """Every invoice as it can be told at the end of `as_of`, for any day from `since` to it."""
    days, book = Days(), Book(defaultdict(list), [], {})
    touched = [identity for (identity,) in tx.each(_TOUCHED)]
    apart, looked_at, money_day = set(touched), since.toordinal(), money_since.toordinal()
    settled, laid, add = book.settled, book.laid, book.courses.append
    money = tx.all(_MONEY, as_of=as_of.isoformat())
    place, end = 0, len(money)
    for identity, payer_id, currency, issued_on, due_on, total, *_ in tx.each(_INVOICES, as_of=as_of.isoformat()):
        start, due = days[issued_on], days[due_on] if due_on else None
        while place < end and money[place][0] < identity:
            place += 1
        paid = before = day = 0
        later: Moves = []
        while place < end and money[place][0] == identity:
            _invoice_id, on, minor = money[place]
            place += 1
            day = days[on]
            paid += minor
            if day <= looked_at:
                before += minor
            else:
                later.append((day, minor, True))
            if day >= money_day:
                key = currency, day, start
                laid[key] = laid.get(key, 0) + minor
        if identity in apart:
            continue
        if paid >= total:
            if due is not None and day:
                settled[day].append((payer_id, day - due, False, 0))
            if not later and paid:
                continue
        add(Course(identity, payer_id, currency, start, due, total, before, tuple(later)))
    for course in _touched(tx, touched, as_of.isoformat(), days):
        add(course)
        for day, one in settlings(course):
            settled[day].append(one)
    return book


def _touched(tx: Tx, touched: list[int], as_of: str, days: Days) -> list[Course]:
    """The courses of the few invoices that go the long way."""
    if not touched:
        return []
    wanted = {"wanted": listed(touched), "as_of": as_of}
    befell: dict[int, list[Befell]] = {}
    issued: dict[int, int] = {}
    for invoice_id, kind, on, due_on in tx.each(
        f"""SELECT invoice_id, kind, effective_on, due_on FROM invoice_event
            WHERE invoice_id IN ({ids(tx)}) AND effective_on <= :as_of ORDER BY invoice_id, effective_on, id""",
        **wanted,
    ):
        if kind == "issued":
            issued.setdefault(invoice_id, days[on])
        befell.setdefault(invoice_id, []).append(Befell(days[on], kind, days[due_on] if due_on else None))
    moves: dict[int, Moves] = {}
    for invoice_id, on, minor, is_money, _id in tx.each(
        f"""SELECT invoice_id, effective_on, amount_minor, 1, id FROM allocation
            WHERE invoice_id IN ({ids(tx)}) AND effective_on <= :as_of
            UNION ALL
            SELECT invoice_id, effective_on, amount_minor, 0, id FROM credit
            WHERE invoice_id IN ({ids(tx)}) AND effective_on <= :as_of
            ORDER BY 1, 2, 4, 5""",
        **wanted,
    ):
        moves.setdefault(invoice_id, []).append((days[on], minor, bool(is_money)))
    found = []
    for identity, payer_id, currency, issued_on, due_on, total, draft in tx.each(
        f"""SELECT id, payer_id, currency, issued_on, due_on, total_minor, draft FROM invoice
            WHERE id IN ({ids(tx)}) AND issued_on <= :as_of ORDER BY id""",
        **wanted,
    ):
        start = days[issued_on]
        if draft:
            if identity not in issued:
                continue
            start = max(start, issued[identity])
        due = days[due_on] if due_on else None
        course = Course(identity, payer_id, currency, start, due, total, 0, tuple(moves.get(identity, ())))
        found.append(course._replace(befell=tuple(befell.get(identity, ()))))
    return found


def promised(tx: Tx, as_of: date) -> list[Agreed]:
    """What is still to come of the promises that stand at the end of the day."""
    found = []
    for payer_id, currency, amount_minor, due_on, paid_minor in tx.each(
        f"""SELECT p.payer_id, p.currency, p.amount_minor, p.due_on, {PROMISE_PAID}
            FROM promise p
            WHERE p.due_on >= :as_of AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY p.due_on, p.id""",
        as_of=as_of.isoformat(),
    ):
        due = date.fromisoformat(due_on)
        if promises.state(amount_minor, due, paid_minor, as_of) == promises.OPEN:
            found.append(Agreed(PROMISED, payer_id, currency, due.toordinal(), amount_minor - paid_minor))
    return found


def planned(tx: Tx, as_of: date) -> list[Agreed]:
    """What is still to come of the plans and settlements in force at the end of the day: by part and invoice."""
    return [
        Agreed(PLANNED, one.row.payer_id, one.row.currency, due_on.toordinal(), minor, invoice_id)
        for one in agreed.in_force(tx, None, as_of)
        for due_on, invoice_id, minor in agreed.still_to_come(one, as_of)
    ]


def money_since(since: date, weeks: int) -> date:
    """The first day of money that is looked at to tell what was usual at `since` over so many weeks."""
    return date.fromordinal(max(1, since.toordinal() - 7 * (LOOKED_AT + weeks + 1)))


def came(tx: Tx, book: Book, as_of: date, first: date) -> dict[str, list[Came]]:
    """The money of each day from `first` on by currency, with the day its invoice was issued.

    What lies on no invoice is on account. `book` was read with the same first day.
    """
    found: dict[str, list[Came]] = {}
    on_account: dict[tuple[str, int], int] = {}
    for (currency, day, issued), minor in book.laid.items():
        found.setdefault(currency, []).append(Came(day, issued, minor))
        on_account[currency, day] = on_account.get((currency, day), 0) - minor
    for currency, on, minor in tx.each(
        """SELECT currency, received_on, sum(amount_minor) FROM payment
           WHERE received_on BETWEEN :first AND :as_of GROUP BY currency, received_on""",
        first=first.isoformat(),
        as_of=as_of.isoformat(),
    ):
        day = date.fromisoformat(on).toordinal()
        on_account[currency, day] = on_account.get((currency, day), 0) + int(minor)
    for (currency, day), minor in on_account.items():
        if minor:
            found.setdefault(currency, []).append(Came(day, None, minor))
    return found


def first_money(tx: Tx) -> date | None:
    """The first day on which any money came."""
    text = tx.value("SELECT min(received_on) FROM payment")
    return date.fromisoformat(text) if text else None
