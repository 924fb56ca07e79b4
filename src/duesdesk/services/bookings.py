"""Check in who comes: on their booking, or as somebody who just walked in."""

from __future__ import annotations

from duesdesk.domain.errors import Refused
from duesdesk.services import lookup
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace


class Bookings:
    """Bookings of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def check_in(self, member: str, *, booking_id: int | None = None, key: str | None = None) -> Plain:
        """The member is here: their next booking of today is attended, or a visit is written without one.

        `booking_id` picks a booking (a row of CRM Daily). Checking in twice answers the first time.
        Answers `{"member", "name", "booking", "activity", "time", "checked_in", "already", "walk_in", "was"}`, the last
        being the status before.
        Raises NotFound, Refused for a cancelled booking.
        """
        today = self._place.today().isoformat()
        content = {"member": member, "booking": booking_id, "day": today}
        request = Request("checkin", content, key=key)
        return perform(self._place, request, lambda within: self._check_in(within, member, booking_id))

    def _check_in(self, within: Within, member: str, booking_id: int | None) -> Done:
        person = lookup.person(within.tx, member)
        local = self._place.clock.local(self._place.centre.timezone)
        found = self._pick(within, person.id, booking_id, local.strftime("%H:%M"))
        walk_in = found is None
        was = "booked" if found is None else found[3]
        at_time: str | None
        if found is None:
            identity = within.tx.insert(
                """INSERT INTO booking (member_id, on_day, at_time, activity, status, checked_in_at, checked_in_by,
                                        recorded_at)
                   VALUES (:member_id, :today, :time, '', 'attended', :now, :actor, :now)""",
                member_id=person.id,
                today=within.today,
                time=local.strftime("%H:%M"),
                now=within.act.recorded_at,
                actor=within.act.actor,
            )
            activity, at_time, already = "", local.strftime("%H:%M"), False
        else:
            identity, activity, at_time, status, checked_in_at = found
            if status == "cancelled":
                raise Refused("booking-cancelled", member=person.number, activity=activity or "–")
            already = checked_in_at is not None
            if not already:
                within.tx.run(
                    """UPDATE booking SET status = 'attended', checked_in_at = :now, checked_in_by = :actor
                       WHERE id = :id""",
                    now=within.act.recorded_at,
                    actor=within.act.actor,
                    id=identity,
                )
        answer = {
            "member": person.number,
            "name": person.name,
            "booking": identity,
            "activity": activity,
            "time": at_time,
            "checked_in": True,
            "already": already,
            "walk_in": walk_in,
            "was": was,
        }
        return Done(f"member {person.number}", answer)

    def _pick(
        self, within: Within, member_id: int, booking_id: int | None, now: str
    ) -> tuple[int, str, str | None, str, str | None] | None:
        """The booking meant: the one named; else today's next one not yet in; else one checked in just now."""
        columns = "id, activity, at_time, status, checked_in_at"
        if booking_id is not None:
            row = within.tx.one(
                f"SELECT {columns} FROM booking WHERE id = :id AND member_id = :member_id",
                id=booking_id,
                member_id=member_id,
            )
            if row is None:
                raise Refused("booking-unknown")
            return row
        rows = within.tx.all(
            f"""SELECT {columns} FROM booking WHERE member_id = :member_id AND on_day = :today AND status <> 'cancelled'
                ORDER BY coalesce(at_time, ''), id""",
            member_id=member_id,
            today=within.today,
        )
        waiting = [row for row in rows if row[4] is None]
        if waiting:
            later = [row for row in waiting if (row[2] or now) >= now]
            return (later or waiting[-1:])[0]
        return rows[-1] if rows else None

    def undo_check_in_within(self, within: Within, booking_id: int, *, walk_in: bool, was: str = "booked") -> Done:
        """They are not here after all, and the booking is again what it `was`; undo calls it."""
        if walk_in:
            within.tx.run("UPDATE booking SET status = 'cancelled' WHERE id = :id", id=booking_id)
        else:
            within.tx.run(
                "UPDATE booking SET status = :was, checked_in_at = NULL, checked_in_by = NULL WHERE id = :id",
                was=was,
                id=booking_id,
            )
        return Done(f"booking {booking_id}", {"booking": booking_id, "checked_in": False})
