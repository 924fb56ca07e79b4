"""The invoices in the payment form."""

from __future__ import annotations

from rich.segment import Segment
from textual import events

from duesdesk.screens.widgets.line_list import LineList


class ItemList(LineList):
    """The invoices: letters are for the ways to pay, and no row is lit until one goes there."""

    def press(self, key: str) -> bool:
        return key not in ("j", "k") and super().press(key)

    def _draw_row(self, index: int, part: int, width: int) -> list[Segment]:
        if self.has_focus:
            return super()._draw_row(index, part, width)
        selected, self._index = self._index, -1
        try:
            return super()._draw_row(index, part, width)
        finally:
            self._index = selected

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()
