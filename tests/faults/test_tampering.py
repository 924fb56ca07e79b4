"""What somebody changes in the store behind the program's back is found by `verify`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duesdesk.services.credits import Credits
from duesdesk.services.payments import PayRequest
from duesdesk.store import sqlite
from tests.faults.centre import at, findings, owing

pytestmark = pytest.mark.faults


@pytest.fixture
def book(store: Path, tmp_path: Path) -> str:
    """Three debts, one of them paid in part, one credited, and a reversed payment."""
    url = str(store)
    owing(url, tmp_path, 3)
    desk = at(url)
    desk.payments.pay(PayRequest("M00001", 2000, "EUR"))
    desk.payments.pay(PayRequest("M00002", 7000, "EUR"))
    desk.payments.reverse("PAY-00001", reason="bounced")
    Credits(desk.place).give("INV-00003", 1000, kind="waiver", reason="kind")
    desk.close()
    assert findings(url) == {}
    return url


@contextmanager
def by_hand(url: str) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who knows SQL: the triggers are put away, and back again afterwards."""
    connection = sqlite.library().connect(url, isolation_level=None)
    made = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in made:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, statement in made:
        connection.execute(statement)
    connection.close()


CHANGES = {
    "the amount of a payment": "UPDATE payment SET amount_minor = amount_minor + 1 WHERE id = 2",
    "the day of a payment": "UPDATE payment SET received_on = '2026-01-01' WHERE id = 2",
    "whose payment it is": "UPDATE payment SET payer_id = 3 WHERE id = 2",
    "how it was paid": "UPDATE payment SET method = 'card' WHERE id = 2",
    "the total of an invoice": "UPDATE invoice SET total_minor = 4000 WHERE id = 1",
    "the day an invoice is due": "UPDATE invoice SET due_on = '2027-01-01' WHERE id = 1",
    "what a payment lies on": "UPDATE allocation SET invoice_id = 3 WHERE id = 1",
    "how much lies there": "UPDATE allocation SET amount_minor = amount_minor - 1 WHERE payment_id = 2",
    "a credit": "UPDATE credit SET amount_minor = 2000",
    "a payment deleted": "DELETE FROM payment WHERE id = 2",
    "an allocation deleted": "DELETE FROM allocation WHERE payment_id = 2",
    "an invoice deleted": "DELETE FROM invoice WHERE id = 3",
    "a credit deleted": "DELETE FROM credit",
    "a payment added": """INSERT INTO payment (reference, payer_id, member_id, received_on, currency, amount_minor,
        method, kind, act_id, recorded_at, actor, desk, reason, idempotency_key)
        SELECT 'X', payer_id, member_id, received_on, currency, 1, method, kind, act_id, recorded_at, actor, desk,
        reason, 'x' FROM payment WHERE id = 2""",
    "who did it": "UPDATE audit_entry SET actor = 'Somebody' WHERE id = 5",
    "who took the payment": "UPDATE payment SET actor = 'Somebody' WHERE id = 2",
    "when the payment was written": "UPDATE payment SET recorded_at = '2026-01-01T00:00:00.000000Z' WHERE id = 2",
    "what an invoice is for": "UPDATE invoice SET description = 'Something else' WHERE id = 1",
    "who did an act": "UPDATE act SET actor = 'Somebody' WHERE id = 5",
    "why a payment was reversed": "UPDATE payment SET reason = 'no reason' WHERE kind = 'reversal'",
    "the key of a payment": "UPDATE payment SET idempotency_key = 'another' WHERE id = 2",
    "the reason of a reversal": "UPDATE audit_entry SET reason = 'no reason' WHERE id = 5",
    "an act taken out of the chain": "DELETE FROM audit_entry WHERE id = 4",
    "an open amount": "UPDATE open_item SET open_minor = open_minor - 1 WHERE invoice_id = 1",
    "a sum": "UPDATE payer_balance SET overdue_minor = overdue_minor - 1 WHERE payer_id = 1",
    "a credit on account": "UPDATE open_credit SET rest_minor = rest_minor + 1",
    "the sum of a day": "UPDATE due_day_total SET open_count = open_count + 1",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_by_hand_is_found(book: str, change: str) -> None:
    with by_hand(book) as connection:
        assert connection.execute(change).rowcount >= 1
    assert findings(book) != {}


def test_triggers_refuse_the_change_and_their_absence_is_found(book: str) -> None:
    connection = sqlite.library().connect(book, isolation_level=None)
    with pytest.raises(sqlite.library().IntegrityError):
        connection.execute("UPDATE payment SET amount_minor = 1 WHERE id = 2")
    connection.execute("DROP TRIGGER payment_no_update")
    connection.close()
    assert list(findings(book)) == ["triggers"]


def test_an_act_and_everything_it_wrote_cannot_be_taken_out_of_the_middle(book: str) -> None:
    with by_hand(book) as connection:
        for table in ("allocation", "payment", "audit_entry"):
            connection.execute(f"DELETE FROM {table} WHERE act_id = (SELECT id FROM act WHERE verb = 'pay' LIMIT 1)")
        connection.execute("DELETE FROM act WHERE id = (SELECT id FROM act WHERE verb = 'pay' LIMIT 1)")
    assert "audit_chain" in findings(book)


def rebuilt(url: str, change: Callable[[sqlite3.Connection], object]) -> dict[str, list[object]]:
    """What is found after a change by somebody who makes every sum agree with it again."""
    from duesdesk.store.projections import rebuild

    with by_hand(url) as connection:
        change(connection)
    desk = at(url)
    with desk.place.database.write() as tx:
        rebuild(tx)
    desk.close()
    return findings(url)


def test_a_change_after_which_every_sum_agrees_is_found_by_the_hash_of_its_act(book: str) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE invoice SET total_minor = 2500 WHERE id = 1")
        connection.execute("UPDATE invoice_line SET amount_minor = 2500 WHERE invoice_id = 1")

    assert list(rebuilt(book, half)) == ["audit_chain"]
