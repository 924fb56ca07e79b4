"""What an act changes of memberships that stand already: where they end, which of them count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import zip_longest

from duesdesk.services.acts import Within
from duesdesk.store import membership_ends, memberships
from duesdesk.store.memberships import MembershipRow, State


class Change:
    """Rows an act changes, with how they stood before and after, for undo."""

    def __init__(self, within: Within) -> None:
        self._within = within
        self._changes: list[tuple[str, int, State, State]] = []

    def end(self, membership_id: int, ends_on: date | None) -> None:
        """The last day on which a period may begin."""
        before = memberships.state_of(self._within.tx, "membership", membership_id)
        self._set(
            "membership", membership_id, before, before._replace(last_on=ends_on.isoformat() if ends_on else None)
        )

    def until(self, freeze_id: int, until_on: date) -> None:
        """The last day of a freeze."""
        before = memberships.state_of(self._within.tx, "freeze", freeze_id)
        self._set("freeze", freeze_id, before, before._replace(last_on=until_on.isoformat()))

    def cancel(self, what: str, identity: int) -> None:
        """The row counts no more; it stays readable."""
        before = memberships.state_of(self._within.tx, what, identity)
        self._set(what, identity, before, before._replace(cancelled_at=self._within.act.recorded_at))

    def end_chain(self, rows: Sequence[MembershipRow], first_id: int, ends_on: date | None) -> None:
        """All prices of a membership (among `rows`) end with `ends_on`, or never: what begins later counts no more.

        What an earlier end had taken away counts again when the end moves behind it.
        """
        lives = {row.id: row.schedule.starts_on for row in rows if row.first_id == first_id}
        gone = membership_ends.taken_away(self._within.tx, first_id)
        chain = sorted((starts_on, identity) for identity, starts_on in {**lives, **gone}.items())
        following = [starts_on for starts_on, _ in chain[1:]]
        for (starts_on, identity), begins in zip_longest(chain, following):
            if ends_on is not None and starts_on > ends_on:
                if identity in lives:
                    self.cancel("membership", identity)
                continue
            if identity in gone:
                self._count_again(identity)
            last = begins - timedelta(days=1) if begins is not None else ends_on
            self.end(identity, last if ends_on is None or last is None else min(last, ends_on))

    def _count_again(self, membership_id: int) -> None:
        before = memberships.state_of(self._within.tx, "membership", membership_id)
        self._set("membership", membership_id, before, before._replace(cancelled_at=None))

    def told(self) -> str:
        """What the audit entry keeps."""
        return json.dumps(self._changes) if self._changes else ""

    def _set(self, what: str, identity: int, before: State, after: State) -> None:
        if before == after:
            return
        memberships.set_state(self._within.tx, what, identity, after)
        self._changes.append((what, identity, before, after))
