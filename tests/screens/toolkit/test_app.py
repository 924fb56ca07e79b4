"""The app around the screens: where one is, what is said, hidden amounts, errors, freshness, room."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import Screen

from duesdesk.domain.errors import StoreTrouble
from duesdesk.screens import registry, text, theme
from duesdesk.screens.base import TooSmall
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.error import ErrorModal
from duesdesk.screens.widgets.bars import TopBar
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.footer import Footer, FooterKey
from duesdesk.screens.widgets.line_list import LineList, Rows
from tests.screens.toolkit.small_app import HERE, AmountModal, PeopleScreen, SmallDesk, log, logged, small_app


class CrmScreen(PeopleScreen):
    ID = "crm_daily"
    BINDINGS = bindings_for("crm_daily")


@pytest.fixture(autouse=True)
def _as_usual():
    yield
    text.show_amounts(True)
    theme.use(theme.DEFAULT, no_color=False)


@pytest.fixture
def two_places() -> Any:
    app = small_app()
    crm = registry.PlaceSpec("crm_daily", "F4", "CRM Daily", "CRM", f"{__name__}:CrmScreen")
    registry.PLACES = (*registry.PLACES, crm)
    return app


def message(app: Any) -> str:
    return app.desk_screen().query_one(Footer).message


def painted(widget: Any, y: int) -> str:
    return "".join(segment.text for segment in widget.strip(y))


async def test_function_keys_go_to_places_and_escape_back(two_places: Any) -> None:
    app = two_places
    async with app.run_test() as pilot:
        dashboard = app.screen
        await pilot.press("f4")
        assert app.screen.ID == "crm_daily"
        assert "CRM" in painted(app.screen.query_one(TopBar), 0)
        crm = app.screen
        await pilot.press("escape")
        assert app.screen is dashboard
        await pilot.press("f4", "f4", "f3", "f4")
        assert app.screen is crm
        assert len(app.screen_stack) == 2
        await pilot.press("escape", "escape", "escape")
        assert app.screen is dashboard


async def test_a_place_keeps_what_was_selected_while_another_is_shown(two_places: Any) -> None:
    app = two_places
    async with app.run_test() as pilot:
        await pilot.press("down", "down", "f4", "f3")
        assert app.screen.current_member() == "M00002"


async def test_many_visits_leave_no_screens_behind(two_places: Any) -> None:
    app = two_places
    async with app.run_test() as pilot:
        await pilot.press("f4", "f3")
        before = len(app._registry)
        for _n in range(20):
            await pilot.press("f4", "p", "escape", "f3", "slash", "escape")
        await pilot.pause()
        assert len(app._registry) == before


async def test_letters_act_on_the_selected_person() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("down", "p")
        modal = app.screen
        assert isinstance(modal, AmountModal)
        assert modal.member == "M00001"


async def test_a_key_that_cannot_act_is_dimmed_and_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SmallDesk.actor, "role", "front_desk")
    app = small_app()
    async with app.run_test() as pilot:
        screen: Any = app.screen
        list_ = screen.query_one(LineList)
        footer = screen.query_one(Footer)
        assert FooterKey("p", "pay", True, "act('pay')") in footer._keys
        list_.set_source(Rows())
        screen.member_changed()
        assert FooterKey("p", "pay", False, "act('pay')") in footer._keys
        await pilot.press("p", "n", "enter")
        assert app.screen is screen
        assert app.errors == []


async def test_the_role_decides_which_keys_act(monkeypatch: pytest.MonkeyPatch) -> None:
    app = small_app()
    async with app.run_test() as pilot:
        screen: Any = app.screen
        monkeypatch.setattr("duesdesk.domain.roles.MAY", {"pay": frozenset(), "notice": frozenset({"manager"})})
        screen.refresh_footer()
        enabled = {key.shown: key.enabled for key in screen.query_one(Footer)._keys}
        assert enabled["p"] is False
        assert enabled["n"] is True
        await pilot.press("p")
        assert app.screen is screen


async def test_a_refusal_is_one_quiet_sentence() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("n")
        assert message(app) == "Please fill in “M00000”."
        assert app.errors == []
        assert not app.screen.is_modal


async def test_a_message_stays_a_moment_and_the_next_key_after_it_clears_it() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        app.show_message("Saved.", "ok")
        await pilot.press("down")
        assert message(app) == "Saved."
        app._message_at -= 2
        await pilot.press("down")
        assert message(app) == ""


async def test_our_own_fault_is_written_down_and_told_and_the_app_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[BaseException] = []
    app = small_app(log_error=lambda error: written.append(error) or "/var/log/duesdesk.log")
    app.raise_errors = False
    async with app.run_test() as pilot:
        app.report(ValueError("lost"))
        await pilot.pause()
        modal = app.screen
        assert isinstance(modal, ErrorModal)
        assert modal.where == "/var/log/duesdesk.log"
        app.report(ValueError("again"))
        await pilot.pause()
        assert [type(screen) for screen in app.screen_stack].count(ErrorModal) == 1
        await pilot.press("enter", "down")
        assert app.desk_screen().current_member() == "M00001"
        assert len(written) == 2


@pytest.mark.parametrize("where", ["on_key", "draw", "refresh_data"])
async def test_an_error_anywhere_leaves_the_widget_alive(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    app = small_app()
    app.raise_errors = False
    async with app.run_test() as pilot:
        await pilot.pause()
        screen: Any = app.screen
        list_ = screen.query_one(LineList)

        def fail(*_args: object, **_more: object) -> None:
            raise ZeroDivisionError(where)

        with monkeypatch.context() as broken:
            if where == "on_key":
                broken.setattr(list_, "press", fail)
            elif where == "draw":
                broken.setattr(list_, "draw", fail)
            else:
                broken.setattr(screen, "refresh_data", fail)
                app.data_changed()
            await pilot.press("down")
            await pilot.pause()
        assert app.errors
        assert all(isinstance(error, ZeroDivisionError) for error in app.errors)
        await pilot.press("enter")
        app.errors.clear()
        await pilot.press("home", "down", "down")
        assert screen.current_member() == "M00002"


async def test_in_tests_an_error_of_our_own_ends_the_test() -> None:
    app = small_app()

    async def report() -> None:
        async with app.run_test() as pilot:
            app.report(ZeroDivisionError())
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await report()


async def test_a_desk_that_cannot_be_opened_is_told_before_the_terminal_is_touched() -> None:
    from duesdesk.app import DuesdeskApp

    def no_desk() -> Any:
        raise StoreTrouble("store-busy")

    with pytest.raises(StoreTrouble):
        DuesdeskApp(no_desk)


async def test_another_process_writing_brings_new_data_and_nothing_else_does() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        screen: Any = app.screen
        fetched: list[int] = []
        screen.refresh_data = lambda: fetched.append(1)
        await app.look()
        await app.look()
        assert fetched == []
        app.desk.version += 1
        await app.look()
        await app.look()
        assert fetched == [1]
        # Below a dialog, too; leaving it fetches nothing twice.
        await pilot.press("p")
        app.desk.version += 1
        await app.look()
        assert fetched == [1, 1]
        await pilot.press("escape")
        assert fetched == [1, 1]


async def test_an_idle_app_paints_nothing() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        frames: list[object] = []
        display = app._display
        app._display = lambda screen, update: frames.append(update) or display(screen, update)  # type: ignore[method-assign]
        await app.look()
        await app.look()
        await pilot.pause()
        assert [frame for frame in frames if frame is not None] == []
        timers = [timer for node in app.walk_children() for timer in node._timers]
        assert [timer for timer in timers if timer._repeat is None and timer._active.is_set()] == []


async def test_hidden_amounts_follow_the_key_on_every_screen(two_places: Any) -> None:
    app = two_places
    async with app.run_test() as pilot:
        await pilot.press("v", "f4")
        assert not app.amounts_shown
        assert "96.50" not in painted(app.screen.query_one(LineList), 1)
        await pilot.press("v", "f3")
        assert "96.50" in painted(app.screen.query_one(LineList), 1)


def kindly_refused(app: Any) -> bool:
    """Whether the screen says that it needs more room, and shows nothing else."""
    told = [one for one in app.screen.query(TooSmall) if one.display]
    said = "".join(painted(one, y) for one in told for y in range(one.size.height))
    return "A little more room" in said and not app.screen.query_one(LineList).display


@pytest.mark.parametrize(("size", "fits"), [((80, 24), True), ((60, 16), True), ((40, 12), False), ((200, 60), True)])
async def test_every_size_is_used_or_kindly_refused(size: tuple[int, int], fits: bool) -> None:
    app = small_app()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        list_ = app.screen.query_one(LineList)
        assert (list_.size.height > 3) is fits
        assert kindly_refused(app) is not fits
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.screen.query_one(LineList).size.height > 3
        assert not kindly_refused(app)
        await pilot.resize_terminal(59, 15)
        await pilot.pause()
        assert kindly_refused(app)
        assert app.errors == []


async def test_a_dialog_scrolls_when_the_terminal_is_low() -> None:
    app = small_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        box = app.screen.query_one("#box")
        assert box.region.bottom <= 24
        assert "Esc" in painted(app.screen.query_one("#hint"), 0)


@pytest.mark.parametrize("name", sorted(theme.PALETTES))
async def test_each_theme_draws_the_same_screen(name: str) -> None:
    app = small_app(colors=name)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert theme.active().name == name
        back = app.screen.query_one(LineList).strip(3)._segments[0].style.bgcolor
        assert back.name == "#" + theme.PALETTES[name].ground
        assert app.screen.styles.background.hex.lower() == "#" + theme.PALETTES[name].ground


async def test_the_colours_can_be_changed_while_it_runs() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        app.theme = "duesdesk-light"
        await pilot.pause()
        back = app.screen.query_one(LineList).strip(3)._segments[0].style.bgcolor
        assert back.name == "#" + theme.PALETTES["duesdesk-light"].ground


async def test_a_stylesheet_of_few_sources_is_never_parsed_twice() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash", "escape", "p", "escape", "question_mark", "escape", "ctrl+p", "escape")
        assert len(app.stylesheet.source) <= 24


async def test_the_name_in_a_title_is_drawn_as_it_is() -> None:
    app = small_app()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"[/]", "enter")
        assert str(app.screen.query_one("#box").border_title) == "Pay [[/]]" or "[/]" in str(
            app.screen.query_one("#box")._border_title
        )


async def test_hostile_text_reaches_every_widget_as_text() -> None:
    app = small_app()
    hostile = "[@click=app.leave]x[/] \x1b]52;c;aa\x07 [/]"
    async with app.run_test() as pilot:
        log(app, hostile)
        app.show_message(hostile, "warn")
        app.screen.query_one(LineList).empty = hostile
        await pilot.press("slash")
        app.screen.query_one(Field).value = hostile
        app.show_message(hostile)
        await pilot.press("escape")
        await pilot.click("#log", offset=(5, 1))
        await pilot.pause()
        assert app.is_running
        assert logged(app)[0] == hostile
        assert "\x1b" not in painted(app.screen.query_one("#log"), 1)


def test_screens_are_named_where_they_live() -> None:
    assert registry.load_named(f"{HERE}:PeopleScreen") is PeopleScreen
    assert issubclass(PeopleScreen, Screen)
