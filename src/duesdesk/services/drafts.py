"""What was typed into a form and under which key it is saved, kept until that is certain.

A form that is saved under a key of its draft is saved once: after a crash the draft tells whether it was.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from duesdesk.clock import from_utc_text, zone
from duesdesk.services.acts import Plain
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was open: its key, what was typed, and when (on the wall clock of the centre).

    `answer` is that of the act saved under the key, `at` its instant and `actor` who did it; None, when nothing was.
    """

    key: str
    content: Plain
    saved_at: datetime
    answer: Plain | None
    at: datetime | None
    actor: str


class Drafts:
    """The drafts of one desk."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def keep(self, form: str, key: str, content: Plain) -> None:
        """Keep what was typed into `form` at this desk, in place of what was kept before."""
        with self._place.database.write() as tx:
            tx.run(
                """INSERT INTO draft (desk, form, key, content, actor, saved_at)
                   VALUES (:desk, :form, :key, :content, :actor, :now)
                   ON CONFLICT (desk, form) DO UPDATE SET key = excluded.key, content = excluded.content,
                       actor = excluded.actor, saved_at = excluded.saved_at""",
                desk=self._place.actor.desk,
                form=form,
                key=key,
                content=json.dumps(content, ensure_ascii=False),
                actor=self._place.actor.name,
                now=self._place.now_text(),
            )

    def find(self, form: str, *, overnight: bool = False) -> Draft | None:
        """What was kept of `form` at this desk today; older ones are forgotten, unless they are kept `overnight`.

        A payment of yesterday is not typed on today; a letter or a rule is, until it is saved or thrown away.
        """
        with self._place.database.read() as tx:
            row = tx.one(
                "SELECT key, content, saved_at, actor FROM draft WHERE desk = :desk AND form = :form",
                desk=self._place.actor.desk,
                form=form,
            )
            recorded = acts.find(tx, row[0]) if row is not None else None
        if row is None:
            return None
        key, content, saved_text, actor = row
        saved_at = self._local(saved_text)
        if saved_at.date() != self._place.today() and not overnight:
            self.forget(form, key)
            return None
        if recorded is None:
            return Draft(key, json.loads(content), saved_at, None, None, actor)
        return Draft(
            key,
            json.loads(content),
            saved_at,
            json.loads(recorded.answer),
            self._local(recorded.recorded_at),
            recorded.actor,
        )

    def forget(self, form: str, key: str) -> None:
        """The form was saved under `key`, and that was seen; or it was left. A newer draft of it stays."""
        with self._place.database.write() as tx:
            tx.run(
                "DELETE FROM draft WHERE desk = :desk AND form = :form AND key = :key",
                desk=self._place.actor.desk,
                form=form,
                key=key,
            )

    def _local(self, instant: str) -> datetime:
        return from_utc_text(instant).astimezone(zone(self._place.centre.timezone))
