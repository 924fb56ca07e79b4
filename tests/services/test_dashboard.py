"""What the Dashboard shows: figures per currency, the people behind each, and what is next for them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.domain import next_step
from duesdesk.domain.errors import DuesdeskError
from duesdesk.services import debtors
from duesdesk.services.dashboard import figures_on
from duesdesk.services.debtors import Filter
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.store import debtors as debtor_store
from duesdesk.store import figures
from tests.conftest import OpenDesk

TODAY = date(2026, 11, 22)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def member(desk: Desk, name: str, **details: object) -> str:
    number: str = desk.members.add(MemberDetails(name)._replace(**details))["member"]
    return number


def owe(at: OpenDesk, number: str, minor: int, due_on: date, currency: str = "EUR") -> str:
    """An invoice issued thirty days before it is due."""
    issued_on = due_on - timedelta(days=30)
    desk = at(issued_on)
    invoice: str = desk.invoices.issue(IssueRequest(number, minor, currency, due_on))["invoice"]
    return invoice


def names(desk: Desk, kind: str = "unpaid", **wishes: object) -> list[str]:
    people = desk.dashboard.people(kind, **wishes)  # type: ignore[arg-type]
    return [people.row(index).name for index in range(people.total)]


def booking(desk: Desk, number: str, on: date, time: str | None, status: str = "booked") -> None:
    with desk.place.database.write() as tx:
        tx.run(
            """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
               SELECT id, :on, :time, 'Yoga', :status, '2026-01-01T00:00:00.000000Z' FROM member
               WHERE number = :number""",
            on=on.isoformat(),
            time=time,
            status=status,
            number=number,
        )


# Figures


def test_a_centre_without_anything_shows_zeros_in_its_own_currency(desk: Desk) -> None:
    summary = desk.dashboard.summary()
    assert [one.currency for one in summary.currencies] == ["EUR"]
    assert (summary.of("EUR").unpaid_minor, summary.of("EUR").debtors) == (0, 0)
    assert desk.dashboard.people().total == 0


def test_due_today_is_pending_and_yesterday_is_unpaid(at: OpenDesk) -> None:
    ana, bea = member(at(day(-60)), "Ana"), member(at(day(-60)), "Bea")
    owe(at, ana, 4500, day(-1))
    owe(at, bea, 3000, day(0))
    owe(at, bea, 2000, day(7))
    owe(at, bea, 1000, day(8))
    found = at().dashboard.summary().of("EUR")
    assert (found.unpaid_minor, found.debtors) == (4500, 1)
    assert (found.pending_minor, found.pending_invoices) == (5000, 2)
    assert names(at(), "pending") == ["Bea"]


def test_partially_paid_counts_the_rest_of_invoices_with_money_on_them_due_or_not(at: OpenDesk) -> None:
    desk = at(day(-60))
    ana, bea = member(desk, "Ana"), member(desk, "Bea")
    owe(at, ana, 4500, day(20))
    owe(at, bea, 4500, day(20))
    at(day(-1)).payments.pay(PayRequest(ana, 500, "EUR"))
    found = at().dashboard.summary().of("EUR")
    assert (found.partial_minor, found.partial_members) == (4000, 1)
    assert names(at(), "partial") == ["Ana"]


def test_currencies_never_add_up(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 4500, day(-3))
    owe(at, ana, 7000, day(-5), "JPY")
    owe(at, ana, 12500, day(-5), "TND")
    summary = at().dashboard.summary()
    assert [(one.currency, one.unpaid_minor) for one in summary.currencies] == [
        ("EUR", 4500),
        ("JPY", 7000),
        ("TND", 12500),
    ]
    assert [at().dashboard.people("unpaid", c).row(0).owes_minor for c in ("EUR", "JPY", "TND")] == [4500, 7000, 12500]


def test_ageing_groups_follow_the_edges_of_the_setting(at: OpenDesk) -> None:
    desk = at(day(-60))
    ana = member(desk, "Ana")
    for late in (0, 1, 10, 11, 20, 21):
        owe(at, ana, 100, day(-late))
    with desk.place.database.write() as tx:
        tx.run(
            """INSERT INTO setting (key, value, changed_at, actor)
               VALUES ('ageing.edges', '10,20', '2026-01-01T00:00:00.000000Z', 'owner')"""
        )
    groups = at().dashboard.summary().of("EUR").ageing
    assert [(group.name, group.invoices) for group in groups] == [
        ("current", 1),
        ("1-10", 2),
        ("11-20", 2),
        ("21+", 1),
    ]


def test_collected_today_is_by_method_less_what_went_back(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 9000, day(-3))
    desk = at()
    desk.payments.pay(PayRequest(ana, 2000, "EUR", "cash"))
    wrong = desk.payments.pay(PayRequest(ana, 1000, "EUR", "card"))["payment"]
    desk.payments.reverse(wrong, reason="wrong person")
    kept = desk.payments.pay(PayRequest(ana, 3000, "EUR", "card"))["payment"]
    desk.payments.refund(kept, 500)
    found = desk.dashboard.summary().of("EUR")
    assert (found.collected_minor, found.payments) == (4500, 2)
    assert found.by_method == (("card", 2500), ("cash", 2000))
    assert [(one.kind, one.amount_minor) for one in desk.dashboard.taken()] == [
        ("refund", -500),
        ("receipt", 3000),
        ("receipt", 2000),
    ]
    assert desk.dashboard.later().collected_days["EUR"][-1] == 4500


def test_the_sparkline_has_a_sum_for_each_of_fourteen_days(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 9000, day(-30))
    for ago in (14, 13, 2):
        at(day(-ago)).payments.pay(PayRequest(ana, 100 * ago, "EUR"))
    days = at().dashboard.later().collected_days["EUR"]
    assert len(days) == 14
    assert (days[0], days[-3], sum(days)) == (1300, 200, 1500)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("issue", "issue", "issue", "pay", "pay", "void", "credit", "later")),
        st.integers(0, 2),
        st.sampled_from((1, 100, 250, 1000)),
        st.sampled_from(("EUR", "EUR", "TND")),
        st.integers(-20, 40),
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture(scope="module")
def three(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three members."""
    path = tmp_path_factory.mktemp("three") / "desk.db"
    shutil.copy(template, path)
    desk = open_desk(str(path), clock=Clock(date(2026, 3, 1)))
    for name in ("Ana", "Bea", "Cid"):
        member(desk, name)
    desk.close()
    return path


@given(acts=ACTS, rolled=st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_kept_sums_open_items_and_ledger_tell_the_same_figures(
    three: Path, tmp_path: Path, acts: list[tuple[str, int, int, str, int]], rolled: bool
) -> None:
    path = tmp_path / "story.db"
    shutil.copy(three, path)
    today = date(2026, 3, 1)
    desk = open_desk(str(path), clock=Clock(today))
    numbers = ["M00001", "M00002", "M00003"]
    issued: list[str] = []
    for verb, who, minor, currency, days in acts:
        if verb == "later":
            today += timedelta(days=max(1, days))
            desk.close()
            desk = open_desk(str(path), clock=Clock(today))
        elif verb == "issue":
            due_on = today + timedelta(days=days)
            wanted = IssueRequest(numbers[who], minor, currency, due_on, issued_on=min(today, due_on))
            issued.append(desk.invoices.issue(wanted)["invoice"])
        elif verb == "pay":
            desk.payments.pay(PayRequest(numbers[who], minor, currency))
        elif issued and verb == "void":
            with suppress(DuesdeskError):
                desk.invoices.void(issued[days % len(issued)], reason="test")
        elif issued:
            with suppress(DuesdeskError):
                desk.credits.give(issued[days % len(issued)], 1, kind="waiver", reason="test")
    if rolled:
        desk.dashboard.roll()
    as_of = today.isoformat()
    with desk.place.database.read() as tx:
        told = [figures_on(tx, today, base) for base in (figures.ITEMS, figures.LEDGER)]
        if figures.basis(tx, as_of) == figures.SUMS:
            told.append(figures_on(tx, today, figures.SUMS))
        assert all(one == told[0] for one in told)
        assert rolled <= (len(told) == 3)
        bases = (figures.ITEMS, figures.LEDGER, figures.SUMS)[: len(told)]
        until = (today + timedelta(days=7)).isoformat()
        for kind in debtors.LISTS:
            for order in debtors.ORDERS:
                wanted_list = debtors.wanted(kind, "EUR", order, Filter(), today)
                orders = [debtor_store.order(tx, wanted_list, base, as_of, until) for base in bases]
                assert all(one == orders[0] for one in orders)
                sums = [debtor_store.sums_of(tx, kind, "EUR", base, as_of, until, orders[0]) for base in bases]
                assert all(one == sums[0] for one in sums)
            figure = {"unpaid": "unpaid_minor", "partial": "partial_minor", "pending": "pending_minor"}[kind]
            shown = getattr(told[0]["EUR"], figure) if "EUR" in told[0] else 0
            assert sum(row[1] for row in sums[0].values()) == shown
    desk.close()


def test_the_sums_are_rolled_to_a_new_day_once_and_never_back(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 4500, day(-1))
    assert at().dashboard.roll()
    assert not at().dashboard.roll()
    yesterday = at(day(-1))
    assert not yesterday.dashboard.roll()
    assert yesterday.dashboard.summary().of("EUR").unpaid_minor == 0
    assert at().dashboard.summary().of("EUR").unpaid_minor == 4500


# The people behind a figure


def test_the_list_behind_unpaid_is_exactly_the_debtors_of_the_figure(at: OpenDesk) -> None:
    desk = at(day(-90))
    for number, minor in ((member(desk, f"Person {n:03}"), 1000 + n // 3) for n in range(130)):
        owe(at, number, minor, day(-5 if minor % 3 else 5))
    desk = at()
    figure = desk.dashboard.summary().of("EUR")
    people = desk.dashboard.people(total=figure.debtors, rows=20)
    rows = [people.row(index) for index in range(people.total)]
    assert len({row.member for row in rows}) == figure.debtors == people.total
    assert sum(row.owes_minor for row in rows) == figure.unpaid_minor
    assert [row.owes_minor for row in rows] == sorted((row.owes_minor for row in rows), reverse=True)
    assert [people.index_of(row.member) for row in rows] == list(range(people.total))
    fresh = desk.dashboard.people(total=figure.debtors, rows=20)
    assert [fresh.index_of(row.member) for row in rows] == list(range(people.total))
    assert [fresh.row(index).member for index in (people.total - 1, 50, 0)] == [
        rows[index].member for index in (people.total - 1, 50, 0)
    ]
    not_late = next(number for number in ("M00003", "M00006", "M00009", "M00001") if people.index_of(number) is None)
    assert fresh.index_of(not_late) is None
    assert fresh.index_of("M99999") is None


def test_a_parent_is_the_debtor_and_named_with_the_children(at: OpenDesk) -> None:
    desk = at(day(-60))
    giulia = member(desk, "Rossi Giulia")
    marco = member(desk, "Rossi Marco", payer=giulia)
    member(desk, "Rossi Lia", payer=giulia)
    owe(at, marco, 4200, day(-9))
    row = at().dashboard.people().row(0)
    assert (row.member, row.name, row.children, row.days) == (giulia, "Rossi Giulia", 2, 9)


def test_visits_are_those_of_the_household(at: OpenDesk) -> None:
    desk = at(day(-60))
    giulia = member(desk, "Giulia")
    marco = member(desk, "Marco", payer=giulia)
    owe(at, marco, 4200, day(-9))
    booking(desk, marco, day(-3), "10:00", "attended")
    booking(desk, giulia, day(-30), "10:00", "attended")
    booking(desk, marco, day(0), "18:00")
    booking(desk, marco, day(0), "07:00", "cancelled")
    row = at().dashboard.people().row(0)
    assert (row.last_visit_on, row.comes_at, row.came_at) == (day(-3), "18:00", None)
    assert row.step == next_step.Step(next_step.COMES, TODAY, "18:00")


def test_the_last_contact_is_the_newest_talk_or_notice_sent(at: OpenDesk) -> None:
    desk = at(day(-60))
    ana = member(desk, "Ana")
    owe(at, ana, 4200, day(-20))
    assert at().dashboard.people().row(0).contact is None
    assert at().dashboard.people().row(0).step.code == next_step.NEVER
    at(day(-12)).talks.log(ana, outcome="informed", channel="phone")
    row = at().dashboard.people().row(0)
    assert row.contact == debtors.LastContact("talk", "phone", "informed", day(-12))
    assert row.step == next_step.Step(next_step.REMIND, day(-12))
    at(day(-1)).talks.log(ana, outcome="no_answer", channel="phone", next_on=day(2))
    row = at().dashboard.people().row(0)
    assert row.contact == debtors.LastContact("talk", "phone", "no_answer", day(-1))
    assert row.step == next_step.Step(next_step.CALL, day(2))


def test_a_talk_taken_back_is_no_contact(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 4200, day(-20))
    desk = at()
    desk.talks.log(ana, outcome="informed")
    desk.undo.undo()
    assert desk.dashboard.people().row(0).contact is None


def test_a_promise_holds_until_its_day_and_is_told_when_broken(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 4200, day(-20))
    at(day(-10)).promises.take(ana, 4200, "EUR", day(-4))
    assert at(day(-4)).dashboard.later().cares[0].kind == "promise_due"
    assert at(day(-4)).dashboard.people().row(0).step == next_step.Step(next_step.PROMISED, day(-4))
    desk = at()
    row = desk.dashboard.people().row(0)
    assert row.contact == debtors.LastContact("promise_broken", "", "", day(-4))
    assert row.step == next_step.Step(next_step.CALL, TODAY)
    care = desk.dashboard.later().cares[0]
    assert (care.kind, care.member, care.on, care.amount_minor) == ("promise_broken", ana, day(-4), 4200)
    desk.payments.pay(PayRequest(ana, 4200, "EUR"))
    assert desk.dashboard.later().cares == ()


def test_a_promise_kept_in_time_is_nothing_to_look_after(at: OpenDesk) -> None:
    ana = member(at(day(-60)), "Ana")
    owe(at, ana, 4200, day(-20))
    at(day(-10)).promises.take(ana, 2000, "EUR", day(-4))
    at(day(-5)).payments.pay(PayRequest(ana, 2000, "EUR"))
    assert at().dashboard.later().cares == ()
    assert at().dashboard.people().row(0).owes_minor == 2200


def test_lists_are_sorted_by_amount_days_name_and_last_contact(at: OpenDesk) -> None:
    desk = at(day(-90))
    for name, minor, late in (("Çelik", 300, 5), ("Álvarez", 100, 40), ("Brown", 200, 20)):
        owe(at, member(desk, name), minor, day(-late))
    at(day(-3)).talks.log("M00001", outcome="informed")
    at(day(-9)).talks.log("M00002", outcome="informed")
    desk = at()
    assert names(desk, order=debtors.AMOUNT) == ["Çelik", "Brown", "Álvarez"]
    assert names(desk, order=debtors.DAYS) == ["Álvarez", "Brown", "Çelik"]
    assert names(desk, order=debtors.NAME) == ["Álvarez", "Brown", "Çelik"]
    assert names(desk, order=debtors.CONTACT) == ["Brown", "Álvarez", "Çelik"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), {"Ana Pérez", "Bea O%Neil", "Cid"}),
        (Filter(days_from=10), {"Bea O%Neil", "Cid"}),
        (Filter(days_to=10), {"Ana Pérez", "Bea O%Neil"}),
        (Filter(days_from=10, days_to=10), {"Bea O%Neil"}),
        (Filter(text="perez AN"), {"Ana Pérez"}),
        (Filter(text="%"), {"Bea O%Neil"}),
        (Filter(text="nobody"), set()),
        (Filter(group="Judo "), {"Cid"}),
        (Filter(email=True), {"Ana Pérez"}),
        (Filter(email=False), {"Bea O%Neil", "Cid"}),
    ],
)
def test_a_filter_lets_through_exactly_who_it_names(at: OpenDesk, chosen: Filter, expected: set[str]) -> None:
    desk = at(day(-90))
    owe(at, member(desk, "Ana Pérez", email="ana@example.org"), 300, day(-5))
    owe(at, member(desk, "Bea O%Neil"), 300, day(-10))
    owe(at, member(desk, "Cid", group="judo"), 300, day(-40))
    assert set(names(at(), chosen=chosen)) == expected


def test_a_disputed_debt_is_held(at: OpenDesk) -> None:
    desk = at(day(-60))
    ana = member(desk, "Ana")
    owe(at, ana, 4200, day(-20))
    with desk.place.database.write() as tx:
        tx.run("UPDATE open_item SET disputed = :yes", yes=True)
    assert at().dashboard.people().row(0).step.code == next_step.DISPUTED


def test_instants_are_days_of_the_centre(store: Path) -> None:
    before_midnight = datetime.fromisoformat("2026-11-21T23:30:00+00:00")
    desk = open_desk(str(store), clock=Clock(before_midnight))
    ana = member(desk, "Ana")
    desk.payments.pay(PayRequest(ana, 100, "EUR"))
    taken = desk.dashboard.taken()[0]
    assert (taken.at.date(), taken.at.hour) == (TODAY, 0)
    desk.close()
