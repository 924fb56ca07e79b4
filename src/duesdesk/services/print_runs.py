"""Print runs: letters printed together count as sent only once somebody says that they are in the post.

Between printing and posting the money may come: such a letter is pulled back, left out when the run is confirmed, and
named, so that it can be taken out of the pile.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from duesdesk.channels import WAYS
from duesdesk.clock import from_utc_text, utc_text
from duesdesk.config import Settings
from duesdesk.documents import exports
from duesdesk.domain.errors import BadInput, DuesdeskError, NotFound, Refused
from duesdesk.services import leaving, letters
from duesdesk.services.acts import Done, Plain, Request, Within, new_key, perform
from duesdesk.services.leaving import Gates, Moment
from duesdesk.services.notice_states import note_event
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, outbox, print_runs, steps
from duesdesk.store.database import Tx

PRINTED, POSTED, CANCELLED = "printed", "posted", "cancelled"
# Behind the key of a run: the act that took it back, because its files could not be written.
_NOT_PRINTED = "/not printed"
_LIST_HEAD = ("letter", "member", "name", "address", "subject", "file")


class PrintRun(NamedTuple):
    """Letters printed together. `state` is printed, posted or cancelled; `pulled_back` must not be posted."""

    id: int
    state: str
    file: str
    printed_at: datetime
    closed_at: datetime | None
    actor: str
    letters: int
    pulled_back: tuple[int, ...]


class PrintRuns:
    """Print runs of one centre, acting as one person."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def waiting(self, moment: Moment | None = None) -> list[int]:
        """The letters that may be printed now."""
        when = moment or Moment(self._place.now())
        with self._place.database.read() as tx:
            return [one for one, verdict in self._judged(tx, when) if not verdict.state]

    def all(self) -> list[PrintRun]:
        """Every print run, the newest first."""
        with self._place.database.read() as tx:
            return [self._view(tx, row) for row in print_runs.all_of(tx)]

    def print_letters(
        self, folder: Path, *, each: bool = False, moment: Moment | None = None, key: str | None = None
    ) -> Plain:
        """Make the PDF of every letter that may go now, in `folder`: one file, or one for `each`, and a list of them.

        Answers `{"run", "state", "letters": [{"notice", "member", "name", "file"}], "file", "list", "left_out":
        [{"notice", "reason"}]}`. A try whose files could not be written is taken back whole: the same key begins anew.
        Raises Refused when there is none, BadInput when the folder cannot be written or a part of the program is
        missing.
        """
        if WAYS["letter"].missing(self._settings):
            raise BadInput("letters-extra-missing")
        when = moment or Moment(self._place.now())
        content = {"folder": str(folder), "each": each}
        key = self._unused(key or new_key())
        request = Request("notice.print", content, key=key)
        done = perform(self._place, request, lambda within: self._choose(within, folder, when, each=each))
        if not self._place.rehearses and self._is_open(done["run"]):
            try:
                self._write(folder, done, each=each)
            except DuesdeskError:
                self.unpost(done["run"], reason="not printed", key=key + _NOT_PRINTED)
                raise
        return done

    def _unused(self, key: str) -> str:
        """The key of the next try: one whose files could not be written has had its own taken back."""
        tries = 1
        with self._place.database.read() as tx:
            while acts.find(tx, _numbered(key, tries) + _NOT_PRINTED) is not None:
                tries += 1
        return _numbered(key, tries)

    def _is_open(self, run_id: int) -> bool:
        with self._place.database.read() as tx:
            return print_runs.state(tx, run_id) == PRINTED

    def _choose(self, within: Within, folder: Path, when: Moment, *, each: bool) -> Done:
        """The run, in one short transaction; its papers are made after it, so that no desk waits for them."""
        tx = within.tx
        chosen, left_out = [], []
        for notice_id, verdict in self._judged(tx, when):
            if verdict.state in (leaving.CANCELLED, leaving.FAILED):
                _change(within, notice_id, verdict.state, verdict.why)
                steps.release(tx, [notice_id], within.act.recorded_at)
            if verdict.state:
                left_out.append({"notice": notice_id, "reason": verdict.why})
            else:
                chosen.append(notice_id)
                _change(within, notice_id, "queued", leaving.POSTING)
        if not chosen:
            raise Refused("no-letters")
        letters.sender(tx, self._place.centre)
        run_id = print_runs.add(tx, str(folder), within.act.recorded_at, within.act.actor, within.act.desk, chosen)
        rows = print_runs.letters(tx, run_id)
        name = f"letters-{run_id:05}"
        files = [f"{name}-{row.notice:06}.pdf" if each else f"{name}.pdf" for row in rows]
        told = [
            {"notice": row.notice, "member": row.member, "name": row.name, "file": file}
            for row, file in zip(rows, files, strict=True)
        ]
        answer = {
            "run": run_id,
            "state": PRINTED,
            "letters": told,
            "file": "" if each else str(folder / f"{name}.pdf"),
            "list": str(folder / f"{name}.csv"),
            "left_out": left_out,
        }
        return Done(f"print run {run_id}", answer)

    def _write(self, folder: Path, done: Plain, *, each: bool) -> None:
        """The files of a run, each whole or not at all, and the list beside them."""
        files = [one["file"] for one in done["letters"]]
        with self._place.database.read() as tx:
            rows = print_runs.letters(tx, done["run"])
            if each:
                for row, file in zip(rows, files, strict=True):
                    exports.write_bytes(folder, file, letters.pdf_of(tx, self._place, [row.notice]))
            else:
                exports.write_bytes(folder, files[0], letters.pdf_of(tx, self._place, [row.notice for row in rows]))
        listed = [
            (f"N-{row.notice}", row.member, row.name, row.address.replace("\n", ", "), row.subject, file)
            for row, file in zip(rows, files, strict=True)
        ]
        exports.write(folder, Path(done["list"]).name, exports.csv_text(_LIST_HEAD, listed))

    def post(self, run_id: int, *, key: str | None = None) -> Plain:
        """They are in the post: what was not pulled back meanwhile counts as sent.

        Answers `{"run", "state", "posted": [notice], "left_out": [{"notice", "member", "name", "reason"}]}`.
        Raises NotFound, Refused when the run is closed.
        """

        def work(within: Within) -> Done:
            self._open_run(within.tx, run_id)
            posted, left_out = [], []
            for row in print_runs.letters(within.tx, run_id):
                if row.waits:
                    _change(within, row.notice, "sent", "")
                    posted.append(row.notice)
                else:
                    left_out.append(
                        {
                            "notice": row.notice,
                            "member": row.member,
                            "name": row.name,
                            # Behind the colon stands the key of the act that pulled it back.
                            "reason": row.detail.partition(":")[0] if row.channel == "letter" else row.channel,
                        }
                    )
            print_runs.close(within.tx, run_id, POSTED, within.act.recorded_at)
            return Done(f"print run {run_id}", {"run": run_id, "state": POSTED, "posted": posted, "left_out": left_out})

        return perform(self._place, Request("notice.print", {"post": run_id}, key=key), work)

    def unpost(self, run_id: int, *, reason: str = "", key: str | None = None) -> Plain:
        """They were not posted (jammed, lost): the letters wait to be printed again. Answers `{"run", "state",
        "letters"}`. Raises NotFound, Refused when the run is closed.
        """  # noqa: D205  # one sentence

        def work(within: Within) -> Done:
            self._open_run(within.tx, run_id)
            waiting = [row.notice for row in print_runs.letters(within.tx, run_id) if row.waits]
            for notice_id in waiting:
                _change(within, notice_id, "queued", leaving.PRINTING)
            print_runs.close(within.tx, run_id, CANCELLED, within.act.recorded_at)
            return Done(f"print run {run_id}", {"run": run_id, "state": CANCELLED, "letters": waiting})

        request = Request("notice.print", {"unpost": run_id}, key=key, reason=reason)
        return perform(self._place, request, work)

    def _open_run(self, tx: Tx, run_id: int) -> None:
        state = print_runs.state(tx, run_id)
        if state is None:
            raise NotFound("print-run-unknown", run=run_id)
        if state != PRINTED:
            raise Refused("print-run-closed", run=run_id, state=state)

    def _judged(self, tx: Tx, when: Moment) -> list[tuple[int, leaving.Verdict]]:
        """Each letter that is due and in no open run, with what keeps it back."""
        gates = Gates(tx, self._place, self._settings)
        found = []
        for notice_id, channel in outbox.due(tx, utc_text(when.at)):
            one = leaving.row(tx, notice_id) if channel == "letter" else None
            if one is not None:
                # A letter is read when the postman comes: the hour at which it is printed disturbs nobody.
                found.append((notice_id, gates.judge(one, when, by_post=True)))
        return found

    def _view(self, tx: Tx, row: print_runs.RunRow) -> PrintRun:
        found = print_runs.letters(tx, row.id)
        back = tuple(one.notice for one in found if one.state == "cancelled") if row.state == PRINTED else ()
        closed = from_utc_text(row.closed_at) if row.closed_at else None
        return PrintRun(row.id, row.state, row.file, from_utc_text(row.printed_at), closed, row.actor, len(found), back)


def _numbered(key: str, tries: int) -> str:
    return key if tries == 1 else f"{key}/{tries}"


def _change(within: Within, notice_id: int, state: str, detail: str) -> None:
    act = within.act
    outbox.change(within.tx, notice_id, state, detail, act.recorded_at)
    note_event(within.tx, notice_id, state, detail, act.recorded_at, act.actor, act.desk)
