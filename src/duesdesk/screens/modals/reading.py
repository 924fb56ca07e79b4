"""Something to read in a dialog: lines that scroll by the arrows, pages, Home and End.

Example:
    app.push_screen(ReadModal(_("Invoice {number}").format(number=number), lines))
    class StatementModal(ReadModal): BINDINGS = [Binding("s", "save", show=False)]
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult

from duesdesk.i18n import _
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, join, line, segments
from duesdesk.screens.widgets.drawn import Drawn

EDGE_LINES = 9
"""Lines of the screen that are not for reading: bars, borders, blanks, message and hint."""
LEAST_LINES = 4


class Lines(Drawn, can_focus=True):
    """Lines of which as many are seen as fit; the rest comes by the arrows."""

    def __init__(self, lines: Sequence[Line], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = list(lines)
        self._top = 0

    def _last_top(self) -> int:
        return max(0, len(self._lines) - self.size.height)

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        page = max(1, self.size.height - 1)
        tops = {
            "up": self._top - 1, "k": self._top - 1, "down": self._top + 1, "j": self._top + 1,
            "pageup": self._top - page, "pagedown": self._top + page, "space": self._top + page,
            "home": 0, "end": len(self._lines),
        }  # fmt: skip
        if event.key not in tops:
            return
        event.stop()
        event.prevent_default()
        self.quiet_key = True
        self._go(tops[event.key])

    def _go(self, top: int) -> None:
        top = max(0, min(self._last_top(), top))
        if top != self._top:
            self._top = top
            self.redraw()

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._go(self._top + 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._go(self._top - 3)

    def draw(self, y: int) -> list[Segment]:
        """Line `y`; signs in the last line when more follows."""
        index = self._top + y
        if y == self.size.height - 1 and self._top < self._last_top():
            return segments(join("  ", *line(sign("down") + " " + _("more"), "dim")), self.size.width, surface="bar")
        shown = self._lines[index] if index < len(self._lines) else ()
        return segments(join("  ", *shown), self.size.width, surface="bar")


class ReadModal(DeskModal[None]):
    """Lines to read; see the module."""

    SAVES = False
    WIDTH = 72
    AUTO_FOCUS = "#reading"

    def __init__(self, title: str, lines: Sequence[Line], *, width: int = 0) -> None:
        """`width` is that of the box; 0 takes the usual one."""
        super().__init__()
        self._title = title
        self._lines = list(lines)
        if width:
            self.WIDTH = width

    def heading(self) -> str:
        return self._title

    def compose_box(self) -> ComposeResult:
        reading = Lines(self._lines, id="reading")
        reading.styles.height = max(LEAST_LINES, min(len(self._lines), self.app.size.height - EDGE_LINES))
        yield reading

    def hint(self) -> Line:
        scrolls = len(self._lines) > self.app.size.height - EDGE_LINES
        return keys_line(*([("↑ ↓", _("move"))] if scrolls else []), ("Esc", _("back")))
