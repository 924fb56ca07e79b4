"""Money that keeps the rule from asking: what lies on account, and what was written down and counts in some days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from duesdesk.clock import utc_text, zone
from duesdesk.services.workplace import Workplace
from duesdesk.store import on_account
from duesdesk.store.database import Tx

COMING_DAYS = 5
"""Money written down lately that counts within so many days (a direct debit, a card slip) is as good as on account."""

PayerCurrency = tuple[int, str]


class Span(NamedTuple):
    """The day, and what counts as coming on it, as the store writes it: up to `until`, written down from `since` on."""

    as_of: str
    until: str
    since: str
    now: str


class OnAccount(NamedTuple):
    """Money of payers by (payer, currency), in minor units; `laid` is what of that to come lies on each invoice."""

    credit: Mapping[PayerCurrency, int]
    coming: Mapping[PayerCurrency, int]
    laid: Mapping[int, int]


def span_of(place: Workplace, day: date) -> Span:
    """What counts on the day."""
    since = datetime.combine(day - timedelta(days=COMING_DAYS), time(0), zone(place.centre.timezone))
    until = day + timedelta(days=COMING_DAYS)
    return Span(day.isoformat(), until.isoformat(), utc_text(since), place.now_text())


def money_of(tx: Tx, payers: str, span: Span) -> OnAccount:
    """The money of these payers (`among.listed`)."""
    credit = on_account.credit(tx, payers, span.as_of)
    coming = on_account.coming(tx, payers, *span)
    return OnAccount(credit, coming, on_account.coming_on(tx, payers, *span) if coming else {})


def covers(money: OnAccount, key: PayerCurrency, asked_minor: int) -> bool:
    """Whether so much is on account, or coming."""
    return money.credit.get(key, 0) + money.coming.get(key, 0) >= asked_minor > 0
