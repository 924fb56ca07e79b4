"""The part of a dialog that may be long: it scrolls by itself, so that the line of keys below it stays in sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from duesdesk.screens.text import Line, with_sums, wrap_line
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.notice_texts import Preview

LEAST = 4
TEXT_WIDTH = 68


def text_lines(preview: Preview) -> list[Line]:
    """Subject and text as they will be read; the amounts in them are dots while amounts are hidden."""
    subject = with_sums(preview.subject, "white")
    lines: list[Line] = [tuple(piece._replace(bold=True) for piece in subject), ()]
    for paragraph in preview.body.split("\n"):
        lines += wrap_line(with_sums(paragraph), TEXT_WIDTH)
    return lines


class Reading(VerticalScroll, can_focus=False):
    """Lines to read. `others` is how many lines the rest of the dialog needs."""

    def __init__(self, others: int, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._others = others
        self.styles.height = "auto"
        self.styles.scrollbar_size_vertical = 1

    def compose(self) -> ComposeResult:
        yield Panel([()], surface="bar", indent=2)

    def on_mount(self) -> None:
        self._fit()

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        self.styles.max_height = max(LEAST, self.app.size.height - self._others)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines from their beginning."""
        self.query_one(Panel).set_lines(lines)
        self.scroll_home(animate=False)

    def turn(self, pages: int) -> None:
        """A page on or back."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)
