"""No notice leaves outside the rules: whatever the hour, the day, the place, what was said, sent and held before.

The table below was written from what the law packs and the house promise, and asks nothing of the program: holidays are
written out, hours are numbers.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock, utc_text
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.store.database import Tx

EXAMPLES = 20_000 if os.environ.get("DUESDESK_FAULTS") == "long" else 800
SPAIN = {"01-01", "01-06", "04-03", "05-01", "08-15", "10-12", "12-08", "12-25"}
BRAZIL = {"01-01", "04-03", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "11-20", "12-25"}
GERMANY = {"01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"}
HOLIDAYS_2026 = {"ES": SPAIN, "BR": BRAZIL, "DE": GERMANY}
# Weekday (Monday is 0) to the minutes from and to; the house's own.
HOUSES: dict[str, dict[int, tuple[int, int]] | None] = {
    "Mon-Fri 09:00-19:00, Sat 09:00-14:00": {**dict.fromkeys(range(5), (540, 1140)), 5: (540, 840)},
    "Mon-Sun 06:00-23:00": dict.fromkeys(range(7), (360, 1380)),
    "Wed 12:00-13:00": {2: (720, 780)},
    "always": None,
}
# The law: where the centre is (Spain) and where the member lives, both.
LAW = {
    "ES": dict.fromkeys(range(7), (480, 1260)),
    "DE": dict.fromkeys(range(7), (480, 1260)),
    "BR": {**dict.fromkeys(range(5), (480, 1200)), 5: (480, 840)},
}
ZONES = ("Europe/Madrid", "Atlantic/Canary", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Kiritimati")
GRAVE = ("hardship", "vulnerable", "deceased", "minor", "insolvency", "complaint", "claim")
HOUSE_HOLDS = ("excluded", "snooze")


@dataclass(frozen=True)
class Case:
    """One notice, and everything around it."""

    at: datetime
    zone: str
    country: str
    house: str
    origin: str
    asks: bool
    pressing: bool
    stopped: bool
    wanted: bool | None
    works: bool
    has_address: bool
    hold: str | None
    hold_days: int
    promise_days: int | None
    plan_days: int | None
    paid: bool
    disputed: bool
    on_account: bool
    most: int
    # Words before: how many hours ago, and whose they were.
    history: tuple[tuple[int, str], ...]
    cooling_minutes: int


# Most things are usual most of the time, so that what is not can be seen alone.
DAYTIME = st.builds(lambda day, minute: day * 24 * 60 + minute, st.integers(0, 363), st.integers(11 * 60, 17 * 60))
USUAL = [False] * 19
# Whole days to the hour among them, and many of the last days.
HOURS_AGO = st.one_of(st.integers(0, 230), st.integers(0, 80), st.sampled_from([24, 48, 72, 168]))
HOUSE_GAP_DAYS = 3


def minute_of_2026(minutes: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)


CASES = st.builds(
    Case,
    at=st.one_of(st.integers(0, 364 * 24 * 60), DAYTIME, DAYTIME, DAYTIME).map(minute_of_2026),
    zone=st.sampled_from([ZONES[0], ZONES[0], ZONES[0], *ZONES]),
    country=st.sampled_from(sorted(LAW)),
    house=st.sampled_from(["always", "always", *sorted(HOUSES)]),
    origin=st.sampled_from(["hand", "step"]),
    asks=st.booleans(),
    pressing=st.booleans(),
    stopped=st.sampled_from([*USUAL, True]),
    wanted=st.sampled_from([None] * 6 + [True, True, False]),
    works=st.sampled_from([True] * 19 + [False]),
    has_address=st.sampled_from([True] * 19 + [False]),
    hold=st.sampled_from([None] * 12 + [*GRAVE, *HOUSE_HOLDS]),
    hold_days=st.integers(-2, 2),
    promise_days=st.sampled_from([None] * 2 + [-1, 0, 5]),
    plan_days=st.sampled_from([None] * 4 + [-1, 0, 5]),
    paid=st.sampled_from([False] * 7 + [True]),
    disputed=st.sampled_from([False] * 7 + [True]),
    on_account=st.sampled_from([False] * 7 + [True]),
    most=st.integers(0, 3),
    history=st.lists(st.tuples(HOURS_AGO, st.sampled_from(["hand", "step", "receipt", "talk"])), max_size=3).map(tuple),
    cooling_minutes=st.sampled_from([0] * 19 + [30]),
)


def within(hours: dict[int, tuple[int, int]], local: datetime) -> bool:
    span = hours.get(local.weekday())
    return span is not None and span[0] <= local.hour * 60 + local.minute < span[1]


def may_leave(case: Case) -> bool:
    """By the table alone."""
    local = case.at.astimezone(ZoneInfo(case.zone))
    centre_day = case.at.astimezone(ZoneInfo("Europe/Madrid")).date()
    asks_by_rule = case.asks and case.origin == "step"
    passes_house = case.pressing and case.origin == "hand"
    house = HOUSES[case.house]
    is_holiday = local.year == 2026 and local.strftime("%m-%d") in HOLIDAYS_2026[case.country]
    if case.stopped or case.cooling_minutes or case.wanted is False or not case.works or not case.has_address:
        return False
    if not within(LAW["ES"], local) or not within(LAW[case.country], local):
        return False
    if is_holiday and case.country == "BR":
        return False
    if house is not None and not passes_house and (is_holiday or not within(house, local)):
        return False
    if case.asks and (case.paid or case.disputed):
        return False
    holds_now = case.hold is not None and case.hold_days >= 0
    if case.asks and holds_now and (case.origin == "step" or case.hold in GRAVE):
        return False
    if asks_by_rule and case.promise_days is not None and case.promise_days >= 0:
        return False
    if asks_by_rule and case.plan_days is not None and case.plan_days >= 0:
        return False
    if asks_by_rule and case.on_account:
        return False
    if asks_by_rule:
        words = [(hours, whose) for hours, whose in case.history if whose != "receipt"]
        days = [(centre_day_of(case.at - timedelta(hours=hours)), whose) for hours, whose in words]
        if sum((centre_day - day).days < 7 for day, _ in days) >= case.most:
            return False
        # Days lie between a notice, whoever sent it, and the next one of the rule, and a whole day in any case.
        if any(whose in ("step", "hand") and (centre_day - day).days < HOUSE_GAP_DAYS for day, whose in days):
            return False
        if any(whose == "hand" and hours < 24 for hours, whose in words):
            return False
    return True


def centre_day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Madrid")).date()


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("leaving")
    store = folder / "desk.db"
    shutil.copy(template, store)
    before = os.environ.get("DUESDESK_HOME")
    os.environ["DUESDESK_HOME"] = str(folder / "home")
    early = open_desk(str(store), clock=Clock(date(2025, 9, 1)))
    early.members.add(MemberDetails("Ana", email="ana@example.org"))
    early.invoices.issue(IssueRequest("M00001", 5000, "EUR", date(2025, 10, 15)))
    early.notices.write(NoticeRequest("M00001", "reminder_friendly"), cooling=False)
    _ = early.outbox, early.notices
    yield early
    early.close()
    if before is not None:
        os.environ["DUESDESK_HOME"] = before


def arrange(desk: Desk, case: Case) -> None:
    """The store as the case tells: written by hand, so that nothing of the program decides what is there."""
    now = utc_text(case.at)
    day = case.at.astimezone(ZoneInfo("Europe/Madrid")).date()
    with desk.place.database.write() as tx:
        for table in ("hold", "promise", "member_channel", "talk"):
            tx.run(f"DELETE FROM {table}")
        tx.run("DELETE FROM notice WHERE id > 1")
        tx.run(
            """UPDATE member SET timezone = :zone, country = :country, email = :email, email_works = :works
               WHERE id = 1""",
            zone=case.zone,
            country=case.country,
            email="ana@example.org" if case.has_address else None,
            works=case.works,
        )
        for key, value in (
            ("notices.hours", case.house),
            ("notices.max_per_week", str(case.most)),
            ("notices.stopped", "on" if case.stopped else "off"),
        ):
            tx.run(
                """INSERT INTO setting (key, value, changed_at, actor) VALUES (:key, :value, :now, 'x')
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value""",
                key=key,
                value=value,
                now=now,
            )
        if case.wanted is not None:
            tx.run(
                """INSERT INTO member_channel (member_id, channel, address, wanted, wanted_how, works, changed_at,
                                               actor)
                   VALUES (1, 'email', '', :wanted, 'x', 1, :now, 'x')""",
                wanted=case.wanted,
                now=now,
            )
        if case.hold is not None:
            until = day + timedelta(days=case.hold_days)
            tx.run(
                """INSERT INTO hold (kind, payer_id, reason, from_on, until_on, lifted_by, act_id, recorded_at, actor,
                                     desk, idempotency_key)
                   VALUES (:kind, 1, '', '2025-01-01', :until, '', 1, :now, 'x', 'x', 'h')""",
                kind=case.hold,
                until=until.isoformat(),
                now=now,
            )
        if case.promise_days is not None:
            tx.run(
                """INSERT INTO promise (payer_id, currency, amount_minor, promised_on, due_on, note, recorded_at, actor,
                                        desk, idempotency_key)
                   VALUES (1, 'EUR', 5000, '2025-12-01', :due, '', :now, 'x', 'x', 'p')""",
                due=(day + timedelta(days=case.promise_days)).isoformat(),
                now=now,
            )
        # Agreements stay: one that is no part of the case is cancelled.
        tx.run(
            """INSERT INTO agreement_event (agreement_id, kind, effective_on, act_id, recorded_at, actor, desk, reason)
               SELECT id, 'cancelled', agreed_on, 1, :now, 'x', 'x', '' FROM agreement
               WHERE id NOT IN (SELECT agreement_id FROM agreement_event)""",
            now=now,
        )
        if case.plan_days is not None:
            agree(tx, day + timedelta(days=case.plan_days), now)
        tx.run(
            """UPDATE notice SET state = :state, send_after = :after, attempts = 0, detail = '', origin = :origin,
                                 asks_for_money = :asks, pressing = :pressing, created_at = :now, changed_at = :now
               WHERE id = 1""",
            state="held" if case.cooling_minutes else "queued",
            after=utc_text(case.at + timedelta(minutes=case.cooling_minutes)),
            origin=case.origin,
            asks=case.asks,
            pressing="asked for" if case.pressing and case.origin == "hand" else "",
            now=now,
        )
        open_minor = 4000 if case.paid else 5000
        tx.run("UPDATE notice_item SET open_minor = :open WHERE notice_id = 1", open=open_minor)
        tx.run("UPDATE open_item SET disputed = :disputed", disputed=case.disputed)
        tx.run("UPDATE payer_balance SET credit_minor = :minor", minor=5000 if case.on_account else 0)
        for number, (hours, whose) in enumerate(case.history):
            then = utc_text(case.at - timedelta(hours=hours))
            if whose == "talk":
                tx.run(
                    """INSERT INTO talk (payer_id, member_id, channel, outcome, note, talked_at, actor, desk,
                                         idempotency_key)
                       VALUES (1, 1, 'desk', 'informed', '', :at, 'x', 'x', :key)""",
                    at=then,
                    key=f"talk-{number}",
                )
                continue
            tx.run(
                """INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash,
                                       asks_for_money, origin, state, send_after, attempts, message_id, detail,
                                       created_at, changed_at, actor, desk, idempotency_key)
                   VALUES (1, 'email', 'a', 'en', '', 's', 'b', 'h', 1, :origin, 'sent', :at, 1, 'm', '', :at, :at, 'x',
                           'x', :key)""",
                origin=whose,
                at=then,
                key=f"history-{number}",
            )


PLAIN = Case(
    datetime(2026, 3, 10, 12, tzinfo=UTC), ZONES[0], "ES", "always", "step", asks=True, pressing=False, stopped=False,
    wanted=None, works=True, has_address=True, hold=None, hold_days=0, promise_days=None, plan_days=None, paid=False,
    disputed=False, on_account=False, most=3, history=(), cooling_minutes=0,
)  # fmt: skip


def agree(tx: Tx, due_on: date, now: str) -> None:
    """A plan over all that is owed, of one part without grace."""
    identity = tx.insert(
        """INSERT INTO agreement (kind, payer_id, member_id, currency, total_minor, amount_minor, agreed_on, due_on,
                                  grace_days, proposed, note, act_id, recorded_at, actor, desk, idempotency_key)
           SELECT 'plan', 1, 1, 'EUR', 5000, 5000, '2025-12-01', :due, 0, false, '', 1, :now, 'x', 'x',
                  'g' || (SELECT count(*) FROM agreement)""",
        due=due_on.isoformat(),
        now=now,
    )
    tx.run(
        """INSERT INTO agreement_part (agreement_id, n, due_on, amount_minor) VALUES (:id, 1, :due, 5000)""",
        id=identity,
        due=due_on.isoformat(),
    )
    tx.run("INSERT INTO agreement_invoice (agreement_id, invoice_id, open_minor) VALUES (:id, 1, 5000)", id=identity)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(3600)
@given(case=CASES)
@example(case=replace(PLAIN, plan_days=0))
@example(case=replace(PLAIN, plan_days=-1))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_notice_leaves_when_the_table_lets_it_and_never_otherwise(desk: Desk, case: Case) -> None:
    arrange(desk, case)
    with desk.place.database.read() as tx:
        last = tx.value("SELECT max(id) FROM notice_event")
    then = Desk(desk.place._replace(clock=Clock(case.at)))
    done = {one.notice: one for one in then.outbox.send_due()}
    left = 1 in done and done[1].state == "sent"
    event("it leaves" if left else "it does not leave")
    assert left == may_leave(case), done
    if not left:
        with desk.place.database.read() as tx:
            events = tx.all("SELECT state FROM notice_event WHERE id > :last", last=last)
        assert not {state for (state,) in events} & {"sending", "sent"}
