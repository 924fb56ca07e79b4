"""The one entry field: every text, amount and code is typed into a `Field`.

Keys are applied strictly in the order they arrive, editing keys too; `on_change` is called at once, so a list that it
sets is drawn in the same frame as the letter. A prefilled value that is `fresh` is replaced by the first letter typed.
Characters that `accept` refuses are not swallowed: they go on to the screen's keys (`k` for card beside an amount).
The cursor does not blink.

A prefilled amount is `secret`: dots while amounts are hidden, until something is typed, which then takes its place.

Example:
    yield Field(placeholder=_("Name, number or phone"), on_change=self.find, id="find")
    yield Field(value="96.50", accept=r"[0-9.,]", align="right", fresh=True, id="amount")
    def on_field_submitted(self, event: Field.Submitted) -> None:   # Enter
        self.save(event.field.id, event.value)
    field.value = ""                                     # set by program: no on_change
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message

from duesdesk.domain.text import clean_text
from duesdesk.screens import theme
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Align, Line, Piece, amounts_shown, drawn, fit, hidden, styled
from duesdesk.screens.widgets.drawn import Drawn

PASTE_ENTER_GAP_MS = 50
_WORD = re.compile(r"\S+\s*$")


class FieldState(NamedTuple):
    """What a scan puts back when it was typed into a field: see `Field.take_state`."""

    value: str
    cursor: int
    fresh: bool
    is_typed: bool


class Field(Drawn, can_focus=True):
    """An entry field of one line; see the module."""

    TAKES_TEXT = True

    class Submitted(Message):
        """Enter was pressed in `field`, which holds `value`."""

        def __init__(self, field: Field, value: str) -> None:
            super().__init__()
            self.field = field
            self.value = value

        @property
        def control(self) -> Field:
            """The field, for `@on(Field.Submitted, "#amount")`."""
            return self.field

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        max_length: int = 200,
        accept: str = "",
        align: Align = "left",
        fresh: bool = False,
        secret: bool = False,
        on_change: Callable[[str], None] | None = None,
        on_submit: Callable[[str], None] | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`accept` is a regular expression for one character; empty takes every printable one.

        `secret`: what the program puts in is an amount, and hidden as such.
        """
        super().__init__(id=id, classes=classes)
        self.placeholder = placeholder
        self.password = password
        self.max_length = max_length
        self.align = align
        self.on_change = on_change
        self.on_submit = on_submit
        self._accept = re.compile(accept).fullmatch if accept else None
        self._value = value
        self._cursor = len(value)
        self._first_shown = 0
        self._pasted_at = -1.0
        self.fresh = fresh and bool(value)
        self.secret = secret
        self.is_typed = False
        """Whether what stands here was typed or changed by the person, not put in by the program."""

    # --- value

    @property
    def value(self) -> str:
        """What the field holds. Setting it puts the cursor at the end, redraws and does not call `on_change`."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        self.set_value(value)

    def set_value(self, value: str, *, fresh: bool = False) -> None:
        """Put `value` in, the cursor behind it; with `fresh` the first letter typed replaces it."""
        self._value = value[: self.max_length]
        self._cursor = len(self._value)
        self.is_typed = False
        self.fresh = fresh and bool(value)
        self.redraw(0)

    @property
    def hides(self) -> bool:
        """Whether dots stand for the value: an amount that was not typed here, while amounts are hidden."""
        return self.secret and not self.is_typed and bool(self._value) and not amounts_shown()

    @property
    def cursor(self) -> int:
        """The place of the cursor: 0 is before the first character."""
        return self._cursor

    def take_state(self) -> FieldState:
        """Value, cursor and freshness, to be put back by `put_back`."""
        return FieldState(self._value, self._cursor, self.fresh, self.is_typed)

    def put_back(self, state: FieldState) -> None:
        """Put back an earlier state, as after a scan; calls `on_change` when the value differs."""
        before = self._value
        self._value, self._cursor, self.fresh, self.is_typed = state
        if self._value != before and self.on_change is not None:
            self.on_change(self._value)
        self.redraw(0)

    @property
    def takes_codes(self) -> bool:
        """Whether a card may be read into it: a text, not an amount."""
        return self._accept is None and not self.secret

    def accepts(self, character: str) -> bool:
        """Whether typing this character changes the field (rather than acting as a key of the screen)."""
        if self.secret and character == "v":
            return False  # no amount has it, and it hides and shows amounts
        return character.isprintable() and (self._accept is None or self._accept(character) is not None)

    # --- keys

    def press(self, key: str, character: str | None = None) -> bool:
        """Apply one key; False when the field has no use for it, so that it goes on to the screen."""
        before = self._value
        if character and character.isprintable() and "ctrl+" not in key and "alt+" not in key:
            if not self.accepts(character):
                return False
            self._insert(character)
        elif key not in _EDITS:
            return False
        elif self.hides:
            # What is not seen is not corrected: it stays as it is, or goes whole.
            if key in _MOVES:
                return True
            self._clear()
        else:
            _EDITS[key](self)
        self.fresh = False
        self._tell(before)
        self.redraw(0)
        return True

    def _insert(self, text: str) -> None:
        if self.fresh or self.hides:
            self._value, self._cursor, self.fresh = "", 0, False
        text = text[: max(0, self.max_length - len(self._value))]
        self._value = self._value[: self._cursor] + text + self._value[self._cursor :]
        self._cursor += len(text)

    def _tell(self, before: str) -> None:
        if self._value == before:
            return
        self.is_typed = True
        if self.on_change is not None:
            self.on_change(self._value)

    def _backspace(self) -> None:
        if self.fresh:
            self._clear()
        elif self._cursor:
            self._value = self._value[: self._cursor - 1] + self._value[self._cursor :]
            self._cursor -= 1

    def _delete(self) -> None:
        if self.fresh:
            self._clear()
        else:
            self._value = self._value[: self._cursor] + self._value[self._cursor + 1 :]

    def _clear(self) -> None:
        self._value, self._cursor = "", 0

    def _clear_before(self) -> None:
        self._value, self._cursor = self._value[self._cursor :], 0

    def _clear_after(self) -> None:
        self._value = self._value[: self._cursor]

    def _clear_word(self) -> None:
        head = _WORD.sub("", self._value[: self._cursor])
        self._value, self._cursor = head + self._value[self._cursor :], len(head)

    def _left(self) -> None:
        self._cursor = max(0, self._cursor - 1)

    def _right(self) -> None:
        self._cursor = min(len(self._value), self._cursor + 1)

    def _home(self) -> None:
        self._cursor = 0

    def _end(self) -> None:
        self._cursor = len(self._value)

    def _word_left(self) -> None:
        self._cursor = len(_WORD.sub("", self._value[: self._cursor]))

    def _word_right(self) -> None:
        found = re.match(r"\s*\S+", self._value[self._cursor :])
        self._cursor += found.end() if found else 0

    def submit(self) -> None:
        """As Enter: calls `on_submit` and posts `Submitted`."""
        if self.on_submit is not None:
            self.on_submit(self._value)
        self.post_message(self.Submitted(self, self._value))

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            # A terminal may send the line end of a paste as a key; it must not submit.
            if (event.time - self._pasted_at) * 1000 > PASTE_ENTER_GAP_MS:
                self.submit()
        elif self.press(event.key, event.character):
            self.quiet_key = True
            event.stop()
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._pasted_at = event.time
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Put in the first line of `text`, without what the field does not accept."""
        lines = text.splitlines()
        if not lines:
            return
        before = self._value
        self._insert("".join(c for c in clean_text(lines[0], max_length=self.max_length) if self.accepts(c)))
        self._tell(before)
        self.redraw(0)

    # --- drawing

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw(0)

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw(0)

    async def _on_click(self, event: events.Click) -> None:
        if self.hides:
            return
        self.fresh = False
        offset = event.x - 1 - self._indent()
        at, cells = self._first_shown, 0
        for char in self._value[self._first_shown :]:
            if cells >= offset:
                break
            cells += cell_len(char)
            at += 1
        self._cursor = at
        self.redraw(0)

    def _shown(self) -> str:
        if self.hides:
            return hidden()
        return sign("hidden") * len(self._value) if self.password else self._value

    def _indent(self) -> int:
        room = self.size.width - 2
        return max(0, room - cell_len(self._shown()) - (1 if self.has_focus else 0)) if self.align == "right" else 0

    def draw(self, y: int) -> list[Segment]:
        """One blank, the value with the cursor as a reversed cell, blanks to the width."""
        width = self.size.width
        # Beside its neighbours an idle field is one step off: darker in a dialog, lighter on the ground.
        surface = "sel" if self.has_focus else "ground" if self.screen.is_modal else "bar"
        room = max(1, width - 2)
        if not self._value:
            if not self.has_focus:
                shown = Piece(self.placeholder or " " * room, "faint", underline=theme.colors_off())
                return styled(fit((Piece(" "), shown), width), surface)
            hint = drawn(self.placeholder)
            pieces: Line = (Piece(" "), Piece(hint[:1] or " ", "dim", on="cursor"), Piece(hint[1:], "dim"))
            if self.align == "right" and not hint:
                pieces = (Piece(" " * room), Piece(" ", on="cursor"))
            return styled(fit(pieces, width), surface)
        text = self._shown()
        if not self.has_focus:
            self._first_shown = 0
            # Without colours the place of an idle field is told by a line below it.
            body = tuple(piece._replace(underline=theme.colors_off()) for piece in fit(text, room, self.align))
            return styled(fit((Piece(" "), *body, Piece(" ")), width), surface)
        cursor = len(text) if self.hides else self._cursor
        self._scroll_to_cursor(text, cursor, room)
        head = text[self._first_shown : cursor]
        at = text[cursor : cursor + 1]
        tail = text[cursor + 1 :]
        lead = Piece(" " * (1 + self._indent()))
        # The terminal's own cursor is hidden, but input methods open their window where it is.
        place = self.region.offset
        self.app.cursor_position = Offset(place.x + 1 + self._indent() + cell_len(head), place.y)
        tone = "accent" if self.fresh else "white"
        pieces = (
            lead,
            Piece(head, tone, bold=True, underline=self.fresh),
            Piece(at or " ", "white", bold=True, on="cursor"),
            Piece(tail, tone, bold=True, underline=self.fresh),
        )
        return styled(fit(pieces, width), surface)

    def _scroll_to_cursor(self, text: str, cursor: int, room: int) -> None:
        self._first_shown = min(self._first_shown, cursor)
        while cell_len(text[self._first_shown : cursor]) >= room:
            self._first_shown += 1
        while self._first_shown and cell_len(text[self._first_shown - 1 :]) < room:
            self._first_shown -= 1


_EDITS: dict[str, Callable[[Field], None]] = {
    "backspace": Field._backspace,  # the table of the class above
    "ctrl+h": Field._backspace,
    "delete": Field._delete,
    "left": Field._left,
    "right": Field._right,
    "home": Field._home,
    "ctrl+a": Field._home,
    "end": Field._end,
    "ctrl+e": Field._end,
    "ctrl+left": Field._word_left,
    "ctrl+right": Field._word_right,
    "ctrl+w": Field._clear_word,
    "ctrl+u": Field._clear_before,
    "ctrl+k": Field._clear_after,
}
_MOVES = frozenset(("left", "right", "home", "ctrl+a", "end", "ctrl+e", "ctrl+left", "ctrl+right"))
