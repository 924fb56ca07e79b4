"""`duesdesk report NAME`: one command for all reports; which options a report knows stands in its registry line."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from duesdesk.cli.options import Csv, Json, Xlsx
from duesdesk.cli.output import listed
from duesdesk.cli.session import Given, day_of
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _
from duesdesk.reports import LATER, REPORTS, document, report_named

app = typer.Typer()
_NAMES = ", ".join(report.name for report in REPORTS)


@app.command("report", help=_("Figures and lists at the end of a day: {names}.").format(names=_NAMES))
def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_NAMES)],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help=_("The day at whose end it is looked at."))
    ] = None,
    scope: Annotated[str | None, typer.Option(help=_("unpaid: overdue or open."))] = None,
    edges: Annotated[str | None, typer.Option(help=_("ageing: the last days of the groups, such as 30,60,90."))] = None,
    member: Annotated[str | None, typer.Option(help=_("invoices, statement, signs: a member's number."))] = None,
    window: Annotated[int | None, typer.Option(help=_("dso, late: how many days are looked at."))] = None,
    on_date: Annotated[str | None, typer.Option("--date", help=_("daily: the day."))] = None,
    section: Annotated[
        str | None, typer.Option(help=_("daily: all, unpaid, partial, promises, expected or cancelled."))
    ] = None,
    mode: Annotated[str | None, typer.Option(help=_("daily: daily, weekly or monthly."))] = None,
    weeks: Annotated[int | None, typer.Option(help=_("forecast: how many weeks ahead, and back."))] = None,
    week: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|later", help=_("forecast: the invoices behind the week of this day, or behind later.")
        ),
    ] = None,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help=_("calendar: the month; that of the day without it."))
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help=_("takings, statement: the first day."))] = None,
    last: Annotated[str | None, typer.Option("--to", help=_("takings, statement: the last day."))] = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    report_named(name)
    days = {"--as-of": as_of, "--date": on_date, "--to": last}
    named = [option for option, text in days.items() if text is not None]
    _check_days(name, named)
    on = day_of(days[named[0]], named[0]) if named else None
    view = given.desk().reports.read(
        name,
        as_of=on,
        scope=scope,
        edges=_edges(edges),
        member=member,
        window_days=window,
        first=day_of(first, "--from"),
        section=section,
        mode=mode,
        weeks=weeks,
        week=LATER if week == "later" else day_of(week, "--week"),
        month=_month(month),
    )
    listed(view.sheets(), document(view) if as_json else None, as_json=as_json, csv=csv, xlsx=xlsx, name=name)


def _month(text: str | None) -> date | None:
    """The first day of the month an option names."""
    if text is None:
        return None
    try:
        return day_of(f"{text}-01", "--month")
    except WrongUsage as error:
        if error.code == "day-far":
            raise
        raise WrongUsage("month-unreadable", option="--month", value=text) from error


def _check_days(name: str, named: list[str]) -> None:
    if len(named) > 1:
        raise WrongUsage("days-named-twice", options=named)
    wanted = {"--date": ("daily",), "--to": ("takings", "statement")}
    for option in named:
        if option in wanted and name not in wanted[option]:
            raise WrongUsage("option-not-of-report", report=name, option=option)


def _edges(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise WrongUsage("edges-unreadable", value=text) from error
