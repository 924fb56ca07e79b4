"""One person's debt as the counter needs it: what is open, what was said last, what to say now, and what holds it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk.domain import next_step, promises
from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.arrivals import NOTHING_KNOWN, About, Debt, Promised, days_late
from duesdesk.domain.next_step import Step
from duesdesk.i18n import _, catalogue, ngettext, relative_day
from duesdesk.services import lookup, timeline
from duesdesk.services.timeline import Entry, When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals
from duesdesk.store.database import Tx

MOST_CONTACTS, MOST_SHOWN = 30, 4
MOST_INVOICES = 50
NO_STEP = Step(next_step.NONE)


class OwedInvoice(NamedTuple):
    """An open invoice of the household; `days` overdue, 0 when it is not. `member_name` is who it was for."""

    number: str
    description: str
    member_name: str
    currency: str
    open_minor: int
    paid_minor: int
    due_on: date | None
    days: int
    disputed: bool


class PersonDebt(NamedTuple):
    """What the pane beside CRM Daily shows of a person; debts are those of who pays for them.

    `say` is a sentence in the language of the person, empty when nothing is overdue. `step` is what to do next or what
    holds the debt (code `none`: nothing is overdue), `why` the same in words. `answers` names the keys for what the
    person may answer: pay, promise, talk.
    """

    member: str
    name: str
    payer: str
    payer_name: str
    debts: tuple[Debt, ...]
    about: About
    days: int
    invoices: tuple[OwedInvoice, ...]
    contacts: tuple[Entry, ...]
    say: str
    step: Step
    why: str
    answers: tuple[str, ...]

    @property
    def pays_for_themselves(self) -> bool:
        """Whether nobody else pays for this person."""
        return self.member == self.payer


class Head(NamedTuple):
    """Language, phone and e-mail of a member, as they stand beside the name."""

    language: str | None
    phone: str | None
    email: str | None


class Debts:
    """Debts of the people of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def of(self, member: str, day: date | None = None) -> PersonDebt:
        """What `member` or who pays for them owes at the end of `day` (None: today). Raises NotFound."""
        when = When.until(day or self._place.today(), self._place.centre.timezone)
        with self._place.database.read() as tx:
            return person_debt(tx, self._place, lookup.person(tx, member), when)

    def with_head(self, member: str) -> tuple[PersonDebt, Head]:
        """As `of` for today but without `say`, and what stands beside the name, in one picture. Raises NotFound."""
        when = When.until(self._place.today(), self._place.centre.timezone)
        with self._place.database.read() as tx:
            person = lookup.person(tx, member)
            row = tx.one("SELECT language, phone, email FROM member WHERE id = :id", id=person.id) or (None, None, None)
            return person_debt(tx, self._place, person, when, spoken_to=False), Head(*row)


def person_debt(tx: Tx, place: Workplace, person: lookup.Person, when: When, *, spoken_to: bool = True) -> PersonDebt:
    """The debt of `person`, or of who pays for them, at the end of `when`; `say` is empty unless they are spoken to."""
    day = when.as_of
    as_of = day.isoformat()
    owed = arrivals.debts_of(tx, [person.payer_id], as_of)
    about = arrivals.known_of(tx, owed, as_of, end_of_day=when.end).get(person.payer_id, NOTHING_KNOWN)
    contacts = timeline.contacts(tx, person.payer_id, when, most=MOST_CONTACTS)
    debts = owed.get(person.payer_id, ())
    late = any(debt.unpaid_minor for debt in debts)
    agreed = _agreed(tx, person.payer_id, about, day) if late else None
    known = about if agreed is None else about._replace(promise=agreed)
    step = next_step.next_step(_known(tx, person.payer_id, debts, known, contacts, when), day) if late else NO_STEP
    return PersonDebt(
        person.number,
        person.name,
        person.payer_number,
        person.payer_name,
        debts,
        about,
        days_late(debts, day),
        _invoices(tx, person.payer_id, day),
        tuple(contacts[:MOST_SHOWN]),
        _say(place, person, debts, known) if late and spoken_to else "",
        step,
        _why(debts, known, step, place.today(), agreed=agreed is not None),
        ("pay", "promise", "talk") if late else (),
    )


def _agreed(tx: Tx, payer_id: int, about: About, day: date) -> Promised | None:
    """The next day of what was agreed, spoken of as a promise is; broken while a part is late.

    None without an agreement in force, where something else is overdue, too, and beside a promise that is open.
    """
    if about.promise is not None and about.promise.state == promises.OPEN:
        return None
    if tx.value("SELECT 1 FROM agreement WHERE payer_id = :id LIMIT 1", id=payer_id) is None:
        return None
    from duesdesk.services import agreement_views  # imported late: start-up

    return agreement_views.next_agreed(tx, payer_id, day)


def _say(place: Workplace, person: lookup.Person, debts: tuple[Debt, ...], about: About) -> str:
    from duesdesk.services import openings  # imported late: start-up

    spoken = catalogue(person.language or place.centre.language, place.centre.country)
    count = sum(debt.unpaid_invoices for debt in debts)
    promise = about.promise
    day = date.fromisoformat(promise.due_on) if promise else None
    if person.payer_id != person.id:
        level = openings.OTHER_PAYS
    elif about.says_paid:
        level = openings.SAYS_PAID
    elif any(debt.disputed for debt in debts):
        level = openings.DISPUTED
    elif promise is not None:
        level = openings.PROMISED if promise.state == promises.OPEN else openings.BROKEN
    elif any(debt.paid_minor for debt in debts):
        level = openings.PART
    elif about.told >= openings.TOLD_OFTEN:
        level = openings.OFTEN
    else:
        level = openings.FIRST if about.first_time else openings.SEVERAL
    return openings.sentence(openings.Opening(level, max(1, count), day), person, spoken)


def _known(
    tx: Tx, payer_id: int, debts: tuple[Debt, ...], about: About, contacts: list[Entry], when: When
) -> next_step.Known:
    told = next((entry for entry in contacts if _reached(entry)), None)
    talk = next((entry for entry in contacts if entry.kind == "talk" and not entry.withdrawn), None)
    waiting = tx.value(
        """SELECT min(send_after) FROM notice
           WHERE payer_id = :id AND asks_for_money AND state IN ('held', 'queued', 'sending') AND created_at < :end""",
        id=payer_id,
        end=when.end,
    )
    return next_step.Known(
        disputed=any(debt.disputed for debt in debts),
        says_paid=about.says_paid,
        promise=about.promise,
        call_on=talk.due_on.isoformat() if talk is not None and talk.due_on is not None else None,
        notice_on=when.local(waiting).date().isoformat() if waiting else None,
        told_on=told.at.date().isoformat() if told is not None else None,
    )


def _reached(entry: Entry) -> bool:
    if entry.kind == "notice":
        return entry.state in ("sent", "unsure")
    return entry.kind == "talk" and not entry.withdrawn and entry.state not in arrivals.NOT_REACHED


def _why(debts: tuple[Debt, ...], about: About, step: Step, today: date, *, agreed: bool) -> str:
    """What is next for this debt, and what holds it; no amounts, which may be hidden."""
    if not any(debt.unpaid_minor for debt in debts):
        nearest = min((debt.next_due for debt in debts if debt.next_due), default=None)
        if nearest is None:
            return _("Nothing is overdue.")
        return _("Nothing is overdue; the next is due {day}.").format(day=_day(date.fromisoformat(nearest), today))
    day = _day(step.on, today) if step.on else ""
    match step.code:
        case next_step.DISPUTED:
            return _("An invoice is disputed: nothing is asked for it until that is settled.")
        case next_step.SAYS_PAID:
            return _("They say it is paid: please look for the payment first.")
        case next_step.PROMISED if agreed:
            return _("Agreed for {day}: nothing is asked before.").format(day=day)
        case next_step.PROMISED:
            return _("Promised for {day}: nothing is asked before.").format(day=day)
        case next_step.CALL if about.promise is not None and about.promise.state == promises.BROKEN:
            broken = _day(date.fromisoformat(about.promise.due_on), today)
            if agreed:
                return _("What was agreed for {day} has not come: a word now.").format(day=broken)
            return _("The promise for {day} was not kept: a word now.").format(day=broken)
        case next_step.CALL:
            return _("To be spoken to again {day}.").format(day=day)
        case next_step.NOTICE:
            return _("A notice leaves {day}; a payment withdraws it.").format(day=day)
        case next_step.NEVER:
            return _("Not told yet.")
        case _:
            told = ngettext("Told once, last {day}.", "Told {count} times, last {day}.", about.told)
            return told.format(count=about.told, day=day)


def _day(day: date, today: date) -> str:
    return relative_day(day, today)


def _invoices(tx: Tx, payer_id: int, day: date) -> tuple[OwedInvoice, ...]:
    rows = arrivals.invoices_of(tx, payer_id, day.isoformat(), MOST_INVOICES)
    found = []
    for number, description, name, currency, open_minor, paid_minor, due_text, disputed in rows:
        due_on = date.fromisoformat(due_text) if due_text else None
        found.append(
            OwedInvoice(
                number,
                description,
                name,
                currency,
                open_minor,
                paid_minor,
                due_on,
                days_overdue(due_on, day),
                bool(disputed),
            )
        )
    return tuple(found)
