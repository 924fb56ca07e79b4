"""The facts of one notice, read from the store: the payer's items, credit, payment, promise, and the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from duesdesk.domain.collection.packs import pack_code
from duesdesk.services import standing
from duesdesk.services.collection.houses import pack
from duesdesk.services.lookup import Person
from duesdesk.services.notice_values import Agreed, Facts, House, ItemFact, PaymentFact, SettledFact
from duesdesk.services.workplace import Centre
from duesdesk.store import among
from duesdesk.store.database import Tx


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """An invoice the notice speaks of."""

    invoice_id: int
    number: str
    open_minor: int
    currency: str
    due_on: str | None = None


def read(
    tx: Tx,
    person: Person,
    items: Sequence[NoticeItem],
    today: date,
    *,
    payment_id: int | None = None,
    promise_id: int | None = None,
    part_id: int | None = None,
) -> Facts:
    """The facts of a notice to who pays for `person`.

    Without an id the last payment, the last promise and the first part of a plan that is late are told.
    """
    figures = standing.of_payer(tx, person.payer_id, today.isoformat())
    return Facts(
        person.payer_name,
        person.payer_number,
        _items(tx, person, items),
        {currency: figure.credit_minor for currency, figure in figures.items() if figure.credit_minor > 0},
        _payment(tx, person.payer_id, payment_id),
        _promise(tx, person.payer_id, promise_id),
        _instalment(tx, person.payer_id, part_id, today),
    )


def house(tx: Tx, centre: Centre, country: str | None = None) -> House:
    """The centre as its notices tell of it to somebody who lives in `country`; None is where the centre is."""
    settings: dict[str, str] = dict(
        tx.all("SELECT key, value FROM setting WHERE key LIKE 'centre.%' OR key = 'notices.way_out'")
    )
    always = settings.pop("notices.way_out", "") == "always"
    told = {key.removeprefix("centre."): value for key, value in settings.items()}
    packs = [pack(code) for code in {pack_code(centre.country), pack_code(country or centre.country)}]
    return House(
        centre.name,
        centre.country,
        told,
        opt_out=always or any(one.way_out for one in packs),
        names_creditor=any(one.names_creditor for one in packs),
    )


def _items(tx: Tx, person: Person, items: Sequence[NoticeItem]) -> tuple[ItemFact, ...]:
    rows = {
        row[0]: row[1:]
        for row in tx.all(
            f"""SELECT i.id, i.description, i.total_minor, coalesce(o.paid_minor, 0), m.id, m.name
                FROM invoice i JOIN member m ON m.id = i.member_id LEFT JOIN open_item o ON o.invoice_id = i.id
                WHERE i.id IN ({among.ids(tx)})""",
            wanted=among.listed(item.invoice_id for item in items),
        )
    }
    facts = []
    for item in items:
        description, total_minor, paid_minor, member_id, member_name = rows[item.invoice_id]
        facts.append(
            ItemFact(
                item.number,
                description,
                member_name if member_id != person.payer_id else "",
                item.currency,
                total_minor,
                paid_minor,
                item.open_minor,
                date.fromisoformat(item.due_on) if item.due_on else None,
            )
        )
    return tuple(facts)


def _payment(tx: Tx, payer_id: int, payment_id: int | None) -> PaymentFact | None:
    row = tx.one(
        """SELECT id, reference, currency, amount_minor, received_on FROM payment
           WHERE payer_id = :payer AND kind = 'receipt' AND (:id = 0 OR id = :id)
             AND NOT EXISTS (SELECT 1 FROM payment back WHERE back.payer_id = :payer AND back.reverses_id = payment.id)
           ORDER BY received_on DESC, id DESC LIMIT 1""",
        payer=payer_id,
        id=payment_id or 0,
    )
    if row is None:
        return None
    identity, reference, currency, amount_minor, received_on = row
    settled = tx.all(
        """SELECT i.number, i.description, sum(a.amount_minor) FROM allocation a JOIN invoice i ON i.id = a.invoice_id
           WHERE a.payment_id = :id GROUP BY i.id, i.number, i.description HAVING sum(a.amount_minor) > 0
           ORDER BY min(a.id)""",
        id=identity,
    )
    return PaymentFact(
        reference,
        currency,
        amount_minor,
        date.fromisoformat(received_on),
        tuple(SettledFact(number, description, int(minor)) for number, description, minor in settled),
    )


def _promise(tx: Tx, payer_id: int, promise_id: int | None) -> Agreed | None:
    row = tx.one(
        """SELECT currency, amount_minor, due_on FROM promise
           WHERE payer_id = :payer AND cancelled_on IS NULL AND (:id = 0 OR id = :id) ORDER BY due_on DESC, id DESC
           LIMIT 1""",
        payer=payer_id,
        id=promise_id or 0,
    )
    return None if row is None else Agreed(row[0], row[1], date.fromisoformat(row[2]))


def _instalment(tx: Tx, payer_id: int, part_id: int | None, today: date) -> Agreed | None:
    if tx.value("SELECT 1 FROM agreement WHERE payer_id = :payer LIMIT 1", payer=payer_id) is None:
        return None
    from duesdesk.services.agreement_views import late_part  # imported late: start-up

    found = late_part(tx, payer_id, today, part_id or 0)
    return None if found is None else Agreed(found[0], found[1].open_minor, found[1].part.due_on)
