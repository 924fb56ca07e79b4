"""Nobody who has paid is asked again, and nobody is asked twice: also when desks, notices and power cuts meet."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.services.notice_texts import NoticeRequest
from tests.faults.centre import (
    DEBT_MINOR,
    LONG,
    DeskProcess,
    at,
    desks,
    findings,
    killed_at_each_statement,
    live_where_it_is_noon,
    owing,
    rows,
)

pytestmark = pytest.mark.faults
PEOPLE = 300 if LONG else 40
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def queued(url: str, folder: Path, count: int) -> list[tuple[str, str]]:
    """`count` people who owe, each with a reminder that is ready to leave."""
    debts = owing(url, folder, count)
    desk = at(url)
    for member, _ in debts:
        desk.notices.write(NoticeRequest(member, "reminder_friendly"), cooling=False)
    desk.close()
    return debts


def written(folder: Path) -> set[str]:
    """The members whose e-mail was written."""
    mails = (path.read_text(encoding="utf-8") for path in (folder / "home" / "outbox").glob("*.eml"))
    lines = (next(line for line in mail.splitlines() if line.startswith("To:")) for mail in mails)
    return {
        line.partition("<")[2].partition("@")[0].upper() or line.split()[1].partition("@")[0].upper() for line in lines
    }


def test_no_notice_leaves_after_its_payment_whatever_desks_and_notices_do(store: Path, tmp_path: Path) -> None:
    url = str(store)
    debts = queued(url, tmp_path, PEOPLE)
    live_where_it_is_noon(url)
    # The run begins with the first person, the desks with the last: they meet on the way.
    halves = [debts[1::2][::-1], debts[::2][::-1]]
    paying = [
        {"url": url, "debts": [(member, invoice, DEBT_MINOR, f"paid {member}") for member, invoice in half]}
        for half in halves
    ]
    sender = DeskProcess("send_on", url=url)
    try:
        sender.ready()
        sender.go()
        with desks("pay_each", paying) as running:
            paid = [one for desk in running for one in desk.end()]
        sender.go()
        sender.end()
    finally:
        sender.close()
    assert len([one for one in paid if "paid" in one]) == PEOPLE
    left_at = dict(
        rows(
            url,
            """SELECT m.number, min(e.recorded_at) FROM notice_event e JOIN notice n ON n.id = e.notice_id
               JOIN member m ON m.id = n.payer_id WHERE e.state = 'sending' GROUP BY m.number""",
        )
    )
    paid_at = dict(rows(url, "SELECT m.number, p.recorded_at FROM payment p JOIN member m ON m.id = p.payer_id"))
    # Instants are taken under the lock every writer holds.
    assert [member for member in left_at if str(left_at[member]) > str(paid_at[member])] == []
    states = dict(rows(url, "SELECT m.number, n.state FROM notice n JOIN member m ON m.id = n.payer_id"))
    assert states == {member: "sent" if member in left_at else "cancelled" for member, _ in debts}
    assert written(tmp_path) == set(left_at)
    assert findings(url) == {}


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_run_killed_before_any_of_its_statements_sends_no_notice_twice(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(str(store), tmp_path, 2)

    def send(desk: Desk) -> None:
        # Each killed desk has a home of its own, so that what it wrote can be told from what others did.
        os.environ["DUESDESK_HOME"] = str(Path(desk.place.database.name).with_suffix(".home"))
        desk.outbox.send_due(now=NOON)

    unsure = 0
    for killed in killed_at_each_statement(store, send):
        home = killed.with_suffix(".home")
        before = sorted((home / "outbox").glob("*.eml"))
        monkeypatch.setenv("DUESDESK_HOME", str(home))
        desk = open_desk(str(killed), clock=Clock(NOON + timedelta(hours=1)))
        desk.outbox.send_due()
        desk.close()
        states = [state for (state,) in rows(str(killed), "SELECT state FROM notice")]
        assert set(states) <= {"sent", "unsure"}
        # What nobody knows is one notice at most: the one that was under way.
        assert states.count("unsure") <= 1
        unsure += states.count("unsure")
        tries = rows(str(killed), "SELECT count(*) FROM notice_event WHERE state = 'sending' GROUP BY notice_id")
        assert tries == [(1,), (1,)]
        assert set(before) <= set((home / "outbox").glob("*.eml"))
        assert len(list((home / "outbox").glob("*.eml"))) >= states.count("sent")
        assert findings(str(killed)) == {}
    assert unsure > 2


def test_of_many_notices_none_leaves_after_the_payment_that_arrives_meanwhile(store: Path, tmp_path: Path) -> None:
    url = str(store)
    many, paying = (5_000, 200) if LONG else (150, 20)
    debts = queued(url, tmp_path, many)
    live_where_it_is_noon(url)
    # Spread over all of them, the last ones first: most of those who pay have not had their notice yet.
    chosen = debts[:: many // paying][::-1][:paying]
    sender = DeskProcess("send_on", url=url)
    wanted = {"url": url, "debts": [(member, invoice, DEBT_MINOR, f"paid {member}") for member, invoice in chosen]}
    try:
        sender.ready()
        sender.go()
        with desks("pay_each", [wanted]) as (desk,):
            paid = desk.end()
        sender.go()
        (told,) = sender.end()
    finally:
        sender.close()
    assert len([one for one in paid if "paid" in one]) == paying
    late = rows(
        url,
        """SELECT m.number FROM notice n JOIN member m ON m.id = n.payer_id JOIN payment p ON p.payer_id = m.id
           JOIN notice_event e ON e.notice_id = n.id AND e.state = 'sending' WHERE e.recorded_at > p.recorded_at""",
    )
    assert late == []
    states = dict(rows(url, "SELECT state, count(*) FROM notice GROUP BY state"))
    assert set(states) <= {"sent", "cancelled"}
    left = int(str(states["sent"]))
    assert told == {"sent": left}
    assert left >= many - paying
    assert len(written(tmp_path)) == left
    assert findings(url) == {}
