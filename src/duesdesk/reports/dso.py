"""Days sales outstanding: how many days of billing are still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from duesdesk.domain.errors import WrongUsage
from duesdesk.reports.shape import Ask, Sheet, sheet
from duesdesk.store.database import Tx
from duesdesk.store.positions import book_sql, void_sql

MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class DsoIn:
    """One currency: all that is open, what was billed in the `window` days that end with `as_of`, and their quotient.

    `dso` is open / billed x window in days with two places, rounded half up; None when nothing was billed.
    """

    currency: str
    window: int
    open_minor: int
    billed_minor: int
    dso: str | None


@dataclass(frozen=True, slots=True)
class Dso:
    """Days sales outstanding at the end of `as_of`."""

    as_of: date
    currencies: tuple[DsoIn, ...]

    def sheets(self) -> tuple[Sheet, ...]:
        """Figures without a table, per currency."""
        return tuple(sheet(one) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Dso:
    """The report. Raises WrongUsage for a window below one day."""
    window = ask.window_days
    if not 1 <= window <= MOST_DAYS:
        raise WrongUsage("window-out-of-bounds", days=window, most=MOST_DAYS)
    as_of = ask.as_of.isoformat()
    still_open: dict[str, int] = dict(
        tx.all(f"SELECT currency, sum(open_minor) FROM ({book_sql(tx, as_of)}) o GROUP BY currency", as_of=as_of)
    )
    billed: dict[str, int] = dict(
        tx.all(
            f"""SELECT i.currency, sum(i.total_minor) FROM invoice i
               WHERE i.issued_on > :before AND i.issued_on <= :as_of
                 AND NOT {void_sql("i.id", "v.effective_on <= :as_of")}
                 AND (NOT i.draft OR EXISTS (SELECT 1 FROM invoice_event s WHERE s.invoice_id = i.id
                                             AND s.kind = 'issued' AND s.effective_on <= :as_of))
               GROUP BY i.currency""",
            as_of=as_of,
            before=(ask.as_of - timedelta(days=window)).isoformat(),
        )
    )
    found = []
    for currency in sorted(still_open.keys() | billed.keys()):
        open_minor, billed_minor = still_open.get(currency, 0), billed.get(currency, 0)
        found.append(DsoIn(currency, window, open_minor, billed_minor, days_text(open_minor, billed_minor, window)))
    return Dso(ask.as_of, tuple(found))


def days_text(open_minor: int, billed_minor: int, window_days: int) -> str | None:
    """Days as open / billed x window with two places, half up: '45.13'; None when nothing was billed."""
    if billed_minor == 0:
        return None
    hundredths = (2 * open_minor * window_days * 100 + billed_minor) // (2 * billed_minor)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
