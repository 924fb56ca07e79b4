"""One person's debt as the counter needs it: what is open, what was said last, what to say now, and what holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duesdesk.domain import promises
from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.arrivals import NOTHING_KNOWN, About, Debt, days_late
from duesdesk.i18n import _, catalogue, ngettext, relative_day
from duesdesk.services import lookup, openings, timeline
from duesdesk.services.timeline import Entry, When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals
from duesdesk.store.database import Tx

MOST_CONTACTS = 4
MOST_INVOICES = 50


@dataclass(frozen=True, slots=True)
class OwedInvoice:
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


@dataclass(frozen=True, slots=True)
class PersonDebt:
    """What the pane beside CRM Daily shows of a person; debts are those of who pays for them.

    `say` is a sentence in the language of the person, empty when nothing is overdue. `why` says what is next and what
    holds it. `answers` names the keys for what the person may answer: pay, promise, talk.
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
    why: str
    answers: tuple[str, ...]

    @property
    def pays_for_themselves(self) -> bool:
        """Whether nobody else pays for this person."""
        return self.member == self.payer


class Debts:
    """Debts of the people of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def of(self, member: str, day: date | None = None) -> PersonDebt:
        """What `member` or who pays for them owes at the end of `day` (None: today). Raises NotFound."""
        day = day or self._place.today()
        as_of = day.isoformat()
        when = When.until(day, self._place.centre.timezone)
        with self._place.database.read() as tx:
            person = lookup.person(tx, member)
            owed = arrivals.debts_of(tx, [person.payer_id], as_of)
            about = arrivals.known_of(tx, owed, as_of, end_of_day=when.end).get(person.payer_id, NOTHING_KNOWN)
            invoices = _invoices(tx, person.payer_id, day)
            contacts = timeline.contacts(tx, person.payer_id, when, most=MOST_CONTACTS)
            waiting = _waiting_notice(tx, person.payer_id, when)
            reachable = bool(
                tx.value("SELECT email IS NOT NULL OR phone IS NOT NULL FROM member WHERE id = :id", id=person.payer_id)
            )
        debts = owed.get(person.payer_id, ())
        late = any(debt.unpaid_minor for debt in debts)
        spoken = catalogue(person.language or self._place.centre.language, self._place.centre.country)
        opening = _opening(person, debts, about)
        return PersonDebt(
            person.number,
            person.name,
            person.payer_number,
            person.payer_name,
            debts,
            about,
            days_late(debts, day),
            invoices,
            tuple(contacts),
            openings.sentence(opening, person, spoken) if late else "",
            _why(debts, about, contacts, waiting, day, reachable=reachable) if debts else "",
            ("pay", "promise", "talk") if late else (),
        )


def _opening(person: lookup.Person, debts: tuple[Debt, ...], about: About) -> openings.Opening:
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
    return openings.Opening(level, max(1, count), day)


def _why(
    debts: tuple[Debt, ...],
    about: About,
    contacts: list[Entry],
    waiting: Entry | None,
    day: date,
    *,
    reachable: bool,
) -> str:
    """What is next for this debt, and what holds it; no amounts, which may be hidden."""
    if not any(debt.unpaid_minor for debt in debts):
        nearest = min((debt.next_due for debt in debts if debt.next_due), default=None)
        if nearest is None:
            return _("Nothing is overdue.")
        return _("Nothing is overdue; the next is due {day}.").format(day=_day(date.fromisoformat(nearest), day))
    if any(debt.disputed for debt in debts):
        return _("An invoice is disputed: nothing is asked for it until that is settled.")
    if about.promise is not None:
        due_on = date.fromisoformat(about.promise.due_on)
        if about.promise.state == promises.OPEN:
            return _("Promised for {day}: nothing is asked before.").format(day=_day(due_on, day))
        return _("The promise for {day} was not kept: a word at the desk is next.").format(day=_day(due_on, day))
    if waiting is not None:
        return _("A notice is written and leaves by itself; a payment withdraws it.")
    talk = next((entry for entry in contacts if entry.kind == "talk" and not entry.withdrawn and entry.due_on), None)
    if talk is not None and talk.due_on is not None and talk.due_on >= day:
        return _("{actor} talks to them again {day}.").format(actor=talk.actor, day=_day(talk.due_on, day))
    return _told(about, contacts, day, reachable=reachable)


def _told(about: About, contacts: list[Entry], day: date, *, reachable: bool) -> str:
    last = next((entry for entry in contacts if _counts(entry)), None)
    if about.told and last is not None:
        told = ngettext("Told once, {day}.", "Told {count} times, last {day}.", about.told)
        return told.format(count=about.told, day=_day(last.at.date(), day))
    if not reachable:
        return _("Not told yet; without e-mail and phone a word at the desk is the only way.")
    return _("Not told yet: a word at the desk, or a notice, is next.")


def _counts(entry: Entry) -> bool:
    if entry.kind == "notice":
        return entry.state in ("sent", "unsure")
    return entry.kind == "talk" and not entry.withdrawn and entry.state not in arrivals.NOT_REACHED


def _day(day: date, today: date) -> str:
    return relative_day(day, today)


def _waiting_notice(tx: Tx, payer_id: int, when: When) -> Entry | None:
    row = tx.one(
        """SELECT created_at, state, channel, subject FROM notice
           WHERE payer_id = :id AND asks_for_money AND state IN ('held', 'queued', 'sending') AND created_at < :end
           ORDER BY created_at LIMIT 1""",
        id=payer_id,
        end=when.end,
    )
    return Entry(when.local(row[0]), "notice", row[1], row[2], row[3]) if row else None


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
