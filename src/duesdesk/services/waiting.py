"""Why a notice waits, and from when it may go: what a list of the outbox says beside each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from duesdesk.config import Settings
from duesdesk.services import leaving, reach
from duesdesk.services.leaving import Gates, Moment
from duesdesk.services.workplace import Workplace
from duesdesk.store import among
from duesdesk.store.database import Tx


class Why(NamedTuple):
    """`code` is stopped, cooling, again, hours, gap, budget, not_set_up, printing, posting, saying or ready.

    `until` is from when it may go, where that is known; `who` stopped the notices; `ends` why it would leave no more,
    where the book was read.
    """

    code: str
    until: datetime | None = None
    who: str = ""
    ends: str = ""


READY = Why("ready")


def whys(
    tx: Tx, place: Workplace, settings: Settings, notice_ids: Sequence[int], *, deep: bool = False
) -> dict[int, Why]:
    """For each of these that is held or queued: by the clock, and by what this machine is set up for.

    Whether the money came, a hold or a week's words keep it is read when it leaves; `deep` reads that now, for few.
    """
    rows = tx.all(f"{leaving.NOTICES} WHERE n.id IN ({among.ids(tx)})", wanted=among.listed(notice_ids))
    if not rows:
        return {}
    able = reach.set_up(settings)
    gates = Gates(tx, place, settings, able)
    stop = tx.one("SELECT actor FROM setting WHERE key = 'notices.stopped' AND value = 'on'")
    now = Moment(place.now())
    found = {}
    for row in rows:
        one = leaving.Row(*row)
        if one.state not in ("held", "queued"):
            continue
        why = Why(leaving.STOPPED, who=stop[0]) if stop else _why(one, gates, now, able)
        found[one.id] = _deeper(why, one, gates, now) if deep else why
    return found


def _deeper(why: Why, one: leaving.Row, gates: Gates, now: Moment) -> Why:
    """What the book says of it, too."""
    ended = gates.ended(one, now)
    if ended is not None:
        return why._replace(ends=ended.why)
    if why == READY:
        verdict = gates.judge(one, now)
        if verdict.state == leaving.WAITS:
            return Why(verdict.why, verdict.until)
    return why


def _why(one: leaving.Row, gates: Gates, now: Moment, able: frozenset[str]) -> Why:
    if one.detail in (leaving.POSTING, leaving.SAYING):
        return Why(one.detail)
    verdict = gates.early(one, now)
    if one.channel == "letter" and verdict.why not in leaving.TOO_EARLY:
        return Why(leaving.PRINTING)
    if verdict.state:
        return Why(verdict.why, verdict.until)
    return READY if one.channel in able else Why(leaving.NOT_SET_UP)
