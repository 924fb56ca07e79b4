"""The same notice to many: who gets one, for how much together, who is left out and why; only then it is written.

What is written is held for its cooling time like any other notice: until then all of it can be pulled back at once
(undo takes it back whole), and the stop holds it. It is written in parts, so that no desk waits for thousands: each
part is an act, and the last act, under the key of the whole, tells what was written. A payer gets one notice of a batch
at most, however often it is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from duesdesk.domain.errors import DuesdeskError, Refused
from duesdesk.domain.roles import require
from duesdesk.services import notices_kept
from duesdesk.services.acts import Done, Plain, Request, Within, answered, new_key, perform
from duesdesk.services.notice_texts import NoticeRequest, Preview
from duesdesk.services.notice_views import MANY
from duesdesk.services.notices import Notices
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, among, positions
from duesdesk.store.database import Tx

SAMPLES = 3
VERB = "notice.many"
PART = "part"
"""What the answer of an act has that wrote only a part."""
AT_ONCE = 20
"""Notices of a part: another desk waits for so many at most, and so does a stop."""

Stop = Callable[[], bool]
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


class Chosen(NamedTuple):
    """Who is meant: everybody who owes something overdue (for `min_days` or longer), a `group`, or these `members`.

    `also_told` are those, too, who were told only lately or whom a notice waits for.
    """

    unpaid: bool = False
    group: str = ""
    min_days: int = 0
    members: tuple[str, ...] = ()
    also_told: bool = False


class Audience(NamedTuple):
    """What a notice to many would be. `sums` are minor units by currency of what those who get it are asked for.

    `whole` is False when the reading was stopped before everybody was looked at.
    """

    going: tuple[Preview, ...]
    left_out: tuple[Preview, ...]
    sums: tuple[tuple[str, int], ...]
    chosen: Chosen = Chosen()
    whole: bool = True


class _Wanted(NamedTuple):
    """The notice itself."""

    template: str
    channel: str
    tone: str
    also_told: bool

    def to(self, payer: str) -> NoticeRequest:
        """The request of one of them."""
        return NoticeRequest(payer, self.template, channel=self.channel, tone=self.tone)


class MassNotices:
    """Notices to many of one centre, acting as one person."""

    def __init__(self, place: Workplace, notices: Notices) -> None:
        self._place = place
        self._notices = notices

    def who(self, chosen: Chosen) -> list[str]:
        """Numbers of the payers that are meant, sorted. Raises Refused when nobody was chosen."""
        if not chosen.unpaid and not chosen.group and not chosen.members:
            raise Refused("notices-for-nobody")
        with self._place.database.read() as tx:
            return _who(tx, chosen, self._place.today().isoformat())

    def preview(
        self,
        chosen: Chosen,
        template: str,
        *,
        channel: str = "email",
        tone: str = "",
        stop: Stop | None = None,
        progress: Progress | None = None,
    ) -> Audience:
        """Who would get what, and who would not. `stop` ends it before the next hundred. Raises Refused, NotFound."""
        who = self.who(chosen)
        previews: dict[str, Preview] = {}
        seen = 0
        for first in range(0, len(who), _READ_AT_ONCE):
            if stop is not None and stop():
                break
            found = self._notices.preview_many(who[first : first + _READ_AT_ONCE], template, channel=channel, tone=tone)
            for one in self._kept_out(found, also_told=chosen.also_told):
                previews.setdefault(one.payer, one)
            seen = min(len(who), first + _READ_AT_ONCE)
            if progress is not None:
                progress(seen, len(who))
        going = tuple(one for one in previews.values() if one.problem is None)
        sums: dict[str, int] = {}
        for one in going:
            for item in one.items:
                sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
        left_out = tuple(one for one in previews.values() if one.problem is not None)
        return Audience(going, left_out, tuple(sorted(sums.items())), chosen, seen == len(who))

    def _kept_out(self, previews: Sequence[Preview], *, also_told: bool) -> list[Preview]:
        with self._place.database.read() as tx:
            kept = notices_kept.reasons(tx, self._place, [one.payer for one in previews], also_told=also_told)
        return [
            replace(one, problem=kept[one.payer]) if one.problem is None and one.payer in kept else one
            for one in previews
        ]

    def write(
        self,
        audience: Audience,
        template: str,
        *,
        channel: str = "email",
        tone: str = "",
        key: str | None = None,
        stop: Stop | None = None,
        progress: Progress | None = None,
    ) -> Plain:
        """Hold one notice for each of those who get one; the same key again writes no second one.

        Answers `{"batch", "written": [{"notice", "member"}], "left_out": [{"member", "name", "reason"}], "stopped"}`;
        those who paid since they were seen, or are on hold, are left out. `stop` ends it before the next part; what was
        written until then stays written, and undo takes it back whole. Raises Refused, Conflict for a key that came
        with other content.
        """
        require(self._place.actor.role, VERB)
        batch = (key or new_key()).replace("/", ".")
        wanted = _Wanted(template, channel, tone, audience.chosen.also_told)
        request = Request(VERB, {"who": list(audience.chosen), "notice": list(wanted)}, key=key or batch)
        with self._place.database.read() as tx:
            if acts.find(tx, request.key or "") is not None:
                return answered(tx, request.key or "", acts.digest([request.verb, dict(request.content)]))
        written: list[Plain] = []
        left_out: list[Plain] = [_left_out(one.payer, one.payer_name, one.problem) for one in audience.left_out]
        going, stopped, tried = audience.going, False, 0
        for part in _parts(going):
            stopped = stop is not None and stop()
            if stopped:
                break
            done = perform(
                self._place,
                Request(VERB, {PART: batch, "first": part[0].payer}, key=new_key()),
                partial(self._write_part, wanted=wanted, part=part, batch=batch),
            )
            written += done["written"]
            left_out += done["left_out"]
            tried += len(part)
            if progress is not None:
                progress(tried, len(going))
        answer = {"batch": batch, "written": written, "left_out": left_out, "stopped": stopped}
        if not written:
            return answer
        return perform(self._place, request, lambda _within: Done(f"batch {batch}", answer))

    def _write_part(self, within: Within, wanted: _Wanted, part: Sequence[Preview], batch: str) -> Done:
        """Some of them, in one transaction; who has a notice of this batch already keeps that one."""
        tx = within.tx
        keys = {one.payer: f"{MANY}/{batch}/{one.payer}" for one in part}
        has: dict[str, int] = dict(
            tx.all(
                f"SELECT idempotency_key, id FROM notice WHERE idempotency_key IN ({among.texts(tx)})",
                wanted=among.listed(keys.values()),
            )
        )
        kept = notices_kept.reasons(tx, self._place, [one.payer for one in part], also_told=wanted.also_told)
        written: list[Plain] = []
        left_out: list[Plain] = []
        for one in part:
            key = keys[one.payer]
            try:
                if key in has:
                    written.append({"notice": has[key], "member": one.payer})
                    continue
                if one.payer in kept:
                    raise kept[one.payer]
                done = self._notices.write_part(within, wanted.to(one.payer), key)
            except Refused as error:
                left_out.append(_left_out(one.payer, one.payer_name, error))
                continue
            written.append({"notice": done.answer["notice"], "member": one.payer})
        return Done(f"batch {batch}", {PART: batch, "written": written, "left_out": left_out})


_READ_AT_ONCE = 100


def _parts(going: Sequence[Preview]) -> Iterator[Sequence[Preview]]:
    """The first alone, so that what is wrong with all of them shows with one; then so many at a time."""
    if going:
        yield going[:1]
    for first in range(1, len(going), AT_ONCE):
        yield going[first : first + AT_ONCE]


def _left_out(member: str, name: str, problem: DuesdeskError | None) -> Plain:
    return {"member": member, "name": name, "reason": problem.code if problem is not None else ""}


def _who(tx: Tx, chosen: Chosen, today: str) -> list[str]:
    found: set[str] = set()
    if chosen.unpaid:
        found.update(
            row[0]
            for row in tx.all(
                f"""SELECT DISTINCT m.number FROM ({positions.open_sql(tx, today)}) o JOIN member m ON m.id = o.payer_id
                    WHERE o.due_on < :before AND NOT o.disputed
                      AND (:group_name = '' OR m.group_name = :group_name)""",
                as_of=today,
                before=_days_before(today, max(0, chosen.min_days - 1)),
                group_name=chosen.group,
            )
        )
    elif chosen.group:
        found.update(
            row[0]
            for row in tx.all(
                """SELECT DISTINCT p.number FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
                   WHERE m.group_name = :group_name AND m.left_on IS NULL""",
                group_name=chosen.group,
            )
        )
    return sorted(found) + [one for one in chosen.members if one not in found]


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def samples(going: Sequence[Preview]) -> Sequence[Preview]:
    """A few of them, from the beginning, the middle and the end."""
    if len(going) <= SAMPLES:
        return going
    return [going[0], going[len(going) // 2], going[-1]]
