"""What leaves, when, and what is done about what did not: everything is read again at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk import config
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.channels import Receipt
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.leaving import Moment
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.outbox import Outbox
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk

ANA = "M00001"
# A Monday; Madrid is an hour ahead.
MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
Open = Callable[[datetime], Desk]


@pytest.fixture
def when(store: Path, at: OpenDesk) -> Iterator[Open]:
    """The desk at an instant; Ana owes 50.00 since October and can be reached by e-mail, phone and letter."""
    early = at(date(2026, 9, 1))
    early.members.add(
        MemberDetails("Ana", email="ana@example.org", phone="+34 600 11 12 22", address="C/ Mayor 1; 28013 Madrid")
    )
    early.invoices.issue(IssueRequest(ANA, 5000, "EUR", date(2026, 10, 15)))
    opened: list[Desk] = []

    def open_at(instant: datetime) -> Desk:
        opened.append(open_desk(str(store), clock=Clock(instant)))
        return opened[-1]

    yield open_at
    for desk in opened:
        desk.close()


def reminder(desk: Desk, *, cooling: bool = False, channel: str = "email", pressing: str = "") -> int:
    wanted = NoticeRequest(ANA, "reminder_friendly", channel=channel)
    identity: int = desk.notices.write(wanted, cooling=cooling, pressing=pressing)["notice"]
    return identity


def by_the_rule(desk: Desk, notice: int) -> None:
    """As if the rule had written it."""
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET origin = 'step' WHERE id = :id", id=notice)


def mails(tmp_path: Path) -> int:
    return len(list((tmp_path / "home" / "outbox").glob("*.eml")))


def become(desk: Desk, notice: int) -> tuple[str, str]:
    view = desk.notices.get(notice)
    return view.state, view.detail


def sending(desk: Desk) -> list[tuple[str, str]]:
    return [(one.state, one.detail) for one in desk.outbox.send_due()]


def test_a_notice_is_held_for_its_cooling_time_and_says_until_when(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    notice = reminder(desk, cooling=True)
    view = desk.notices.get(notice)
    assert (view.state, view.why, view.until) == ("held", "cooling", MONDAY + timedelta(minutes=30))
    assert sending(desk) == []
    assert [one.state for one in when(MONDAY + timedelta(minutes=30)).outbox.send_due()] == ["sent"]
    assert mails(tmp_path) == 1


@pytest.mark.parametrize("instant", [NIGHT, SUNDAY, datetime(2026, 12, 8, 11, 0, tzinfo=UTC)])
def test_nothing_leaves_at_night_on_a_closed_day_or_on_a_holiday(when: Open, tmp_path: Path, instant: datetime) -> None:
    desk = when(instant)
    notice = reminder(desk)
    assert sending(desk) == [("waits", "hours")]
    view = desk.notices.get(notice)
    assert view.why == "hours"
    assert view.until is not None
    assert mails(tmp_path) == 0
    assert [one.state for one in when(view.until).outbox.send_due()] == ["sent"]


def test_the_hours_are_those_where_the_member_lives(when: Open, tmp_path: Path) -> None:
    desk = when(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
    assert sending_after(desk) == [("waits", "hours")]
    details = desk.members.get(ANA)
    desk.members.edit(ANA, details._replace(timezone="America/Sao_Paulo"))
    assert sending(desk)[0][0] == "sent"


def sending_after(desk: Desk) -> list[tuple[str, str]]:
    reminder(desk)
    return sending(desk)


def test_always_is_every_hour_of_the_house_and_the_law_keeps_its_own(when: Open) -> None:
    desk = when(SUNDAY)
    desk.settings.set("notices.hours", "always")
    reminder(desk)
    assert sending(desk)[0][0] == "sent"
    night = when(NIGHT)
    reminder(night)
    assert sending(night) == [("waits", "hours")]


def test_a_person_passes_the_hours_of_the_house_with_a_reason_and_never_those_of_the_law(
    when: Open, tmp_path: Path
) -> None:
    desk = when(SUNDAY)
    notice = reminder(desk)
    assert desk.outbox.send_now(notice).detail == "hours"
    pressing = reminder(desk, pressing="asked for it at the desk")
    assert desk.outbox.send_now(pressing).state == "sent"
    assert desk.notices.get(pressing).pressing == "asked for it at the desk"
    night = when(NIGHT)
    late = reminder(night, pressing="asked for it")
    assert night.outbox.send_now(late).state == "waits"
    assert mails(tmp_path) == 1


def test_a_plain_day_is_any_allowed_moment_of_it(when: Open, tmp_path: Path) -> None:
    desk = when(NIGHT)
    reminder(desk)

    def on(day: date) -> list[str]:
        end = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=22)
        return [one.state for one in desk.outbox.send_due(moment=Moment(end, day))]

    # The day it was written is over but for its night; the next one is open.
    assert on(date(2026, 11, 23)) == ["waits"]
    assert on(date(2026, 11, 24)) == ["sent"]


def test_what_was_paid_contested_or_changed_since_is_not_asked_for(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    for change, why in (
        (lambda: desk.credits.give("INV-00001", 100, kind="waiver", reason="x"), "figures changed"),
        (lambda: desk.invoices.dispute("INV-00001", reason="x"), "disputed"),
    ):
        notice = reminder(desk)
        change()
        with desk.place.database.write() as tx:
            # As if the act had not pulled it back in its own transaction.
            tx.run("UPDATE notice SET state = 'queued', detail = '' WHERE id = :id", id=notice)
        assert sending(desk) == [("cancelled", why)]
    desk.invoices.dispute("INV-00001", disputed=False)
    notice = reminder(desk)
    desk.payments.pay(PayRequest(ANA, 4900, "EUR"))
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'queued', detail = '' WHERE id = :id", id=notice)
    assert sending(desk) == [("cancelled", "paid")]
    assert mails(tmp_path) == 0


@pytest.mark.parametrize("kind", ["hardship", "vulnerable", "deceased", "minor", "insolvency", "complaint", "claim"])
def test_a_grave_hold_stops_a_demand_whoever_sends_it(when: Open, tmp_path: Path, kind: str) -> None:
    desk = when(MONDAY)
    notice = reminder(desk, pressing="I insist")
    hold(desk, kind)
    assert desk.outbox.send_now(notice)[1:3] == ("cancelled", kind)
    word = desk.notices.write(NoticeRequest(ANA, text="We are sorry", subject="A word"), cooling=False)["notice"]
    assert desk.outbox.send_now(word).state == "sent"


def hold(desk: Desk, kind: str, until: str | None = None) -> None:
    """A hold as the store keeps it."""
    with desk.place.database.write() as tx:
        act = tx.value("SELECT max(id) FROM act")
        tx.run(
            """INSERT INTO hold (kind, payer_id, reason, from_on, until_on, lifted_by, act_id, recorded_at, actor, desk,
                                 idempotency_key)
               VALUES (:kind, 1, '', '2026-11-01', :until, '', :act, '2026-11-01T08:00:00.000000Z', 'x', 'x', :key)""",
            kind=kind,
            until=until,
            act=act,
            key=f"hold-{kind}-{until}",
        )


def test_a_wish_of_the_house_stops_the_rule_and_not_a_person_and_ends_with_its_day(when: Open) -> None:
    desk = when(MONDAY)
    hold(desk, "snooze", until="2026-11-22")
    # The rule's leaves first: after one by hand it would wait a day.
    rule, by_hand = reminder(desk), reminder(desk)
    by_the_rule(desk, rule)
    assert [one.state for one in desk.outbox.send_due()] == ["sent", "sent"]
    hold(desk, "snooze", until="2026-11-23")
    by_hand, rule = reminder(desk), reminder(desk)
    by_the_rule(desk, rule)
    assert {one.notice: one.state for one in desk.outbox.send_due()} == {by_hand: "sent", rule: "cancelled"}


def test_what_a_person_sends_keeps_to_the_week_of_the_law_and_to_no_other(when: Open) -> None:
    desk = when(MONDAY)
    for _ in range(7):
        desk.talks.log(ANA, outcome="call_back")
    notice = reminder(desk)
    assert desk.outbox.send_now(notice).state == "sent"
    desk.members.edit(ANA, desk.members.get(ANA)._replace(country="US", timezone="Europe/Madrid"))
    again = reminder(desk)
    kept = desk.outbox.send_now(again)
    assert (kept.state, kept.detail) == ("waits", "budget")
    word = desk.notices.write(NoticeRequest(ANA, text="We are sorry", subject="A word"), cooling=False)["notice"]
    assert desk.outbox.send_now(word).state == "sent"


def test_a_promise_since_stops_what_the_rule_had_written(when: Open) -> None:
    desk = when(MONDAY)
    rule = reminder(desk)
    by_the_rule(desk, rule)
    desk.promises.take(ANA, 5000, "EUR", date(2026, 11, 30))
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'queued', detail = '' WHERE id = :id", id=rule)
    assert sending(desk) == [("cancelled", "promised")]
    assert become(desk, rule) == ("cancelled", "promised")


def test_what_they_stopped_since_does_not_go(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    notice = reminder(desk)
    desk.reaching.consent(ANA, "email", wanted=False, how="wrote STOP")
    assert sending(desk) == [("cancelled", "not_wanted")]
    with pytest.raises(Refused):
        reminder(desk)
    assert become(desk, notice) == ("cancelled", "not_wanted")
    assert mails(tmp_path) == 0


def test_it_goes_to_the_address_as_it_is_known_when_it_leaves(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    notice = reminder(desk)
    desk.members.edit(ANA, desk.members.get(ANA)._replace(email="new@example.org"))
    assert sending(desk)[0][0] == "sent"
    assert desk.notices.get(notice).address == "new@example.org"
    assert b"To: Ana <new@example.org>" in next((tmp_path / "home" / "outbox").glob("*.eml")).read_bytes()


def test_a_channel_that_is_not_set_up_keeps_its_own_back_and_no_other(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    sms, mail = reminder(desk, channel="sms"), reminder(desk)
    found = {one.notice: (one.state, one.detail) for one in desk.outbox.send_due()}
    assert found[sms] == ("waits", "not_set_up")
    assert found[mail][0] == "sent"
    assert desk.notices.get(sms).why == "not_set_up"


def test_a_limit_counts_what_leaves_and_not_what_waits_for_its_hour(when: Open) -> None:
    desk = when(MONDAY)
    for _ in range(3):
        reminder(desk, channel="sms")
    mail = [reminder(desk), reminder(desk)]
    done = desk.outbox.send_due(limit=1)
    assert [one.notice for one in done if one.state == "sent"] == mail[:1]


def test_the_stop_holds_everything_until_somebody_lets_it_go(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    notices = [reminder(desk) for _ in range(3)]
    seen: list[int] = []

    def after_the_first(count: int) -> None:
        seen.append(count)
        desk.stops.stop(reason="wrong text")

    done = desk.outbox.send_due(progress=after_the_first)
    assert [one.state for one in done] == ["sent", "waits"]
    assert mails(tmp_path) == 1
    with pytest.raises(Refused) as refused:
        desk.outbox.run()
    assert refused.value.code == "outbox-stopped"
    assert desk.notices.get(notices[2]).why == "stopped"
    stop = desk.stops.now()
    assert stop is not None
    assert desk.stops.go()["waiting"] == 2
    assert desk.outbox.run()["sent"] == 2


def test_the_rule_keeps_to_the_words_of_a_week_and_what_people_said_counts(when: Open) -> None:
    desk = when(MONDAY)
    desk.talks.log(ANA, outcome="will_pay")
    assert desk.outbox.send_now(reminder(desk)).state == "sent"
    rule = reminder(desk)
    by_the_rule(desk, rule)
    (waits,) = desk.outbox.send_due()
    assert (waits.state, waits.detail) == ("waits", "budget")
    assert waits.until is not None
    assert waits.until.astimezone(UTC).date() >= date(2026, 11, 29)
    assert desk.outbox.send_now(reminder(desk)).state == "sent"


def test_the_rule_leaves_days_after_every_notice_whoever_sent_it(when: Open) -> None:
    desk = when(MONDAY)
    desk.settings.set("notices.max_per_week", "9")
    assert desk.outbox.send_now(reminder(desk)).state == "sent"
    rule = reminder(desk)
    by_the_rule(desk, rule)
    (waits,) = desk.outbox.send_due()
    assert (waits.state, waits.detail) == ("waits", "gap")
    assert waits.until is not None
    assert waits.until.astimezone(UTC) == datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
    (left,) = when(MONDAY + timedelta(days=3)).outbox.send_due()
    assert left.state == "sent"
    again = reminder(desk)
    by_the_rule(desk, again)
    (waits,) = when(MONDAY + timedelta(days=5)).outbox.send_due()
    assert (waits.state, waits.detail) == ("waits", "gap")
    assert waits.until is not None
    assert waits.until.astimezone(UTC) == datetime(2026, 11, 28, 23, 0, tzinfo=UTC)


class Faulty:
    """A channel that answers as it is told."""

    name = "faulty"

    def __init__(self, *answers: Receipt) -> None:
        self.answers = list(answers)
        self.ids: list[str] = []

    def deliver(self, message: object) -> Receipt:
        self.ids.append(message.message_id)  # type: ignore[attr-defined]
        return self.answers.pop(0)


def through(desk: Desk, channel: Faulty, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr("duesdesk.channels.channel", lambda _name, _settings: channel)
    return Outbox(desk.place, config.load())


def test_a_soft_failure_is_tried_again_later_and_later_with_the_same_id_then_a_person_looks(
    when: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    instant = MONDAY
    notice = reminder(when(MONDAY))
    channel = Faulty(*[Receipt("retry", "smtp-rcpt-450")] * 6)
    waited = []
    for _ in range(5):
        assert [one.state for one in through(when(instant), channel, monkeypatch).send_due()] == ["retry"]
        view = when(instant).notices.get(notice)
        assert (view.state, view.why) == ("queued", "again")
        waited.append((view.send_after - instant).seconds // 60)
        instant = view.send_after
        assert through(when(instant - timedelta(seconds=1)), channel, monkeypatch).send_due() == []
        if instant.hour >= 18:
            instant = view.send_after.replace(hour=10) + timedelta(days=1)
    assert waited == [1, 5, 30, 120, 360]
    desk = when(instant)
    assert [one.state for one in through(desk, channel, monkeypatch).send_due()] == ["failed"]
    assert len(set(channel.ids)) == 1
    assert [(task.kind, task.payer) for task in desk.tasks.all()] == [("failed", ANA)]


def test_a_channel_that_is_down_costs_no_try_and_is_not_asked_for_the_next_one(
    when: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = when(MONDAY)
    first, second = reminder(desk), reminder(desk)
    channel = Faulty(Receipt("retry", "smtp-unreachable", channel_down=True))
    assert [one.state for one in through(desk, channel, monkeypatch).send_due()] == ["retry"]
    assert (desk.notices.get(first).attempts, desk.notices.get(second).attempts) == (0, 0)


def test_an_unsure_notice_is_a_task_and_goes_again_by_hand_alone(when: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = when(MONDAY)
    notice = reminder(desk)
    channel = Faulty(Receipt("unsure", "smtp-no-answer"), Receipt("sent", "ok"))
    outbox = through(desk, channel, monkeypatch)
    assert [one.state for one in outbox.send_due()] == ["unsure"]
    assert outbox.send_due(now=MONDAY + timedelta(days=30)) == []
    assert [task.kind for task in desk.tasks.all()] == ["unsure"]
    desk.notices.retry(notice)
    assert [one.state for one in outbox.send_due()] == ["sent"]
    assert len(set(channel.ids)) == 1


def test_a_hard_bounce_turns_the_channel_off_and_frees_the_step_for_the_next_one(
    when: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = when(MONDAY)
    channel = Faulty(Receipt("failed", "smtp-rcpt-550", hard_bounce=True))
    reminder(desk)
    assert [one.state for one in through(desk, channel, monkeypatch).send_due()] == ["failed"]
    assert {one.channel: one.why for one in desk.reaching.of(ANA)}["email"] == "dead"
    with pytest.raises(Refused) as refused:
        reminder(desk)
    assert refused.value.code == "notice-dead-address"


def test_by_another_channel_it_reads_as_it_would_there_and_what_may_have_arrived_stays(when: Open) -> None:
    desk = when(MONDAY)
    notice = reminder(desk)
    desk.notices.cancel(notice)
    before = desk.notices.get(notice)
    assert desk.notices.retry(notice, channel="letter")["channel"] == "letter"
    after = desk.notices.get(notice)
    assert (after.channel, after.address, after.why) == ("letter", "C/ Mayor 1\n28013 Madrid", "printing")
    assert after.body_hash != before.body_hash or after.body == before.body
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'unsure' WHERE id = :id", id=notice)
    done = desk.notices.retry(notice, channel="email")
    assert (done["instead_of"], done["notice"]) == (notice, notice + 1)
    assert desk.notices.get(notice).state == "unsure"
    for wrong in ("pigeon", "fax"):
        with pytest.raises(Refused):
            desk.notices.retry(notice, channel=wrong)


def test_a_word_at_the_desk_is_a_task_and_counts_once_it_was_said(when: Open) -> None:
    desk = when(MONDAY)
    notice = reminder(desk, channel="desk")
    assert sending(desk) == [("waits", "saying")]
    assert sending(desk) == [("waits", "saying")]
    (task,) = desk.tasks.all()
    assert (task.kind, task.payer) == ("desk", ANA)
    assert desk.notices.get(notice).why == "saying"
    desk.tasks.done(task.id, outcome="told")
    assert desk.notices.get(notice).state == "sent"
    assert sending(desk) == []


def test_a_word_at_the_desk_is_taken_back_when_the_money_comes(when: Open) -> None:
    desk = when(MONDAY)
    notice = reminder(desk, channel="desk")
    desk.outbox.send_due()
    desk.payments.pay(PayRequest(ANA, 5000, "EUR"))
    assert desk.notices.get(notice).state == "cancelled"
    assert desk.tasks.all() == []


def test_the_text_that_was_sent_is_kept_with_its_hash(when: Open) -> None:
    from hashlib import sha256

    desk = when(MONDAY)
    notice = reminder(desk)
    desk.outbox.send_due()
    view = desk.notices.get(notice)
    assert view.body_hash == sha256(f"{view.subject}\n\n{view.body}".encode()).hexdigest()


def test_a_rehearsal_of_sending_writes_nothing_and_tells_the_same(when: Open, tmp_path: Path) -> None:
    desk = when(MONDAY)
    reminder(desk)
    reminder(desk, channel="sms")
    reminder(desk, channel="letter")
    rehearsing = Desk(desk.place._replace(rehearses=True))
    told = rehearsing.outbox.run()
    assert mails(tmp_path) == 0
    done = desk.outbox.run()
    assert [(one["state"]) for one in told["notices"]] == [(one["state"]) for one in done["notices"]]
