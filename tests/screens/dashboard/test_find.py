"""Find on the screen: results in the frame of the letter, the member opened or paid from there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import registry, text
from duesdesk.screens.find.screen import FindModal
from duesdesk.screens.pay.modal import PayModal
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.reading import HOSTILE, seen, started, text_of
from tests.services.booked import OpenDesk, ago, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
OPENED: list[str] = []


def note_opened(_app: DuesdeskApp, number: str) -> None:
    OPENED.append(number)


@pytest.fixture(autouse=True)
def _amounts_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    text.show_amounts(True)
    OPENED.clear()
    monkeypatch.setitem(registry.ACTS, "member", f"{__name__}:note_opened")


@pytest.fixture
def known(at: OpenDesk) -> Desk:
    early = at(ago(90))
    member(early, "MARIA", "García-López María", phone="+34 600 11 22 33", card="004512")
    member(early, "MARCO", "Rossi Marco")
    member(early, "KID", "Rossi Lia", payer="MARCO")
    member(early, "RICH", "Ricci Ada")
    owe(early, "MARIA", 9650, ago(60))
    owe(early, "KID", 8400, ago(20))
    pay(early, "RICH", 1200)
    return at()


@asynccontextmanager
async def finding(store: Path, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    app = started(store, Clock(NOON))
    async with app.run_test(size=size) as pilot:
        await pilot.press("slash")
        assert isinstance(app.screen, FindModal)
        yield app, pilot


def hits(app: DuesdeskApp) -> list[str]:
    source = app.screen.query_one("#find-list", LineList)._source
    return [str(source.row(index).key) for index in range(source.count())]


async def test_results_stand_there_with_the_letter_that_was_typed(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        for typed, expected in (("r", {"MARCO", "KID", "RICH"}), ("o", {"MARCO", "KID"}), ("s", {"MARCO", "KID"})):
            await pilot.press(typed)
            assert set(hits(app)) == expected
        await pilot.press("backspace", "backspace", "backspace")
        assert hits(app) == []


async def test_each_shows_what_their_payer_owes_or_has(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        await pilot.press(*"rossi l")
        assert "Rossi Lia" in text_of(app, "#find-list")
        assert "Rossi Marco pays" in text_of(app, "#find-list")
        assert "84.00" in text_of(app, "#find-list")
        await pilot.press("ctrl+u", *"ricci")
        assert "+12.00" in text_of(app, "#find-list")
        await pilot.press("ctrl+u", *"inv-00001")
        assert "INV-00001" in text_of(app, "#find-list")


async def test_two_of_one_name_are_told_apart_at_80_columns_by_number_and_phone_or_e_mail(
    store: Path, known: Desk
) -> None:
    name = "Fernández de Córdoba y Villalonga María del Carmen"
    member(known, "SOCIO-2019-00041", name, phone="+34 600 44 55 66", email="first@example.org")
    member(known, "SOCIO-2021-00977", name, email="carmen77@example.net")
    owe(known, "SOCIO-2021-00977", 123456789012, ago(3))
    owe(known, "SOCIO-2021-00977", 7000, ago(3), currency="JPY")
    owe(known, "SOCIO-2021-00977", 7000, ago(3), currency="USD")
    async with finding(store) as (app, pilot):
        await pilot.press(*"cordoba")
        shown = text_of(app, "#find-list")
        for told in ("SOCIO-2019-00041", "SOCIO-2021-00977", "+34 600 44 55 66", "carmen77@example.net"):
            assert told in shown
        # No figure is cut: a large one is in millions, the second currency below, a third told by a mark.
        assert "1,234.6\u00a0M" in shown
        assert "JP¥7,000 …" in shown or "US$70.00 …" in shown


async def test_who_pays_for_somebody_found_with_them_pays_for_themselves(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        await pilot.press(*"rossi")
        assert text_of(app, "#find-list").count("Rossi Marco pays") == 1


async def test_phone_and_e_mail_are_hidden_with_the_amounts(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        text.show_amounts(False)
        await pilot.press(*"garcia")
        assert "MARIA" in text_of(app, "#find-list")
        assert "600" not in text_of(app, "#find-list")


async def test_amounts_are_hidden_here_too(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        text.show_amounts(False)
        await pilot.press(*"garcia")
        assert "García-López María" in text_of(app, "#find-list")
        assert "96.50" not in "\n".join(seen(app))


async def test_enter_opens_the_member_of_the_selected_row(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        await pilot.press(*"rossi", "down", "enter")
        assert not app.screen.is_modal
        assert OPENED == ["MARCO"]


async def test_typed_at_once_with_enter_it_opens_the_first_hit(store: Path, known: Desk) -> None:
    async with finding(store) as (_app, pilot):
        await pilot.press(*"maria lopez", "enter")
        assert OPENED == ["MARIA"]


async def test_f9_takes_a_payment_from_the_selected_row(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        await pilot.press(*"garcia", "f9")
        assert isinstance(app.screen, PayModal)
        assert app.screen.form.sheet.member == "MARIA"


async def test_enter_without_a_hit_does_nothing_and_says_what_helps(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        assert "Type any part of a name" in text_of(app, "#find-list")
        await pilot.press(*"zzz", "enter")
        assert isinstance(app.screen, FindModal)
        assert "Nobody fits." in text_of(app, "#find-list")
        await pilot.press("escape")
        assert not app.screen.is_modal
        assert OPENED == []


async def test_a_card_scanned_here_opens_its_member(store: Path, known: Desk) -> None:
    async with finding(store) as (app, pilot):
        await pilot.press(*"004512", "enter")
        await pilot.pause()
        assert OPENED == ["MARIA"]
        assert not app.screen.is_modal


async def test_hostile_names_and_words_stay_text(store: Path, known: Desk) -> None:
    with known.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name, name_folded = 'rossi x' WHERE number = 'MARCO'", name=HOSTILE)
    async with finding(store) as (app, pilot):
        await pilot.press(*"rossi")
        assert "[b]Bold[/b]" in text_of(app, "#find-list")
        await pilot.press("ctrl+u", *"[/]'\"%_*(")
        assert not any(char in "".join(seen(app)) for char in "\x1b\x07\x9b\u202e")
