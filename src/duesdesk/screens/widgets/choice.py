"""One of a few: `cash  k card  transfer`, chosen by letter, by the arrows or by a click.

Each option has a letter; letters work while the choice has the focus, and `pick` lets a dialog use them from anywhere.

Example:
    yield Choice([Option("cash", _("cash"), "c"), Option("card", _("card"), "k")], value="cash", id="how")
    choice.value                                         # "cash"
    choice.pick("k")                                     # True: card is chosen now
    Choice(options, on_change=self.method_changed)       # called with the key of the option
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.screens.text import Line, Piece, fit, styled, width_of
from duesdesk.screens.widgets.drawn import Drawn


class Option(NamedTuple):
    """One option: its key, its word, and the letter that picks it ("" for none)."""

    key: str
    label: str
    letter: str = ""


class Choice(Drawn, can_focus=True):
    """A row of options, one chosen; see the module."""

    class Submitted(Message):
        """Enter was pressed on the choice."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """The choice, for `@on(Choice.Submitted, "#how")`."""
            return self.choice

    def __init__(
        self,
        options: Sequence[Option],
        *,
        value: str = "",
        surface: str = "bar",
        on_change: Callable[[str], None] | None = None,
        wraps: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`wraps` takes as many lines as the options need; else there is one."""
        super().__init__(id=id, classes=classes)
        self.wraps = wraps
        self.options = tuple(options)
        self.surface = surface
        self.on_change = on_change
        self._value = value or (options[0].key if options else "")
        self._spans: list[tuple[int, int, int, str]] = []

    @property
    def letters(self) -> frozenset[str]:
        """The letters that pick an option."""
        return frozenset(option.letter for option in self.options)

    @property
    def value(self) -> str:
        """The key of the chosen option. Setting it does not call `on_change`."""
        return self._value

    @value.setter
    def value(self, key: str) -> None:
        if key != self._value:
            self._value = key
            self.redraw()

    def pick(self, letter: str) -> bool:
        """Choose the option with this letter; False when none has it."""
        for option in self.options:
            if letter and option.letter == letter.lower():
                self._choose(option.key)
                return True
        return False

    def _choose(self, key: str) -> None:
        if key == self._value:
            return
        self.value = key
        if self.on_change is not None:
            self.on_change(key)

    def press(self, key: str, character: str | None = None) -> bool:
        """Apply one key; False when it is not one for a choice."""
        keys = [option.key for option in self.options]
        if not keys:
            return False
        if key in ("left", "right"):
            at = keys.index(self._value) if self._value in keys else 0
            self._choose(keys[(at + (1 if key == "right" else -1)) % len(keys)])
            return True
        return bool(character) and self.pick(str(character))

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key == "enter":
            self.post_message(self.Submitted(self))
        elif self.press(event.key, event.character):
            self.quiet_key = True
        else:
            return
        event.stop()
        event.prevent_default()

    async def _on_click(self, event: events.Click) -> None:
        for y, first, last, key in self._spans:
            if y == event.y and first <= event.x < last:
                self._choose(key)

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()

    def offer(self, options: Sequence[Option], value: str) -> None:
        """Other options, with this one chosen; nobody is told."""
        self.options = tuple(options)
        self._value = value
        self._fit()
        self.redraw()

    def on_resize(self, _event: events.Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        if self.wraps and self.size.width:
            self.styles.height = max(1, len(self._laid_out()))

    def _laid_out(self) -> list[list[tuple[Option, Line]]]:
        """The options of each line."""
        lines: list[list[tuple[Option, Line]]] = [[]]
        room = self.size.width
        for option in self.options:
            shown = self._draw_option(option)
            cells = width_of(shown) + 1
            if self.wraps and lines[-1] and cells - 1 > room:
                lines.append([])
                room = self.size.width
            lines[-1].append((option, shown))
            room -= cells
        return lines

    def draw(self, y: int) -> list[Segment]:
        """The options, the letter of each in the accent."""
        lines = self._laid_out()
        self._spans = [span for span in self._spans if span[0] != y]
        pieces: list[Piece] = []
        at = 0
        for option, shown in lines[y] if y < len(lines) else ():
            cells = width_of(shown)
            self._spans.append((y, at, at + cells, option.key))
            pieces.extend((*shown, Piece(" ")))
            at += cells + 1
        return styled(fit(tuple(pieces), self.size.width), self.surface)

    def _draw_option(self, option: Option) -> Line:
        chosen = option.key == self._value
        on = "sel" if chosen else ""
        tone = "white" if chosen else "text"
        label, letter = option.label, option.letter
        at = label.lower().find(letter) if letter else -1
        pieces = [Piece(" ", on=on)]
        if at == 0:
            pieces += [Piece(label[:1], "accent", bold=True, on=on), Piece(label[1:], tone, chosen, on=on)]
        elif letter:
            pieces += [Piece(letter + " ", "accent", bold=True, on=on), Piece(label, tone, chosen, on=on)]
        else:
            pieces.append(Piece(label, tone, chosen, on=on))
        # The focus is told by an underline, since the chosen option is lit in any case.
        if chosen and self.has_focus:
            pieces = [piece._replace(underline=bool(piece.text.strip())) for piece in pieces]
        return (*pieces, Piece(" ", on=on))
