"""A run of the collection rule for a day: gather, decide, triage, apply, announce.

A run is many short transactions, one for some hundred payers, so that the counter never waits for it. What was decided
is written only while nothing has changed since it was read; otherwise those payers are read and decided again within
the writing transaction. What is written is not taken again, so a run that was cut off goes on where it stopped, and
running again takes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from duesdesk.channels import id_sender
from duesdesk.clock import utc_text, zone
from duesdesk.config import Settings
from duesdesk.domain.collection import facts as reasons
from duesdesk.domain.collection.facts import Kept, Take
from duesdesk.domain.collection.ladder import FEE, NOTICE
from duesdesk.domain.collection.together import decide_payer
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.money import from_text
from duesdesk.domain.roles import require
from duesdesk.services import agreement_runs, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, answered, new_key, perform
from duesdesk.services.collection import triage
from duesdesk.services.collection.candidates import candidates, left_out
from duesdesk.services.collection.facts import Facts, Known
from duesdesk.services.collection.run_status import RunStatus, RunView, run_status, run_view
from duesdesk.services.collection.taking import Chosen, Taking
from duesdesk.services.collection.triage import Stale
from duesdesk.services.collection.views import CancelledStep, HeldStep, LeftOut, RunResult, TakenStep
from duesdesk.services.collection.wording import Wording
from duesdesk.services.notices import cooling_minutes
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, collection, runs, steps
from duesdesk.store.database import Tx

PAYERS_AT_ONCE = 250
NOTICES_AT_ONCE = 200
MOST_AHEAD_DAYS = 31
"""A run for a day holds until that day is over: one of a wrong year would hold for years."""
UNWRITABLE, NEVER = "unwritable", "never"

Progress = Callable[[int, int], None]


class Runs:
    """Runs of one centre's rule, acting as one person."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def status(self) -> RunStatus:
        """The last run, and whether one is missing today. A rule that never ran is not missed."""
        return run_status(self._place)

    def recent(self, most: int = 30) -> list[RunView]:
        """The newest runs."""
        with self._place.database.read() as tx:
            return [run_view(row) for row in runs.recent(tx, most)]

    def run_once(self, day: date | None = None, *, key: str) -> Plain:
        """As `run`, answered as JSON; under a `key` that was used, what that run answered, and nothing is done.

        Raises as `run`, and Conflict for a key that came with other content.
        """
        on = day or self._place.today()
        request = Request("run", {"date": on.isoformat()}, key=key, on=on)
        with self._place.database.read() as tx:
            if acts.find(tx, key) is not None:
                return answered(tx, key, acts.digest([request.verb, dict(request.content)]))
        result = self.run(on)
        answer = result.as_json()
        return perform(self._place, request, lambda _within: Done(f"run {on}", answer))

    def run(
        self,
        day: date | None = None,
        *,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> RunResult:
        """Take what is due on `day` (None: today) for everybody; a desk that rehearses only tells what would be taken.

        `progress` is told how many payers of how many were looked at; `stop` ends it after those under way.
        Raises BadInput for a day too far ahead, Refused for one behind the last run, and while another is under way.
        """
        require(self._place.actor.role, "run")
        today = self._place.today()
        on = day or today
        if (on - today).days > MOST_AHEAD_DAYS:
            raise BadInput("run-too-far", day=on, days=MOST_AHEAD_DAYS)
        with self._place.database.read() as tx:
            _check_day(tx, on)
        if self._place.rehearses:
            return _Run(self._place, self._settings, on, None).rehearse(progress, stop)
        with runs.alone(self._place.database) as is_alone:
            if not is_alone:
                raise self._under_way(on)
            with self._place.database.write() as tx:
                acts.lock_writers(tx)
                _check_day(tx, on)
                actor = self._place.actor
                run_id = runs.begin(tx, on.isoformat(), self._place.now_text(), actor.name, actor.desk)
            return _Run(self._place, self._settings, on, run_id).go(progress, stop)

    def _under_way(self, on: date) -> Refused:
        with self._place.database.read() as tx:
            row = runs.last(tx)
        if row is None:
            return Refused("run-under-way", name="", desk="", day=on)
        return Refused("run-under-way", name=row.actor, desk=row.desk, day=date.fromisoformat(row.day))


def _check_day(tx: Tx, on: date) -> None:
    last = runs.last(tx)
    if last is not None and on.isoformat() < last.day:
        raise Refused("run-behind", day=on, last=date.fromisoformat(last.day))


@dataclass(slots=True)
class _Block:
    """What was decided for some payers, and the stamp of the store it was decided at."""

    payers: Sequence[int]
    stamp: tuple[int, int]
    chosen: list[Chosen]
    held: list[HeldStep]
    cancelled: list[CancelledStep]


class _Run:
    """One run under way. `run_id` is None for a rehearsal."""

    def __init__(self, place: Workplace, settings: Settings, on: date, run_id: int | None) -> None:
        self._place = place
        self._settings = settings
        self._on = on
        self._run_id = run_id or 0
        self._key = f"run/{on}/{run_id}/{new_key()[:12]}"
        self._acts = 0
        self._taken: list[TakenStep] = []
        self._held: list[HeldStep] = []
        self._cancelled: list[CancelledStep] = []
        self._left_out = LeftOut(on)
        self._base = self._moment()
        self._cooling = 0
        self._sender = id_sender(settings)

    def _moment(self) -> datetime:
        """The instant from which what is taken may leave; a run for a later day prepares that day."""
        now = self._place.now()
        begins = datetime.combine(self._on, time(0), zone(self._place.centre.timezone))
        return max(now, begins)

    def go(self, progress: Progress | None, stop: Callable[[], bool] | None) -> RunResult:
        """Do it."""
        self._triage()
        self._agreements()
        with self._place.database.read() as tx:
            self._cooling = cooling_minutes(tx)
            facts = Facts(tx, self._place, self._on, self._settings)
            payers = candidates(facts)
            if runs.first_day(tx) == self._on:
                self._left_out = left_out(facts)
        stopped = False
        for first in range(0, len(payers), PAYERS_AT_ONCE):
            stopped = stop is not None and stop()
            if stopped:
                break
            self._block(payers[first : first + PAYERS_AT_ONCE])
            if progress is not None:
                progress(min(first + PAYERS_AT_ONCE, len(payers)), len(payers))
        if not stopped:
            self._finish()
        return self._result(stopped=stopped)

    def rehearse(self, progress: Progress | None, stop: Callable[[], bool] | None) -> RunResult:
        """Tell what would be done; nothing is written."""
        stopped = False
        with self._place.database.read() as tx:
            found = triage.stale(tx, Facts(tx, self._place, self._on, self._settings).day)
            self._cancelled = triage.told(tx, found)
            facts = Facts(tx, self._place, self._on, self._settings, [one.notice for one in found])
            payers = candidates(facts)
            self._left_out = left_out(facts)
            for first in range(0, len(payers), PAYERS_AT_ONCE):
                stopped = stop is not None and stop()
                if stopped:
                    break
                self._keep(self._decided(facts, payers[first : first + PAYERS_AT_ONCE]))
                if progress is not None:
                    progress(min(first + PAYERS_AT_ONCE, len(payers)), len(payers))
        return self._result(stopped=stopped)

    def _result(self, *, stopped: bool) -> RunResult:
        is_dry = not self._run_id
        told = tuple(self._taken), tuple(self._held), tuple(self._cancelled)
        return RunResult(self._on, is_dry, *told, self._left_out, stopped)

    # Triage

    def _triage(self) -> None:
        with self._place.database.read() as tx:
            day = Facts(tx, self._place, self._on, self._settings).day
            any_stale = bool(triage.stale(tx, day))

        def work(within: Within) -> Done:
            # Looked at once more under the lock: what is pulled back is what does not hold now.
            found = triage.stale(within.tx, day)[:NOTICES_AT_ONCE]
            self._pulled = triage.told(within.tx, found)
            for one in found:
                notice_states.withdraw(within, [one.notice], f"{one.why}:{within.act.key}")
            steps.close_settled(within.tx, f"{notice_states.PAID}:{within.act.key}", within.act, day.text)
            runs.add_taken(within.tx, self._run_id, 0, len(found))
            return Done(f"run {self._on}", {"run": self._run_id, "date": self._on.isoformat(), "cancelled": len(found)})

        while any_stale:
            perform(self._place, self._request({}), work)
            self._cancelled += self._pulled
            any_stale = len(self._pulled) == NOTICES_AT_ONCE

    def _agreements(self) -> None:
        """What was agreed and not kept is over, and what was paid is done, before anything is decided."""
        with self._place.database.read() as tx:
            if not agreement_runs.to_decide(tx, self._on):
                return

        def work(within: Within) -> Done:
            decided = agreement_runs.decide(within, self._on)
            answer = {"run": self._run_id, "date": self._on.isoformat(), "agreements": decided}
            return Done(f"run {self._on}", answer)

        perform(self._place, self._request({"agreements": True}), work)

    def _request(self, content: dict[str, object]) -> Request:
        self._acts += 1
        return Request("run", {"date": self._on.isoformat(), **content}, key=f"{self._key}/{self._acts}", on=self._on)

    # Decide and take

    def _block(self, payers: Sequence[int]) -> None:
        with self._place.database.read() as tx:
            block = self._read(tx, payers)
        if block.chosen:
            block = self._apply(block)
        self._keep(block)

    def _keep(self, block: _Block) -> None:
        self._taken += [one.view() for one in block.chosen]
        self._held += block.held
        self._cancelled += block.cancelled

    def _read(self, tx: Tx, payers: Sequence[int], before: int | None = None) -> _Block:
        stamp = collection.stamp(tx, before)
        block = self._decided(Facts(tx, self._place, self._on, self._settings), payers)
        block.stamp = stamp
        return block

    def _apply(self, block: _Block) -> _Block:
        applied = [block]

        def work(within: Within) -> Done:
            now = block
            if collection.stamp(within.tx, within.act.id) != block.stamp:
                now = self._read(within.tx, block.payers, within.act.id)
            why = f"{notice_states.SUPERSEDED}:{within.act.key}"
            notice_states.withdraw(within, [one.notice for one in now.cancelled], why)
            Taking(within, self._place, self._run_id, self._on, self._sender).write(now.chosen)
            runs.add_taken(within.tx, self._run_id, len(now.chosen), len(now.cancelled))
            applied[0] = now
            answer = {"run": self._run_id, "date": self._on.isoformat(), "taken": len(now.chosen)}
            return Done(f"run {self._on}", answer)

        perform(self._place, self._request({"payers": [block.payers[0], block.payers[-1]]}), work)
        return applied[0]

    def _decided(self, facts: Facts, payers: Sequence[int]) -> _Block:
        wording = Wording(facts.tx, self._place, self._on)
        chosen: list[Chosen] = []
        held: list[HeldStep] = []
        superseded: list[Stale] = []
        for accounts in facts.payers(payers):
            asks = False
            decisions = decide_payer([known.account for known in accounts], self._on, accounts[0].home.house)
            for known, decision in zip(accounts, decisions, strict=True):
                held += [_held(known, kept) for kept in decision.held]
                for take in decision.taken:
                    one = self._chosen(facts, wording, known, take, accounts)
                    if isinstance(one, HeldStep):
                        held.append(one)
                        continue
                    chosen.append(one)
                    asks = asks or take.asks
            if asks:
                superseded += [
                    Stale(notice, known.account.payer_id, notice_states.SUPERSEDED)
                    for notice in dict.fromkeys(notice for known in accounts for notice in known.waiting)
                ]
        return _Block(payers, (0, 0), chosen, held, triage.told(facts.tx, superseded))

    def _chosen(
        self, facts: Facts, wording: Wording, known: Known, take: Take, accounts: Sequence[Known]
    ) -> Chosen | HeldStep:
        version = facts.book.version_of(take.rule)
        if take.step.do == FEE:
            try:
                from_text(take.step.amount_text, known.account.currency)
            except BadInput as error:
                # Cents of a currency that has none: that fee is for somebody else.
                return _held(known, Kept(take.step, take.parts[0].item, UNWRITABLE, None, error.code))
        if take.step.do != NOTICE or not self._run_id:
            return Chosen(known, take, version, accounts)
        leaves_at = known.home.next_allowed(self._base + timedelta(minutes=self._cooling))
        if leaves_at is None:
            return _held(known, Kept(take.step, None, NEVER, None))
        try:
            draft = wording.draft(known, take, accounts)
        except Refused as error:
            return _held(known, Kept(take.step, None, UNWRITABLE, None, error.code))
        state = "held" if self._cooling else "queued"
        return Chosen(known, take, version, accounts, draft, utc_text(leaves_at), state)

    def _finish(self) -> None:
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            runs.finish(tx, self._run_id, self._place.now_text(), len(self._held))


def _held(known: Known, kept: Kept) -> HeldStep:
    reason, detail = kept.reason, kept.detail
    if reason == reasons.UNREACHABLE:
        # Why nobody can be reached is what helps: no_address, dead, not_wanted ...
        reason, detail = detail or reason, ""
    return HeldStep(
        known.person.number,
        known.person.name,
        kept.item.number if kept.item is not None else "",
        kept.step.id,
        reason,
        kept.until,
        detail,
        known.account.currency,
    )
