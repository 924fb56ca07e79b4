"""Tasks that notices leave behind: a word to say at the desk, and what a person has to look at."""

from __future__ import annotations

from duesdesk.domain.text import clean_text
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, among
from duesdesk.store.acts import ActRow
from duesdesk.store.database import Tx

WHO = "duesdesk"
"""The program itself: nobody's undo takes these acts for a slip of their own."""
_LONGEST_NOTE = 500
_DECIDED = "notice "
"""How the outcome of a task begins that ended by what was decided of its notice."""
SAYING = "saying"
"""The detail of a notice that is a word to say at the desk; that it was said, once it counts as sent."""


def said(tx: Tx, notice_id: int) -> str | None:
    """The state of the task that a word at the desk became; None before it is one."""
    state: str | None = tx.value("SELECT state FROM task WHERE idempotency_key = :key", key=_desk_key(notice_id))
    return state


def say_at_desk(tx: Tx, place: Workplace, notice_id: int) -> None:
    """A task for whoever meets them: say this."""
    payer_id, subject, body = _notice(tx, notice_id)
    _add(tx, place, "desk", payer_id, f"{subject}\n{body}", _desk_key(notice_id))


def look_at(tx: Tx, place: Workplace, notice_id: int, kind: str, detail: str) -> None:
    """A task for a person: nobody knows whether it arrived (`unsure`), or it did not (`failed`)."""
    payer_id, subject, _ = _notice(tx, notice_id)
    tries = tx.value("SELECT attempts FROM notice WHERE id = :id", id=notice_id)
    _add(tx, place, kind, payer_id, f"{subject}: {detail}", f"notice/{notice_id}/{kind}/{tries}")


def say_again(tx: Tx, notice_id: int) -> None:
    """The notice that was pulled back is one again: it is still to be said, as it reads now, where it is a word."""
    _, subject, body = _notice(tx, notice_id)
    tx.run(
        """UPDATE task SET state = 'open', outcome = '', done_at = NULL, done_by = '', note = :note
           WHERE idempotency_key = :key AND state = 'cancelled'
             AND EXISTS (SELECT 1 FROM notice WHERE id = :id AND channel = 'desk')""",
        key=_desk_key(notice_id),
        note=_note(f"{subject}\n{body}"),
        id=notice_id,
    )


def word_of(tx: Tx, task_id: int) -> int | None:
    """The notice that a task says at the desk; None for every other task."""
    found: int | None = tx.value(
        """SELECT n.id FROM task k JOIN notice n ON n.payer_id = k.payer_id AND n.channel = 'desk'
           WHERE k.id = :id AND k.idempotency_key = 'notice/' || n.id || '/desk'""",
        id=task_id,
    )
    return found


def withdraw_word(tx: Tx, notice_id: int, why: str, at: str, actor: str) -> None:
    """The notice was pulled back: nobody has to say it any more."""
    tx.run(
        """UPDATE task SET state = 'cancelled', outcome = :why, done_at = :at, done_by = :actor
           WHERE idempotency_key = :key AND state = 'open'""",
        key=_desk_key(notice_id),
        why=why,
        at=at,
        actor=actor,
    )


# By the payer, whose tasks are few; of a state there are as many as the house leaves open.
_LOOKS = """kind IN ('unsure', 'failed') AND substr(idempotency_key, 1, :cells) = :begins
            AND payer_id = (SELECT payer_id FROM notice WHERE id = :id)"""


def looked_at(tx: Tx, notice_id: int, outcome: str, at: str, actor: str) -> None:
    """Somebody decided what becomes of the notice: nobody has to look at it any more."""
    tx.run(
        f"""UPDATE task SET state = 'done', outcome = :outcome, done_at = :at, done_by = :actor
            WHERE {among.beside("state")} = 'open' AND {_LOOKS}""",
        outcome=f"{_DECIDED}{outcome}",
        at=at,
        actor=actor,
        **_looks_of(notice_id),
    )


def look_again(tx: Tx, notice_id: int) -> None:
    """The decision was taken back: whoever is to look at it has to again."""
    tx.run(
        f"""UPDATE task SET state = 'open', outcome = '', done_at = NULL, done_by = ''
            WHERE {among.beside("state")} = 'done' AND substr(outcome, 1, {len(_DECIDED)}) = '{_DECIDED}'
              AND {_LOOKS}""",
        **_looks_of(notice_id),
    )


def _looks_of(notice_id: int) -> dict[str, object]:
    begins = f"notice/{notice_id}/"
    return {"begins": begins, "cells": len(begins), "id": notice_id}


def _desk_key(notice_id: int) -> str:
    return f"notice/{notice_id}/desk"


def _note(text: str) -> str:
    return clean_text(text, max_length=_LONGEST_NOTE, lines=True)


def _notice(tx: Tx, notice_id: int) -> tuple[int, str, str]:
    row = tx.one("SELECT payer_id, subject, body FROM notice WHERE id = :id", id=notice_id)
    if row is None:
        raise ValueError("a notice is never deleted")
    return row[0], row[1], row[2]


def _add(tx: Tx, place: Workplace, kind: str, payer_id: int, note: str, key: str) -> None:
    """Insert the task with its act; the same one is made once."""
    if tx.value("SELECT 1 FROM task WHERE idempotency_key = :key", key=key):
        return
    today = place.today().isoformat()
    fresh = ActRow(0, f"task/{key}", "task", today, place.now_text(), WHO, place.actor.desk)
    act = acts.begin(tx, fresh, acts.digest(["task", {"key": key}]))
    if act is None:
        return
    identity = tx.insert(
        """INSERT INTO task (kind, payer_id, member_id, note, owner, due_on, state, done_by, outcome, act_id,
                             recorded_at, actor, desk, idempotency_key)
           VALUES (:kind, :payer, :payer, :note, '', :today, 'open', '', '', :act_id, :at, :actor, :desk, :key)""",
        kind=kind,
        payer=payer_id,
        note=_note(note),
        today=today,
        act_id=act.id,
        at=act.recorded_at,
        actor=WHO,
        desk=act.desk,
        key=key,
    )
    acts.finish(tx, act, subject=f"task {identity}", answer=f'{{"task":{identity}}}', tables=())
