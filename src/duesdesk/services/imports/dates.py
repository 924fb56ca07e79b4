"""Days and times in a column: one order for the whole column, found from all of it or asked for.

03/04/2026 is the third of April to some and the fourth of March to others. A column in which some day can only be read
one way tells how all are read. When nothing tells, or the column contradicts itself, the unclear rows are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from duesdesk.domain.days import FIRST_YEAR, LAST_YEAR, can_be_meant
from duesdesk.domain.errors import WrongUsage
from duesdesk.services.imports.cells import refusal, reject
from duesdesk.services.imports.problems import Faults, Problem, problem

_TIME = r"(?:[T ,]+(\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,6})?)? ?(?:[AaPp]\.?[Mm]\.?)?)(Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)", re.ASCII)
_THREE = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_TAIL = re.compile(rf"(.*?){_TIME}", re.ASCII)
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2})?(?:[:.]\d{2}(?:[.,]\d+)?)?)?(?: ?([AaPp])\.?[Mm]\.?)?(?:\s*[-–]\s*\d.*)?", re.ASCII
)
_LONGEST = 40
_HALF_DAY = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, ISO, with the time of the centre's wall clock 'HH:MM', or '' when none is given."""

    day: str
    time: str = ""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Three numbers whose order is the question. A dotted day is written day first everywhere."""

    text: str
    day_first: Moment | Problem
    month_first: Moment | Problem
    dotted: bool

    @property
    def only(self) -> str:
        """'dmy' or 'mdy' when it can be read in one order alone, else ''."""
        readable = [order for order in ("dmy", "mdy") if isinstance(self.read(order), Moment)]
        if self.dotted and "dmy" in readable:
            return "dmy"
        return readable[0] if len(readable) == 1 else ""

    def read(self, order: str) -> Moment | Problem:
        return self.day_first if order == "dmy" else self.month_first


def check_pattern(pattern: str) -> None:
    """Raises WrongUsage when `--date-format` is no pattern that tells day, month and year."""
    probe = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        read = datetime.strptime(probe.strftime(pattern), pattern)  # noqa: DTZ007 - a wall clock has no offset
    except (ValueError, re.error) as error:
        raise WrongUsage("import-date-format-unknown", pattern=pattern) from error
    if read.date() != probe.date():
        raise WrongUsage("import-date-format-unknown", pattern=pattern)


def moments(
    column: Sequence[object], field: str, faults: Faults, *, pattern: str = "", zone: ZoneInfo
) -> list[Moment | None]:
    """Every cell as a Moment, None where blank or rejected. `pattern` is the strptime pattern that was asked for."""
    table: dict[object, Moment | None] = {}
    wrong: dict[object, Problem] = {}
    unclear: dict[object, _Numbers] = {}
    for cell in dict.fromkeys(column):
        value = _by_pattern(cell.strip(), pattern, zone) if pattern and isinstance(cell, str) else _read(cell, zone)
        if isinstance(value, _Numbers):
            unclear[cell] = value
        elif isinstance(value, Problem):
            wrong[cell] = value
        else:
            table[cell] = value
    for cell, value in zip(unclear, _in_one_order(list(unclear.values())), strict=True):
        if isinstance(value, Problem):
            wrong[cell] = value
        else:
            table[cell] = value
    table.update(dict.fromkeys(wrong))
    reject(column, field, faults, wrong)
    return list(map(table.__getitem__, column))


def days(
    column: Sequence[object], field: str, faults: Faults, *, pattern: str = "", zone: ZoneInfo
) -> list[str | None]:
    """As `moments`, the days alone, ISO: a time that stands with them is passed over."""
    found = moments(column, field, faults, pattern=pattern, zone=zone)
    return [moment.day if moment else None for moment in found]


def clock(text: str) -> str | Problem:
    """A time of day as 'HH:MM': 18:00, 18.30, 18h, 6 PM, 18:00-19:00 (its beginning)."""
    found = _CLOCK.fullmatch(text.removesuffix("h") + ("h" if text.endswith("h") else ""))
    bare = found and not found[3] and re.fullmatch(r"\d{1,2}", text)
    if not found or bare:
        return refusal(text, _LONGEST) or problem("import-time-unreadable")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= _HALF_DAY:
            return problem("import-time-unreadable")
        hour = hour % _HALF_DAY + (_HALF_DAY if found[3] in "pP" else 0)
    if hour > 23 or minute > 59:
        return problem("import-time-unreadable")
    return f"{hour:02d}:{minute:02d}"


def _read(cell: object, zone: ZoneInfo) -> Moment | _Numbers | Problem | None:
    if isinstance(cell, datetime):
        return _bounded(cell.date(), cell.strftime("%H:%M"))
    if isinstance(cell, date):
        return _bounded(cell, "")
    if not isinstance(cell, str):
        return problem("import-date-unreadable")
    text = cell.strip()
    if not text:
        return None
    found = _ISO.fullmatch(text)
    if found:
        return _moment(int(found[1]), int(found[3]), int(found[4]), found[5], found[6], zone)
    found = _COMPACT.fullmatch(text)
    if found:
        return _moment(int(found[1]), int(found[2]), int(found[3]), None, None, zone)
    found = _THREE.fullmatch(text)
    if not found:
        return refusal(text, _LONGEST) or problem("import-date-unreadable")
    if len(found[4]) == 2:
        return problem("import-date-short-year")
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    by_day = _moment(year, second, first, found[5], found[6], zone)
    by_month = _moment(year, first, second, found[5], found[6], zone)
    if isinstance(by_day, Problem) and isinstance(by_month, Problem):
        return by_day
    return _Numbers(text, by_day, by_month, dotted=found[2] == ".")


def _in_one_order(unclear: Sequence[_Numbers]) -> Iterable[Moment | Problem]:
    """Each read in the order of the column; a Problem where the column does not tell or tells both."""
    by_day = [numbers for numbers in unclear if numbers.only == "dmy"]
    by_month = [numbers for numbers in unclear if numbers.only == "mdy"]
    if bool(by_day) != bool(by_month):
        order = "dmy" if by_day else "mdy"
        return [numbers.read(order) for numbers in unclear]
    if not by_day:
        told = problem("import-date-order-unclear")
        return [numbers.day_first if numbers.day_first == numbers.month_first else told for numbers in unclear]
    # The column contradicts itself: what can be read in the usual order alone is read, all else is asked for.
    order = "" if len(by_day) == len(by_month) else "dmy" if len(by_day) > len(by_month) else "mdy"
    told = problem("import-date-order-mixed", day_first=by_day[0].text, month_first=by_month[0].text)
    return [numbers.read(order) if order and numbers.only == order else told for numbers in unclear]


def _by_pattern(text: str, pattern: str, zone: ZoneInfo) -> Moment | Problem | None:
    if not text:
        return None
    with_time = any(mark in pattern for mark in ("%H", "%I", "%X", "%c"))
    tail = None if with_time else _TAIL.fullmatch(text)
    try:
        read = datetime.strptime(tail[1] if tail else text, pattern)  # noqa: DTZ007 - a wall clock has no offset
    except ValueError:
        return refusal(text, _LONGEST) or problem("import-date-not-as-asked", pattern=pattern)
    if with_time:
        if read.tzinfo:
            read = read.astimezone(zone)
        return _bounded(read.date(), read.strftime("%H:%M"))
    return _moment(read.year, read.month, read.day, tail[2] if tail else None, tail[3] if tail else None, zone)


def _moment(year: int, month: int, day: int, at: str | None, offset: str | None, zone: ZoneInfo) -> Moment | Problem:
    try:
        found = date(year, month, day)
    except ValueError:
        return problem("import-date-impossible")
    if at is None:
        return _bounded(found, "")
    told = clock(at.strip())
    if isinstance(told, Problem):
        return told
    if offset and FIRST_YEAR <= year <= LAST_YEAR:
        # An instant: the centre's wall clock shows its own day and time.
        shift = "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[-2:]}"
        try:
            local = datetime.fromisoformat(f"{found}T{told}:00{shift}").astimezone(zone)
        except ValueError:
            return problem("import-time-unreadable")
        return _bounded(local.date(), local.strftime("%H:%M"))
    return _bounded(found, told)


def _bounded(day: date, at: str) -> Moment | Problem:
    if not can_be_meant(day):
        return problem("import-date-far", first=FIRST_YEAR, last=LAST_YEAR)
    return Moment(day.isoformat(), at)
