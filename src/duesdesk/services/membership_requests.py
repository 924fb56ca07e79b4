"""A membership that is asked for: what it may be, and when it is charged. The desk and the import ask alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from duesdesk.domain import currencies, dues
from duesdesk.domain.dues import Freeze, Schedule
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.money import LARGEST_MINOR, to_text
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.store.memberships import ChargedTo, MembershipRow

PLAN_LENGTH = 60
FIRST_YEAR, LAST_YEAR = 1900, 2199
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MembershipRequest:
    """A membership to add.

    It starts today when no day is given. Without `billing_day` it is the day of the first charge. What begins before
    `charged_from` is not charged; without it everything from the start is.
    """

    member: str
    plan: str
    price_minor: int
    currency: str
    period: str = dues.MONTH
    every: int = 1
    billing_day: int | None = None
    starts_on: date | None = None
    trial_until: date | None = None
    ends_on: date | None = None
    charged_from: date | None = None


def checked(wanted: MembershipRequest) -> MembershipRequest:
    """The request cleaned. Raises BadInput for what no membership can be."""
    wrong = findings(wanted)
    if wrong:
        raise wrong[0]
    return replace(wanted, plan=checked_plan(wanted.plan))


def findings(wanted: MembershipRequest) -> list[BadInput]:
    """All that is wrong with the request by itself, in the order in which it is asked."""
    checks: list[Callable[[], object]] = [
        lambda: currencies.check(wanted.currency),
        lambda: check_price(wanted.price_minor, wanted.currency),
        lambda: checked_plan(wanted.plan),
        lambda: _check_period(wanted),
        lambda: _check_billing_day(wanted),
    ]
    checks += [
        lambda day=day: checked_day(day)  # type: ignore[misc]  # mypy takes the default for an argument to give
        for day in (wanted.starts_on, wanted.trial_until, wanted.ends_on, wanted.charged_from)
    ]
    wrong: list[BadInput] = []
    for check in checks:
        try:
            check()
        except BadInput as error:
            wrong.append(error)
    return wrong


def _check_period(wanted: MembershipRequest) -> None:
    if wanted.period not in dues.PERIODS:
        raise BadInput("period-unknown", period=wanted.period, known=dues.PERIODS)
    if not 1 <= wanted.every <= dues.MOST_EVERY:
        raise BadInput("every-out-of-bounds", every=wanted.every, most=dues.MOST_EVERY)


def _check_billing_day(wanted: MembershipRequest) -> None:
    if wanted.billing_day is None:
        return
    if wanted.period == dues.WEEK:
        raise BadInput("billing-day-of-weeks")
    if not 1 <= wanted.billing_day <= dues.MONTH_DAYS:
        raise BadInput("billing-day-out-of-bounds", day=wanted.billing_day)


def checked_plan(text: str) -> str:
    """What a membership is called, cleaned. Raises BadInput for nothing, and for the number of a card."""
    plan = clean_text(text, max_length=PLAN_LENGTH).strip()
    if not plan:
        raise BadInput("plan-missing")
    masked = has_card_number(plan)
    if masked:
        raise BadInput("card-number-refused", masked=masked)
    return plan


def schedule_of(wanted: MembershipRequest, today: date) -> Schedule:
    """When it is charged. Raises BadInput for days that do not follow each other."""
    starts_on = wanted.starts_on or today
    if wanted.ends_on is not None and wanted.ends_on < starts_on:
        raise BadInput("membership-ends-before-start", starts_on=starts_on, ends_on=wanted.ends_on)
    if wanted.trial_until is not None and wanted.trial_until < starts_on:
        raise BadInput("trial-before-start", starts_on=starts_on, trial_until=wanted.trial_until)
    charged_from = max(starts_on, wanted.charged_from or starts_on)
    first_charge = max(charged_from, wanted.trial_until + _ONE_DAY) if wanted.trial_until else charged_from
    billing_day = wanted.billing_day or first_charge.day
    return Schedule(
        wanted.period, wanted.every, billing_day, starts_on, charged_from, wanted.trial_until, wanted.ends_on
    )


def refuse_twin(rows: Sequence[MembershipRow], plan: str, schedule: Schedule) -> None:
    """Raises Refused when one of `rows` is of the same plan at the same time: nobody is charged twice for one thing."""
    wanted = Freeze(schedule.starts_on, schedule.ends_on)
    for row in rows:
        if row.plan.casefold() == plan.casefold() and meet(
            wanted, Freeze(row.schedule.starts_on, row.schedule.ends_on)
        ):
            raise Refused("membership-there-already", member=row.member, plan=row.plan, day=row.schedule.starts_on)


def covered_to(rows: Sequence[MembershipRow], charged: Sequence[ChargedTo], plan: str) -> date | None:
    """The last day for which a member is charged for `plan`, or will be, by memberships that have ended; None without.

    `rows` are the memberships of the member, `charged` what was charged to them.
    """
    days = [one.to_on for one in charged if one.plan.casefold() == plan.casefold()]
    for row in rows:
        if row.plan.casefold() == plan.casefold() and row.schedule.ends_on is not None:
            coming = dues.due(row.schedule, row.freezes, row.owner, row.decided, row.schedule.ends_on)
            days += [one.period.to_on for one in coming if not one.passed]
    return max(days, default=None)


def checked_day(day: date | None) -> date | None:
    """The day itself. Raises BadInput when it lies out of all reason."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("day-far", day=day, first=FIRST_YEAR, last=LAST_YEAR)
    return day


def check_price(price_minor: int, currency: str) -> None:
    """Raises BadInput for nothing, less than nothing, and more than any amount kept here."""
    if not 0 < price_minor <= LARGEST_MINOR:
        code = "amount-too-large" if price_minor > 0 else "amount-not-positive"
        raise BadInput(code, value=to_text(price_minor, currency))


def meet(one: Freeze, other: Freeze) -> bool:
    """Whether two spans of days have a day in common."""
    return one.from_on <= (other.until_on or date.max) and other.from_on <= (one.until_on or date.max)
