"""What members are charged for again and again: add, another price or name, freeze, end; each can be undone."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import TypeAlias

from duesdesk.domain import dues
from duesdesk.domain.dues import Freeze
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.membership_changes import Change
from duesdesk.services.membership_requests import (
    MembershipRequest,
    check_price,
    checked,
    checked_day,
    checked_plan,
    covered_to,
    meet,
    refuse_twin,
    schedule_of,
)
from duesdesk.services.membership_views import MembershipLists, view
from duesdesk.store import acts, memberships
from duesdesk.store.database import Tx
from duesdesk.store.memberships import MembershipRow, NewMembership, State

REASON_LENGTH = 200
VERBS = (
    "membership.add",
    "membership.price",
    "membership.rename",
    "membership.freeze",
    "membership.unfreeze",
    "membership.end",
)
MOST_BEHIND = 12
"""More periods than these are not charged at once because somebody typed a day of long ago."""
Which: TypeAlias = str | int | None
_ONE_DAY = timedelta(days=1)


class Memberships(MembershipLists):
    """Memberships of one centre, acting as one person.

    A membership is named by its member and `which`: its plan or its id; none is needed while the member has one only.
    """

    def add(self, wanted: MembershipRequest, *, key: str | None = None) -> Plain:
        """A new membership. Answers it as `membership list --json` does, with `due`: how many periods have begun.

        Raises NotFound, BadInput, Refused when the member has left, has a membership of this plan at that time, or was
        charged for it already.
        """
        wanted = checked(wanted)
        request = Request("membership.add", _content(wanted), key=key)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, wanted.member)
            schedule = schedule_of(wanted, self._place.today())
            _refuse_gone(within.tx, person)
            there = memberships.of_member(within.tx, person.id)
            refuse_twin(there, wanted.plan, schedule)
            covered = covered_to(there, memberships.charged_to(within.tx, [person.id]), wanted.plan)
            begins = max(schedule.charged_from, dues.first_on(schedule))
            if covered is not None and begins <= covered and wanted.charged_from is None:
                raise Refused("plan-charged-already", member=person.number, plan=wanted.plan, day=covered)
            behind = list(islice(dues.periods(schedule, (), None, self._place.today()), MOST_BEHIND + 1))
            if len(behind) > MOST_BEHIND and wanted.charged_from is None:
                raise BadInput("membership-far-behind", starts_on=schedule.starts_on, most=MOST_BEHIND)
            new = NewMembership(person.id, wanted.plan, wanted.price_minor, wanted.currency, schedule)
            identity = memberships.add(within.tx, within.act, new)
            return self._done(within, person, identity, due=len(behind))

        return perform(self._place, request, work)

    def price(
        self,
        member: str,
        price_minor: int,
        *,
        from_on: date | None = None,
        which: Which = None,
        key: str | None = None,
    ) -> Plain:
        """Another price with the first period that begins on or after `from_on` (today): a membership that follows.

        Answers the new membership. Raises NotFound, BadInput, Refused when a period from that day on was charged, the
        price is the same, another one is to come already, or the membership ends before.
        """
        content = {"member": member, "price_minor": price_minor, "from_on": _iso(from_on), "which": which}
        request = Request("membership.price", content, key=key)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            row = self._chosen(within.tx, person, which)
            check_price(price_minor, row.currency)
            begins = self._begins(within.tx, row, checked_day(from_on))
            if price_minor == row.price_minor:
                raise Refused("price-same", plan=row.plan, price_minor=price_minor, currency=row.currency)
            return self._follow(within, person, row, begins, row.plan, price_minor)

        return perform(self._place, request, work)

    def rename(
        self, member: str, plan: str, *, from_on: date | None = None, which: Which = None, key: str | None = None
    ) -> Plain:
        """Another name with the first period that begins on or after `from_on` (today): what was charged keeps its own.

        Answers the membership that follows. Raises NotFound, BadInput, Refused as `price`, and when the member has one
        of that name at the same time.
        """
        plan = checked_plan(plan)
        content = {"member": member, "plan": plan, "from_on": _iso(from_on), "which": which}
        request = Request("membership.rename", content, key=key)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            row = self._chosen(within.tx, person, which)
            begins = self._begins(within.tx, row, checked_day(from_on))
            if plan == row.plan:
                raise Refused("plan-same", plan=plan)
            others = [one for one in memberships.of_member(within.tx, person.id) if one.first_id != row.first_id]
            refuse_twin(others, plan, row.schedule._replace(starts_on=begins))
            return self._follow(within, person, row, begins, plan, row.price_minor)

        return perform(self._place, request, work)

    def _follow(
        self, within: Within, person: lookup.Person, row: MembershipRow, begins: date, plan: str, price_minor: int
    ) -> Done:
        """The membership goes on from the day `begins` under this name at this price."""
        change = Change(within)
        if begins <= row.schedule.starts_on:
            change.cancel("membership", row.id)
        else:
            change.end(row.id, begins - _ONE_DAY)
        following = row.schedule._replace(starts_on=begins, charged_from=begins, trial_until=None)
        new = NewMembership(row.member_id, plan, price_minor, row.currency, following, row.first_id)
        identity = memberships.add(within.tx, within.act, new)
        return self._done(within, person, identity, before=change.told())

    def _begins(self, tx: Tx, row: MembershipRow, from_on: date | None) -> date:
        """The day on which another price or name of a membership begins."""
        today = self._place.today()
        asked_on = from_on or today
        begins = dues.first_after(row.schedule, row.decided, asked_on)
        charged_on = max((period.from_on for period, _ in memberships.charged(tx, row.first_id)), default=date.min)
        if from_on is not None and charged_on >= from_on:
            raise Refused("price-period-charged", day=charged_on, begins=begins)
        if row.schedule.starts_on > max(asked_on, today):
            raise Refused(
                "price-to-come", day=row.schedule.starts_on, price_minor=row.price_minor, currency=row.currency
            )
        if row.schedule.ends_on is not None and begins > row.schedule.ends_on:
            raise Refused("membership-ends", plan=row.plan, ends_on=row.schedule.ends_on)
        return begins

    def freeze(
        self,
        member: str,
        *,
        from_on: date | None = None,
        until_on: date | None = None,
        which: Which = None,
        reason: str = "",
        key: str | None = None,
    ) -> Plain:
        """No period begins from `from_on` (today) to `until_on`, or until it is ended.

        Answers the membership with `freeze` and, under `charged`, the invoices of periods that begin in these days and
        were charged already. Raises NotFound, BadInput, Refused when it rests or has ended by then.
        """
        reason = _reason(reason)
        content = {"member": member, "from": _iso(from_on), "until": _iso(until_on), "which": which, "reason": reason}
        request = Request("membership.freeze", content, key=key, reason=reason)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            row = self._chosen(within.tx, person, which)
            freeze = Freeze(checked_day(from_on) or self._place.today(), checked_day(until_on))
            if freeze.until_on is not None and freeze.until_on < freeze.from_on:
                raise BadInput("days-wrong-way-round", first=freeze.from_on, last=freeze.until_on)
            if row.schedule.ends_on is not None and row.schedule.ends_on < freeze.from_on:
                raise Refused("membership-ends", plan=row.plan, ends_on=row.schedule.ends_on)
            for other in memberships.freezes_of(within.tx, row.first_id):
                if meet(freeze, Freeze(other.from_on, other.until_on)):
                    code = "membership-rests-until" if other.until_on else "membership-rests"
                    raise Refused(code, plan=row.plan, from_on=other.from_on, until_on=other.until_on)
            memberships.add_freeze(within.tx, within.act, row.first_id, freeze, reason)
            told = {"from": freeze.from_on.isoformat(), "until": _iso(freeze.until_on)}
            charged = [
                number
                for period, number in memberships.charged(within.tx, row.first_id)
                if meet(freeze, Freeze(period.from_on, period.from_on))
            ]
            return self._done(within, person, row, freeze=told, charged=charged)

        return perform(self._place, request, work)

    def unfreeze(self, member: str, *, on: date | None = None, which: Which = None, key: str | None = None) -> Plain:
        """The membership runs again from `on` (today). Answers it. Raises NotFound, Refused when it does not rest."""
        request = Request("membership.unfreeze", {"member": member, "on": _iso(on), "which": which}, key=key)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            row = self._chosen(within.tx, person, which)
            again_on = checked_day(on) or self._place.today()
            resting = next(
                (
                    one
                    for one in memberships.freezes_of(within.tx, row.first_id)
                    if meet(Freeze(again_on, again_on), Freeze(one.from_on, one.until_on))
                ),
                None,
            )
            if resting is None:
                raise Refused("membership-runs", plan=row.plan, on=again_on)
            change = Change(within)
            if resting.from_on == again_on:
                change.cancel("freeze", resting.id)
            else:
                change.until(resting.id, again_on - _ONE_DAY)
            return self._done(within, person, row, before=change.told())

        return perform(self._place, request, work)

    def end(
        self,
        member: str,
        *,
        on: date | None = None,
        never: bool = False,
        which: Which = None,
        reason: str = "",
        key: str | None = None,
    ) -> Plain:
        """No period begins after `on` (today); one that began before stays charged whole.

        An end that is still to come may be moved; with `never` it is taken away. Prices agreed for days after an end
        count again where the end moves behind them. Answers the membership with, under
        `charged`, the invoices of periods after the end that were charged already. Raises NotFound, BadInput, Refused
        when it has ended.
        """
        reason = _reason(reason)
        content = {"member": member, "on": _iso(on), "never": never, "which": which, "reason": reason}
        request = Request("membership.end", content, key=key, reason=reason)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            row = self._chosen(within.tx, person, which)
            ends_on = None if never else checked_day(on) or self._place.today()
            change = Change(within)
            change.end_chain(memberships.of_member(within.tx, person.id), row.first_id, ends_on)
            if ends_on is None:
                return self._done(within, person, self._last_of(within, row), before=change.told(), charged=[])
            charged = [
                number for period, number in memberships.charged(within.tx, row.first_id) if period.from_on > ends_on
            ]
            return self._done(within, person, self._last_of(within, row), before=change.told(), charged=charged)

        return perform(self._place, request, work)

    def currency_of(self, member: str, which: Which = None, *, key: str | None = None) -> str:
        """The currency of a membership, or the one that was answered under `key`. Raises NotFound, Refused."""
        with self._place.database.read() as tx:
            before = acts.find(tx, key) if key else None
            told: str | None = json.loads(before.answer).get("currency") if before else None
            return told or self._chosen(tx, lookup.person(tx, member), which).currency

    # --- what the acts share

    def _last_of(self, within: Within, row: MembershipRow) -> MembershipRow:
        """The price that a membership ends with now; the one it had when none is left."""
        found = [one for one in memberships.of_member(within.tx, row.member_id) if one.first_id == row.first_id]
        return next((one for one in found if not one.followed), row)

    def _chosen(self, tx: Tx, person: lookup.Person, which: Which) -> MembershipRow:
        """The membership meant, with the latest of its prices. Raises Refused when none or several may be meant."""
        running = [
            row
            for row in memberships.of_member(tx, person.id)
            if not row.followed and (row.schedule.ends_on is None or row.schedule.ends_on >= self._place.today())
        ]
        if isinstance(which, int):
            first_ids = {row.first_id for row in memberships.of_member(tx, person.id) if row.id == which}
            running = [row for row in running if row.first_id in first_ids]
        elif which:
            running = [row for row in running if row.plan.casefold() == clean_text(which).strip().casefold()]
        if not running:
            code = "membership-none" if which is None else "membership-of-plan-unknown"
            raise Refused(code, member=person.number, plan=which)
        if len({row.first_id for row in running}) > 1:
            raise Refused("membership-several", member=person.number, plans=[row.plan for row in running])
        return running[0]

    def _done(
        self, within: Within, person: lookup.Person, row: MembershipRow | int, *, before: str = "", **more: object
    ) -> Done:
        """The answer: the membership as it stands now, or its name when it will never have been."""
        identity = row if isinstance(row, int) else row.id
        found = next((one for one in memberships.of_member(within.tx, person.id) if one.id == identity), None)
        if found is not None:
            answer = view(found, self._place.today()).as_json()
        else:
            plan = "" if isinstance(row, int) else row.plan
            answer = {"membership": identity, "member": person.number, "plan": plan, "state": dues.ENDED}
        return Done(f"member {person.number}", {**answer, **more}, before)


def undo_within(within: Within, act_id: int, before: str) -> Done:
    """Take an act on memberships back; undo calls it. `before` is what its audit entry tells.

    Raises Refused when something was charged by it since, or changed since.
    """
    tx = within.tx
    added = memberships.ids_of_act(tx, "membership", act_id)
    if added and memberships.is_charged(tx, added):
        raise Refused("membership-charged")
    told = [(what, identity, State(*old), State(*new)) for what, identity, old, new in json.loads(before or "[]")]
    for what, identity, _, after in told:
        if memberships.state_of(tx, what, identity) != after:
            raise Refused("membership-changed-since")
    for what in memberships.CHANGEABLE:
        for identity in memberships.ids_of_act(tx, what, act_id):
            state = memberships.state_of(tx, what, identity)
            memberships.set_state(tx, what, identity, state._replace(cancelled_at=within.act.recorded_at))
    for what, identity, old, _ in told:
        memberships.set_state(tx, what, identity, old)
    return Done(f"act {act_id}", {"act": act_id, "cancelled": True})


def _refuse_gone(tx: Tx, person: lookup.Person) -> None:
    if tx.value("SELECT status FROM member WHERE id = :id", id=person.id) == dues.LEFT_STATUS:
        raise Refused("member-has-left", member=person.number)


def _reason(text: str) -> str:
    cleaned = clean_text(text, max_length=REASON_LENGTH).strip()
    masked = has_card_number(cleaned)
    if masked:
        raise BadInput("card-number-refused", masked=masked)
    return cleaned


def _content(wanted: MembershipRequest) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(wanted).items()}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
