"""`kill -9` at any moment: what was acknowledged is there, nothing is half, and doing it again doubles nothing."""

from __future__ import annotations

import random
import select
from collections.abc import Callable
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.services.credits import Credits
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from tests.faults.centre import LONG, TODAY, DeskProcess, at, findings, killed_at_each_statement, owing, rows

pytestmark = pytest.mark.faults
KILLS = 1000 if LONG else 25
PAYER = "M00001"


def kill_one(url: str, first: int, chance: random.Random) -> list[int]:
    """Let a desk pay on from payment `first`, and kill it; the numbers it acknowledged."""
    desk = DeskProcess("pay_on", url=url, day=TODAY.isoformat(), member=PAYER, first=first)
    try:
        desk.ready()
        desk.go()
        told = [desk.line() for _ in range(chance.randrange(6))]
        # Somewhere within the next payments.
        select.select([], [], [], chance.random() * 0.006)
        told += desk.kill()
    finally:
        desk.close()
    return [int(line.split()[0]) for line in told]


def test_no_acknowledged_payment_is_lost_and_none_is_half(store: Path, tmp_path: Path) -> None:
    url = str(store)
    owing(url, tmp_path, 3)
    chance = random.Random(KILLS)
    acknowledged: list[int] = []
    for _ in range(KILLS):
        # The first payment of a new desk is the last one's unacknowledged one, with the same key.
        acknowledged += kill_one(url, len(acknowledged) + 1, chance)
        kept = {key for (key,) in rows(url, "SELECT key FROM act WHERE verb = 'pay'")}
        assert {f"payment {number}" for number in acknowledged} <= kept
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    # What came last may stand there unacknowledged; each is there once, whole, with its own amount.
    paid = [amount for (amount,) in rows(url, "SELECT amount_minor FROM payment ORDER BY id")]
    assert paid == list(range(1, len(paid) + 1))
    assert len(paid) - len(acknowledged) in (0, 1)
    assert findings(url) == {}


def pay(desk: Desk) -> None:
    desk.payments.pay(PayRequest(PAYER, 12_000, "EUR"), key="the act")


def pay_named(desk: Desk) -> None:
    desk.payments.pay(PayRequest("M00002", 5000, "EUR", invoices=("INV-00002",)), key="the act")


def reverse(desk: Desk) -> None:
    desk.payments.reverse("PAY-00001", reason="bounced", key="the act")


def undo(desk: Desk) -> None:
    desk.undo.undo(key="the act")


def issue(desk: Desk) -> None:
    desk.invoices.issue(IssueRequest(PAYER, 3000, "EUR", TODAY), key="the act")


def waive(desk: Desk) -> None:
    Credits(desk.place).give("INV-00003", 1000, kind="waiver", reason="kind", key="the act")


def write_notice(desk: Desk) -> None:
    desk.notices.write(NoticeRequest("M00002", "reminder_friendly"), key="the act")


@pytest.fixture
def owed(store: Path, tmp_path: Path) -> Path:
    """Debts, and a payment that can be reversed or undone."""
    owing(str(store), tmp_path, 3)
    desk = at(str(store))
    desk.payments.pay(PayRequest("M00003", 2000, "EUR"))
    desk.close()
    return store


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(
    "act", [pay, pay_named, reverse, undo, issue, waive, write_notice], ids=lambda act: act.__name__
)
def test_an_act_killed_before_any_of_its_statements_is_whole_or_not_there(
    owed: Path, act: Callable[[Desk], None]
) -> None:
    sums = "SELECT (SELECT count(*) FROM act), (SELECT count(*) FROM payment), (SELECT sum(open_minor) FROM open_item)"
    before = rows(str(owed), sums)
    done: list[tuple[object, ...]] | None = None
    seen = []
    for killed in killed_at_each_statement(owed, act):
        url = str(killed)
        assert findings(url) == {}
        seen.append(rows(url, sums))
        desk = at(url)
        act(desk)
        desk.close()
        again = rows(url, sums)
        done = done or again
        assert again == done
        assert findings(url) == {}
        killed.unlink()
    assert seen[-1] == done
    assert before != done
    # Before the last statement, the COMMIT, nothing is to be seen of it.
    assert seen[:-1] == [before] * (len(seen) - 1)
    assert len(seen) > 8
