"""Notices that go a second time, by another channel or not at all: what undo makes of them, and what the rule does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.talks import Said
from tests.conftest import OpenDesk
from tests.services.booked import TODAY, ago, member, owe, pay

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
WAITING = ("held", "queued")


@pytest.fixture
def early(at: OpenDesk) -> Desk:
    """The desk of long ago: one member who can be reached in several ways."""
    desk = at(date(2026, 9, 1))
    desk.settings.set("notices.hours", "always")
    desk.settings.set("centre.address", "Calle Mayor 1; 28013 Madrid")
    member(desk, "A", "Ana", email="a@example.org", phone="+34600111222", address="Calle 2; 28013 Madrid")
    desk.reaching.consent("A", "sms", wanted=True, how="desk")
    return desk


def waiting(desk: Desk) -> int:
    """The notice that waits."""
    (found,) = (one.id for one in desk.notices.all() if one.state in WAITING)
    return found


def word(desk: Desk) -> int:
    """A word to say at the desk, a task already."""
    wanted = NoticeRequest("A", "reminder_friendly", channel="desk")
    notice = int(desk.notices.write(wanted, cooling=False)["notice"])
    desk.outbox.send_due(now=NOON)
    return notice


def kinds(desk: Desk) -> list[str]:
    return [task.kind for task in desk.tasks.all()]


# --- again, and not again


def test_what_was_sent_again_by_a_slip_is_asked_by_the_next_run(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    desk.payments.reverse(pay(desk, "A", 5000), reason="bounced")
    later = at(TODAY + timedelta(days=1))
    later.notices.retry(notice)
    later.undo.undo()
    assert later.notices.get(notice).state == "cancelled"
    assert [one.step for one in later.runs.run().taken] == ["reminder"]


def test_several_that_were_sent_again_by_a_slip_are_asked_by_the_next_run(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    desk.payments.reverse(pay(desk, "A", 5000), reason="bounced")
    later = at(TODAY + timedelta(days=1))
    later.notices.retry_many([notice])
    later.undo.undo()
    assert [one.step for one in later.runs.run().taken] == ["reminder"]


def test_a_notice_is_not_sent_again_when_the_rule_has_gone_on(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(3))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    desk.notices.cancel(notice)
    later = at(TODAY + timedelta(days=7))
    assert [one.step for one in later.runs.run().taken] == ["reminder"]
    with pytest.raises(Refused, match="notice-asked-anew"):
        later.notices.retry(notice)
    with pytest.raises(Refused, match="notice-asked-anew"):
        later.notices.retry(notice, channel="sms")
    later.notices.cancel(waiting(later))
    later.notices.retry(notice)
    assert waiting(later) == notice


def test_each_that_is_not_sent_again_has_its_own_reason(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    ids = [int(desk.notices.write(NoticeRequest("A", "reminder_friendly"))["notice"]) for _ in range(4)]
    desk.notices.cancel(ids[0])
    with desk.place.database.write() as tx:
        for notice, state in zip(ids[1:], ("sent", "unsure", "held"), strict=True):
            tx.run("UPDATE notice SET state = :state WHERE id = :id", state=state, id=notice)
    done = desk.notices.retry_many(ids)
    assert [one["reason"] for one in done["left_out"]] == [
        "notice-not-to-retry",
        "notice-unsure-alone",
        "notice-waits",
    ]


def test_a_number_that_no_notice_has_is_told_and_nothing_is_done(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    notice = int(desk.notices.write(NoticeRequest("A", "reminder_friendly"))["notice"])
    with pytest.raises(NotFound, match="notice-unknown"):
        desk.notices.cancel_many([notice, 999])
    assert desk.notices.get(notice).state == "held"
    desk.notices.cancel(notice)
    with pytest.raises(NotFound, match="notice-unknown"):
        desk.notices.retry_many([notice, 999])
    with pytest.raises(NotFound, match="notice-unknown"):
        desk.notices.retry(999)


def test_what_the_rule_wrote_does_not_leave_while_they_say_it_is_paid(early: Desk, at: OpenDesk) -> None:
    early.settings.set("notices.max_per_week", "7")
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    desk.talks.log("A", outcome="says_paid")
    desk.notices.retry(notice)
    assert desk.outbox.send_due(now=NOON)[0][1:3] == ("cancelled", "claim")
    desk.talks.log("A", outcome="informed")
    desk.notices.retry(notice)
    later = at(TODAY + timedelta(days=1))
    assert later.outbox.send_due(now=NOON + timedelta(days=1))[0].state == "sent"


# --- by another channel


def test_undo_of_another_channel_restores_the_notice_whole(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    before = desk.notices.get(notice)
    desk.notices.retry(notice, channel="sms")
    assert desk.notices.get(notice).channel == "sms"
    desk.undo.undo()
    after = desk.notices.get(notice)
    changed = ("changed_at", "why", "until")
    assert {name: getattr(after, name) for name in after.__slots__ if name not in changed} == {
        name: getattr(before, name) for name in before.__slots__ if name not in changed
    }
    (sent,) = desk.outbox.send_due(now=NOON)
    assert (sent.notice, sent.state, sent.channel) == (notice, "sent", "email")


def test_undo_of_another_channel_lets_a_pulled_back_notice_be_asked_again(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    desk.payments.reverse(pay(desk, "A", 5000), reason="bounced")
    later = at(TODAY + timedelta(days=1))
    later.notices.retry(notice, channel="sms")
    later.undo.undo()
    assert later.notices.get(notice).state == "cancelled"
    assert [one.step for one in later.runs.run().taken] == ["reminder"]


def test_a_letter_in_an_open_print_run_is_sent_by_no_other_channel(early: Desk, at: OpenDesk, tmp_path: Path) -> None:
    owe(early, "A", 5000, ago(40))
    desk = at()
    wanted = NoticeRequest("A", "formal_letter", channel="letter")
    notice = int(desk.notices.write(wanted, cooling=False)["notice"])
    run = desk.print_runs.print_letters(tmp_path / "letters")["run"]
    with pytest.raises(Refused, match="notice-in-print"):
        desk.notices.retry(notice, channel="email")
    desk.print_runs.unpost(run)
    desk.notices.retry(notice, channel="email")
    assert desk.notices.get(notice).channel == "email"


def test_only_letters_count_as_posted(early: Desk, at: OpenDesk, tmp_path: Path) -> None:
    owe(early, "A", 5000, ago(40))
    desk = at()
    wanted = NoticeRequest("A", "formal_letter", channel="letter")
    notice = int(desk.notices.write(wanted, cooling=False)["notice"])
    run = desk.print_runs.print_letters(tmp_path / "letters")["run"]
    with desk.place.database.write() as tx:
        # As an earlier version left it.
        tx.run("UPDATE notice SET channel = 'email' WHERE id = :id", id=notice)
    done = desk.print_runs.post(run)
    assert (done["posted"], [one["reason"] for one in done["left_out"]]) == ([], ["email"])
    assert desk.notices.get(notice).state == "queued"


# --- a word at the desk


@pytest.mark.parametrize("way", ["undo", "retry"])
def test_a_word_that_was_pulled_back_by_a_slip_is_still_to_be_said(early: Desk, at: OpenDesk, way: str) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    notice = word(desk)
    desk.notices.cancel(notice)
    assert kinds(desk) == []
    if way == "undo":
        desk.undo.undo()
    else:
        desk.notices.retry(notice)
    assert kinds(desk) == ["desk"]
    desk.outbox.send_due(now=NOON)
    assert desk.notices.get(notice).state == "queued"


def test_a_word_that_an_act_pulled_back_is_to_be_said_when_the_act_is_undone(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    word(desk)
    pay(desk, "A", 5000)
    assert kinds(desk) == []
    desk.undo.undo()
    assert kinds(desk) == ["desk"]


def test_a_word_that_goes_by_mail_is_said_by_nobody_and_undo_has_it_said(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    notice = word(desk)
    desk.notices.retry(notice, channel="email")
    assert kinds(desk) == []
    desk.undo.undo()
    assert kinds(desk) == ["desk"]
    assert desk.notices.get(notice).channel == "desk"


@pytest.mark.parametrize("how", ["done", "spoken"])
def test_a_word_counts_from_when_it_was_said(early: Desk, at: OpenDesk, how: str) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    notice = word(desk)
    task = desk.tasks.all()[0].id
    if how == "done":
        desk.tasks.done(task)
    else:
        desk.tasks.spoken(task, Said("says_paid", "", "desk", None).checked())
    assert desk.notices.get(notice).state == "sent"
    pay(desk, "A", 5000)
    assert desk.notices.get(notice).state == "sent"
    desk.undo.undo()
    desk.undo.undo()
    assert desk.notices.get(notice).state == "queued"
    assert kinds(desk) == ["desk"]


# --- what undo restores


@pytest.mark.parametrize("to", ["one", "many"])
def test_undo_brings_no_notice_back_over_a_hold_set_meanwhile(early: Desk, at: OpenDesk, to: str) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    if to == "one":
        desk.notices.write(NoticeRequest("A", "reminder_friendly"))
    else:
        desk.mass_notices.write(desk.mass_notices.preview(Chosen(unpaid=True), "reminder_firm"), "reminder_firm")
    desk.promises.take("A", 5000, "EUR", TODAY + timedelta(days=5))
    other = at(actor="Bea")
    other.holds.hold("A", kind="excluded", reason="left out by the manager")
    desk.undo.undo()
    assert set(desk.notices.counts()) == {"cancelled"}
    # What keeps it now is the hold: without that it waits again.
    other.undo.undo()
    assert set(desk.notices.counts()) == {"held"}


def test_undo_brings_no_notice_back_over_a_promise_made_meanwhile(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(12))
    desk = at()
    desk.notices.write(NoticeRequest("A", "reminder_friendly"))
    desk.holds.hold("A", kind="excluded", reason="left out by the manager")
    at(actor="Bea").promises.take("A", 5000, "EUR", TODAY + timedelta(days=5))
    desk.undo.undo()
    assert set(desk.notices.counts()) == {"cancelled"}


def test_undo_of_pulling_back_brings_nothing_back_when_the_rule_has_gone_on(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(3))
    desk = at()
    desk.runs.run()
    notice = waiting(desk)
    later = at(TODAY + timedelta(days=7))
    later.notices.cancel(notice)
    assert [one.step for one in at(TODAY + timedelta(days=7), actor="Bea").runs.run().taken] == ["reminder"]
    with pytest.raises(Refused, match="notice-asked-anew"):
        later.undo.undo()
