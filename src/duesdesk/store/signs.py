"""What early signs are read from: invoices and when they were paid, broken promises, debits that came back, visits."""

from __future__ import annotations

from datetime import date, timedelta
from operator import attrgetter

from duesdesk.domain import promises
from duesdesk.domain.forecast.courses import Course, at, settlings
from duesdesk.domain.signs import (
    AGREED_DAYS,
    VISIT_DAYS,
    VISIT_WINDOWS,
    Bill,
    Facts,
    Promise,
    Returned,
    Visits,
)
from duesdesk.store import courses
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Tx
from duesdesk.store.positions import reversed_sql

HISTORY_DAYS = 400
"""How far back invoices are looked at."""
BILLED_DAYS = 90
"""Who was billed nothing for so long, and owes nothing, is no payer any more."""

Payer = tuple[int, str]
"""Id and currency."""


def read(tx: Tx, as_of: date) -> dict[Payer, Facts]:
    """The facts of everybody who is billed or owes at the end of the day, per currency."""
    today = as_of.toordinal()
    bills = _bills(courses.read(tx, as_of, as_of - timedelta(days=HISTORY_DAYS)).courses, today)
    broken, returned, visits = _broken(tx, as_of), _returned(tx, as_of), _visits(tx, as_of)
    found = {}
    for (payer_id, currency), of in bills.items():
        of.sort(key=attrgetter("due", "invoice_id"))
        if of[-1].due < today - BILLED_DAYS and not any(bill.open_minor for bill in of):
            continue
        found[payer_id, currency] = Facts(
            tuple(of),
            tuple(broken.get((payer_id, currency), ())),
            tuple(returned.get((payer_id, currency), ())),
            visits.get(payer_id),
        )
    return found


def _bills(of: list[Course], today: int) -> dict[Payer, list[Bill]]:
    found: dict[Payer, list[Bill]] = {}
    for course in of:
        bill = bill_of(course, today)
        if bill is not None:
            found.setdefault((course.payer_id, course.currency), []).append(bill)
    return found


def bill_of(course: Course, today: int) -> Bill | None:
    """The invoice as it stands at the end of the day; None without a due day, void, no invoice yet, or never paid for.

    What was lowered without money alone tells nothing of how somebody pays.
    """
    if not course.befell and course.due is not None and course.moves:
        rest = course.total_minor - course.before_minor - sum(move[1] for move in course.moves)
        if rest == 0 and len(course.moves) == 1 and course.moves[0][2]:
            return Bill(course.invoice_id, course.due, course.moves[0][0], 0)
    item = at(course, today)
    if item is not None:
        if item.due is None:
            return None
        return Bill(course.invoice_id, item.due, None, item.open_minor, item.disputed)
    settled = [(day, one) for day, one in settlings(course) if day <= today]
    if not settled or settled[-1][1][3]:
        return None
    day, (_payer, delay, _disputed, _again) = settled[-1]
    return Bill(course.invoice_id, day - delay, day, 0)


def _broken(tx: Tx, as_of: date) -> dict[Payer, list[Promise]]:
    found: dict[Payer, list[Promise]] = {}
    for payer_id, currency, amount_minor, due_on, paid_minor in tx.each(
        f"""SELECT p.payer_id, p.currency, p.amount_minor, p.due_on, {PROMISE_PAID}
            FROM promise p
            WHERE p.due_on BETWEEN :first AND :as_of AND p.promised_on <= :as_of
              AND (p.cancelled_on IS NULL OR p.cancelled_on > :as_of)
            ORDER BY p.due_on, p.id""",
        first=(as_of - timedelta(days=AGREED_DAYS)).isoformat(),
        as_of=as_of.isoformat(),
    ):
        due = date.fromisoformat(due_on)
        if promises.state(amount_minor, due, paid_minor, as_of) == promises.BROKEN:
            one = Promise(due.toordinal(), amount_minor, int(paid_minor))
            found.setdefault((payer_id, currency), []).append(one)
    return found


def _returned(tx: Tx, as_of: date) -> dict[Payer, list[Returned]]:
    """Direct debits that were taken back whole. One that was no slip is told once, however often it was tried."""
    found: dict[Payer, list[Returned]] = {}
    for payer_id, currency, reference, on, amount_minor in tx.each(
        f"""SELECT r.payer_id, r.currency, r.reference, max(back.received_on), r.amount_minor
            FROM payment back JOIN payment r ON r.id = back.reverses_id
            WHERE back.received_on BETWEEN :first AND :as_of AND back.kind = 'reversal' AND r.method = 'direct_debit'
              AND {reversed_sql("r.id", "b.received_on <= :as_of")}
            GROUP BY r.id, r.payer_id, r.currency, r.reference, r.amount_minor
            ORDER BY max(back.received_on), r.id""",
        first=(as_of - timedelta(days=AGREED_DAYS)).isoformat(),
        as_of=as_of.isoformat(),
    ):
        one = Returned(reference, date.fromisoformat(on).toordinal(), amount_minor)
        found.setdefault((payer_id, currency), []).append(one)
    return found


def _visits(tx: Tx, as_of: date) -> dict[int, Visits]:
    """Of each household, those who rest or have left apart: they do not come for a reason that is known."""
    recent = as_of - timedelta(days=VISIT_DAYS)
    rows = tx.each(
        """SELECT coalesce(m.payer_id, m.id), sum(CASE WHEN b.on_day > :recent THEN 1 ELSE 0 END),
                  sum(CASE WHEN b.on_day <= :recent THEN 1 ELSE 0 END), max(b.on_day)
           FROM booking b JOIN member m ON m.id = b.member_id
           WHERE b.on_day > :first AND b.on_day <= :as_of AND (b.status = 'attended' OR b.checked_in_at IS NOT NULL)
             AND m.status NOT IN ('left', 'frozen') AND (m.left_on IS NULL OR m.left_on > :as_of)
             AND NOT EXISTS (SELECT 1 FROM membership s JOIN membership_freeze f ON f.membership_id = s.id
                             WHERE s.member_id = m.id AND f.cancelled_at IS NULL AND f.from_on <= :as_of
                               AND (f.until_on IS NULL OR f.until_on > :recent))
           GROUP BY coalesce(m.payer_id, m.id)""",
        recent=recent.isoformat(),
        first=(recent - timedelta(days=VISIT_DAYS * VISIT_WINDOWS)).isoformat(),
        as_of=as_of.isoformat(),
    )
    return {
        payer_id: Visits(int(since), int(before), date.fromisoformat(last).toordinal())
        for payer_id, since, before, last in rows
    }
