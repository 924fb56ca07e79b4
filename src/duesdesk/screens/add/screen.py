"""The key +: a new member; with somebody selected also an invoice, a membership or a note for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from duesdesk.i18n import _
from duesdesk.screens.member_file.acts import add_note, issue
from duesdesk.screens.member_file.edit import add_member
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.text import Line, Piece, join
from duesdesk.screens.widgets.panel import Panel

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

MEMBER, INVOICE, MEMBERSHIP, NOTE = "member", "invoice", "membership", "note"


def open_add(app: DuesdeskApp, member: str) -> None:
    """Ask what to add; without a member selected there is one thing only."""
    if member:
        app.open_with(lambda: app.desk.members.get(member).name, lambda name: _ask(app, member, name))
    else:
        _new_member(app)


def _ask(app: DuesdeskApp, member: str, name: str) -> None:
    def chosen(what: str | None) -> None:
        if what == MEMBER:
            _new_member(app)
        elif what == INVOICE:
            issue(app, member, name)
        elif what == MEMBERSHIP:
            from duesdesk.screens.member_file.membership_forms import add_membership  # imported late: start-up

            add_membership(app, member, name)
        elif what == NOTE:
            add_note(app, member, name)

    app.push_screen(AddModal(name), chosen)


def _new_member(app: DuesdeskApp) -> None:
    add_member(app, lambda number: app.act("member", number))


class AddModal(DeskModal[str]):
    """One key for each thing."""

    WIDTH = 52
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", f"choose('{MEMBER}')", show=False),
        Binding("i", f"choose('{INVOICE}')", show=False),
        Binding("d", f"choose('{MEMBERSHIP}')", show=False),
        Binding("o", f"choose('{NOTE}')", show=False),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def heading(self) -> str:
        return _("Add")

    def compose_box(self) -> ComposeResult:
        yield Panel(
            [
                _option("m", _("a new member")),
                _option("i", _("an invoice for {name}").format(name=self._name)),
                _option("d", _("a membership for {name}").format(name=self._name)),
                _option("o", _("a note about {name}").format(name=self._name)),
            ],
            surface="bar",
            indent=2,
        )

    def hint(self) -> Line:
        return keys_line(("Esc", _("back")))

    def action_choose(self, what: str) -> None:
        self.dismiss(what)


def _option(key: str, told: str) -> Line:
    return join(Piece(key, "accent", bold=True), Piece("  " + told))
