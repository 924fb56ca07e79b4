"""The Member File on the screen: head, lists, details, every act with its form, household, statement, hostile text."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.member_file.screen import MemberFileScreen
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.services.membership_requests import MembershipRequest
from tests.screens.reading import HOSTILE, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def ana(at: OpenDesk) -> Desk:
    """Ana owes 51.50 of September (20.00 were paid) and 45.00 of October; Giulia pays for Marco."""
    early = at(ago(80))
    member(early, "ANA", "García Ana", email="ana@example.org", phone="+34 600 11 22 33", language="es", card="004512")
    member(early, "GIULIA", "Rossi Giulia")
    member(early, "MARCO", "Rossi Marco", payer="GIULIA")
    owe(early, "ANA", 7150, ago(69))
    pay(at(ago(44)), "ANA", 2000)
    owe(at(ago(50)), "ANA", 4500, ago(39))
    owe(at(ago(50)), "MARCO", 4000, ago(30))
    at(ago(25)).talks.log("ANA", outcome="no_answer", channel="phone")
    desk = at()
    book(desk, "ANA", "12:30", activity="Pilates")
    return desk


@asynccontextmanager
async def file_of(
    store: Path, number: str, *, size: tuple[int, int] = (120, 36), actor: str | None = None
) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app with somebody's file in front."""
    app = started(store, Clock(TODAY), actor=actor)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.act("member", number)
        await shows(app, pilot, number)
        yield app, pilot


async def shows(app: DuesdeskApp, pilot: Pilot[int], number: str) -> None:
    def is_there() -> bool:
        screen = app.desk_screen()
        return isinstance(screen, MemberFileScreen) and screen._file is not None and screen._file.number == number

    await settled(pilot, is_there)


async def when_told(app: DuesdeskApp, pilot: Pilot[int], told: str) -> None:
    await settled(pilot, lambda: told in "\n".join(seen(app)))


def keys_of(app: DuesdeskApp) -> list[object]:
    """The keys of the rows of the list."""
    listed = app.screen.query_one("#file-list", LineList)
    return [listed._row(index).key for index in range(listed.count)]


async def test_the_head_tells_who_it_is_and_what_is_owed(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        shown = "\n".join(seen(app))
        assert "García Ana   ANA" in shown
        assert "+34 600 11 22 33 · ana@example.org · card 004512" in shown
        tiles = text_of(app, "#file-tiles")
        assert "€96.50" in tiles
        assert "2 invoices, 69 days" in tiles
        await settled(pilot, lambda: "formal letter tomorrow" in text_of(app, "#file-tiles"))


async def test_v_hides_amounts_and_how_to_reach_somebody(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("v")
        shown = "\n".join(seen(app))
        assert "96.50" not in shown
        assert "600 11 22" not in shown
        assert "ana@example.org" not in shown
        assert "García Ana" in shown


async def test_keys_show_the_lists(store: Path, ana: Desk) -> None:
    ana.members.add_note("ANA", "Prefers the mornings")
    async with file_of(store, "ANA") as (app, pilot):
        assert keys_of(app) == ["INV-00001", "INV-00002"]
        assert "◐ 69 d" in text_of(app, "#file-list")
        await pilot.press("2")
        assert keys_of(app) == ["PAY-00001"]
        assert "cash" in text_of(app, "#file-list")
        await pilot.press("3")
        assert "no answer" in text_of(app, "#file-list")
        assert "paid by cash" in text_of(app, "#file-list")
        await pilot.press("4")
        assert "Pilates" in text_of(app, "#file-list")
        await pilot.press("5")
        assert "Prefers the mornings" in text_of(app, "#file-list")


async def test_enter_shows_what_paid_an_invoice_and_what_a_payment_paid(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("enter")
        await when_told(app, pilot, "Invoice INV-00001")
        shown = text_of(app, "#reading")
        assert "€71.50" in shown
        assert "paid, cash" in shown
        assert "PAY-00001" in shown
        await pilot.press("escape", "2", "enter")
        await when_told(app, pilot, "Payment PAY-00001")
        assert "INV-00001" in text_of(app, "#reading")


async def test_an_invoice_is_issued_and_undone(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("i", "wait:80", *"25", "enter", *"Towel", "enter", *"+14", "enter", "p", "enter")
        await when_told(app, pilot, "INV-00004 is issued.")
        await settled(pilot, lambda: "INV-00004" in keys_of(app))
        issued = at().member_files.invoice("INV-00004").invoice
        assert (issued.total_minor, issued.description, issued.due_on, issued.kind) == (
            2500,
            "Towel",
            TODAY + timedelta(days=14),
            "product",
        )


async def test_a_wrong_form_says_what_is_wrong_under_the_field_and_keeps_what_was_typed(
    store: Path, at: OpenDesk, ana: Desk
) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("i", "wait:80", *"abc", "enter", *"Towel", "enter", *"1/1/2020", "ctrl+s")
        form = app.screen
        assert isinstance(form, FormModal)
        assert "is not an amount" in text_of(app, "#under-amount")
        assert "is over" in text_of(app, "#under-due_on")
        assert form.typed()["description"] == "Towel"
    assert len(at().member_files.open("ANA").invoices) == 2


async def test_an_invoice_is_voided_with_its_reason_unless_money_lies_on_it(
    store: Path, at: OpenDesk, ana: Desk
) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("x", "wait:80", *"twice", "enter")
        await when_told(app, pilot, "Money lies on this invoice")
        await pilot.press("escape", "enter")
        await pilot.press("down", "x", "enter")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        assert "Please fill in" in text_of(app, "#under-reason")
        await pilot.press(*"twice", "enter")
        await when_told(app, pilot, "INV-00002 is void.")
    detail = at().member_files.invoice("INV-00002")
    assert detail.invoice.state == "void"
    assert [(move.kind, move.reason) for move in detail.moves] == [("voided", "twice")]


async def test_a_payment_is_reversed_with_its_reason_once(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("2", "x", "wait:80", *"wrong person", "enter")
        await when_told(app, pilot, "PAY-00001 is reversed.")
        await settled(pilot, lambda: len(keys_of(app)) == 2)
        assert "taken back" in text_of(app, "#file-list")
        await pilot.press("end", "x")
        assert isinstance(app.screen, MemberFileScreen)
    assert at().member_files.open("ANA").figures[0].unpaid_minor == 7150 + 4500


async def test_an_invoice_is_lowered_by_a_kind_of_ones_choice(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("w", "w", "enter", *"11.50", "enter", *"was ill", "enter")
        await when_told(app, pilot, "waiver on INV-00001")
        await settled(pilot, lambda: "40.00" in text_of(app, "#file-list"))
    moves = at().member_files.invoice("INV-00001").moves
    assert [(move.kind, move.amount_minor, move.reason) for move in moves if move.kind == "waiver"] == [
        ("waiver", 1150, "was ill")
    ]


async def test_more_than_is_open_cannot_be_lowered_and_is_said_under_the_amount(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("w", "enter", *"99", "enter", *"x", "enter")
        await settled(pilot, lambda: "51.50" in text_of(app, "#under-amount"))


async def test_the_front_desk_cannot_void_lower_or_reverse_and_is_told_who_may(
    store: Path, at: OpenDesk, ana: Desk
) -> None:
    ana.staff.add("Ana", "manager")
    ana.staff.add("Leo", "front_desk")
    async with file_of(store, "ANA", actor="Leo") as (app, pilot):
        await pilot.press("x")
        await when_told(app, pilot, "This needs the role back office")
        await pilot.press("w")
        await when_told(app, pilot, "a credit note is not for the role front desk")
        await pilot.press("2", "x")
        assert isinstance(app.screen, MemberFileScreen)
        await pilot.press("t", "w", "enter")
        await when_told(app, pilot, "Noted of")


async def test_the_back_office_may_not_write_off_and_is_told_so(store: Path, ana: Desk) -> None:
    ana.staff.add("Ana", "manager")
    ana.staff.add("Marta", "back_office")
    async with file_of(store, "ANA", actor="Marta") as (app, pilot):
        await pilot.press("w")
        await when_told(app, pilot, "Your role may not: write-off.")


async def test_a_member_is_edited_and_a_wrong_field_is_named(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("e", *" Núñez", "tab", "tab", "ctrl+u", *"no mail", "ctrl+s")
        await settled(pilot, lambda: "no mail" in text_of(app, "#under-email"))
        await pilot.press("ctrl+u", *"ana@example.com", "ctrl+s")
        await when_told(app, pilot, "The changes are kept.")
        await settled(pilot, lambda: "García Ana Núñez" in text_of(app, "#file-head"))
    details = at().members.get("ANA")
    assert (details.name, details.email, details.card, details.language) == (
        "García Ana Núñez",
        "ana@example.com",
        "004512",
        "es",
    )


async def test_a_payer_nobody_knows_is_said_under_the_field(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("e")
        form = app.screen
        assert isinstance(form, FormModal)
        form.entry("payer").value = "NOBODY"
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "There is no member" in text_of(app, "#under-payer"))


async def test_a_note_is_added(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("o", "wait:80", *"Rings at noon", "enter")
        await when_told(app, pilot, "The note is kept.")
        await pilot.press("5")
        await settled(pilot, lambda: "Rings at noon" in text_of(app, "#file-list"))


async def test_plus_adds_a_member_whose_file_opens(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("plus", "m", "wait:80", *"Nowak Jan", "tab", *"N1", "ctrl+s")
        await when_told(app, pilot, "Nowak Jan is member N1.")
        await shows(app, pilot, "N1")
        assert "No invoice yet" in text_of(app, "#file-list")
    assert at().members.get("N1").joined_on == TODAY


async def test_the_household_opens_by_enter_and_esc_comes_back(store: Path, ana: Desk) -> None:
    async with file_of(store, "MARCO") as (app, pilot):
        assert "Rossi Giulia pays" in text_of(app, "#file-head")
        await pilot.press("7")
        assert keys_of(app) == ["GIULIA", "MARCO"]
        await pilot.press("enter")
        await shows(app, pilot, "GIULIA")
        assert "pays for 1 other" in text_of(app, "#file-head")
        await pilot.press("7")
        assert keys_of(app) == ["GIULIA", "MARCO"]
        await pilot.press("escape")
        await shows(app, pilot, "MARCO")
        await pilot.press("escape")
        assert not isinstance(app.screen, MemberFileScreen)


async def test_the_statement_is_read_and_saved_for_its_owner_alone(store: Path, ana: Desk, tmp_path: Path) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("s")
        await when_told(app, pilot, "Statement · García Ana")
        await pilot.press("end")
        assert "€96.50" in text_of(app, "#reading")
        await pilot.press("t")
        await when_told(app, pilot, "Saved:")
        await pilot.press("c")
        await settled(pilot, lambda: len(list((tmp_path / "home" / "exports").iterdir())) == 2)
    folder = tmp_path / "home" / "exports"
    told = (folder / "statement-ANA-2026-11-22.txt").read_text(encoding="utf-8")
    table = (folder / "statement-ANA-2026-11-22.csv").read_text(encoding="utf-8").splitlines()
    assert "96.50" in told
    assert table[0] == "date,kind,reference,member,name,text,currency,amount,balance"
    assert table[-1].endswith("EUR,45.00,96.50") or table[-1].endswith("EUR,-20.00,96.50")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


async def test_each_line_of_a_statement_names_whom_it_is_for_when_that_is_not_the_payer(
    store: Path, at: OpenDesk, ana: Desk, tmp_path: Path
) -> None:
    member(at(ago(90)), "KID", "García Leo", payer="ANA")
    owe(at(ago(90)), "KID", 1100, ago(5))
    async with file_of(store, "KID") as (app, pilot):
        await pilot.press("s")
        await when_told(app, pilot, "Statement · García Ana")
        await pilot.press("home")
        lines = text_of(app, "#reading").splitlines()
        at_kid = next(place for place, line in enumerate(lines) if "11.00" in line)
        assert lines[at_kid + 1].strip() == "for García Leo"
        assert "\n".join(lines).count("for García") == 1
        await pilot.press("t")
        await when_told(app, pilot, "Saved:")
    told = next((tmp_path / "home" / "exports").glob("*.txt")).read_text(encoding="utf-8")
    assert told.count("for García Leo") == 1


async def test_what_another_desk_does_is_shown_and_the_selection_stays(store: Path, at: OpenDesk, ana: Desk) -> None:
    async with file_of(store, "ANA") as (app, pilot):
        await pilot.press("down")
        owe(at(ago(60), desk="desk 2"), "ANA", 1000, ago(55))
        await settled(pilot, lambda: len(keys_of(app)) == 3)
        assert app.screen.query_one("#file-list", LineList).selected_key == "INV-00002"


async def test_a_card_opens_the_file_of_its_member(store: Path, ana: Desk) -> None:
    async with file_of(store, "MARCO") as (app, pilot):
        await pilot.press(*"004512", "enter")
        await shows(app, pilot, "ANA")


async def test_everything_fits_a_small_terminal(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA", size=(80, 24)) as (app, pilot):
        for key in "123456":
            await pilot.press(key)
            lines = seen(app)
            assert len(lines) == 24
            assert all(len(line) <= 80 for line in lines)
        await pilot.press("e", *["tab"] * 10)
        await when_told(app, pilot, "Terms")


async def test_the_usual_keys_are_seen_on_a_narrow_terminal(store: Path, ana: Desk) -> None:
    async with file_of(store, "ANA", size=(80, 24)) as (app, _pilot):
        shown = text_of(app, "#foot")
        for told in ("p pay", "t talk", "y promise", "s statement", "? all keys", "e edit", "i invoice",
                     "m membership", "x void", "w lower", "o note"):  # fmt: skip
            assert told in shown


async def test_hostile_text_is_shown_as_text_everywhere(store: Path, at: OpenDesk) -> None:
    early = at(ago(60))
    member(early, "EVIL", "Evil")
    invoice = owe(early, "EVIL", 1000, ago(50))
    early.members.add_note("EVIL", HOSTILE)
    early.talks.log("EVIL", outcome="informed", note=HOSTILE)
    early.invoices.void(invoice, reason=HOSTILE)
    with early.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name, email = :name, phone = :name, group_name = :name", name=HOSTILE)
    book(early, "EVIL", "10:00", activity=HOSTILE)
    early.memberships.add(MembershipRequest("EVIL", HOSTILE, 4500, "EUR"))
    async with file_of(store, "EVIL") as (app, pilot):
        for key in "123456":
            await pilot.press(key)
            check(app)
            await pilot.press("enter")
            await pilot.pause()
            check(app)
            if not isinstance(app.screen, MemberFileScreen):
                await pilot.press("escape")
        await pilot.press("s")
        await when_told(app, pilot, "Statement")
        check(app)
        assert app.errors == []


def check(app: DuesdeskApp) -> None:
    """Nothing of a text acted on the terminal."""
    shown = "\n".join(seen(app))
    assert "[b]Bold[/b]" in shown
    assert not any(
        (ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u202c" for char in shown
    )


async def test_no_sum_is_cut_however_large_and_in_whatever_currency(store: Path, at: OpenDesk, ana: Desk) -> None:
    owe(at(ago(40)), "ANA", 123456789, ago(30), currency="TND")
    async with file_of(store, "ANA", size=(80, 24)) as (app, pilot):
        await settled(pilot, lambda: "123,456.789" in text_of(app, "#file-list"))
        assert text_of(app, "#file-list").count("123,456.789") == 2
        assert "69 d" in text_of(app, "#file-list")
