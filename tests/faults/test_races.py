"""Ten desks on one debt: it is paid once, and the others are told so."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import found_centre
from duesdesk.clock import Clock
from duesdesk.domain.errors import Conflict
from duesdesk.services.payments import PayRequest
from tests.conftest import CENTRE
from tests.faults.centre import DEBT_MINOR, LONG, TODAY, at, desks, findings, owing, rows

pytestmark = pytest.mark.faults
DESKS = 10
MANY = 1000 if LONG else 40
TOLD = {"payment-above-named-invoices", "nothing-left-open"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a centre without members, on each engine."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("store"))
    address: str = request.getfixturevalue("postgres_url")
    found_centre(address, CENTRE, clock=Clock(date(2026, 1, 1)))
    return address


def race(url: str, debts: list[tuple[str, str]], *, key: str | None = None) -> list[list[dict[str, object]]]:
    """Every debt paid in full by ten desks at once, each in an order of its own; what came of it at each desk."""
    wanted = []
    for number in range(DESKS):
        mine = [(member, invoice, DEBT_MINOR, f"{key or f'desk {number}'} {invoice}") for member, invoice in debts]
        random.Random(number).shuffle(mine)
        wanted.append({"url": url, "day": TODAY.isoformat(), "desk": f"desk {number}", "debts": mine})
    with desks("pay_each", wanted) as running:
        return [desk.end() for desk in running]


def test_ten_desks_on_one_debt_make_one_payment(url: str, tmp_path: Path) -> None:
    came = [one for desk in race(url, owing(url, tmp_path, 1)) for one in desk]
    assert len([one for one in came if "paid" in one]) == 1
    assert {one["refused"] for one in came if "refused" in one} <= TOLD
    assert rows(url, "SELECT count(*), sum(amount_minor) FROM payment") == [(1, DEBT_MINOR)]
    assert findings(url) == {}


def test_ten_desks_on_many_debts_pay_each_once(url: str, tmp_path: Path) -> None:
    debts = owing(url, tmp_path, MANY)
    came = [one for desk in race(url, debts) for one in desk]
    assert Counter(one["invoice"] for one in came if "paid" in one) == Counter(invoice for _, invoice in debts)
    assert {one["refused"] for one in came if "refused" in one} <= TOLD
    assert rows(url, "SELECT count(*), sum(amount_minor) FROM payment") == [(MANY, MANY * DEBT_MINOR)]
    assert rows(url, "SELECT count(*) FROM open_item") == [(0,)]
    assert findings(url) == {}


def test_numbers_have_no_gap_and_no_double_after_a_race(url: str, tmp_path: Path) -> None:
    race(url, owing(url, tmp_path, 10))
    references = [row[0] for row in rows(url, "SELECT reference FROM payment ORDER BY reference")]
    assert references == [f"PAY-{number:05d}" for number in range(1, 11)]


def test_one_key_from_ten_desks_is_one_payment_and_one_answer(url: str, tmp_path: Path) -> None:
    debts = owing(url, tmp_path, 5)
    came = [one for desk in race(url, debts, key="retried") for one in desk]
    assert len(came) == DESKS * 5
    assert len({(one["invoice"], one["paid"]) for one in came}) == 5
    assert rows(url, "SELECT count(*) FROM payment") == [(5,)]
    assert findings(url) == {}


@pytest.mark.parametrize("times", [2, 10])
def test_one_key_from_many_threads_of_one_program_is_one_payment(url: str, tmp_path: Path, times: int) -> None:
    owing(url, tmp_path, 1)
    desk = at(url)
    wanted = PayRequest("M00001", 2000, "EUR")
    with ThreadPoolExecutor(times) as threads:
        answers = list(threads.map(lambda _: desk.payments.pay(wanted, key="twice"), range(times)))
    assert all(answer == answers[0] for answer in answers)
    with pytest.raises(Conflict) as refused:
        desk.payments.pay(PayRequest("M00001", 2001, "EUR"), key="twice")
    assert refused.value.code == "key-used-for-other-content"
    desk.close()
    assert rows(url, "SELECT count(*), sum(amount_minor) FROM payment") == [(1, 2000)]
    assert findings(url) == {}
