"""Whatever is done at the desk, in whatever order: the sums hold, and a small model of our own agrees.

The machine drives the real services over a real file database. The model knows an invoice as (total, paid, credited,
state) and a payment as (amount, what it lies on); it shares no code with the program.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import DuesdeskError
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.services.standing import of_payer
from duesdesk.services.workplace import Centre
from duesdesk.store import positions
from duesdesk.store.verify import verify

START = date(2026, 3, 1)
PAYERS = ("M00001", "M00002")
CURRENCIES = ("EUR", "TND")
# Mostly one currency: payments must meet several invoices for anything to happen.
A_CURRENCY = st.sampled_from(("EUR", "EUR", "EUR", "TND"))
EDGES = (5, 20)
# Few sizes, so that payments meet several invoices and refunds stop inside a share.
AMOUNTS = st.sampled_from((1, 30, 100, 250, 400, 1_000))


@dataclass
class Owed:
    """The model's invoice."""

    number: str
    payer: str
    currency: str
    due_on: date
    total: int
    paid: int = 0
    credited: int = 0
    void: bool = False

    @property
    def open(self) -> int:
        return 0 if self.void else self.total - self.paid - self.credited


@dataclass
class Paid:
    """The model's payment: what is left of it, and where it lies, oldest share first."""

    reference: str
    payer: str
    currency: str
    live: int
    shares: list[tuple[Owed, int]] = field(default_factory=list)


_template: list[Path] = []


def template() -> Path:
    if not _template:
        folder = Path(tempfile.mkdtemp())
        path = folder / "empty.db"
        clock = Clock(START)
        found_centre(str(path), Centre("Aurora", "EUR", "ES", "Europe/Madrid", "en"), clock=clock)
        desk = open_desk(str(path), clock=clock)
        for name in ("Ana", "Bea"):
            desk.members.add(MemberDetails(name))
        desk.members.add(MemberDetails("Child", payer="M00001"))
        desk.close()
        _template.append(path)
    return _template[0]


class LedgerMachine(RuleBasedStateMachine):
    """Issue, pay, reverse, refund, credit, void, undo, move on by days."""

    invoices = Bundle("invoices")
    payments = Bundle("payments")

    @initialize()
    def open_the_desk(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "desk.db"
        shutil.copy(template(), self.path)
        self.today = START
        self.desk: Desk = open_desk(str(self.path), clock=Clock(self.today))
        self.owed: list[Owed] = []
        self.paid: list[Paid] = []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            shutil.rmtree(self.folder)

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.desk.close()
        self.desk = open_desk(str(self.path), clock=Clock(self.today))

    @rule(
        target=invoices,
        member=st.sampled_from(("M00001", "M00002", "M00003")),
        amount=AMOUNTS,
        currency=A_CURRENCY,
        due_in=st.integers(0, 60),
    )
    def issue(self, member: str, amount: int, currency: str, due_in: int) -> object:
        return multiple(*(self.issue_one(member, amount + n, currency, due_in + n * 30) for n in range(3)))

    def issue_one(self, member: str, amount: int, currency: str, due_in: int) -> Owed:
        due_on = self.today + timedelta(days=due_in)
        answer = self.desk.invoices.issue(IssueRequest(member, amount, currency, due_on))
        payer = "M00001" if member == "M00003" else member
        owed = Owed(answer["invoice"], payer, currency, due_on, amount)
        self.owed.append(owed)
        return owed

    @rule(
        target=payments,
        payer=st.sampled_from(PAYERS),
        amount=AMOUNTS,
        currency=A_CURRENCY,
        # Money found in the bank's list is dated back to the day it came.
        days_ago=st.sampled_from((0, 0, 3, 25, 60)),
    )
    def pay_oldest_first(self, payer: str, amount: int, currency: str, days_ago: int) -> Paid:
        on = self.today - timedelta(days=days_ago)
        answer = self.desk.payments.pay(PayRequest(payer, amount, currency, on=on))
        paid = Paid(answer["payment"], payer, currency, amount)
        left = amount
        for owed in sorted(
            (owed for owed in self.owed if owed.payer == payer and owed.currency == currency and owed.open),
            key=lambda owed: (owed.due_on, self.issued_order(owed)),
        ):
            part = min(left, owed.open)
            if part:
                owed.paid += part
                paid.shares.append((owed, part))
                left -= part
        self.paid.append(paid)
        return paid

    def issued_order(self, owed: Owed) -> int:
        return self.owed.index(owed)

    @rule(target=payments, owed=invoices, amount=AMOUNTS)
    def pay_one_invoice(self, owed: Owed, amount: int) -> object:
        before = owed.open
        try:
            answer = self.desk.payments.pay(PayRequest(owed.payer, amount, owed.currency, invoices=(owed.number,)))
        except DuesdeskError:
            assert amount > before
            return multiple()
        assert amount <= before
        owed.paid += amount
        paid = Paid(answer["payment"], owed.payer, owed.currency, amount, [(owed, amount)])
        self.paid.append(paid)
        return paid

    @rule(paid=payments)
    def reverse(self, paid: Paid) -> None:
        try:
            self.desk.payments.reverse(paid.reference, reason="wrong member")
        except DuesdeskError:
            assert paid.live == 0
            return
        assert paid.live > 0
        self.lift(paid, None)
        paid.live = 0

    @rule(paid=payments, amount=AMOUNTS)
    def refund(self, paid: Paid, amount: int) -> None:
        try:
            self.desk.payments.refund(paid.reference, amount)
        except DuesdeskError:
            assert amount > paid.live
            return
        assert amount <= paid.live
        self.lift(paid, amount)
        paid.live -= amount

    def lift(self, paid: Paid, amount: int | None) -> None:
        left = amount
        while paid.shares and left != 0:
            owed, share = paid.shares.pop()
            part = share if left is None else min(share, left)
            owed.paid -= part
            if share > part:
                paid.shares.append((owed, share - part))
            left = None if left is None else left - part

    @rule(owed=invoices, amount=AMOUNTS, kind=st.sampled_from(("credit_note", "waiver", "write_off")))
    def credit(self, owed: Owed, amount: int, kind: str) -> None:
        try:
            self.desk.credits.give(owed.number, amount, kind=kind, reason="kind")
        except DuesdeskError:
            assert amount > owed.open
            return
        assert amount <= owed.open
        owed.credited += amount

    @rule(owed=invoices)
    def void(self, owed: Owed) -> None:
        try:
            self.desk.invoices.void(owed.number, reason="twice")
        except DuesdeskError:
            assert owed.paid or owed.void
            return
        assert not owed.paid
        assert not owed.void
        owed.void = True

    @rule(owed=invoices, days=st.integers(0, 30))
    def move_the_due_date(self, owed: Owed, days: int) -> None:
        due_on = self.today + timedelta(days=days)
        try:
            self.desk.invoices.move_due(owed.number, due_on)
        except DuesdeskError:
            assert owed.open == 0
            return
        owed.due_on = due_on

    @rule(payer=st.sampled_from(PAYERS), amount=AMOUNTS, currency=A_CURRENCY)
    def pay_and_undo_changes_nothing(self, payer: str, amount: int, currency: str) -> None:
        before = self.figures()
        self.desk.payments.pay(PayRequest(payer, amount, currency))
        self.desk.undo.undo()
        assert self.figures() == before

    @rule(payer=st.sampled_from(PAYERS), amount=AMOUNTS, key=st.uuids())
    def the_same_key_twice_is_one_payment(self, payer: str, amount: int, key: object) -> None:
        wanted = PayRequest(payer, amount, "EUR")
        first = self.desk.payments.pay(wanted, key=str(key))
        assert self.desk.payments.pay(wanted, key=str(key)) == first
        self.desk.undo.undo()

    @rule(paid=payments, amount=AMOUNTS, whole=st.booleans())
    def giving_back_and_undo_changes_nothing(self, paid: Paid, amount: int, whole: bool) -> None:
        before = self.figures(), self.shares(paid)
        try:
            if whole:
                self.desk.payments.reverse(paid.reference, reason="a slip")
            else:
                self.desk.payments.refund(paid.reference, amount)
        except DuesdeskError:
            return
        self.desk.undo.undo()
        assert (self.figures(), self.shares(paid)) == before

    def shares(self, paid: Paid) -> dict[str, int]:
        """What of a payment lies on which invoice."""
        with self.desk.place.database.read() as tx:
            return dict(
                tx.all(
                    """SELECT i.number, sum(a.amount_minor) FROM allocation a JOIN invoice i ON i.id = a.invoice_id
                       JOIN payment p ON p.id = a.payment_id WHERE p.reference = :reference
                       GROUP BY i.number HAVING sum(a.amount_minor) <> 0""",
                    reference=paid.reference,
                )
            )

    @rule(owed=invoices, days=st.integers(0, 30))
    def voiding_or_moving_and_undo_changes_nothing(self, owed: Owed, days: int) -> None:
        for act in (
            lambda: self.desk.invoices.void(owed.number, reason="a slip"),
            lambda: self.desk.invoices.move_due(owed.number, self.today + timedelta(days=days)),
        ):
            before = self.figures()
            try:
                act()
            except DuesdeskError:
                continue
            self.desk.undo.undo()
            assert self.figures() == before

    def figures(self) -> dict[str, object]:
        with self.desk.place.database.read() as tx:
            ids = dict(tx.all("SELECT number, id FROM member"))
            return {payer: of_payer(tx, ids[payer], self.today.isoformat()) for payer in PAYERS}

    @invariant()
    def the_figures_are_those_of_the_model(self) -> None:
        if not hasattr(self, "desk"):
            return
        for payer, standings in self.figures().items():
            for currency in CURRENCIES:
                mine = [owed for owed in self.owed if owed.payer == payer and owed.currency == currency]
                found = standings.get(currency)  # type: ignore[attr-defined]
                expected = (
                    sum(owed.open for owed in mine if owed.due_on < self.today),
                    sum(owed.open for owed in mine),
                    sum(
                        paid.live - sum(part for _, part in paid.shares)
                        for paid in self.paid
                        if paid.payer == payer and paid.currency == currency
                    ),
                )
                assert (
                    (found.unpaid_minor, found.open_minor, found.credit_minor) == expected
                    if found
                    else not any(expected)
                )

    @invariant()
    def the_lists_of_who_owes_are_those_of_the_model(self) -> None:
        """From the kept sums after an act, from the open items on a new day."""
        if not hasattr(self, "desk"):
            return
        unpaid: Any = self.desk.reports.read("unpaid", scope="open")
        ageing: Any = self.desk.reports.read("ageing", edges=EDGES)
        late: dict[tuple[str, str], tuple[int, int, int, date]] = {}
        aged: dict[tuple[str, str], list[list[int]]] = {}
        for owed in self.owed:
            if not owed.open:
                continue
            key, days = (owed.currency, owed.payer), (self.today - owed.due_on).days
            unpaid_minor, open_minor, items, oldest = late.get(key, (0, 0, 0, owed.due_on))
            unpaid_minor += owed.open if days > 0 else 0
            late[key] = (unpaid_minor, open_minor + owed.open, items + 1, min(oldest, owed.due_on))
            bucket = aged.setdefault(key, [[0, 0] for _ in range(len(EDGES) + 2)])[
                sum(days > edge for edge in (0, *EDGES))
            ]
            bucket[0] += 1
            bucket[1] += owed.open
        assert late == {
            (one.currency, row.member): (row.unpaid_minor, row.open_minor, row.invoices, row.oldest_due)
            for one in unpaid.currencies
            for row in one.rows
        }
        assert aged == {
            (one.currency, row.member): [[bucket.invoices, bucket.amount_minor] for bucket in row.buckets]
            for one in ageing.currencies
            for row in one.rows
        }
        for one in unpaid.currencies:
            mine = [found for (currency, _), found in late.items() if currency == one.currency]
            assert (one.unpaid_minor, one.open_minor) == (sum(each[0] for each in mine), sum(each[1] for each in mine))

    @invariant()
    def every_invoice_is_open_for_what_the_model_says(self) -> None:
        if not hasattr(self, "desk"):
            return
        with self.desk.place.database.read() as tx:
            found = dict(tx.all("SELECT i.number, o.open_minor FROM open_item o JOIN invoice i ON i.id = o.invoice_id"))
        assert found == {owed.number: owed.open for owed in self.owed if owed.open}

    @invariant()
    def on_no_day_is_more_than_all_of_it_covered_or_laid_out(self) -> None:
        """Of an invoice by money and credits, of a payment on invoices: past days included."""
        if not hasattr(self, "desk"):
            return
        with self.desk.place.database.read() as tx:
            covers = tx.all(
                """SELECT 'i' || i.id, i.total_minor, m.day, m.minor FROM invoice i JOIN (
                       SELECT invoice_id, effective_on AS day, amount_minor AS minor FROM allocation
                       UNION ALL SELECT invoice_id, effective_on, amount_minor FROM credit) m ON m.invoice_id = i.id"""
            )
            laid = tx.all(
                """SELECT 'p' || p.id, 0, m.day, m.minor FROM payment p JOIN (
                       SELECT payment_id, effective_on AS day, amount_minor AS minor FROM allocation
                       UNION ALL SELECT id, received_on, -amount_minor FROM payment WHERE kind = 'receipt'
                       UNION ALL SELECT reverses_id, received_on, -amount_minor FROM payment WHERE kind <> 'receipt'
                   ) m ON m.payment_id = p.id"""
            )
        by_day: dict[str, tuple[int, dict[str, int]]] = {}
        for name, most, day, minor in (*covers, *laid):
            moves = by_day.setdefault(name, (most, {}))[1]
            moves[day] = moves.get(day, 0) + minor
        for name, (most, moves) in by_day.items():
            held = 0
            for day in sorted(moves):
                held += moves[day]
                assert held <= most, f"{name} on {day}: {held} of {most}"

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "desk"):
            return
        with self.desk.place.database.read() as tx:
            assert {name: found for name, found in verify(tx).items() if found} == {}
            projected = tx.all(f"{positions.OPEN_PROJECTED} ORDER BY invoice_id", as_of=self.today.isoformat())
            computed = tx.all(
                f"SELECT * FROM ({positions.OPEN_COMPUTED}) o ORDER BY invoice_id", as_of=self.today.isoformat()
            )
            assert projected == computed
            for days in (0, 1, 6):
                day = (self.today - timedelta(days=days)).isoformat()
                book = tx.all(f"SELECT * FROM ({positions.book_sql(tx, day)}) o ORDER BY invoice_id", as_of=day)
                of_each = tx.all(f"SELECT * FROM ({positions.OPEN_COMPUTED}) o ORDER BY invoice_id", as_of=day)
                assert book == of_each, day


# `make faults` plays longer.
LONG = os.environ.get("DUESDESK_FAULTS") == "long"
LedgerMachine.TestCase.settings = settings(
    max_examples=500 if LONG else 25,
    stateful_step_count=40 if LONG else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestTheLedger = LedgerMachine.TestCase
