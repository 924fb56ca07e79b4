"""The demo centre's store: built by the services everybody uses, and the same picture whatever day it is."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.ageing import DEFAULT_EDGES
from duesdesk.domain.errors import Refused, StoreTrouble
from duesdesk.services.daily import Daily
from duesdesk.services.demo import build_demo, demo_day, prepare_demo
from duesdesk.services.demo.files import DemoFiles
from duesdesk.store.verify import verify
from tests.demo.figures import Figures
from tests.scenarios.observed import Observed
from tools.make_demo.cast import PLANS

FOLDER = Path(__file__).parents[2] / "data" / "demo"
ANCHOR = date(2026, 6, 15)
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    build_demo(str(path), TODAY)
    return str(path)


@pytest.fixture
def demo(built: str) -> Iterator[Desk]:
    desk = open_desk(built, clock=Clock(TODAY), actor="Ana")
    yield desk
    desk.close()


def test_the_program_finds_the_figures_that_plain_arithmetic_finds(demo: Desk) -> None:
    figures, seen = Figures(FOLDER, ANCHOR), Observed(demo, TODAY)
    assert {payer: seen.unpaid(payer, "EUR") for payer in seen.debtors("EUR")} == figures.owes()
    assert seen.unpaid(None, "EUR") == 431050
    assert len(seen.debtors("EUR")) == 38
    found = seen.ageing(None, "EUR", DEFAULT_EDGES)
    assert {name: minor for name, minor in found.items() if name != "current"} == figures.ageing()
    assert seen.partial(None, "EUR") == 122000
    assert seen.credit_of(None, "EUR") == 9750


@pytest.mark.parametrize("days_ago", [1, 30, 77, 200])
def test_past_days_are_those_of_the_files_too(demo: Desk, days_ago: int) -> None:
    past = timedelta(days=days_ago)
    figures, seen = Figures(FOLDER, ANCHOR - past), Observed(demo, TODAY - past)
    assert {payer: seen.unpaid(payer, "EUR") for payer in seen.debtors("EUR")} == figures.owes()


def test_the_ledger_holds(demo: Desk) -> None:
    with demo.place.database.read() as tx:
        assert [check for check, found in verify(tx).items() if found] == []


def test_today_has_arrivals_and_some_of_them_owe(demo: Desk) -> None:
    counts = Daily(demo.place).page().counts
    assert counts == {"all": 64, "unpaid": 10, "partial": 7, "promises": 3, "expected": 51, "cancelled": 5}


def test_the_staff_of_the_centre_work_there(demo: Desk) -> None:
    staff = {person.name: person.role for person in demo.staff.all()}
    assert staff == {"Ana": "front_desk", "Marta": "front_desk", "Jorge": "back_office", "Elena": "manager"}
    assert demo.modules.is_active("crm")
    assert (demo.centre.name, demo.centre.currency) == ("Aurora Centre", "EUR")


def test_tomorrow_has_dues_to_issue_and_today_has_none(tmp_path: Path) -> None:
    path = str(tmp_path / "demo.db")
    build_demo(path, TODAY)
    for day in (TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=31)):
        desk = open_desk(path, clock=Clock(day), actor="Jorge")
        try:
            done = desk.billing.bill()
            if day == TODAY:
                assert done["issued"] == []
                continue
            assert {one["plan"] for one in done["issued"]} <= {plan.name for plan in PLANS.values()}
            for one in done["issued"]:
                by_terms = date.fromisoformat(one["issued_on"]) + timedelta(days=10)
                assert date.fromisoformat(one["due_on"]) == max(by_terms, day)
            assert Counter(one["reason"] for one in done["skipped"])["left"] == 2
            if day == TODAY + timedelta(days=1):
                assert 5 <= len(done["issued"]) <= 25
                assert {one["issued_on"] for one in done["issued"]} == {day.isoformat()}
            else:
                # A month of it: everybody who is here, once or twice.
                assert 300 <= len({one["member"] for one in done["issued"]}) <= 360
            with desk.place.database.read() as tx:
                assert [check for check, found in verify(tx).items() if found] == []
        finally:
            desk.close()


def test_new_numbers_go_on_behind_those_of_the_files(demo: Desk) -> None:
    with demo.place.database.read() as tx:
        for series, table, column in (("invoice", "invoice", "number"), ("payment", "payment", "reference")):
            number = tx.value("SELECT next_number FROM number_series WHERE name = :name", name=series)
            last = tx.value(f"SELECT max({column}) FROM {table}")
            assert last.endswith(f"-{number - 1:05d}")


def test_letters_of_the_past_are_in_the_payers_language_with_real_figures(demo: Desk) -> None:
    with demo.place.database.read() as tx:
        rows = tx.all(
            """SELECT n.subject, n.body, n.language, m.language, n.channel, n.address, m.email, n.created_at,
                      (SELECT count(*) FROM notice_item i WHERE i.notice_id = n.id)
               FROM notice n JOIN member m ON m.id = n.payer_id"""
        )
        states = dict(tx.all("SELECT state, count(*) FROM notice GROUP BY state"))
    assert {row[2] for row in rows} == {"en", "es", "it", "ro", "pt"}
    assert 0 < states.pop("failed") < 5
    assert set(states) == {"sent"}
    for subject, body, language, own_language, channel, address, email, created_at, items in rows:
        assert language == own_language
        assert address == (email if channel == "email" else "")
        assert "{" not in subject + body
        assert body.count("INV-") == items > 0
        assert created_at < "2026-11-22"


def test_talks_and_promises_happened_when_and_by_whom_the_story_says(demo: Desk) -> None:
    with demo.place.database.read() as tx:
        talks = tx.all("SELECT talked_at, actor, outcome FROM talk ORDER BY id")
        promised = tx.one(
            """SELECT p.amount_minor, p.promised_on, p.due_on, p.actor FROM promise p JOIN member m ON m.id = p.payer_id
               WHERE m.number = 'M00218'"""
        )
    assert promised == (5150, "2026-10-18", "2026-10-25", "Marta")
    assert [at for at, _, _ in talks] == sorted(at for at, _, _ in talks)
    assert {actor for _, actor, _ in talks} == {"Ana", "Marta", "Jorge", "Elena"}
    assert all(at < "2026-11-22" for at, _, _ in talks)


def test_who_attended_was_checked_in_shortly_before(demo: Desk) -> None:
    with demo.place.database.read() as tx:
        rows = tx.all("SELECT on_day, at_time, checked_in_at, checked_in_by, status FROM booking")
    for on_day, at_time, checked_in_at, by, status in rows:
        assert (checked_in_at is not None) == (status == "attended")
        if checked_in_at:
            local = Clock(datetime.fromisoformat(checked_in_at)).local("Europe/Madrid")
            early = datetime.fromisoformat(f"{on_day} {at_time}") - local.replace(tzinfo=None)
            assert timedelta(minutes=1) <= early <= timedelta(minutes=11)
            assert by in {"Ana", "Marta"}


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29)])
def test_it_is_the_same_centre_on_any_day(tmp_path: Path, today: date) -> None:
    path = str(tmp_path / "demo.db")
    build_demo(path, today)
    desk = open_desk(path, clock=Clock(today))
    try:
        seen = Observed(desk, today)
        assert (seen.unpaid(None, "EUR"), len(seen.debtors("EUR"))) == (431050, 38)
        assert Daily(desk.place).page().counts["unpaid"] == 10
    finally:
        desk.close()


def test_opening_it_again_the_same_day_keeps_what_was_done(tmp_path: Path) -> None:
    path = str(tmp_path / "folder" / "demo.db")
    clock = Clock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    assert demo_day(path) is None
    assert prepare_demo(path, clock)
    assert demo_day(path) == TODAY
    desk = open_desk(path, clock=clock, actor="Ana")
    desk.members.add_note("M00218", "Prefers the morning.")
    desk.close()

    assert not prepare_demo(path, clock)
    desk = open_desk(path, clock=clock)
    assert [note.text for note in desk.members.notes("M00218")] == ["Prefers the morning."]
    desk.close()

    assert prepare_demo(path, clock, fresh=True)
    desk = open_desk(path, clock=clock)
    assert desk.members.notes("M00218") == []
    desk.close()


def test_on_another_day_it_is_built_anew(tmp_path: Path) -> None:
    path = str(tmp_path / "demo.db")
    prepare_demo(path, Clock(TODAY))
    # Half past midnight in Madrid, where the centre is; yesterday still in London.
    assert prepare_demo(path, Clock(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)))
    assert demo_day(path) == date(2026, 11, 23)


def test_a_real_centre_is_never_built_over(store: Path) -> None:
    before = store.read_bytes()
    for build in (lambda: build_demo(str(store), TODAY), lambda: prepare_demo(str(store), Clock(TODAY), fresh=True)):
        with pytest.raises(Refused) as refused:
            build()
        assert refused.value.code == "demo-store-in-use"
    assert store.read_bytes() == before


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana, this is no database. " * 200, encoding="utf-8")
    with pytest.raises(StoreTrouble):
        build_demo(str(path), TODAY)
    assert path.read_text(encoding="utf-8").startswith("Dear Ana")


def test_nothing_is_left_beside_the_store_and_nobody_else_may_read_it(built: str) -> None:
    path = Path(built)
    beside = {file.name for file in path.parent.iterdir()}
    assert beside <= {"demo.db", "demo.db-wal", "demo.db-shm"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_build_that_stops_half_way_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    build_demo(str(path), TODAY)
    before = path.read_bytes()

    def stop(step: str) -> None:
        if step == "payments":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(str(path), TODAY + timedelta(days=1), progress=stop)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["demo.db"]


def test_files_are_moved_by_whole_days() -> None:
    files = DemoFiles.moved_to(ANCHOR + timedelta(days=400))
    original = DemoFiles.moved_to(ANCHOR)
    for moved, row in zip(files.rows("bookings"), original.rows("bookings"), strict=True):
        assert datetime.fromisoformat(moved["starts_at"]) - datetime.fromisoformat(row["starts_at"]) == timedelta(400)
        assert moved["reference"] == row["reference"]


@pytest.mark.postgres
@pytest.mark.slow
def test_it_is_built_in_an_empty_postgresql_database_and_refused_in_a_used_one(postgres_url: str) -> None:
    build_demo(postgres_url, TODAY)
    assert demo_day(postgres_url) == TODAY
    desk = open_desk(postgres_url, clock=Clock(TODAY))
    assert Observed(desk, TODAY).unpaid(None, "EUR") == 431050
    desk.close()
    with pytest.raises(Refused) as refused:
        build_demo(postgres_url, TODAY)
    assert refused.value.code == "centre-there-already"


def test_a_fresh_demo_has_nothing_to_undo_that_nobody_did(built: str) -> None:
    desk = open_desk(built, clock=Clock(TODAY), actor=None)
    try:
        with pytest.raises(Refused, match="cannot-undo"):
            desk.undo.undo()
    finally:
        desk.close()


def test_what_failed_in_the_past_can_go_another_way(tmp_path: Path) -> None:
    path = str(tmp_path / "demo.db")
    build_demo(path, TODAY)
    desk = open_desk(path, clock=Clock(TODAY), actor="Jorge")
    try:
        failed = next(one for one in desk.notices.all("failed"))
        assert desk.notices.preview_by(failed.id, "letter").body
    finally:
        desk.close()
