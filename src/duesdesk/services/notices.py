"""Write a notice to a payer: preview, queue, withdraw. Sending is `services.outbox`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from duesdesk.clock import utc_text
from duesdesk.config import Settings
from duesdesk.documents import notice_words
from duesdesk.domain.errors import BadInput, DuesdeskError, NotFound, Refused
from duesdesk.domain.reach import CHANNELS
from duesdesk.domain.text import clean_text
from duesdesk.services import lookup, notice_choices
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.notice_again import again_many_within, again_within, left_within, rewrite_within
from duesdesk.services.notice_choices import Choices
from duesdesk.services.notice_states import cancel_many_within, cancel_within, note_event
from duesdesk.services.notice_texts import NoticeRequest, NoticeTexts, Preview
from duesdesk.services.notice_values import without_way_out
from duesdesk.services.notice_views import LISTED, MANY, VIEW, NoticeList, NoticeView, as_view, batch_name, with_whys
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, outbox
from duesdesk.store.database import Tx

LONGEST_REASON = 200


class Notices:
    """Notices of one centre, acting as one person."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings
        self._texts = NoticeTexts(place)

    def choices(self, member: str | None = None) -> Choices:
        """Texts, tones and channels to choose from for who pays for `member`, or for many. Raises NotFound."""
        with self._place.database.read() as tx:
            return notice_choices.choices(tx, self._settings, member)

    def preview(self, wanted: NoticeRequest) -> Preview:
        """The exact text, to whom and how. Raises NotFound, BadInput; what keeps it from going is in `problem`."""
        with self._place.database.read() as tx:
            return self._texts.compose(tx, wanted)

    def doubt(self, member: str, own_words: str = "") -> DuesdeskError | None:
        """What somebody should know before they write; None: nothing. They may write all the same.

        A place for a figure in `own_words`, which is sent as it stands; why the rule would not ask who pays for
        `member` now (a hold, a promise, a word lately). Raises NotFound.
        """
        place = notice_words.place_in(own_words)
        if place is not None:
            return place
        from duesdesk.services import notices_kept  # imported late: what decides for the rule is much

        with self._place.database.read() as tx:
            person = lookup.person(tx, member)
            found = notices_kept.read(tx, self._place, [person.payer_number])
        return found.why.get(person.payer_number) or found.held.get(person.payer_number)

    def preview_many(
        self,
        members: Sequence[str],
        template: str,
        *,
        channel: str = "email",
        tone: str = "",
        only: Callable[[str], frozenset[int]] | None = None,
    ) -> list[Preview]:
        """One preview per payer of `members`, in their order: two members of one household get one notice.

        `only` answers for a member of which invoices it may ask for money.
        """
        previews: dict[str, Preview] = {}
        with self._place.database.read() as tx:
            for member in members:
                asked = only(member) if only is not None else None
                wanted = NoticeRequest(member, template, channel=channel, tone=tone, only=asked)
                preview = self._texts.compose(tx, wanted)
                previews.setdefault(preview.payer, preview)
        return list(previews.values())

    def write(
        self,
        wanted: NoticeRequest,
        *,
        key: str | None = None,
        cooling: bool = True,
        pressing: str = "",
        shown: str = "",
    ) -> Plain:
        """Hold the notice for `notices.cooling_minutes`; with `cooling` False it may leave at once.

        `pressing` is why it may leave outside the hours of the house; those of the law it keeps all the same.
        `shown` is the `body_hash` of the text that somebody has read; another one is not written.
        Answers `{"notice", "member", "channel", "address", "subject", "state", "send_after"}`.
        Raises NotFound, BadInput, Refused (no address, nothing to ask for, not wanted, it reads differently by now).
        """
        reason = clean_text(pressing, max_length=LONGEST_REASON)
        content = {
            "member": wanted.member,
            "template": wanted.template,
            "text": wanted.text,
            "subject": wanted.subject,
            "invoices": list(wanted.invoices),
            "tone": wanted.tone,
            "channel": wanted.channel,
        }
        if reason:
            content["pressing"] = reason
        request = Request("notice", content, key=key, reason=reason)
        return perform(
            self._place,
            request,
            lambda within: self._write(within, wanted, cooling=cooling, pressing=reason, shown=shown),
        )

    def write_part(self, within: Within, wanted: NoticeRequest, key: str) -> Done:
        """One notice of many, in the act of its part; `key` makes it the only one of its payer. Raises as `write`."""
        preview = self._texts.compose(within.tx, wanted)
        if preview.problem is not None:
            raise preview.problem
        return self._put(within, preview, cooling=True, key=key)

    def _write(self, within: Within, wanted: NoticeRequest, *, cooling: bool, pressing: str, shown: str) -> Done:
        preview = self._texts.compose(within.tx, wanted)
        if preview.problem is not None:
            raise preview.problem
        if shown and shown != body_hash(preview.subject, preview.body):
            raise Refused("notice-has-changed")
        return self._put(within, preview, cooling=cooling, pressing=pressing)

    def _put(self, within: Within, preview: Preview, *, cooling: bool, pressing: str = "", key: str = "") -> Done:
        tx = within.tx
        key = key or within.act.key
        from duesdesk.channels import id_sender  # imported late: start-up
        from duesdesk.channels.mail import message_id

        minutes = cooling_minutes(tx) if cooling else 0
        send_after = utc_text(self._place.now() + timedelta(minutes=minutes))
        state = "held" if minutes else "queued"
        payer_id = lookup.person(tx, preview.payer).id
        identity = tx.insert(
            """INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash,
                                   asks_for_money, tone, pressing, state, send_after, attempts, message_id, detail,
                                   act_id, created_at, changed_at, actor, desk, idempotency_key)
               VALUES (:payer_id, :channel, :address, :language, :template, :subject, :body, :body_hash, :asks, :tone,
                       :pressing, :state, :send_after, 0, :message_id, '', :act_id, :now, :now, :actor, :desk,
                       :key)""",
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
            pressing=pressing,
            state=state,
            send_after=send_after,
            message_id=message_id(f"n-{key}", id_sender(self._settings)),
            act_id=within.act.id,
            now=within.act.recorded_at,
            actor=within.act.actor,
            desk=within.act.desk,
            key=key,
        )
        for item in preview.items:
            tx.run(
                "INSERT INTO notice_item (notice_id, invoice_id, open_minor) VALUES (:notice, :invoice, :open)",
                notice=identity,
                invoice=item.invoice_id,
                open=item.open_minor,
            )
        note_event(tx, identity, state, pressing, within.act.recorded_at, within.act.actor, within.act.desk)
        return Done(
            f"member {preview.payer}",
            {
                "notice": identity,
                "member": preview.payer,
                "channel": preview.channel,
                "address": preview.address,
                "subject": preview.subject,
                "state": state,
                "send_after": send_after,
            },
        )

    def all(self, state: str | None = None, *, most: int = 500) -> list[NoticeView]:
        """The outbox, newest first; only those of `state` when one is named."""
        with self._place.database.read() as tx:
            rows = tx.all(
                f"""{VIEW} {_IN_STATE}
                    ORDER BY n.created_at DESC, n.id DESC LIMIT :most""",
                state=state or "",
                most=most,
            )
            return with_whys(tx, self._place, self._settings, [as_view(row) for row in rows])

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
                    f"""{LISTED} WHERE n.id IN ({among.ids(tx)}) ORDER BY n.created_at DESC, n.id DESC""",
                    wanted=among.listed(wanted),
                )
                page = with_whys(tx, self._place, self._settings, [as_view(row) for row in found])
            yield page

    def get(self, notice_id: int) -> NoticeView:
        """One notice. Raises NotFound."""
        with self._place.database.read() as tx:
            row = tx.one(f"{VIEW} WHERE n.id = :id", id=notice_id)
            if row is None:
                raise NotFound("notice-unknown", notice=notice_id)
            return with_whys(tx, self._place, self._settings, [as_view(row)])[0]

    def counts(self) -> dict[str, int]:
        """How many notices are in each state that has any."""
        with self._place.database.read() as tx:
            return outbox.counts(tx)

    def together(self, batch: str) -> int:
        """How many notices were written in a batch."""
        with self._place.database.read() as tx:
            return len(outbox.of_batch(tx, f"{MANY}/{batch}/"))

    def listed(self, state: str = "", total: int | None = None) -> NoticeList:
        """The notices of a state ('' is all of them), however many; `total` is how many where that is known."""
        if total is None:
            total = self.count(state or None)
        return NoticeList(self._place, self._settings, state, total)

    def look(self, notice_id: int) -> NoticeView:
        """One notice, and whether it would still leave as the book stands now (`ends`). Raises NotFound."""
        with self._place.database.read() as tx:
            row = tx.one(f"{VIEW} WHERE n.id = :id", id=notice_id)
            if row is None:
                raise NotFound("notice-unknown", notice=notice_id)
            return with_whys(tx, self._place, self._settings, [as_view(row)], deep=True)[0]

    def cancel_many(
        self, notice_ids: Sequence[int] = (), *, batch: str = "", reason: str = "", key: str | None = None
    ) -> Plain:
        """Pull these back, or all of a `batch` that was written to many; what has left already stays.

        Answers `{"batch", "notices": [{"notice", "was"}], "left"}`, `left` how many had left.
        Raises NotFound, Refused when none can be pulled back.
        """
        content = {"notices": sorted(notice_ids), "batch": batch}
        request = Request("notice.cancel", content, key=key, reason=reason)

        def work(within: Within) -> Done:
            name = batch_name(batch) if "/" in batch else batch
            ids = outbox.of_batch(within.tx, f"{MANY}/{name}/") if batch else list(notice_ids)
            if not ids:
                raise NotFound("notice-batch-unknown", batch=batch)
            return cancel_many_within(within, ids, reason or "by hand", batch=batch)

        return perform(self._place, request, work)

    def left(self, notice_id: int, *, reason: str = "", key: str | None = None) -> Plain:
        """A person knows that a notice of which nobody knew whether it arrived did leave: it counts as sent.

        Answers `{"notice", "state", "was"}`. Raises NotFound, Refused when it is not unsure.
        """
        request = Request("notice.left", {"notice": notice_id}, key=key, reason=reason)
        return perform(self._place, request, lambda within: left_within(within, notice_id))

    def cancel(self, notice_id: int, *, reason: str = "", key: str | None = None) -> Plain:
        """Pull a notice back that has not left. Answers `{"notice", "state"}`. Raises NotFound, Refused."""
        request = Request("notice.cancel", {"notice": notice_id}, key=key, reason=reason)

        def work(within: Within) -> Done:
            return cancel_within(within, notice_id, reason or "by hand")

        return perform(self._place, request, work)

    def retry(self, notice_id: int, *, channel: str | None = None, key: str | None = None) -> Plain:
        """Queue a notice again that failed, was pulled back, or of which nobody knows whether it arrived.

        By another `channel` it is written anew, as it would read there today, and may be one that only waits. Answers
        `{"notice", "state", "channel"}`. Raises NotFound, BadInput, Refused when it is on its way or has arrived, when
        the rule has asked again since, and as `write`.
        """

        def work(within: Within) -> Done:
            if channel is None:
                return again_within(within, notice_id)
            return self._by_another_way(within, notice_id, channel)

        request = Request("notice", {"retry": notice_id, "channel": channel}, key=key)
        return perform(self._place, request, work)

    def retry_many(self, notice_ids: Sequence[int], *, key: str | None = None) -> Plain:
        """Queue several again that failed or were pulled back, as they were written; the others stay as they are.

        Answers `{"notices": [{"notice", "was", "detail"}], "left_out": [{"notice", "reason"}]}`. Of an unsure one a
        person decides by itself. Raises NotFound, Refused when none can be sent again.
        """
        request = Request("notice", {"retry": sorted(notice_ids)}, key=key)
        return perform(self._place, request, lambda within: again_many_within(within, notice_ids))

    def preview_by(self, notice_id: int, channel: str) -> Preview:
        """The notice as it would read today by another channel. Raises NotFound, BadInput, Refused."""
        with self._place.database.read() as tx:
            return self._anew(tx, notice_id, channel)[1]

    def _by_another_way(self, within: Within, notice_id: int, channel: str) -> Done:
        """The same notice by another channel. What may have arrived stays as it is, and a new one is written."""
        view, preview = self._anew(within.tx, notice_id, channel)
        if preview.problem is not None:
            raise preview.problem
        if view.state == "unsure":
            done = self._put(within, preview, cooling=False)
            return Done(done.subject, {**done.answer, "instead_of": notice_id})
        return rewrite_within(within, notice_id, preview, body_hash(preview.subject, preview.body))

    def _anew(self, tx: Tx, notice_id: int, channel: str) -> tuple[NoticeView, Preview]:
        """A notice, and what it would be by another channel."""
        row = tx.one(f"{VIEW} WHERE n.id = :id", id=notice_id)
        if row is None:
            raise NotFound("notice-unknown", notice=notice_id)
        view = as_view(row)
        if channel not in CHANNELS:
            raise BadInput("channel-unknown", channel=channel, known=list(CHANNELS))
        if view.state in ("sending", "sent"):
            raise Refused("notice-not-to-retry", notice=notice_id)
        told = tx.all("SELECT invoice_id FROM notice_item WHERE notice_id = :id", id=notice_id)
        about = tx.one(
            """SELECT max(i.payment_id), max(i.promise_id), max(i.agreement_part_id)
               FROM step_taken s JOIN step_item i ON i.step_taken_id = s.id WHERE s.notice_id = :id""",
            id=notice_id,
        )
        payment_id, promise_id, part_id = about or (None, None, None)
        wanted = NoticeRequest(
            view.payer,
            view.template or None,
            text=without_way_out(view.body, view.language, self._place.centre.country),
            subject=view.subject,
            tone=view.tone,
            channel=channel,
            invoice_ids=tuple(invoice_id for (invoice_id,) in told),
            payment_id=payment_id,
            promise_id=promise_id,
            part_id=part_id,
        )
        return view, self._texts.compose(tx, wanted)


_PAGE = 500
# Above any count of notices.
_ALL = 2**62
_IN_STATE = "WHERE (:state = '' OR n.state = :state)"


def body_hash(subject: str, body: str) -> str:
    """SHA-256 of what is read: the notice shown is the notice sent."""
    return hashlib.sha256(f"{subject}\n\n{body}".encode()).hexdigest()


def cooling_minutes(tx: Tx) -> int:
    """How long a notice waits before it leaves."""
    from duesdesk.config import parse, setting

    text = tx.value("SELECT value FROM setting WHERE key = 'notices.cooling_minutes'")
    value = parse("notices.cooling_minutes", text if text is not None else setting("notices.cooling_minutes").default)
    return value if isinstance(value, int) else 0
