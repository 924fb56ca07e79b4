"""Whole files: our own with its golden answer, and the public ones where somebody has fetched them."""

from __future__ import annotations

import csv
import json
import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services.workplace import Centre
from duesdesk.store.verify import verify
from tests.imports.bringing import SAMPLES, SHARED, bring, count, lines

IBM = SHARED / "receivables" / "ibm_accounts_receivable.csv"
GYM = SHARED / "gym" / "pulsefit_raw"


def holds(desk: Desk) -> None:
    with desk.place.database.read() as tx:
        assert not [finding for findings in verify(tx).values() for finding in findings]


def test_the_answer_about_our_own_file_is_the_golden_one(desk: Desk, tmp_path: Path) -> None:
    file = Path(shutil.copy(SAMPLES / "receivables.csv", tmp_path))
    result = bring(desk, "receivables", file, columns={"number": "Rechnung"}, accept_valid=True)
    assert result.as_json() == json.loads((SAMPLES / "receivables.json").read_text(encoding="utf-8"))
    assert count(desk, "member") == 0


@pytest.mark.skipif(not IBM.exists(), reason="the public receivables sample is not here")
def test_the_public_receivables_come_in_whole_to_the_cent(desk: Desk) -> None:
    begun = time.perf_counter()
    result = bring(desk, "receivables", IBM, profile="ibm-receivables")
    print(f"\n2,466 receivables in {time.perf_counter() - begun:.2f} s")
    assert (result.read, result.created, result.rejected, result.written) == (2466, 2466, (), True)
    assert (count(desk, "member"), count(desk, "invoice"), count(desk, "payment")) == (100, 2466, 2466)
    again = bring(desk, "receivables", IBM, profile="ibm-receivables")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2466)
    holds(desk)
    with IBM.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for day in (date(2012, 6, 30), date(2013, 3, 31), date(2013, 12, 31)):
        assert _unpaid(desk, day) == _expected(rows, day)


def _unpaid(desk: Desk, day: date) -> dict[str, int]:
    with desk.place.database.read() as tx:
        rows = tx.all(
            """SELECT number, sum(open_minor) FROM (
                   SELECT m.number, i.total_minor - coalesce((SELECT sum(a.amount_minor) FROM allocation a
                          WHERE a.invoice_id = i.id AND a.effective_on <= :day), 0) AS open_minor
                   FROM invoice i JOIN member m ON m.id = i.payer_id
                   WHERE i.issued_on <= :day AND i.due_on < :day) t WHERE open_minor > 0 GROUP BY number""",
            day=day.isoformat(),
        )
    return dict(rows)  # type: ignore[arg-type]


def _expected(rows: list[dict[str, str]], day: date) -> dict[str, int]:
    owed: dict[str, int] = {}
    for row in rows:
        issued, due, settled = (_day(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate"))
        if issued <= day and due < day < settled:
            minor = round(float(row["InvoiceAmount"]) * 100)
            owed[row["customerID"]] = owed.get(row["customerID"], 0) + minor
    return owed


def _day(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


@pytest.mark.skipif(not GYM.exists(), reason="the public gym sample is not here")
def test_the_public_gym_files_come_in_and_each_dirty_row_is_named(tmp_path: Path) -> None:
    store = tmp_path / "gym.db"
    clock = Clock(date(2025, 12, 31))
    found_centre(str(store), Centre("Gym", "TND", "TN", "Africa/Tunis", "en"), clock=clock)
    desk = open_desk(str(store), clock=clock)
    for name in ("members", "payments", "bookings"):
        shutil.copy(GYM / f"{name}.csv", tmp_path)
    members = bring(desk, "members", tmp_path / "members.csv")
    assert (members.created, members.rejected, len(members.warnings)) == (500, (), 21)

    with (GYM / "payments.csv").open(newline="") as file:
        negative = [line for line, row in enumerate(csv.DictReader(file), 2) if row["amount"].startswith("-")]
    assert len(negative) == 19
    assert not bring(desk, "payments", tmp_path / "payments.csv").written
    payments = bring(desk, "payments", tmp_path / "payments.csv", accept_valid=True)
    assert (payments.created, lines(payments)) == (1481, negative)
    with (tmp_path / "payments.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [int(row["line"]) for row in csv.DictReader(file)] == negative

    bookings = bring(desk, "bookings", tmp_path / "bookings.csv")
    assert (bookings.created, bookings.rejected) == (1200, ())
    for name in ("members", "bookings"):
        assert bring(desk, name, tmp_path / f"{name}.csv").created == 0
    with desk.place.database.read() as tx:
        assert dict(tx.all("SELECT status, count(*) FROM booking GROUP BY status")) == {  # type: ignore[arg-type]
            "attended": 821,
            "booked": 250,
            "no_show": 129,
        }
    holds(desk)
    desk.close()
