"""Notices that go a second time, as they are or by another channel; and those that a person knows to have left."""

from __future__ import annotations

from collections.abc import Sequence

from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services import notice_tasks
from duesdesk.services.acts import Done, Plain, Within
from duesdesk.services.notice_states import note_event
from duesdesk.services.notice_texts import Preview
from duesdesk.store import outbox, steps

LEFT = "left"
"""What the history of a notice says when a person knew that it had left."""
_MAY = "('failed', 'unsure', 'cancelled')"


def again_within(within: Within, notice_id: int) -> Done:
    """Queue it again as it was written; its answer says in `was` which state it left. Raises NotFound, Refused."""
    row = within.tx.one("SELECT state, detail FROM notice WHERE id = :id", id=notice_id)
    _take_steps_again(within, notice_id)
    touched = within.tx.run(
        f"""UPDATE notice SET state = 'queued', send_after = :now, attempts = 0, changed_at = :now, detail = ''
            WHERE id = :id AND state IN {_MAY}""",
        id=notice_id,
        now=within.act.recorded_at,
    )
    if touched != 1:
        raise Refused("notice-not-to-retry", notice=notice_id)
    done = _queued(within, notice_id, "again")
    was, detail = row or ("failed", "")
    return Done(done.subject, {**done.answer, "was": was}, detail)


def again_many_within(within: Within, notice_ids: Sequence[int]) -> Done:
    """Queue those again that failed or were pulled back. Raises Refused when there is none."""
    again: list[Plain] = []
    left_out: list[int] = []
    for notice_id in dict.fromkeys(notice_ids):
        state = within.tx.value("SELECT state FROM notice WHERE id = :id", id=notice_id)
        try:
            if state not in ("failed", "cancelled"):
                raise Refused("notice-not-to-retry", notice=notice_id)
            done = again_within(within, notice_id)
        except Refused:
            left_out.append(notice_id)
            continue
        again.append({"notice": notice_id, "was": done.answer["was"], "detail": done.before})
    if not again:
        raise Refused("notices-not-to-retry")
    return Done("notices", {"notices": again, "left_out": left_out})


def not_again_many_within(within: Within, answer: Plain) -> Done:
    """Sending them again was a slip; undo calls it. Raises Refused when one has left."""
    for one in answer["notices"]:
        not_again_within(within, one["notice"], one["was"], one["detail"])
    return Done("notices", {"notices": answer["notices"]})


def not_again_within(within: Within, notice_id: int, was: str, detail: str) -> Done:
    """Sending it again was a slip: it is again what it `was`; undo calls it. Raises Refused when it has left."""
    touched = within.tx.run(
        """UPDATE notice SET state = :was, detail = :detail, changed_at = :now
           WHERE id = :id AND state IN ('held', 'queued')""",
        was=was,
        detail=detail,
        now=within.act.recorded_at,
        id=notice_id,
    )
    if touched != 1:
        raise Refused("undo-not-the-last")
    return _undone(within, notice_id, was)


def left_within(within: Within, notice_id: int) -> Done:
    """Somebody knows that it left. Raises NotFound, Refused."""
    row = within.tx.one("SELECT state, detail FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    was, detail = row
    if was != "unsure":
        raise Refused("notice-not-unsure", notice=notice_id, state=was)
    act = within.act
    outbox.change(within.tx, notice_id, "sent", "", act.recorded_at)
    note_event(within.tx, notice_id, "sent", LEFT, act.recorded_at, act.actor, act.desk)
    notice_tasks.looked_at(within.tx, notice_id, LEFT, act.recorded_at, act.actor)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": "sent", "was": was}, detail)


def not_left_within(within: Within, notice_id: int, detail: str) -> Done:
    """That it left was a slip: nobody knows again; undo calls it. Raises Refused."""
    if within.tx.value("SELECT state FROM notice WHERE id = :id", id=notice_id) != "sent":
        raise Refused("undo-not-the-last")
    outbox.change(within.tx, notice_id, "unsure", detail, within.act.recorded_at)
    return _undone(within, notice_id, "unsure")


def _undone(within: Within, notice_id: int, state: str) -> Done:
    act = within.act
    note_event(within.tx, notice_id, state, "undone", act.recorded_at, act.actor, act.desk)
    notice_tasks.look_again(within.tx, notice_id)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": state})


def rewrite_within(within: Within, notice_id: int, preview: Preview, body_hash: str) -> Done:
    """Queue it by another channel, as it reads there today: nobody has had the text it had. What was held stays held.

    Raises Refused.
    """
    tx = within.tx
    _take_steps_again(within, notice_id)
    touched = tx.run(
        """UPDATE notice SET channel = :channel, address = :address, language = :language, subject = :subject,
                             body = :body, body_hash = :hash, attempts = 0, changed_at = :now, detail = '',
                             send_after = CASE WHEN state = 'held' THEN send_after ELSE :now END,
                             state = CASE WHEN state = 'held' THEN 'held' ELSE 'queued' END
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
    row = within.tx.one("SELECT channel, state FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    act, (channel, state) = within.act, row
    note_event(within.tx, notice_id, state, detail, act.recorded_at, act.actor, act.desk)
    notice_tasks.looked_at(within.tx, notice_id, "again", act.recorded_at, act.actor)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": state, "channel": channel})
