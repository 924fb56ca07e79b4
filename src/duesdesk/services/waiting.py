"""Why a notice waits, and from when it may go: what a list of the outbox says beside each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from duesdesk.config import Settings
from duesdesk.services import leaving, reach
from duesdesk.services.leaving import Gates, Moment
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store import among
from duesdesk.store.database import Tx


class Why(NamedTuple):
    """`code` is stopped, cooling, again, hours, not_set_up, printing, posting, saying or ready; `until` where known."""

    code: str
    until: datetime | None = None


READY = Why("ready")


def whys(tx: Tx, place: Workplace, settings: Settings, notice_ids: Sequence[int]) -> dict[int, Why]:
    """For each of these that is held or queued. By the clock and by what this machine is set up for: whether the money
    came is read when it leaves.
    """  # noqa: D205  # one sentence
    rows = tx.all(f"{leaving.NOTICES} WHERE n.id IN ({among.ids(tx)})", wanted=among.listed(notice_ids))
    if not rows:
        return {}
    able = reach.set_up(settings)
    gates = Gates(tx, place, settings, able)
    stopped = stored(tx, "notices.stopped") == "on"
    now = Moment(place.now())
    found = {}
    for row in rows:
        one = leaving.Row(*row)
        if one.state in ("held", "queued"):
            found[one.id] = Why(leaving.STOPPED) if stopped else _why(one, gates, now, able)
    return found


def _why(one: leaving.Row, gates: Gates, now: Moment, able: frozenset[str]) -> Why:
    if one.detail in (leaving.POSTING, leaving.SAYING):
        return Why(one.detail)
    verdict = gates.early(one, now)
    if one.channel == "letter":
        return (
            Why(verdict.why, verdict.until)
            if verdict.why in (leaving.COOLING, leaving.AGAIN)
            else Why(leaving.PRINTING)
        )
    if verdict.state:
        return Why(verdict.why, verdict.until)
    return READY if one.channel in able else Why(leaving.NOT_SET_UP)
