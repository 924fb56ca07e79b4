"""What is learnt of payers: their own habit, groups of like habit, and what is taken back or too long ago."""

from __future__ import annotations

from duesdesk.domain.forecast.arriving import Arrivals, Came
from duesdesk.domain.forecast.expected import bounds_of, week_of
from duesdesk.domain.forecast.habits import CENTRE, WHOLE, Habits, Odds

MONDAY = 739_000 - (739_000 - 1) % 7


def learnt(*delays: int, payer: int = 1, first: int = MONDAY) -> Habits:
    """A payer who has paid, week after week, so many days after the due day."""
    habits = Habits()
    for number, delay in enumerate(delays):
        habits.learn(first + 7 * number, payer, delay)
    return habits


def test_one_odd_payment_does_not_move_a_habit() -> None:
    assert learnt(3, 4, 3, 90, 4, 3).usual_days(1) == 4


def test_a_habit_is_that_of_the_last_ones() -> None:
    assert learnt(*[0] * 20, *[12] * 9).usual_days(1) == 12


def test_a_habit_takes_more_than_one_payment() -> None:
    assert (learnt(5).usual_days(1), learnt(5).known(1), learnt(5).group(1)) == (None, 1, CENTRE)
    assert learnt(5, 5).usual_days(1) == 5


def test_money_that_went_back_was_never_learnt() -> None:
    habits = learnt(3, 4)
    habits.learn(MONDAY + 14, 1, 40)
    habits.unlearn(MONDAY + 14, 1, 40)
    assert habits.paid == learnt(3, 4).paid
    habits.unlearn(MONDAY + 7, 1, 4)
    habits.unlearn(MONDAY, 1, 3)
    assert habits.usual_days(1) is None
    assert habits.count == sum(map(sum, habits.paid)) == 0


def test_what_is_too_long_ago_tells_no_longer_how_people_pay_but_a_payer_keeps_their_own_habit() -> None:
    habits = learnt(3, 3, 3)
    habits.forget(MONDAY + 11)
    assert (habits.count, habits.usual_days(1)) == (1, 3)


def test_of_what_is_still_open_as_much_is_expected_as_was_paid_of_such_before() -> None:
    habits = learnt(1, 1, 1, 10, 10, 10)
    odds = Odds(habits, [])
    (group,) = {habits.group(1)}
    # Six were open on the due day: three were paid within a week, all within two.
    assert odds.shares(CENTRE, 0, (7, 14, 21)) == (WHOLE // 2, WHOLE, WHOLE)
    assert group != CENTRE


def test_who_is_open_still_counts_among_those_that_were_not_paid() -> None:
    odds = Odds(learnt(1, 1, 1), [(CENTRE, 30, 1)])
    assert odds.shares(CENTRE, 0, (7, 14)) == (3 * WHOLE // 4, 3 * WHOLE // 4)


def test_of_debts_so_old_that_next_to_none_were_seen_nobody_knows() -> None:
    assert Odds(learnt(1, 1, 1), []).shares(CENTRE, 200, (7, 14)) == (0, 0)


def test_the_first_week_is_what_is_left_of_it_and_after_a_sunday_a_whole_one() -> None:
    assert week_of(MONDAY + 6) == MONDAY
    assert bounds_of(MONDAY, 2) == (6, 13)
    assert bounds_of(MONDAY + 5, 2) == (1, 8)
    assert bounds_of(MONDAY + 6, 2) == (7, 14)


def test_what_is_usual_of_invoices_to_come_is_what_came_of_them_in_the_last_weeks() -> None:
    # Each Wednesday 10 of an invoice of that day, and 100 of one issued long before.
    came = [Came(MONDAY + 2 + 7 * week, MONDAY + 2 + 7 * week, 10) for week in range(20)]
    came += [Came(MONDAY + 2 + 7 * week, MONDAY - 100, 100) for week in range(20)]
    arrivals = Arrivals(came)
    sunday = MONDAY + 7 * 20 - 1
    assert arrivals.usual_new(sunday, (7, 14), MONDAY - 1) == [10, 10]
    assert arrivals.between(sunday - 7, sunday) == 110
