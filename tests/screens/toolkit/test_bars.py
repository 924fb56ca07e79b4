"""Tiles, tabs, panels, the top bar and the footer: what is drawn, what is drawn again, and what keys and clicks do."""

from __future__ import annotations

from typing import Any

import pytest

from duesdesk.screens.text import Piece, amount, line
from duesdesk.screens.widgets.bars import Place, Tab, Tabs, TopBar
from duesdesk.screens.widgets.footer import Footer, FooterKey
from duesdesk.screens.widgets.panel import Panel
from duesdesk.screens.widgets.tiles import Tile, Tiles
from tests.screens.toolkit.small_app import small_app

SEVEN = [
    Tile(f"t{n}", f"Title {n}", amount(f"{n}0.00", "white", bold=True), f"{n} people", spark="▁▃") for n in range(7)
]
PLACES = [
    Place("dashboard", "F3", "Dashboard", "Dash"), Place("crm_daily", "F4", "CRM Daily", "CRM"),
    Place("settings", "F10", "Settings", "Settings"),
]  # fmt: skip


def text_of(widget: Any, y: int = 0) -> str:
    return "".join(segment.text for segment in widget.strip(y))


def refreshed(widget: Any) -> list[int]:
    """Follow which lines are sent again from now on."""
    lines: list[int] = []
    refresh = widget.refresh

    def noted(*regions: Any, **what: Any) -> Any:
        lines.extend(region.y for region in regions)
        return refresh(*regions, **what)

    widget.refresh = noted
    return lines


async def shown(pilot: Any, widget: Any, height: int = 1) -> Any:
    widget.styles.height = height
    await pilot.app.screen.mount(widget, before="#tabs")
    await pilot.pause()
    return widget


@pytest.mark.parametrize(("width", "fitting"), [(80, 4), (120, 6), (200, 7)])
async def test_as_many_tiles_as_fit_and_the_selected_one_is_among_them(width: int, fitting: int) -> None:
    app = small_app()
    async with app.run_test(size=(width, 30)) as pilot:
        tiles = await shown(pilot, Tiles(SEVEN), 3)
        assert sum(f"Title {n}" in text_of(tiles) for n in range(7)) == fitting
        for _n in range(8):
            tiles.press("right")
        await pilot.pause()
        assert tiles.selected_key == "t6"
        assert "Title 6" in text_of(tiles)
        assert all(len(text_of(tiles, y)) == width for y in range(3))
        for _n in range(8):
            tiles.press("left")
        await pilot.pause()
        assert "Title 0" in text_of(tiles)


async def test_enter_and_a_click_on_a_tile_choose_it() -> None:
    app = small_app()
    heard: list[str] = []
    async with app.run_test(size=(80, 30)) as pilot:
        tiles = await shown(pilot, Tiles(SEVEN, on_move=heard.append), 3)
        posted: list[Any] = []
        post = tiles.post_message
        tiles.post_message = lambda message: posted.append(message) or post(message)
        tiles.focus()
        await pilot.press("right", "enter")
        assert [m.key for m in posted if isinstance(m, Tiles.Chosen)] == ["t1"]
        await pilot.click(tiles, offset=(45, 1))
        assert [m.key for m in posted if isinstance(m, Tiles.Chosen)] == ["t1", "t2"]
        assert heard == ["t1", "t2"]


async def test_new_figures_keep_the_selected_tile() -> None:
    app = small_app()
    async with app.run_test(size=(120, 30)) as pilot:
        tiles = await shown(pilot, Tiles(SEVEN), 3)
        tiles.select("t2")
        lines = refreshed(tiles)
        tiles.set_tiles(list(SEVEN))
        assert lines == []
        tiles.set_tiles([Tile("new", "New", "1"), *SEVEN])
        await pilot.pause()
        assert tiles.selected_key == "t2"
        assert "New" in text_of(tiles)
        tiles.set_tiles([SEVEN[0]])
        assert tiles.selected_key == "t0"
        tiles.set_tiles([])
        assert tiles.selected_key is None


async def test_hidden_amounts_are_hidden_on_tiles() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        tiles = app.screen.query_one(Tiles)
        assert "4,310.50" in text_of(tiles, 1)
        await pilot.press("v")
        await pilot.pause()
        assert "4,310.50" not in text_of(tiles, 1)
        await pilot.press("v")


async def test_a_panel_sends_only_the_lines_that_changed() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        panel = await shown(pilot, Panel([line("a"), line("b"), line("c")]), 4)
        lines = refreshed(panel)
        panel.set_lines([line("a"), line("B"), line("c")])
        assert lines == [1]
        panel.set_lines([line("a"), line("B"), line("c")])
        assert lines == [1]
        panel.set_lines([line("a")])
        assert lines == [1, 1, 2]
        await pilot.pause()
        assert text_of(panel, 1).strip() == ""


async def test_a_side_pane_has_its_rule_and_cuts_what_is_too_long() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        panel = await shown(pilot, Panel([line("x" * 100)] * 5, rule=True), 3)
        assert text_of(panel).startswith("│  x")
        assert text_of(panel).endswith("…")
        assert text_of(panel, 2).strip("│ ") == "…"
        assert panel.room == 80 - 3 - 1


async def test_a_panel_of_automatic_height_grows_with_its_lines() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        panel = Panel([line("a")])
        await app.screen.mount(panel, before="#tabs")
        await pilot.pause()
        assert panel.size.height == 1
        panel.set_lines([line("a"), line("b"), line("c")])
        await pilot.pause()
        assert panel.size.height == 3


async def test_tabs_are_changed_by_number_click_and_arrows() -> None:
    app = small_app()
    heard: list[str] = []
    tabs_ = [Tab("all", "All", "64"), Tab("unpaid", "Unpaid", "9", "warn"), Tab("part", "Partially paid", "4")]
    async with app.run_test(size=(80, 30)) as pilot:
        tabs = await shown(pilot, Tabs(tabs_, chips=True, focusable=True, on_change=heard.append))
        assert " 1 All 64 " in text_of(tabs)
        assert tabs.choose(2)
        assert not tabs.choose(7)
        await pilot.click(tabs, offset=(text_of(tabs).index("Part"), 0))
        tabs.focus()
        await pilot.press("right", "left")
        assert heard == ["unpaid", "part", "all", "part"]
        tabs.set_active("all")
        assert heard == ["unpaid", "part", "all", "part"]
        tabs.set_tabs([Tab("new", "New")])
        assert tabs.active == "new"


async def test_tabs_keep_their_words_before_those_at_the_right() -> None:
    app = small_app()
    tabs_ = [Tab(word, word) for word in ("Accounting", "Calendar", "Forecast", "Early signs")]
    async with app.run_test(size=(80, 30)) as pilot:
        tabs = await shown(pilot, Tabs(tabs_))
        tabs.set_right(Piece("daily run 06:00   12 notices go out at 09:30", "dim"))
        await pilot.pause()
        assert "Early signs" in text_of(tabs)
        assert "…" in text_of(tabs)
        tabs.set_right(Piece("run 06:00", "dim"))
        await pilot.pause()
        assert text_of(tabs).endswith("run 06:00 ")
        assert "…" not in text_of(tabs)


@pytest.mark.parametrize(("width", "word"), [(120, "F3 Dashboard"), (80, "F3 Dash ")])
async def test_the_top_bar_names_the_screens_as_room_allows(width: int, word: str) -> None:
    app = small_app()
    async with app.run_test(size=(width, 30)) as pilot:
        bar = await shown(pilot, TopBar())
        bar.show("Aurora Centre", PLACES, "dashboard", "desk 1 · Ana")
        await pilot.pause()
        assert word in text_of(bar)
        assert text_of(bar).endswith("desk 1 · Ana ")
        assert len(text_of(bar)) == width
        bar.show("A centre whose name is much longer than anybody would have thought", PLACES, "dashboard", "Ana")
        await pilot.pause()
        assert "Settings" in text_of(bar)
        assert len(text_of(bar)) == width


async def test_the_footer_drops_keys_that_do_not_fit_but_never_the_last() -> None:
    app = small_app()
    keys = [
        FooterKey("Enter", "open"),
        *(FooterKey("p", f"a long word {n}") for n in range(5)),
        FooterKey("?", "all keys"),
    ]
    async with app.run_test(size=(60, 30)) as pilot:
        footer = await shown(pilot, Footer(), 2)
        footer.set_keys(keys)
        await pilot.pause()
        assert text_of(footer, 1).startswith(" Enter open")
        assert text_of(footer, 1).rstrip().endswith("? all keys")
        assert len(text_of(footer, 1)) == 60


async def test_a_dimmed_key_looks_different_and_cannot_be_clicked() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        footer = await shown(pilot, Footer(), 2)
        footer.set_keys([FooterKey("p", "pay", True, "act('pay')"), FooterKey("n", "notice", False, "act('notice')")])
        await pilot.pause()
        styles = {segment.text.strip(): segment.style for segment in footer.strip(1) if segment.text.strip()}
        assert styles["p"].bold
        assert not styles["n"].bold
        assert styles["p"].color != styles["n"].color
        assert [action for _first, _last, action in footer._spans[1]] == ["act('pay')"]
        own = app.screen.query_one("#foot", Footer)
        await pilot.click(own, offset=(text_of(own, 1).index("p pay"), 1))
        await pilot.pause()
        assert app.screen.is_modal


async def test_a_message_has_a_sign_beside_its_colour() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        footer = await shown(pilot, Footer(), 2)
        for severity, sign in (("ok", "✓"), ("warn", "!"), ("bad", "✗")):
            footer.say("told", severity)  # type: ignore[arg-type]
            await pilot.pause()
            assert text_of(footer).strip() == f"{sign} told"
        footer.say("")
        await pilot.pause()
        assert text_of(footer).strip() == ""


async def test_a_message_longer_than_its_line_goes_on_below_and_the_keys_come_back_with_the_next() -> None:
    app = small_app()
    async with app.run_test(size=(80, 30)) as pilot:
        foot = await shown(pilot, Footer(id="other-foot"), 2)
        foot.set_keys([FooterKey("p", "pay", action="act('pay')"), FooterKey("?", "all keys", action="help")])
        told = "Most of this stays on account, since far less is owed by this person than was typed: Enter saves it so."
        foot.say(told, "warn")
        await pilot.pause()
        lines = [text_of(foot, y) for y in (0, 1)]
        assert " ".join(" ".join(lines).split()) == f"! {told}"
        assert all(len(one) == 80 for one in lines)
        foot.say("Saved.", "ok")
        await pilot.pause()
        assert "Saved." in text_of(foot, 0)
        assert "pay" in text_of(foot, 1)
