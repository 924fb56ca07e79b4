"""What staff decide about notices: it left, it did not, another way, all of a batch back; and undo of each."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.mass_notices import Audience, Chosen
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.notice_views import NoticeList
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk

TEMPLATE = "reminder_friendly"


@pytest.fixture
def desk(at: OpenDesk) -> Desk:
    """Thirty people who owe and can be written to, at any hour."""
    early = at(date(2026, 9, 1))
    early.settings.set("notices.hours", "always")
    for number in range(1, 31):
        early.members.add(MemberDetails(f"Person {number}", email=f"m{number}@example.org", phone="+34600111222"))
        early.invoices.issue(IssueRequest(f"M{number:05}", 1000 * number, "EUR", date(2026, 9, 14)))
    return at()


def put(desk: Desk, notice: int, state: str, detail: str = "") -> None:
    """As the outbox leaves a notice when a channel has failed."""
    with desk.place.database.write() as tx:
        tx.run(
            "UPDATE notice SET state = :state, detail = :detail WHERE id = :id", id=notice, state=state, detail=detail
        )


def written(desk: Desk, member: str = "M00001") -> int:
    return int(desk.notices.write(NoticeRequest(member, TEMPLATE))["notice"])


def audience(desk: Desk, **chosen: object) -> Audience:
    return desk.mass_notices.preview(Chosen(unpaid=True, **chosen), TEMPLATE)  # type: ignore[arg-type]


# --- unsure


def test_what_a_person_knows_to_have_left_counts_as_sent_and_undo_makes_it_unsure_again(desk: Desk) -> None:
    notice = written(desk)
    put(desk, notice, "unsure", "stopped while sending")
    assert desk.notices.left(notice) == {"notice": notice, "state": "sent", "was": "unsure"}
    assert desk.notices.get(notice).state == "sent"
    desk.undo.undo()
    assert (desk.notices.get(notice).state, desk.notices.get(notice).detail) == ("unsure", "stopped while sending")


@pytest.mark.parametrize("state", ["held", "sent", "failed", "cancelled"])
def test_only_of_an_unsure_one_it_is_a_question_whether_it_left(desk: Desk, state: str) -> None:
    notice = written(desk)
    put(desk, notice, state)
    with pytest.raises(Refused) as refused:
        desk.notices.left(notice)
    assert refused.value.code == "notice-not-unsure"
    with pytest.raises(NotFound):
        desk.notices.left(99)


@pytest.mark.parametrize("was", ["failed", "unsure", "cancelled"])
def test_sending_again_is_undone_to_what_it_was(desk: Desk, was: str) -> None:
    notice = written(desk)
    put(desk, notice, was, "550 no such user")
    assert desk.notices.retry(notice)["was"] == was
    desk.undo.undo()
    assert (desk.notices.get(notice).state, desk.notices.get(notice).detail) == (was, "550 no such user")


def test_what_was_held_keeps_its_cooling_time_by_another_channel(desk: Desk) -> None:
    desk.reaching.consent("M00001", "sms", wanted=True, how="at the desk")
    notice = written(desk)
    before = desk.notices.get(notice).send_after
    assert desk.notices.retry(notice, channel="sms")["state"] == "held"
    view = desk.notices.get(notice)
    assert (view.channel, view.state, view.send_after) == ("sms", "held", before)


def test_a_look_at_a_notice_says_whether_it_would_still_leave(desk: Desk) -> None:
    notice = written(desk)
    assert (desk.notices.look(notice).why, desk.notices.look(notice).ends) == ("cooling", "")
    desk.holds.hold("M00001", kind="hardship", reason="said so")
    with desk.place.database.write() as tx:
        tx.run("UPDATE notice SET state = 'held' WHERE id = :id", id=notice)
    assert desk.notices.look(notice).ends == "hardship"


def test_who_stopped_the_notices_is_told_beside_each_that_waits(desk: Desk) -> None:
    notice = written(desk)
    desk.stops.stop()
    view = desk.notices.get(notice)
    assert (view.why, view.who) == ("stopped", desk.actor.name)


# --- many


def test_a_batch_is_taken_back_whole_by_one_undo_and_the_next_undo_takes_what_came_before(desk: Desk) -> None:
    paid = desk.payments.pay(PayRequest("M00001", 100, "EUR"))
    done = desk.mass_notices.write(audience(desk), TEMPLATE)
    assert len(done["written"]) == 30
    assert {view.batch for view in desk.notices.all()} == {done["batch"]}
    assert desk.undo.undo()["undone"]["verb"] == "notice.many"
    assert desk.notices.counts() == {"cancelled": 30}
    assert desk.undo.undo()["undone"]["payment"] == paid["payment"]


def test_what_has_left_of_a_batch_stays_and_the_rest_is_pulled_back_and_put_back(desk: Desk) -> None:
    done = desk.mass_notices.write(audience(desk), TEMPLATE)
    put(desk, done["written"][0]["notice"], "sent")
    put(desk, done["written"][1]["notice"], "held", "what was known")
    pulled = desk.notices.cancel_many(batch=done["batch"])
    assert (len(pulled["notices"]), pulled["left"]) == (29, 1)
    assert desk.notices.counts() == {"cancelled": 29, "sent": 1}
    desk.undo.undo()
    assert desk.notices.counts() == {"held": 29, "sent": 1}
    assert desk.notices.get(done["written"][1]["notice"]).detail == "what was known"
    with pytest.raises(NotFound):
        desk.notices.cancel_many(batch="nothing")


def test_a_key_that_was_used_writes_nothing_more_and_answers_the_same(desk: Desk) -> None:
    one = audience(desk)
    first = desk.mass_notices.write(one, TEMPLATE, key="k/1")
    # Somebody else owes meanwhile; who was written to is left out of a second look.
    assert desk.mass_notices.write(audience(desk), TEMPLATE, key="k/1") == first
    assert len(desk.notices.all()) == 30


def test_a_batch_that_broke_off_is_finished_under_its_key_and_nobody_gets_two(desk: Desk) -> None:
    one = audience(desk)
    calls: list[int] = []

    def breaks(done: int, _of: int) -> None:
        calls.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.mass_notices.write(one, TEMPLATE, key="k", progress=breaks)
    assert desk.notices.counts() == {"held": calls[0]}
    done = desk.mass_notices.write(one, TEMPLATE, key="k")
    assert len(done["written"]) == 30
    assert desk.notices.counts() == {"held": 30}
    desk.undo.undo()
    assert desk.notices.counts() == {"cancelled": 30}


def test_a_batch_that_was_stopped_says_so_and_undo_takes_back_what_was_written(desk: Desk) -> None:
    done = desk.mass_notices.write(audience(desk), TEMPLATE, stop=lambda: bool(desk.notices.counts()))
    assert done["stopped"]
    assert 0 < len(done["written"]) < 30
    desk.undo.undo()
    assert set(desk.notices.counts()) == {"cancelled"}


def test_who_is_on_hold_has_promised_or_was_told_lately_is_left_out_and_why(desk: Desk) -> None:
    desk.holds.hold("M00001", kind="hardship", reason="said so")
    desk.promises.take("M00002", 2000, "EUR", date(2026, 12, 1))
    put(desk, written(desk, "M00003"), "sent")
    written(desk, "M00004")
    desk.payments.pay(PayRequest("M00005", 5000, "EUR"))
    found = audience(desk)
    why = {one.payer: one.problem.code for one in found.left_out if one.problem}
    assert why == {
        "M00001": "notice-on-hold",
        "M00002": "notice-promised",
        "M00003": "notice-told-lately",
        "M00004": "notice-waits-already",
    }
    assert "M00005" not in {one.payer for one in found.going}
    also = audience(desk, also_told=True)
    assert {one.payer for one in also.left_out} == {"M00001", "M00002"}


def test_a_hold_that_came_after_the_look_keeps_its_person_out(desk: Desk) -> None:
    seen = audience(desk)
    desk.holds.hold("M00007", kind="vulnerable", reason="said so")
    done = desk.mass_notices.write(seen, TEMPLATE)
    assert {one["member"]: one["reason"] for one in done["left_out"]} == {"M00007": "notice-on-hold"}


# --- the list


def test_the_list_is_read_in_pages_in_one_order_however_it_is_walked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NoticeList, "PAGE", 7)
    desk.mass_notices.write(audience(desk), TEMPLATE)
    for number in range(1, 31, 2):
        put(desk, number, "sent")
    for state, count in (("", 30), ("held", 15), ("sent", 15)):
        on = [desk.notices.listed(state).row(index).id for index in range(count)]
        listed = desk.notices.listed(state)
        assert [listed.row(index).id for index in reversed(range(count))] == on[::-1]
        assert sorted(on) == sorted(set(on))
        fresh = desk.notices.listed(state)
        assert [fresh.index_of(notice) for notice in on] == list(range(count))
    assert desk.notices.listed("held").index_of(1) is None
    assert [view.id for view in map(desk.notices.listed("held").row, range(2))] == [2, 4]
    with pytest.raises(IndexError):
        desk.notices.listed("failed").row(0)


def test_several_are_sent_again_by_one_act_an_unsure_one_never_and_undo_puts_them_back(desk: Desk) -> None:
    one, two, three = written(desk), written(desk, "M00002"), written(desk, "M00003")
    put(desk, one, "failed", "550")
    put(desk, two, "cancelled", "by hand")
    put(desk, three, "unsure")
    done = desk.notices.retry_many([one, two, three])
    assert [entry["notice"] for entry in done["notices"]] == [one, two]
    assert done["left_out"] == [{"notice": three, "reason": "notice-unsure-alone"}]
    assert desk.notices.counts() == {"queued": 2, "unsure": 1}
    desk.undo.undo()
    views = [desk.notices.get(notice) for notice in (one, two)]
    assert [(view.state, view.detail) for view in views] == [
        ("failed", "550"),
        ("cancelled", "by hand"),
    ]
    with pytest.raises(Refused) as refused:
        desk.notices.retry_many([three])
    assert refused.value.code == "notices-not-to-retry"


def test_how_a_notice_would_read_by_another_channel_is_seen_before_it_is_chosen(desk: Desk) -> None:
    notice = written(desk)
    assert desk.notices.preview_by(notice, "sms").address
    assert desk.notices.preview_by(notice, "sms").body != desk.notices.get(notice).body
    problem = desk.notices.preview_by(notice, "letter").problem
    assert problem is not None
    assert problem.code == "notice-no-place"
    assert desk.notices.get(notice).channel == "email"


# --- what fits


def test_the_text_that_fits_follows_the_state_of_who_is_written_to(at: OpenDesk, desk: Desk) -> None:
    def fits(member: str) -> str:
        return desk.notices.preview(NoticeRequest(member, "")).template

    assert fits("M00001") == "reminder_friendly"
    put(desk, written(desk), "sent")
    assert fits("M00001") == "formal_letter"
    for number, due_on in ((31, desk.today()), (32, date(2026, 11, 12)), (33, date(2027, 1, 1))):
        desk.members.add(MemberDetails(f"Person {number}", email=f"m{number}@example.org"))
        desk.invoices.issue(IssueRequest(f"M{number:05}", 1000, "EUR", due_on, issued_on=date(2026, 11, 1)))
    assert [fits(f"M{number:05}") for number in (31, 32, 33)] == ["due_day", "reminder_friendly", "due_soon"]
    put(desk, written(desk, "M00032"), "sent")
    assert fits("M00032") == "overdue"
    desk.promises.take("M00002", 2000, "EUR", date(2026, 11, 20), on=date(2026, 11, 10))
    assert fits("M00002") == "promise_broken"


def test_choices_tell_every_text_its_tones_and_every_channel_with_its_reason(desk: Desk) -> None:
    found = desk.notices.choices("M00001")
    assert {"invoice", "overdue", "formal_letter", "payment_received"} <= set(found.names)
    assert found.tones["overdue"] == ("friendly", "neutral", "firm")
    assert {way.channel: way.why for way in found.ways}["letter"] == "no_address"
    assert found.channel == "email"
