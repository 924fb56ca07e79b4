"""What the law and good manners of a place forbid, whatever the rule says: the pack of a jurisdiction.

The strictest of the centre's pack, the pack of the member's country and the house wins. A pack is TOML, dated, with its
sources. The program is a tool: the centre answers for its law.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from duesdesk.domain.collection.stops import House
from duesdesk.domain.errors import BadInput
from duesdesk.domain.hours import WeekHours, common, parse_hours

EU = "eu"
BY_COUNTRY: Mapping[str, str] = {
    "BR": "br",
    "ES": "es",
    "GB": "uk",
    "IT": "it",
    "PT": "pt",
    "RO": "ro",
    "US": "us",
}
"""The pack of a country; every other one takes `eu`, the general one."""
CODES = ("br", "es", "eu", "it", "pt", "ro", "uk", "us")
_LONGEST = 370

IsHoliday = Callable[[date], bool]
"""Whether a day is a public holiday where the person lives."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One jurisdiction. `version` stands beside every step that was taken under it.

    `hours` are hard: the wall clock of the person, no weekday outside them. `on_holidays` tells whether they may be
    written to on a public holiday. `barred_days`: a debt older than this is left to a person. `opt_in` names the
    channels that need a recorded yes. With `way_out` every message says how to get no more of them; with
    `names_creditor` whoever asks for money names their address and tax number.
    """

    code: str
    name: str
    version: str
    reviewed_on: date
    hours: WeekHours
    on_holidays: bool
    max_per_week: int | None
    barred_days: int | None
    opt_in: frozenset[str]
    sources: tuple[str, ...]
    way_out: bool = False
    names_creditor: bool = False


def pack_code(country: str | None) -> str:
    """The pack of a country (its two letters)."""
    return BY_COUNTRY.get((country or "").upper(), EU)


def parse(text: str) -> Pack:
    """The pack that TOML `text` says. Raises BadInput ('pack-damaged')."""
    try:
        return _pack(tomllib.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, BadInput) as error:
        raise BadInput("pack-damaged", detail=str(error)) from error


def _pack(table: Mapping[str, Any]) -> Pack:
    most, barred = table.get("max_per_week"), table.get("barred_days")
    if not isinstance(table["reviewed_on"], date) or not isinstance(table["on_holidays"], bool):
        raise TypeError("reviewed_on is a day, on_holidays true or false")
    if any(value is not None and (not isinstance(value, int) or value < 1) for value in (most, barred)):
        raise TypeError("max_per_week and barred_days are numbers above zero")
    return Pack(
        str(table["code"]),
        str(table["name"]),
        str(table["version"]),
        table["reviewed_on"],
        parse_hours(table["hours"]),
        table["on_holidays"],
        most,
        barred,
        frozenset(map(str, table.get("opt_in", ()))),
        tuple(map(str, table.get("sources", ()))),
        table.get("way_out", False) is True,
        table.get("names_creditor", False) is True,
    )


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that holds for one person: the house and the packs, the strictest of each.

    `hours` None means never.
    """

    packs: tuple[Pack, ...]
    hours: WeekHours | None
    on_holidays: bool
    max_per_week: int
    barred_days: int | None
    opt_in: frozenset[str]

    @property
    def version(self) -> str:
        """The packs that were asked, as they are written beside a step."""
        return "+".join(pack.version for pack in self.packs)

    @property
    def way_out(self) -> bool:
        """Whether every message says how to get no more of them."""
        return any(pack.way_out for pack in self.packs)

    @property
    def names_creditor(self) -> bool:
        """Whether who asks for money names their address and tax number."""
        return any(pack.names_creditor for pack in self.packs)

    def is_open(self, day: date, is_holiday: IsHoliday) -> bool:
        """Whether the person may be written to at any hour of `day`."""
        if self.hours is None:
            return False
        if self.hours.spans and not any(span.weekday == day.weekday() for span in self.hours.spans):
            return False
        return self.on_holidays or not is_holiday(day)

    def allows(self, moment: datetime, is_holiday: IsHoliday) -> bool:
        """Whether the person may be written to at `moment` of their own wall clock."""
        return self.hours is not None and self.hours.allow(moment) and self.is_open(moment.date(), is_holiday)

    def next_allowed(self, moment: datetime, is_holiday: IsHoliday) -> datetime | None:
        """`moment`, or the first one after it at which they may be written to; None when there is none in a year."""
        if self.hours is None:
            return None
        found = self.hours.next_allowed(moment)
        for _ in range(_LONGEST):
            if self.is_open(found.date(), is_holiday):
                return found
            found = self.hours.next_allowed(datetime.combine(found.date() + timedelta(days=1), time(), found.tzinfo))
        return None

    def house(self, is_holiday: IsHoliday) -> House:
        """What `decide` asks."""
        known: dict[date, bool] = {}

        def is_open(day: date) -> bool:
            found = known.get(day)
            if found is None:
                found = known[day] = self.is_open(day, is_holiday)
            return found

        return House(is_open, self.max_per_week, self.barred_days)


def strictest(packs: Sequence[Pack], hours: WeekHours, max_per_week: int) -> Law:
    """The strictest of the packs and of the house, whose `hours` and `max_per_week` these are.

    A house that writes `always` rests on no holiday; the packs may still forbid it.
    """
    allowed: WeekHours | None = hours
    for pack in packs:
        allowed = common(allowed, pack.hours) if allowed is not None else None
    return Law(
        tuple(packs),
        allowed,
        not hours.spans and all(pack.on_holidays for pack in packs),
        min([max_per_week, *(pack.max_per_week for pack in packs if pack.max_per_week is not None)]),
        min((pack.barred_days for pack in packs if pack.barred_days is not None), default=None),
        frozenset().union(*(pack.opt_in for pack in packs)),
    )
