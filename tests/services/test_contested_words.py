"""Who says at the desk or by phone that a debt is wrong is left alone while somebody looks at it."""

from __future__ import annotations

from datetime import timedelta

from duesdesk.services.notice_texts import NoticeRequest
from tests.services.booked import TODAY, OpenDesk, ago, member, owe


def test_who_says_that_it_is_wrong_is_not_asked_and_what_waits_is_pulled_back(at: OpenDesk) -> None:
    early = at(ago(40))
    early.settings.set("notices.hours", "always")
    member(early, "ANA", "García Ana", email="ana@example.org")
    owe(early, "ANA", 4500, ago(12))
    desk = at()
    waiting = desk.notices.write(NoticeRequest("ANA", "reminder_friendly"))["notice"]
    assert desk.talks.log("ANA", outcome="disputes")["withdrawn"] == 1
    assert desk.notices.get(waiting).state == "cancelled"
    found = at(TODAY + timedelta(days=1)).runs.run()
    assert found.taken == ()
    assert {one.reason for one in found.held} == {"complaint"}
    # Two weeks later the rule goes on, unless somebody has kept it as contested.
    assert [one.step for one in at(TODAY + timedelta(days=15)).runs.run().taken] != []


def test_what_was_said_after_it_counts(at: OpenDesk) -> None:
    early = at(ago(40))
    member(early, "ANA", "García Ana", email="ana@example.org")
    owe(early, "ANA", 4500, ago(12))
    at().talks.log("ANA", outcome="disputes")
    at().talks.log("ANA", outcome="informed")
    assert {one.reason for one in at(TODAY + timedelta(days=1)).runs.run().held} == {"budget"}
