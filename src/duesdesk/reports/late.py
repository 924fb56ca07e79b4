"""Late: who pays after the due day, how often and by how many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Tx
from duesdesk.store.positions import void_sql

MOST_DAYS = 3660


class LateRow(NamedTuple):
    """A payer: of `invoices` that fell due, `late` were settled after their due day or are still open.

    Days are counted to the day of settling, or to `as_of`; the average is over the late ones, rounded half up.
    """

    member: str
    name: str
    invoices: int
    late: int
    days_average: int
    days_longest: int
    unpaid_minor: int


@dataclass(frozen=True, slots=True)
class LateIn:
    """One currency; who was late most often comes first."""

    currency: str
    invoices: int
    late: int
    members: int
    unpaid_minor: int
    rows: tuple[LateRow, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """Invoices that fell due in the `window` days before `as_of`."""

    as_of: date
    window: int
    currencies: tuple[LateIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency."""
        return tuple(sheet(one, one.rows, LateRow) for one in self.currencies)


# What fell due in the window, neither draft nor void, with what is open of it and the last day something settled it.
_FELL_DUE = f"""
    SELECT d.payer_id, d.currency, d.due_on,
           d.total_minor
           - coalesce((SELECT sum(a.amount_minor) FROM allocation a
                       WHERE a.invoice_id = d.id AND a.effective_on <= :as_of), 0)
           - coalesce((SELECT sum(c.amount_minor) FROM credit c
                       WHERE c.invoice_id = d.id AND c.effective_on <= :as_of), 0),
           (SELECT max(a.effective_on) FROM allocation a WHERE a.invoice_id = d.id AND a.effective_on <= :as_of),
           (SELECT max(c.effective_on) FROM credit c WHERE c.invoice_id = d.id AND c.effective_on <= :as_of)
    FROM (SELECT i.id, i.payer_id, i.currency, i.total_minor,
                 CASE WHEN EXISTS (SELECT 1 FROM invoice_event v WHERE v.invoice_id = i.id AND v.kind = 'due_moved'
                                   AND v.effective_on <= :as_of)
                      THEN (SELECT v.due_on FROM invoice_event v WHERE v.invoice_id = i.id AND v.kind = 'due_moved'
                            AND v.effective_on <= :as_of ORDER BY v.effective_on DESC, v.id DESC LIMIT 1)
                      ELSE i.due_on END AS due_on
          FROM invoice i
          WHERE i.issued_on <= :as_of
            AND NOT {void_sql("i.id", "v.effective_on <= :as_of")}
            AND (NOT i.draft OR EXISTS (SELECT 1 FROM invoice_event s WHERE s.invoice_id = i.id AND s.kind = 'issued'
                                        AND s.effective_on <= :as_of))) d
    WHERE d.due_on >= :first AND d.due_on < :as_of"""


def read(tx: Tx, ask: Ask) -> Late:
    """The report. Raises WrongUsage for a window below one day."""
    if not 1 <= ask.window_days <= MOST_DAYS:
        raise WrongUsage("window-out-of-bounds", days=ask.window_days, most=MOST_DAYS)
    first = ask.as_of - timedelta(days=ask.window_days)
    fallen: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for payer_id, currency, due_text, open_minor, paid_text, credited_text in tx.each(
        _FELL_DUE, as_of=ask.as_of.isoformat(), first=first.isoformat()
    ):
        # One of zero was settled when it was issued.
        until = ask.as_of if open_minor else date.fromisoformat(max(paid_text or due_text, credited_text or due_text))
        days = max(0, (until - date.fromisoformat(due_text)).days)
        fallen.setdefault((currency, payer_id), []).append((days, open_minor))
    people = {row[0]: (row[1], row[2]) for row in tx.each("SELECT id, number, name FROM member")} if fallen else {}
    by_currency: dict[str, list[LateRow]] = {}
    invoices: dict[str, int] = {}
    for (currency, payer_id), items in fallen.items():
        invoices[currency] = invoices.get(currency, 0) + len(items)
        late = [days for days, _open_minor in items if days]
        if late:
            average = (2 * sum(late) + len(late)) // (2 * len(late))
            unpaid = sum(open_minor for _days, open_minor in items)
            row = LateRow(*people[payer_id], len(items), len(late), average, max(late), unpaid)
            by_currency.setdefault(currency, []).append(row)
    found = tuple(_in(currency, invoices[currency], by_currency.get(currency, [])) for currency in sorted(invoices))
    return Late(ask.as_of, ask.window_days, found)


def _in(currency: str, invoices: int, rows: list[LateRow]) -> LateIn:
    rows.sort(key=lambda row: (-row.late, -row.days_average, row.member))
    late, unpaid = sum(row.late for row in rows), sum(row.unpaid_minor for row in rows)
    return LateIn(currency, invoices, late, len(rows), unpaid, tuple(rows))
