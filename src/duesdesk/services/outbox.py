"""Send what is due: claim, read the balance again, hand over, write down what became of it.

A notice is claimed in its own transaction before it leaves, so that a crash never sends it twice: what was under way
then is `unsure`, shown to a person and never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from duesdesk import channels
from duesdesk.channels import Channel, Message, Receipt, email_sender
from duesdesk.clock import from_utc_text, utc_text
from duesdesk.config import Settings
from duesdesk.domain.roles import require
from duesdesk.services.acts import Done, Plain, Request, answered, perform
from duesdesk.services.notice_states import note_event
from duesdesk.services.once import held
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts
from duesdesk.store.database import Tx

# Soft failures are tried again after these minutes, then a person looks at it (RFC 5321 asks for patience).
BACK_OFF_MINUTES = (1, 5, 30, 120, 360)
# Nobody is still sending after this long: the program stopped in between.
_LOST_AFTER = timedelta(minutes=15)
_DUE = """SELECT id FROM notice WHERE state IN ('held', 'queued') AND send_after <= :at
          ORDER BY send_after, id LIMIT :limit"""
_COUNT_DUE = "SELECT count(*) FROM notice WHERE state IN ('held', 'queued') AND send_after <= :at"
_CLAIMED = """SELECT n.state, n.address, n.subject, n.body, n.message_id, n.created_at, n.language, n.asks_for_money,
                     m.name, m.email = n.address AND NOT m.email_works
              FROM notice n JOIN member m ON m.id = n.payer_id WHERE n.id = :id"""
# Above any count of notices.
_ALL = 2**62
# What may become of a notice, in the order it is counted.
STATES = ("sent", "retry", "unsure", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one notice. `state` is sent, unsure, failed, retry (later, by itself) or cancelled (paid).

    With `channel_down` the next one would meet the same.
    """

    notice: int
    state: str
    detail: str
    channel_down: bool = False


class Outbox:
    """The notices of one centre that are ready to leave."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def run(self, *, limit: int | None = None, now: datetime | None = None, key: str | None = None) -> Plain:
        """Send what is due, at most `limit`; under a `key` that was used, what that run answered, and nothing is sent.

        Answers `{"dry_run", "sent", "retry", "unsure", "failed", "cancelled", "left", "notices": [{"notice", "state",
        "detail"}]}`; `left` were due and not tried: beyond the limit, or after the server had gone. Raises Refused,
        BadInput when e-mail lacks a setting, Conflict for a key that came with other content.
        """
        require(self._place.actor.role, "send")
        if key is None or self._place.rehearses:
            return self._run(limit, now, key)
        # A second program under the same key would send what the first one's answer does not tell.
        with held(self._settings.home, "send"):
            return self._run(limit, now, key)

    def _run(self, limit: int | None, now: datetime | None, key: str | None) -> Plain:
        request = Request("send", {"at": utc_text(now) if now else None, "limit": limit}, key=key)
        with self._place.database.read() as tx:
            if key is not None and acts.find(tx, key) is not None:
                return answered(tx, key, acts.digest([request.verb, dict(request.content)]))
            due = tx.value(_COUNT_DUE, at=utc_text(now or self._place.now()))
        if self._place.rehearses:
            return _answer(self._rehearse(limit, now), due, dry_run=True)
        answer = _answer(self.send_due(limit=limit, now=now), due, dry_run=False)
        # Each notice is an event of its own; an act is written only where a key has to be remembered.
        return answer if key is None else perform(self._place, request, lambda _within: Done("outbox", answer))

    def _rehearse(self, limit: int | None, now: datetime | None) -> list[Sent]:
        """What would become of each notice, as far as that is known here."""
        channels.channel("email", self._settings)
        with self._place.database.read() as tx:
            found = []
            for (notice_id,) in tx.all(_DUE, at=utc_text(now or self._place.now()), limit=limit or _ALL):
                row = tx.one(_CLAIMED, id=notice_id)
                kept = row and self._keeps_back(tx, notice_id, is_dead=row[-1], asks=row[7])
                found.append(Sent(notice_id, *kept) if kept else Sent(notice_id, "sent", ""))
            return found

    def send_due(
        self,
        *,
        limit: int | None = None,
        now: datetime | None = None,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> list[Sent]:
        """Send what is due at `now`; `stop` ends it after the message under way.

        Raises BadInput when e-mail lacks a setting.
        """
        at = utc_text(now or self._place.now())
        self._mark_lost(at)
        with self._place.database.read() as tx:
            waiting = tx.all(_DUE, at=at, limit=limit or _ALL)
        done: list[Sent] = []
        if not waiting:
            return done
        channel = channels.channel("email", self._settings)
        for (notice_id,) in waiting:
            if stop is not None and stop():
                break
            sent = self._send(notice_id, channel)
            done.append(sent)
            if progress is not None:
                progress(len(done))
            if sent.channel_down:
                break
        return done

    def send_now(self, notice_id: int) -> Sent:
        """Send one notice at once, whatever its hour. Raises BadInput when e-mail lacks a setting."""
        return self._send(notice_id, channels.channel("email", self._settings))

    def _send(self, notice_id: int, channel: Channel) -> Sent:
        claimed = self._claim(notice_id)
        return claimed if isinstance(claimed, Sent) else self._settle(notice_id, channel.deliver(claimed))

    def _claim(self, notice_id: int) -> Message | Sent:
        """Take the notice for sending, after reading once more whether it still holds."""
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            row = tx.one(_CLAIMED, id=notice_id)
            if row is None or row[0] not in ("held", "queued"):
                return Sent(notice_id, "cancelled", "not queued any more")
            _, address, subject, body, message_id, created_at, language, asks, name, is_dead = row
            kept = self._keeps_back(tx, notice_id, is_dead=is_dead, asks=asks)
            if kept is not None:
                self._change(tx, notice_id, *kept)
                return Sent(notice_id, *kept)
            self._change(tx, notice_id, "sending", "")
            tx.run("UPDATE notice SET attempts = attempts + 1 WHERE id = :id", id=notice_id)
        return Message(
            recipient=address,
            sender=email_sender(self._settings),
            subject=subject,
            body=body,
            message_id=message_id,
            written_at=from_utc_text(created_at),
            language=language,
            recipient_name=name,
            sender_name=self._place.centre.name,
        )

    def _keeps_back(self, tx: Tx, notice_id: int, *, is_dead: bool, asks: bool) -> tuple[str, str] | None:
        """(state, detail) of a notice that may not leave any more; None for one that may."""
        if is_dead:
            # A notice before this one came back for good; it stays here until somebody corrects the address.
            return "failed", "dead address"
        if asks and not self._still_owed(tx, notice_id):
            return "cancelled", "figures changed"
        return None

    def _still_owed(self, tx: Tx, notice_id: int) -> bool:
        """Whether every amount the notice names is still open to the cent."""
        changed = tx.value(
            """SELECT count(*) FROM notice_item item LEFT JOIN open_item o ON o.invoice_id = item.invoice_id
               WHERE item.notice_id = :id
                 AND (o.open_minor IS NULL OR o.open_minor <> item.open_minor OR o.disputed)""",
            id=notice_id,
        )
        return not changed

    def _settle(self, notice_id: int, receipt: Receipt) -> Sent:
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            attempts, address = tx.one("SELECT attempts, address FROM notice WHERE id = :id", id=notice_id) or (0, "")
            state = receipt.state
            if state == "retry":
                # A channel that is down is our trouble: it costs the notice no try.
                waits = BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1]
                if attempts > len(BACK_OFF_MINUTES) and not receipt.channel_down:
                    state = "failed"
                else:
                    self._change(tx, notice_id, "queued", receipt.code)
                    tx.run(
                        "UPDATE notice SET send_after = :at, attempts = :attempts WHERE id = :id",
                        at=utc_text(self._place.now() + timedelta(minutes=waits)),
                        attempts=attempts - 1 if receipt.channel_down else attempts,
                        id=notice_id,
                    )
                    return Sent(notice_id, "retry", receipt.detail or receipt.code, receipt.channel_down)
            self._change(tx, notice_id, state, receipt.code if state != "sent" else "")
            if receipt.hard_bounce:
                tx.run("UPDATE member SET email_works = :works WHERE email = :address", works=False, address=address)
        return Sent(notice_id, state, receipt.detail or receipt.code, receipt.channel_down)

    def _mark_lost(self, at: str) -> None:
        """What was being sent when the program stopped may have left: nobody can tell."""
        before = utc_text(from_utc_text(at) - _LOST_AFTER)
        with self._place.database.write() as tx:
            lost = tx.all("SELECT id FROM notice WHERE state = 'sending' AND changed_at < :before", before=before)
            for (notice_id,) in lost:
                self._change(tx, notice_id, "unsure", "stopped while sending")

    def _change(self, tx: Tx, notice_id: int, state: str, detail: str) -> None:
        now, actor = self._place.now_text(), self._place.actor
        tx.run(
            "UPDATE notice SET state = :state, detail = :detail, changed_at = :now WHERE id = :id",
            state=state,
            detail=detail,
            now=now,
            id=notice_id,
        )
        note_event(tx, notice_id, state, detail, now, actor.name, actor.desk)


def _answer(sent: Sequence[Sent], due: int, *, dry_run: bool) -> Plain:
    counts = {state: sum(one.state == state for one in sent) for state in STATES}
    left = max(0, due - len(sent))
    notices = [{"notice": one.notice, "state": one.state, "detail": one.detail} for one in sent]
    return {"dry_run": dry_run, **counts, "left": left, "notices": notices}
