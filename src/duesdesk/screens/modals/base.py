"""The base of the dialogs: a box with a title in its border, in the middle, as large as its content.

A dialog says what Enter will do before it is pressed: `hint` is its last line. Esc closes it without a result. When
the terminal is small the box scrolls. `load` works as on screens. Open one with `app.push_screen(dialog, callback)`.

Example:
    class TalkModal(DeskModal[bool]):
        WIDTH = 60
        def heading(self) -> str: return _("Talk · {name}").format(name=self.name_shown)
        def compose_box(self) -> ComposeResult: yield Field(id="note")
        def hint(self) -> Line: return keys_line(("Enter", _("save")), ("Esc", _("back")))
        def on_field_submitted(self, event: Field.Submitted) -> None: self.dismiss(True)
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget

from duesdesk.i18n import _
from duesdesk.screens.base import Loading
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, Severity, cut, drawn, join, segments, width_of
from duesdesk.screens.widgets.drawn import Careful, Drawn
from duesdesk.screens.widgets.panel import Panel

T = TypeVar("T")


def keys_line(*keys: tuple[str, str]) -> Line:
    """A line of keys and what they do: `keys_line(("Enter", _("save")), ("Esc", _("back")))`."""
    pieces: list[Piece] = []
    for shown, word in keys:
        pieces += [Piece(shown, "accent", bold=True), Piece(" " + word + "   ", "dim")]
    return tuple(pieces)


class Edge(Drawn):
    """The top or bottom line of the box, the top one with the title in it."""

    def __init__(self, *, top: bool, id: str) -> None:
        super().__init__(id=id)
        self.top = top
        self.title = ""

    def draw(self, y: int) -> list[Segment]:
        """╭─ Title ───╮ or ╰───╯."""
        width = self.size.width
        left, right = ("top_left", "top_right") if self.top else ("bottom_left", "bottom_right")
        rule = sign("horizontal")
        title = cut(drawn(self.title), max(0, width - 6))
        inner: Line = ()
        if self.top and title:
            inner = join(Piece(rule + " ", "accent"), Piece(title, "white", bold=True), Piece(" ", "accent"))
        rest = Piece(rule * max(0, width - 2 - width_of(inner)), "accent")
        return segments(
            join(Piece(sign(left), "accent"), *inner, rest, Piece(sign(right), "accent")), width, surface="bar"
        )


class Side(Drawn):
    """The left or right edge of the box."""

    def draw(self, y: int) -> list[Segment]:
        """│."""
        return segments(Piece(sign("vertical"), "accent"), self.size.width, surface="bar")


class DeskModal(Careful, Loading, ModalScreen[T]):
    """The base of the dialogs; see the module."""

    WIDTH = 60
    """Cells of the box, edges included; less on a narrow terminal."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("ctrl+c", "close", show=False),
    ]
    AUTO_FOCUS = "*"

    # --- for the dialogs

    def heading(self) -> str:
        """The title in the upper edge."""
        return ""

    def compose_box(self) -> ComposeResult:
        """The widgets in the box."""
        return ()

    def hint(self) -> Line:
        """The last line: what the keys do here."""
        return keys_line(("Esc", _("back")))

    def has_changes(self) -> bool:
        """Whether something was typed that closing would lose; a scan does not close such a dialog."""
        return False

    def scanned(self, member: str) -> bool:
        """A known card was scanned. Return True when the dialog has dealt with it; else it closes."""
        return False

    def set_heading(self, heading: str) -> None:
        """Change the title."""
        edge = self.query_one("#edge-top", Edge)
        edge.title = heading
        edge.redraw(0)

    def set_hint(self, hint: Line) -> None:
        """Change the last line."""
        self.query_one("#hint", Panel).set_lines([hint])

    # --- life

    def compose(self) -> ComposeResult:
        top = Edge(top=True, id="edge-top")
        top.title = self.heading()
        with Widget(id="box"):
            yield top
            with Widget(id="middle"):
                yield Side(classes="side")
                with VerticalScroll(id="inside", can_focus=False):
                    yield Panel([()], surface="bar", classes="blank")
                    yield from self.compose_box()
                    yield Panel([()], surface="bar", id="said")
                    yield Panel([self.hint()], surface="bar", indent=2, id="hint")
                yield Side(classes="side")
            yield Edge(top=False, id="edge-bottom")

    def on_mount(self) -> None:
        self.query_one("#box").styles.width = self.WIDTH

    def show_message(self, message: str, severity: Severity = "text") -> None:
        """Show a message above the hint."""
        self.query_one("#said", Panel).set_lines([(Piece(" " + message, severity),)])

    def action_close(self) -> None:
        self.dismiss(None)
