"""Notices that go a second time: as they are, or by another channel."""

from __future__ import annotations

from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services.acts import Done, Within
from duesdesk.services.notice_states import note_event
from duesdesk.services.notice_texts import Preview
from duesdesk.store import steps

_MAY = "('failed', 'unsure', 'cancelled')"


def again_within(within: Within, notice_id: int) -> Done:
    """Queue it again as it was written. Raises NotFound, Refused."""
    _take_steps_again(within, notice_id)
    touched = within.tx.run(
        f"""UPDATE notice SET state = 'queued', send_after = :now, attempts = 0, changed_at = :now, detail = ''
            WHERE id = :id AND state IN {_MAY}""",
        id=notice_id,
        now=within.act.recorded_at,
    )
    if touched != 1:
        raise Refused("notice-not-to-retry", notice=notice_id)
    return _queued(within, notice_id, "again")


def rewrite_within(within: Within, notice_id: int, preview: Preview, body_hash: str) -> Done:
    """Queue it by another channel, as it reads there today: nobody has had the text it had. Raises Refused."""
    tx = within.tx
    _take_steps_again(within, notice_id)
    touched = tx.run(
        """UPDATE notice SET channel = :channel, address = :address, language = :language, subject = :subject,
                             body = :body, body_hash = :hash, state = 'queued', send_after = :now, attempts = 0,
                             changed_at = :now, detail = ''
           WHERE id = :id AND state IN ('held', 'queued', 'failed', 'cancelled')""",
        id=notice_id,
        channel=preview.channel,
        address=preview.address,
        language=preview.language,
        subject=preview.subject,
        body=preview.body,
        hash=body_hash,
        now=within.act.recorded_at,
    )
    if touched != 1:
        raise Refused("notice-not-to-retry", notice=notice_id)
    tx.run("DELETE FROM notice_item WHERE notice_id = :id", id=notice_id)
    tx.many(
        "INSERT INTO notice_item (notice_id, invoice_id, open_minor) VALUES (:notice, :invoice, :open)",
        [{"notice": notice_id, "invoice": item.invoice_id, "open": item.open_minor} for item in preview.items],
    )
    return _queued(within, notice_id, f"by {preview.channel}")


def _take_steps_again(within: Within, notice_id: int) -> None:
    """What the rule took it for counts again. Raises Refused when the rule has asked anew meanwhile."""
    if not steps.take_again(within.tx, notice_id):
        raise Refused("notice-asked-anew", notice=notice_id)


def _queued(within: Within, notice_id: int, detail: str) -> Done:
    row = within.tx.one("SELECT channel FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    act = within.act
    note_event(within.tx, notice_id, "queued", detail, act.recorded_at, act.actor, act.desk)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": "queued", "channel": row[0]})
