"""A list of any length: what moves, what is asked of the source, and what is painted again."""

from __future__ import annotations

from rich.segment import Segment

from duesdesk.screens.text import Piece
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from tests.screens.toolkit.small_app import PEOPLE, People, logged, small_app

SIZE = (80, 24)


def texts(list_: LineList) -> list[str]:
    return ["".join(segment.text for segment in list_.strip(y)) for y in range(list_.size.height)]


def painted(list_: LineList) -> list[int]:
    """Follow which lines are drawn from now on."""
    lines: list[int] = []
    draw = list_.draw

    def drawn(y: int) -> list[Segment]:
        lines.append(y)
        return draw(y)

    list_.draw = drawn  # type: ignore[method-assign]
    return lines


def small_rows(*names: str) -> Rows:
    return Rows([Row(name, (name, "1.00")) for name in names])


async def test_a_list_of_a_hundred_thousand_asks_for_the_visible_rows_only() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        source = People()
        list_.set_source(source)
        await pilot.pause()
        await pilot.press("pagedown", "end", "home", "down")
        assert list_.count == PEOPLE
        assert len(source.asked) <= 8 * list_.size.height


async def test_a_move_draws_two_lines() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        list_ = app.screen.query_one(LineList)
        lines = painted(list_)
        await pilot.press("down")
        await pilot.pause()
        assert sorted(set(lines)) == [1, 2]


async def test_keys_move_as_they_say_and_stop_at_both_ends() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        page = list_.size.height - 2
        await pilot.press("up")
        assert list_.index == 0
        await pilot.press("down", "j", "j", "k", "up")
        assert list_.index == 1
        await pilot.press("pagedown")
        assert list_.index == 1 + page
        await pilot.press("end")
        assert list_.index == PEOPLE - 1
        await pilot.press("down", "pagedown")
        assert list_.index == PEOPLE - 1
        await pilot.press("pageup", "home")
        assert list_.index == 0


async def test_the_selected_row_is_always_in_view() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        for key in ["down"] * 40 + ["pagedown"] * 3 + ["up"] * 30 + ["end", "up", "home"]:
            list_.press(key)
            await pilot.pause(0)
            pointed = [line for line in texts(list_) if line.startswith(" ▸")]
            assert len(pointed) == 1, (key, list_.index)


async def test_each_move_is_told_at_once_with_its_key() -> None:
    app = small_app()
    async with app.run_test(size=SIZE):
        heard: list[object] = []
        list_ = app.screen.query_one(LineList)
        list_.on_move = heard.append
        list_.press("down")
        list_.press("end")
        list_.press("end")
        assert heard == ["M00001", f"M{PEOPLE - 1:05}"]


async def test_new_data_keeps_the_person_and_the_place_on_the_screen() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        list_.set_source(small_rows(*"abcdefghijklmnopqrstuvwxyz"), keep=False)
        for _n in range(16):
            list_.press("down")
        await pilot.pause()
        row_on_screen = list_.index - list_._top
        list_.set_source(small_rows("new", *"abcdefghijklmnopqrstuvwxyz"))
        assert list_.selected_key == "q"
        assert list_.index - list_._top == row_on_screen
        list_.set_source(small_rows(*"abc"))
        assert list_.selected_key == "c"
        list_.set_source(small_rows())
        assert list_.selected_key is None
        list_.set_source(small_rows(*"xyz"), keep=False)
        assert list_.selected_key == "x"


async def test_the_same_data_again_paints_nothing_and_a_changed_row_its_line() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        list_.set_source(small_rows(*"abcdef"))
        await pilot.pause()
        refreshed: list[object] = []
        refresh = list_.refresh
        list_.refresh = lambda *regions, **what: refreshed.extend(regions) or refresh(*regions, **what)  # type: ignore[method-assign]
        list_.set_source(small_rows(*"abcdef"))
        assert refreshed == []
        list_.set_source(Rows([Row(n, (n, "2.00" if n == "c" else "1.00")) for n in "abcdef"]))
        assert [region.y for region in refreshed] == [3]


async def test_a_selected_row_with_other_figures_is_told_as_a_move() -> None:
    app = small_app()
    async with app.run_test(size=SIZE):
        list_ = app.screen.query_one(LineList)
        list_.set_source(small_rows(*"ab"), keep=False)
        heard: list[object] = []
        list_.on_move = heard.append
        list_.set_source(small_rows(*"ab"))
        assert heard == []
        list_.set_source(Rows([Row("a", ("a", "9.99")), Row("b", ("b", "1.00"))]))
        assert heard == ["a"]


async def test_enter_opens_and_space_marks_when_asked() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        await pilot.press("down", "enter")
        assert logged(app) == ["opened M00001"]
        marked: list[object] = []
        list_.on_mark = marked.append
        await pilot.press("space")
        assert marked == ["M00001"]
        list_.set_marked(frozenset({"M00001"}))
        assert "■" in texts(list_)[2]


async def test_a_click_selects_and_a_second_one_opens() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        await pilot.click(LineList, offset=(5, 3))
        assert list_.index == 2
        await pilot.click(LineList, offset=(5, 3))
        await pilot.pause()
        assert logged(app) == ["opened M00002"]
        await pilot.click(LineList, offset=(5, 0))
        assert list_.index == 2


async def test_columns_give_way_on_a_narrow_terminal_and_all_lines_fit() -> None:
    for width, expected in ((80, False), (120, True)):
        app = small_app()
        async with app.run_test(size=(width, 24)) as pilot:
            await pilot.pause()
            list_ = app.screen.query_one(LineList)
            shown = texts(list_)
            assert ("Oldest" in shown[0]) is expected
            assert all(len(line) == width for line in shown)
            assert "96.50" in shown[1]


async def test_amounts_keep_their_column_while_names_differ() -> None:
    app = small_app()
    async with app.run_test(size=SIZE):
        shown = texts(app.screen.query_one(LineList))
        assert len({line.index("96.50") for line in shown[1:6]}) == 1


async def test_hidden_amounts_are_dots_in_every_row() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await pilot.pause()
        shown = texts(app.screen.query_one(LineList))
        assert not any("96.50" in line for line in shown)
        assert "•••••" in shown[1]
        await pilot.press("v")
        await pilot.pause()
        assert "96.50" in texts(app.screen.query_one(LineList))[1]


async def test_what_is_below_is_counted_and_an_empty_list_says_so() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        assert "more" in texts(list_)[-1]
        list_.empty = Piece("Nobody owes anything.", "dim")
        list_.set_source(small_rows())
        await pilot.pause()
        assert any("Nobody owes anything." in line for line in texts(list_))
        assert "more" not in texts(list_)[-1]
        await pilot.press("down", "enter", "pagedown", "end")
        assert logged(app) == []


async def test_rows_of_two_lines_move_as_one() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = LineList((Column("time", "Time", 5), Column("who", "Who", 20, flex=True)), row_height=2, id="daily")
        await app.screen.mount(list_, before="#log")
        rows = [Row(n, ("09:00", n), second=("", "says he paid")) for n in ("Ana", "Bob", "Eva")]
        list_.set_source(Rows(rows))
        await pilot.pause()
        assert "Ana" in texts(list_)[1]
        assert "says he paid" in texts(list_)[2]
        assert "Bob" in texts(list_)[3]
        list_.press("down")
        await pilot.pause()
        # Both lines of the row lie on the selected surface.
        backs = [{str(segment.style.bgcolor) for segment in list_.strip(y) if segment.style} for y in (1, 3, 4)]
        assert backs[1] == backs[2] != backs[0]


async def test_a_row_can_be_asked_for_again() -> None:
    app = small_app()
    async with app.run_test(size=SIZE) as pilot:
        list_ = app.screen.query_one(LineList)
        rows = [Row("a", ("before",)), Row("b", ("b",))]
        list_.set_source(Rows(rows), keep=False)
        await pilot.pause()
        rows[0] = Row("a", ("after",))
        list_.refresh_row("a")
        await pilot.pause()
        assert "after" in texts(list_)[1]


async def test_a_list_shorter_than_before_after_a_resize_still_shows_the_selected_row() -> None:
    app = small_app()
    async with app.run_test(size=(80, 40)) as pilot:
        list_ = app.screen.query_one(LineList)
        for _n in range(25):
            list_.press("down")
        await pilot.resize_terminal(80, 20)
        await pilot.pause()
        assert any(line.startswith(" ▸") for line in texts(list_))
