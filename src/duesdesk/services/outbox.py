"""Send what is due: claim, read everything again, hand over, write down what became of it.

A notice is claimed in its own transaction before it leaves, so that a crash never sends it twice: what was under way
then is `unsure`, shown to a person and never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from duesdesk import channels
from duesdesk.channels import Channel, Message, Receipt, email_sender
from duesdesk.clock import from_utc_text, utc_text
from duesdesk.config import Settings
from duesdesk.domain.errors import DuesdeskError, NotFound, Refused
from duesdesk.domain.roles import require
from duesdesk.services import leaving, notice_tasks, reach
from duesdesk.services.acts import Done, Plain, Request, answered, perform
from duesdesk.services.bounces import Bounces
from duesdesk.services.leaving import Gates, Moment, Verdict, moment_of
from duesdesk.services.notice_again import LEFT
from duesdesk.services.notice_states import note_event
from duesdesk.services.once import held
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, outbox, steps
from duesdesk.store.database import Tx

# Soft failures are tried again after these minutes, then a person looks at it (RFC 5321 asks for patience).
BACK_OFF_MINUTES = (1, 5, 30, 120, 360)
# Nobody is still sending so long after the other side may have kept silent: the program stopped in between.
_LOST_MINUTES = 15
_PAGE = 100
# What may become of a notice, in the order it is counted.
STATES = ("sent", "retry", "unsure", "failed", "cancelled", "waits")
STOPPED_WHILE_SENDING = "stopped while sending"
FREES_ITS_STEPS = frozenset(
    ("paid", "disputed", "figures changed", "promised", "agreed", "late", "credit", "returned", "not_wanted",
     "not_asked", "no_address", "dead", *leaving.GRAVE_HOLDS, "excluded", "snooze")
)  # fmt: skip
"""The rule may take a step again whose notice ended so: by another channel, or with the figures of then."""


class Sent(NamedTuple):
    """What became of one notice.

    `state` is sent, unsure, failed, retry (later, by itself), cancelled (it does not hold any more) or waits; `detail`
    says why, `until` from when it may go. With `channel_down` the next one on its `channel` would meet the same.
    """

    notice: int
    state: str
    detail: str
    channel_down: bool = False
    channel: str = ""
    until: datetime | None = None


class Outbox:
    """The notices of one centre that are ready to leave."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def run(self, *, limit: int | None = None, moment: Moment | None = None, key: str | None = None) -> Plain:
        """Send what is due, at most `limit`; under a `key` that was used, what that run answered, and nothing is sent.

        Answers `{"dry_run", "sent", "retry", "unsure", "failed", "cancelled", "waits", "left", "notices": [{"notice",
        "state", "detail"}]}`; `waits` are due and may not leave now, `left` were not tried: beyond the limit, or after
        their channel had gone. Raises Refused, Conflict for a key that came with other content.
        """
        require(self._place.actor.role, "send")
        if key is None or self._place.rehearses:
            return self._run(limit, moment, key)
        # A second program under the same key would send what the first one's answer does not tell.
        with held(self._settings.home, "send"):
            return self._run(limit, moment, key)

    def _run(self, limit: int | None, moment: Moment | None, key: str | None) -> Plain:
        asked = (moment.day.isoformat() if moment.day else utc_text(moment.at)) if moment else None
        request = Request("send", {"at": asked, "limit": limit}, key=key)
        when = moment or Moment(self._place.now())
        with self._place.database.read() as tx:
            if key is not None and acts.find(tx, key) is not None:
                return answered(tx, key, acts.digest([request.verb, dict(request.content)]))
            if stored(tx, "notices.stopped") == "on":
                raise Refused("outbox-stopped")
            due = outbox.count_due(tx, utc_text(when.at))
        if self._place.rehearses:
            return _answer(self._rehearse(limit, when), due, dry_run=True)
        answer = _answer(self.send_due(limit=limit, moment=when), due, dry_run=False)
        # Each notice is an event of its own; an act is written only where a key has to be remembered.
        return answer if key is None else perform(self._place, request, lambda _within: Done("outbox", answer))

    def run_one(self, notice_id: int, *, key: str | None = None) -> Plain:
        """As `send_now`, for a command; under a `key` that was used, what that answered, and nothing is sent.

        Answers `{"dry_run", "notice", "state", "detail"}`, perhaps with `until`. Raises as `send_now`, Conflict.
        """
        require(self._place.actor.role, "send")
        request = Request("send", {"notice": notice_id}, key=key)
        with self._place.database.read() as tx:
            if key is not None and acts.find(tx, key) is not None:
                return answered(tx, key, acts.digest([request.verb, dict(request.content)]))
            one = leaving.row(tx, notice_id)
            if one is None:
                raise NotFound("notice-unknown", notice=notice_id)
            if self._place.rehearses:
                verdict = Gates(tx, self._place, self._settings).judge(one, Moment(self._place.now()), in_person=True)
                sent = Sent(notice_id, verdict.state or "sent", verdict.why, until=verdict.until)
                return {"dry_run": True, **_told(sent)}
        done = {"dry_run": False, **_told(self.send_now(notice_id))}
        return done if key is None else perform(self._place, request, lambda _within: Done("outbox", done))

    def _rehearse(self, limit: int | None, moment: Moment) -> list[Sent]:
        """What would become of each notice, as far as that is known here."""
        found: list[Sent] = []
        with self._place.database.read() as tx:
            gates = Gates(tx, self._place, self._settings)
            for notice_id, _ in outbox.due(tx, utc_text(moment.at)):
                if limit is not None and sum(one.state != "waits" for one in found) >= limit:
                    break
                one = leaving.row(tx, notice_id)
                if one is not None:
                    verdict = gates.judge(one, moment)
                    if not verdict.state and channels.WAYS[one.channel].by_hand:
                        verdict = Verdict(leaving.WAITS, leaving.SAYING if one.channel == "desk" else leaving.PRINTING)
                    found.append(Sent(notice_id, verdict.state or "sent", verdict.why, until=verdict.until))
        return found

    def due(self) -> int:
        """How many notices are past their cooling time."""
        with self._place.database.read() as tx:
            return outbox.count_due(tx, utc_text(self._place.now()))

    def send_due(
        self,
        *,
        limit: int | None = None,
        now: datetime | None = None,
        moment: Moment | None = None,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> list[Sent]:
        """Send what is due at `moment` (or the instant `now`); `stop` ends it after the message under way.

        A channel that is not set up, or is down, keeps its own notices back and no others. What waits only for its hour
        is told, and costs nothing of `limit`.
        """
        when = moment or Moment(now or self._place.now())
        self._mark_lost()
        done: list[Sent] = []
        tried = 0
        down: dict[str, str] = {}
        able = reach.set_up(self._settings)
        made: dict[str, Channel] = {}
        bounces = Bounces()
        for notice_id, channel, early in self._waiting(when, able):
            if (stop is not None and stop()) or (limit is not None and tried >= limit):
                break
            if early is not None:
                done.append(Sent(notice_id, leaving.WAITS, early.why, channel=channel, until=early.until))
                continue
            if channel in down:
                continue
            sent = self._send(notice_id, when, able, made, bounces)
            done.append(sent)
            tried += sent.state != leaving.WAITS
            if progress is not None:
                progress(len(done))
            if sent.channel_down:
                down[channel] = sent.detail
            if sent.detail == leaving.STOPPED:
                break
        return done

    def _waiting(self, moment: Moment, able: frozenset[str]) -> Iterator[tuple[int, str, Verdict | None]]:
        """(notice, channel, why it is too early by the clock alone) of all that is due, the longest waiting first.

        Read a page at a time: who sends only a few does not wait for thousands.
        """
        with self._place.database.read() as tx:
            due = outbox.due(tx, utc_text(moment.at))
        for first in range(0, len(due), _PAGE):
            found: list[tuple[int, str, Verdict | None]] = []
            with self._place.database.read() as tx:
                gates = Gates(tx, self._place, self._settings, able)
                for notice_id, channel in due[first : first + _PAGE]:
                    one = leaving.row(tx, notice_id)
                    verdict = gates.early(one, moment) if one is not None else leaving.MAY_GO
                    found.append((notice_id, channel, verdict if verdict.state else None))
            yield from found

    def check_way(self, channel: str) -> None:
        """Raises BadInput when this machine lacks something to send by `channel`."""
        if not channels.WAYS[channel].by_hand:
            channels.channel(channel, self._settings)

    def send_now(self, notice_id: int) -> Sent:
        """Send one notice at once; it passes its cooling time, and the hours of the house only if it is pressing.

        Raises BadInput when its channel is not set up, NotFound.
        """
        able = reach.set_up(self._settings)
        with self._place.database.read() as tx:
            one = leaving.row(tx, notice_id)
        if one is None:
            raise NotFound("notice-unknown", notice=notice_id)
        self.check_way(one.channel)
        return self._send(notice_id, Moment(self._place.now()), able, {}, Bounces(), in_person=True)

    def _send(
        self,
        notice_id: int,
        moment: Moment,
        able: frozenset[str],
        made: dict[str, Channel],
        bounces: Bounces,
        *,
        in_person: bool = False,
    ) -> Sent:
        claimed = self._claim(notice_id, moment, able, in_person=in_person)
        if isinstance(claimed, Sent):
            return claimed
        channel, message = claimed
        receipt = self._handed_over(notice_id, channel, message, made)
        is_doubted = bounces.is_doubted(notice_id, channel, message, receipt)
        sent = self._settle(notice_id, channel, receipt, is_doubted=is_doubted)
        for one in bounces.meant_them(channel):
            self._settle(one.notice, channel, one.receipt, late=True)
        meant_us = bounces.meant_us(channel)
        if is_doubted and meant_us:
            self._give_back(one.notice for one in meant_us)
            return sent._replace(channel_down=True)
        return sent

    def _handed_over(self, notice_id: int, channel: str, message: Message, made: dict[str, Channel]) -> Receipt:
        """What its channel says. What this machine lacks for it keeps the channel's notices back, and no others."""
        try:
            way = made.get(channel)
            if way is None:
                way = made[channel] = channels.channel(channel, self._settings)
            if channel == "fax":
                message = self._on_paper(notice_id, message)
        except DuesdeskError as error:
            return Receipt("retry", error.code, channel_down=True)
        return way.deliver(message)

    def _claim(
        self, notice_id: int, moment: Moment, able: frozenset[str], *, in_person: bool
    ) -> tuple[str, Message] | Sent:
        """Take the notice for sending, after reading everything once more."""
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            one = leaving.row(tx, notice_id)
            if one is None or one.state not in ("held", "queued"):
                return Sent(notice_id, *leaving.gone(one))
            verdict = Gates(tx, self._place, self._settings, able).judge(one, moment, in_person=in_person)
            if verdict.state == leaving.WAITS:
                return Sent(notice_id, leaving.WAITS, verdict.why, channel=one.channel, until=verdict.until)
            if verdict.state:
                self._end(tx, one, verdict)
                return Sent(notice_id, verdict.state, verdict.why, channel=one.channel)
            if channels.WAYS[one.channel].by_hand:
                return self._by_hand(tx, one)
            address = reach.reaches(tx, [one.payer_id], able=able)[one.payer_id].address(one.channel)
            self._change(tx, notice_id, "sending", "")
            outbox.claim(tx, notice_id, address)
            return one.channel, self._message(tx, notice_id, one.channel)

    def _message(self, tx: Tx, notice_id: int, channel: str) -> Message:
        """The notice as its channel takes it."""
        carried = outbox.carried(tx, notice_id)
        if carried is None:
            raise ValueError("a notice is never deleted")
        address, subject, body, message_id, created_at, language, name = carried
        return Message(
            recipient=address,
            sender=email_sender(self._settings) if channel == "email" else "",
            subject=subject,
            body=body,
            message_id=message_id,
            written_at=from_utc_text(created_at),
            language=language,
            recipient_name=name,
            sender_name=self._place.centre.name,
        )

    def _by_hand(self, tx: Tx, one: leaving.Row) -> Sent:
        """Letters go to the printer, a word at the desk becomes a task: people bring them."""
        if one.channel != "desk":
            return Sent(one.id, leaving.WAITS, leaving.PRINTING, channel=one.channel)
        said = notice_tasks.said(tx, one.id)
        if said is None:
            notice_tasks.say_at_desk(tx, self._place, one.id)
            self._change(tx, one.id, "queued", leaving.SAYING)
            return Sent(one.id, leaving.WAITS, leaving.SAYING, channel=one.channel)
        if said == "open":
            return Sent(one.id, leaving.WAITS, leaving.SAYING, channel=one.channel)
        state = "sent" if said == "done" else "cancelled"
        self._change(tx, one.id, state, leaving.SAYING)
        return Sent(one.id, state, leaving.SAYING, channel=one.channel)

    def _end(self, tx: Tx, one: leaving.Row, verdict: Verdict) -> None:
        """It does not leave any more, and why."""
        self._change(tx, one.id, verdict.state, verdict.why)
        if verdict.why in FREES_ITS_STEPS:
            steps.release(tx, [one.id], self._place.now_text())

    def _on_paper(self, notice_id: int, message: Message) -> Message:
        from dataclasses import replace  # imported late: only a fax needs it

        from duesdesk.services.letters import pdf_of

        with self._place.database.read() as tx:
            return replace(message, document=pdf_of(tx, self._place, [notice_id]))

    def _settle(
        self, notice_id: int, channel: str, receipt: Receipt, *, is_doubted: bool = False, late: bool = False
    ) -> Sent:
        """Write down what became of it. `late` is a refusal that was doubted, and means the address after all."""
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            one = leaving.row(tx, notice_id)
            if one is None:
                raise ValueError("a notice is never deleted")
            told = Sent(notice_id, receipt.state, receipt.detail or receipt.code, receipt.channel_down, channel)
            open_to = ("queued",) if late else ("sending", "unsure")
            if receipt.state != "sent" and one.state not in open_to:
                # Somebody took it in hand meanwhile; that it arrived would still be true.
                return told
            waits = receipt.state == "retry" or (receipt.state == "failed" and receipt.channel_down) or is_doubted
            if waits and self._again(tx, one, receipt):
                return told._replace(state="retry")
            state = "failed" if receipt.state == "retry" else receipt.state
            self._change(tx, notice_id, state, receipt.code if state != "sent" else "")
            now, name = self._place.now_text(), self._place.actor.name
            if state == "sent":
                notice_tasks.looked_at(tx, notice_id, LEFT, now, name)
            elif receipt.hard_bounce:
                reach.turn_off(tx, one.payer_id, channel, outbox.address(tx, notice_id), now, name)
                steps.release(tx, [notice_id], now)
            elif state in ("unsure", "failed"):
                notice_tasks.look_at(tx, self._place, notice_id, state, told.detail)
        return told._replace(state=state)

    def _give_back(self, notice_ids: Iterable[int]) -> None:
        """The server's trouble costs these notices no try."""
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            for notice_id in notice_ids:
                one = leaving.row(tx, notice_id)
                if one is not None and one.state == "queued":
                    outbox.postpone(tx, notice_id, one.send_after, 0)

    def _again(self, tx: Tx, one: leaving.Row, receipt: Receipt) -> bool:
        """Let it wait for the next try; False when it was tried often enough."""
        # A channel that is down is our trouble: it costs the notice no try.
        if one.attempts > len(BACK_OFF_MINUTES) and not receipt.channel_down:
            return False
        minutes = BACK_OFF_MINUTES[min(one.attempts, len(BACK_OFF_MINUTES)) - 1]
        self._change(tx, one.id, "queued", receipt.code)
        later = utc_text(self._place.now() + timedelta(minutes=minutes))
        outbox.postpone(tx, one.id, later, one.attempts - 1 if receipt.channel_down else one.attempts)
        return True

    def _mark_lost(self) -> None:
        """What was being sent when the program stopped may have left: nobody can tell. By the time that it is."""
        patience = timedelta(minutes=_LOST_MINUTES, seconds=self._settings.number("email.answer_seconds"))
        before = utc_text(self._place.now() - patience)
        with self._place.database.read() as tx:
            if not outbox.sending_since(tx, before):
                return
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            for notice_id in outbox.sending_since(tx, before):
                self._change(tx, notice_id, "unsure", STOPPED_WHILE_SENDING)
                notice_tasks.look_at(tx, self._place, notice_id, "unsure", STOPPED_WHILE_SENDING)

    def _change(self, tx: Tx, notice_id: int, state: str, detail: str) -> None:
        now, actor = self._place.now_text(), self._place.actor
        outbox.change(tx, notice_id, state, detail, now)
        note_event(tx, notice_id, state, detail, now, actor.name, actor.desk)


def _answer(sent: Sequence[Sent], due: int, *, dry_run: bool) -> Plain:
    counts = {state: sum(one.state == state for one in sent) for state in STATES}
    left = max(0, due - len(sent))
    return {"dry_run": dry_run, **counts, "left": left, "notices": [_told(one) for one in sent]}


def _told(one: Sent) -> Plain:
    until = {"until": one.until.isoformat(timespec="minutes")} if one.until else {}
    return {"notice": one.notice, "state": one.state, "detail": one.detail} | until


__all__ = ["BACK_OFF_MINUTES", "Moment", "Outbox", "Sent", "moment_of"]
