"""The tabs of the Dashboard: its second line, and the way from one to the next.

Accounting is the Dashboard itself; the others are screens above it, imported when they are first shown (start-up), so
that Esc and F3 lead back to the figures.
"""

from __future__ import annotations

from duesdesk.i18n import _
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.dashboard.words import ACCOUNTING, CALENDAR, EARLY_SIGNS, FORECAST, SHORT_TABS, TABS
from duesdesk.screens.registry import load_named
from duesdesk.screens.widgets.bars import Tab, Tabs

_SCREENS: dict[str, str] = {
    CALENDAR: "duesdesk.screens.dashboard.tabs.calendar:CalendarScreen",
    FORECAST: "duesdesk.screens.dashboard.tabs.forecast:ForecastScreen",
    EARLY_SIGNS: "duesdesk.screens.dashboard.tabs.signs:SignsScreen",
}


class Tabbed(DeskScreen):
    """A screen below the line of tabs; see the module."""

    TAB = ACCOUNTING
    PLACE = "dashboard"

    def __init__(self) -> None:
        super().__init__()
        self._currency = ""

    def tabs_line(self) -> Tabs:
        """The line of tabs, this one in front."""
        tabs = [Tab(key, _(label), short=_(SHORT_TABS.get(key, label))) for key, label in TABS.items()]
        return Tabs(tabs, active=self.TAB, yields=True, on_change=self.show_tab, id="dash-tabs")

    def action_next_tab(self, key: str) -> None:
        self.query_one("#dash-tabs", Tabs).step(-1 if key == "shift+tab" else 1)

    def show_tab(self, tab: str) -> None:
        """Bring another tab to the front; the line of this one stays as it is."""
        self.query_one("#dash-tabs", Tabs).set_active(self.TAB)
        self.app.goto(self.PLACE)
        if tab in _SCREENS:
            shown = self.app.show_screen(tab, load_named(_SCREENS[tab]))
            if isinstance(shown, Tabbed):
                shown.take_currency(self._currency)

    def take_currency(self, currency: str) -> None:
        """Show this currency, in which the tab before was; "" for that of the centre."""
        self._currency = currency
