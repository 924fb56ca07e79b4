"""Letters printed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.store.database import Tx


class RunRow(NamedTuple):
    """A print run."""

    id: int
    state: str
    file: str
    printed_at: str
    closed_at: str | None
    actor: str


class LetterRow(NamedTuple):
    """A letter of a run, with the state of its notice now."""

    notice: int
    member: str
    name: str
    address: str
    subject: str
    state: str
    detail: str
    channel: str

    @property
    def waits(self) -> bool:
        """Whether it is still a letter that goes with its run."""
        return self.state == "queued" and self.channel == "letter"


def add(tx: Tx, file: str, at: str, actor: str, desk: str, notice_ids: Sequence[int]) -> int:
    """A run of these letters; answers its id."""
    run_id = tx.insert(
        """INSERT INTO print_run (state, file, printed_at, closed_at, actor, desk)
           VALUES ('printed', :file, :at, NULL, :actor, :desk)""",
        file=file,
        at=at,
        actor=actor,
        desk=desk,
    )
    tx.many(
        "INSERT INTO print_run_item (print_run_id, notice_id) VALUES (:run, :notice)",
        [{"run": run_id, "notice": notice_id} for notice_id in notice_ids],
    )
    return run_id


def all_of(tx: Tx) -> list[RunRow]:
    """Every run, the newest first."""
    rows = tx.all("SELECT id, state, file, printed_at, closed_at, actor FROM print_run ORDER BY id DESC")
    return [RunRow(*row) for row in rows]


def state(tx: Tx, run_id: int) -> str | None:
    """Where a run stands; None when there is none."""
    found: str | None = tx.value("SELECT state FROM print_run WHERE id = :id", id=run_id)
    return found


def letters(tx: Tx, run_id: int) -> list[LetterRow]:
    """The letters of a run, in the order they are printed."""
    rows = tx.all(
        """SELECT n.id, m.number, m.name, n.address, n.subject, n.state, n.detail, n.channel
           FROM print_run_item i JOIN notice n ON n.id = i.notice_id JOIN member m ON m.id = n.payer_id
           WHERE i.print_run_id = :id ORDER BY n.id""",
        id=run_id,
    )
    return [LetterRow(*row) for row in rows]


def open_with(tx: Tx, notice_id: int) -> int | None:
    """The run that is not closed and has this letter; None when it lies in no pile."""
    found: int | None = tx.value(
        """SELECT p.id FROM print_run_item i JOIN print_run p ON p.id = i.print_run_id
           WHERE i.notice_id = :id AND p.state = 'printed' LIMIT 1""",
        id=notice_id,
    )
    return found


def close(tx: Tx, run_id: int, state_now: str, at: str) -> None:
    """It was posted, or it was not."""
    tx.run("UPDATE print_run SET state = :state, closed_at = :at WHERE id = :id", state=state_now, at=at, id=run_id)
