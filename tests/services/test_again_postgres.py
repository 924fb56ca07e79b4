"""What is sent again, restored and taken back, on PostgreSQL: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import DuesdeskError
from duesdesk.services.collection import run
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.membership_requests import MembershipRequest
from duesdesk.services.notice_texts import NoticeRequest
from tests.conftest import CENTRE
from tests.services.booked import TODAY, ago, member, owe, pay

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Desk]:
    """Two members who owe since long, and can be reached by e-mail and text message."""
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    early = open_desk(postgres_url, clock=Clock(date(2026, 9, 1)))
    early.settings.set("notices.hours", "always")
    for number, phone in (("A", "+34600111222"), ("B", "+34600111333")):
        member(early, number, f"Person {number}", email=f"{number.lower()}@example.org", phone=phone)
        early.reaching.consent(number, "sms", wanted=True, how="desk")
        owe(early, number, 5000, ago(12))
    early.close()
    desk = open_desk(postgres_url, clock=Clock(TODAY))
    yield desk
    desk.close()


def test_notices_are_sent_again_and_restored_on_postgres(desk: Desk) -> None:
    desk.runs.run()
    notice = next(one.id for one in desk.notices.all() if one.payer == "A")
    before = desk.notices.get(notice)
    desk.notices.retry(notice, channel="sms")
    desk.undo.undo()
    assert desk.notices.get(notice).body == before.body
    desk.promises.take("A", 5000, "EUR", TODAY + timedelta(days=5))
    desk.holds.hold("A", kind="excluded", reason="left out")
    desk.undo.undo()
    assert desk.notices.get(notice).state == "cancelled"
    desk.undo.undo()
    assert desk.notices.get(notice).state == "held"
    word = int(desk.notices.write(NoticeRequest("A", "due_soon", channel="desk"), cooling=False)["notice"])
    desk.outbox.send_due(now=NOON)
    desk.notices.cancel(word)
    desk.undo.undo()
    (task,) = desk.tasks.all()
    desk.tasks.done(task.id)
    assert desk.notices.get(word).state == "sent"


def test_a_batch_that_broke_off_is_taken_back_on_postgres(desk: Desk) -> None:
    audience = desk.mass_notices.preview(Chosen(unpaid=True), "reminder_firm")
    assert audience.sums == (("EUR", 10000),)
    pay(desk, "B", 100)

    def breaks(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.mass_notices.write(audience, "reminder_firm", key="2026/11", progress=breaks)
    desk.undo.undo()
    assert desk.notices.counts() == {"cancelled": 1}
    assert desk.undo.undo()["undone"]["verb"] == "pay"


def test_an_end_that_is_taken_away_brings_the_agreed_price_back_on_postgres(desk: Desk, postgres_url: str) -> None:
    desk.memberships.add(MembershipRequest("A", "Gym", 1000, "EUR", starts_on=date(2026, 11, 1)))
    desk.memberships.price("A", 1200, from_on=date(2027, 1, 1))
    desk.memberships.end("A", on=date(2026, 12, 31))
    desk.memberships.end("A", never=True)
    later = open_desk(postgres_url, clock=Clock(date(2027, 1, 2)))
    assert [one["amount"] for one in later.billing.bill()["issued"]] == ["10.00", "10.00", "12.00"]
    later.close()


def test_a_run_whose_connection_is_lost_ends_there_and_the_next_one_goes_on(
    desk: Desk, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PAYERS_AT_ONCE", 1)
    other = open_desk(postgres_url, clock=Clock(TODAY))
    lost: list[int] = []

    def cut(done: int, _of: int) -> None:
        if done == 1 and not lost:
            with desk.place.database.read() as tx:
                lost.append(tx.value("SELECT pg_backend_pid()"))
            with other.place.database.read() as tx:
                assert tx.value("SELECT pg_terminate_backend(:pid)", pid=lost[0])

    with pytest.raises(DuesdeskError):
        desk.runs.run(progress=cut)
    assert lost
    assert len(desk.notices.all()) == 1
    assert len(other.runs.run().taken) == 1
    other.close()
