"""The first start: six answers, and the centre is there; wrong ones are said and nothing is left behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duesdesk.bootstrap import open_desk
from duesdesk.clock import Clock
from duesdesk.first_start import SetupApp

CLOCK = Clock(date(2026, 11, 22))


def setup_app(path: Path) -> SetupApp:
    return SetupApp(str(path), CLOCK, country="ES")


async def test_a_name_and_enter_found_a_centre_with_what_its_country_usually_means(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Club Norte", *["enter"] * 8)
    assert app.outcome == "centre"
    desk = open_desk(str(tmp_path / "new.db"), clock=CLOCK)
    assert (desk.centre.name, desk.centre.currency, desk.centre.timezone) == ("Club Norte", "EUR", "Europe/Madrid")
    assert desk.modules.is_active("crm")
    desk.close()


async def test_another_country_fills_in_its_own_currency_and_zone(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Salle", "enter", "backspace", "backspace", *"TN", *["enter"] * 7)
    desk = open_desk(str(tmp_path / "new.db"), clock=CLOCK)
    assert (desk.centre.country, desk.centre.currency, desk.centre.timezone) == ("TN", "TND", "Africa/Tunis")
    desk.close()


async def test_without_a_name_nothing_is_founded(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["enter"] * 8)
        assert app.outcome is None
        assert not (tmp_path / "new.db").exists()


async def test_a_file_of_members_comes_in_with_the_centre(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("number,name\nA1,Ana\nA2,Bea\n", encoding="utf-8")
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Club", *["enter"] * 6, "f", "enter", *str(file), "enter")
    assert app.outcome == "centre"
    assert "2" in app.told
    desk = open_desk(str(tmp_path / "new.db"), clock=CLOCK)
    assert desk.members.get("A2").name == "Bea"
    desk.close()


async def test_a_file_that_is_not_there_is_said_and_founds_nothing(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Club", *["enter"] * 6, "f", "enter", *"/nowhere.csv", "enter")
        assert app.outcome is None
    assert not (tmp_path / "new.db").exists()


async def test_the_demo_is_one_letter_away(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["enter"] * 6, "d", "enter", "enter")
    assert app.outcome == "demo"


async def test_leaving_the_set_up_leaves_nothing(tmp_path: Path) -> None:
    app = setup_app(tmp_path / "new.db")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
    assert app.outcome is None
    assert not (tmp_path / "new.db").exists()
