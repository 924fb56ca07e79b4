"""Plans and settlements under whatever is done at the desk: a waiver stands exactly as long as the money it was for.

The machine drives the real services; the model is a settlement as (debt, sum, day) and the money that came, by day.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.money import from_text
from duesdesk.services.agreements import PlanRequest, SettleRequest
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.services.standing import of_payer
from duesdesk.services.workplace import Centre
from duesdesk.store.verify import verify

START = date(2026, 3, 1)
AMOUNTS = st.sampled_from((1, 50, 100, 250, 400))
_template: list[Path] = []


def template() -> Path:
    if not _template:
        path = Path(tempfile.mkdtemp()) / "empty.db"
        clock = Clock(START)
        found_centre(str(path), Centre("Aurora", "EUR", "ES", "Europe/Madrid", "en"), clock=clock)
        desk = open_desk(str(path), clock=clock)
        desk.members.add(MemberDetails("Ana"))
        desk.members.add(MemberDetails("Bea"))
        desk.close()
        _template.append(path)
    return _template[0]


class AgreementMachine(RuleBasedStateMachine):
    """Agree, pay, reverse, refund, credit, cancel, undo, run, move on by days."""

    @initialize()
    def open_the_desk(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "desk.db"
        shutil.copy(template(), self.path)
        self.today = START
        self.desk: Desk = open_desk(str(self.path), clock=Clock(self.today))
        self.invoices: list[str] = []
        self.payments: list[str] = []
        # What a run or a person has decided for good, by agreement.
        self.decided: dict[int, str] = {}
        for member in ("M00001", "M00002"):
            self.issue(member, 400)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            shutil.rmtree(self.folder)

    def tried(self, act: Any) -> Any:  # the answer of any act
        """What the act answers; None when it was refused, as many are in this order of things."""
        try:
            return act()
        except DuesdeskError:
            return None

    @rule(days=st.integers(1, 25))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.desk.close()
        self.desk = open_desk(str(self.path), clock=Clock(self.today))

    @rule(member=st.sampled_from(("M00001", "M00002")), amount=AMOUNTS)
    def issue(self, member: str, amount: int) -> None:
        wanted = IssueRequest(member, amount, "EUR", self.today + timedelta(days=5), issued_on=self.today)
        self.invoices.append(self.desk.invoices.issue(wanted)["invoice"])

    @rule(member=st.sampled_from(("M00001", "M00002")), parts=st.integers(1, 4), days=st.integers(0, 20))
    def plan(self, member: str, parts: int, days: int) -> None:
        wanted = PlanRequest(member, "EUR", self.today + timedelta(days=days), parts, grace_days=3)
        self.tried(lambda: self.desk.agreements.plan(wanted))

    @rule(member=st.sampled_from(("M00001", "M00002")), amount=AMOUNTS, days=st.integers(0, 30))
    def settle(self, member: str, amount: int, days: int) -> None:
        wanted = SettleRequest(member, "EUR", amount, self.today + timedelta(days=days))
        self.tried(lambda: self.desk.agreements.settle(wanted))

    @rule(member=st.sampled_from(("M00001", "M00002")), amount=AMOUNTS, back=st.integers(0, 10))
    def pay(self, member: str, amount: int, back: int) -> None:
        wanted = PayRequest(member, amount, "EUR", on=self.today - timedelta(days=back))
        answer = self.tried(lambda: self.desk.payments.pay(wanted))
        if answer:
            self.payments.append(answer["payment"])

    @rule(member=st.sampled_from(("M00001", "M00002")), amount=AMOUNTS, more=st.sampled_from((0, 0, 30)))
    def settle_and_pay(self, member: str, amount: int, more: int) -> None:
        self.settle(member, amount, 3)
        self.pay(member, amount + more, 0)

    @rule(which=st.sampled_from((1, 1, 1, 2, 5)), amount=st.one_of(st.none(), AMOUNTS))
    def give_back(self, which: int, amount: int | None) -> None:
        if self.payments:
            reference = self.payments[-which % len(self.payments)]
            if amount is None:
                self.tried(lambda: self.desk.payments.reverse(reference, reason="x"))
            else:
                self.tried(lambda: self.desk.payments.refund(reference, amount))

    @rule(which=st.integers(0, 50), amount=AMOUNTS, kind=st.sampled_from(("credit_note", "waiver", "write_off")))
    def credit(self, which: int, amount: int, kind: str) -> None:
        number = self.invoices[which % len(self.invoices)]
        self.tried(lambda: self.desk.credits.give(number, amount, kind=kind, reason="x"))

    @rule(which=st.integers(0, 50))
    def void(self, which: int) -> None:
        number = self.invoices[which % len(self.invoices)]
        self.tried(lambda: self.desk.invoices.void(number, reason="x"))

    @rule(which=st.integers(1, 8))
    def cancel(self, which: int) -> None:
        self.tried(lambda: self.desk.agreements.cancel(which, reason="x"))

    @rule()
    def undo(self) -> None:
        self.tried(self.desk.undo.undo)

    @rule()
    def run(self) -> None:
        self.desk.runs.run()

    @invariant()
    def the_sums_hold(self) -> None:
        with self.desk.place.database.read() as tx:
            assert {name: found for name, found in verify(tx).items() if found} == {}

    @invariant()
    def a_waiver_stands_with_its_money_and_what_was_decided_stands(self) -> None:
        for one in self.desk.agreements.all():
            shown = self.desk.agreements.show(one.get("plan") or one["settlement"])
            kinds = [decision["kind"] for decision in shown["decisions"]]
            if "settlement" in one:
                waived, paid = from_text(one["waived"], "EUR"), from_text(one["paid"], "EUR")
                if one["state"] == "kept":
                    assert paid >= from_text(one["amount"], "EUR") or kinds.count("kept") > 1
                    assert waived <= from_text(one["waives"], "EUR")
                else:
                    assert waived == 0
                assert one["state"] != "missed" or one["by"] < self.today.isoformat()
            else:
                parts = one["parts"]
                assert sum(from_text(part["amount"], "EUR") for part in parts) == from_text(one["amount"], "EUR")
                assert sum(from_text(part["paid"], "EUR") for part in parts) == from_text(one["paid"], "EUR")
            if kinds and kinds[-1] in ("broken", "missed"):
                assert one["state"] == kinds[-1]

    @invariant()
    def nobody_owes_less_than_nothing(self) -> None:
        with self.desk.place.database.read() as tx:
            for payer_id in (1, 2):
                for figures in of_payer(tx, payer_id, self.today.isoformat()).values():
                    assert figures.open_minor >= figures.unpaid_minor >= 0


TestAgreements = AgreementMachine.TestCase
TestAgreements.settings = settings(
    max_examples=400 if os.environ.get("DUESDESK_FAULTS") == "long" else 25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
