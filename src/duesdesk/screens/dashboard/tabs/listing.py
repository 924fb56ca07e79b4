"""What the tabs with a list share: head, list, the pane beside it or the lines below it, and the currencies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size

from duesdesk.screens.dashboard.right import currency_names
from duesdesk.screens.dashboard.rows import ItemRows
from duesdesk.screens.dashboard.tabbed import Tabbed
from duesdesk.screens.dashboard.words import LOW_LINES, WIDE_COLUMNS
from duesdesk.screens.keys import KeySpec
from duesdesk.screens.text import Line
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.line_list import LineList, Row
from duesdesk.screens.widgets.panel import Panel

Item = TypeVar("Item")


class ListTab(Tabbed):
    """A tab that is a list; see the module."""

    AUTO_FOCUS = "#tab-list"

    def compose_body(self) -> ComposeResult:
        yield self.tabs_line()
        yield Panel([()], id="tab-head")
        with Horizontal(id="tab-body"):
            yield LineList((), pointer=True, on_move=self.moved, id="tab-list")
            yield Panel(rule=True, id="tab-pane", classes="pane")
        yield Panel([()], id="tab-below")

    def size_classes(self, size: Size) -> dict[str, bool]:
        return {**super().size_classes(size), "-low": size.height < LOW_LINES, "-wide": size.width >= WIDE_COLUMNS}

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.draw_all)

    # --- for the tabs

    def draw_all(self) -> None:
        """Draw everything for the size of the terminal."""

    def moved(self, key: Hashable | None) -> None:
        """Another row is selected."""

    def currencies(self) -> Sequence[str]:
        """The currencies of what was read."""
        return ()

    def draw_currency(self) -> None:
        """Another currency is to be shown."""
        self.draw_all()

    # --- what they have

    @property
    def list_(self) -> LineList:
        """The list."""
        return self.query_one("#tab-list", LineList)

    @property
    def currency(self) -> str:
        """The currency shown."""
        known = self.currencies()
        wanted = self._currency or self.desk.centre.currency
        return wanted if wanted in known or not known else known[0]

    def pay_currency(self) -> str | None:
        return self.currency

    def take_currency(self, currency: str) -> None:
        if currency and currency != self._currency:
            self._currency = currency
            self.draw_currency()

    def draw_head(self, lines: Sequence[Line]) -> None:
        """The lines above the list, and the currencies when there are several."""
        self.query_one("#tab-head", Panel).set_lines(lines)
        self.query_one("#dash-tabs", Tabs).set_right(currency_names(self.currencies(), self.currency))

    def draw_beside(self, lines: Callable[[int], Sequence[Line]], below: Callable[[int], Sequence[Line]]) -> None:
        """What is selected: at the right, or in fewer words below the list; made for the room there is."""
        name = "#tab-pane" if self.has_class("-wide") else "#tab-below"
        panel = self.query_one(name, Panel)
        panel.set_lines((lines if self.has_class("-wide") else below)(panel.room))

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "currency":
            return len(self.currencies()) > 1
        return super().can_act(spec)

    def action_currency(self) -> None:
        known = self.currencies()
        if len(known) > 1:
            self._currency = known[(known.index(self.currency) + 1) % len(known)]
            self.draw_currency()


class Listing(Generic[Item]):
    """The items of a list. Who is selected and leaves stays until the cursor moves: keys act on who is seen."""

    def __init__(self, list_: LineList, key: Callable[[Item], str], draw: Callable[[Item], Row]) -> None:
        self._list = list_
        self._key = key
        self._draw = draw
        self._items: Sequence[Item] = ()
        self._rows: ItemRows[Item] = ItemRows((), key, draw)
        self._gone: Hashable | None = None

    def show(self, items: Sequence[Item], *, keep: bool) -> None:
        """Show these; with `keep` the selected one stays selected."""
        before = self.selected() if keep else None
        self._items, self._gone = items, None
        shown = list(items)
        if before is not None and self._key(before) not in {self._key(one) for one in items}:
            self._gone = self._key(before)
            shown.insert(min(self._list.index, len(shown)), before)
        self._rows = ItemRows(shown, self._key, self._draw)
        self._list.set_source(self._rows, keep=keep)

    def moved(self, key: Hashable | None) -> None:
        """The cursor moved: who had left goes."""
        if self._gone not in (None, key):
            self.show(self._items, keep=True)

    def selected(self) -> Item | None:
        """What the cursor is on."""
        return self._rows.item(self._list.selected_key)

    def has_left(self, item: Item) -> bool:
        """Whether this one is shown only because the cursor is on it."""
        return self._gone == self._key(item)
