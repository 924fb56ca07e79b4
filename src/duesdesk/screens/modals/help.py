"""All keys of a screen, from the one table.

Example:
    app.push_screen(HelpModal("dashboard"))              # what `?` and F1 do
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.i18n import _
from duesdesk.screens.keys import all_shown, keys_of
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.text import Line, Piece
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows


class HelpModal(DeskModal[None]):
    """The keys of one screen; see the module."""

    SAVES = False
    WIDTH = 72
    BINDINGS = [Binding("question_mark,f1", "close", show=False)]

    def __init__(self, screen_id: str) -> None:
        """`screen_id` is the ID of the screen whose keys are told."""
        super().__init__()
        self.screen_id = screen_id

    def heading(self) -> str:
        return _("All keys")

    def compose_box(self) -> ComposeResult:
        rows = [
            Row(spec.id, (Piece(all_shown(spec), "accent", bold=True), _(spec.help)))
            for spec in keys_of(self.screen_id)
        ]
        rows += [
            Row(
                "list-keys",
                (Piece("j k", "accent", bold=True), _("Down and up, as the arrows; page and end keys work too.")),
            ),
            Row("scan", ("", _("A card can be read at any moment, on every screen."))),
        ]
        columns = (Column("key", "", 8), Column("help", "", 30, flex=True))
        yield LineList(columns, Rows(rows), header=False, more=True, surface="bar", id="help-list")

    def on_mount(self) -> None:
        list_ = self.query_one(LineList)
        list_.styles.height = min(list_.count + 1, max(4, self.app.size.height - 8))

    def hint(self) -> Line:
        return keys_line(("Esc", _("back")))
