"""The files of the demo centre: made by the script that stays here, and a believable centre."""

from __future__ import annotations

import filecmp
import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.demo.figures import Figures, cents, rows
from tools.make_demo.__main__ import write_demo

FOLDER = Path(__file__).parents[2] / "data" / "demo"
FILES = ("members", "memberships", "invoices", "payments", "credits", "bookings", "promises", "talks", "notices")
CENTRE = tomllib.loads((FOLDER / "centre.toml").read_text(encoding="utf-8"))
ANCHOR: date = CENTRE["anchor"]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures(FOLDER, ANCHOR)


def test_the_script_makes_the_files_that_are_shipped_byte_for_byte(tmp_path: Path) -> None:
    write_demo(tmp_path)
    names = [f"{name}.csv" for name in FILES]
    same, different, unreadable = filecmp.cmpfiles(tmp_path, FOLDER, names, shallow=False)
    assert (sorted(same), different, unreadable) == (sorted(names), [], [])
    assert sorted(path.name for path in FOLDER.glob("*.csv")) == sorted(names)


def test_the_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000


def test_the_debts_are_those_of_the_pictures(figures: Figures) -> None:
    owes = figures.owes()
    assert (len(owes), sum(owes.values())) == (38, 431050)
    assert figures.ageing() == {"1-30": 190000, "31-60": 112000, "61-90": 64000, "91+": 65050}
    partial = figures.partial()
    assert (len({item.payer for item in partial}), sum(item.open_cents for item in partial)) == (14, 122000)
    soon = figures.due_within(7)
    assert (len(soon), sum(item.open_cents for item in soon)) == (61, 294000)
    assert any(item.due_on == ANCHOR for item in soon)
    assert sum(item.disputed for item in figures.overdue) == 3


def test_nine_payments_of_five_kinds_came_in_today(figures: Figures) -> None:
    collected = figures.collected()
    assert (len(collected), sum(cents(row["amount"]) for row in collected)) == (9, 36500)
    assert {row["method"] for row in collected} == {"cash", "card", "transfer", "direct_debit", "link"}


@pytest.mark.parametrize(
    ("name", "owed"),
    [
        ("Popescu Ștefan", 12000),
        ("García-López María", 9650),
        ("Rossi Giulia", 8400),
        ("D'Angelo Luca", 8000),
        ("Ionescu Andrei", 6500),
        ("Núñez Óscar", 4500),
        ("Smith Zoë", 4500),
        ("Almeida Beatriz", 3990),
        ("Çelik Ayşe", 3000),
        ("Kovács Réka", 2900),
        ("Fernández Inés", 2500),
        ("Nowak Łukasz", 2000),
    ],
)
def test_the_people_of_the_pictures_owe_what_they_owe_there(figures: Figures, name: str, owed: int) -> None:
    assert {figures.name(payer): cents for payer, cents in figures.owes().items()}[name] == owed


def test_everybody_else_paid_what_was_due(figures: Figures) -> None:
    for weeks in (4, 8, 12, 24):
        past = Figures(FOLDER, ANCHOR - timedelta(weeks=weeks))
        assert 5 <= len(past.owes()) <= 45


def test_those_who_come_today_stand_over_the_whole_day(figures: Figures) -> None:
    arrivals = figures.arrivals()
    assert 50 <= len(arrivals) <= 65
    assert Counter(row["status"] for row in arrivals) == {"booked": 51, "attended": 8, "cancelled": 5}
    here = {figures.payer(row["member"]) for row in arrivals if row["status"] != "cancelled"}
    assert 8 <= len(here & figures.owes().keys()) <= 10
    times = [row["starts_at"][11:] for row in arrivals if row["status"] != "cancelled"]
    assert (min(times), max(times)) == ("06:30", "21:00")
    for hour in range(6, 21):
        within = [time for time in times if f"{hour:02d}:30" <= time <= f"{hour + 1:02d}:30"]
        assert len(within) >= 2, f"nobody comes in the hour after {hour}:30"
    # Whoever is in already came before the desk could be opened that day.
    assert all(row["starts_at"][11:] < "09:10" for row in arrivals if row["status"] == "attended")


def test_every_day_of_eight_weeks_has_arrivals_and_the_past_is_decided(figures: Figures) -> None:
    by_day: dict[str, Counter[str]] = {}
    for row in figures.bookings:
        by_day.setdefault(row["starts_at"][:10], Counter())[row["status"]] += 1
    assert len(by_day) == 57
    for day, statuses in by_day.items():
        assert 45 <= statuses.total() <= 70
        if day < ANCHOR.isoformat():
            assert statuses["booked"] == 0
        if day > ANCHOR.isoformat():
            assert statuses.keys() <= {"booked", "cancelled"}
    assert sum(statuses["no_show"] for statuses in by_day.values()) > 100


def test_members_are_of_many_kinds(figures: Figures) -> None:
    members = figures.members.values()
    assert len(members) == 400
    assert {row["language"] for row in members} == {"es", "en", "it", "ro", "pt"}
    statuses = Counter(row["status"] for row in members)
    assert statuses["left"] > 20
    assert statuses["frozen"] > 5
    households = Counter(row["payer"] for row in members if row["payer"])
    assert max(households.values()) == 9
    assert 20 <= len(households) <= 60
    # Whoever pays for others pays for themselves.
    assert not any(figures.members[payer]["payer"] for payer in households)
    for row in members:
        assert (row["status"] == "left") == bool(row["left_on"])
        assert row["left_on"] == "" or row["joined_on"] < row["left_on"] < ANCHOR.isoformat()
    names = [row["name"] for row in members]
    cards = [row["card"] for row in members if row["card"]]
    assert len(set(names)) == len(names)
    assert len(set(cards)) == len(cards)


def test_nobody_real_can_be_reached(figures: Figures) -> None:
    fictitious = re.compile(
        r"\+(34600000\d{3}|34600112233|40700000\d{3}|393200000\d{3}|351910000\d{3}|447700900\d{3}"
        r"|48500000\d{3}|905000000\d{3}|467017406\d{2}|36200000\d{3})"
    )
    for row in figures.members.values():
        assert row["email"] == "" or re.fullmatch(r"[a-z.]+@([a-z-]+\.)?example\.(org|com|net)", row["email"])
        assert row["phone"] == "" or fictitious.fullmatch(row["phone"])
    phones = [row["phone"] for row in figures.members.values() if row["phone"]]
    assert len(set(phones)) == len(phones)


def test_money_is_laid_on_invoices_of_the_same_household_and_never_before_them(figures: Figures) -> None:
    for row in figures.payments:
        parts = dict(part.split("=") for part in row["allocations"].split(";"))
        assert sum(cents(amount) for amount in parts.values()) <= cents(row["amount"])
        for number in parts:
            invoice = figures.invoices[number]
            assert figures.payer(invoice["member"]) == row["member"]
            assert invoice["issued_on"] <= row["received_on"] <= ANCHOR.isoformat()
    over = [row for row in figures.payments if "=" in row["allocations"]]
    rest = [r for r in over if sum(cents(p.split("=")[1]) for p in r["allocations"].split(";")) < cents(r["amount"])]
    assert len(rest) == 6
    kinds = Counter(row["kind"] for row in figures.credits)
    assert kinds == {"credit_note": 8, "waiver": 3, "write_off": 3}


def test_contacts_speak_of_debts_that_were_there(figures: Figures) -> None:
    invoices = figures.invoices
    for row in rows(FOLDER, "notices"):
        for part in row["invoices"].split(";"):
            number, _, amount = part.partition("=")
            assert figures.payer(invoices[number]["member"]) == row["member"]
            assert invoices[number]["due_on"] < row["sent_at"][:10] < ANCHOR.isoformat()
            assert 0 < cents(amount) <= cents(invoices[number]["amount"])
    staff = {person["name"] for person in CENTRE["staff"]}
    promises = rows(FOLDER, "promises")
    assert {row["actor"] for row in (*promises, *rows(FOLDER, "talks"))} <= staff
    due = Counter(
        "past" if row["due_on"] < ANCHOR.isoformat() else "open"
        for row in promises
        if row["promised_on"] <= ANCHOR.isoformat()
    )
    assert due == {"past": 8, "open": 4}


def test_what_was_written_in_the_past_tells_no_amount_in_its_subject() -> None:
    letters = tomllib.loads((FOLDER / "letters.toml").read_text(encoding="utf-8"))
    subjects = [letter["subject"] for by_language in letters.values() for letter in by_language.values()]
    assert len(subjects) == 15
    assert [subject for subject in subjects if "{amount}" in subject or re.search(r"\d", subject)] == []
