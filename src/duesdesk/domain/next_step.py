"""What to do next about a debt, from what is known of it: one step, the most pressing first."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk.domain import promises
from duesdesk.domain.arrivals import Promised

REST_DAYS = 7
"""Days after a contact in which the next one would be pestering."""

DISPUTED, SAYS_PAID, PROMISED, COMES, CALL = "disputed", "says_paid", "promised", "comes", "call"
NOTICE, NEVER, TOLD, REMIND, NONE = "notice", "never", "told", "remind", "none"


class Known(NamedTuple):
    """What is known of a payer who owes; days are ISO text.

    `comes_at` is the time ('HH:MM', or '' without one) they or somebody they pay for are still expected today.
    `call_on` is the day agreed in the last talk, `notice_on` the day a waiting notice leaves, `told_on` the day of the
    last contact that reached them.
    """

    disputed: bool = False
    says_paid: bool = False
    promise: Promised | None = None
    comes_at: str | None = None
    call_on: str | None = None
    notice_on: str | None = None
    told_on: str | None = None


class Step(NamedTuple):
    """One step: its code, and the day or the time it is about."""

    code: str
    on: date | None = None
    at_time: str = ""


def next_step(known: Known, today: date) -> Step:
    """What holds the debt, else what to do about it.

    Answers `disputed`, `says_paid`, `promised` (on), `comes` (at_time), `call` (on, today when the day has passed or a
    promise was broken), `notice` (on), `never` (nobody was told), `told` (on, lately) or `remind` (on, long ago).
    """
    promise = known.promise
    if known.disputed:
        return Step(DISPUTED)
    if known.says_paid:
        return Step(SAYS_PAID)
    if promise is not None and promise.state == promises.OPEN:
        return Step(PROMISED, date.fromisoformat(promise.due_on))
    if known.comes_at is not None:
        return Step(COMES, today, known.comes_at)
    if known.call_on is not None:
        return Step(CALL, max(today, date.fromisoformat(known.call_on)))
    if known.notice_on is not None:
        return Step(NOTICE, date.fromisoformat(known.notice_on))
    if promise is not None and promise.state == promises.BROKEN:
        return Step(CALL, today)
    if known.told_on is None:
        return Step(NEVER)
    told_on = date.fromisoformat(known.told_on)
    return Step(TOLD if (today - told_on).days < REST_DAYS else REMIND, told_on)
