"""One key at a time: dialogs, results, loads and failures between two keys do not mix them up."""

from __future__ import annotations

import threading

import pytest
from textual import events

from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList
from tests.screens.toolkit.small_app import AmountModal, FindModal, PeopleScreen, log, logged, small_app


async def test_keys_pressed_while_a_dialog_loads_wait_for_it() -> None:
    gate = threading.Event()
    app = small_app()

    def amount() -> str:
        gate.wait(30)
        return "12.34"

    async with app.run_test() as pilot:
        app.push_screen(AmountModal("M1", slow=amount), lambda told: log(app, str(told)))
        for key in ("enter",):
            app.post_message(events.Key(key, "\r"))
        await pilot.pause()
        assert logged(app) == []
        gate.set()
        await app.keys.finish()
        assert logged(app) == ["paid M1 12.34 cash"]


async def test_a_result_that_opens_the_next_dialog_gets_the_keys_that_follow() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"ana", "enter", "k", *"7.5", "enter")
        assert logged(app) == ["paid ana 7.5 card"]


async def test_escape_and_the_keys_after_it_reach_the_screen_below() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"ab", "escape", "down", "down", "p", "enter")
        assert logged(app) == ["nothing found", "paid M00002 96.50 cash"]


async def test_a_key_whose_action_fails_does_not_stop_the_ones_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = small_app()
    app.raise_errors = False
    monkeypatch.setattr(PeopleScreen, "action_sort", PeopleScreen.action_boom, raising=False)
    async with app.run_test() as pilot:
        await pilot.press("s")
        assert [type(error) for error in app.errors] == [ZeroDivisionError]
        await pilot.press("enter", "down", "p", "enter")
        assert logged(app) == ["paid M00001 96.50 cash"]


async def test_a_load_that_fails_frees_the_keys_and_is_told() -> None:
    app = small_app()
    app.raise_errors = False

    def broken() -> str:
        raise ValueError("no")

    async with app.run_test() as pilot:
        app.push_screen(AmountModal("M1", slow=broken))
        await pilot.press("escape")
        assert [type(error) for error in app.errors] == [ValueError]


async def test_a_load_that_a_key_of_the_screen_began_holds_the_next_key(monkeypatch: pytest.MonkeyPatch) -> None:
    app = small_app()

    def sort(screen: PeopleScreen) -> None:
        screen.load(
            lambda: threading.Event().wait(0.05), lambda _done: screen.query_one(LineList).go(7), hold_keys=True
        )

    monkeypatch.setattr(PeopleScreen, "action_sort", sort, raising=False)
    async with app.run_test() as pilot:
        await pilot.press("s")
        assert app.screen.query_one(LineList).index == 7
        await pilot.press("home", "s", "down", "p", "enter")
        assert logged(app) == ["paid M00008 96.50 cash"]


async def test_a_newer_load_of_a_group_wins_whatever_comes_first() -> None:
    app = small_app()
    first = threading.Event()
    heard: list[str] = []

    def slow() -> str:
        first.wait(30)
        return "old"

    async with app.run_test() as pilot:
        screen = app.desk_screen()
        assert screen is not None
        screen.load(slow, heard.append, group="list")
        screen.load(lambda: "new", heard.append, group="list", hold_keys=True)
        screen.load(lambda: "beside", heard.append, group="panel", now=True)
        await pilot.press("down")
        assert heard == ["beside", "new"]
        first.set()
        screen.load(lambda: "last", heard.append, group="other", hold_keys=True)
        await pilot.press("up")
        await pilot.pause()
        assert "old" not in heard


async def test_an_unknown_card_on_a_screen_without_field_acts_on_nothing() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        for code in ("990011", "Mpnp77", "p0n1p2"):
            await pilot.press(*code, "enter")
            assert logged(app) == []
            assert f"Card {code} is not known" in footer_message(app)
            assert not app.screen.is_modal
        await pilot.press(*"M00218", "enter")
        assert logged(app) == ["file M00218"]


async def test_keys_in_one_piece_that_begin_with_a_key_do_what_slow_typing_does() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press(*"p45k", "enter")
        assert logged(app) == ["paid M00000 45 card"]
        # In the dialog its own keys are what acts: k is the card, and no member's code.
        await pilot.press("p", "tab", *"k100", "enter")
        assert logged(app)[1:] == ["paid M00000 96.50 100 card"]


async def test_a_card_read_in_a_dialog_closes_it_unless_something_was_typed() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("p")
        assert isinstance(app.screen, AmountModal)
        await pilot.press(*"k4512", "enter")
        assert logged(app)[-1] == "file M00009"
        assert isinstance(app.screen, PeopleScreen)
        # At once it is not heard: it was meant for who was there before.
        await pilot.press("p")
        assert not app.screen.is_modal
        await pilot.press("wait:900", "p")
        modal = app.screen
        assert isinstance(modal, AmountModal)
        modal.query_one("#given", Field).value = "100"
        await pilot.press(*"004512", "enter")
        assert app.screen is modal
        # The code is gone from the field, k has not chosen the card, and Enter has not paid.
        assert modal.query_one("#amount", Field).value == "96.50"
        assert modal.how == "cash"


async def test_the_screen_may_deal_with_a_card_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    app = small_app()
    monkeypatch.setattr(PeopleScreen, "scanned", lambda self, member: log(self.app, f"checked in {member}") or True)
    async with app.run_test() as pilot:
        await pilot.press(*"004512", "enter")
        assert logged(app) == ["checked in M00007"]


async def test_a_line_feed_is_an_enter() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"ana", "ctrl+j", "escape")
        assert logged(app) == ["left ana"]


async def test_a_paste_keeps_its_place_between_keys() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash")
        modal = app.screen
        assert isinstance(modal, FindModal)
        app.post_message(events.Key("a", "a"))
        app.post_message(events.Paste("bc"))
        app.post_message(events.Key("d", "d"))
        await pilot.press("backspace", "e")
        assert modal.query_one(Field).value == "abce"


def footer_message(app: object) -> str:
    from duesdesk.screens.widgets.footer import Footer

    return app.desk_screen().query_one(Footer).message  # type: ignore[attr-defined]
