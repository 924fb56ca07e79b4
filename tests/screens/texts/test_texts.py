"""The texts of notices on the screen: what is shipped, what is own, and the notice that comes of what is typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.texts.editor import EditorScreen, draft_name
from duesdesk.screens.texts.figures import FiguresModal
from duesdesk.screens.texts.screen import TextsScreen
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.templates import Address
from tests.conftest import TODAY, OpenDesk
from tests.screens.reading import HOSTILE, seen, settled, started, text_of

WIDE, SMALL = (120, 36), (80, 24)
OVERDUE = Address("overdue", "en", "friendly")
OURS = "Subject: Hello\n\nStill {{ total }}.\n"


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana owes 51.50; her name would run as markup if it were any."""
    early = at(date(2026, 9, 1))
    early.members.add(MemberDetails(f"Ana {HOSTILE}", email="ana@example.org", language="en"))
    early.invoices.issue(IssueRequest("M00001", 5150, "EUR", date(2026, 9, 14)))
    return at()


def screen_of(app: DuesdeskApp) -> object:
    return app.screen


async def listed(pilot: Pilot[int], app: DuesdeskApp) -> LineList:
    """Open the list and wait for its rows."""
    await pilot.press("ctrl+t")
    await settled(pilot, lambda: isinstance(app.screen, TextsScreen) and app.screen.query_one(LineList).count > 0)
    return app.screen.query_one(LineList)


async def editing(pilot: Pilot[int], app: DuesdeskApp, address: Address = OVERDUE) -> EditorScreen:
    """Open a text from the list and wait until it is tried out."""
    rows = await listed(pilot, app)
    rows.select((address.name, address.tone, address.form))
    await pilot.press("enter")
    await settled(pilot, lambda: isinstance(app.screen, EditorScreen) and "in order" in text_of(app, "#text-findings"))
    screen = app.screen
    assert isinstance(screen, EditorScreen)
    return screen


async def put(pilot: Pilot[int], screen: EditorScreen, text: str) -> None:
    """Write another body over the one that is there."""
    body = screen.query_one("#text-body", LinesField)
    body.set_value("")
    body.focus()
    await pilot.press(*text)


async def test_the_list_tells_shipped_from_own_in_each_language(owing: Desk) -> None:
    owing.templates.set(Address("overdue", "es", "firm"), "Subject: Hola\n\nQuedan {{ total }}.")
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        rows = await listed(pilot, app)
        assert rows.count == 8 * 4
        assert "own" not in text_of(app, "#texts-list")
        await pilot.press("2")
        await settled(pilot, lambda: "own · owner 22 Nov" in text_of(app, "#texts-list"))
        own = [line for line in text_of(app, "#texts-list").splitlines() if "own · owner" in line]
        assert len(own) == 1
        assert "after the due day" in own[0]
        assert "firm" in own[0]
        assert "Spanish 1" in text_of(app, "#texts-languages")


async def test_beside_the_list_stands_the_notice_a_real_member_would_get_and_a_name_is_data(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        rows = await listed(pilot, app)
        rows.select(("overdue", "friendly", "whole"))
        await settled(pilot, lambda: "maybe it slipped through" in text_of(app, "#texts-page"))
        shown = text_of(app, "#texts-page")
        assert "€51.50" in shown
        assert "[b]Bold[/b]" in shown
        await pilot.press("v")
        await settled(pilot, lambda: "51.50" not in text_of(app, "#texts-page"))


async def test_what_is_typed_is_read_at_once_as_the_member_would_and_what_is_wrong_is_said_below(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=WIDE) as pilot:
        screen = await editing(pilot, app)
        await put(pilot, screen, "Dear {{ name }}, {{ total }} or a discount")
        await settled(pilot, lambda: "€51.50 or a discount" in text_of(app, "#text-page"))
        await settled(pilot, lambda: "please take out discount" in " ".join(text_of(app, "#text-findings").split()))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: any("please take out discount" in line for line in seen(app)[-4:]))
        assert app.screen is screen
        assert not owing.templates.get(OVERDUE).own
        await pilot.press("space", "{", "{")
        await settled(pilot, lambda: "cannot be read" in text_of(app, "#text-findings"))
        # What cannot be read for a moment leaves the notice as it was.
        assert "€51.50 or a discount" in text_of(app, "#text-page")


async def test_ctrl_s_puts_the_text_in_force_once(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, app)
        await put(pilot, screen, "Still {{ total }}.")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))
        await settled(pilot, lambda: "own · owner" in text_of(app, "#texts-list"))
        assert "The text is in force." in "\n".join(seen(app))
    assert owing.templates.get(OVERDUE).text == "Subject: Your account at {{ centre }}\n\nStill {{ total }}.\n"
    preview = owing.notices.preview(NoticeRequest("M00001", "overdue", tone="friendly"))
    assert preview.body == "Still €51.50."
    assert owing.drafts.find(draft_name(OVERDUE)) is None
    with owing.place.database.read() as tx:
        assert tx.value("SELECT count(*) FROM template_text") == 1


async def test_x_gives_the_shipped_text_back_after_a_question_and_u_undoes_it(owing: Desk) -> None:
    owing.templates.set(OVERDUE, OURS)
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        rows = await listed(pilot, app)
        rows.select(("overdue", "friendly", "whole"))
        await pilot.press("x", "escape")
        assert owing.templates.get(OVERDUE).own
        await pilot.press("x")
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press("enter")
        await settled(pilot, lambda: "own · owner" not in text_of(app, "#texts-list"))
        assert not owing.templates.get(OVERDUE).own
        await pilot.press("x")
        assert "shipped" in "\n".join(seen(app)[-3:])
        await pilot.press("u", "enter")
        await settled(pilot, lambda: "own · owner" in text_of(app, "#texts-list"))


async def test_the_shipped_text_saved_again_is_the_shipped_text(owing: Desk) -> None:
    owing.templates.set(OVERDUE, OURS)
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, app)
        assert screen.query_one("#text-subject", Field).value == "Hello"
        await pilot.press("ctrl+r", "ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))
    assert not owing.templates.get(OVERDUE).own


async def test_leaving_asks_and_what_was_thrown_away_is_gone(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, app)
        await pilot.press(*"Hm, ")
        await settled(pilot, lambda: owing.drafts.find(draft_name(OVERDUE)) is not None)
        await pilot.press("escape")
        assert isinstance(app.screen, ConfirmModal)
        await pilot.press("escape")
        assert app.screen is screen
        await pilot.press("escape", "enter")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))
        await settled(pilot, lambda: owing.drafts.find(draft_name(OVERDUE)) is None)
        screen = await editing(pilot, app)
        assert "Hm, " not in screen.text
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))


async def test_what_was_typed_and_not_saved_is_there_after_a_restart(owing: Desk, store: Path) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        await editing(pilot, app)
        await pilot.press(*"Hm, ")
        await settled(pilot, lambda: owing.drafts.find(draft_name(OVERDUE)) is not None)
        await pilot.press("f3")
    again = started(store, Clock(TODAY))
    async with again.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, again)
        assert screen.text.startswith("Subject: Your account at {{ centre }}\n\nHm, ")
        assert "not saved" in text_of(again, "#text-head")


async def test_a_text_that_somebody_else_changed_meanwhile_is_not_overwritten(owing: Desk, at: OpenDesk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, app)
        at(actor="Bea").templates.set(OVERDUE, OURS)
        await put(pilot, screen, "Mine {{ total }}.")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Bea changed this text" in "\n".join(seen(app)))
    assert owing.templates.get(OVERDUE).text == OURS


async def test_a_figure_is_found_by_a_few_letters_and_stands_at_the_cursor(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        screen = await editing(pilot, app)
        await put(pilot, screen, "Still ")
        await pilot.press("ctrl+o")
        assert isinstance(app.screen, FiguresModal)
        await pilot.press(*"sum less", "enter")
        await settled(pilot, lambda: app.screen is screen)
        assert screen.query_one("#text-body", LinesField).value == "Still {{ to_pay }}"
        await settled(pilot, lambda: "Still €51.50" in text_of(app, "#text-page"))


async def test_the_notice_stands_beside_the_text_on_a_wide_terminal_and_below_it_on_a_small_one(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=(110, 30)) as pilot:
        screen = await editing(pilot, app)
        body, page = screen.query_one("#text-body").region, screen.query_one("#text-page").region
        assert page.x >= body.right
        await pilot.resize_terminal(*SMALL)
        await settled(pilot, lambda: screen.query_one("#text-page").region.x == 0)
        body, page = screen.query_one("#text-body").region, screen.query_one("#text-page").region
        assert page.y >= body.bottom
        assert page.height >= 4
        assert body.height >= 6


async def test_the_front_desk_reads_the_texts_and_changes_none(owing: Desk, at: OpenDesk) -> None:
    owing.templates.set(OVERDUE, OURS)
    owing.staff.add("Fran", "front_desk")
    app = DuesdeskApp(lambda: at(actor="Fran"))
    async with app.run_test(size=SMALL) as pilot:
        rows = await listed(pilot, app)
        rows.select(("overdue", "friendly", "whole"))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, TextsScreen)
        assert "back office" in "\n".join(seen(app)[-4:])
        await pilot.press("x")
        assert isinstance(app.screen, TextsScreen)
    with pytest.raises(Refused):
        at(actor="Fran").templates.reset(OVERDUE)


async def test_the_settings_lead_to_the_texts(owing: Desk) -> None:
    app = DuesdeskApp(lambda: owing)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f10")
        await settled(pilot, lambda: "Texts of notices" in "\n".join(seen(app)))
        app.screen.query_one(LineList).select(("page", "texts"))
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, TextsScreen))
        await pilot.press("escape")
        assert not isinstance(screen_of(app), TextsScreen)


async def test_a_centre_without_members_tries_its_texts_on_somebody_invented(desk: Desk) -> None:
    app = DuesdeskApp(lambda: desk)
    async with app.run_test(size=WIDE) as pilot:
        await editing(pilot, app)
        await settled(pilot, lambda: "as somebody invented would read it" in text_of(app, "#text-page"))
        assert "INV-00012" in text_of(app, "#text-page")
