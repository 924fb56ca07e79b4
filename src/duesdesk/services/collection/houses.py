"""What holds where a person lives: their packs, the hours of the house, their public holidays and time zone."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from duesdesk import config
from duesdesk.clock import zone
from duesdesk.domain.collection import packs
from duesdesk.domain.collection.packs import IsHoliday, Law, Pack
from duesdesk.domain.collection.stops import House
from duesdesk.domain.errors import BadInput
from duesdesk.domain.hours import WeekHours
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

if TYPE_CHECKING:
    from holidays import HolidayBase


@lru_cache(maxsize=16)
def pack(code: str) -> Pack:
    """The pack called `code` (domain.collection.packs.CODES). Raises BadInput when its file is damaged."""
    path = config.data_folder() / "packs" / f"{code}.toml"
    try:
        return packs.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput("pack-damaged", detail=f"{path.name}: {error.strerror}") from error


@lru_cache(maxsize=64)
def holidays_of(country: str) -> IsHoliday:
    """Whether a day is a public holiday in the whole of `country`; never, where its holidays are not known."""
    known: list[Callable[[date], bool]] = []

    def is_holiday(day: date) -> bool:
        if not known:
            try:
                days = _calendar(country)
                known.append(lambda one: one in days)
            except NotImplementedError:
                known.append(lambda _one: False)
        return known[0](day)

    return is_holiday


def _calendar(country: str) -> HolidayBase:
    """The public holidays of a country. Raises NotImplementedError where they are not known.

    The library would load the calendars of 250 countries for the one that is asked for: 60 ms and eight megabytes. Its
    package of countries is there without them, then, and each is loaded when it is named.
    """
    import holidays  # imported late: start-up

    name = "holidays.countries"
    if name not in sys.modules:
        spec = importlib.util.find_spec(name)
        if spec is not None:
            sys.modules[name] = importlib.util.module_from_spec(spec)
    return holidays.country_holidays(country)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives: what `decide` asks of it, and when they may be written to."""

    law: Law
    house: House
    zone: tzinfo
    is_holiday: IsHoliday

    def allows(self, moment: datetime) -> bool:
        """Whether they may be written to at the instant `moment`."""
        return self.law.allows(moment.astimezone(self.zone), self.is_holiday)

    def next_allowed(self, moment: datetime) -> datetime | None:
        """The instant `moment`, or the first after it at which they may be written to; None when never."""
        return self.law.next_allowed(moment.astimezone(self.zone), self.is_holiday)


class Houses:
    """Homes by country and time zone, under the settings of the centre as they stand."""

    def __init__(self, tx: Tx, place: Workplace) -> None:
        self._centre = place.centre
        hours = config.parse("notices.hours", stored(tx, "notices.hours"))
        most = config.parse("notices.max_per_week", stored(tx, "notices.max_per_week"))
        if not isinstance(hours, WeekHours) or not isinstance(most, int):
            raise TypeError("hours and a number")
        self._hours, self._most = hours, most
        self._homes: dict[tuple[str | None, str | None], Home] = {}

    def of(self, country: str | None, timezone: str | None) -> Home:
        """The home of somebody who lives in `country` and `timezone`; None is where the centre is."""
        found = self._homes.get((country, timezone))
        if found is None:
            found = self._homes[country, timezone] = self._made(country, timezone)
        return found

    def _made(self, country: str | None, timezone: str | None) -> Home:
        codes = dict.fromkeys((packs.pack_code(self._centre.country), packs.pack_code(country or self._centre.country)))
        law = packs.strictest([pack(code) for code in codes], self._hours, self._most)
        is_holiday = holidays_of((country or self._centre.country).upper())
        return Home(law, law.house(is_holiday), zone(timezone or self._centre.timezone), is_holiday)
