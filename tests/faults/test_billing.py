"""Ten desks billing at once, kills in the middle, hands behind the program's back: each period is charged once."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre
from duesdesk.clock import Clock
from duesdesk.services.members import MemberDetails
from duesdesk.services.membership_requests import MembershipRequest
from tests.conftest import CENTRE
from tests.faults.centre import LONG, TODAY, at, desks, findings, killed_at_each_statement, rows
from tests.faults.test_tampering import by_hand

pytestmark = pytest.mark.faults
DESKS = 10
MEMBERS = 300 if LONG else 25


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a centre without members, on each engine."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("store"))
    address: str = request.getfixturevalue("postgres_url")
    found_centre(address, CENTRE, clock=Clock(date(2026, 1, 1)))
    return address


def with_memberships(url: str, count: int) -> None:
    """Members with a membership each, three months of which have begun."""
    desk = at(url)
    for number in range(1, count + 1):
        desk.members.add(MemberDetails(f"Person {number}"))
        wanted = MembershipRequest(f"M{number:05d}", "Full", 4500, "EUR", starts_on=date(2026, 9, 1))
        desk.memberships.add(wanted)
    desk.close()


def race(url: str, *, key: str | None = None) -> list[dict[str, object]]:
    """Ten desks bill at once, three times each; what came of it."""
    wanted = [{"url": url, "day": TODAY.isoformat(), "desk": f"desk {n}", "key": key, "times": 3} for n in range(DESKS)]
    with desks("bill", wanted) as running:
        return [one for desk in running for one in desk.end()]


def test_ten_desks_billing_at_once_charge_each_period_once(url: str) -> None:
    with_memberships(url, MEMBERS)
    came = race(url)
    assert sum(int(str(one["issued"])) for one in came) == MEMBERS * 3
    charged = Counter(rows(url, "SELECT membership_id, period_from FROM membership_charge"))
    assert set(charged.values()) == {1}
    assert len(charged) == MEMBERS * 3
    assert rows(url, "SELECT count(*), sum(open_minor) FROM open_item") == [(MEMBERS * 3, MEMBERS * 3 * 4500)]
    numbers = [row[0] for row in rows(url, "SELECT number FROM invoice ORDER BY id")]
    assert numbers == [f"INV-{number:05d}" for number in range(1, MEMBERS * 3 + 1)]
    assert findings(url) == {}


def test_one_key_from_ten_desks_is_one_billing_and_one_answer(url: str) -> None:
    with_memberships(url, 4)
    came = race(url, key="retried")
    assert {one["issued"] for one in came} == {12}
    assert rows(url, "SELECT count(*) FROM act WHERE verb = 'bill'") == [(1,)]
    assert findings(url) == {}


def bill(desk: Desk) -> None:
    desk.billing.bill()


def undo(desk: Desk) -> None:
    desk.undo.undo(key="the act")


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_billing_killed_before_any_of_its_statements_goes_on_where_it_was(store: Path) -> None:
    with_memberships(str(store), 2)
    sums = "SELECT (SELECT count(*) FROM invoice), (SELECT count(*) FROM membership_charge), (SELECT count(*) FROM act)"
    before, seen = rows(str(store), sums), []
    for killed in killed_at_each_statement(store, bill):
        url = str(killed)
        assert findings(url) == {}
        seen.append(rows(url, sums))
        desk = at(url)
        desk.billing.bill()
        desk.close()
        assert rows(url, sums)[0][:2] == (6, 6)
        # Nothing that was killed took a number with it.
        numbers = [number for (number,) in rows(url, "SELECT number FROM invoice ORDER BY id")]
        assert numbers == [f"INV-{one:05d}" for one in range(1, 7)]
        assert findings(url) == {}
        killed.unlink()
    # Nothing is to be seen of it before the COMMIT; after that it is read once more, for the answer.
    done = seen[-1]
    assert done[0][:2] == (6, 6)
    assert seen == [before] * seen.count(before) + [done] * seen.count(done)
    assert seen.count(before) > 20


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_an_undoing_of_a_billing_that_is_killed_is_whole_or_not_there(store: Path) -> None:
    with_memberships(str(store), 2)
    desk = at(str(store))
    desk.billing.bill()
    desk.close()
    for killed in killed_at_each_statement(store, undo):
        url = str(killed)
        assert findings(url) == {}
        assert rows(url, "SELECT count(*) FROM open_item")[0][0] in (0, 6)
        killed.unlink()


CHANGES = {
    "a charge on another invoice": "UPDATE membership_charge SET invoice_id = 4 WHERE id = 1",
    "a charge deleted": "DELETE FROM membership_charge WHERE id = 1",
    "a price": "UPDATE membership SET price_minor = 1 WHERE id = 1",
    "whose membership it is": "UPDATE membership SET member_id = 2 WHERE id = 1",
    "the end of a period": "UPDATE membership_charge SET period_to = '2026-10-15' WHERE id = 1",
    "an undone billing that is owed": """INSERT INTO act (key, verb, content_hash, effective_on, undoes_id, recorded_at,
        actor, desk) SELECT 'x', 'undo', '', effective_on, id, recorded_at, actor, desk FROM act WHERE verb = 'bill'""",
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_behind_the_programs_back_is_found(store: Path, tmp_path: Path, what: str) -> None:
    with_memberships(str(store), 2)
    desk = at(str(store))
    desk.billing.bill()
    desk.close()
    copy = tmp_path / "changed.db"
    shutil.copy(store, copy)
    with by_hand(str(copy)) as connection:
        connection.execute(CHANGES[what])
    assert findings(str(store)) == {}
    assert findings(str(copy))["dues"]
