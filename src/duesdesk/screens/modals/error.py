"""Said when something went wrong that is our own fault; the program goes on.

Example:
    app.report(error)                                    # opens it for anything that is no DuesdeskError
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.i18n import _
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.panel import Panel


class ErrorModal(DeskModal[None]):
    """What happened, where it is written down, and that the work goes on."""

    SAVES = False
    WIDTH = 64
    BINDINGS = [Binding("enter", "close", show=False)]

    def __init__(self, where: str) -> None:
        """`where` is the file with the details, or empty."""
        super().__init__()
        self.where = where

    def heading(self) -> str:
        return _("This did not work")

    def compose_box(self) -> ComposeResult:
        told = wrap(
            _("Something unexpected happened, and the last key did nothing. What was saved before is safe."),
            self.WIDTH - 6,
        )
        lines = [line(one) for one in told]
        if self.where:
            lines += [
                (),
                *(line(one, "dim") for one in wrap(_("Details: {file}").format(file=self.where), self.WIDTH - 6)),
            ]
        yield Panel(lines, surface="bar", indent=2)

    def hint(self) -> Line:
        return keys_line(("Enter", _("go on")))
