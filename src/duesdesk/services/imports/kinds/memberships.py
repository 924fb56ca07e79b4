"""Memberships: what members are charged for, how often, since when."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.domain import dues
from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import NUMBER_LENGTH, Reading
from duesdesk.services.membership_requests import PLAN_LENGTH

KIND = Kind(
    "memberships",
    (
        "member", "plan", "price", "currency", "period", "every", "billing_day", "starts_on", "trial_until", "ends_on",
        "charged_from",
    ),
    ((("member",),), (("plan",),), (("price",),), (("starts_on",),)),
)  # fmt: skip


class MembershipRow(NamedTuple):
    """A membership as a file tells of it; days are ISO. Without `charged_from` it is charged here from today on."""

    member: str
    plan: str
    price_minor: int
    currency: str
    period: str
    every: int | None
    billing_day: int | None
    starts_on: str
    trial_until: str | None
    ends_on: str | None
    charged_from: str | None


def read(reading: Reading) -> list[MembershipRow]:
    """Every row of the file, the faulty ones too."""
    currency = reading.currencies()
    rows = list(
        map(
            MembershipRow,
            reading.texts("member", max_length=NUMBER_LENGTH, needed=True),
            reading.texts("plan", max_length=PLAN_LENGTH, needed=True),
            reading.amounts("price", currency, needed=True),
            currency,
            reading.codes("period", "membership_period", blank=dues.MONTH),
            reading.wholes("every", 1, dues.MOST_EVERY),
            reading.wholes("billing_day", 1, dues.MONTH_DAYS),
            reading.days("starts_on", needed=True),
            reading.days("trial_until"),
            reading.days("ends_on"),
            reading.days("charged_from"),
        )
    )
    for at, row in enumerate(rows):
        if row.price_minor == 0:
            reading.fault(at, "price", reading.raw("price")[at], problem("import-amount-zero"))
        for name, day in (("trial_until", row.trial_until), ("ends_on", row.ends_on)):
            if day and row.starts_on and day < row.starts_on:
                reading.fault(at, name, day, problem("import-before-start", starts_on=row.starts_on))
    return rows
