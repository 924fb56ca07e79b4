"""Write a notice to a payer: preview, queue, withdraw. Sending is `services.outbox`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from duesdesk.clock import from_utc_text, utc_text
from duesdesk.config import Settings
from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services import lookup
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.notice_states import cancel_within, note_event
from duesdesk.services.notice_texts import NoticeRequest, NoticeTexts, Preview
from duesdesk.services.workplace import Workplace
from duesdesk.store import among
from duesdesk.store.database import Tx


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of the outbox."""

    id: int
    payer: str
    payer_name: str
    channel: str
    address: str
    template: str
    subject: str
    body: str
    state: str
    detail: str
    created_at: datetime
    send_after: datetime
    changed_at: datetime
    attempts: int
    actor: str
    language: str = ""


class Notices:
    """Notices of one centre, acting as one person."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings
        self._texts = NoticeTexts(place)

    def preview(self, wanted: NoticeRequest) -> Preview:
        """The exact text, to whom and how. Raises NotFound, BadInput; what keeps it from going is in `problem`."""
        with self._place.database.read() as tx:
            return self._texts.compose(tx, wanted)

    def preview_many(self, members: Sequence[str], template: str) -> list[Preview]:
        """One preview per payer of `members`, in their order: two members of one household get one notice."""
        previews: dict[str, Preview] = {}
        with self._place.database.read() as tx:
            for member in members:
                preview = self._texts.compose(tx, NoticeRequest(member, template))
                previews.setdefault(preview.payer, preview)
        return list(previews.values())

    def write(self, wanted: NoticeRequest, *, key: str | None = None, cooling: bool = True) -> Plain:
        """Queue the notice. It leaves after `notices.cooling_minutes`; with `cooling` False at once.

        Answers `{"notice", "member", "channel", "address", "subject", "state", "send_after"}`.
        Raises NotFound, BadInput, Refused (no address, nothing to ask for).
        """
        content = {
            "member": wanted.member,
            "template": wanted.template,
            "text": wanted.text,
            "subject": wanted.subject,
            "invoices": list(wanted.invoices),
            "tone": wanted.tone,
            "channel": wanted.channel,
        }
        request = Request("notice", content, key=key)
        return perform(self._place, request, lambda within: self._write(within, wanted, cooling=cooling))

    def _write(self, within: Within, wanted: NoticeRequest, *, cooling: bool) -> Done:
        tx = within.tx
        preview = self._texts.compose(tx, wanted)
        if preview.problem is not None:
            raise preview.problem
        from duesdesk.channels import email_sender  # imported late: start-up
        from duesdesk.channels.mail import message_id

        minutes = cooling_minutes(tx) if cooling else 0
        send_after = utc_text(self._place.now() + timedelta(minutes=minutes))
        payer_id = lookup.person(tx, preview.payer).id
        identity = tx.insert(
            """INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash,
                                   asks_for_money, tone, state, send_after, attempts, message_id, detail, act_id,
                                   created_at, changed_at, actor, desk, idempotency_key)
               VALUES (:payer_id, :channel, :address, :language, :template, :subject, :body, :body_hash, :asks, :tone,
                       'queued', :send_after, 0, :message_id, '', :act_id, :now, :now, :actor, :desk, :key)""",
            payer_id=payer_id,
            channel=preview.channel,
            address=preview.address,
            language=preview.language,
            template=preview.template,
            subject=preview.subject,
            body=preview.body,
            body_hash=body_hash(preview.subject, preview.body),
            asks=preview.asks_for_money,
            tone=preview.tone,
            send_after=send_after,
            message_id=message_id(f"n-{within.act.key}", email_sender(self._settings)),
            act_id=within.act.id,
            now=within.act.recorded_at,
            actor=within.act.actor,
            desk=within.act.desk,
            key=within.act.key,
        )
        for item in preview.items:
            tx.run(
                "INSERT INTO notice_item (notice_id, invoice_id, open_minor) VALUES (:notice, :invoice, :open)",
                notice=identity,
                invoice=item.invoice_id,
                open=item.open_minor,
            )
        note_event(tx, identity, "queued", "", within.act.recorded_at, within.act.actor, within.act.desk)
        return Done(
            f"member {preview.payer}",
            {
                "notice": identity,
                "member": preview.payer,
                "channel": preview.channel,
                "address": preview.address,
                "subject": preview.subject,
                "state": "queued",
                "send_after": send_after,
            },
        )

    def all(self, state: str | None = None, *, most: int = 500) -> list[NoticeView]:
        """The outbox, newest first; only those of `state` when one is named."""
        with self._place.database.read() as tx:
            rows = tx.all(
                f"""{_VIEW} {_IN_STATE}
                    ORDER BY n.created_at DESC, n.id DESC LIMIT :most""",
                state=state or "",
                most=most,
            )
        return [_view(row) for row in rows]

    def count(self, state: str | None = None) -> int:
        """How many notices there are, or are in `state`."""
        with self._place.database.read() as tx:
            found: int = tx.value(f"SELECT count(*) FROM notice n {_IN_STATE}", state=state or "")
        return found

    def pages(self, state: str | None = None, *, most: int | None = None) -> Iterator[list[NoticeView]]:
        """As `all`, however many, page by page and without their texts: no transaction waits for who reads them."""
        with self._place.database.read() as tx:
            rows = tx.all(
                f"SELECT n.id FROM notice n {_IN_STATE} ORDER BY n.created_at DESC, n.id DESC LIMIT :most",
                state=state or "",
                most=_ALL if most is None else most,
            )
        for first in range(0, len(rows), _PAGE):
            wanted = [row[0] for row in rows[first : first + _PAGE]]
            with self._place.database.read() as tx:
                found = tx.all(
                    f"""{_LISTED} WHERE n.id IN ({among.ids(tx)}) ORDER BY n.created_at DESC, n.id DESC""",
                    wanted=among.listed(wanted),
                )
            yield [_view(row) for row in found]

    def get(self, notice_id: int) -> NoticeView:
        """One notice. Raises NotFound."""
        with self._place.database.read() as tx:
            row = tx.one(f"{_VIEW} WHERE n.id = :id", id=notice_id)
        if row is None:
            raise NotFound("notice-unknown", notice=notice_id)
        return _view(row)

    def cancel(self, notice_id: int, *, reason: str = "", key: str | None = None) -> Plain:
        """Pull a notice back that has not left. Answers `{"notice", "state"}`. Raises NotFound, Refused."""
        request = Request("notice.cancel", {"notice": notice_id}, key=key, reason=reason)

        def work(within: Within) -> Done:
            return cancel_within(within, notice_id, reason or "by hand")

        return perform(self._place, request, work)

    def retry(self, notice_id: int, *, key: str | None = None) -> Plain:
        """Queue a notice again that failed, or of which nobody knows whether it arrived. Raises NotFound, Refused."""

        def work(within: Within) -> Done:
            touched = within.tx.run(
                """UPDATE notice SET state = 'queued', send_after = :now, attempts = 0, changed_at = :now, detail = ''
                   WHERE id = :id AND state IN ('failed', 'unsure', 'cancelled')""",
                id=notice_id,
                now=within.act.recorded_at,
            )
            if touched != 1:
                raise Refused("notice-not-to-retry", notice=notice_id)
            note_event(
                within.tx, notice_id, "queued", "again", within.act.recorded_at, within.act.actor, within.act.desk
            )
            return Done(f"notice {notice_id}", {"notice": notice_id, "state": "queued"})

        return perform(self._place, Request("notice", {"retry": notice_id}, key=key), work)


_PAGE = 500
# Above any count of notices.
_ALL = 2**62
_IN_STATE = "WHERE (:state = '' OR n.state = :state)"
_VIEW = """SELECT n.id, m.number, m.name, n.channel, n.address, n.template, n.subject, n.body, n.state, n.detail,
                  n.created_at, n.send_after, n.changed_at, n.attempts, n.actor, n.language
           FROM notice n JOIN member m ON m.id = n.payer_id"""
_LISTED = _VIEW.replace("n.body", "''")


def _view(row: tuple[object, ...]) -> NoticeView:
    values = list(row)
    values[10:13] = [from_utc_text(str(text)) for text in row[10:13]]
    return NoticeView(*values)  # type: ignore[arg-type]  # columns in the order of its fields


def body_hash(subject: str, body: str) -> str:
    """SHA-256 of what is read: the notice shown is the notice sent."""
    return hashlib.sha256(f"{subject}\n\n{body}".encode()).hexdigest()


def cooling_minutes(tx: Tx) -> int:
    """How long a notice waits before it leaves."""
    from duesdesk.config import parse, setting

    text = tx.value("SELECT value FROM setting WHERE key = 'notices.cooling_minutes'")
    value = parse("notices.cooling_minutes", text if text is not None else setting("notices.cooling_minutes").default)
    return value if isinstance(value, int) else 0
