"""The outbox on PostgreSQL: the same gates, the same letters, the same tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.mass_notices import Chosen
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from duesdesk.store.verify import verify
from tests.conftest import CENTRE

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def outcomes(desk: Desk) -> list[tuple[str, str]]:
    return [(one.state, one.detail) for one in desk.outbox.send_due() if one.state != "sent"]


def test_notices_leave_wait_end_and_are_printed_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    early = open_desk(postgres_url, clock=Clock(date(2026, 9, 1)))
    for number in range(1, 4):
        early.members.add(
            MemberDetails(f"Person {number}", email=f"m{number}@example.org", address=f"Calle {number}; 28013 Madrid")
        )
        early.invoices.issue(IssueRequest(f"M0000{number}", 1000 * number, "EUR", date(2026, 10, 15)))
    early.close()
    sunday, desk = open_desk(postgres_url, clock=Clock(SUNDAY)), open_desk(postgres_url, clock=Clock(MONDAY))
    try:
        ids = {
            channel: desk.notices.write(NoticeRequest("M00001", "reminder_friendly", channel=channel), cooling=False)[
                "notice"
            ]
            for channel in ("email", "letter", "desk")
        }
        with desk.place.database.write() as tx:
            tx.run("UPDATE notice SET send_after = :at", at="2026-11-22T08:00:00.000000Z")
        assert {detail for _, detail in outcomes(sunday)} == {"hours"}
        assert sorted(detail for _, detail in outcomes(desk)) == ["printing", "saying"]
        assert desk.notices.get(ids["email"]).state == "sent"
        assert desk.notices.get(ids["letter"]).why == "printing"
        (task,) = [task for task in desk.tasks.all() if task.kind == "desk"]
        desk.tasks.done(task.id)
        desk.outbox.send_due()
        assert desk.notices.get(ids["desk"]).state == "sent"
        run = desk.print_runs.print_letters(tmp_path)
        assert [one["notice"] for one in run["letters"]] == [ids["letter"]]
        desk.payments.pay(PayRequest("M00001", 1000, "EUR"))
        done = desk.print_runs.post(run["run"])
        assert (done["posted"], done["left_out"][0]["reason"]) == ([], "paid")
        audience = desk.mass_notices.preview(Chosen(unpaid=True), "reminder_friendly")
        assert audience.sums == (("EUR", 5000),)
        written = desk.mass_notices.write(audience, "reminder_friendly")["written"]
        assert len(written) == 2
        desk.stops.stop()
        assert {view.why for view in desk.notices.all("held")} == {"stopped"}
        desk.stops.go()
        # What is held keeps its cooling time by another channel, too.
        assert desk.notices.retry(written[0]["notice"], channel="letter")["state"] == "held"
        with desk.place.database.read() as tx:
            assert not any(verify(tx).values())
    finally:
        sunday.close()
        desk.close()


def test_the_outbox_is_listed_decided_and_taken_back_on_postgres(postgres_url: str) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    early = open_desk(postgres_url, clock=Clock(date(2026, 9, 1)))
    for number in range(1, 31):
        early.members.add(MemberDetails(f"Person {number}", email=f"m{number}@example.org"))
        early.invoices.issue(IssueRequest(f"M{number:05}", 1000, "EUR", date(2026, 10, 15)))
    early.close()
    desk = open_desk(postgres_url, clock=Clock(MONDAY))
    try:
        desk.holds.hold("M00001", kind="hardship", reason="said so")
        desk.promises.take("M00002", 1000, "EUR", date(2026, 12, 1))
        desk.talks.log("M00003", outcome="informed")
        audience = desk.mass_notices.preview(Chosen(unpaid=True), "")
        assert {one.problem.code for one in audience.left_out if one.problem} == {
            "notice-on-hold",
            "notice-promised",
            "notice-told-lately",
        }
        done = desk.mass_notices.write(audience, "", key="k")
        assert desk.mass_notices.write(audience, "", key="k") == done
        assert desk.notices.counts() == {"held": 27}
        held = desk.notices.listed("held")
        places = [held.row(index).id for index in range(27)]
        assert [held.index_of(notice) for notice in places] == list(range(27))
        assert desk.notices.together(done["batch"]) == 27
        with desk.place.database.write() as tx:
            tx.run("UPDATE notice SET state = 'unsure' WHERE id = :id", id=places[0])
            tx.run("UPDATE notice SET state = 'failed' WHERE id = :id", id=places[1])
        assert desk.notices.left(places[0])["state"] == "sent"
        assert desk.notices.retry_many([places[1]])["notices"]
        desk.undo.undo()
        desk.undo.undo()
        assert desk.notices.counts() == {"held": 25, "unsure": 1, "failed": 1}
        assert desk.notices.look(places[2]).why == "cooling"
        assert len(desk.notices.cancel_many(batch=done["batch"])["notices"]) == 27
        desk.undo.undo()
        desk.undo.undo()
        assert desk.notices.counts() == {"cancelled": 27}
    finally:
        desk.close()
