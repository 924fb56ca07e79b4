"""Money that goes back, and what went back by a slip: the work of reversal, refund and their undo."""

from __future__ import annotations

from duesdesk.domain.errors import BadInput, Conflict, Refused
from duesdesk.domain.money import from_text, to_text
from duesdesk.services import agreement_money, lookup, notice_states, standing
from duesdesk.services.acts import Done, Plain, Within
from duesdesk.store import numbers


def give_back(within: Within, reference: str, amount_minor: int | None, kind: str) -> Done:
    """The work of reversal and refund; undo calls it too. `amount_minor` None is all that is left."""
    tx, ledger = within.tx, within.ledger
    paid = lookup.payment(tx, reference)
    if paid.kind != "receipt":
        raise Refused("payment-not-a-receipt", payment=reference)
    if paid.live_minor <= 0:
        raise Refused("payment-already-returned", payment=reference)
    amount = paid.live_minor if amount_minor is None else amount_minor
    if amount <= 0:
        raise BadInput("amount-not-positive", value=to_text(amount, paid.currency))
    if amount > paid.live_minor:
        raise Refused("refund-above-payment", payment=reference, left_minor=paid.live_minor, currency=paid.currency)
    # A refund takes back what it paid before it touches what lies on account.
    lifted = ledger.take_back(paid.id, None if kind == "reversal" else amount)
    # What asks for less than is owed now has other figures: the rule asks anew.
    touched = [invoice_id for invoice_id, _ in lifted]
    notice_states.withdraw_for(within, paid.payer_id, touched, notice_states.RETURNED)
    if amount == paid.live_minor:
        notice_states.withdraw_receipt(within, paid.id)
    back_reference = numbers.take(tx, "payment")
    ledger.give_back(paid.id, amount, back_reference, kind)
    agreed = agreement_money.after_money(within)
    names = lookup.invoice_numbers(tx, [invoice_id for invoice_id, _ in lifted])
    left = standing.in_currency(tx, paid.payer_id, paid.currency, within.today)
    payer = tx.value("SELECT number FROM member WHERE id = :id", id=paid.payer_id)
    return Done(
        f"payment {reference}",
        {
            "payment": back_reference,
            "reverses": reference,
            "kind": kind,
            "member": payer,
            "amount": to_text(-amount, paid.currency),
            "currency": paid.currency,
            "allocations": [
                {"invoice": names[invoice_id], "amount": to_text(-part, paid.currency)} for invoice_id, part in lifted
            ],
            "credit": to_text(left.credit_minor, paid.currency),
            "unpaid": to_text(left.unpaid_minor, paid.currency),
            "open": to_text(left.open_minor, paid.currency),
            **({"agreements": agreed} if agreed else {}),
        },
    )


def bring_back(within: Within, answer: Plain) -> Done:
    """A reversal or refund (its `answer`) was a slip: the money lies where it lay; undo calls it.

    Raises Refused when what it had paid was paid otherwise since, and when the payment was touched again.
    """
    tx = within.tx
    paid = lookup.payment(tx, answer["reverses"])
    amount_minor = -from_text(answer["amount"], paid.currency)
    if paid.live_minor + amount_minor > paid.amount_minor:
        raise Refused("payment-already-returned", payment=answer["payment"])
    shares = [
        (lookup.invoice(tx, part["invoice"]).id, -from_text(part["amount"], paid.currency))
        for part in answer["allocations"]
    ]
    again = numbers.take(tx, "payment")
    try:
        within.ledger.bring_back(paid.id, amount_minor, again, f"{answer['kind']}_undone", shares)
    except Conflict as error:
        raise Refused("undo-paid-otherwise", payment=paid.reference) from error
    withdrawn = notice_states.withdraw_for(within, paid.payer_id, [invoice_id for invoice_id, _ in shares])
    undone = tx.value("SELECT act_id FROM payment WHERE reference = :reference", reference=answer["payment"])
    agreed = agreement_money.after_money(within, again=undone)
    left = standing.in_currency(tx, paid.payer_id, paid.currency, within.today)
    return Done(
        f"payment {paid.reference}",
        {
            "payment": again,
            "restores": paid.reference,
            "amount": to_text(amount_minor, paid.currency),
            "currency": paid.currency,
            "unpaid": to_text(left.unpaid_minor, paid.currency),
            "open": to_text(left.open_minor, paid.currency),
            "credit": to_text(left.credit_minor, paid.currency),
            "notices_withdrawn": withdrawn,
            **({"agreements": agreed} if agreed else {}),
        },
    )
