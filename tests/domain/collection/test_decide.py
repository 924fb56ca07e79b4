"""What the rule does on a day: each sentence of the specification as one test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duesdesk.domain.collection.decide import decide
from duesdesk.domain.collection.facts import Broken, Contact, Paid, TakenBefore
from duesdesk.domain.collection.stops import House, minimum_minor
from tests.domain.collection.book import (
    DUE,
    HOUSE,
    ISSUED,
    LADDER,
    STANDARD,
    Life,
    account,
    every_day,
    hold,
    item,
    not_on_sundays,
    numbers,
    on,
    reasons,
    rule,
    steps,
)


def test_a_debt_that_is_never_paid_goes_through_every_step_once() -> None:
    assert Life(account()).play(ISSUED, on(120)) == [
        "-14 invoice",
        "-5 before-due",
        "0 due-day",
        "3 friendly",
        "10 reminder",
        "20 call",
        "30 formal-letter",
        "45 suspend",
    ]


def test_after_downtime_only_the_latest_step_that_applies_is_taken() -> None:
    life = Life(account())
    life.day(on(0))
    assert steps(life.day(on(17))) == ["reminder"]
    assert [steps(life.day(on(days))) for days in (18, 19, 20)] == [[], [], ["call"]]


def test_a_reminder_before_the_due_date_that_is_no_longer_in_time_is_dropped() -> None:
    life = Life(account())
    life.day(ISSUED)
    assert steps(life.day(on(-4))) == []
    assert steps(life.day(on(-1))) == []
    assert steps(life.day(on(0))) == ["due-day"]


def test_running_again_on_the_same_day_takes_nothing() -> None:
    life = Life(account())
    assert steps(life.day(on(3))) == ["friendly"]
    assert life.day(on(3)).taken == ()


def test_from_a_closed_day_a_reminder_before_the_due_date_goes_earlier_and_one_after_it_later() -> None:
    # 2026-09-20 and 09-27 are Sundays.
    house = House(not_on_sundays, 99)
    due = date(2026, 9, 25)
    life = Life(account(item(due_on=due, issued_on=date(2026, 9, 18))), house)
    life.day(date(2026, 9, 18))
    taken = {day: steps(life.day(day)) for day in (date(2026, 9, n) for n in range(19, 31))}
    # Five days before is Sunday the 20th; the gap to the invoice of Friday is one day.
    assert all(not found for day, found in taken.items() if day < due)
    quiet = account(item(due_on=due, issued_on=date(2026, 9, 1), taken=(TakenBefore("invoice", 1, ISSUED, ISSUED),)))
    assert steps(decide(quiet, date(2026, 9, 19), house)) == ["before-due"]
    assert decide(quiet, date(2026, 9, 20), house).taken == ()
    late = account(item(due_on=date(2026, 9, 17)))
    sunday = decide(late, date(2026, 9, 20), house)
    assert (steps(sunday), reasons(sunday), sunday.held[0].until) == ([], ["closed_day"], date(2026, 9, 21))
    assert steps(decide(late, date(2026, 9, 21), house)) == ["friendly"]


def test_one_notice_lists_everything_that_is_overdue_and_speaks_as_the_furthest_item() -> None:
    first, second, third = item(1), item(2, due_on=on(17)), item(3, due_on=on(30))
    decision = decide(account(first, second, third), on(30), HOUSE)
    (take,) = decision.taken
    assert take.step.id == "formal-letter"
    assert numbers(take.parts) == ["INV-1", "INV-2", "INV-3"]
    assert [part.step_id for part in take.parts] == ["formal-letter", "reminder", "due-day"]
    assert take.amount_minor == 3 * 4500


def test_what_is_not_due_yet_and_not_reached_is_not_listed() -> None:
    decision = decide(
        account(item(1), item(2, due_on=on(40), taken=(TakenBefore("invoice", 1, ISSUED, ISSUED),))), on(3), HOUSE
    )
    assert numbers(decision.taken[0].parts) == ["INV-1"]


def test_an_overdue_item_that_had_its_step_is_listed_again_without_having_it_again() -> None:
    had = item(1, taken=(TakenBefore("friendly", 1, on(3), on(3)),))
    decision = decide(account(had, item(2, due_on=on(2))), on(5), HOUSE)
    (take,) = decision.taken
    assert [(part.item.number, part.step_id) for part in take.parts] == [("INV-1", ""), ("INV-2", "friendly")]


def test_a_step_that_requires_another_waits_until_that_was_really_sent_and_its_days_have_passed() -> None:
    unsent = Life(account(), unsent=frozenset(("formal-letter",)))
    assert "45 suspend" not in unsent.play(ISSUED, on(80))
    assert "requires" in reasons(unsent.day(on(81)))
    sent_late = item(taken=(TakenBefore("formal-letter", 1, on(30), on(44)),))
    waiting = decide(account(sent_late), on(45), HOUSE)
    assert (steps(waiting), reasons(waiting), waiting.held[0].until) == ([], ["requires"], on(54))
    assert steps(decide(account(sent_late), on(54), HOUSE)) == ["suspend"]


def test_a_step_whose_requirement_was_never_met_lets_the_requirement_go_first() -> None:
    life = Life(account())
    assert steps(life.day(on(60))) == ["formal-letter"]
    assert steps(life.day(on(69))) == []
    assert steps(life.day(on(70))) == ["suspend"]


def test_no_step_comes_before_one_that_was_had() -> None:
    had = item(taken=(TakenBefore("formal-letter", 1, on(30), on(30)),))
    assert steps(decide(account(had), on(31), HOUSE)) == []


def test_a_due_date_that_moves_takes_later_steps_along_and_repeats_none() -> None:
    life = Life(account())
    life.play(ISSUED, on(11))
    life.change(items=tuple(one._replace(due_on=on(60)) for one in life.account.items))
    life.log.clear()
    assert life.play(on(12), on(100)) == ["80 call", "90 formal-letter"]


def test_the_gap_counts_from_the_last_notice_whoever_wrote_it_and_not_from_a_spoken_word() -> None:
    told = account(contacts=(Contact(on(1), written=True),))
    decision = decide(told, on(3), HOUSE)
    assert (reasons(decision), decision.held[0].until) == (["gap"], on(4))
    assert steps(decide(told, on(4), HOUSE)) == ["friendly"]
    assert steps(decide(account(contacts=(Contact(on(2), written=False),)), on(3), HOUSE)) == ["friendly"]


def test_the_budget_of_a_week_counts_every_word_spoken_ones_too() -> None:
    told = account(contacts=(Contact(on(-1), written=False), Contact(on(1), written=False)))
    decision = decide(told, on(3), House(every_day, 2))
    assert (reasons(decision), decision.held[0].until) == (["budget"], on(6))
    assert steps(decide(told, on(6), House(every_day, 2))) == ["friendly"]


@pytest.mark.parametrize("kind", ["excluded", "snooze", "hardship", "vulnerable", "complaint"])
def test_a_hold_stops_everything_but_the_confirmation_of_money(kind: str) -> None:
    paid = Paid(7, on(3), 1000, settles=False, rule=STANDARD)
    decision = decide(account(holds=(hold(kind, on(9)),), paid=(paid,)), on(3), HOUSE)
    assert steps(decision) == ["receipt"]
    assert (decision.held[0].reason, decision.held[0].until) == (kind, on(9))


def test_a_hold_on_one_invoice_lets_the_others_go() -> None:
    decision = decide(account(item(1), item(2), holds=(hold("excluded", invoice_id=1),)), on(3), HOUSE)
    assert numbers(decision.taken[0].parts) == ["INV-2"]
    assert [(kept.item.number if kept.item else "", kept.reason) for kept in decision.held] == [("INV-1", "excluded")]


def test_a_disputed_item_is_neither_asked_for_nor_listed() -> None:
    decision = decide(account(item(1, disputed=True), item(2)), on(3), HOUSE)
    assert numbers(decision.taken[0].parts) == ["INV-2"]
    assert reasons(decision) == ["disputed"]


def test_a_promise_holds_until_its_day_and_the_rule_goes_on_by_itself_after_it() -> None:
    life = Life(account(promised_until=on(8)))
    assert [reasons(life.day(on(days))) for days in (3, 8)] == [["promise"], ["promise"]]
    assert life.account.contacts == ()
    assert steps(life.day(on(9))) == ["friendly"]


def test_money_that_lies_unmatched_and_covers_what_would_be_asked_holds_it() -> None:
    assert reasons(decide(account(credit_minor=4500), on(3), HOUSE)) == ["credit"]
    assert steps(decide(account(credit_minor=4499), on(3), HOUSE)) == ["friendly"]


def test_below_the_minimum_nothing_is_asked_and_the_open_rest_counts() -> None:
    assert reasons(decide(account(item(open_minor=99)), on(3), HOUSE)) == ["below_minimum"]
    assert steps(decide(account(item(open_minor=100)), on(3), HOUSE)) == ["friendly"]
    assert steps(decide(account(item(1, open_minor=60), item(2, open_minor=60)), on(3), HOUSE)) == ["friendly"]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1.00", "EUR", 100), ("1", "TND", 1000), ("1.00", "JPY", 1), ("0.5", "TND", 500), ("12", "JPY", 12)],
)
def test_the_minimum_is_one_text_for_every_currency(text: str, currency: str, minor: int) -> None:
    assert minimum_minor(rule(LADDER.replace('"1.00"', f'"{text}"')), currency) == minor


def test_the_first_channel_that_can_be_used_is_taken_and_none_is_told_with_its_reason() -> None:
    by_sms = decide(account(channels={"email": "dead", "sms": ""}), on(3), HOUSE)
    assert by_sms.taken[0].channel == "sms"
    nowhere = decide(account(channels={"email": "dead", "sms": "not_wanted"}), on(3), HOUSE)
    assert (reasons(nowhere), nowhere.held[0].detail) == (["unreachable"], "dead")
    assert decide(account(channels={}), on(3), HOUSE).held[0].detail == "no_address"


def test_a_call_needs_no_channel_and_stands_beside_a_notice_for_another_item() -> None:
    decision = decide(account(item(1), item(2, due_on=on(17)), channels={"email": ""}), on(20), HOUSE)
    assert sorted(steps(decision)) == ["call", "friendly"]


def test_a_proposal_to_suspend_is_no_contact_and_waits_for_no_gap() -> None:
    had = item(taken=(TakenBefore("formal-letter", 1, on(30), on(30)),))
    told = account(had, contacts=(Contact(on(44), written=True),))
    assert steps(decide(told, on(45), HOUSE)) == ["suspend"]


def test_a_payment_is_confirmed_once_per_payment_or_when_an_item_is_settled() -> None:
    part, whole = Paid(1, on(5), 1000, settles=False, rule=STANDARD), Paid(2, on(5), 3500, settles=True, rule=STANDARD)
    each = decide(account(paid=(part, whole)), on(5), HOUSE)
    assert [take.paid.payment_id for take in each.taken if take.paid] == [1, 2]
    settled = rule(LADDER.replace("gap_days = 3", 'gap_days = 3\nconfirm = "settled"'))
    only = decide(
        account(item(disputed=True), paid=(part._replace(rule=settled), whole._replace(rule=settled))), on(5), HOUSE
    )
    assert [take.paid.payment_id for take in only.taken if take.paid] == [2]


BROKEN = LADDER + '[[step]]\nid = "broken"\nwhen = "promise_broken"\ndo = "notice"\n'


def test_a_broken_promise_is_answered_the_day_after_and_only_while_something_is_overdue() -> None:
    with_answer = rule(BROKEN)
    promise = Broken(5, on(8), with_answer)
    had = item(rule=with_answer, taken=(TakenBefore("friendly", 1, on(3), on(3)),))
    decision = decide(account(had, broken=(promise,)), on(9), HOUSE)
    (take,) = decision.taken
    assert (take.step.id, take.broken, numbers(take.parts)) == ("broken", promise, ["INV-1"])
    assert decide(account(had, broken=(promise._replace(taken=("broken",)),)), on(9), HOUSE).taken == ()
    assert (
        decide(account(item(due_on=on(60), rule=with_answer), broken=(promise,)), on(9), HOUSE).taken[0].broken is None
    )


def test_a_step_that_repeats_comes_every_so_many_days_as_often_as_it_says() -> None:
    weekly = rule(
        'name = "x"\ngap_days = 0\n[[step]]\nid = "again"\nwhen = "due"\noffset_days = 3\ndo = "notice"\n'
        "repeat_days = 7\nmax_times = 3\n"
    )
    life = Life(account(item(rule=weekly)))
    assert life.play(on(0), on(60)) == ["3 again", "10 again", "17 again"]
    late = Life(account(item(rule=weekly)))
    assert steps(late.day(on(12))) == ["again"]
    assert late.play(on(13), on(60)) == ["12 again", "17 again"]


def test_an_invoice_without_a_due_date_gets_no_step_that_counts_from_one() -> None:
    assert Life(account(item(due_on=None))).play(ISSUED, on(200)) == ["-14 invoice"]


def test_a_debt_that_is_too_old_for_the_law_of_the_place_is_left_to_a_person() -> None:
    decision = decide(account(item()), on(1200), House(every_day, 2, barred_days=1095))
    assert steps(decision) == []
    assert "statute_barred" in reasons(decision)


def test_each_item_follows_its_own_rule() -> None:
    mild = rule('name = "mild"\n[[step]]\nid = "only"\nwhen = "due"\noffset_days = 30\ndo = "notice"\n')
    life = Life(account(item(1, rule=mild)))
    assert life.play(ISSUED, on(100)) == ["30 only"]
    both = decide(account(item(1, rule=mild), item(2)), on(3), HOUSE)
    assert [(part.item.number, part.step_id) for part in both.taken[0].parts] == [("INV-1", ""), ("INV-2", "friendly")]


def test_a_day_before_the_issue_knows_nothing_of_the_invoice() -> None:
    assert decide(account(), ISSUED - timedelta(days=1), HOUSE).taken == ()
    assert decide(account(item(due_on=DUE, issued_on=on(-3))), on(-5), HOUSE).taken == ()


def test_of_gap_and_budget_what_lasts_longer_is_told() -> None:
    words = (Contact(on(0), written=False), Contact(on(1), written=True))
    decision = decide(account(contacts=words), on(3), House(every_day, 2))
    assert (reasons(decision), decision.held[0].until) == (["budget"], on(7))
