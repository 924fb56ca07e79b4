"""A promise to pay an amount by a day. Whether it was kept is read from the payments since, never stored."""

from __future__ import annotations

from datetime import date

from duesdesk.domain import currencies
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import to_text
from duesdesk.domain.text import clean_text
from duesdesk.services import lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace


class Promises:
    """Promises of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def take(
        self,
        member: str,
        amount_minor: int,
        currency: str,
        due_on: date,
        *,
        note: str = "",
        on: date | None = None,
        key: str | None = None,
    ) -> Plain:
        """Write down a promise. Answers `{"promise", "member", "amount", "currency", "due_on"}`.

        Raises NotFound, BadInput for nothing promised or a day that has passed.
        """
        promised_on = on or self._place.today()
        currencies.check(currency)
        if amount_minor <= 0:
            raise BadInput("amount-not-positive", value=to_text(amount_minor, currency))
        if due_on < promised_on:
            raise BadInput("promise-in-the-past", due_on=due_on)
        content = {
            "member": member,
            "amount_minor": amount_minor,
            "currency": currency,
            "due_on": due_on.isoformat(),
            "note": note,
        }

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            identity = within.tx.insert(
                """INSERT INTO promise (payer_id, currency, amount_minor, promised_on, due_on, note, act_id,
                                        recorded_at,
                                        actor, desk, idempotency_key)
                   VALUES (:payer_id, :currency, :amount_minor, :promised_on, :due_on, :note, :act_id, :recorded_at,
                           :actor, :desk, :key)""",
                payer_id=person.payer_id,
                currency=currency,
                amount_minor=amount_minor,
                promised_on=promised_on.isoformat(),
                due_on=due_on.isoformat(),
                note=clean_text(note),
                act_id=within.act.id,
                recorded_at=within.act.recorded_at,
                actor=within.act.actor,
                desk=within.act.desk,
                key=within.act.key,
            )
            _pull_back(within, person.payer_id, currency)
            return Done(
                f"member {person.number}",
                {
                    "promise": identity,
                    "member": person.number,
                    "amount": to_text(amount_minor, currency),
                    "currency": currency,
                    "due_on": due_on.isoformat(),
                },
            )

        return perform(self._place, Request("promise", content, key=key, on=promised_on), work)

    def cancel_within(self, within: Within, promise_id: int) -> Done:
        """The entry was a mistake; undo calls it."""
        within.tx.run("UPDATE promise SET cancelled_on = :today WHERE id = :id", today=within.today, id=promise_id)
        return Done(f"promise {promise_id}", {"promise": promise_id, "cancelled": True})


def _pull_back(within: Within, payer_id: int, currency: str) -> None:
    """Until the promised day nothing more is asked: what waits to ask is pulled back."""
    owed = within.tx.all(
        "SELECT invoice_id FROM open_item WHERE payer_id = :id AND currency = :currency", id=payer_id, currency=currency
    )
    notice_states.withdraw_for(within, payer_id, [row[0] for row in owed], notice_states.PROMISED)
