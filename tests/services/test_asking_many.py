"""Whom a notice to many asks, and for what: for nothing that the rule would not ask for, nor that was not seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Conflict
from duesdesk.services.mass_notices import Audience, Chosen
from tests.conftest import OpenDesk
from tests.services.booked import TODAY, ago, member, owe, pay

SOON = TODAY + timedelta(days=25)
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def early(at: OpenDesk) -> Desk:
    """The desk of long ago: one member with an e-mail address."""
    desk = at(date(2026, 9, 1))
    desk.settings.set("notices.hours", "always")
    member(desk, "A", "Ana", email="a@example.org")
    return desk


def audience(desk: Desk, *, also_told: bool = False, group: str = "") -> Audience:
    chosen = Chosen(unpaid=True, group=group, also_told=also_told)
    return desk.mass_notices.preview(chosen, "reminder_firm")


def why(found: Audience) -> dict[str, str]:
    """Who is left out, by the code of the reason."""
    return {one.payer: one.problem.code for one in found.left_out if one.problem is not None}


# --- what the rule would not ask for


def test_an_invoice_on_hold_is_not_asked_for(early: Desk, at: OpenDesk) -> None:
    free, held = owe(early, "A", 5000, ago(40)), owe(early, "A", 3000, ago(39))
    desk = at()
    desk.holds.hold(invoice=held, reason="left out")
    found = audience(desk)
    assert found.sums == (("EUR", 5000),)
    assert held not in found.going[0].body
    done = desk.mass_notices.write(found, "reminder_firm")
    assert done["sums"] == [["EUR", 5000]]
    assert free in desk.notices.get(done["written"][0]["notice"]).body


def test_who_is_asked_for_nothing_overdue_is_not_asked_for_what_falls_due(early: Desk, at: OpenDesk) -> None:
    held = owe(early, "A", 5000, ago(40))
    desk = at()
    owe(desk, "A", 4000, SOON)
    desk.holds.hold(invoice=held, reason="left out")
    assert why(audience(desk)) == {"A": "notice-on-hold"}


def test_money_on_account_that_covers_it_keeps_a_notice_away(early: Desk, at: OpenDesk) -> None:
    pay(early, "A", 5000)
    owe(early, "A", 5000, ago(40))
    assert why(audience(at())) == {"A": "notice-credit-covers"}


def test_who_says_it_is_paid_is_left_alone(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    at(ago(6)).talks.log("A", outcome="says_paid")
    assert why(audience(at(), also_told=True)) == {"A": "notice-on-hold"}


def test_what_is_below_the_least_is_not_asked_for(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 50, ago(40))
    assert why(audience(at())) == {"A": "notice-below-minimum"}


def test_who_heard_enough_this_week_hears_no_more_unless_it_is_wished(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    for days in (6, 5):
        at(ago(days)).talks.log("A", outcome="call_back")
    assert why(audience(at())) == {"A": "notice-week-full"}
    assert why(audience(at(), also_told=True)) == {}


def test_whom_nobody_reached_was_not_told(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    at(ago(1)).talks.log("A", outcome="no_answer")
    assert why(audience(at())) == {}


@pytest.mark.parametrize("kind", ["excluded", "hardship"])
def test_a_hold_stops_what_went_to_many_at_the_door(early: Desk, at: OpenDesk, kind: str) -> None:
    owe(early, "A", 5000, ago(40))
    desk = at()
    notice = desk.mass_notices.write(audience(desk), "reminder_firm")["written"][0]["notice"]
    desk.holds.hold("A", kind=kind, reason="said so")
    desk.notices.retry(notice)
    (sent,) = desk.outbox.send_due(now=NOON)
    assert (sent.state, sent.detail) == ("cancelled", kind)


def test_what_went_to_many_does_not_leave_once_they_promised_or_say_it_is_paid(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    desk = at()
    notice = desk.mass_notices.write(audience(desk), "reminder_firm")["written"][0]["notice"]
    desk.promises.take("A", 5000, "EUR", SOON)
    desk.notices.retry(notice)
    assert desk.outbox.send_due(now=NOON)[0][1:3] == ("cancelled", "promised")
    desk.notices.retry(notice)
    desk.talks.log("A", outcome="says_paid")
    desk.notices.retry(notice)
    assert desk.outbox.send_due(now=NOON)[0][1:3] == ("cancelled", "claim")


# --- between the look and the writing


def test_who_paid_what_was_overdue_is_not_asked_for_what_falls_due(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    member(early, "B", "Bea", email="b@example.org")
    owe(early, "B", 5000, ago(40))
    desk = at()
    owe(desk, "A", 4000, SOON)
    seen = audience(desk)
    pay(desk, "A", 5000)
    done = desk.mass_notices.write(seen, "reminder_firm")
    assert [one["member"] for one in done["written"]] == ["B"]
    assert [(one["member"], one["reason"]) for one in done["left_out"]] == [("A", "notice-nothing-owed")]
    assert done["sums"] == [["EUR", 5000]]


def test_who_is_not_overdue_for_long_any_more_is_left_out(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    owe(early, "A", 4000, ago(5))
    desk = at()
    seen = desk.mass_notices.preview(Chosen(unpaid=True, min_days=30), "reminder_firm")
    pay(desk, "A", 5000)
    done = desk.mass_notices.write(seen, "reminder_firm")
    assert [(one["member"], one["reason"]) for one in done["left_out"]] == [("A", "notice-not-meant")]
    (told,) = desk.mass_notices.left_out_since(seen, done, "reminder_firm")
    assert (told.payer, told.problem.code if told.problem else "") == ("A", "notice-not-meant")


def test_the_sum_that_is_told_is_that_of_what_was_written(early: Desk, at: OpenDesk) -> None:
    owe(early, "A", 5000, ago(40))
    desk = at()
    seen = audience(desk)
    pay(desk, "A", 1500)
    assert desk.mass_notices.write(seen, "reminder_firm")["sums"] == [["EUR", 3500]]


# --- who is meant


def test_who_pays_for_somebody_of_a_group_is_of_it_with_and_without_debts(early: Desk) -> None:
    member(early, "KID", "Kid", payer="A", group="judo")
    member(early, "YOGI", "Nobody who owes", group="yoga")
    owe(early, "KID", 5000, ago(100))
    assert early.mass_notices.who(Chosen(group="judo")) == ["A"]
    assert early.mass_notices.who(Chosen(group="judo", unpaid=True)) == ["A"]
    assert early.mass_notices.who(Chosen(group="yoga", unpaid=True)) == []


# --- a batch, its key and undo


class Killed(BaseException):
    """The program ends here."""


def kill(_done: int, _of: int) -> None:
    raise Killed


@pytest.fixture
def three(early: Desk, at: OpenDesk) -> Callable[[], Desk]:
    for number in "BC":
        member(early, number, f"Person {number}", email=f"{number.lower()}@example.org")
    for number in "ABC":
        owe(early, number, 5000, ago(40))
    return at


def test_keys_that_differ_by_a_slash_begin_two_batches(three: OpenDesk) -> None:
    first = three().mass_notices.write(audience(three()), "reminder_firm", key="2026/11")
    later = three(TODAY + timedelta(days=5))
    second = later.mass_notices.write(audience(later, also_told=True), "reminder_firm", key="2026.11")
    assert not {one["notice"] for one in second["written"]} & {one["notice"] for one in first["written"]}
    assert len(later.notices.cancel_many(batch="2026/11")["notices"]) == 3


def test_a_batch_that_broke_off_is_not_finished_with_another_text(three: OpenDesk) -> None:
    desk = three()
    seen = audience(desk)
    with pytest.raises(Killed):
        desk.mass_notices.write(seen, "reminder_firm", key="k", progress=kill)
    with pytest.raises(Conflict):
        desk.mass_notices.write(seen, "reminder_friendly", key="k")
    assert len(desk.mass_notices.write(seen, "reminder_firm", key="k")["written"]) == 3


def test_undo_takes_back_a_batch_that_broke_off_and_not_what_was_done_before(three: OpenDesk) -> None:
    desk = three()
    pay(desk, "A", 100)
    with pytest.raises(Killed):
        desk.mass_notices.write(audience(desk), "reminder_firm", progress=kill)
    assert set(desk.notices.counts()) == {"held"}
    last = desk.undo.last()
    assert last is not None
    assert len(last.answer["written"]) == 1
    assert desk.undo.undo()["undone"]["verb"] == "notice.many"
    assert set(desk.notices.counts()) == {"cancelled"}
    assert desk.undo.undo()["undone"]["verb"] == "pay"


def test_undo_passes_over_a_batch_in_which_nothing_was_written(three: OpenDesk) -> None:
    desk = three()
    seen = audience(desk)
    for number in "ABC":
        pay(desk, number, 5000)
    assert desk.mass_notices.write(seen, "reminder_firm")["written"] == []
    assert desk.undo.undo()["undone"]["verb"] == "pay"
