"""Bookings: on the centre's wall clock, known by reference or by who, when and what."""

from __future__ import annotations

from typing import Any

from duesdesk.bootstrap import Desk
from tests.imports.bringing import Bring, faults


def stored(desk: Desk) -> list[tuple[Any, ...]]:
    with desk.place.database.read() as tx:
        return tx.all(
            """SELECT b.reference, m.number, b.on_day, b.at_time, b.activity, b.status, b.price_minor, b.currency
               FROM booking b JOIN member m ON m.id = b.member_id ORDER BY b.id"""
        )


def test_bookings_come_in(rows: Bring, people: Desk) -> None:
    result = rows(
        "bookings",
        "reference,member,starts_at,activity,status,price\n"
        "B1,M1,2026-11-22T18:00,Yoga,Confirmed,12.50\nB2,M2,2026-11-22T17:30:00Z,Spin,No-show,\n,M1,2026-11-23,,,\n",
    )
    assert result.created == 3
    assert stored(people) == [
        ("B1", "M1", "2026-11-22", "18:00", "Yoga", "booked", 1250, "EUR"),
        ("B2", "M2", "2026-11-22", "18:30", "Spin", "no_show", None, None),
        (None, "M1", "2026-11-23", None, "", "booked", None, None),
    ]


def test_day_and_time_may_stand_apart(rows: Bring, people: Desk) -> None:
    rows("bookings", "Socio;Fecha;Hora;Clase\nM1;23/11/2026;18:00-19:00;Yoga\nM1;24/11/2026;;Spin\n")
    assert [row[2:5] for row in stored(people)] == [("2026-11-23", "18:00", "Yoga"), ("2026-11-24", None, "Spin")]


def test_the_same_bookings_again_are_unchanged_with_and_without_reference(rows: Bring, people: Desk) -> None:
    text = (
        "reference,member,date,time,activity,status\nB1,M1,2026-11-22,18:00,Yoga,booked\n"
        ",M1,2026-11-22,19:00,Spin,attended\n"
    )
    rows("bookings", text)
    assert rows("bookings", text).unchanged == 2
    people.bookings.check_in("M1")
    assert rows("bookings", text).unchanged == 2
    assert len(stored(people)) == 2


def test_a_known_booking_with_other_content_is_rejected(rows: Bring) -> None:
    head = "reference,member,date,time,activity,status,price"
    rows("bookings", f"{head}\nB1,M1,2026-11-22,18:00,Yoga,booked,5.00\n")
    for row, field in (
        ("B1,M2,2026-11-22,18:00,Yoga,booked,5.00", "member"),
        ("B1,M1,2026-11-23,18:00,Yoga,booked,5.00", "date"),
        ("B1,M1,2026-11-22,18:30,Yoga,booked,5.00", "date"),
        ("B1,M1,2026-11-22,18:00,Spin,booked,5.00", "activity"),
        ("B1,M1,2026-11-22,18:00,Yoga,cancelled,5.00", "status"),
        ("B1,M1,2026-11-22,18:00,Yoga,booked,6.00", "price"),
    ):
        assert faults(rows("bookings", f"{head}\n{row}\n")) == [(2, field)], row


def test_bad_bookings_are_named(rows: Bring) -> None:
    result = rows(
        "bookings",
        "member,date,time,status,price\nM9,2026-11-22,18:00,,\nM1,2026-11-31,18:00,,\nM1,2026-11-22,25:00,,\n"
        "M1,2026-11-22,18:00,maybe,\nM1,2026-11-22,18:00,,-5\nM1,2026-11-22 17:00,18:00,,\nM1,,18:00,,\n",
    )
    assert faults(result) == [
        (2, "member"), (3, "date"), (4, "time"), (5, "status"), (6, "price"), (7, "time"), (8, "date"),
    ]  # fmt: skip
