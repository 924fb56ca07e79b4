"""What came of a talk: eight outcomes in two columns, each with its letter."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from textual import events
from textual.message import Message

from duesdesk.i18n import _
from duesdesk.screens.contact_words import OUTCOMES
from duesdesk.screens.text import Line, Piece, fit, join, styled
from duesdesk.screens.widgets.drawn import Drawn

# The letters of the likely answers are those of their English words, and stay the same in every language.
LETTERS = {
    "will_pay": "w",
    "no_answer": "n",
    "call_back": "c",
    "says_paid": "p",
    "disputes": "x",
    "cannot_pay": "k",
    "informed": "i",
    "other": "o",
}
ROWS = 4


class Outcomes(Drawn, can_focus=True):
    """A letter chooses at once, the arrows move; Enter posts `Submitted`. Nothing is chosen at first.

    Any other letter is the first one of a note: it goes to `on_other`.
    """

    class Submitted(Message):
        """Enter was pressed on the outcomes."""

    def __init__(
        self, *, on_letter: Callable[[], None], on_other: Callable[[str], None], id: str | None = None
    ) -> None:
        """`on_letter` is called when a letter has chosen, `on_other` with one that chooses nothing."""
        super().__init__(id=id)
        self.value = ""
        self.on_letter = on_letter
        self.on_other = on_other
        self.letters = frozenset(LETTERS.values())
        self._codes = list(OUTCOMES)

    def choose(self, code: str) -> None:
        """Make this outcome the chosen one."""
        if code != self.value:
            self.value = code
            self.redraw()

    async def _on_key(self, event: events.Key) -> None:
        self.quiet_key = False
        steps = {"up": -1, "down": 1, "left": -ROWS, "right": ROWS}
        letter = event.character.lower() if event.character else ""
        if event.key == "enter":
            self.post_message(self.Submitted())
        elif event.key in steps:
            self.choose(self._next(steps[event.key]))
            self.quiet_key = True
        elif letter in LETTERS.values():
            self.choose(next(code for code, own in LETTERS.items() if own == letter))
            self.on_letter()
        elif letter.isalpha() and event.character and letter not in self.screen.active_bindings:
            self.on_other(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _next(self, by: int) -> str:
        if not self.value:
            return self._codes[0 if by > 0 else -1]
        return self._codes[(self._codes.index(self.value) + by) % len(self._codes)]

    async def _on_click(self, event: events.Click) -> None:
        index = min(event.y, ROWS - 1) + (ROWS if event.x >= self.size.width // 2 else 0)
        self.choose(self._codes[index])

    def _on_focus(self, event: events.Focus) -> None:
        self.redraw()

    def _on_blur(self, event: events.Blur) -> None:
        self.redraw()

    def draw(self, y: int) -> list[Segment]:
        """Line `y`: one outcome of each column."""
        width = self.size.width
        if y >= ROWS:
            return styled(fit("", width), "bar")
        half = width // 2
        left, right = (self._draw(self._codes[y + column * ROWS]) for column in (0, 1))
        return styled(fit(join(*fit(left, half), *fit(right, width - half)), width), "bar")

    def _draw(self, code: str) -> Line:
        chosen = code == self.value
        on = "sel" if chosen else ""
        tone = "white" if chosen else "text"
        # The focus is told by an underline, since the chosen one is lit in any case.
        underline = self.has_focus and (chosen or not self.value)
        word = Piece(_(OUTCOMES[code]), tone, chosen, underline=underline, on=on)
        blank = Piece(" ", on=on)
        return blank, Piece(LETTERS[code], "accent", bold=True, on=on), blank, blank, word, blank
