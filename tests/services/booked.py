"""A few people with debts and bookings, written by the services of the day it happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from duesdesk.bootstrap import Desk
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest

OpenDesk = Callable[..., Desk]
TODAY = date(2026, 11, 22)


def ago(days: int) -> date:
    """The day so many days before today."""
    return TODAY - timedelta(days=days)


def member(desk: Desk, number: str, name: str, **details: object) -> str:
    """A member with this number."""
    desk.members.add(MemberDetails(name, number=number, **details))  # type: ignore[arg-type]
    return number


def owe(desk: Desk, who: str, amount_minor: int, due_on: date, *, currency: str = "EUR") -> str:
    """An invoice issued ten days before it is due; answers its number."""
    issued_on = min(due_on, desk.today())
    request = IssueRequest(who, amount_minor, currency, due_on, description="Dues", issued_on=issued_on)
    return str(desk.invoices.issue(request)["invoice"])


def pay(desk: Desk, who: str, amount_minor: int, *, currency: str = "EUR", on: date | None = None) -> str:
    """A payment in cash; answers its reference."""
    return str(desk.payments.pay(PayRequest(who, amount_minor, currency, on=on))["payment"])


def book(
    desk: Desk, who: str, at_time: str | None, *, day: date = TODAY, activity: str = "Yoga", status: str = "booked"
) -> int:
    """A booking, as an import writes it; answers its id."""
    with desk.place.database.write() as tx:
        return tx.insert(
            """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
               SELECT id, :day, :at_time, :activity, :status, '2026-11-01T08:00:00.000000Z' FROM member
               WHERE number = :who""",
            who=who,
            day=day.isoformat(),
            at_time=at_time,
            activity=activity,
            status=status,
        )
