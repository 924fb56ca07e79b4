"""The tab Calendar: a month of what falls due, promises, parts of plans and planned notices; Enter lists a day.

The month comes at once; the notices that the rule would write take longer and are drawn when they are here.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk.domain.days import can_be_meant
from duesdesk.domain.month import first_of, last_of, stepped
from duesdesk.i18n import _
from duesdesk.reports.calendar import Calendar, CalendarIn
from duesdesk.screens.dashboard.tabs import calendar_rows as rows
from duesdesk.screens.dashboard.tabs.listing import Listing, ListTab
from duesdesk.screens.dashboard.tabs.month_grid import MonthGrid
from duesdesk.screens.dashboard.words import CALENDAR
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.text import Line, line
from duesdesk.screens.widgets.line_list import LineList, Row
from duesdesk.screens.widgets.panel import Panel

_LINES_BESIDE = 14
"""Lines of the screen that no row of a day in the pane has."""
_BACK = ("left_square_bracket", "pageup")


class CalendarScreen(ListTab):
    """See the module."""

    ID = "calendar"
    TAB = CALENDAR
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("calendar")
    AUTO_FOCUS = "#month-grid"
    FOOTER = ("day_open", "month", "today", "next_tab", "pay", "back", "help")
    FOOTER_MORE = ("notice", "talk", "promise", "currency", "find", "privacy", "undo")

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._found: Calendar | None = None
        self._listing: Listing[rows.Standing] | None = None
        self._in_day = False

    def compose_body(self) -> ComposeResult:
        yield self.tabs_line()
        yield Panel([()], id="tab-head")
        with Horizontal(id="tab-body"):
            yield MonthGrid(on_move=self._day_moved, on_leave=self._go, id="month-grid")
            yield LineList((), pointer=True, on_move=self.moved, id="tab-list")
            yield Panel(rule=True, id="tab-pane", classes="pane")

    # --- reading

    @property
    def _shown_day(self) -> date:
        """The selected day; today until another one is chosen."""
        return self._day or self.desk.today()

    def refresh_data(self) -> None:
        self._load(holds=self._found is None and self.is_current)

    def _load(self, *, holds: bool) -> None:
        month = first_of(self._shown_day)
        # A month that is shown with its notices is not shown without them again meanwhile.
        whole = self._found is not None and self._found.month == month and self._found.ahead_until is not None
        self._next_load("ahead")
        self.load(lambda: self._read(month, ahead=whole), self._show, hold_keys=holds, may_leave=True)

    def _read(self, month: date, *, ahead: bool) -> Calendar:
        """In a thread."""
        found = self.desk.reports.read("calendar", month=month, ahead=ahead)
        assert isinstance(found, Calendar)  # noqa: S101  # what this report answers
        return found

    def _show(self, found: Calendar) -> None:
        if found.month != first_of(self._shown_day):
            return
        self._found = found
        self.draw_all()
        if found.ahead_until is None and last_of(found.month) >= self.desk.today():
            month = found.month
            self.load(lambda: self._read(month, ahead=True), self._show_ahead, group="ahead")

    def _show_ahead(self, found: Calendar) -> None:
        if found.month == first_of(self._shown_day):
            self._found = found
            self.draw_all()

    def currencies(self) -> Sequence[str]:
        return [one.currency for one in self._found.currencies] if self._found is not None else ()

    def _shown(self) -> CalendarIn | None:
        known = self._found.currencies if self._found is not None else ()
        return next((one for one in known if one.currency == self.currency), None)

    # --- what is shown

    def draw_all(self) -> None:
        if not self.is_mounted:
            return
        one, day, today = self._shown(), self._shown_day, self.desk.today()
        grid = self.query_one("#month-grid", MonthGrid)
        days = {found.on: found for found in one.days} if one is not None else {}

        def cell_of(on: date, lines: int, room: int) -> Sequence[Line]:
            found = days.get(on)
            return rows.day_cell(found, self.currency, today, lines, room) if found is not None else ()

        closed = [closed.on for closed in self._found.closed] if self._found is not None else []
        grid.set_month(first_of(day), today, cell_of, closed, day=day)
        self.draw_head(rows.head_lines(self._found, one, first_of(day), self.size.width - 2))
        if self._in_day:
            self._draw_day(keep=True)
        self._draw_pane()
        self.member_changed()

    def draw_currency(self) -> None:
        self._listing = None
        self.draw_all()

    def _draw_day(self, *, keep: bool) -> None:
        one, day, list_ = self._shown(), self._shown_day, self.list_
        items = rows.standing_on(one, day)
        if self._listing is None or not keep:
            self._listing = Listing(list_, lambda item: item.key, self._row)
        list_.empty = line(_("Nothing stands on this day."), "dim")
        list_.set_columns(rows.columns(f"{rows.day_title(self._found, day, self.desk.today())} {len(items)}"))
        self._listing.show(items, keep=keep)

    def _row(self, one: rows.Standing) -> Row:
        left = self._listing is not None and self._listing.has_left(one)
        return rows.row_of(one, self.currency, left=left)

    def _draw_pane(self) -> None:
        pane = self.query_one("#tab-pane", Panel)
        most = max(1, self.size.height - _LINES_BESIDE)
        lines = rows.day_lines(self._found, self._shown(), self._shown_day, self.desk.today(), pane.room, most)
        pane.set_lines([*lines, (), *rows.legend()])

    def moved(self, key: Hashable | None) -> None:
        if self._listing is not None:
            self._listing.moved(key)
        self.member_changed()

    # --- the day and who is selected

    def _day_moved(self) -> None:
        self._day = self._kept(self.query_one("#month-grid", MonthGrid).day)
        self.follow(self._draw_pane)

    def _kept(self, day: date | None) -> date | None:
        """Today is not kept as a day, so that the tab follows midnight."""
        return None if day == self.desk.today() else day

    def _go(self, day: date) -> None:
        if not can_be_meant(day):
            return
        same = first_of(day) == first_of(self._shown_day)
        self._day = self._kept(day)
        if same:
            self.draw_all()
        else:
            self._load(holds=True)
            self.draw_all()

    def current_member(self) -> str | None:
        if not self._in_day or self._listing is None:
            return None
        one = self._listing.selected()
        return one.row.member if one is not None else None

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "day_open":
            return not self._in_day or self.current_member() is not None
        if spec.id in ("month", "today"):
            return not self._in_day
        return super().can_act(spec)

    def action_month(self, key: str) -> None:
        day, by = self._shown_day, -1 if key in _BACK else 1
        month = stepped(day, by)
        self._go(month.replace(day=min(day.day, last_of(month).day)))

    def action_today(self) -> None:
        self._go(self.desk.today())

    def on_month_grid_chosen(self, _event: MonthGrid.Chosen) -> None:
        self.action_open_row()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open_row()

    def action_open_row(self) -> None:
        if self._in_day:
            self.action_open()
            return
        self._in_day = True
        self.add_class("-day")
        self._draw_day(keep=False)
        self.list_.focus()
        self.member_changed()

    def action_back(self) -> None:
        if not self._in_day:
            super().action_back()
            return
        self._in_day, self._listing = False, None
        self.remove_class("-day")
        self.query_one("#month-grid", MonthGrid).focus()
        self.draw_all()
