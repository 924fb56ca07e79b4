"""How every act is done: may this person, was it done already, do it, record it, in one transaction.

The idempotency key is made where the act begins (a form that opens, a command's `--key`). The same key with the same
content answers what the first one answered; with other content it is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from duesdesk.domain.errors import Conflict
from duesdesk.domain.roles import require
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

if TYPE_CHECKING:
    from sqlmodel import Session

    from duesdesk.store.acts import ActRow
    from duesdesk.store.ledger import Ledger

# JSON of an act: strings, whole numbers, booleans, lists and dicts of them.
Plain = dict[str, Any]


def new_key() -> str:
    """A key nobody has: made once when a form opens, kept until it is saved."""
    return os.urandom(16).hex()


class Request(NamedTuple):
    """What is asked: the verb (`domain.roles.MAY`), its content, under which key, why, and valued on which day."""

    verb: str
    content: Mapping[str, object]
    key: str | None = None
    reason: str = ""
    on: date | None = None
    undoes_id: int | None = None


class Done(NamedTuple):
    """What was done: on whom or what, the answer for the caller, and what was there before."""

    subject: str
    answer: Plain
    before: str = ""


class Within:
    """What the work of an act may use: the transaction, the act itself, today, and the ledger when money moves."""

    def __init__(self, tx: Tx, act: ActRow, today: str, session: Session | None = None) -> None:
        self.tx = tx
        self.act = act
        self.today = today
        self._session = session
        self._ledger: Ledger | None = None

    @property
    def ledger(self) -> Ledger:
        """The writer of money within this act."""
        if self._ledger is None:
            from duesdesk.store.ledger import Ledger  # imported late: start-up

            self._ledger = Ledger(self.tx, self.act, self.today)
        return self._ledger

    @property
    def tables(self) -> set[str]:
        """The tables of truth this act has written to so far."""
        return self._ledger.tables if self._ledger is not None else set()

    @property
    def session(self) -> Session:
        """The ORM session; only in acts performed by `perform_on_record`."""
        if self._session is None:
            raise TypeError("this act runs without an ORM session")
        return self._session


Work = Callable[[Within], Done]


class _Rehearsed(Exception):
    """The way out of a transaction that is only tried, not an error."""

    def __init__(self, answer: Plain) -> None:
        super().__init__()
        self.answer = answer


def perform(place: Workplace, request: Request, work: Work) -> Plain:
    """Do the act once and answer it. Raises Refused, Conflict, or what `work` raises; then nothing is written."""
    if place.rehearses:
        return rehearse(place, request, work)
    require(place.actor.role, request.verb)
    key = request.key or new_key()
    return place.database.run_write(lambda tx: _within(place, request, key, work, tx, None))


def perform_on_record(place: Workplace, request: Request, work: Work) -> Plain:
    """As `perform`, with an ORM session for editing a record (a member, a member of staff)."""
    require(place.actor.role, request.verb)
    key = request.key or new_key()
    from duesdesk.store.database import tx_of

    try:
        with place.database.session() as session:
            answer = _within(place, request, key, work, tx_of(session, place.database.name), session)
            if place.rehearses:
                raise _Rehearsed(answer)
    except _Rehearsed as tried:
        return tried.answer
    return answer


def rehearse(place: Workplace, request: Request, work: Work) -> Plain:
    """Do the act and roll it back: what `--dry-run` answers."""
    require(place.actor.role, request.verb)
    try:
        with place.database.write() as tx:
            raise _Rehearsed(_within(place, request, request.key or new_key(), work, tx, None))
    except _Rehearsed as tried:
        return tried.answer


def _within(place: Workplace, request: Request, key: str, work: Work, tx: Tx, session: Session | None) -> Plain:
    from duesdesk.store import acts  # imported late: start-up

    acts.lock_writers(tx)
    content_hash = acts.digest([request.verb, dict(request.content)])
    today = place.today()
    on = (request.on or today).isoformat()
    fresh = acts.ActRow(0, key, request.verb, on, place.now_text(), place.actor.name, place.actor.desk, request.reason)
    act = acts.begin(tx, fresh, content_hash, request.undoes_id)
    if act is None:
        return answered(tx, key, content_hash)
    within = Within(tx, act, today.isoformat(), session)
    done = work(within)
    if within.tables:
        from duesdesk.services.agreement_money import after_money  # imported late: start-up

        after_money(within)
    if session is not None:
        session.flush()
    acts.finish(
        tx, act, subject=done.subject, answer=answer_text(done.answer), before=done.before, tables=within.tables
    )
    return done.answer


def answer_text(answer: Plain) -> str:
    """An answer as its audit entry keeps it."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def answered(tx: Tx, key: str, content_hash: str) -> Plain:
    """What the act under `key` answered the first time. Raises Conflict when that was about something else."""
    from duesdesk.store import acts  # imported late: start-up

    recorded = acts.find(tx, key)
    if recorded is None:
        raise ValueError("an act has its audit entry")
    if recorded.content_hash != content_hash:
        raise Conflict("key-used-for-other-content", key=key, verb=recorded.verb, at=recorded.recorded_at)
    answer: Plain = json.loads(recorded.answer)
    return answer
