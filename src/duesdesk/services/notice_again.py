"""Notices that go a second time, as they are or by another channel; and those that a person knows to have left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from duesdesk.domain.errors import NotFound, Refused
from duesdesk.services import notice_tasks
from duesdesk.services.acts import Done, Plain, Within
from duesdesk.services.notice_states import note_event, states_of
from duesdesk.services.notice_texts import Preview
from duesdesk.store import outbox, print_runs, steps
from duesdesk.store.database import Tx

LEFT = "left"
"""What the history of a notice says when a person knew that it had left."""
REWRITTEN = "rewritten"
"""What the answer of an act has that had a notice go by another channel."""
_MAY = "('failed', 'unsure', 'cancelled')"
_WHY_NOT = {"unsure": "notice-unsure-alone", "held": "notice-waits", "queued": "notice-waits"}
_KEPT = (
    "channel", "address", "language", "subject", "body", "body_hash", "state", "detail", "attempts", "send_after",
)  # fmt: skip


def again_within(within: Within, notice_id: int) -> Done:
    """Queue it again as it was written; its answer says in `was` which state it left, and in `steps` how many steps of
    the rule count again. Raises NotFound, Refused.
    """  # noqa: D205  # one sentence
    row = within.tx.one("SELECT state, detail FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    again = _take_steps_again(within, notice_id)
    touched = within.tx.run(
        f"""UPDATE notice SET state = 'queued', send_after = :now, attempts = 0, changed_at = :now, detail = ''
            WHERE id = :id AND state IN {_MAY}""",
        id=notice_id,
        now=within.act.recorded_at,
    )
    was, detail = row
    if touched != 1:
        raise Refused(_WHY_NOT.get(was, "notice-not-to-retry"), notice=notice_id)
    done = _queued(within, notice_id, "again")
    return Done(done.subject, {**done.answer, "was": was, "steps": again}, detail)


def again_many_within(within: Within, notice_ids: Sequence[int]) -> Done:
    """Queue those again that failed or were pulled back. Raises Refused when there is none, NotFound."""
    again: list[Plain] = []
    left_out: list[Plain] = []
    for notice_id, state in states_of(within.tx, notice_ids).items():
        try:
            if state not in ("failed", "cancelled"):
                raise Refused(_WHY_NOT.get(state, "notice-not-to-retry"), notice=notice_id)
            done = again_within(within, notice_id)
        except Refused as error:
            left_out.append({"notice": notice_id, "reason": error.code})
            continue
        answer = done.answer
        again.append({"notice": notice_id, "was": answer["was"], "detail": done.before, "steps": answer["steps"]})
    if not again:
        raise Refused("notices-not-to-retry")
    return Done("notices", {"notices": again, "left_out": left_out})


def not_again_many_within(within: Within, answer: Plain) -> Done:
    """Sending them again was a slip; undo calls it. Raises Refused when one has left."""
    for one in answer["notices"]:
        not_again_within(within, one, one["detail"])
    return Done("notices", {"notices": answer["notices"]})


def not_again_within(within: Within, answer: Plain, detail: str) -> Done:
    """Sending it again was a slip: it is again what it was, as the act's `answer` tells, and what did not count of it
    counts no more; undo calls it. Raises Refused when it has left.
    """  # noqa: D205  # one sentence
    notice_id, was = answer["notice"], answer["was"]
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
    _release_again(within, answer)
    notice_tasks.withdraw_word(within.tx, notice_id, detail, within.act.recorded_at, within.act.actor)
    return _undone(within, notice_id, was)


def _release_again(within: Within, answer: Plain) -> None:
    """What the rule took it for counted no more when it was sent again: so it is once more, and the rule asks anew."""
    if answer.get("steps"):
        steps.release(within.tx, [answer["notice"]], within.act.recorded_at)


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

    What it was stands before the act, for undo. Raises Refused: also for a letter that lies printed in a pile.
    """
    tx = within.tx
    run = print_runs.open_with(tx, notice_id)
    if run is not None:
        raise Refused("notice-in-print", notice=notice_id, run=run)
    before = _kept(tx, notice_id)
    again = _take_steps_again(within, notice_id)
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
    _write_items(tx, notice_id, [(item.invoice_id, item.open_minor) for item in preview.items])
    done = _queued(within, notice_id, f"by {preview.channel}")
    if preview.channel != "desk":
        act = within.act
        notice_tasks.withdraw_word(tx, notice_id, f"by {preview.channel}", act.recorded_at, act.actor)
    return Done(done.subject, {**done.answer, REWRITTEN: True, "steps": again}, json.dumps(before, ensure_ascii=False))


def not_rewritten_within(within: Within, answer: Plain, before: str) -> Done:
    """That it goes by another channel was a slip: it is again whole what it was `before`, as the audit entry tells.

    Undo calls it. Raises Refused when it has left.
    """
    tx, notice_id, kept = within.tx, answer["notice"], json.loads(before)
    touched = tx.run(
        f"""UPDATE notice SET {", ".join(f"{column} = :{column}" for column in _KEPT)}, changed_at = :now
            WHERE id = :id AND state IN ('held', 'queued')""",
        **{column: kept[column] for column in _KEPT},
        now=within.act.recorded_at,
        id=notice_id,
    )
    if touched != 1:
        raise Refused("undo-not-the-last")
    _write_items(tx, notice_id, kept["items"])
    _release_again(within, answer)
    if kept["state"] in ("held", "queued"):
        notice_tasks.say_again(tx, notice_id)
    if kept["state"] == "cancelled" or kept["channel"] != "desk":
        notice_tasks.withdraw_word(tx, notice_id, kept["detail"], within.act.recorded_at, within.act.actor)
    return _undone(within, notice_id, kept["state"])


def _kept(tx: Tx, notice_id: int) -> Plain:
    """All of a notice that another channel changes."""
    row = tx.one(f"SELECT {', '.join(_KEPT)} FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    items = tx.all(
        "SELECT invoice_id, open_minor FROM notice_item WHERE notice_id = :id ORDER BY invoice_id", id=notice_id
    )
    return {**dict(zip(_KEPT, row, strict=True)), "items": [list(item) for item in items]}


def _write_items(tx: Tx, notice_id: int, items: Iterable[Sequence[int]]) -> None:
    """What it asks for, in the place of what it asked for."""
    tx.run("DELETE FROM notice_item WHERE notice_id = :id", id=notice_id)
    tx.many(
        "INSERT INTO notice_item (notice_id, invoice_id, open_minor) VALUES (:notice, :invoice, :open)",
        [{"notice": notice_id, "invoice": invoice_id, "open": minor} for invoice_id, minor in items],
    )


def _take_steps_again(within: Within, notice_id: int) -> int:
    """What the rule took it for counts again; how many steps did not. Raises Refused when the rule has gone on."""
    again = steps.take_again(within.tx, notice_id)
    if again is None:
        raise Refused("notice-asked-anew", notice=notice_id)
    return again


def _queued(within: Within, notice_id: int, detail: str) -> Done:
    row = within.tx.one("SELECT channel, state FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise NotFound("notice-unknown", notice=notice_id)
    act, (channel, state) = within.act, row
    note_event(within.tx, notice_id, state, detail, act.recorded_at, act.actor, act.desk)
    notice_tasks.looked_at(within.tx, notice_id, "again", act.recorded_at, act.actor)
    notice_tasks.say_again(within.tx, notice_id)
    return Done(f"notice {notice_id}", {"notice": notice_id, "state": state, "channel": channel})
