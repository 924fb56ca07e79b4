"""Any action by its name: what is typed is looked for in the words and the help of all keys of the screen.

Enter does the selected action on the screen below; the last row looks for what was typed as a member.

Example:
    app.push_screen(PaletteModal(screen))                # what Ctrl+P does
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from duesdesk.domain.errors import Refused
from duesdesk.domain.roles import require
from duesdesk.i18n import _, fold
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import KeySpec, keys_of
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import Line, Piece
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows

FIND = "find-typed"


class PaletteModal(DeskModal[None]):
    """The palette; see the module."""

    SAVES = False
    WIDTH = 64

    def __init__(self, below: DeskScreen) -> None:
        """`below` is the screen that the actions act on."""
        super().__init__()
        self.below = below
        self.typed = ""

    def heading(self) -> str:
        return _("What would you like to do?")

    def compose_box(self) -> ComposeResult:
        yield Field(placeholder=_("a few letters"), on_change=self.show_matching, id="wanted")
        columns = (Column("label", "", 16), Column("help", "", 20, flex=True), Column("key", "", 7, "right"))
        yield LineList(columns, header=False, more=False, surface="bar", id="palette-list")

    def on_mount(self) -> None:
        list_ = self.query_one(LineList)
        list_.can_focus = False
        list_.styles.height = 12
        self.show_matching("")

    def hint(self) -> Line:
        return keys_line(("Enter", _("do it")), ("Esc", _("back")))

    def show_matching(self, typed: str) -> None:
        """List the actions that have all the words typed, those that cannot act now in a faint tone."""
        self.typed = typed
        words = fold(typed).split()
        rows = []
        for spec in keys_of(self.below.ID):
            if "%s" in spec.action or spec.id == "palette":
                continue
            hay = fold(f"{_(spec.label)} {_(spec.help)}")
            if all(word in hay for word in words):
                rows.append(self._row(spec))
        if typed.strip():
            said = _("Find a member: “{typed}”").format(typed=typed.strip())
            rows.append(Row(FIND, (_("find"), said, "")))
        self.query_one(LineList).set_source(Rows(rows), keep=False)

    def _row(self, spec: KeySpec) -> Row:
        tone = "text" if self.below.can_act(spec) else "faint"
        return Row(spec.id, (_(spec.label), Piece(_(spec.help), "dim"), Piece(_(spec.shown), "accent")), tone)

    def _say_why(self, spec: KeySpec) -> None:
        """Why a key that is faint does nothing."""
        try:
            if spec.act:
                require(self.app.desk.actor.role, spec.act)
        except Refused as error:
            self.show_message(refusal(error, "warn"), "warn")
            return
        nobody = spec.member and self.below.current_member() is None
        self.show_message(
            _("Please select somebody first.") if nobody else _("There is nothing for it here now."), "warn"
        )

    async def _on_key(self, event: events.Key) -> None:
        # The field has the focus; keys that move go to the list.
        if self.query_one(LineList).press(event.key):
            event.stop()
            event.prevent_default()

    async def on_field_submitted(self, event: Field.Submitted) -> None:
        chosen = self.query_one(LineList).selected_key
        spec = next((spec for spec in keys_of(self.below.ID) if spec.id == chosen), None)
        if chosen is None:
            return
        if spec is not None and not self.below.can_act(spec):
            self._say_why(spec)
            return
        self.dismiss(None)
        if spec is None:
            self.app.act("find", self.typed.strip())
        else:
            await self.below.run_action(spec.action)
