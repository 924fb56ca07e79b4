"""Memberships into the store; one is known by its member, its plan and its first day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from duesdesk.domain import dues
from duesdesk.domain.dues import Schedule
from duesdesk.domain.errors import Refused
from duesdesk.domain.money import to_text
from duesdesk.services.imports.kinds.memberships import MembershipRow
from duesdesk.services.imports.writers.work import Work, people, settle_twins, twins
from duesdesk.services.membership_requests import MembershipRequest, covered_to, refuse_twin, schedule_of
from duesdesk.store import memberships
from duesdesk.store.memberships import ChargedTo, NewMembership
from duesdesk.store.memberships import MembershipRow as Stored

Key = tuple[str, str, str]


def write(work: Work, rows: Sequence[MembershipRow]) -> None:
    """Write the good rows; reject those of unknown members, of a plan they have then, or known with other content."""
    again = twins(work, rows, [_key(row.member, row.plan, row.starts_on) for row in rows], "plan")
    known = people(work.tx, {row.member for row in rows})
    there = memberships.of_members(work.tx, [person.id for person in known.values()])
    stored = {_key(one.member, one.plan, one.schedule.starts_on.isoformat()): one for one in there}
    taken: dict[tuple[str, str], list[Stored]] = {}
    for one in there:
        taken.setdefault((one.member, one.plan.casefold()), []).append(one)
    fresh: list[int] = []
    new: list[NewMembership] = []
    ends: list[tuple[int, str]] = []
    today = date.fromisoformat(work.within.today)
    charged: dict[str, list[ChargedTo]] = {}
    numbers = {person.id: number for number, person in known.items()}
    for period in memberships.charged_to(work.tx, list(numbers)):
        charged.setdefault(numbers[period.member_id], []).append(period)
    planned: dict[tuple[str, str], list[Schedule]] = {}
    for at in work.good():
        row = rows[at]
        key = _key(row.member, row.plan, row.starts_on)
        if at in again:
            continue
        if row.member not in known:
            work.reject(at, "member", row.member, "import-member-unknown")
        elif key in stored:
            if _compare(work, at, row, stored[key]):
                ends.append((stored[key].id, row.ends_on or ""))
                work.before[f"{row.member} {row.plan}"] = {"ends_on": None}
                work.updated.add(at)
        else:
            mine = (row.member, row.plan.casefold())
            # What an ended membership of the plan is charged for is not charged again.
            covered = covered_to(taken.get(mine, ()), charged.get(row.member, ()), row.plan)
            schedule = _schedule(row, max(today, covered + timedelta(days=1)) if covered else today)
            if _meets_another(taken.get(mine, ()), planned.get(mine, ()), row.plan, schedule):
                work.reject(at, "plan", row.plan, "import-membership-there")
                continue
            planned.setdefault(mine, []).append(schedule)
            new.append(NewMembership(known[row.member].id, row.plan, row.price_minor, row.currency, schedule))
            fresh.append(at)
    settle_twins(work, again)
    memberships.add_many(work.tx, work.within.act, new)
    memberships.end_many(work.tx, ends)
    work.created.update(fresh)


def _key(member: str, plan: str, starts_on: str) -> Key:
    return member, plan.casefold(), starts_on


def _schedule(row: MembershipRow, begins: date) -> Schedule:
    """When it is charged; what began before `begins` was charged already, unless the file says otherwise."""
    wanted = MembershipRequest(
        row.member,
        row.plan,
        row.price_minor,
        row.currency,
        row.period,
        row.every or 1,
        row.billing_day if row.period != dues.WEEK else None,
        _day(row.starts_on),
        _day(row.trial_until),
        _day(row.ends_on),
        _day(row.charged_from),
    )
    schedule = schedule_of(wanted, begins)
    return schedule if row.charged_from else schedule._replace(charged_from=max(schedule.charged_from, begins))


def _meets_another(stored: Sequence[Stored], planned: Sequence[Schedule], plan: str, schedule: Schedule) -> bool:
    try:
        refuse_twin(stored, plan, schedule)
    except Refused:
        return True
    return any(
        one.starts_on <= (schedule.ends_on or date.max) and schedule.starts_on <= (one.ends_on or date.max)
        for one in planned
    )


def _compare(work: Work, at: int, row: MembershipRow, before: Stored) -> bool:
    """Whether the file brings the end of a membership that had none; any other difference rejects the row."""
    when, has = before.schedule, work.reading.has
    pairs: list[tuple[str, object, object]] = [
        ("currency", row.currency, before.currency),
        ("price", to_text(row.price_minor, row.currency), to_text(before.price_minor, before.currency)),
    ]
    told: list[tuple[str, object, object]] = [
        ("period", row.period, when.period),
        ("every", row.every, when.every),
        ("billing_day", row.billing_day if when.period != dues.WEEK else None, when.billing_day),
        ("trial_until", row.trial_until, when.trial_until),
        ("charged_from", row.charged_from, when.charged_from),
    ]
    pairs += [(name, value, _plain(old)) for name, value, old in told if has(name) and value is not None]
    if row.ends_on and when.ends_on is not None:
        pairs.append(("ends_on", row.ends_on, when.ends_on.isoformat()))
    for name, value, old in pairs:
        if value != old:
            work.differs(at, name, value, old)
            return False
    return bool(row.ends_on) and when.ends_on is None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
