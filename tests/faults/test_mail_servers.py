"""Notices through a mail server that fails at every moment there is: nobody is written to twice, nobody who paid is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk import config
from duesdesk.bootstrap import open_desk
from duesdesk.clock import Clock
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from tests.channels.broken_server import STAGES, BrokenServer
from tests.faults.centre import DEBT_MINOR, LONG, at, findings, owing, rows

pytestmark = pytest.mark.faults
TIMES = 20 if LONG else 2
MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


class WorseServer(BrokenServer):
    """Something else goes wrong on each line: every moment `TIMES` times, then nothing any more."""

    def __init__(self) -> None:
        self.faults = iter([(stage, fault) for _ in range(TIMES) for stage, fault, *_ in STAGES])
        super().__init__("none", "")

    def next_fault(self) -> None:
        self.stage, self.fault = next(self.faults, ("none", ""))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WorseServer]:
    running = WorseServer()
    for key, text in {
        "transport": "smtp", "host": "127.0.0.1", "port": str(running.port), "tls": "off", "from": "desk@gym.example",
        "answer_seconds": "1",
    }.items():  # fmt: skip
        config.write(tmp_path / "home", f"email.{key}", text)
    yield running
    running.close()


@pytest.mark.timeout(1800)
def test_nobody_is_written_to_twice_nobody_who_paid_and_all_that_nobody_knows_of_is_shown(
    store: Path, tmp_path: Path, server: WorseServer
) -> None:
    url = str(store)
    count = TIMES * len(STAGES)
    debts = owing(url, tmp_path, count)
    desk = at(url)
    with desk.place.database.write() as tx:
        tx.run("UPDATE member SET timezone = NULL")
    for member, _ in debts:
        desk.notices.write(NoticeRequest(member, "reminder_friendly"), cooling=False)
    desk.close()
    instant, paid = MORNING, set()
    # A server that is gone ends a pass: there are as many passes as such moments, and some more.
    for step in range(80 + 12 * TIMES):
        desk = open_desk(url, clock=Clock(instant))
        if step < 5:
            member, _ = debts[step * 7]
            paid.add(member)
            desk.payments.pay(PayRequest(member, DEBT_MINOR, "EUR"))
            before = {str(row[0]) for row in rows(url, "SELECT message_id FROM notice WHERE state = 'cancelled'")}
            stored = Counter(message_ids(server))
        desk.outbox.send_due()
        waiting = [view for state in ("held", "queued") for view in desk.notices.all(state)]
        if step < 5:
            # What was paid for did not leave after that.
            assert all(message_ids(server).count(one) == stored[one] for one in before)
        desk.close()
        if not waiting:
            break
        instant += timedelta(minutes=7 if step < 60 + 10 * TIMES else 360)
        if instant.hour >= 18:
            instant = instant.replace(hour=8) + timedelta(days=1)
    assert not waiting
    arrived = Counter(message_ids(server))
    assert max(arrived.values()) == 1
    states = {str(one): str(state) for one, state in rows(url, "SELECT message_id, state FROM notice")}
    assert set(states.values()) <= {"sent", "unsure", "failed", "cancelled"}
    assert [one for one, state in states.items() if state == "sent" and arrived[one] != 1] == []
    assert [one for one, state in states.items() if state in ("failed", "cancelled") and arrived[one]] == []
    unsure = sum(state == "unsure" for state in states.values())
    assert unsure >= TIMES
    desk = at(url)
    assert len(desk.notices.all("unsure")) == unsure
    assert sum(task.kind == "unsure" for task in desk.tasks.all()) == unsure
    desk.close()
    assert findings(url) == {}


def message_ids(server: WorseServer) -> list[str]:
    """The ids of everything the server has stored."""
    found = (re.search(rb"^Message-ID: (\S+)\r$", body, re.MULTILINE) for body in server.stored)
    return [one[1].decode() for one in found if one]
