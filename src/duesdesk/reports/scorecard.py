"""The scorecard: what each step of the rule brought, and what would have come anyway.

For every step that was taken in the window: how many people and invoices, what was asked, and what of that came within
seven days after it was sent. Beside it what came in the seven days before invoices reach the step, as a share of what
was open then: as much would have come of what was asked without the step. The difference is what the step did.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Tx

MOST_DAYS = 3660
WITHIN_DAYS = 7


class ScorecardRow(NamedTuple):
    """One step. `came` is what was paid of `asked` within seven days, `anyway` what would have come without it."""

    step: str
    action: str
    times: int
    people: int
    invoices: int
    asked_minor: int
    came_minor: int
    came_percent: int
    anyway_minor: int
    anyway_percent: int
    lift_minor: int


@dataclass(frozen=True, slots=True)
class ScorecardIn:
    """One currency, in the order in which steps come."""

    currency: str
    times: int
    asked_minor: int
    came_minor: int
    anyway_minor: int
    rows: tuple[ScorecardRow, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Steps taken from `from_on` to `to_on` whose seven days had passed by `as_of`."""

    as_of: date
    from_on: date
    to_on: date
    currencies: tuple[ScorecardIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, ScorecardRow) for one in self.currencies)


# Steps for invoices: what never left is no step that could have brought anything.
_TAKEN = """
    SELECT s.currency, i.step_id, s.action, s.event, s.id, s.payer_id, i.invoice_id, i.open_minor, s.taken_on,
           i.counted_from
    FROM step_taken s JOIN step_item i ON i.step_taken_id = s.id
    LEFT JOIN notice n ON n.id = s.notice_id
    WHERE i.invoice_id IS NOT NULL AND i.cancelled_at IS NULL AND s.taken_on BETWEEN :first AND :last
      AND s.event IN ('issued', 'due') AND (n.id IS NULL OR n.state = 'sent')
    ORDER BY s.id, i.id"""
_PAID = """
    SELECT invoice_id, effective_on, sum(amount_minor) FROM allocation
    WHERE effective_on BETWEEN :first AND :last GROUP BY invoice_id, effective_on"""
# Invoices that could have come to a step in the window, with what lies on each by day; credits lower what was open.
_POPULATION = """
    SELECT i.id, i.currency, i.issued_on, coalesce(i.due_on, ''), i.total_minor FROM invoice i
    WHERE (i.issued_on BETWEEN :first AND :last OR i.due_on BETWEEN :first AND :last) AND NOT i.draft
      AND NOT EXISTS (SELECT 1 FROM invoice_event v WHERE v.invoice_id = i.id AND v.kind = 'voided')"""
_LOWERED = """
    SELECT m.invoice_id, m.effective_on, m.amount_minor, m.is_money
    FROM (SELECT invoice_id, effective_on, amount_minor, 1 AS is_money FROM allocation
          UNION ALL SELECT invoice_id, effective_on, amount_minor, 0 FROM credit) m
    JOIN invoice i ON i.id = m.invoice_id
    WHERE i.issued_on BETWEEN :first AND :last OR i.due_on BETWEEN :first AND :last"""

StepKey = tuple[str, str, str]
"""Currency, step and action."""


class _Item(NamedTuple):
    """An invoice a step was taken for."""

    event: str
    step_taken_id: int
    payer_id: int
    invoice_id: int
    open_minor: int
    taken_on: date
    counted_from: date


class _Invoice(NamedTuple):
    """An invoice of the population, with (day, amount, whether it was money) of what lowered it."""

    currency: str
    issued_on: date
    due_on: date | None
    total_minor: int
    moves: list[tuple[date, int, bool]]


def read(tx: Tx, ask: Ask) -> Scorecard:
    """The report; `window` is how many days back steps count. Raises WrongUsage for a window below one day."""
    if not 1 <= ask.window_days <= MOST_DAYS:
        raise WrongUsage("window-out-of-bounds", days=ask.window_days, most=MOST_DAYS)
    # A step of yesterday has not had its seven days.
    last = ask.as_of - timedelta(days=WITHIN_DAYS)
    first = last - timedelta(days=ask.window_days - 1)
    taken: dict[StepKey, list[_Item]] = {}
    for currency, step, action, event, *ids, open_minor, taken_on, counted_from in tx.all(
        _TAKEN, first=first.isoformat(), last=last.isoformat()
    ):
        step_taken_id, payer_id, invoice_id = ids
        days = date.fromisoformat(taken_on), date.fromisoformat(counted_from)
        item = _Item(event, step_taken_id, payer_id, invoice_id, open_minor, *days)
        taken.setdefault((currency, step, action), []).append(item)
    if not taken:
        return Scorecard(ask.as_of, first, last, ())
    paid = _paid(tx, first, ask.as_of)
    offsets = {key: _usual_days(items) for key, items in taken.items()}
    population = _population(tx, first - timedelta(days=max(0, *offsets.values())), last + timedelta(days=60))
    rows: dict[str, list[tuple[int, ScorecardRow]]] = {}
    for key, items in taken.items():
        currency = key[0]
        # An item may have been told of in the notice of another step; most were told in their own.
        event = Counter(item.event for item in items).most_common(1)[0][0]
        share = _share_before(population, currency, event, offsets[key], first, last)
        rows.setdefault(currency, []).append((offsets[key], _row(key, items, paid, share)))
    return Scorecard(ask.as_of, first, last, tuple(_in(currency, found) for currency, found in sorted(rows.items())))


def _paid(tx: Tx, first: date, last: date) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = {}
    for invoice_id, on, minor in tx.each(_PAID, first=first.isoformat(), last=last.isoformat()):
        found.setdefault(invoice_id, []).append((date.fromisoformat(on), minor))
    return found


def _usual_days(items: list[_Item]) -> int:
    """How many days after the day it counts from the step usually comes: the median."""
    days = sorted((item.taken_on - item.counted_from).days for item in items)
    return days[len(days) // 2]


def _population(tx: Tx, first: date, last: date) -> list[_Invoice]:
    between = {"first": first.isoformat(), "last": last.isoformat()}
    found = {
        identity: _Invoice(currency, date.fromisoformat(issued), date.fromisoformat(due) if due else None, total, [])
        for identity, currency, issued, due, total in tx.each(_POPULATION, **between)
    }
    for invoice_id, on, minor, is_money in tx.each(_LOWERED, **between):
        if invoice_id in found:
            found[invoice_id].moves.append((date.fromisoformat(on), minor, bool(is_money)))
    return list(found.values())


def _share_before(
    population: list[_Invoice], currency: str, event: str, offset_days: int, first: date, last: date
) -> tuple[int, int]:
    """(paid, open): what was paid in the seven days before invoices come to the step, of what was open before them."""
    paid_minor = open_minor = 0
    for invoice in population:
        base = invoice.issued_on if event == "issued" else invoice.due_on
        if base is None or invoice.currency != currency:
            continue
        step_on = base + timedelta(days=offset_days)
        begin = max(step_on - timedelta(days=WITHIN_DAYS), invoice.issued_on)
        if not first <= step_on <= last:
            continue
        before = invoice.total_minor - sum(minor for on, minor, _ in invoice.moves if on < begin)
        if before > 0:
            open_minor += before
            paid_minor += max(0, sum(minor for on, minor, money in invoice.moves if money and begin <= on < step_on))
    return paid_minor, open_minor


def _row(
    key: StepKey, items: list[_Item], paid: dict[int, list[tuple[date, int]]], share: tuple[int, int]
) -> ScorecardRow:
    _currency, step, action = key
    asked = sum(item.open_minor for item in items)
    came = 0
    for item in items:
        until = item.taken_on + timedelta(days=WITHIN_DAYS)
        within = sum(minor for on, minor in paid.get(item.invoice_id, ()) if item.taken_on <= on < until)
        came += max(0, min(item.open_minor, within))
    anyway = _part(asked, *share)
    return ScorecardRow(
        step,
        action,
        len({item.step_taken_id for item in items}),
        len({item.payer_id for item in items}),
        len({item.invoice_id for item in items}),
        asked,
        came,
        _part(100, came, asked),
        anyway,
        _part(100, anyway, asked),
        came - anyway,
    )


def _part(whole: int, part: int, of: int) -> int:
    """`whole` x part / of, to the nearest; nothing of nothing."""
    return (2 * whole * part + of) // (2 * of) if of else 0


def _in(currency: str, found: list[tuple[int, ScorecardRow]]) -> ScorecardIn:
    rows = tuple(row for _offset, row in sorted(found))
    return ScorecardIn(
        currency,
        sum(row.times for row in rows),
        sum(row.asked_minor for row in rows),
        sum(row.came_minor for row in rows),
        sum(row.anyway_minor for row in rows),
        rows,
    )
