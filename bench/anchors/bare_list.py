"""K: a list of any length that draws what is seen of it, read by keyset pages from a bare table. `bare_list FILE`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bench import raw

PAGE = 200
_COLUMNS = "SELECT number, name, open_minor, id FROM member"


class Pages:
    """Rows by their place; a page is found by the key of the one before it."""

    def __init__(self, path: Path) -> None:
        self._connection = raw.connect(path)
        self.count: int = self._connection.execute("SELECT count(*) FROM member").fetchone()[0]
        self._pages: dict[int, list[Any]] = {}

    def row(self, place: int) -> Any:
        number, within = divmod(place, PAGE)
        if number not in self._pages:
            before = self._pages.get(number - 1)
            if before:
                rows = self._connection.execute(f"{_COLUMNS} WHERE id > ? ORDER BY id LIMIT ?", (before[-1][3], PAGE))
            else:
                rows = self._connection.execute(f"{_COLUMNS} ORDER BY id LIMIT ? OFFSET ?", (PAGE, number * PAGE))
            self._pages[number] = rows.fetchall()
        return self._pages[number][within]


class BareList(ScrollView, can_focus=True):
    """Only the lines that change are drawn again."""

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self._pages = pages
        self._at = 0

    def on_mount(self) -> None:
        self.virtual_size = Size(80, self._pages.count)
        self.focus()

    def render_line(self, y: int) -> Strip:
        place = self.scroll_offset.y + y
        width = self.size.width
        if place >= self._pages.count:
            return Strip.blank(width, self.rich_style)
        number, name, open_minor, _ = self._pages.row(place)
        text = f"{number:<9}{name:<40.40}{open_minor:>12}"[:width].ljust(width)
        style = self.rich_style + Style(reverse=True) if place == self._at else self.rich_style
        return Strip([Segment(text, style)], width)

    def _go(self, place: int) -> None:
        before, self._at = self._at, max(0, min(self._pages.count - 1, place))
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self._at < top + height:
            self.scroll_to(y=self._at if self._at < top else self._at - height + 1, animate=False, force=True)
        for changed in (before, self._at):
            self.refresh(Region(0, changed - self.scroll_offset.y, width=self.size.width, height=1))

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1, "pagedown": self.size.height, "home": -self._at}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self._go(self._at + steps[event.key])


class BareListApp(App[None]):
    """One list."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "BareList { height: 1fr; width: 1fr; }"

    def compose(self) -> ComposeResult:
        yield BareList(Pages(Path(sys.argv[1])))


if __name__ == "__main__":
    BareListApp().run()
