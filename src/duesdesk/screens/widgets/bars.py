"""The bars above a screen: `TopBar`, and `Tabs` below it. Each is drawn, and sends only the line that changed.

Example:
    tabs = Tabs([Tab("accounting", _("Accounting")), Tab("calendar", _("Calendar"))], on_change=self.show_tab)
    chips = Tabs([Tab("all", _("All"), "64"), Tab("unpaid", _("Unpaid"), "9", "warn")], chips=True)
    tabs.set_active("calendar")                          # no on_change; a click or left/right calls it
    tabs.set_right(line(_("daily run 06:00 ✓"), "dim"))
    chips.set_tabs([...])                                # new counts; the active one stays
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.screens.signs import sign
from duesdesk.screens.text import (
    Line,
    Piece,
    as_line,
    cut,
    drawn,
    fit,
    join,
    segments,
    spread,
    styled,
    width_of,
)
from duesdesk.screens.widgets.drawn import Drawn

ROOMY_WIDTH = 100


LEAST_LABEL = 3


class Tab(NamedTuple):
    """One tab or chip: its key, its word, a figure behind it, the tone of the figure, and a shorter word."""

    key: str
    label: str
    figure: str = ""
    tone: str = "dim"
    short: str = ""


class Tabs(Drawn, can_focus=True):
    """Tabs (the active one underlined) or numbered chips; see the module."""

    class Changed(Message):
        """Another tab was made active by the user."""

        def __init__(self, tabs: Tabs, key: str) -> None:
            super().__init__()
            self.tabs = tabs
            self.key = key

        @property
        def control(self) -> Tabs:
            """The tabs, for `@on(Tabs.Changed, "#sections")`."""
            return self.tabs

    def __init__(
        self,
        tabs: Sequence[Tab] = (),
        *,
        active: str = "",
        chips: bool = False,
        numbered: bool = False,
        focusable: bool = False,
        yields: bool = False,
        on_change: Callable[[str], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`chips` draws boxes with numbers 1, 2 …; `numbered` puts the numbers before plain tabs.

        With `yields` they take their shortest form where what stands at the right has to be cut even so.
        """
        super().__init__(id=id, classes=classes)
        self.can_focus = focusable
        self.chips = chips
        self.yields = yields
        self.numbered = numbered or chips
        self.on_change = on_change
        self._tabs = tuple(tabs)
        self._active = active or (tabs[0].key if tabs else "")
        self._right: Line = ()
        self._spans: list[tuple[int, int, str]] = []

    @property
    def active(self) -> str:
        """The key of the active tab."""
        return self._active

    def set_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these tabs; the active key stays, or the first becomes active."""
        self._tabs = tuple(tabs)
        if self._active not in {tab.key for tab in tabs}:
            self._active = tabs[0].key if tabs else ""
        self.redraw(0)

    def set_active(self, key: str) -> None:
        """Show this tab as the active one, without telling anybody."""
        if key != self._active:
            self._active = key
            self.redraw(0)

    def set_right(self, right: Line | Piece | str) -> None:
        """Words at the right edge."""
        if as_line(right) != self._right:
            self._right = as_line(right)
            self.redraw(0)

    def choose(self, number: int) -> bool:
        """Make tab `number` (from 1) active as if the user had clicked it; False when there is none."""
        if not 1 <= number <= len(self._tabs):
            return False
        self._change(self._tabs[number - 1].key)
        return True

    def step(self, by: int) -> None:
        """Go `by` tabs on, around the end."""
        keys = [tab.key for tab in self._tabs]
        if keys:
            self._change(keys[(keys.index(self._active) + by) % len(keys)])

    def _change(self, key: str) -> None:
        if key == self._active:
            return
        self.set_active(key)
        if self.on_change is not None:
            self.on_change(key)
        self.post_message(self.Changed(self, key))

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key in ("left", "right"):
            event.stop()
            event.prevent_default()
            self.step(1 if event.key == "right" else -1)

    async def _on_click(self, event: events.Click) -> None:
        for first, last, key in self._spans:
            if first <= event.x < last:
                self._change(key)

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw(0)

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw(0)

    def draw(self, y: int) -> list[Segment]:
        """The tabs in one line; less room between them, then shorter words, when they would not fit."""
        if y:
            return segments("", self.size.width)
        width = self.size.width
        right = join(self._right, Piece(" ")) if self._right else ()
        left = self._fit_tabs(width, width_of(right) + 1 if right else 0)
        room = max(0, width - width_of(left) - 1)
        if right and width_of(right) > room:
            right = fit(right, room)
        return styled(spread(left, right, width, gap=0))

    def _fit_tabs(self, width: int, beside: int) -> Line:
        """The tabs with as much room between them as leaves `beside` cells; their words give way only to themselves.

        They are never nearer than two blanks: a figure would be read as the number of the next one.
        """
        short = tuple(tab._replace(label=tab.short or tab.label) for tab in self._tabs)
        forms = ((self._tabs, 3), (self._tabs, 2), (short, 3), (short, 2))
        for room, some in ((width - beside, forms), (width, forms[-1:] if self.yields and beside else forms)):
            for tabs, gap in some:
                left = self._draw_tabs(tabs, gap)
                if width_of(left) <= room:
                    return left
        return self._draw_tabs(_cut_words(short, width_of(left) - width), 2)

    def _draw_tabs(self, tabs: Sequence[Tab], gap: int) -> Line:
        pieces: list[Piece] = [Piece(" ")]
        self._spans = []
        at = 1
        for number, tab in enumerate(tabs, 1):
            shown = self._draw_chip(number, tab) if self.chips else self._draw_tab(number, tab)
            cells = width_of(shown)
            self._spans.append((at, at + cells, tab.key))
            blanks = min(gap, 1) if self.chips else gap
            pieces.extend((*shown, Piece(" " * blanks)) if number < len(tabs) else shown)
            at += cells + blanks
        return tuple(pieces)

    def _draw_tab(self, number: int, tab: Tab) -> Line:
        active = tab.key == self._active
        tone = ("accent" if self.has_focus else "white") if active else "dim"
        pieces = [Piece(f"{number} ", "accent", bold=active)] if self.numbered else []
        pieces.append(Piece(tab.label, tone, bold=active, underline=active))
        if tab.figure:
            pieces.append(Piece(" " + tab.figure, tab.tone))
        return tuple(pieces)

    def _draw_chip(self, number: int, tab: Tab) -> Line:
        active = tab.key == self._active
        on = "sel" if active else "bar"
        pieces = [
            Piece(f" {number}", "accent", on=on),
            Piece(" " + tab.label, "white" if active else "text", active, on=on),
        ]
        if tab.figure:
            pieces.append(Piece(" " + tab.figure, tab.tone, on=on))
        return (*pieces, Piece(" ", on=on))


def _cut_words(tabs: Sequence[Tab], over: int) -> list[Tab]:
    """The same with `over` cells less in their words, taken from the longest ones."""
    words = [drawn(tab.label) for tab in tabs]
    for _cell in range(over):
        place = max(range(len(words)), key=lambda at: width_of(words[at]))
        cells = width_of(words[place])
        if cells <= LEAST_LABEL:
            break
        words[place] = cut(words[place], cells - 1)
    return [tab._replace(label=word) for tab, word in zip(tabs, words, strict=True)]


class Place(NamedTuple):
    """A screen named in the top bar: its key, its shown key, its word and its short word."""

    key: str
    shown: str
    label: str
    short: str


class TopBar(Drawn):
    """Logo, centre, the screens with the active one lit, and who works here. One line on the bar surface."""

    class Chosen(Message):
        """A click on a screen's name."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._centre = ""
        self._places: tuple[Place, ...] = ()
        self._active = ""
        self._right = ""
        self._spans: list[tuple[int, int, str]] = []

    def show(self, centre: str, places: Sequence[Place], active: str, right: str) -> None:
        """Set everything; redraws when something differs."""
        new = (centre, tuple(places), active, right)
        if new != (self._centre, self._places, self._active, self._right):
            self._centre, self._places, self._active, self._right = new
            self.redraw(0)

    async def _on_click(self, event: events.Click) -> None:
        for first, last, key in self._spans:
            if first <= event.x < last:
                self.post_message(self.Chosen(key))

    def draw(self, y: int) -> list[Segment]:
        """The bar; short words below 100 columns, the centre's name cut first."""
        width = self.size.width
        roomy = width >= ROOMY_WIDTH
        right = Piece(self._right + " ", "dim")
        centre = Piece(self._centre, "text")
        pieces = [Piece(" " + sign("logo"), "accent"), Piece(" duesdesk", "accent", bold=True), Piece("  "), centre]
        names = [self._draw_place(place, place.label if roomy else place.short) for place in self._places]
        gap = Piece("    " if roomy else "  ")
        taken = sum(width_of(part) for part in (*pieces[:-1], gap, right)) + sum(width_of(name) + 1 for name in names)
        pieces[-1] = Piece(cut(drawn(self._centre), max(0, width - taken)))
        if taken > width:
            # Every place stays in sight; which program it is, everybody knows by then.
            pieces[1] = Piece("")
        pieces.append(gap)
        at = sum(width_of(piece) for piece in pieces)
        self._spans = []
        for place, name in zip(self._places, names, strict=True):
            cells = width_of(name)
            self._spans.append((at, at + cells, place.key))
            pieces.extend((*name, Piece(" ")))
            at += cells + 1
        return styled(spread(tuple(pieces), right, width, gap=0), "bar")

    def _draw_place(self, place: Place, word: str) -> Line:
        active = place.key == self._active
        on = "sel" if active else "bar"
        return (
            Piece(f" {place.shown} ", "accent" if active else "dim", on=on),
            Piece(word, "white" if active else "dim", active, on=on),
            Piece(" ", on=on),
        )
