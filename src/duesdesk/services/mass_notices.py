"""The same notice to many: who gets one, for how much together, who is left out and why; only then it is written.

What is written is held for its cooling time like any other notice: until then all of it can be pulled back at once
(undo takes it back whole), and the stop holds it. It is written in parts, so that no desk waits for thousands: an act
begins it, each part is an act, and the last act, under the key of the whole, tells what was written. A batch that broke
off has no last act: undo takes it back by the first. A payer gets one notice of a batch at most, however often it is
begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from duesdesk.domain.errors import DuesdeskError, NotFound, Refused
from duesdesk.domain.roles import require
from duesdesk.services import notices_kept
from duesdesk.services.acts import Done, Plain, Request, Within, answered, new_key, perform
from duesdesk.services.notice_texts import NoticeRequest, Preview
from duesdesk.services.notice_views import MANY, batch_name
from duesdesk.services.notices import Notices
from duesdesk.services.notices_kept import Keeping
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, among, outbox, positions
from duesdesk.store.database import Tx

S = TypeVar("S")
SAMPLES = 3
VERB = "notice.many"
PART, OPENED = "part", "opened"
"""What the answers of acts have that wrote only a part, and that began a batch."""
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

    def to(self, payer: str, only: frozenset[int]) -> NoticeRequest:
        """The request of one of them, who is asked for these invoices."""
        return NoticeRequest(payer, self.template, channel=self.channel, tone=self.tone, only=only)


class MassNotices:
    """Notices to many of one centre, acting as one person."""

    def __init__(self, place: Workplace, notices: Notices) -> None:
        self._place = place
        self._notices = notices

    def who(self, chosen: Chosen) -> list[str]:
        """Numbers of the payers that are meant, sorted. Raises Refused when nobody was chosen, NotFound for a group."""
        if not chosen.unpaid and not chosen.group and not chosen.members:
            raise Refused("notices-for-nobody")
        with self._place.database.read() as tx:
            known = "SELECT 1 FROM member WHERE group_name = :name LIMIT 1"
            if chosen.group and tx.value(known, name=chosen.group) is None:
                raise NotFound("group-unknown", group=chosen.group)
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
            some = who[first : first + _READ_AT_ONCE]
            with self._place.database.read() as tx:
                keeping = notices_kept.read(tx, self._place, some, also_told=chosen.also_told)
            found = self._notices.preview_many(some, template, channel=channel, tone=tone, only=keeping.free_of)
            for one in found:
                problem = _kept_from(one, keeping)
                previews.setdefault(one.payer, one if problem is None else replace(one, problem=problem))
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

        Answers `{"batch", "written": [{"notice", "member"}], "sums": [[currency, minor units]], "left_out": [{"member",
        "name", "reason"}], "stopped"}`; those who paid since they were seen, who are on hold or not among the chosen
        any more are left out, and nothing is asked for that was not seen. `stop` ends it before the next part; what was
        written until then stays written, and undo takes it back whole. Raises Refused, Conflict for a key that came
        with other content.
        """
        require(self._place.actor.role, VERB)
        key = key or new_key()
        batch = batch_name(key)
        wanted = _Wanted(template, channel, tone, audience.chosen.also_told)
        request = Request(VERB, {"who": list(audience.chosen), "notice": list(wanted)}, key=key)
        with self._place.database.read() as tx:
            if acts.find(tx, key) is not None:
                return answered(tx, key, acts.digest([request.verb, dict(request.content)]))
            named = _payers(tx, audience.chosen.members)
        written: list[Plain] = []
        left_out: list[Plain] = [_left_out(one.payer, one.payer_name, one.problem) for one in audience.left_out]
        sums: dict[str, int] = {}
        going, stopped, tried = audience.going, False, 0
        for part in _parts(going):
            stopped = stop is not None and stop()
            if stopped:
                break
            if not tried:
                self._open(request, batch)
            done = perform(
                self._place,
                Request(VERB, {PART: batch, "first": part[0].payer}, key=new_key()),
                partial(self._write_part, wanted=wanted, part=part, batch=batch, chosen=audience.chosen, named=named),
            )
            written += done["written"]
            left_out += done["left_out"]
            for currency, minor in done["sums"]:
                sums[currency] = sums.get(currency, 0) + minor
            tried += len(part)
            if progress is not None:
                progress(tried, len(going))
        told = [[currency, minor] for currency, minor in sorted(sums.items())]
        answer = {"batch": batch, "written": written, "sums": told, "left_out": left_out, "stopped": stopped}
        if not written:
            return answer
        return perform(self._place, request, lambda _within: Done(f"batch {batch}", answer))

    def left_out_since(
        self, audience: Audience, done: Plain, template: str, *, channel: str = "email", tone: str = ""
    ) -> tuple[Preview, ...]:
        """Those that `write` (which answered `done`) left out although the audience had them, with why."""
        seen = {one.payer for one in audience.left_out}
        members = tuple(one["member"] for one in done["left_out"] if one["member"] not in seen)
        if not members:
            return ()
        chosen = Chosen(members=members, also_told=audience.chosen.also_told)
        found = self.preview(chosen, template, channel=channel, tone=tone)
        # Who could be written to by now was left out because nothing of what was seen is asked of them any more.
        meant = (replace(one, problem=Refused("notice-not-meant")) for one in found.going)
        return (*found.left_out, *meant)

    def _open(self, request: Request, batch: str) -> None:
        """The act that begins a batch, once. Raises Conflict when its key began another notice."""
        answer: Plain = {OPENED: batch, "batch": batch, "written": [], "end": request.key}
        opening = Request(VERB, {**request.content, OPENED: batch}, key=f"{MANY}/{batch}")
        perform(self._place, opening, lambda _within: Done(f"batch {batch}", answer))

    def _write_part(
        self,
        within: Within,
        wanted: _Wanted,
        part: Sequence[Preview],
        batch: str,
        chosen: Chosen,
        named: frozenset[str],
    ) -> Done:
        """Some of them, in one transaction; who has a notice of this batch already keeps that one."""
        tx = within.tx
        keys = {one.payer: f"{MANY}/{batch}/{one.payer}" for one in part}
        has: dict[str, int] = dict(
            tx.all(
                f"SELECT idempotency_key, id FROM notice WHERE idempotency_key IN ({among.texts(tx)})",
                wanted=among.listed(keys.values()),
            )
        )
        keeping = notices_kept.read(tx, self._place, list(keys), also_told=wanted.also_told)
        meant = named | frozenset(_who(tx, chosen, within.today, list(keys)))
        written: list[Plain] = []
        left_out: list[Plain] = []
        for one in part:
            key = keys[one.payer]
            try:
                if key not in has:
                    has[key] = self._write_one(within, wanted, one, keeping, key, is_meant=one.payer in meant)
            except Refused as error:
                left_out.append(_left_out(one.payer, one.payer_name, error))
                continue
            written.append({"notice": has[key], "member": one.payer})
        sums = tx.all(
            f"""SELECT i.currency, sum(t.open_minor) FROM notice_item t JOIN invoice i ON i.id = t.invoice_id
                WHERE t.notice_id IN ({among.ids(tx)}) GROUP BY i.currency ORDER BY i.currency""",
            wanted=among.listed(one["notice"] for one in written),
        )
        told = [[currency, int(minor)] for currency, minor in sums]
        return Done(f"batch {batch}", {PART: batch, "written": written, "sums": told, "left_out": left_out})

    def _write_one(
        self, within: Within, wanted: _Wanted, seen: Preview, keeping: Keeping, key: str, *, is_meant: bool
    ) -> int:
        """One of them, asked for nothing but what was seen. Raises Refused."""
        payer = seen.payer
        if payer in keeping.why:
            raise keeping.why[payer]
        asked = keeping.free_of(payer) & frozenset(item.invoice_id for item in seen.items)
        if seen.asks_for_money and not asked:
            raise keeping.held.get(payer, Refused("notice-nothing-owed"))
        if not is_meant:
            raise Refused("notice-not-meant")
        done = self._notices.write_part(within, wanted.to(payer, asked), key)
        notice_id: int = done.answer["notice"]
        return notice_id


_READ_AT_ONCE = 100


def _parts(going: Sequence[Preview]) -> Iterator[Sequence[Preview]]:
    """The first alone, so that what is wrong with all of them shows with one; then so many at a time."""
    if going:
        yield going[:1]
    for first in range(1, len(going), AT_ONCE):
        yield going[first : first + AT_ONCE]


def _left_out(member: str, name: str, problem: DuesdeskError | None) -> Plain:
    return {"member": member, "name": name, "reason": problem.code if problem is not None else ""}


def _kept_from(one: Preview, keeping: Keeping) -> DuesdeskError | None:
    """Why somebody gets no notice although they can be written to."""
    if one.asks_for_money and not one.items and one.payer in keeping.held:
        return keeping.why.get(one.payer, keeping.held[one.payer])
    return keeping.why.get(one.payer) if one.problem is None else None


def changed_nothing(tx: Tx, answer: Plain) -> bool:
    """Whether an act of `VERB` is passed over by undo: a part, and a beginning with its end or with nothing written."""
    if PART in answer:
        return True
    return OPENED in answer and (acts.find(tx, answer["end"]) is not None or not whole(tx, answer)["written"])


def whole(tx: Tx, answer: Plain) -> Plain:
    """The answer of an act of `VERB`; that of a beginning with all that was written until it broke off."""
    if OPENED not in answer:
        return answer
    notices = outbox.of_batch(tx, f"{MANY}/{answer['batch']}/")
    return {**answer, "written": [{"notice": notice_id} for notice_id in notices]}


def _payers(tx: Tx, members: Sequence[str]) -> frozenset[str]:
    """The numbers of those who pay for `members`."""
    rows = tx.all(
        f"""SELECT p.number FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
            WHERE m.number IN ({among.texts(tx)})""",
        wanted=among.listed(members),
    )
    return frozenset(number for (number,) in rows)


def _who(tx: Tx, chosen: Chosen, today: str, of: Sequence[str] | None = None) -> list[str]:
    """Those who are meant; with `of` only payers of these numbers, and no member that was named."""
    found: set[str] = set()
    # To pay for somebody of the group is to be of it, whatever was bought for whom.
    values: dict[str, object] = {"group_name": chosen.group} if chosen.group else {}
    some = ""
    if of is not None:
        some, values["wanted"] = f"AND p.number IN ({among.texts(tx)})", among.listed(of)
    if chosen.unpaid:
        grouped = "AND p.id IN (SELECT coalesce(g.payer_id, g.id) FROM member g WHERE g.group_name = :group_name)"
        found.update(
            row[0]
            for row in tx.all(
                f"""SELECT DISTINCT p.number FROM ({positions.open_sql(tx, today)}) o JOIN member p ON p.id = o.payer_id
                    WHERE o.due_on < :before AND NOT o.disputed {some} {grouped if chosen.group else ""}""",
                as_of=today,
                before=_days_before(today, max(0, chosen.min_days - 1)),
                **values,
            )
        )
    elif chosen.group:
        found.update(
            row[0]
            for row in tx.all(
                f"""SELECT DISTINCT p.number FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id)
                    WHERE m.group_name = :group_name AND m.left_on IS NULL {some}""",
                **values,
            )
        )
    return sorted(found) + [one for one in chosen.members if of is None and one not in found]


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def samples(going: Sequence[S]) -> Sequence[S]:
    """A few of them, from the beginning, the middle and the end."""
    if len(going) <= SAMPLES:
        return going
    return [going[0], going[len(going) // 2], going[-1]]
