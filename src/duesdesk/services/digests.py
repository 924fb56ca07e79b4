"""The daily word to the back office: who became a debtor, what did not arrive, whose promise broke, what is to be done.

It leaves once for a day, after that day's run of the rule, and only to the address of the centre's own setting. It is
claimed in a transaction before it leaves, as notices are: a crash never sends it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from duesdesk import channels
from duesdesk.channels import Message, email_sender
from duesdesk.channels.mail import message_id
from duesdesk.clock import from_utc_text, utc_text, zone
from duesdesk.config import Settings
from duesdesk.documents import notice_templates
from duesdesk.domain import promises
from duesdesk.domain.collection.ladder import NOTICE
from duesdesk.domain.errors import BadInput, NotFound
from duesdesk.domain.money import to_text
from duesdesk.domain.roles import require
from duesdesk.i18n import catalogue
from duesdesk.i18n.spoken import Language
from duesdesk.services import reach
from duesdesk.services.acts import Plain
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts, arrivals, digests, tasks
from duesdesk.store.database import Row, Tx

MOST_LINES = 30
"""Of each part; the rest is counted."""
LONGEST_GAP_DAYS = 7
_LOST = timedelta(minutes=30)
_AGAIN = timedelta(minutes=15)
"""A word that could not leave is tried again so often until its day is over; then the next one tells of it all."""
_NOT_SET_UP = "not_set_up"
NOTHING = "nothing to tell"


class NewDebtor(NamedTuple):
    """A payer who came to owe: overdue in minor units, and since which due day."""

    member: str
    name: str
    currency: str
    unpaid_minor: int
    oldest_due: date


class NotDelivered(NamedTuple):
    """A notice that failed, or may not have arrived (`state`), and why."""

    member: str
    name: str
    channel: str
    state: str
    why: str


class Broken(NamedTuple):
    """A promise that was not kept by its day."""

    member: str
    name: str
    currency: str
    amount_minor: int
    due_on: date


class Unreachable(NamedTuple):
    """A payer who owes and to whom no notice of the rule can go: overdue, and why not by its first channel."""

    member: str
    name: str
    currency: str
    unpaid_minor: int
    why: str


class ToDo(NamedTuple):
    """An open task for the day or one before it; `member` is who pays, whom it is about to speak with."""

    kind: str
    member: str
    name: str
    owner: str
    due_on: date


class Digest(NamedTuple):
    """What there is to tell on a day; `since` is the first day it tells of."""

    day: date
    since: date
    debtors: tuple[NewDebtor, ...]
    undelivered: tuple[NotDelivered, ...]
    broken: tuple[Broken, ...]
    unreachable: tuple[Unreachable, ...]
    to_do: tuple[ToDo, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.debtors or self.undelivered or self.broken or self.unreachable or self.to_do)

    def as_json(self) -> Plain:
        """The document of `duesdesk digest --json`."""
        return {
            "date": self.day.isoformat(),
            "since": self.since.isoformat(),
            "new_debtors": [
                {
                    "member": one.member,
                    "name": one.name,
                    "currency": one.currency,
                    "unpaid": to_text(one.unpaid_minor, one.currency),
                    "oldest_due": one.oldest_due.isoformat(),
                }
                for one in self.debtors
            ],
            "not_delivered": [one._asdict() for one in self.undelivered],
            "broken_promises": [
                {
                    "member": one.member,
                    "name": one.name,
                    "currency": one.currency,
                    "amount": to_text(one.amount_minor, one.currency),
                    "due_on": one.due_on.isoformat(),
                }
                for one in self.broken
            ],
            "unreachable": [
                {
                    "member": one.member,
                    "name": one.name,
                    "currency": one.currency,
                    "unpaid": to_text(one.unpaid_minor, one.currency),
                    "reason": one.why,
                }
                for one in self.unreachable
            ],
            "tasks": [{**one._asdict(), "due_on": one.due_on.isoformat()} for one in self.to_do],
        }


class Digests:
    """The daily word of one centre."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def of(self, day: date | None = None) -> Digest:
        """What there is to tell on `day` (None: today), as things stand now."""
        with self._place.database.read() as tx:
            return self._read(tx, day or self._place.today())

    def send_due(self) -> str:
        """Send today's word when it is time: the rule has run today, somebody wants it, and it has not left yet.

        Answers what became of it: sent, failed, unsure, retry; '' when there was nothing to do. Raises Refused.
        """
        require(self._place.actor.role, "send")
        if self._place.rehearses:
            return ""
        claimed = self._claim()
        if claimed is None:
            return ""
        digest_id, message = claimed
        try:
            receipt = channels.channel("email", self._settings).deliver(message)
        except BadInput:
            # The mail server is not set up: told by `send` and `doctor`; this waits for it.
            self._change(digest_id, "sending", "queued", _NOT_SET_UP)
            return "retry"
        # A server that refuses us may take it once that is put right.
        is_again = receipt.state == "retry" or (receipt.state == "failed" and receipt.channel_down)
        state = "queued" if is_again else receipt.state
        self._change(digest_id, "sending", state, receipt.code if state != "sent" else "")
        return "retry" if is_again else receipt.state

    def _claim(self) -> tuple[int, Message] | None:
        today, now = self._place.today(), self._place.now()
        with self._place.database.read() as tx:
            if not stored(tx, "digest.to") or not digests.run_finished(tx, today.isoformat()):
                return None
            row = digests.of_day(tx, today.isoformat())
            if row is not None and (row[4] not in ("queued", "sending") or _rests(row, now)):
                return None
        with self._place.database.write() as tx:
            acts.lock_writers(tx)
            row = digests.of_day(tx, today.isoformat())
            if row is None:
                digest_id = self._write(tx, today)
                row = digests.of_day(tx, today.isoformat()) if digest_id else None
            elif row[4] == "sending":
                if now - from_utc_text(row[6]) > _LOST:
                    # The program stopped in between: it may have left, and is never sent again by itself.
                    digests.change(tx, row[0], "sending", "unsure", "stopped while sending", utc_text(now))
                return None
            elif _rests(row, now):
                return None
            else:
                digests.change(tx, row[0], "queued", "sending", "", utc_text(now))
            if row is None:
                return None
        digest_id, address, subject, body, _state, identity, recorded_at, _detail = row
        return digest_id, Message(
            recipient=address,
            sender=email_sender(self._settings),
            subject=subject,
            body=body,
            message_id=identity,
            written_at=from_utc_text(recorded_at),
            language=self._place.centre.language,
            sender_name=self._place.centre.name,
        )

    def _write(self, tx: Tx, today: date) -> int | None:
        """Today's word, claimed; one with nothing to tell is only noted, and not sent."""
        found = self._read(tx, today)
        spoken = catalogue(self._place.centre.language, self._place.centre.country)
        subject, body = text_of(found, self._place.centre.name, spoken)
        digest_id = digests.add(
            tx,
            today.isoformat(),
            stored(tx, "digest.to"),
            subject,
            body,
            state="cancelled" if found.is_empty else "sending",
            message_id=message_id(f"digest-{today}", email_sender(self._settings)),
            recorded_at=self._place.now_text(),
        )
        return None if found.is_empty else digest_id

    def _change(self, digest_id: int, was: str, state: str, detail: str) -> None:
        with self._place.database.write() as tx:
            digests.change(tx, digest_id, was, state, detail, self._place.now_text())

    # What there is to tell

    def _read(self, tx: Tx, day: date) -> Digest:
        since = max(_told_until(tx, day), day - timedelta(days=LONGEST_GAP_DAYS))
        first, last = since.isoformat(), day.isoformat()
        return Digest(
            day,
            since,
            tuple(
                NewDebtor(number, name, currency, unpaid_minor, date.fromisoformat(due_on))
                for number, name, currency, unpaid_minor, due_on in digests.new_debtors(tx, first, last)
            ),
            tuple(
                NotDelivered(*row)
                for row in digests.not_delivered(tx, self._instant(since), self._instant(day + timedelta(days=1)))
            ),
            tuple(self._broken(tx, first, last)),
            tuple(self._unreachable(tx, last)),
            tuple(
                ToDo(row.kind, row.payer, row.payer_name, row.owner, date.fromisoformat(row.due_on))
                for row in tasks.all_in(tx, "open")
                if row.due_on <= last
            ),
        )

    def _unreachable(self, tx: Tx, day: str) -> Iterable[Unreachable]:
        """Who owes and has no channel that the rule writes by and this centre sends by."""
        rows = digests.overdue(tx, day)
        wanted = [channel for step in RuleBook(tx).centre[0].steps if step.do == NOTICE for channel in step.channels]
        reached = reach.reaches(tx, [row[0] for row in rows], self._settings)
        for payer_id, number, name, currency, unpaid_minor in rows:
            why = [reached[payer_id].get(channel, "no_address") for channel in dict.fromkeys(wanted)]
            # Where only the machine cannot send, it is no want of theirs.
            own = [one for one in why if one != "not_set_up"]
            if own and all(own):
                yield Unreachable(number, name, currency, unpaid_minor, own[0])

    def _instant(self, day: date) -> str:
        return utc_text(datetime.combine(day, time(0), zone(self._place.centre.timezone)))

    def _broken(self, tx: Tx, since: str, day: str) -> Iterable[Broken]:
        people = {payer_id: (number, name) for payer_id, number, name in digests.promises_ended(tx, since, day)}
        found = arrivals.promises_of(tx, list(people), day) if people else {}
        for payer_id, one in found.items():
            if one.state == promises.BROKEN and since <= one.due_on < day:
                number, name = people[payer_id]
                yield Broken(number, name, one.currency, one.amount_minor, date.fromisoformat(one.due_on))


def _told_until(tx: Tx, day: date) -> date:
    """The day up to which everything was told before `day`; where nothing was, one day is enough to begin with."""
    told = digests.last_day(tx, day.isoformat())
    if told is not None:
        return date.fromisoformat(told)
    untold = digests.first_untold(tx, day.isoformat())
    return (date.fromisoformat(untold) if untold is not None else day) - timedelta(days=1)


def _rests(row: Row, now: datetime) -> bool:
    """Whether it was tried only lately. One that waits for the mail server to be set up goes as soon as it is."""
    return row[4] == "queued" and row[7] != _NOT_SET_UP and now - from_utc_text(row[6]) < _AGAIN


def text_of(found: Digest, centre: str, spoken: Language) -> tuple[str, str]:
    """Subject and body in the language of the centre. The subject has no amounts: others see it on a locked screen."""
    words = _words(spoken)
    told = [(words[part], lines) for part, lines in _parts(found, words, spoken) if lines]
    titles = [f"{title}: {spoken.number(len(lines))}" for title, lines in told]
    body = [spoken.long_day(found.day), ""]
    for title, (_, lines) in zip(titles, told, strict=True):
        body += [title, *_shown(lines, words, spoken), ""]
    return f"{centre}: {', '.join(titles) or words['nothing']}", "\n".join(body).rstrip()


def _words(spoken: Language) -> Mapping[str, str]:
    try:
        return notice_templates.digest(spoken.code, spoken.country)
    except NotFound:
        return notice_templates.digest("en")


def _parts(found: Digest, words: Mapping[str, str], spoken: Language) -> list[tuple[str, list[str]]]:
    """The parts by the name of their title, each with its lines."""

    def line(kind: str, one: NewDebtor | NotDelivered | Broken | Unreachable | ToDo, **more: str) -> str:
        return words[kind].format(name=one.name, member=one.member, **more)

    def money(minor: int, currency: str) -> str:
        return spoken.money(minor, currency)

    return [
        (
            "debtors",
            [
                line("debtor", one, amount=money(one.unpaid_minor, one.currency), day=spoken.day_year(one.oldest_due))
                for one in found.debtors
            ],
        ),
        (
            "broken",
            [
                line("promise", one, amount=money(one.amount_minor, one.currency), day=spoken.day_year(one.due_on))
                for one in found.broken
            ],
        ),
        (
            "undelivered",
            [
                line("notice", one, channel=words.get(one.channel, one.channel), state=words.get(one.state, one.state))
                + (f", {one.why}" if one.why else "")
                for one in found.undelivered
            ],
        ),
        (
            "unreachable",
            [
                line("person", one, amount=money(one.unpaid_minor, one.currency), why=words.get(one.why, one.why))
                for one in found.unreachable
            ],
        ),
        (
            "to_do",
            [
                line("task", one, task=words.get(f"task_{one.kind}", words.get(one.kind, one.kind)))
                + (f", {one.owner}" if one.owner else "")
                for one in found.to_do
            ],
        ),
    ]


def _shown(lines: Sequence[str], words: Mapping[str, str], spoken: Language) -> list[str]:
    shown = [f"  {line}" for line in lines[:MOST_LINES]]
    more = len(lines) - MOST_LINES
    if more > 0:
        shown.append("  " + words["more"].format(count=spoken.number(more)))
    return shown
