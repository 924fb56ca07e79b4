"""The footer of a screen: the message line, and the keys below it. It is drawn, and sends only the line that changed.

Example:
    footer.set_keys([FooterKey("p", _("pay"), action="act('pay')"), FooterKey("?", _("all keys"), action="help")])
    footer.say(_("Saved."), "ok")                        # until the next key
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, Severity, join, line, segments, width_of, wrap_line
from duesdesk.screens.widgets.drawn import Drawn

KEY_GAP = 2
MESSAGE_INDENT = 3
"""Blank, sign and blank before a message."""


class FooterKey(NamedTuple):
    """A key in the footer: what is on the key, one or two words, and whether it can act now."""

    shown: str
    label: str
    enabled: bool = True
    action: str = ""


class Footer(Drawn):
    """Two lines: the message line, and at most seven keys on the bar surface.

    Where a screen has `more` keys, they stand in the message line while nothing is said there. A message too long for
    its line goes on in that of the keys, which come back with the next one pressed: its end is what to do.
    """

    class Pressed(Message):
        """A click on a key of the footer."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: tuple[FooterKey, ...] = ()
        self._more: tuple[FooterKey, ...] = ()
        self._message: Line = ()
        self._spans: dict[int, list[tuple[int, int, str]]] = {}

    @property
    def message(self) -> str:
        """The message shown, without its sign."""
        return "".join(piece.text for piece in self._message[1:])

    def set_keys(self, keys: Sequence[FooterKey], more: Sequence[FooterKey] = ()) -> None:
        """Show these keys, and `more` of them above while there is no message."""
        if tuple(keys) != self._keys or tuple(more) != self._more:
            above = bool(more or self._more)
            self._keys, self._more = tuple(keys), tuple(more)
            self.redraw(*((0, 1) if above else (1,)))

    def say(self, text: Line | str, severity: Severity = "text") -> None:
        """Show a message; an empty one clears the line."""
        signs = {"ok": sign("done") + " ", "warn": "! ", "bad": sign("broken") + " "}
        said = line(text, severity) if isinstance(text, str) else text
        shown: Line = (Piece(" " + signs.get(severity, ""), severity), *said) if text else ()
        if shown != self._message:
            self._message = shown
            self.redraw(0, 1)

    async def _on_click(self, event: events.Click) -> None:
        for first, last, action in self._spans.get(event.y, ()):
            if first <= event.x < last:
                self.post_message(self.Pressed(action))

    def draw(self, y: int) -> list[Segment]:
        """The message, or the keys with as much room between them as there is."""
        width = self.size.width
        keys, more = list(self._keys), list(self._more)
        if more and self._room_of([*keys, *more]) <= width - 1:
            keys, more = [*keys[:-1], *more, *keys[-1:]], []
        said = self._said(width)
        if y < len(said) or (y == 0 and not more):
            self._spans.pop(y, None)
            return segments(said[y] if said else (), width)
        if y == 0:
            while more and self._room_of(more) > width - 1:
                more.pop()
            return self._draw_keys(0, more)
        # Keys at the end give way, but the last one, which shows all keys, stays.
        while len(keys) > 1 and self._room_of(keys) > width - 1:
            keys.pop(-2)
        return self._draw_keys(y, keys)

    def _said(self, width: int) -> list[Line]:
        """The message in one line or two."""
        if not self._message:
            return []
        if width_of(self._message) <= width:
            return [self._message]
        first, *rest = wrap_line(self._message[1:], max(1, width - MESSAGE_INDENT))
        second = join(*(piece for one in rest for piece in (*one, Piece(" "))))
        return [(self._message[0], *first), (Piece(" " * MESSAGE_INDENT), *second)]

    def _draw_keys(self, y: int, keys: Sequence[FooterKey]) -> list[Segment]:
        pieces: list[Piece] = [Piece(" ")]
        spans: list[tuple[int, int, str]] = []
        self._spans[y] = spans
        at = 1
        for key in keys:
            tone = "accent" if key.enabled else "faint"
            pieces.append(Piece(key.shown, tone, bold=key.enabled))
            pieces.append(Piece(f" {key.label}" + " " * KEY_GAP, "dim" if key.enabled else "faint"))
            if key.enabled and key.action:
                spans.append((at, at + self._cells(key), key.action))
            at += self._cells(key) + KEY_GAP
        return segments(tuple(pieces), self.size.width, surface="bar")

    def _room_of(self, keys: Sequence[FooterKey]) -> int:
        return sum(self._cells(key) + KEY_GAP for key in keys)

    @staticmethod
    def _cells(key: FooterKey) -> int:
        return width_of(key.shown) + 1 + width_of(key.label)
