"""Issue an invoice, void it, move its due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from duesdesk.domain import currencies
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.money import LARGEST_MINOR, to_text
from duesdesk.domain.text import clean_text
from duesdesk.services import lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace
from duesdesk.store import numbers
from duesdesk.store.charges import is_billing_undone
from duesdesk.store.database import Tx
from duesdesk.store.ledger import NewInvoice

KINDS = ("dues", "session", "product", "fee")


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """An invoice to issue. Without `due_on` it gets the payer's or the centre's terms; with none set it is undated."""

    member: str
    amount_minor: int
    currency: str
    due_on: date | None = None
    kind: str = "dues"
    description: str = ""
    issued_on: date | None = None


class Invoices:
    """Invoices of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def issue(self, wanted: IssueRequest, *, key: str | None = None) -> Plain:
        """Issue it. Answers `{"invoice", "member", "payer", "issued_on", "due_on", "amount", "currency", "kind"}`.

        Raises NotFound, BadInput.
        """
        content = {
            "member": wanted.member,
            "amount_minor": wanted.amount_minor,
            "currency": wanted.currency,
            "due_on": wanted.due_on.isoformat() if wanted.due_on else None,
            "kind": wanted.kind,
            "description": wanted.description,
            "issued_on": wanted.issued_on.isoformat() if wanted.issued_on else None,
        }
        return perform(
            self._place, Request("invoice.issue", content, key=key), lambda within: self._issue(within, wanted)
        )

    def _issue(self, within: Within, wanted: IssueRequest) -> Done:
        currencies.check(wanted.currency)
        if not 0 < wanted.amount_minor <= LARGEST_MINOR:
            raise BadInput("amount-not-positive", value=to_text(wanted.amount_minor, wanted.currency))
        if wanted.kind not in KINDS:
            raise BadInput("invoice-kind-unknown", kind=wanted.kind, known=", ".join(KINDS))
        tx = within.tx
        person = lookup.person(tx, wanted.member)
        issued_on = wanted.issued_on or self._place.today()
        due_on = wanted.due_on or due_by_terms(tx, person, issued_on)
        if due_on is not None and due_on < issued_on:
            raise BadInput("due-before-issue", due_on=due_on, issued_on=issued_on)
        number = numbers.take(tx, "invoice")
        due_text = due_on.isoformat() if due_on else None
        within.ledger.issue(
            NewInvoice(
                number,
                person.id,
                person.payer_id,
                issued_on.isoformat(),
                due_text,
                wanted.currency,
                wanted.amount_minor,
                wanted.kind,
                clean_text(wanted.description),
            )
        )
        return Done(
            f"invoice {number}",
            {
                "invoice": number,
                "member": person.number,
                "payer": person.payer_number,
                "issued_on": issued_on.isoformat(),
                "due_on": due_text,
                "amount": to_text(wanted.amount_minor, wanted.currency),
                "currency": wanted.currency,
                "kind": wanted.kind,
            },
        )

    def void(self, number: str, *, reason: str, key: str | None = None) -> Plain:
        """The invoice never should have been.

        Raises NotFound, BadInput without a reason, Refused while money lies on it.
        """
        if not reason.strip():
            raise BadInput("reason-missing")
        request = Request("invoice.void", {"invoice": number, "reason": reason}, key=key, reason=reason)
        return perform(self._place, request, lambda within: self.void_within(within, number))

    def void_within(self, within: Within, number: str) -> Done:
        """The work of voiding; undo calls it too."""
        found = lookup.invoice(within.tx, number)
        if found.voided:
            raise Refused("invoice-already-void", invoice=number)
        paid = within.tx.value(
            "SELECT coalesce(sum(amount_minor), 0) FROM allocation WHERE invoice_id = :id", id=found.id
        )
        if paid:
            raise Refused(
                "void-with-payments", invoice=number, paid=to_text(paid, found.currency), currency=found.currency
            )
        within.ledger.void(found.id)
        notice_states.withdraw_for(within, found.payer_id, [found.id], notice_states.VOID)
        return Done(f"invoice {number}", {"invoice": number, "status": "void"})

    def restore_within(self, within: Within, number: str) -> Done:
        """The voiding was a slip; undo calls it. Raises Refused for dues whose billing was taken back meanwhile."""
        found = lookup.invoice(within.tx, number)
        if is_billing_undone(within.tx, found.id):
            # Its period is to be billed again: it would be owed twice.
            raise Refused("billing-undone-meanwhile", invoice=number)
        within.ledger.restore(found.id, draft=found.draft)
        return Done(f"invoice {number}", {"invoice": number, "status": "draft" if found.draft else "issued"})

    def move_due(self, number: str, due_on: date, *, reason: str = "", key: str | None = None) -> Plain:
        """Another due date for an invoice that is still open. Raises NotFound, Refused when it is paid or void."""
        request = Request("invoice.move_due", {"invoice": number, "due_on": due_on.isoformat()}, key=key, reason=reason)

        def work(within: Within) -> Done:
            found = lookup.invoice(within.tx, number)
            if within.ledger.standing.item(found.id) is None:
                raise Refused("invoice-not-open", invoice=number)
            if due_on < found.issued_on:
                raise BadInput("due-before-issue", due_on=due_on, issued_on=found.issued_on)
            within.ledger.move_due(found.id, due_on.isoformat())
            notice_states.withdraw_for(within, found.payer_id, [found.id], notice_states.DUE_MOVED)
            before = found.due_on.isoformat() if found.due_on else ""
            return Done(f"invoice {number}", {"invoice": number, "due_on": due_on.isoformat()}, before)

        return perform(self._place, request, work)

    def move_back_within(self, within: Within, number: str, act_id: int) -> Done:
        """The due date is the one again that act `act_id` had replaced; undo calls it. Raises Refused when settled."""
        found = lookup.invoice(within.tx, number)
        if within.ledger.standing.item(found.id) is None:
            raise Refused("invoice-not-open", invoice=number)
        due_on = due_before(within.tx, found.id, act_id)
        within.ledger.move_due(found.id, due_on)
        notice_states.withdraw_for(within, found.payer_id, [found.id], notice_states.DUE_MOVED)
        return Done(f"invoice {number}", {"invoice": number, "due_on": due_on})

    def dispute(self, number: str, *, disputed: bool = True, reason: str = "", key: str | None = None) -> Plain:
        """Somebody contests the invoice, or no longer does. Answers `{"invoice", "disputed"}`.

        Raises NotFound, BadInput for a dispute without a reason, Refused for a void invoice and where it stands so.
        """
        if disputed and not reason.strip():
            raise BadInput("reason-missing")
        content = {"invoice": number, "disputed": disputed, "reason": reason}
        request = Request("dispute", content, key=key, reason=reason)

        def work(within: Within) -> Done:
            found = lookup.invoice(within.tx, number)
            if found.voided:
                raise Refused("invoice-already-void", invoice=number)
            stands = within.tx.value(
                """SELECT kind = 'disputed' FROM invoice_event
                   WHERE invoice_id = :id AND kind IN ('disputed', 'undisputed')
                   ORDER BY effective_on DESC, id DESC LIMIT 1""",
                id=found.id,
            )
            if bool(stands) == disputed:
                raise Refused("invoice-disputed-already" if disputed else "invoice-not-disputed", invoice=number)
            return self.dispute_within(within, number, disputed=disputed)

        return perform(self._place, request, work)

    def dispute_within(self, within: Within, number: str, *, disputed: bool) -> Done:
        """The work of disputing; undo calls it too."""
        found = lookup.invoice(within.tx, number)
        within.ledger.dispute(found.id, disputed=disputed)
        if disputed:
            notice_states.withdraw_for(within, found.payer_id, [found.id], notice_states.DISPUTED)
        return Done(f"invoice {number}", {"invoice": number, "disputed": disputed})

    def currency_of(self, number: str) -> str:
        """The currency of an invoice. Raises NotFound."""
        with self._place.database.read() as tx:
            return lookup.invoice(tx, number).currency


def due_before(tx: Tx, invoice_id: int, act_id: int) -> str | None:
    """The due date that was in force before the act `act_id`."""
    row = tx.one(
        """SELECT due_on FROM invoice_event WHERE invoice_id = :id AND kind = 'due_moved' AND act_id < :act_id
           ORDER BY effective_on DESC, id DESC LIMIT 1""",
        id=invoice_id,
        act_id=act_id,
    ) or tx.one("SELECT due_on FROM invoice WHERE id = :id", id=invoice_id)
    due_on: str | None = row[0] if row else None
    return due_on


def due_by_terms(tx: Tx, person: lookup.Person, issued_on: date) -> date | None:
    """The due date by the payer's terms, else the centre's (`terms.days`); None when neither is set."""
    days = person.terms_days
    if days is None:
        text = tx.value("SELECT value FROM setting WHERE key = 'terms.days'")
        days = int(text) if text else None
    return issued_on + timedelta(days=days) if days is not None else None
