"""Whatever is done with memberships, in whatever order: no day is charged twice, and nothing is left to charge.

The machine drives the real services over a real file database and looks at the invoices alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.services.members import MemberDetails
from duesdesk.services.membership_requests import MembershipRequest
from duesdesk.services.workplace import Centre
from duesdesk.store.verify import verify

pytestmark = pytest.mark.slow
START = date(2027, 12, 30)
MEMBERS = ("M00001", "M00002")
WHO = st.sampled_from(MEMBERS)
DISTANCE = st.integers(-40, 70)
PERIOD = st.sampled_from((("week", 2), ("month", 1), ("month", 1), ("month", 3), ("year", 1)))
BILLING_DAY = st.none() | st.sampled_from((1, 15, 29, 31))
PLACE = st.integers(0, 3)
TRIAL_DAYS = st.none() | st.none() | st.integers(0, 30)
A_MEMBERSHIP = (PERIOD, BILLING_DAY, st.integers(-40, 0), TRIAL_DAYS)
_template: list[Path] = []


def template() -> Path:
    if not _template:
        path = Path(tempfile.mkdtemp()) / "empty.db"
        found_centre(str(path), Centre("Aurora", "EUR", "ES", "Europe/Madrid", "en"), clock=Clock(START))
        desk = open_desk(str(path), clock=Clock(START))
        for name in ("Ana", "Bea"):
            desk.members.add(MemberDetails(name))
        desk.close()
        _template.append(path)
    return _template[0]


class DuesMachine(RuleBasedStateMachine):
    """Add, bill, freeze, end, change prices, leave and come back, undo, move on by days."""

    @initialize(data=st.data())
    def open_the_desk(self, data: st.DataObject) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "desk.db"
        shutil.copy(template(), self.path)
        self.today = START
        self.desk: Desk = open_desk(str(self.path), clock=Clock(self.today))
        for who in MEMBERS:
            self.add(who, *(data.draw(part) for part in A_MEMBERSHIP))

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            shutil.rmtree(self.folder)

    def day(self, distance: int) -> date:
        return self.today + timedelta(days=distance)

    @rule(days=st.integers(1, 45), bills=st.booleans())
    def days_pass(self, days: int, bills: bool) -> None:
        self.today += timedelta(days=days)
        self.desk.close()
        self.desk = open_desk(str(self.path), clock=Clock(self.today))
        if bills:
            self.bill(0)

    @rule(who=WHO, period=PERIOD, billing_day=BILLING_DAY, starts=DISTANCE, trial_days=TRIAL_DAYS)
    def add_another(
        self, who: str, period: tuple[str, int], billing_day: int | None, starts: int, trial_days: int | None
    ) -> None:
        """One after the other: most often there is one already."""
        if any(view.schedule.ends_on is None for view in self.desk.memberships.all(who)):
            self.end(who, 0, starts - 1, never=False)
        self.add(who, period, billing_day, starts, trial_days)

    def add(
        self, who: str, period: tuple[str, int], billing_day: int | None, starts: int, trial_days: int | None
    ) -> None:
        starts_on = self.day(starts)
        trial_until = starts_on + timedelta(days=trial_days) if trial_days is not None else None
        name, every = period
        wanted = MembershipRequest(
            who, "Full", 4500, "EUR", name, every, None if name == "week" else billing_day, starts_on, trial_until
        )
        self.tried(lambda: self.desk.memberships.add(wanted))

    def some(self, who: str, place: int) -> int | None:
        """One of the member's memberships; None while there is none."""
        found = self.desk.memberships.all(who)
        return found[place % len(found)].id if found else None

    @rule(who=WHO, place=PLACE, price=st.integers(1, 9), starts=st.none() | DISTANCE)
    def change_price(self, who: str, place: int, price: int, starts: int | None) -> None:
        from_on = None if starts is None else self.day(starts)
        self.tried(lambda: self.desk.memberships.price(who, price * 1000, from_on=from_on, which=self.some(who, place)))

    @rule(who=WHO, place=PLACE, starts=DISTANCE, days=st.none() | st.integers(0, 60))
    def freeze(self, who: str, place: int, starts: int, days: int | None) -> None:
        from_on = self.day(starts)
        until_on = None if days is None else from_on + timedelta(days=days)
        self.tried(
            lambda: self.desk.memberships.freeze(who, from_on=from_on, until_on=until_on, which=self.some(who, place))
        )

    @rule(who=WHO, place=PLACE, on=DISTANCE)
    def unfreeze(self, who: str, place: int, on: int) -> None:
        self.tried(lambda: self.desk.memberships.unfreeze(who, on=self.day(on), which=self.some(who, place)))

    @rule(who=WHO, place=PLACE, on=DISTANCE, never=st.booleans())
    def end(self, who: str, place: int, on: int, never: bool) -> None:
        self.tried(lambda: self.desk.memberships.end(who, on=self.day(on), never=never, which=self.some(who, place)))

    @rule(who=WHO, status=st.sampled_from(("active", "active", "left", "frozen")), days_ago=st.integers(0, 60))
    def change_member(self, who: str, status: str, days_ago: int) -> None:
        left_on = self.day(-days_ago) if status == "left" else None
        details = self.desk.members.get(who)._replace(status=status, left_on=left_on)
        self.tried(lambda: self.desk.members.edit(who, details))

    @rule(ahead=st.sampled_from((0, 0, 0, -10, 20)))
    def bill(self, ahead: int) -> None:
        day = self.day(ahead)
        would = self.desk.billing.rehearse(day)
        done = self.desk.billing.bill(day)
        assert [{**one, "invoice": None} for one in done["issued"]] == would["issued"]
        assert self.desk.billing.bill(day)["issued"] == []
        for one in done["issued"]:
            assert one["period_from"] <= day.isoformat()
            assert one["due_on"] is None
        for view in self.desk.memberships.all():
            if view.next_charge is not None and view.state != "frozen":
                assert view.next_charge.from_on > day

    @rule()
    def undo(self) -> None:
        self.tried(self.desk.undo.undo)

    @staticmethod
    def tried(act: object) -> None:
        try:
            act()  # type: ignore[operator]  # an act of a service
        except Refused:
            return

    @invariant()
    def no_day_is_charged_twice(self) -> None:
        if not hasattr(self, "desk"):
            return
        with self.desk.place.database.read() as tx:
            assert {check: found for check, found in verify(tx).items() if found} == {}
            spans = tx.all(
                """SELECT m.number, c.period_from, c.period_to, i.number FROM membership_charge c
                   JOIN invoice i ON i.id = c.invoice_id JOIN member m ON m.id = i.member_id
                   WHERE NOT EXISTS (SELECT 1 FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'voided')
                   ORDER BY m.number, c.period_from"""
            )
            numbers = [row[0] for row in tx.all("SELECT number FROM invoice ORDER BY id")]
        for (who, _, last, _), (next_who, first, _, _) in pairwise(spans):
            assert who != next_who or first > last, (who, first, last)
        assert numbers == [f"INV-{number:05d}" for number in range(1, len(numbers) + 1)]


# `make faults` plays longer.
LONG = os.environ.get("DUESDESK_FAULTS") == "long"
DuesMachine.TestCase.settings = settings(
    max_examples=200 if LONG else 12,
    stateful_step_count=30 if LONG else 18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestDues = DuesMachine.TestCase
