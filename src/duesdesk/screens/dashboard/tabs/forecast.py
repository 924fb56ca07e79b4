"""The tab Forecast: the money expected week by week beside what came, and the invoices behind a week."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import ClassVar

from textual.binding import BindingType

from duesdesk.i18n import _
from duesdesk.reports import LATER
from duesdesk.reports.forecast import Forecast, ForecastIn, ForecastWeek
from duesdesk.screens.dashboard.tabs import forecast_rows as rows
from duesdesk.screens.dashboard.tabs.listing import Listing, ListTab
from duesdesk.screens.dashboard.words import FORECAST
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.text import Line, line
from duesdesk.screens.widgets.line_list import LineList, Row, Rows

WEEKS, WEEKS_ABOVE, EDGE_CELLS = 8, 4, 4
"""Of the weeks that are over, so many are seen above the one to come."""


class ForecastScreen(ListTab):
    """See the module."""

    ID = "forecast"
    TAB = FORECAST
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("forecast")
    FOOTER = ("week_open", "next_tab", "pay", "notice", "talk", "back", "help")
    FOOTER_MORE = ("currency", "promise", "find", "privacy", "undo")

    def __init__(self) -> None:
        super().__init__()
        self._found: Forecast | None = None
        self._week: date | None = None
        self._behind: ForecastWeek | None = None
        self._listing: Listing[rows.Behind] | None = None

    # --- reading

    def refresh_data(self) -> None:
        week, first = self._week, self._found is None
        self.load(
            lambda: self._read(week),
            lambda read: self._show(week, read),
            hold_keys=first and self.is_current,
            may_leave=True,
        )

    def _read(self, week: date | None) -> tuple[Forecast, ForecastWeek | None]:
        """In a thread: the weeks, and what is behind the one that is looked into."""
        found = self.desk.reports.read("forecast", weeks=WEEKS)
        behind = self.desk.reports.read("forecast", weeks=WEEKS, week=week) if week is not None else None
        assert isinstance(found, Forecast)  # noqa: S101  # what this report answers
        assert behind is None or isinstance(behind, ForecastWeek)  # noqa: S101  # what it answers for a week
        return found, behind

    def _show(self, week: date | None, read: tuple[Forecast, ForecastWeek | None]) -> None:
        if week != self._week:
            # Meanwhile another week was looked into, or left.
            self.refresh_data()
            return
        first = self._found is None
        self._found, self._behind = read
        self.draw_all()
        if first:
            self._go_to_now()

    def _go_to_now(self) -> None:
        one = self._shown()
        if one is not None:
            self.list_.begin_at(len(one.past), WEEKS_ABOVE)

    def _shown(self) -> ForecastIn | None:
        known = self._found.currencies if self._found is not None else ()
        return next((one for one in known if one.currency == self.currency), None)

    def currencies(self) -> Sequence[str]:
        return [one.currency for one in self._found.currencies] if self._found is not None else ()

    # --- what is shown

    def draw_all(self) -> None:
        if not self.is_mounted:
            return
        if self._behind is not None:
            self._draw_behind(keep=True)
        else:
            self._draw_weeks()
        self.member_changed()

    def draw_currency(self) -> None:
        if self._behind is not None:
            self._draw_behind(keep=False)
            self.member_changed()
        else:
            self.draw_all()

    def _draw_weeks(self) -> None:
        one, list_ = self._shown(), self.list_
        waits = self._found is None
        list_.empty = line(
            _("The forecast is worked out …") if waits else _("Nothing is open, and nothing came."), "dim"
        )
        # The list has its new width only after the terminal's is known; the bars are made for it.
        cells = rows.bar_cells(list_.size.width - EDGE_CELLS)
        list_.set_columns(rows.week_columns(list_.size.width - EDGE_CELLS))
        if one is None:
            list_.set_source(Rows())
            self.draw_head([(), ()])
        else:
            most, today = rows.most_of(one), self.desk.today()
            weeks = rows.weeks_of(one)
            list_.set_source(Rows([rows.week_row(week, most, cells, one.currency, today) for week in weeks]))
            self.draw_head(rows.head_lines(one, self.size.width - 2))
        self._draw_selected()

    def _draw_behind(self, *, keep: bool) -> None:
        behind, list_ = self._behind, self.list_
        if behind is None:
            return
        currency, today = self.currency, self.desk.today()
        one = rows.find_week(behind.currencies, currency)
        items = rows.behind_of(one)
        over = any(item.item.came_minor is not None for item in items)
        if self._listing is None or not keep:
            self._listing = Listing(list_, lambda item: item.key, self._behind_row)
        list_.empty = line(_("No invoice is behind it."), "dim")
        list_.set_columns(rows.behind_columns(rows.behind_title(behind.week, len(items), today), over=over))
        self._listing.show(items, keep=keep)
        self.draw_head(rows.behind_head(one, currency, self.size.width - 2))
        self._draw_selected()

    def _behind_row(self, one: rows.Behind) -> Row:
        left = self._listing is not None and self._listing.has_left(one)
        return rows.behind_row(one, self.currency, self.desk.today(), left=left)

    def moved(self, key: Hashable | None) -> None:
        if self._behind is not None and self._listing is not None:
            self._listing.moved(key)
        self.member_changed()
        self.follow(self._draw_selected)

    def _draw_selected(self) -> None:
        currency, today = self.currency, self.desk.today()
        item, week = self._item(), self._selected_week()
        if item is not None:
            left = self._listing is not None and self._listing.has_left(item)

            def about(room: int) -> Sequence[Line]:
                return rows.behind_lines(item, currency, room, left=left)

            self.draw_beside(about, about)
        elif week is not None:
            self.draw_beside(
                lambda room: rows.week_lines(week, currency, today, room),
                lambda room: rows.week_below(week, currency, today, room),
            )
        else:
            self.draw_beside(lambda _room: (), lambda _room: ())

    # --- what is selected

    def _item(self) -> rows.Behind | None:
        return self._listing.selected() if self._behind is not None and self._listing is not None else None

    def _selected_week(self) -> rows.Week | None:
        one = self._shown()
        if one is None or self._behind is not None:
            return None
        key = self.list_.selected_key
        return next((week for week in rows.weeks_of(one) if week.key == key), None)

    def current_member(self) -> str | None:
        item = self._item()
        return item.member if item is not None else None

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "week_open":
            return self._item() is not None or self._selected_week() is not None
        return super().can_act(spec)

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open_row()

    def action_open_row(self) -> None:
        if self._behind is not None:
            self.action_open()
            return
        week = self._selected_week()
        if week is None:
            return
        wanted = LATER if week.row is None else week.row.week
        self.load(
            lambda: self._read(wanted), lambda read: self._look_into(wanted, read), hold_keys=True, may_leave=True
        )

    def _look_into(self, wanted: date, read: tuple[Forecast, ForecastWeek | None]) -> None:
        self._week = wanted
        self._found, self._behind = read
        self._draw_behind(keep=False)
        self.member_changed()

    def action_back(self) -> None:
        if self._behind is None:
            super().action_back()
            return
        week, self._week, self._behind, self._listing = self._week, None, None, None
        self.draw_all()
        if week is not None:
            self.list_.select(rows.LATER_KEY if week == LATER else week.isoformat())
