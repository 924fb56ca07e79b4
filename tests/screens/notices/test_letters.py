"""Letters on F5: printed once, whatever becomes of the first try."""

from __future__ import annotations

from pathlib import Path

from duesdesk.bootstrap import Desk
from duesdesk.screens.modals.form import FormModal
from duesdesk.services.notice_texts import NoticeRequest
from tests.screens.reading import at_rest
from tests.screens.test_notices import living, outbox, shows


async def test_letters_are_printed_once_after_a_folder_that_could_not_be_written(
    written: Desk, store: Path, tmp_path: Path
) -> None:
    living(written, "ANA")
    written.settings.set("centre.address", "Calle 1; 28013 Madrid")
    written.notices.write(NoticeRequest("ANA", "formal_letter", channel="letter"))
    stick = tmp_path / "stick"
    stick.write_text("no folder")
    async with outbox(store, size=(80, 24)) as (app, pilot):
        await pilot.press("l")
        await at_rest(pilot)
        await pilot.press("p")
        await at_rest(pilot)
        assert isinstance(app.screen, FormModal)
        app.screen.entry("folder").set_value(str(stick))  # type: ignore[union-attr]
        await pilot.press("enter")
        await shows(app, pilot, "cannot")
        stick.unlink()
        await pilot.press("enter")
        await shows(app, pilot, "1 letter is in")
    assert len(list(stick.glob("*.pdf"))) == 1
    assert written.print_runs.waiting() == []
    assert [run.state for run in written.print_runs.all()] == ["printed", "cancelled"]
