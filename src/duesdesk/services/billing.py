"""`bill`: every period of a membership that has begun gets its invoice: once, whatever is pressed or killed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from duesdesk.domain import dues
from duesdesk.domain.dues import Due, Period
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.money import to_text
from duesdesk.domain.roles import require
from duesdesk.domain.text import clean_text
from duesdesk.i18n import catalogue
from duesdesk.messages import N_
from duesdesk.services import notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.lookup import invoice_numbers
from duesdesk.services.workplace import Workplace
from duesdesk.store import memberships, numbers
from duesdesk.store.bulk import Bulk, BulkEvent, BulkInvoice
from duesdesk.store.charges import charges_of_act
from duesdesk.store.database import Row, Tx
from duesdesk.store.memberships import MembershipRow, NewCharge
from duesdesk.store.positions import void_sql

VERB = "bill"
MOST_DAYS_AHEAD = 366
MOST_AT_ONCE = 2_000
"""Invoices in one act: the other desks wait no longer than it takes, about a second."""
_PLAN_AND_PERIOD = N_("{plan}, {period}")
_ONE_DAY = timedelta(days=1)


class Decision(NamedTuple):
    """A period to decide about: to be charged and due on a day (None: never, without terms), or passed over."""

    row: MembershipRow
    due: Due
    due_on: date | None

    @property
    def key(self) -> tuple[int, date]:
        """The period by its membership and first day."""
        return self.row.id, self.due.period.from_on


class Proposal(NamedTuple):
    """What is to be done up to a day, in order, and what of the rest is not charged, told as JSON with the reason."""

    decisions: tuple[Decision, ...]
    skipped: list[Plain]


class _NothingLeftError(Exception):
    """Another desk has billed since: the way out of an act that would be empty."""


class Billing:
    """The billing of one centre, acting as one person."""

    def __init__(self, place: Workplace, *, most_at_once: int = MOST_AT_ONCE) -> None:
        self._place = place
        self._most_at_once = most_at_once

    def rehearse(self, on: date | None = None) -> Plain:
        """What `bill` would answer; `invoice` is null, since numbers are given when invoices are issued."""
        require(self._place.actor.role, VERB)
        day = self._day(on)
        with self._place.database.read() as tx:
            proposal = self._proposal(tx, day)
        issued = [_would(one) for one in proposal.decisions if not one.due.passed]
        return _document(day, issued, proposal.skipped, rehearsed=True)

    def bill(self, on: date | None = None, *, key: str | None = None) -> Plain:
        """Issue the invoices of every period that has begun by the day `on` (today) and was not decided yet.

        In acts of at most `MOST_AT_ONCE` invoices, each whole or not at all: after a kill the next billing goes on
        where it stopped, and what was issued is not issued again. Answers `{"date", "dry_run", "issued": [...],
        "skipped": [...]}`. Raises Refused, BadInput for a day too far ahead, Conflict.
        """
        if self._place.rehearses:
            return self.rehearse(on)
        require(self._place.actor.role, VERB)
        day = self._day(on)
        with self._place.database.read() as tx:
            proposal = self._proposal(tx, day)
        # Without a key nothing is written when nothing is due: the actor's last act stays what undo takes back.
        acts = self._acts(proposal, day, key) if proposal.decisions or key is not None else []
        skipped: list[Plain] = acts[-1]["skipped"] if acts else proposal.skipped
        issued: list[Plain] = []
        with self._place.database.read() as tx:
            for act in acts:
                issued += [_issued(row) for row in charges_of_act(tx, act["act"])]
        return _document(day, issued, skipped, rehearsed=False)

    def _acts(self, proposal: Proposal, day: date, key: str | None) -> list[Plain]:
        """The answers of the acts, one after the other; those that were done under `key` before answer as they did."""
        answers: list[Plain] = []
        left = list(proposal.decisions)
        while not answers or answers[-1]["more"]:
            part, left = left[: self._most_at_once], left[self._most_at_once :]
            number = len(answers) + 1
            own_key = key if key is None or number == 1 else f"{key}/{number}"
            work = _Work(self._place, day, part, proposal.skipped, more=bool(left), may_be_empty=key is not None)
            request = Request(VERB, {"date": day.isoformat()}, key=own_key, on=day)
            try:
                answers.append(perform(self._place, request, work))
            except _NothingLeftError:
                if not left:
                    return answers
                continue
            if not work.is_done:
                # The answer of the first time: this part is still to be done.
                left = part + left
        return answers

    def _day(self, on: date | None) -> date:
        today = self._place.today()
        if on is not None and (on - today).days > MOST_DAYS_AHEAD:
            raise BadInput("billing-too-far-ahead", day=on, most=MOST_DAYS_AHEAD)
        return on or today

    def _proposal(self, tx: Tx, day: date) -> Proposal:
        decisions: list[Decision] = []
        skipped: list[tuple[str, str, str]] = []
        for row, own in _decisions(tx, day, self._place.today(), None):
            decisions += own
            decided = dues.Decided(own[-1].due.period.to_on, own[-1].due.passed) if own else row.decided
            reason = "" if row.followed else dues.not_charged(row.schedule, row.freezes, decided, day)
            if reason:
                skipped.append((row.member, row.plan, reason))
        decisions.sort(key=lambda one: (one.due.period.from_on, one.row.member, one.row.id))
        told = [{"member": member, "plan": plan, "reason": reason} for member, plan, reason in sorted(skipped)]
        return Proposal(tuple(decisions), told)


def _decisions(
    tx: Tx, day: date, today: date, among_them: Iterable[int] | None
) -> Iterator[tuple[MembershipRow, list[Decision]]]:
    """Every membership with what is to be decided about it by `day`; nothing is due before it is written, `today`."""
    terms = tx.value("SELECT value FROM setting WHERE key = 'terms.days'")
    centre_days = int(terms) if terms else None
    told_on = max(day, today)
    for row in memberships.undecided(tx, day, among_them):
        days = centre_days if row.terms_days is None else row.terms_days
        yield (
            row,
            [
                # What is issued late is not late on the day it is issued: nobody can pay what they were not told.
                Decision(row, one, None if days is None else max(one.period.from_on + timedelta(days=days), told_on))
                for one in dues.due(row.schedule, row.freezes, row.owner, row.decided, day)
            ],
        )


class _Work:
    """The work of one act: a part of the proposal, as far as nobody has done it since."""

    def __init__(
        self,
        place: Workplace,
        day: date,
        part: Sequence[Decision],
        skipped: list[Plain],
        *,
        more: bool,
        may_be_empty: bool,
    ) -> None:
        self._place = place
        self._day = day
        self._part = part
        self._skipped = skipped
        self._more = more
        self._may_be_empty = may_be_empty
        # False when the act was done before, under the same key.
        self.is_done = False

    def __call__(self, within: Within) -> Done:
        tx = within.tx
        wanted = {one.key for one in self._part}
        # Read again under the lock: another desk may have billed, frozen or ended since.
        found = [
            one
            for _, own in _decisions(tx, self._day, self._place.today(), {membership_id for membership_id, _ in wanted})
            for one in own
            if one.key in wanted
        ]
        if not found and not self._may_be_empty:
            raise _NothingLeftError
        found.sort(key=lambda one: (one.due.period.from_on, one.row.member, one.row.id))
        charges = [one for one in found if not one.due.passed]
        issued = iter(self._issue(within, charges) if charges else ())
        memberships.decide(
            tx,
            within.act,
            [
                NewCharge(one.row.id, one.due.period, None if one.due.passed else next(issued), one.due.passed)
                for one in found
            ],
        )
        self.is_done = True
        answer = {
            "date": self._day.isoformat(),
            "act": within.act.id,
            "issued": len(charges),
            "passed": len(found) - len(charges),
            "more": self._more,
            "skipped": [] if self._more else self._skipped,
        }
        return Done(f"billing {self._day.isoformat()}", answer)

    def _issue(self, within: Within, charges: Sequence[Decision]) -> Sequence[int]:
        """Issue the invoices, each with its line; answers their ids."""
        centre = self._place.centre
        bulk = Bulk(within.ledger)
        texts = [
            _told(one.row.language or centre.language, centre.country, one.row.plan, one.due.period) for one in charges
        ]
        given = numbers.take_many(within.tx, "invoice", len(charges))
        ids = bulk.issue([_invoice(*one) for one in zip(given, charges, texts, strict=True)])
        bulk.describe(
            [(identity, text, one.row.price_minor) for identity, one, text in zip(ids, charges, texts, strict=True)]
        )
        bulk.settle()
        return ids


@lru_cache(maxsize=1024)
def _told(language: str, country: str, plan: str, period: Period) -> str:
    """Plan and period in the language of who reads it."""
    spoken = catalogue(language, country)
    first, last = period
    if first.day == 1 and (last + _ONE_DAY).day == 1 and (first.year, first.month) == (last.year, last.month):
        told = spoken.month_year(first)
    else:
        told = f"{spoken.day_month(first, last)} – {spoken.day_year(last)}"
    return clean_text(spoken.gettext(_PLAN_AND_PERIOD).format(plan=plan, period=told))


def undo_within(within: Within, answer: Mapping[str, object]) -> Done:
    """Every invoice of a billing is void, and its periods are to be decided again; undo calls it.

    Raises Refused when money lies on one of them.
    """
    tx = within.tx
    act_id = answer["act"]
    paid = tx.one(
        """SELECT i.number FROM invoice i JOIN allocation a ON a.invoice_id = i.id WHERE i.act_id = :act
           GROUP BY i.id, i.number HAVING sum(a.amount_minor) <> 0 ORDER BY i.id LIMIT 1""",
        act=act_id,
    )
    if paid is not None:
        raise Refused("billing-paid-meanwhile", invoice=paid[0])
    live = tx.all(f"SELECT i.id FROM invoice i WHERE i.act_id = :act AND NOT {void_sql('i.id')}", act=act_id)
    ids = [row[0] for row in live]
    if ids:
        bulk = Bulk(within.ledger)
        bulk.happen([BulkEvent(identity, "voided", None, within.today) for identity in ids])
        bulk.settle()
        # Nobody is sent, on paper either, what is not owed any more.
        notice_states.withdraw_changed(within, notice_states.VOID)
    voided = invoice_numbers(tx, ids)
    return Done(f"billing {answer['date']}", {"date": answer["date"], "voided": len(voided)})


def _invoice(number: str, one: Decision, text: str) -> BulkInvoice:
    row = one.row
    return BulkInvoice(
        number,
        row.member_id,
        row.payer_id,
        one.due.period.from_on.isoformat(),
        one.due_on.isoformat() if one.due_on else None,
        row.currency,
        row.price_minor,
        "dues",
        text,
        False,
    )


def _would(one: Decision) -> Plain:
    row, period = one.row, one.due.period
    first, last = period.from_on.isoformat(), period.to_on.isoformat()
    due_on = one.due_on.isoformat() if one.due_on else None
    return _entry(None, row.member, row.payer, row.plan, row.price_minor, row.currency, first, last, first, due_on)


def _issued(row: Row) -> Plain:
    return _entry(*row)


def _entry(
    number: str | None,
    member: str,
    payer: str,
    plan: str,
    minor: int,
    currency: str,
    first: str,
    last: str,
    issued_on: str,
    due_on: str | None,
) -> Plain:
    return {
        "invoice": number,
        "member": member,
        "payer": payer,
        "plan": plan,
        "amount": to_text(minor, currency),
        "currency": currency,
        "period_from": first,
        "period_to": last,
        "issued_on": issued_on,
        "due_on": due_on,
    }


def _document(day: date, issued: list[Plain], skipped: list[Plain], *, rehearsed: bool) -> Plain:
    return {"date": day.isoformat(), "dry_run": rehearsed, "issued": issued, "skipped": skipped}
