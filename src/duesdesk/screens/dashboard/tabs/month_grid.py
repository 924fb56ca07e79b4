"""A month as a grid of days: arrows move from day to day, Enter (or a second click) posts `Chosen`.

Each week takes as many lines as there is room for, two at least: the day, then what stands on it. A move redraws the
weeks it left and reached. Moving over the end of the month calls `on_leave` with the day wanted.

Example:
    yield MonthGrid(on_move=self.show_day, on_leave=self.other_month, id="month")
    grid.set_month(date(2026, 12, 1), today, lambda day, lines, room: [amount("60.00")], closed, day=today)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk import i18n
from duesdesk.domain.month import first_of, last_of
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, fit, styled
from duesdesk.screens.widgets.drawn import Drawn

WEEK = 7
_LEAST_LINES, _MOST_LINES, _BLANKS = 2, 6, 2

CellOf = Callable[[date, int, int], Sequence[Line]]
"""The lines of a day, at most so many and so wide."""


class MonthGrid(Drawn, can_focus=True):
    """The days of a month; see the module."""

    letters = frozenset("jk")

    class Chosen(Message):
        """Enter, or a second click, on a day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, *, on_move: Callable[[], None], on_leave: Callable[[date], None], id: str | None = None) -> None:
        super().__init__(id=id)
        self.on_move = on_move
        self.on_leave = on_leave
        self._month: date | None = None
        self._today: date | None = None
        self._day: date | None = None
        self._cell_of: CellOf = _nothing
        self._closed_days: Collection[date] = ()

    @property
    def day(self) -> date | None:
        """The selected day."""
        return self._day

    def set_month(
        self,
        month: date,
        today: date,
        cell_of: CellOf,
        closed: Collection[date],
        *,
        day: date,
    ) -> None:
        """Show a month, `day` selected; `cell_of` is asked for the lines of a day when they are drawn."""
        self._month, self._today, self._day = first_of(month), today, day
        self._cell_of, self._closed_days = cell_of, closed
        self.redraw()

    # --- geometry

    def _start(self) -> date:
        """The Monday of the first week."""
        month = self._month or date.min
        return month - timedelta(days=month.weekday())

    def _weeks(self) -> int:
        return (last_of(self._month) - self._start()).days // WEEK + 1 if self._month is not None else 0

    def _lines(self) -> int:
        """The lines of a week."""
        return max(_LEAST_LINES, min(_MOST_LINES, (self.size.height - 1) // max(1, self._weeks())))

    def _edges(self) -> list[int]:
        """Where each column begins, and the end of the last."""
        width = self.size.width
        return [width * column // WEEK for column in range(WEEK + 1)]

    # --- keys and mouse

    def press(self, key: str) -> bool:
        """Apply a moving key; False when it is not one."""
        if self._day is None:
            return False
        steps = {"left": -1, "right": 1, "up": -WEEK, "k": -WEEK, "down": WEEK, "j": WEEK}
        if key in steps:
            self._go(self._day + timedelta(days=steps[key]))
        elif key == "home":
            self._go(first_of(self._day))
        elif key == "end":
            self._go(last_of(self._day))
        else:
            return False
        return True

    def _go(self, day: date) -> None:
        if self._month is None or self._day is None or day == self._day:
            return
        if first_of(day) != self._month:
            self.on_leave(day)
            return
        before, self._day = self._day, day
        lines = self._lines()
        for one in {(before - self._start()).days // WEEK, (day - self._start()).days // WEEK}:
            self.redraw(*range(1 + one * lines, 1 + (one + 1) * lines))
        self.on_move()

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key == "enter" and self._day is not None:
            self.post_message(self.Chosen(self._day))
        elif self.press(event.key):
            self.quiet_key = True
        else:
            return
        event.stop()
        event.prevent_default()

    async def _on_click(self, event: events.Click) -> None:
        edges = self._edges()
        column = next((place for place in range(WEEK) if edges[place] <= event.x < edges[place + 1]), None)
        week = (event.y - 1) // self._lines()
        if column is None or event.y < 1 or not 0 <= week < self._weeks():
            return
        day = self._start() + timedelta(days=week * WEEK + column)
        if day == self._day:
            self.post_message(self.Chosen(day))
        else:
            self._go(day)

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()

    # --- drawing

    def draw(self, y: int) -> list[Segment]:
        """The names of the days, then line by line the weeks."""
        edges = self._edges()
        widths = [end - begin for begin, end in pairwise(edges)]
        if self._month is None:
            return styled(fit("", self.size.width))
        if y == 0:
            monday = self._start()
            names = [i18n.weekday(monday + timedelta(days=n)) for n in range(WEEK)]
            pieces = [piece for name, cells in zip(names, widths, strict=True)
                      for piece in fit(Piece(" " + name, "dim"), cells)]  # fmt: skip
            return styled(tuple(pieces), "bar")
        week, part = divmod(y - 1, self._lines())
        if week >= self._weeks():
            return styled(fit("", self.size.width))
        shown: list[Piece] = []
        for column, cells in enumerate(widths):
            shown += self._cell(self._start() + timedelta(days=week * WEEK + column), part, cells)
        return styled(tuple(shown))

    def _cell(self, day: date, part: int, cells: int) -> Line:
        if self._month is None or first_of(day) != self._month:
            return fit("", cells)
        selected = day == self._day
        on = "sel" if selected else "ground"
        lead = Piece(sign("bar") if selected else " ", "accent", on=on)
        if part == 0:
            inner = self._head(day)
        else:
            lines = self._cell_of(day, self._lines() - 1, max(0, cells - _BLANKS))
            inner = lines[part - 1] if part <= len(lines) else ()
        # One blank at the right: the figures of two days never touch.
        drawn = (lead, *fit(inner, max(0, cells - _BLANKS)), Piece(" "))
        return tuple(piece._replace(on=on) for piece in drawn)

    def _head(self, day: date) -> Line:
        is_today = day == self._today
        closed = day in self._closed_days
        tone = "accent" if is_today else "dim" if closed else "text"
        mark = Piece(" " + sign("times"), "dim") if closed else Piece("")
        return (Piece(str(day.day), tone, bold=is_today, underline=is_today), mark)


def _nothing(_day: date, _lines: int, _room: int) -> Sequence[Line]:
    return ()
