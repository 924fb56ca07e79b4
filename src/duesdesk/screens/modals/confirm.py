"""One question before something that cannot simply be taken back.

Enter says yes, Esc no; the hint names what each will do. The result is True or False.

Example:
    question = [line(_("Cancel the booking of {name}?").format(name=name))]
    dialog = ConfirmModal(_("Cancel booking"), question, yes=_("cancel it"), no=_("keep it"))
    self.app.push_screen(dialog, lambda agreed: self.cancel() if agreed else None)
    ConfirmModal(_("Leave"), [...], yes=_("throw away"), danger=True)    # the title line of what is lost in red
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.i18n import _
from duesdesk.screens.modals.base import BESIDE_MESSAGE, DeskModal, keys_line
from duesdesk.screens.text import Line, Piece, as_line, width_of, wrap_line
from duesdesk.screens.widgets.panel import Panel


class ConfirmModal(DeskModal[bool]):
    """A question with two answers; see the module."""

    SAVES = False
    WIDTH = 60
    BINDINGS = [
        Binding("enter", "answer(True)", show=False),
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
    ]

    def __init__(
        self, title: str, question: Sequence[Line | Piece | str], *, yes: str, no: str = "", danger: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._question = [as_line(one) for one in question]
        self._yes, self._no, self._danger = yes, no, danger

    def heading(self) -> str:
        return self._title

    def compose_box(self) -> ComposeResult:
        room = min(self.WIDTH, self.app.size.width) - BESIDE_MESSAGE
        lines = [part for one in self._question for part in (wrap_line(one, room) if width_of(one) > room else [one])]
        if self._danger and lines:
            lines[0] = tuple(piece._replace(tone="bad") for piece in lines[0])
        yield Panel(lines, surface="bar", indent=2)

    def hint(self) -> Line:
        return keys_line(("Enter", self._yes), ("Esc", self._no or _("back")))

    def action_answer(self, agreed: bool) -> None:
        self.dismiss(agreed)

    def action_close(self) -> None:
        self.app.went_back()
        self.dismiss(False)
