"""Memberships as they are shown: what is charged next and when, and how each stands."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk.domain import dues
from duesdesk.domain.dues import Period, Schedule
from duesdesk.domain.errors import BadInput, DuesdeskError, NotFound
from duesdesk.domain.money import to_text
from duesdesk.services import lookup
from duesdesk.services.acts import Plain
from duesdesk.services.membership_requests import MembershipRequest, findings, schedule_of
from duesdesk.services.workplace import Workplace
from duesdesk.store import memberships
from duesdesk.store.database import Tx
from duesdesk.store.memberships import MembershipRow


class MembershipView(NamedTuple):
    """A membership on a day.

    `state` is ahead, trial, running, frozen, ended or left; `frozen_until` is the last day of the freeze, None while
    nobody has ended it. `next_charge` is the next period to be charged, None when there is none.
    """

    id: int
    member: str
    name: str
    payer: str
    plan: str
    price_minor: int
    currency: str
    schedule: Schedule
    state: str
    frozen_until: date | None
    charged_to: date | None
    next_charge: Period | None

    def as_json(self) -> Plain:
        """An entry of `membership list --json`."""
        when = self.schedule
        return {
            "membership": self.id,
            "member": self.member,
            "name": self.name,
            "payer": self.payer,
            "plan": self.plan,
            "price": to_text(self.price_minor, self.currency),
            "currency": self.currency,
            "period": when.period,
            "every": when.every,
            "billing_day": None if when.period == dues.WEEK else when.billing_day,
            "starts_on": when.starts_on.isoformat(),
            "charged_from": when.charged_from.isoformat(),
            "trial_until": _iso(when.trial_until),
            "ends_on": _iso(when.ends_on),
            "state": self.state,
            "frozen_until": _iso(self.frozen_until),
            "charged_to": _iso(self.charged_to),
            "next_on": _iso(self.next_charge.from_on if self.next_charge else None),
            "next_to": _iso(self.next_charge.to_on if self.next_charge else None),
        }


class ChargeView(NamedTuple):
    """A period that was charged, with its invoice."""

    period: Period
    invoice: str


class MembershipLists:
    """The memberships of one centre, to read."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self, member: str | None = None, *, ended: bool = False) -> list[MembershipView]:
        """Those of a member, the newest first, or of everybody by number; `ended` ones too, if asked for.

        Raises NotFound.
        """
        today = self._place.today()
        with self._place.database.read() as tx:
            if member is None:
                found = [view(row, today) for row in memberships.everyone(tx)]
            else:
                found = of_member(tx, lookup.person(tx, member).id, today)
        return [one for one in found if ended or one.state != dues.ENDED]

    def wrong_with(self, wanted: MembershipRequest) -> list[DuesdeskError]:
        """All that can be said against a membership before it is added, to be mended at once."""
        wrong: list[DuesdeskError] = []
        try:
            with self._place.database.read() as tx:
                lookup.person(tx, wanted.member)
        except NotFound as error:
            wrong.append(error)
        wrong += findings(wanted)
        try:
            schedule_of(wanted, self._place.today())
        except BadInput as error:
            wrong.append(error)
        return wrong

    def charges(self, membership_id: int) -> list[ChargeView]:
        """What was charged for a membership and those it follows or that follow it, the newest first."""
        with self._place.database.read() as tx:
            first_id = tx.value("SELECT coalesce(first_id, id) FROM membership WHERE id = :id", id=membership_id)
            return [ChargeView(*one) for one in reversed(memberships.charged(tx, first_id or membership_id))]


def of_member(tx: Tx, member_id: int, today: date) -> list[MembershipView]:
    """The memberships of a member as they stand today, the newest first."""
    return [view(row, today) for row in memberships.of_member(tx, member_id)]


def of_household(tx: Tx, member_id: int, today: date) -> list[MembershipView]:
    """Those of a member and of all they pay for: what can be charged first, then what has ended."""
    found = [view(row, today) for row in memberships.of_household(tx, member_id)]
    return sorted(found, key=lambda one: one.state == dues.ENDED)


def view(row: MembershipRow, today: date) -> MembershipView:
    """A membership as it stands today."""
    state = dues.state(row.schedule, row.freezes, row.owner, today)
    next_charge = None
    if state not in (dues.ENDED, dues.LEFT):
        next_charge = next(dues.periods(row.schedule, row.freezes, row.decided), None)
    covering = (freeze.until_on for freeze in row.freezes if freeze.from_on <= today)
    frozen_until = next((last for last in covering if last is None or last >= today), None)
    return MembershipView(
        row.id,
        row.member,
        row.name,
        row.payer,
        row.plan,
        row.price_minor,
        row.currency,
        row.schedule,
        state,
        frozen_until if state == dues.FROZEN else None,
        row.decided.to_on if row.decided and not row.decided.passed else None,
        next_charge,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
