"""The stop: nothing more leaves, on no desk, from the next message on, until somebody lets it go again."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from duesdesk.clock import from_utc_text
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace

SETTING = "notices.stopped"


class Stop(NamedTuple):
    """Who stopped the notices, and when."""

    actor: str
    at: datetime


class Stops:
    """The stop of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def now(self) -> Stop | None:
        """The stop in force; None while notices leave."""
        with self._place.database.read() as tx:
            row = tx.one("SELECT actor, changed_at FROM setting WHERE key = :key AND value = 'on'", key=SETTING)
        return Stop(row[0], from_utc_text(row[1])) if row else None

    def stop(self, *, reason: str = "", key: str | None = None) -> Plain:
        """Nothing more leaves after the message under way. Answers `{"stopped", "waiting"}`, how many wait."""
        return self._set("notice.stop", "on", reason, key)

    def go(self, *, reason: str = "", key: str | None = None) -> Plain:
        """Notices leave again. Answers `{"stopped", "waiting"}`."""
        return self._set("notice.go", "off", reason, key)

    def _set(self, verb: str, value: str, reason: str, key: str | None) -> Plain:
        def work(within: Within) -> Done:
            within.tx.run(
                """INSERT INTO setting (key, value, changed_at, actor) VALUES (:key, :value, :at, :actor)
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
                                                   actor = excluded.actor""",
                key=SETTING,
                value=value,
                at=within.act.recorded_at,
                actor=within.act.actor,
            )
            waiting = within.tx.value("SELECT count(*) FROM notice WHERE state IN ('held', 'queued')")
            return Done(f"setting {SETTING}", {"stopped": value == "on", "waiting": waiting})

        return perform(self._place, Request(verb, {"stopped": value}, key=key, reason=reason), work)
