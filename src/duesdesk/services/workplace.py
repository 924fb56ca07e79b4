"""What every service is handed: the store, the clock, the centre, and who is acting at which desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from duesdesk.clock import Clock, utc_text
from duesdesk.store.database import Database


class Centre(NamedTuple):
    """The gym, studio, club or clinic."""

    name: str
    currency: str
    country: str
    timezone: str
    language: str


class Actor(NamedTuple):
    """The person acting, with the role that says what they may do, and the desk they stand at."""

    name: str
    role: str
    desk: str


class Workplace(NamedTuple):
    """One person at one desk of one centre. Who `rehearses` is answered what an act would do; nothing is written."""

    database: Database
    clock: Clock
    centre: Centre
    actor: Actor
    rehearses: bool = False

    def today(self) -> date:
        """The centre's day."""
        return self.clock.today(self.centre.timezone)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.clock.now(self.centre.timezone)

    def now_text(self) -> str:
        """The present instant as the store keeps it."""
        return utc_text(self.now())

    def with_actor(self, actor: Actor) -> Workplace:
        """The same desk with somebody else at it."""
        return self._replace(actor=actor)
