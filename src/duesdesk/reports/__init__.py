"""Reports, one file each. A new one is a module with `read(tx, ask)` and one line in REPORTS.

Example:
    report = desk.reports.read("unpaid", as_of=date(2026, 9, 1), scope="open")
    report.currencies[0].rows; document(report); report.sheets()
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from duesdesk.domain.errors import WrongUsage
from duesdesk.domain.month import Foreseen
from duesdesk.messages import N_
from duesdesk.reports.shape import LATER, Ask, ReportView, Sheet, document
from duesdesk.store.database import Database

__all__ = ["LATER", "REPORTS", "Ask", "Report", "ReportView", "Reports", "Sheet", "document", "report_named"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name and module, what it tells, and the fields of `Ask` it looks at beside `as_of`."""

    name: str
    help: str
    options: tuple[str, ...] = ()


REPORTS = (
    Report("unpaid", N_("Who owes what is overdue, or all that is open."), ("scope",)),
    Report("partial", N_("Open invoices on which money was received.")),
    Report("ageing", N_("What is open, by how many days it is overdue."), ("edges",)),
    Report("invoices", N_("Every invoice and where it stands."), ("member",)),
    Report("dso", N_("How many days of billing are still open."), ("window_days",)),
    Report("credit", N_("Money on account, by payer.")),
    Report("daily", N_("Who comes, and what they owe."), ("section", "mode")),
    Report("takings", N_("The money that came, by day and method."), ("first",)),
    Report("late", N_("Who pays late, how often and by how many days."), ("window_days",)),
    Report("forecast", N_("The money expected week by week, and what came of earlier forecasts."), ("weeks", "week")),
    Report("signs", N_("Who may soon be a debtor, why, and the rows behind it."), ("member",)),
    Report("calendar", N_("What is due, promised and planned on each day of a month."), ("month",)),
    Report("scorecard", N_("What each step of the rule brought, and what would have come anyway."), ("window_days",)),
    Report("statement", N_("Every entry of one account, and its balance."), ("member", "first")),
)


def report_named(name: str) -> Report:
    """The report called `name`. Raises WrongUsage, naming those there are."""
    for report in REPORTS:
        if report.name == name:
            return report
    raise WrongUsage("report-unknown", report=name, known=[report.name for report in REPORTS])


class Reports:
    """The reports of one centre."""

    def __init__(
        self,
        database: Database,
        today: Callable[[], date],
        timezone: str,
        home_currency: str,
        foresee: Callable[[date, bool], Foreseen] | None = None,
    ) -> None:
        """`foresee` tells of the month of a day which days are closed and, if asked, what the rule will write."""
        self._database = database
        self._foresee = foresee
        self._today = today
        self._timezone = timezone
        self._home_currency = home_currency

    def read(
        self,
        name: str,
        *,
        as_of: date | None = None,
        scope: str | None = None,
        edges: tuple[int, ...] | None = None,
        member: str | None = None,
        window_days: int | None = None,
        first: date | None = None,
        section: str | None = None,
        mode: str | None = None,
        weeks: int | None = None,
        week: date | None = None,
        month: date | None = None,
        ahead: bool = True,
    ) -> ReportView:
        """The report at the end of `as_of` (None: today); the others are fields of `Ask`, None leaves them as they are.

        `ahead`: the rule is played for a calendar, which takes longest; never for a past `as_of`.
        Raises WrongUsage for an unknown name or an option the report does not look at, NotFound, BadInput.
        """
        report = report_named(name)
        asked = {
            "scope": scope,
            "edges": edges,
            "member": member,
            "window_days": window_days,
            "first": first,
            "section": section,
            "mode": mode,
            "weeks": weeks,
            "week": week,
            "month": month,
        }
        given: dict[str, Any] = {option: value for option, value in asked.items() if value is not None}
        for option in given:
            if option not in report.options:
                raise WrongUsage("option-not-of-report", report=name, option=option)
        if "edges" in report.options and edges is None:
            given["edges"] = self._edges()
        if "month" in report.options and self._foresee is not None:
            is_now = as_of is None or as_of == self._today()
            given["foreseen"] = self._foresee(month or as_of or self._today(), ahead and is_now)
        ask = Ask(as_of or self._today(), self._timezone, self._home_currency, **given)
        module = import_module(f"duesdesk.reports.{name}")
        with self._database.read() as tx:
            view: ReportView = module.read(tx, ask)
        return view

    def _edges(self) -> tuple[int, ...]:
        """The edges the centre has set, else the usual ones."""
        from duesdesk.domain.ageing import DEFAULT_EDGES

        with self._database.read() as tx:
            text = tx.value("SELECT value FROM setting WHERE key = 'ageing.edges'")
        return tuple(int(part) for part in text.split(",")) if text else DEFAULT_EDGES
