"""Bookings: who comes when, and who came."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import NUMBER_LENGTH, Reading

KIND = Kind(
    "bookings",
    ("member", "starts_at", "date", "time", "activity", "status", "reference", "price"),
    ((("member",),), (("starts_at",), ("date",))),
)


class BookingRow(NamedTuple):
    """A booking as a file tells of it; day and time are the centre's wall clock, `time` '' is all day."""

    member: str
    day: str
    time: str
    activity: str
    status: str
    reference: str
    price_minor: int | None


def read(reading: Reading) -> list[BookingRow]:
    """Every row of the file, the faulty ones too."""
    member = reading.texts("member", max_length=NUMBER_LENGTH, needed=True)
    name = "starts_at" if reading.has("starts_at") else "date"
    starts = reading.moments(name, needed=True)
    clocks = reading.clocks("time")
    days, times = [], []
    for row, (moment, clock) in enumerate(zip(starts, clocks, strict=True)):
        days.append(moment.day if moment else "")
        own = moment.time if moment else ""
        # A spreadsheet gives a bare day the time 00:00.
        if clock and own not in ("", "00:00", clock):
            reading.fault(row, "time", reading.raw("time")[row], problem("import-two-times", other=own))
        times.append(clock or own)
    price = reading.amounts("price", [reading.ways.currency] * reading.rows)
    return list(
        map(
            BookingRow,
            member,
            days,
            times,
            reading.texts("activity"),
            reading.codes("status", "booking_status", blank="booked"),
            reading.texts("reference", max_length=NUMBER_LENGTH),
            price,
        )
    )
