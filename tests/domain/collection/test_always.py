"""Whatever happens to an account, on whatever days the rule is run: what may never happen does not."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import hypothesis.strategies as st
from hypothesis import given, settings

from duesdesk.domain.collection.calendar import open_on_or_before
from duesdesk.domain.collection.decide import decide
from duesdesk.domain.collection.facts import Contact, OnHold, TakenBefore
from duesdesk.domain.collection.ladder import NOTICE
from duesdesk.domain.collection.stops import House
from tests.domain.collection.book import ISSUED, LADDER, account, item, rule

DAYS = 100


class Event(NamedTuple):
    """Something that happens on a day of a life: what, to which invoice, for how long."""

    day: int
    what: str
    invoice: int
    length: int


class Seen(NamedTuple):
    """A step that was taken for an invoice ('' when it was only listed)."""

    on: date
    step: str
    invoice: int
    own: str
    is_notice: bool


EVENTS = st.lists(
    st.builds(
        Event,
        st.integers(0, DAYS),
        st.sampled_from(("pay", "part", "dispute", "settle", "hold", "hold-one", "promise", "talk", "move")),
        st.integers(1, 3),
        st.integers(0, 25),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(
    events=EVENTS,
    dues=st.lists(st.integers(5, 40), min_size=1, max_size=3),
    closed=st.sets(st.integers(0, 6), max_size=3),
    absent=st.sets(st.integers(0, DAYS), max_size=40),
    gap_days=st.integers(0, 5),
    most=st.integers(1, 4),
)
def test_no_step_twice_none_too_early_none_against_a_hold_and_no_more_words_than_allowed(  # noqa: C901  # a life is told in one piece
    events: list[Event], dues: list[int], closed: set[int], absent: set[int], gap_days: int, most: int
) -> None:
    ladder = rule(LADDER.replace("gap_days = 3", f"gap_days = {gap_days}"))
    offsets = {step.id: step.offset_days for step in ladder.steps}
    place = {step.id: index for index, step in enumerate(ladder.steps)}

    def is_open(day: date) -> bool:
        return day.weekday() not in closed

    house = House(is_open, most)
    items = [item(n, rule=ladder, due_on=ISSUED + timedelta(days=due)) for n, due in enumerate(dues, 1)]
    holds: list[OnHold] = []
    contacts: list[Contact] = []
    promised: date | None = None
    seen: list[Seen] = []
    for number in range(DAYS + 1):
        day = ISSUED + timedelta(days=number)
        for event in (one for one in events if one.day == number):
            at = min(event.invoice, len(items)) - 1
            one, until = items[at], day + timedelta(days=event.length)
            match event.what:
                case "pay":
                    items[at] = one._replace(open_minor=0)
                case "part" if one.open_minor > 1:
                    items[at] = one._replace(open_minor=one.open_minor // 2)
                case "dispute" | "settle":
                    items[at] = one._replace(disputed=event.what == "dispute")
                case "hold":
                    holds.append(OnHold("snooze", until))
                case "hold-one":
                    holds.append(OnHold("claim", until, one.invoice_id))
                case "promise":
                    promised = until
                case "talk":
                    contacts.append(Contact(day, written=False))
                case "move" if one.open_minor:
                    items[at] = one._replace(due_on=until)
        if number in absent:
            continue
        lasting = [one for one in holds if one.until is None or one.until >= day]
        now = account(
            items=tuple(one for one in items if one.open_minor),
            holds=tuple(lasting),
            contacts=tuple(contacts),
            promised_until=promised if promised is not None and promised >= day else None,
        )
        decision = decide(now, day, house)
        notices = [take for take in decision.taken if take.step.do == NOTICE]
        assert len(notices) <= 1
        for take in decision.taken:
            assert is_open(day)
            assert promised is None or promised < day
            assert take.amount_minor == sum(part.item.open_minor for part in take.parts) > 0
            for part in take.parts:
                assert not part.item.disputed
                assert all(one.invoice_id not in (None, part.item.invoice_id) for one in lasting)
                seen.append(Seen(day, take.step.id, part.item.invoice_id, part.step_id, take.step.do == NOTICE))
                if part.step_id:
                    at = next(n for n, one in enumerate(items) if one.invoice_id == part.item.invoice_id)
                    had = TakenBefore(part.step_id, part.occurrence, day, day)
                    items[at] = items[at]._replace(taken=(*items[at].taken, had))
                    _in_time(part.step_id, part.item.due_on, offsets, day, is_open)
            if take.step.do == NOTICE:
                contacts.append(Contact(day, written=True))
    own = [(one.invoice, one.own) for one in seen if one.own]
    assert len(own) == len(set(own)), "a step was taken twice for an invoice"
    for invoice in {one.invoice for one in seen}:
        moved = any(event.what == "move" for event in events)
        order = [place[one.own] for one in seen if one.invoice == invoice and one.own]
        assert moved or order == sorted(order), "a step came before one that was had"
    told = sorted({one.on for one in seen if one.is_notice})
    assert all((later - earlier).days >= gap_days for earlier, later in pairwise(told))
    for day in told:
        words = sum(0 <= (day - contact.on).days < 7 for contact in contacts if contact.on < day or contact.written)
        assert words <= most, "more words in a week than the house allows"


def _in_time(step: str, due_on: date | None, offsets: dict[str, int], day: date, is_open) -> None:  # type: ignore[no-untyped-def]
    if step == "invoice" or due_on is None:
        return
    meant = due_on + timedelta(days=offsets[step])
    if offsets[step] < 0:
        assert day == open_on_or_before(meant, is_open)
    else:
        assert day >= meant
