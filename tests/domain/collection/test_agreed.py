"""Invoices that were agreed upon are left alone as long as that holds, and a missed part is told within its grace."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duesdesk.domain.collection import facts
from duesdesk.domain.collection.decide import decide
from duesdesk.domain.collection.facts import Agreed, Contact, Missed
from duesdesk.domain.collection.together import decide_payer
from tests.domain.collection.book import DUE, HOUSE, account, item, on, reasons, rule, steps

WORDS = rule(
    """
name = "words"
[[step]]
id = "first"
when = "instalment_missed"
do = "notice"
[[step]]
id = "second"
when = "instalment_missed"
offset_days = 3
do = "notice"
[[step]]
id = "call"
when = "instalment_missed"
offset_days = 6
do = "call"
"""
)
PART_DUE = on(20)


def missed(grace: int = 9, *taken: str) -> Missed:
    return Missed(1, PART_DUE, PART_DUE + timedelta(days=grace), 1500, frozenset((1,)), WORDS, taken)


@given(kind=st.sampled_from((facts.PLAN, facts.SETTLEMENT)), late=st.integers(-20, 90), until=st.integers(-20, 90))
def test_no_step_is_taken_for_what_was_agreed_upon_up_to_its_last_day_and_every_one_after(
    kind: str, late: int, until: int
) -> None:
    free = item(2, due_on=DUE + timedelta(days=1))
    held = decide(account(item(agreed=Agreed(kind, on(until))), free), on(late), HOUSE)
    if on(late) > on(until):
        assert held == _without(decide(account(item(), free), on(late), HOUSE), kind, until)
        return
    assert all(part.item.invoice_id == 2 for take in held.taken for part in take.parts)
    alone = decide(account(free), on(late), HOUSE)
    assert steps(held) == steps(alone)
    assert all(kept.until == on(until) for kept in held.held if kept.reason == kind)


def _without(decision: facts.Decision, kind: str, until: int) -> facts.Decision:
    """The same decision about an item that was agreed upon once."""
    once = item(agreed=Agreed(kind, on(until)))
    taken = tuple(
        take._replace(
            parts=tuple(part._replace(item=once) if part.item.invoice_id == 1 else part for part in take.parts)
        )
        for take in decision.taken
    )
    held = tuple(
        kept._replace(item=once) if kept.item and kept.item.invoice_id == 1 else kept for kept in decision.held
    )
    return facts.Decision(taken, held)


def told(day: date, part: Missed, **changes: object) -> facts.Decision:
    own = account(item(agreed=Agreed(facts.PLAN, part.until)), missed=(part,), **changes)
    return decide(own, day, HOUSE)


def test_a_part_is_told_of_once_its_day_is_over_and_within_its_grace_and_then_the_rule_goes_on() -> None:
    days = [-1, 0, 1, 3, 4, 6, 7, 9, 10]
    found = [steps(told(PART_DUE + timedelta(days=late), missed())) for late in days]
    assert found == [[], [], ["first"], ["first"], ["second"], ["second"], ["call"], ["call"], ["formal-letter"]]


def test_each_word_about_a_part_is_said_once_and_none_before_the_latest() -> None:
    day = PART_DUE + timedelta(days=5)
    assert steps(told(day, missed(9, "second"))) == []
    assert steps(told(day, missed(9, "first"))) == ["second"]


def test_it_asks_for_the_part_and_lists_what_the_plan_is_about() -> None:
    (take,) = told(PART_DUE + timedelta(days=1), missed()).taken
    assert (take.amount_minor, [part.item.invoice_id for part in take.parts]) == (1500, [1])
    assert [part.step_id for part in take.parts] == [""]


def test_the_gap_money_on_account_and_what_is_disputed_keep_it_back() -> None:
    day = PART_DUE + timedelta(days=1)
    assert facts.GAP in reasons(told(day, missed(), contacts=(Contact(day, written=True),)))
    assert facts.CREDIT in reasons(told(day, missed(), credit_minor=1500))
    disputed = account(item(disputed=True, agreed=Agreed(facts.PLAN, missed().until)), missed=(missed(),))
    assert facts.DISPUTED in reasons(decide(disputed, day, HOUSE))
    assert steps(decide(disputed, day, HOUSE)) == []


def test_who_hears_of_a_part_hears_nothing_else_that_day_in_any_currency() -> None:
    day = PART_DUE + timedelta(days=1)
    in_euros = account(item(agreed=Agreed(facts.PLAN, missed().until)), item(2), missed=(missed(),))
    in_dollars = account(item(3), currency="USD")
    first, second = decide_payer([in_euros, in_dollars], day, HOUSE)
    assert [take.step.id for take in first.taken if take.asks] == ["first"]
    assert [take.step.id for take in second.taken if take.asks] == []
    assert facts.GAP in [kept.reason for kept in (*first.held, *second.held)]
