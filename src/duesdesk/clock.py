"""The only place that asks the machine what time it is.

Everything else is handed a `Clock`. It can be fixed to a day or an instant (`--today`, DUESDESK_TODAY), so that a
report of last month, a test and the practice desk see the day they ask for.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as day_time
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from duesdesk.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant
from duesdesk.domain.errors import BadInput, WrongUsage


def zone(name: str) -> ZoneInfo:
    """The time zone called `name` (IANA). Raises BadInput when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput("timezone-unknown", timezone=name) from error


class Clock(NamedTuple):
    """Now and today. `fixed` is a day (noon of it, in the centre's zone) or an aware instant; None is the real time."""

    fixed: date | datetime | None = None

    def now(self, timezone: str = "UTC") -> datetime:
        """The present instant, aware, in UTC."""
        if self.fixed is None:
            return datetime.fromtimestamp(time.time(), UTC)
        if isinstance(self.fixed, datetime):
            return self.fixed.astimezone(UTC)
        return datetime.combine(self.fixed, day_time(12, 0), zone(timezone)).astimezone(UTC)

    def today(self, timezone: str) -> date:
        """The calendar day it is in `timezone`."""
        if self.fixed is not None and not isinstance(self.fixed, datetime):
            return self.fixed
        return self.now(timezone).astimezone(zone(timezone)).date()

    def local(self, timezone: str) -> datetime:
        """The present instant as the wall clock of `timezone` shows it."""
        return self.now(timezone).astimezone(zone(timezone))


def parse_when(text: str, option: str = "--today") -> date | datetime:
    """What `--today` means: a date, or an instant with its offset. Raises WrongUsage, which names the `option`."""
    when: date | datetime
    try:
        when = date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage("today-unreadable", option=option, value=text) from error
    if not can_be_meant(when):
        raise WrongUsage("day-far", day=text, first=FIRST_YEAR, last=LAST_YEAR)
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise WrongUsage("today-without-offset", option=option, value=text)
    return when


def utc_text(instant: datetime) -> str:
    """An aware instant as the store keeps it: ISO, UTC, microseconds, 'Z'. It sorts as text."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_utc_text(text: str) -> datetime:
    """The reverse of `utc_text`."""
    return datetime.fromisoformat(text)
