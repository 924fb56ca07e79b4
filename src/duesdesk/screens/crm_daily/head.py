"""The line below the top bar: Summary and Tasks, the mode, and the day with its two keys. A click works too."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, join, segments, spread, styled, width_of
from duesdesk.screens.widgets.drawn import Drawn
from duesdesk.services.daily import DAILY, MONTHLY, WEEKLY

MODE_WORDS = {DAILY: N_("Daily"), WEEKLY: N_("Weekly"), MONTHLY: N_("Monthly")}
BACK, ON = "back", "on"
ROOMY_COLUMNS = 100
SUMMARY, TASKS = "summary", "tasks"


class DayHead(Drawn):
    """See the module."""

    class Pressed(Message):
        """A click: on a tab, on a mode, or on the arrow before ("back") or after ("on") the day."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._mode = DAILY
        self._day = ""
        self._is_today = True
        self._count = ""
        self._on_tasks = False
        self._spans: list[tuple[int, int, str]] = []

    def show(self, mode: str, day: str, *, is_today: bool) -> None:
        """Show this mode and the words for the day, week or month."""
        if (mode, day, is_today) != (self._mode, self._day, self._is_today):
            self._mode, self._day, self._is_today = mode, day, is_today
            self.redraw(0)

    def show_tabs(self, count: str | None, *, on_tasks: bool) -> None:
        """Show which tab is in front, and how many tasks are due (None: as before)."""
        count = self._count if count is None else count
        if (count, on_tasks) != (self._count, self._on_tasks):
            self._count, self._on_tasks = count, on_tasks
            self.redraw(0)

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        width = self.size.width
        if y:
            return segments("", width)
        left, self._spans = [Piece(" ")], []
        for tab, label in ((SUMMARY, _("Summary")), (TASKS, _("Tasks"))):
            active = (tab == TASKS) == self._on_tasks
            at = width_of(tuple(left))
            left.append(Piece(label, "white" if active else "dim", bold=active, underline=active))
            if tab == TASKS and self._count:
                left.append(Piece(" " + self._count, "warn"))
            self._spans.append((at, width_of(tuple(left)), tab))
            left.append(Piece("   "))
        if self._on_tasks:
            return styled(spread(tuple(left), (), width))
        word = _("Mode") + " " if width >= ROOMY_COLUMNS else ""
        left += [Piece("m", "accent", bold=True), Piece(" " + word, "dim")]
        for mode, label in MODE_WORDS.items():
            active = mode == self._mode
            at = width_of(tuple(left))
            left.append(Piece(_(label), "accent" if active else "dim", bold=active))
            self._spans.append((at, width_of(tuple(left)), mode))
            left.append(Piece(" "))
        right = self._draw_day(width - width_of(tuple(left)))
        begins = width - width_of(right)
        self._spans += [(begins, begins + 3, BACK), (width - 4, width, ON)]
        return styled(spread(tuple(left), right, width))

    def _draw_day(self, room: int) -> Line:
        """The day between its keys, with less room around it where there is little."""
        back, on = (Piece(key, "accent", bold=True) for key in "[]")
        for around in ("  ", " ", ""):
            day = Piece(f"{around}{self._day}{around}", "white" if self._is_today else "text", bold=self._is_today)
            right = join(Piece(f"{sign('before')} ", "dim"), back, day, on, Piece(f" {sign('after')} ", "dim"))
            if width_of(right) <= room:
                break
        return right

    async def _on_click(self, event: events.Click) -> None:
        for first, last, what in self._spans:
            if first <= event.x < last:
                self.post_message(self.Pressed(what))
