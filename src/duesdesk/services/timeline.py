"""One line of time for a payer: notices, talks, promises, payments and what lowered an invoice, the newest first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from duesdesk.clock import from_utc_text, utc_text, zone
from duesdesk.domain import promises
from duesdesk.store.arrivals import PROMISE_PAID
from duesdesk.store.database import Row, Tx

CONTACTS = ("notice", "talk", "promise")


class Entry(NamedTuple):
    """Something that happened between the centre and a payer.

    `kind` is notice, talk, promise, plan, settlement, receipt, reversal, refund, credit_note, waiver or write_off.
    `state` is the state of a notice, the outcome of a talk, what became of a promise or agreement or was decided about
    one, or the method of a payment. `at` is on the wall clock of the centre; `dated` says that only the day is known.
    `due_on` is the promised day of a promise, the next one of an agreement, and the agreed next day of a talk.
    `withdrawn` marks what was undone.
    """

    at: datetime
    kind: str
    state: str
    channel: str = ""
    text: str = ""
    actor: str = ""
    reference: str = ""
    amount_minor: int | None = None
    currency: str = ""
    due_on: date | None = None
    withdrawn: bool = False
    dated: bool = False
    body: str = ""


_NOTICES = """
    SELECT id, created_at, state, channel, subject, actor, body, template, detail FROM notice
    WHERE payer_id = :id AND created_at < :end ORDER BY created_at DESC, id DESC LIMIT :most"""
_TALKS = """
    SELECT t.talked_at, t.outcome, t.channel, t.note, t.actor, t.next_on, t.cancelled_at IS NOT NULL
    FROM talk t WHERE t.payer_id = :id AND t.talked_at < :end ORDER BY t.talked_at DESC, t.id DESC LIMIT :most"""
_PROMISES = f"""
    SELECT p.promised_on, p.recorded_at, p.currency, p.amount_minor, p.due_on, p.note, p.actor,
           p.cancelled_on IS NOT NULL, {PROMISE_PAID}
    FROM promise p WHERE p.payer_id = :id AND p.promised_on <= :as_of
    ORDER BY p.promised_on DESC, p.id DESC LIMIT :most"""
_PAYMENTS = """
    SELECT received_on, recorded_at, kind, method, reference, amount_minor, currency, actor, reason FROM payment
    WHERE payer_id = :id AND received_on <= :as_of ORDER BY received_on DESC, id DESC LIMIT :most"""
_CREDITS = """
    SELECT c.effective_on, c.recorded_at, c.kind, i.number, c.amount_minor, i.currency, c.actor, c.reason
    FROM credit c JOIN invoice i ON i.id = c.invoice_id
    WHERE i.payer_id = :id AND c.effective_on <= :as_of ORDER BY c.effective_on DESC, c.id DESC LIMIT :most"""


class When(NamedTuple):
    """What is looked at: up to the end of the day `as_of` (the instant `end`, UTC text), told in `zone`."""

    as_of: date
    end: str
    zone: tzinfo

    @classmethod
    def until(cls, day: date, timezone: str) -> When:
        """Up to the end of `day` in the time zone called `timezone`."""
        local = zone(timezone)
        return cls(day, utc_text(datetime.combine(day + timedelta(days=1), time(0), local)), local)

    def local(self, text: str) -> datetime:
        """An instant of the store on the wall clock of the centre."""
        return from_utc_text(text).astimezone(self.zone)

    def of_day(self, day: str, recorded_at: str) -> tuple[datetime, bool]:
        """When something dated `day` happened: its recording when that was on the day, else the day alone (True)."""
        recorded = self.local(recorded_at)
        if recorded.date().isoformat() == day:
            return recorded, False
        return datetime.combine(date.fromisoformat(day), time(0), self.zone), True


def contacts(tx: Tx, payer_id: int, when: When, *, most: int) -> list[Entry]:
    """Notices, talks and promises with a payer, the newest `most`."""
    as_of = when.as_of.isoformat()
    found = [_notice(row, when) for row in tx.all(_NOTICES, id=payer_id, end=when.end, most=most)]
    found += [_talk(row, when) for row in tx.all(_TALKS, id=payer_id, end=when.end, most=most)]
    found += [_promise(row, when) for row in tx.all(_PROMISES, id=payer_id, as_of=as_of, most=most)]
    return _newest(found, most)


def entries(tx: Tx, payer_id: int, when: When, *, most: int) -> list[Entry]:
    """Contacts with a payer and movements of their money, the newest `most`."""
    as_of = when.as_of.isoformat()
    found = contacts(tx, payer_id, when, most=most)
    found += [_payment(row, when) for row in tx.all(_PAYMENTS, id=payer_id, as_of=as_of, most=most)]
    found += [_credit(row, when) for row in tx.all(_CREDITS, id=payer_id, as_of=as_of, most=most)]
    if tx.value("SELECT 1 FROM agreement WHERE payer_id = :id LIMIT 1", id=payer_id) is not None:
        from duesdesk.services.timeline_agreements import agreed  # imported late: start-up

        found += agreed(tx, payer_id, when)
    return _newest(found, most)


def _newest(found: list[Entry], most: int) -> list[Entry]:
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:most]


def _notice(row: Row, when: When) -> Entry:
    identity, at, state, channel, subject, actor, body, template, detail = row
    del template
    text = f"{subject} ({detail})" if detail and state in ("failed", "unsure") else subject
    return Entry(when.local(at), "notice", state, channel, text, actor, str(identity), body=body)


def _talk(row: Row, when: When) -> Entry:
    at, outcome, channel, note, actor, next_on, withdrawn = row
    day = date.fromisoformat(next_on) if next_on else None
    return Entry(when.local(at), "talk", outcome, channel, note, actor, due_on=day, withdrawn=bool(withdrawn))


def _promise(row: Row, when: When) -> Entry:
    promised_on, recorded_at, currency, amount_minor, due_text, note, actor, withdrawn, paid_minor = row
    due_on = date.fromisoformat(due_text)
    at, dated = when.of_day(promised_on, recorded_at)
    return Entry(
        at,
        "promise",
        promises.state(amount_minor, due_on, paid_minor, when.as_of),
        text=note,
        actor=actor,
        amount_minor=amount_minor,
        currency=currency,
        due_on=due_on,
        withdrawn=bool(withdrawn),
        dated=dated,
    )


def _payment(row: Row, when: When) -> Entry:
    received_on, recorded_at, kind, method, reference, amount_minor, currency, actor, reason = row
    at, dated = when.of_day(received_on, recorded_at)
    return Entry(
        at,
        kind,
        method,
        text=reason,
        actor=actor,
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        dated=dated,
    )


def _credit(row: Row, when: When) -> Entry:
    on, recorded_at, kind, number, amount_minor, currency, actor, reason = row
    at, dated = when.of_day(on, recorded_at)
    return Entry(
        at,
        kind,
        "",
        text=reason,
        actor=actor,
        reference=number,
        amount_minor=amount_minor,
        currency=currency,
        dated=dated,
    )
