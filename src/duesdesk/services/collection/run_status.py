"""Where the runs of the rule stand: the last one, and whether today's is missing. Light enough for the Dashboard."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from duesdesk.clock import from_utc_text, zone
from duesdesk.services.workplace import Workplace
from duesdesk.store import runs
from duesdesk.store.runs import RunRow

USUAL_HOUR = 6
"""A day without a finished run after this hour is a missed one."""
PREPARED = timedelta(days=1)
"""Who runs the rule in the evening for the next day has not missed the day itself."""


class RunView(NamedTuple):
    """A run that was: `finished_at` is None while it is under way and after it was cut off."""

    on: date
    started_at: datetime
    finished_at: datetime | None
    taken: int
    held: int
    cancelled: int
    actor: str
    desk: str


class RunStatus(NamedTuple):
    """Where the runs stand: the last one, and whether today's is missing although its hour has passed."""

    last: RunView | None
    is_missed: bool


def run_status(place: Workplace) -> RunStatus:
    """The last run, and whether one is missing today: a run for a day far ahead is none of today.

    A rule that never ran is not missed.
    """
    with place.database.read() as tx:
        row = runs.last(tx)
    if row is None:
        return RunStatus(None, is_missed=False)
    view = run_view(row)
    local = place.now().astimezone(zone(place.centre.timezone))
    is_done = place.today() <= view.on <= place.today() + PREPARED and view.finished_at is not None
    return RunStatus(view, is_missed=not is_done and local.hour >= USUAL_HOUR)


def run_view(row: RunRow) -> RunView:
    """A run as it is told."""
    return RunView(
        date.fromisoformat(row.day),
        from_utc_text(row.started_at),
        from_utc_text(row.finished_at) if row.finished_at else None,
        row.taken,
        row.held,
        row.cancelled,
        row.actor,
        row.desk,
    )
