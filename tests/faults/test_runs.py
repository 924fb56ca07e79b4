"""A run of the rule that is cut off, met by a payment, or started twice: nobody is asked twice, or after paying."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.services.collection import run as running
from duesdesk.services.payments import PayRequest
from duesdesk.store import runs
from tests.conftest import CENTRE
from tests.faults.centre import TODAY, at, findings, killed_at_each_statement, owing, rows

pytestmark = pytest.mark.faults
COUNT = 3
ASKED = """SELECT i.number, s.step_id, s.open_minor FROM step_item s JOIN invoice i ON i.id = s.invoice_id
           JOIN step_taken t ON t.id = s.step_taken_id JOIN notice n ON n.id = t.notice_id
           WHERE s.cancelled_at IS NULL AND n.state <> 'cancelled' ORDER BY i.number, s.step_id"""


@pytest.fixture
def owed(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three payers who are late, each looked at in a transaction of their own, on a Sunday on which letters leave."""
    owing(str(store), tmp_path, COUNT)
    desk = at(str(store))
    desk.settings.set("notices.hours", "always")
    desk.close()
    monkeypatch.setattr(running, "PAYERS_AT_ONCE", 1)
    return store


def run(desk: Desk) -> None:
    desk.runs.run()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_run_killed_at_any_point_goes_on_and_asks_everybody_once(owed: Path) -> None:
    everybody = [(f"INV-{number:05d}", "formal-letter", 5000) for number in range(1, COUNT + 1)]
    seen = set()
    for killed in killed_at_each_statement(owed, run):
        url = str(killed)
        assert findings(url) == {}
        before = rows(url, ASKED)
        seen.add(len(before))
        desk = at(url)
        result = desk.runs.run()
        assert len(result.taken) == COUNT - len(before)
        assert desk.runs.run().taken == ()
        status = desk.runs.status()
        assert status.last is not None
        assert status.last.finished_at is not None
        desk.close()
        assert rows(url, ASKED) == everybody
        assert rows(url, "SELECT count(*) FROM notice") == [(COUNT,)]
        assert findings(url) == {}
        killed.unlink()
    # It was cut off before the first, between any two, and after the last.
    assert seen == set(range(COUNT + 1))


def at_the_write(desk: Desk, number: int, act: Callable[[], object]) -> None:
    """Have `act` done by somebody else just before writing transaction `number` of the run begins."""
    left = [number]

    def before_each(statement: str) -> None:
        if statement == "BEGIN IMMEDIATE":
            left[0] -= 1
            if left[0] == 0:
                act()

    desk.place.database.connection().set_trace_callback(before_each)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_payment_between_deciding_and_writing_is_seen(owed: Path, number: int) -> None:
    desk, other = at(str(owed)), at(str(owed))
    at_the_write(desk, number, lambda: other.payments.pay(PayRequest("M00002", 5000, "EUR")))
    desk.runs.run()
    other.close()
    desk.close()
    asked = {row[0] for row in rows(str(owed), ASKED)}
    assert asked == {"INV-00001", "INV-00003"}
    assert findings(str(owed)) == {}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_part_paid_between_deciding_and_writing_is_not_asked_for(owed: Path, number: int) -> None:
    desk, other = at(str(owed)), at(str(owed))
    at_the_write(desk, number, lambda: other.payments.pay(PayRequest("M00003", 2000, "EUR")))
    desk.runs.run()
    desk.place.database.connection().set_trace_callback(None)
    desk.runs.run()
    other.close()
    desk.close()
    asked = {row[0]: row[2] for row in rows(str(owed), ASKED)}
    assert asked == {"INV-00001": 5000, "INV-00002": 5000, "INV-00003": 3000}


def test_while_one_run_is_under_way_another_is_told_who_runs(owed: Path) -> None:
    desk = at(str(owed))
    with desk.place.database.write() as tx:
        runs.begin(tx, TODAY.isoformat(), desk.place.now_text(), "Marta", "desk 7")
    told: list[Refused] = []

    def another() -> None:
        second = at(str(owed))
        try:
            second.runs.run()
        except Refused as error:
            told.append(error)
        finally:
            second.close()

    with runs.alone(desk.place.database) as is_alone:
        assert is_alone
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
    desk.close()
    assert [(error.code, error.facts["name"], error.facts["desk"]) for error in told] == [
        ("run-under-way", "Marta", "desk 7")
    ]
    assert rows(str(owed), "SELECT count(*) FROM notice") == [(0,)]


@pytest.mark.postgres
def test_on_postgresql_too_one_run_is_alone_and_the_next_goes_on(postgres_url: str, tmp_path: Path) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(TODAY))
    owing(postgres_url, tmp_path, COUNT)
    desk, other = at(postgres_url), at(postgres_url)
    desk.settings.set("notices.hours", "always")
    with runs.alone(other.place.database) as is_alone:
        assert is_alone
        with pytest.raises(Refused) as refused:
            desk.runs.run()
        assert refused.value.code == "run-under-way"
    assert len(desk.runs.run().taken) == COUNT
    assert other.runs.run().taken == ()
    desk.close()
    other.close()
    assert findings(postgres_url) == {}


def test_a_run_that_was_stopped_goes_on_with_the_rest(owed: Path) -> None:
    desk = at(str(owed))
    looked: list[int] = []
    first = desk.runs.run(progress=lambda done, _of: looked.append(done), stop=lambda: bool(looked))
    assert (first.stopped, len(first.taken)) == (True, 1)
    status = desk.runs.status()
    assert status.last is not None
    assert status.last.finished_at is None
    second = desk.runs.run()
    assert (second.stopped, len(second.taken)) == (False, 2)
    desk.close()
    assert rows(str(owed), "SELECT count(*), sum(taken) FROM collection_run") == [(1, COUNT)]


def test_the_same_key_runs_once(owed: Path) -> None:
    desk = at(str(owed))
    first = desk.runs.run_once(key="morning")
    assert len(first["taken"]) == COUNT
    assert desk.runs.run_once(key="morning") == first
    desk.close()
    assert rows(str(owed), "SELECT count(*) FROM notice") == [(COUNT,)]


def test_a_missed_run_is_told(owed: Path) -> None:
    desk = at(str(owed))
    assert not desk.runs.status().is_missed
    desk.runs.run()
    assert not desk.runs.status().is_missed
    desk.close()
    copy = owed.with_name("tomorrow.db")
    shutil.copy(owed, copy)
    tomorrow = open_desk(str(copy), clock=Clock(TODAY.replace(day=TODAY.day + 1)))
    assert tomorrow.runs.status().is_missed
    tomorrow.close()


def test_a_run_for_a_day_far_ahead_does_not_hide_that_that_of_today_is_missing(owed: Path) -> None:
    desk = at(str(owed))
    desk.runs.run(TODAY + timedelta(days=1))
    assert not desk.runs.status().is_missed
    desk.runs.run(TODAY + timedelta(days=20))
    assert desk.runs.status().is_missed
    desk.close()
