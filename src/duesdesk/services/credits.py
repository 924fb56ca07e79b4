"""Lower an invoice without money: credit note, waiver, write-off."""

from __future__ import annotations

from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.money import to_text
from duesdesk.services import lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace
from duesdesk.store import numbers

KINDS = ("credit_note", "waiver", "write_off")


class Credits:
    """Credits of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def give(self, invoice: str, amount_minor: int | None, *, kind: str, reason: str, key: str | None = None) -> Plain:
        """Lower `invoice` by `amount_minor` (None: all that is open).

        Answers `{"credit", "kind", "invoice", "amount", "currency", "open"}`. Raises NotFound, BadInput without a
        reason, Refused when less is open.
        """
        if kind not in KINDS:
            raise BadInput("credit-kind-unknown", kind=kind, known=", ".join(KINDS))
        if not reason.strip():
            raise BadInput("reason-missing")
        content = {"invoice": invoice, "amount_minor": amount_minor, "kind": kind, "reason": reason}
        request = Request(kind, content, key=key, reason=reason)
        return perform(self._place, request, lambda within: _give(within, invoice, amount_minor, kind))

    def take_back_within(self, within: Within, reference: str) -> Done:
        """The invoice is owed again for what the credit lowered; undo calls it."""
        row = within.tx.one(
            """SELECT c.id, i.number, c.amount_minor, i.currency,
                      EXISTS (SELECT 1 FROM credit r WHERE r.reverses_id = c.id)
               FROM credit c JOIN invoice i ON i.id = c.invoice_id WHERE c.reference = :reference""",
            reference=reference,
        )
        if row is None:
            raise NotFound("credit-unknown", credit=reference)
        credit_id, number, amount_minor, currency, reversed_already = row
        if reversed_already or amount_minor < 0:
            raise Refused("credit-already-reversed", credit=reference)
        back = numbers.take(within.tx, "credit")
        within.ledger.reverse_credit(credit_id, back)
        return Done(
            f"credit {reference}",
            {
                "credit": back,
                "reverses": reference,
                "invoice": number,
                "amount": to_text(-amount_minor, currency),
                "currency": currency,
            },
        )


def _give(within: Within, number: str, amount_minor: int | None, kind: str) -> Done:
    found = lookup.invoice(within.tx, number)
    item = within.ledger.standing.item(found.id)
    if item is None:
        raise Refused("invoice-not-open", invoice=number)
    amount = item.open_minor if amount_minor is None else amount_minor
    if amount <= 0:
        raise BadInput("amount-not-positive", value=to_text(amount, found.currency))
    if amount > item.open_minor:
        raise Refused("credit-above-open", invoice=number, open_minor=item.open_minor, currency=found.currency)
    reference = numbers.take(within.tx, "credit")
    within.ledger.credit(reference, found.id, kind, amount, within.today)
    notice_states.withdraw_for(within, found.payer_id, [found.id], notice_states.LOWERED)
    return Done(
        f"invoice {number}",
        {
            "credit": reference,
            "kind": kind,
            "invoice": number,
            "amount": to_text(amount, found.currency),
            "currency": found.currency,
            "open": to_text(item.open_minor - amount, found.currency),
        },
    )
