"""The why line: what the rule does next is told alike by `rule explain` and by the screens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.cli.explained import lines
from duesdesk.clock import Clock
from duesdesk.domain import next_step
from duesdesk.domain.next_step import Step
from duesdesk.i18n import relative_day
from duesdesk.screens import text
from duesdesk.screens.dashboard.words import next_said
from duesdesk.services.collection import why
from duesdesk.services.rules import Target
from tests.screens.reading import at_rest, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay

# 12:00 in Madrid, on a Sunday.
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NAMES = {
    "LATE": "García María", "SOON": "Rossi Marco", "WORD": "Nowak Jan", "WRONG": "Smith Zoë", "SAYS": "Ionescu Andrei",
    "PART": "Núñez Óscar", "TWO": "Weber Anna",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """People whose next step differs: late by days, promised, disputed, says it is paid, part paid, two currencies."""
    early = at(ago(90))
    for number, name in NAMES.items():
        member(early, number, name, email=f"{number.lower()}@example.org")
    for place, number in enumerate(NAMES):
        owe(early, number, 9650 - place * 100, ago(69 - 9 * place))
    owe(early, "TWO", 5000, ago(5), currency="USD")
    desk = at()
    pay(desk, "PART", 2000)
    desk.promises.take("WORD", 9450, "EUR", TODAY + timedelta(days=4))
    desk.invoices.dispute(desk.debts.of("WRONG").invoices[0].number, reason="not theirs")
    desk.talks.log("SAYS", outcome="says_paid")
    for number in NAMES:
        book(desk, number, "18:00")
    return desk


def packed(told: str) -> str:
    return "".join(told.split())


def explained(desk: Desk, number: str) -> list[str]:
    """The lines of `rule explain` about what comes next."""
    return [line for line in lines(desk.explains.of(number)) if line.startswith(("Next:", "Nothing more"))]


async def test_the_pane_of_crm_daily_says_what_rule_explain_says(store: Path, at: OpenDesk, owing: Desk) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("f4")
        await settled(pilot, lambda: "18:00" in text_of(app, "#arrivals"))
        seen = set()
        for _person in range(7):
            number = app.screen.current_member()  # type: ignore[attr-defined]
            await settled(pilot, lambda: NAMES[app.screen.current_member()] in text_of(app, "#debt"))  # type: ignore[attr-defined]
            pane = packed(text_of(app, "#debt").replace("│", ""))
            for line in explained(at(), number):
                assert packed(line) in pane, number
            seen.add(number)
            await pilot.press("down")
        assert len(seen) == 7
        # Of a day that is over the rule says nothing any more.
        await pilot.press("left_square_bracket")
        await at_rest(pilot)
        assert "Next:" not in text_of(app, "#debt")


async def test_the_member_file_and_the_dashboard_say_what_rule_explain_says(
    store: Path, at: OpenDesk, owing: Desk
) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(190, 50)) as pilot:
        await at_rest(pilot)
        await at_rest(pilot)
        for _person in range(7):
            number = app.screen.current_member()  # type: ignore[attr-defined]
            told = explained(at(), number)
            await settled(pilot, lambda: NAMES[app.screen.current_member()] in text_of(app, "#dash-person"))  # type: ignore[attr-defined]
            # Here only in the currency of the list.
            assert packed(told[0]) in packed(text_of(app, "#dash-person")), number
            await pilot.press("enter")
            await at_rest(pilot)
            assert all(packed(line) in packed(text_of(app, "#file-head")) for line in told), number
            await pilot.press("escape", "down")
            await at_rest(pilot)


async def test_the_member_file_names_the_rule_of_who_has_one_of_their_own(
    store: Path, at: OpenDesk, owing: Desk
) -> None:
    gentle = at().rules.show().text.replace('name = "standard"', 'name = "gentle"')
    at().rules.use(gentle, Target(member="LATE"))
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 40)) as pilot:
        for number in ("LATE", "SOON"):
            app.act("member", number)
            await at_rest(pilot)
            await settled(pilot, lambda: "Next:" in text_of(app, "#file-head"))
            assert ("Rule: gentle." in text_of(app, "#file-head")) == (number == "LATE")
            await pilot.press("escape")
            await at_rest(pilot)


async def test_the_column_next_says_in_short_what_rule_explain_says(store: Path, at: OpenDesk, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("DELETE FROM booking")
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await at_rest(pilot)
        rows = text_of(app, "#people")
        for number, name in NAMES.items():
            if number == "TWO":
                continue  # the column is that of one currency
            line = next(row for row in rows.splitlines() if name in row)
            told, _tone = why.short(at().explains.of(number).next, TODAY)
            assert told[:20] in line, line
        assert "promised 26 Nov" in rows
        assert "held: disputed" in rows


async def test_what_was_read_before_never_takes_the_place_of_what_is_newer(
    store: Path, at: OpenDesk, owing: Desk
) -> None:
    app = started(store, Clock(NOON))
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        screen = app.screen
        whys = screen._whys  # type: ignore[attr-defined]
        await settled(pilot, lambda: bool(whys._known))
        before = dict(whys._known)
        at().promises.take("LATE", 9650, "EUR", TODAY + timedelta(days=6))
        await app.look()
        await settled(pilot, lambda: "promised 28 Nov" in text_of(app, "#people"))
        # The answer of a reading from before arrives only now.
        whys._have(list(before), before, 0)
        await at_rest(pilot)
        assert "promised 28 Nov" in text_of(app, "#people")


def test_until_it_is_read_the_column_says_only_what_the_rule_could_not_contradict() -> None:
    for code in (next_step.NEVER, next_step.TOLD, next_step.REMIND, next_step.SAYS_PAID):
        assert next_said(Step(code, TODAY), None, TODAY) == ("", "dim")
    assert next_said(Step(next_step.CALL, TODAY + timedelta(days=3)), None, TODAY)[0] == ""
    assert next_said(Step(next_step.CALL, TODAY), None, TODAY)[0] == "call today"
    assert next_said(Step(next_step.PROMISED, TODAY), None, TODAY)[0] == "promised today"


def test_a_notice_that_waits_to_leave_comes_before_a_talk_agreed_for_later(at: OpenDesk) -> None:
    early = at(ago(40))
    member(early, "ANA", "García Ana", email="ana@example.org")
    owe(early, "ANA", 4500, ago(12))
    desk = at(ago(2))
    desk.runs.run()
    found = desk.explains.of("ANA")
    (waits,) = found.waiting
    today = desk.today()
    said = f"notice goes {relative_day(waits.leaves_on, today)}"
    later = Step(next_step.CALL, waits.leaves_on + timedelta(days=3))
    assert next_said(later, found, today, "EUR")[0] == said
    assert next_said(Step(next_step.TOLD, today), found, today, "EUR")[0] == said
    assert next_said(Step(next_step.CALL, today), found, today, "EUR")[0] == "call today"
    # After days on which nothing was sent it goes with the next sending.
    after = waits.leaves_on + timedelta(days=4)
    assert next_said(Step(next_step.TOLD, after), found, after, "EUR")[0] == "notice goes today"
