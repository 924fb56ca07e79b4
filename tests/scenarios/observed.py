"""What the program answers about a day: the figures a story expects, asked in every way there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duesdesk.bootstrap import Desk
from duesdesk.domain.ageing import bucket_index, buckets, days_overdue
from duesdesk.services.standing import of_payer
from duesdesk.store.positions import CREDIT_COMPUTED, CREDIT_PROJECTED, OPEN_COMPUTED, OPEN_PROJECTED


@dataclass(frozen=True)
class Item:
    """An open invoice as the program sees it."""

    number: str
    payer: str
    currency: str
    due_on: date | None
    open_minor: int
    paid_minor: int
    disputed: bool


class Observed:
    """The book at the end of a day. For today it is asked twice, of the ledger and of what is kept beside it."""

    def __init__(self, desk: Desk, as_of: date) -> None:
        self.desk = desk
        self.as_of = as_of
        self.items = self._items(OPEN_COMPUTED)
        self.credit = self._credit(CREDIT_COMPUTED)
        if as_of == desk.today():
            assert self._items(OPEN_PROJECTED) == self.items, "the projection of open items differs from the ledger"
            # A payment dated later is in the projection already; the program looks at the ledger then.
            if not self._dated_later():
                assert self._credit(CREDIT_PROJECTED) == self.credit, "the projection of credit differs"
        self._payers_agree()

    def _items(self, sql: str) -> list[Item]:
        with self.desk.place.database.read() as tx:
            rows = tx.all(
                f"""SELECT i.number, p.number, o.currency, o.due_on, o.open_minor, o.paid_minor, o.disputed
                    FROM ({sql}) o JOIN invoice i ON i.id = o.invoice_id JOIN member p ON p.id = o.payer_id
                    ORDER BY i.id""",
                as_of=self.as_of.isoformat(),
            )
        return [Item(*row[:3], date.fromisoformat(row[3]) if row[3] else None, *row[4:6], bool(row[6])) for row in rows]

    def _credit(self, sql: str) -> dict[tuple[str, str], int]:
        with self.desk.place.database.read() as tx:
            rows = tx.all(
                f"SELECT p.number, c.currency, c.credit_minor FROM ({sql}) c JOIN member p ON p.id = c.payer_id",
                as_of=self.as_of.isoformat(),
            )
        return {(payer, currency): minor for payer, currency, minor in rows}

    def _dated_later(self) -> bool:
        with self.desk.place.database.read() as tx:
            last = tx.value("SELECT moved_through FROM ledger_state WHERE id = 1")
        return bool(last and last > self.as_of.isoformat())

    def _payers_agree(self) -> None:
        """Each payer's own standing is the sum of what the lists say."""
        with self.desk.place.database.read() as tx:
            for identity, number in tx.all("SELECT id, number FROM member WHERE payer_id IS NULL OR payer_id = id"):
                for standing in of_payer(tx, identity, self.as_of.isoformat()).values():
                    asked = (number, standing.currency)
                    assert standing.unpaid_minor == self.unpaid(*asked)
                    assert standing.open_minor == self.open(*asked)
                    assert standing.credit_minor == self.credit.get(asked, 0)

    def _of(self, payer: str | None, currency: str) -> list[Item]:
        return [item for item in self.items if item.currency == currency and payer in {None, item.payer}]

    def _overdue(self, payer: str | None, currency: str) -> list[Item]:
        return [item for item in self._of(payer, currency) if days_overdue(item.due_on, self.as_of)]

    def unpaid(self, payer: str | None, currency: str) -> int:
        return sum(item.open_minor for item in self._overdue(payer, currency))

    def undisputed(self, payer: str | None, currency: str) -> int:
        return sum(item.open_minor for item in self._overdue(payer, currency) if not item.disputed)

    def open(self, payer: str | None, currency: str) -> int:
        return sum(item.open_minor for item in self._of(payer, currency))

    def pending(self, payer: str | None, currency: str) -> int:
        return self.open(payer, currency) - self.unpaid(payer, currency)

    def partial(self, payer: str | None, currency: str) -> int:
        return sum(item.open_minor for item in self._of(payer, currency) if item.paid_minor)

    def credit_of(self, payer: str | None, currency: str) -> int:
        return sum(minor for (who, code), minor in self.credit.items() if code == currency and payer in {None, who})

    def debtors(self, currency: str) -> list[str]:
        return sorted({item.payer for item in self._overdue(None, currency)})

    def days(self, number: str) -> int:
        item = next((item for item in self.items if item.number == number), None)
        assert item is not None, "nothing of that invoice is open"
        return days_overdue(item.due_on, self.as_of)

    def ageing(self, payer: str | None, currency: str, edges: tuple[int, ...]) -> dict[str, int]:
        found = {bucket.name: 0 for bucket in buckets(edges)}
        names = list(found)
        for item in self._of(payer, currency):
            found[names[bucket_index(days_overdue(item.due_on, self.as_of), edges)]] += item.open_minor
        return found
