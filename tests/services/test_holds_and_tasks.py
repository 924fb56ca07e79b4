"""Holds and tasks as acts: reasons, authors, ends, roles, undo; never twice under one key."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.services.talks import Said
from tests.conftest import OpenDesk

ANA, KID = "M00001", "M00002"


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana pays for a child; both are late, and somebody has to call."""
    early = at(date(2026, 10, 1))
    early.members.add(MemberDetails("Ana", email="ana@example.org", phone="+34 600 111 222"))
    early.members.add(MemberDetails("Kid", payer=ANA))
    early.invoices.issue(IssueRequest(ANA, 4500, "EUR", date(2026, 10, 30)))
    early.invoices.issue(IssueRequest(KID, 3000, "EUR", date(2026, 10, 31)))
    desk = at(date(2026, 11, 20))
    desk.runs.run()
    return desk


def test_a_hold_of_a_member_is_one_of_who_pays_and_tells_reason_author_and_end(owing: Desk) -> None:
    done = owing.holds.hold(KID, reason="  the father died  ", until=date(2026, 12, 24))
    assert (done["member"], done["kind"], done["until"]) == (ANA, "excluded", "2026-12-24")
    (view,) = owing.holds.of(ANA)
    assert (view.payer, view.invoice, view.reason, view.actor) == (ANA, "", "the father died", "owner")
    assert (view.since, view.until) == (date(2026, 11, 20), date(2026, 12, 24))
    assert owing.holds.all() == [view]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": " "}, "reason-missing"),
        ({"reason": "x", "kind": "angry"}, "hold-kind-unknown"),
        ({"reason": "x", "until": date(2026, 11, 19)}, "hold-in-the-past"),
        ({"reason": "card 4111 1111 1111 1111"}, "card-number-refused"),
    ],
)
def test_a_hold_without_reason_kind_or_day_is_refused(owing: Desk, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        owing.holds.hold(ANA, **wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert refused.value.code == code
    assert owing.holds.all() == []


def test_a_hold_ends_with_its_last_day(at: OpenDesk, owing: Desk) -> None:
    owing.holds.snooze(ANA, 5, reason="on a journey")
    assert len(at(date(2026, 11, 24)).holds.all()) == 1
    assert at(date(2026, 11, 25)).holds.all() == []


def test_another_snooze_takes_the_place_of_the_first_and_undo_gives_it_back(owing: Desk) -> None:
    owing.holds.snooze(ANA, 5, reason="x")
    owing.holds.snooze(ANA, 9, reason="y")
    assert [view.until for view in owing.holds.all()] == [date(2026, 11, 28)]
    owing.undo.undo()
    assert [view.until for view in owing.holds.all()] == [date(2026, 11, 24)]
    owing.undo.undo()
    assert owing.holds.all() == []
    for days in (0, -1, 366):
        with pytest.raises(BadInput):
            owing.holds.snooze(ANA, days, reason="x")


def test_a_mark_is_lifted_by_its_name_only_and_undo_puts_it_back(owing: Desk) -> None:
    owing.holds.hold(ANA, kind="vulnerable", reason="told us")
    owing.holds.hold(ANA, reason="a friend")
    lifted = owing.holds.lift(KID)
    assert lifted["lifted"] == ["excluded"]
    with pytest.raises(Refused) as refused:
        owing.holds.lift(ANA)
    assert (refused.value.code, refused.value.facts["kinds"]) == ("hold-other-kinds", ["vulnerable"])
    owing.holds.lift(ANA, kind="vulnerable")
    with pytest.raises(Refused, match="hold-none"):
        owing.holds.lift(ANA)
    owing.undo.undo()
    assert [view.kind for view in owing.holds.all()] == ["vulnerable"]


def test_a_mark_makes_a_task_to_look_again_and_undo_takes_both_back(owing: Desk) -> None:
    task = owing.holds.hold(ANA, kind="hardship", reason="lost the job")["task"]
    view = owing.tasks.get(task)
    assert (view.kind, view.due_on, view.owner, view.note) == ("other", date(2026, 12, 20), "owner", "hold:hardship")
    owing.undo.undo()
    assert owing.tasks.get(task).state == "cancelled"
    assert owing.holds.all() == []


def test_a_hold_of_an_invoice_is_apart_from_one_of_the_payer(owing: Desk) -> None:
    owing.holds.hold(invoice="INV-00002", reason="he never came")
    owing.holds.hold(ANA, reason="a friend")
    assert [(view.payer, view.invoice) for view in owing.holds.all()] == [(ANA, "INV-00002"), (ANA, "")]
    owing.holds.lift(invoice="INV-00002")
    assert [view.invoice for view in owing.holds.all()] == [""]


def test_a_call_tells_whom_about_what_and_how_much_is_open_now(owing: Desk) -> None:
    (call,) = owing.tasks.all()
    assert (call.kind, call.payer, call.phone, call.step, call.rule) == (
        "call",
        ANA,
        "+34 600 11 12 22",
        "call",
        "standard",
    )
    assert (call.invoices, call.open_minor, call.currency) == (("INV-00001", "INV-00002"), 7500, "EUR")
    owing.payments.pay(PayRequest(ANA, 4500, "EUR"))
    assert owing.tasks.get(call.id).open_minor == 3000


def test_a_call_that_was_made_is_a_talk_and_a_closed_task_in_one_and_undo_takes_both_back(owing: Desk) -> None:
    (call,) = owing.tasks.all()
    assert owing.tasks.due_count() == 1
    answer = owing.tasks.spoken(call.id, Said("will_pay", "on Friday", "phone"), key="k1")
    assert answer == owing.tasks.spoken(call.id, Said("will_pay", "on Friday", "phone"), key="k1")
    view = owing.tasks.get(call.id)
    assert (view.state, view.outcome, view.done_by) == ("done", "will_pay: on Friday", owing.actor.name)
    assert [entry.state for entry in owing.debts.of(call.member).contacts if entry.kind == "talk"] == ["will_pay"]
    with pytest.raises(Refused, match="task-done-already"):
        owing.tasks.spoken(call.id, Said("other"))
    owing.undo.undo()
    assert owing.tasks.get(call.id).state == "open"
    talks = [entry for entry in owing.debts.of(call.member).contacts if entry.kind == "talk" and not entry.withdrawn]
    assert talks == []


def test_who_did_not_answer_is_called_again_on_the_agreed_day(owing: Desk) -> None:
    (call,) = owing.tasks.all()
    owing.tasks.spoken(call.id, Said("no_answer", channel="phone", next_on=date(2026, 11, 25)))
    view = owing.tasks.get(call.id)
    assert (view.state, view.due_on, view.outcome) == ("open", date(2026, 11, 25), "")
    assert owing.tasks.due_count() == 0
    owing.undo.undo()
    assert owing.tasks.get(call.id).due_on == call.due_on
    with pytest.raises(BadInput, match="outcome-unknown"):
        owing.tasks.spoken(call.id, Said("laughed"))


def test_a_task_is_given_done_and_taken_back(owing: Desk) -> None:
    owing.staff.add("Marta", "back_office")
    (call,) = owing.tasks.all()
    owing.tasks.assign(call.id, "marta", due_on=date(2026, 11, 23))
    view = owing.tasks.get(call.id)
    assert (view.owner, view.due_on) == ("Marta", date(2026, 11, 23))
    assert owing.tasks.all(owner="Ana") == []
    assert [one.id for one in owing.tasks.all(owner="Marta", until=date(2026, 11, 23))] == [call.id]
    assert owing.tasks.all(until=date(2026, 11, 22)) == []
    owing.undo.undo()
    assert (owing.tasks.get(call.id).owner, owing.tasks.get(call.id).due_on) == ("", date(2026, 11, 20))
    owing.tasks.done(call.id, outcome="pays on Friday")
    view = owing.tasks.get(call.id)
    assert (view.state, view.done_by, view.outcome) == ("done", "owner", "pays on Friday")
    with pytest.raises(Refused, match="task-done-already"):
        owing.tasks.done(call.id)
    owing.undo.undo()
    assert owing.tasks.get(call.id).state == "open"
    with pytest.raises(NotFound, match="staff-unknown"):
        owing.tasks.assign(call.id, "Nobody")
    with pytest.raises(NotFound, match="task-unknown"):
        owing.tasks.done(99)


def test_under_one_key_a_hold_is_set_once(owing: Desk) -> None:
    first = owing.holds.hold(ANA, reason="a friend", key="k")
    assert owing.holds.hold(ANA, reason="a friend", key="k") == first
    assert len(owing.holds.all()) == 1
