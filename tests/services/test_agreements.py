"""Plans and settlements beside the rest of the desk: notices, lists, two desks at once, a past day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import Conflict, Refused
from duesdesk.services.agreements import PlanRequest, SettleRequest
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest, Shown
from duesdesk.store.database import RefusedByStore
from tests.conftest import OpenDesk

ANA = "M00001"
TODAY = date(2026, 11, 23)


@pytest.fixture
def desk(at: OpenDesk) -> Desk:
    """Ana owes 90.00 since October and Ben 20.00; both can be written to."""
    early = at(date(2026, 9, 1))
    early.members.add(MemberDetails("Ana", email="ana@example.org", phone="+34 600 11 12 22"))
    early.members.add(MemberDetails("Ben", email="ben@example.org"))
    early.invoices.issue(IssueRequest(ANA, 9000, "EUR", date(2026, 10, 15)))
    early.invoices.issue(IssueRequest("M00002", 2000, "EUR", date(2026, 10, 15)))
    return at(TODAY)


def plan(desk: Desk, first: date = TODAY + timedelta(days=7), parts: int = 3, grace: int = 5) -> int:
    answer = desk.agreements.plan(PlanRequest(ANA, "EUR", first, parts, grace_days=grace))
    identity: int = answer["plan"]
    return identity


def test_a_notice_to_many_passes_over_who_has_an_agreement_and_says_so(desk: Desk) -> None:
    plan(desk)
    audience = desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly")
    assert [one.payer for one in audience.going] == ["M00002"]
    (left_out,) = audience.left_out
    assert left_out.problem is not None
    assert (left_out.payer, left_out.problem.code) == (ANA, "notice-agreed")


def test_a_notice_that_failed_before_the_plan_does_not_leave_when_it_is_sent_again(desk: Desk, store: Path) -> None:
    desk.settings.set("notices.hours", "always")
    desk.runs.run()
    notice = next(one.id for one in desk.notices.all() if one.payer == ANA)
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'failed' WHERE id = :id", id=notice)
    plan(desk)
    desk.notices.retry(notice)
    noon = open_desk(str(store), clock=Clock(datetime(2026, 11, 24, 11, tzinfo=UTC)))
    done = {one.notice: (one.state, one.detail) for one in noon.outbox.send_due()}
    noon.close()
    assert done[notice] == ("cancelled", "agreed")


def test_the_word_about_a_part_goes_by_another_channel_with_its_amount(desk: Desk, at: OpenDesk) -> None:
    plan(desk, first=TODAY, parts=2)
    later = at(TODAY + timedelta(days=2))
    (taken,) = [one for one in later.runs.run().taken if one.step == "instalment"]
    assert (taken.amount_minor, taken.invoices) == (4500, ("INV-00001",))
    notice = next(one for one in later.notices.all() if one.payer == ANA)
    assert "€45.00" in notice.body
    again = later.notices.preview(NoticeRequest(ANA, "instalment_missed"))
    assert "€45.00" in again.body


def test_a_word_about_a_part_is_pulled_back_when_its_plan_breaks(desk: Desk, at: OpenDesk) -> None:
    identity = plan(desk, first=TODAY, parts=2, grace=2)
    later = at(TODAY + timedelta(days=2))
    later.runs.run()
    notice = next(one for one in later.notices.all() if one.payer == ANA)
    assert notice.state in ("held", "queued")
    after = at(TODAY + timedelta(days=3))
    after.runs.run()
    assert after.agreements.show(identity)["state"] == "broken"
    assert after.notices.get(notice.id).state == "cancelled"


def test_whoever_has_an_agreement_stands_among_promises_and_plans_of_the_day(desk: Desk) -> None:
    with desk.place.database.write() as tx:
        for member_id in (1, 2):
            tx.run(
                """INSERT INTO booking (member_id, on_day, at_time, activity, status, recorded_at)
                   VALUES (:id, :day, '10:00', 'Yoga', 'booked', '2026-09-01T00:00:00.000000Z')""",
                id=member_id,
                day=TODAY.isoformat(),
            )
    plan(desk)
    rows = desk.reports.read("daily", section="promises").sheets()[0].rows
    assert [row[2] for row in rows] == [ANA]


def test_of_two_desks_one_agrees_and_the_other_is_told(desk: Desk, store: Path) -> None:
    other = open_desk(str(store), clock=Clock(TODAY))
    plan(desk)
    with pytest.raises(Refused) as refused:
        other.agreements.settle(SettleRequest(ANA, "EUR", 3000, TODAY, invoices=("INV-00001",)))
    other.close()
    assert refused.value.code == "agreement-there-already"


def test_a_form_that_showed_the_whole_debt_does_not_pay_what_was_waived_meanwhile(desk: Desk) -> None:
    desk.agreements.settle(SettleRequest(ANA, "EUR", 3000, TODAY))
    sheet = desk.payments.sheet(ANA, "EUR")
    desk.payments.pay(PayRequest(ANA, 3000, "EUR"))
    shown = Shown((("INV-00001", 9000),), sheet.act_id)
    with pytest.raises(Conflict):
        desk.payments.pay(PayRequest(ANA, 9000, "EUR", shown=shown))


def test_a_past_day_is_told_as_it_was_before_the_waiver(desk: Desk, at: OpenDesk) -> None:
    desk.agreements.settle(SettleRequest(ANA, "EUR", 3000, TODAY + timedelta(days=9)))
    later = at(TODAY + timedelta(days=5))
    later.payments.pay(PayRequest(ANA, 3000, "EUR"))
    for days, unpaid in ((4, 11000), (5, 2000)):
        (sheet,) = later.reports.read("unpaid", as_of=TODAY + timedelta(days=days)).sheets()
        assert {key: value for key, _, value in sheet.figures}["unpaid"] == unpaid


@pytest.mark.parametrize("table", ["agreement", "agreement_part", "agreement_invoice", "agreement_event"])
def test_what_was_agreed_and_decided_is_never_changed(desk: Desk, table: str) -> None:
    identity = plan(desk)
    desk.agreements.cancel(identity, reason="x")
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(RefusedByStore), desk.place.database.write() as tx:
            tx.run(statement)


def test_the_counter_speaks_of_what_was_agreed_and_not_of_the_whole_debt(desk: Desk, at: OpenDesk) -> None:
    plan(desk, first=TODAY + timedelta(days=1), parts=2)
    told = desk.debts.of(ANA)
    assert (told.step.code, told.why) == ("promised", "Agreed for tomorrow: nothing is asked before.")
    assert "I have Tuesday 24 November written down" in told.say
    late = at(TODAY + timedelta(days=2)).debts.of(ANA)
    assert (late.step.code, late.why) == ("call", "What was agreed for yesterday has not come: a word now.")
    broken = at(TODAY + timedelta(days=20)).debts.of(ANA)
    assert "agreed" not in broken.why
    desk.invoices.issue(IssueRequest(ANA, 1000, "EUR", TODAY - timedelta(days=1), issued_on=TODAY - timedelta(days=9)))
    beside = desk.debts.of(ANA)
    assert (beside.step.code, "2 invoices" in beside.say) == ("never", True)
