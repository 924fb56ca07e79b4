"""What may be inserted into a text of a notice: a name, an amount, a list; a few letters find it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from duesdesk.i18n import _, fold
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.text import Line, Piece
from duesdesk.screens.texts.words import FIGURES
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows


class FiguresModal(DeskModal[str]):
    """The figures; see the module. The result is the name of one."""

    WIDTH = 76

    def heading(self) -> str:
        return _("What shall stand here?")

    def compose_box(self) -> ComposeResult:
        yield Field(placeholder=_("a few letters"), on_change=self.show_matching, id="wanted")
        columns = (Column("figure", "", 16), Column("help", "", 40, flex=True))
        yield LineList(columns, header=False, surface="bar", id="figures")

    def on_mount(self) -> None:
        super().on_mount()
        listed = self.query_one(LineList)
        listed.can_focus = False
        listed.styles.height = 13
        self.show_matching("")

    def hint(self) -> Line:
        return keys_line(("Enter", _("insert it")), ("Esc", _("back")))

    def show_matching(self, typed: str) -> None:
        """List the figures whose name or meaning has all the words typed."""
        words = fold(typed).split()
        rows = [
            Row(name, (Piece(name, "accent"), Piece(_(told), "dim")))
            for name, told in FIGURES.items()
            if all(word in fold(f"{name} {_(told)}") for word in words)
        ]
        self.query_one(LineList).set_source(Rows(rows), keep=False)

    async def _on_key(self, event: events.Key) -> None:
        # The field has the focus; keys that move go to the list.
        if self.query_one(LineList).press(event.key):
            event.stop()
            event.prevent_default()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        chosen = self.query_one(LineList).selected_key
        if chosen is not None:
            self.dismiss(str(chosen))
