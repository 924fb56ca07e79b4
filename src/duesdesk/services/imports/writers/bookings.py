"""Bookings into the store; one without a reference is known by member, day, time and activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.domain.money import to_text
from duesdesk.services.imports.kinds.bookings import BookingRow
from duesdesk.services.imports.writers.work import Work, found_by, people, settle_twins, twins
from duesdesk.store.bulk import new_ids


class _Stored(NamedTuple):
    """A booking of the store as an import compares it."""

    member: str
    day: str
    time: str
    activity: str
    status: str
    price_minor: int | None
    currency: str | None


_COLUMNS = "m.number, b.on_day, coalesce(b.at_time, ''), b.activity, b.status, b.price_minor, b.currency"


def write(work: Work, rows: Sequence[BookingRow]) -> None:
    """Write the good rows; reject those of unknown members, or known with other content."""
    again = twins(work, rows, [_key(row) for row in rows], "reference")
    known = people(work.tx, {row.member for row in rows})
    stored = _stored(work, rows)
    fresh = []
    for at in work.good():
        row = rows[at]
        if at in again:
            continue
        if row.member not in known:
            work.reject(at, "member", row.member, "import-member-unknown")
        elif _key(row) in stored:
            _compare(work, at, row, stored[_key(row)])
        else:
            fresh.append(at)
    settle_twins(work, again)
    now, currency = work.within.act.recorded_at, work.place.centre.currency
    work.tx.many_positional(
        """INSERT INTO booking (id, reference, member_id, on_day, at_time, activity, status, price_minor, currency,
                                recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                identity,
                rows[at].reference or None,
                known[rows[at].member].id,
                rows[at].day,
                rows[at].time or None,
                rows[at].activity,
                rows[at].status,
                rows[at].price_minor,
                currency if rows[at].price_minor is not None else None,
                now,
            )
            for at, identity in zip(fresh, new_ids(work.tx, "booking", len(fresh)), strict=True)
        ],
    )
    work.created.update(fresh)


def _key(row: BookingRow) -> object:
    return row.reference or (row.member, row.day, row.time, row.activity)


def _stored(work: Work, rows: Sequence[BookingRow]) -> dict[object, _Stored]:
    """The bookings that are there already, by the key of the rows."""
    sql = f"SELECT b.reference, {_COLUMNS} FROM booking b JOIN member m ON m.id = b.member_id"
    references = [row.reference for row in rows if row.reference]
    found: dict[object, _Stored] = {
        reference: _Stored(*row)
        for reference, row in found_by(work.tx, f"{sql} WHERE b.reference IN ({{among}})", references).items()
    }
    days = [row.day for row in rows if row.day and not row.reference]
    if days:
        for row in work.tx.all(
            f"{sql} WHERE b.reference IS NULL AND b.on_day BETWEEN :first AND :last", first=min(days), last=max(days)
        ):
            held = _Stored(*row[1:])
            found[held.member, held.day, held.time, held.activity] = held
    return found


def _compare(work: Work, at: int, row: BookingRow, before: _Stored) -> None:
    """Reject a booking known with other content. One that has come to pass since is not another one."""
    has = work.reading.has
    pairs: list[tuple[str, object, object]] = [
        ("member", row.member, before.member),
        (
            "starts_at" if has("starts_at") else "date",
            f"{row.day} {row.time}".strip(),
            f"{before.day} {before.time}".strip(),
        ),
    ]
    if has("activity"):
        pairs.append(("activity", row.activity, before.activity))
    if has("status") and row.status != "booked":
        pairs.append(("status", row.status, before.status))
    if has("price"):
        currency = before.currency or work.place.centre.currency
        told, old = (
            to_text(minor, currency) if minor is not None else "" for minor in (row.price_minor, before.price_minor)
        )
        pairs.append(("price", told, old))
    for name, value, old_value in pairs:
        if value != old_value:
            work.differs(at, name, value, old_value)
            return
