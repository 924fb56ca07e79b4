"""Hours of the week in which something may happen, such as writing to members: "Mon-Fri 09:00-19:00"."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

from duesdesk.domain.errors import BadInput

ALWAYS = "always"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(DAYS)
_PART = rf"({_DAY})(?:\s*-\s*({_DAY}))?\s+(\d\d?):(\d\d)\s*-\s*(\d\d?):(\d\d)"
_DAY_MINUTES = 24 * 60


class Span(NamedTuple):
    """Minutes of one weekday (Monday is 0), from `first` up to but not including `end`."""

    weekday: int
    first: int
    end: int


class WeekHours(NamedTuple):
    """Spans of a week, in order; none at all means always."""

    spans: tuple[Span, ...]
    text: str

    def allow(self, moment: datetime) -> bool:
        """Whether `moment`, on the wall clock the hours are meant for, is within them."""
        minute = moment.hour * 60 + moment.minute
        return not self.spans or any(
            span.weekday == moment.weekday() and span.first <= minute < span.end for span in self.spans
        )

    def next_allowed(self, moment: datetime) -> datetime:
        """`moment` itself when it is within the hours, else the next beginning of a span, on the same wall clock."""
        if self.allow(moment):
            return moment
        midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
        beginnings = (
            midnight + timedelta(days=days, minutes=span.first)
            for days in range(8)
            for span in self.spans
            if span.weekday == (moment.weekday() + days) % 7
        )
        return min(beginning for beginning in beginnings if beginning > moment)


def parse_hours(text: str) -> WeekHours:
    """The hours `text` says; English day names, 24-hour times, parts with commas between them, or 'always'.

    Raises BadInput ('hours-unreadable') for anything else and for a span that does not end after it begins.
    """
    if text.strip().lower() == ALWAYS:
        return WeekHours((), ALWAYS)
    spans: list[Span] = []
    for part in text.split(","):
        found = re.fullmatch(_PART, part.strip(), re.IGNORECASE)
        if not found:
            raise BadInput("hours-unreadable", value=text)
        first_day, last_day, *figures = found.groups()
        hour, minute, end_hour, end_minute = map(int, figures)
        first, end = hour * 60 + minute, end_hour * 60 + end_minute
        if minute > 59 or end_minute > 59 or not 0 <= first < end <= _DAY_MINUTES:
            raise BadInput("hours-unreadable", value=text)
        spans += [Span(weekday, first, end) for weekday in _weekdays(first_day, last_day or first_day)]
    spans.sort(key=lambda span: (span.weekday, span.first))
    return WeekHours(tuple(spans), ", ".join(" ".join(part.split()) for part in text.split(",")))


def _weekdays(first: str, last: str) -> list[int]:
    """From the first to the last day, over the end of the week where need be ('Sat-Mon')."""
    start = DAYS.index(first.title())
    length = (DAYS.index(last.title()) - start) % 7 + 1
    return [(start + n) % 7 for n in range(length)]


def common(first: WeekHours, second: WeekHours) -> WeekHours | None:
    """The hours that both allow; None when there are none."""
    if not first.spans or not second.spans:
        return second if not first.spans else first
    spans = tuple(
        Span(one.weekday, max(one.first, other.first), min(one.end, other.end))
        for one in first.spans
        for other in second.spans
        if one.weekday == other.weekday and max(one.first, other.first) < min(one.end, other.end)
    )
    return WeekHours(spans, f"{first.text}; {second.text}") if spans else None
