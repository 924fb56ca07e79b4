"""The line below the top bar: the mode at the left, the day with its two keys at the right. A click works too."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Piece, join, segments, spread, styled, width_of
from duesdesk.screens.widgets.drawn import Drawn
from duesdesk.services.daily import DAILY, MONTHLY, WEEKLY

MODE_WORDS = {DAILY: N_("Daily"), WEEKLY: N_("Weekly"), MONTHLY: N_("Monthly")}
BACK, ON = "back", "on"


class DayHead(Drawn):
    """See the module."""

    class Pressed(Message):
        """A click: on a mode, or on the arrow before ("back") or after ("on") the day."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._mode = DAILY
        self._day = ""
        self._is_today = True
        self._spans: list[tuple[int, int, str]] = []

    def show(self, mode: str, day: str, *, is_today: bool) -> None:
        """Show this mode and the words for the day, week or month."""
        if (mode, day, is_today) != (self._mode, self._day, self._is_today):
            self._mode, self._day, self._is_today = mode, day, is_today
            self.redraw(0)

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        width = self.size.width
        if y:
            return segments("", width)
        left = [Piece(" "), Piece(_("Summary"), "white", bold=True, underline=True), Piece("     ")]
        left += [Piece("m", "accent", bold=True), Piece(" " + _("Mode"), "dim")]
        self._spans = []
        at = width_of(tuple(left))
        for mode, label in MODE_WORDS.items():
            active = mode == self._mode
            shown = _(label)
            left += [Piece(" "), Piece(shown, "accent" if active else "dim", bold=active)]
            cells = width_of(shown)
            self._spans.append((at + 1, at + 1 + cells, mode))
            at += 1 + cells
        day = Piece(f"  {self._day}  ", "white" if self._is_today else "text", bold=self._is_today)
        back, on = (Piece(key, "accent", bold=True) for key in "[]")
        right = join(Piece(f"{sign('before')} ", "dim"), back, day, on, Piece(f" {sign('after')} ", "dim"))
        begins = width - width_of(right)
        self._spans += [(begins, begins + 3, BACK), (width - 4, width, ON)]
        return styled(spread(tuple(left), right, width))

    async def _on_click(self, event: events.Click) -> None:
        for first, last, what in self._spans:
            if first <= event.x < last:
                self.post_message(self.Pressed(what))
