"""The Member File: who somebody is, who pays, and all that was billed, paid, said and booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from duesdesk.domain import invoice_states
from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.errors import NotFound
from duesdesk.services import agreement_views, lookup, membership_views, reach, standing, timeline
from duesdesk.services.acts import Plain
from duesdesk.services.debts import PersonDebt, person_debt
from duesdesk.services.members import MemberDetails, Note, details_of, notes_of
from duesdesk.services.membership_views import MembershipView
from duesdesk.services.timeline import Entry, When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals, member_files
from duesdesk.store.database import Row, Tx

MOST_INVOICES, MOST_PAYMENTS, MOST_ENTRIES, MOST_BOOKINGS = 2000, 2000, 300, 300
# Above any count of them.
_ALL = 2**31


@dataclass(frozen=True, slots=True)
class FileFigures:
    """What the payer owes and has in one currency, minor units; `days` since the oldest overdue day."""

    currency: str
    unpaid_minor: int
    unpaid_invoices: int
    open_minor: int
    credit_minor: int
    days: int
    next_due: date | None


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """The payer of a household, who `pays`, or a member paid for, with what is open for them per currency."""

    number: str
    name: str
    status: str
    open: tuple[tuple[str, int], ...]
    pays: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with its figures today. `member` is who it is for, `payer` who owes it."""

    number: str
    description: str
    kind: str
    member: str
    member_name: str
    payer: str
    issued_on: date
    due_on: date | None
    currency: str
    total_minor: int
    paid_minor: int
    credited_minor: int
    open_minor: int
    state: str
    days: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment: `laid_minor` of it lies on invoices, `returned_minor` went back, the rest is credit on account.

    `kind` is receipt, reversal or refund; the last two name the payment they take back in `reverses`.
    """

    reference: str
    received_on: date
    method: str
    kind: str
    currency: str
    amount_minor: int
    laid_minor: int
    returned_minor: int
    reverses: str | None
    actor: str
    desk: str
    recorded_at: datetime
    reason: str
    member_name: str

    @property
    def rest_minor(self) -> int:
        """What of it is credit on account."""
        return self.amount_minor - self.laid_minor - self.returned_minor if self.kind == "receipt" else 0

    @property
    def is_live(self) -> bool:
        """Whether it can still be reversed or refunded."""
        return self.kind == "receipt" and self.returned_minor < self.amount_minor


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking of the member; `checked_in_at` on the wall clock of the centre."""

    id: int
    on_day: date
    at_time: str
    activity: str
    status: str
    checked_in_at: datetime | None
    checked_in_by: str


@dataclass(frozen=True, slots=True)
class Move:
    """Something that befell an invoice or a payment.

    `kind`: paid, taken_back, credit_note, waiver, write_off, issued, voided, due_moved, disputed, undisputed, reversal,
    refund. `text` is the method of a payment, or what an invoice is for.
    """

    on: date
    kind: str
    reference: str
    amount_minor: int
    text: str
    actor: str
    reason: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """An invoice with its lines and all that befell it."""

    invoice: InvoiceView
    lines: tuple[tuple[str, int], ...]
    moves: tuple[Move, ...]
    recorded_at: datetime
    actor: str
    desk: str


@dataclass(frozen=True, slots=True)
class MemberFile:
    """All the Member File shows. Figures, timeline, debt and `stopped` channels are those of who pays.

    `agreements` are plans and settlements as commands tell them, the newest first.
    `household` has the payer first, then everybody they pay for; it is empty for people who pay for themselves alone.
    """

    details: MemberDetails
    email_works: bool
    stopped: tuple[str, ...]
    payer: str
    payer_name: str
    debt: PersonDebt
    figures: tuple[FileFigures, ...]
    household: tuple[HouseholdMember, ...]
    invoices: tuple[InvoiceView, ...]
    payments: tuple[PaymentView, ...]
    timeline: tuple[Entry, ...]
    bookings: tuple[BookingView, ...]
    notes: tuple[Note, ...]
    memberships: tuple[MembershipView, ...]
    agreements: tuple[Plain, ...] = ()

    @property
    def number(self) -> str:
        """The member's number."""
        return str(self.details.number)

    @property
    def pays_for_themselves(self) -> bool:
        """Whether nobody else pays for this member."""
        return self.payer == self.details.number


class MemberFiles:
    """Member Files of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def open(self, number: str, *, whole: bool = False) -> MemberFile:
        """The file of member `number` as it stands today: the newest of each list, or the `whole`. Raises NotFound."""
        limits = (_ALL,) * 4 if whole else (MOST_INVOICES, MOST_PAYMENTS, MOST_ENTRIES, MOST_BOOKINGS)
        most_invoices, most_payments, most_entries, most_bookings = limits
        today = self._place.today()
        when = When.until(today, self._place.centre.timezone)
        as_of = today.isoformat()
        with self._place.database.read() as tx:
            person = lookup.person(tx, number)
            works = tx.value("SELECT email_works FROM member WHERE id = :id", id=person.id)
            invoices = [_invoice(row, today) for row in member_files.invoices(tx, person.id, as_of, most_invoices)]
            return MemberFile(
                details_of(tx, number),
                bool(works),
                reach.stopped(tx, person.payer_id),
                person.payer_number,
                person.payer_name,
                person_debt(tx, self._place, person, when),
                _figures(tx, person.payer_id, today),
                _household(tx, person),
                tuple(sorted(invoices, key=_open_first)),
                tuple(_payment(row, when) for row in member_files.payments(tx, person.id, as_of, most_payments)),
                tuple(timeline.entries(tx, person.payer_id, when, most=most_entries)),
                tuple(_booking(row, when) for row in member_files.bookings(tx, person.id, most_bookings)),
                tuple(notes_of(tx, person.id)),
                tuple(membership_views.of_household(tx, person.id, today)),
                agreement_views.of_payers(tx, {person.payer_id, person.id}, today),
            )

    def invoice(self, number: str) -> InvoiceDetail:
        """An invoice with all that befell it. Raises NotFound."""
        today = self._place.today()
        when = When.until(today, self._place.centre.timezone)
        with self._place.database.read() as tx:
            row = member_files.invoice(tx, number, today.isoformat())
            if row is None:
                raise NotFound("invoice-unknown", invoice=number)
            lines = tuple((str(text), int(amount)) for text, amount in member_files.invoice_lines(tx, row[0]))
            view = _invoice(row, today)
            # A file to import has a description and a total, and no lines.
            lines = lines or ((view.description, view.total_minor),)
            moves = tuple(
                Move(date.fromisoformat(on), kind, reference, amount, method, actor, reason, _day(due_text))
                for on, kind, reference, amount, method, due_text, actor, reason in member_files.invoice_moves(
                    tx, row[0]
                )
            )
        return InvoiceDetail(view, lines, moves, when.local(row[-3]), row[-2], row[-1])

    def lines(self, number: str) -> dict[str, list[tuple[str, int]]]:
        """The lines, (description, amount_minor), of every invoice for or of the member by its number. Raises NotFound.

        An imported invoice has none of its own.
        """
        with self._place.database.read() as tx:
            rows = member_files.lines_of(tx, lookup.person(tx, number).id)
        found: dict[str, list[tuple[str, int]]] = {}
        for invoice, text, amount_minor in rows:
            found.setdefault(invoice, []).append((text, amount_minor))
        return found

    def laid(self, number: str) -> dict[str, tuple[tuple[str, int], ...]]:
        """What each payment by or for the member lies on: (invoice, amount_minor) by reference. Raises NotFound."""
        with self._place.database.read() as tx:
            rows = member_files.laid(tx, lookup.person(tx, number).id)
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        for reference, invoice, amount_minor in rows:
            found[reference] = (*found.get(reference, ()), (invoice, amount_minor))
        return found

    def payment_moves(self, reference: str) -> tuple[Move, ...]:
        """What a payment was laid on, and what went back of it. Raises NotFound."""
        with self._place.database.read() as tx:
            lookup.payment(tx, reference)
            rows = member_files.payment_moves(tx, reference)
        return tuple(
            Move(date.fromisoformat(on), kind, other, amount, text, actor, reason)
            for on, kind, other, amount, text, actor, reason in rows
        )


def _open_first(invoice: InvoiceView) -> tuple[int, str, int]:
    """What is open by due day, then the rest, the newest first (the rows come in that order)."""
    if invoice.open_minor > 0 and invoice.state in (invoice_states.UNPAID, invoice_states.PARTIALLY_PAID):
        return 0, invoice.due_on.isoformat() if invoice.due_on else "9999-12-31", 0
    return 1, "", 0


def _invoice(row: Row, today: date) -> InvoiceView:
    number, description, kind, member, name, payer, issued_text, due_text, currency = row[1:10]
    total_minor, paid_minor, credited_minor, written_off_minor, voided, draft, disputed = row[10:17]
    state = invoice_states.state(
        total_minor,
        paid_minor,
        credited_minor,
        written_off_minor=written_off_minor,
        voided=bool(voided),
        draft=bool(draft),
    )
    is_open = state in (invoice_states.UNPAID, invoice_states.PARTIALLY_PAID)
    due_on = _day(due_text)
    return InvoiceView(
        number,
        description,
        kind,
        member,
        name,
        payer,
        date.fromisoformat(issued_text),
        due_on,
        currency,
        total_minor,
        paid_minor,
        credited_minor,
        total_minor - paid_minor - credited_minor if is_open else 0,
        state,
        days_overdue(due_on, today) if is_open else 0,
        bool(disputed),
    )


def _payment(row: Row, when: When) -> PaymentView:
    reference, received_on, method, kind, currency, amount, laid, returned, reverses, actor, desk, at, reason, name = (
        row
    )
    return PaymentView(
        reference,
        date.fromisoformat(received_on),
        method,
        kind,
        currency,
        amount,
        laid,
        -returned,
        reverses,
        actor,
        desk,
        when.local(at),
        reason,
        name,
    )


def _booking(row: Row, when: When) -> BookingView:
    identity, on_day, at_time, activity, status, checked_in_at, checked_in_by = row
    at = when.local(checked_in_at) if checked_in_at else None
    return BookingView(identity, date.fromisoformat(on_day), at_time or "", activity, status, at, checked_in_by or "")


def _figures(tx: Tx, payer_id: int, today: date) -> tuple[FileFigures, ...]:
    as_of = today.isoformat()
    debts = {debt.currency: debt for debt in arrivals.debts_of(tx, [payer_id], as_of).get(payer_id, ())}
    found = []
    for currency, figures in standing.of_payer(tx, payer_id, as_of).items():
        debt = debts.get(currency)
        oldest = _day(debt.oldest_due) if debt else None
        found.append(
            FileFigures(
                currency,
                figures.unpaid_minor,
                debt.unpaid_invoices if debt else 0,
                figures.open_minor,
                figures.credit_minor,
                days_overdue(oldest, today),
                _day(debt.next_due) if debt else None,
            )
        )
    return tuple(found)


def _household(tx: Tx, person: lookup.Person) -> tuple[HouseholdMember, ...]:
    rows = member_files.household(tx, person.payer_id)
    if not rows:
        return ()
    owed: dict[str, list[tuple[str, int]]] = {}
    for number, currency, open_minor in member_files.open_by_member(tx, person.payer_id):
        owed.setdefault(number, []).append((currency, open_minor))
    return tuple(
        HouseholdMember(number, name, status, tuple(owed.get(number, ())), bool(pays))
        for number, name, status, pays in rows
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
