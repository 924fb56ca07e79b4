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

from collections.abc import Callable
from typing import ClassVar, Self, TypeVar

from textual._context import visible_screen_stack
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from duesdesk.i18n import _
from duesdesk.screens import theme
from duesdesk.screens.loading import AtDesk
from duesdesk.screens.signs import ascii_only
from duesdesk.screens.text import Line, Piece, Severity, drawn, line, wrap_line
from duesdesk.screens.widgets.drawn import Careful
from duesdesk.screens.widgets.panel import Panel

T = TypeVar("T")
L = TypeVar("L")
BESIDE_MESSAGE = 5
"""Cells beside a message in a dialog: edges, and blanks."""


def keys_line(*keys: tuple[str, Line | str]) -> Line:
    """A line of keys and what they do: `keys_line(("Enter", _("save")), ("Esc", _("back")))`."""
    pieces: list[Piece] = []
    for shown, word in keys:
        pieces += [Piece("   ")] if pieces else []
        told = line(" " + word, "dim") if isinstance(word, str) else (Piece(" "), *word)
        pieces += [Piece(shown, "accent", bold=True), *told]
    return tuple(pieces)


class DeskModal(Careful, AtDesk, ModalScreen[T]):
    """The base of the dialogs; see the module."""

    WIDTH = 60
    """Cells of the box, edges included; less on a narrow terminal."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("ctrl+c", "close", show=False),
        Binding("v", "privacy", show=False),
    ]
    AUTO_FOCUS = "*"
    SAVES: ClassVar[bool] = True
    """Whether something could have been saved here: when a scan closes it, that is told."""

    def __init__(self) -> None:
        super().__init__()
        self.is_saving = False
        """Whether what was typed is on its way to the store."""
        self.heading_shown = ""
        """The title as it stands in the edge now."""
        self._below: list[Strip] | None = None
        self._below_for: tuple[Size, int] | None = None

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
        """Whether something was typed that closing would lose: Esc asks first, a scan leaves the dialog."""
        return False

    def is_begun(self) -> bool:
        """Whether a scan must not close it: something was typed, or chosen."""
        return self.has_changes()

    def scanned(self, member: str) -> bool:
        """A known card was scanned. Return True when the dialog has dealt with it; else it closes."""
        return False

    def store_changed(self) -> None:
        """Something was written while this dialog is open: fetch anew what must not be of yesterday."""

    def amounts_changed(self) -> None:
        """Amounts were hidden or shown: say anew what depends on it. What is drawn follows by itself."""

    def set_heading(self, heading: str) -> None:
        """Change the title."""
        self.heading_shown = heading
        # As Content it is drawn as it stands: a name may hold brackets.
        self.query_one("#box").border_title = Content(drawn(heading))

    def set_hint(self, hint: Line) -> None:
        """Change the last line."""
        self.query_one("#hint", Panel).set_lines([hint])

    # --- life

    def compose(self) -> ComposeResult:
        box = VerticalScroll(id="box", can_focus=False, classes="-ascii" if ascii_only() else "")
        box.styles.width = self.WIDTH
        with box:
            yield from self.compose_box()
            # Below what may scroll: what Enter will do stays in sight.
            with Widget(id="below"):
                yield Panel([()], surface="bar", id="said")
                yield Panel([self.hint()], surface="bar", indent=2, id="hint")

    def on_mount(self) -> None:
        self.set_heading(self.heading())

    def show_message(self, message: Line | str, severity: Severity = "text") -> None:
        """Show a message above the hint."""
        said = line(message, severity) if isinstance(message, str) else message
        room = min(self.WIDTH, self.app.size.width) - BESIDE_MESSAGE
        lines = [(Piece(" "), *one) for one in wrap_line(said, room)] if message else [()]
        for panel in self.query("#said").results(Panel):
            if len(lines) != len(panel.lines):
                panel.styles.height = len(lines)
                self.query_one("#below").styles.height = len(lines) + 1
            panel.set_lines(lines)

    def action_privacy(self) -> None:
        self.app.toggle_amounts()

    # --- the screen below

    def render_lines(self, crop: Region) -> list[Strip]:
        """What lies below, as it is. Textual would build it anew for each letter typed in the dialog."""
        try:
            below = visible_screen_stack.get().pop()
        except (LookupError, IndexError):
            return super().render_lines(crop)
        key = (self.size, theme.version())
        if self._below is None or self._below_for != key:
            self._below_for = key
            self._below = below._compositor.render_strips(self.size)  # noqa: SLF001  # as Textual's own dialogs do
        return [self._below[y].crop(crop.x, crop.right) for y in crop.line_range]

    def forget_below(self) -> None:
        """Look at what lies below again when the dialog is painted next."""
        self._below = None

    def refresh(self, *regions: Region, **what: bool) -> Self:
        """Textual calls this when a screen below has changed: look at it again."""
        for screen in self.app.screen_stack:
            if isinstance(screen, DeskModal):
                screen.forget_below()
        return super().refresh(*regions, **what)

    def load(self, fn: Callable[[], L], then: Callable[[L], None], *, group: str = "main", **how: bool) -> None:
        self.is_saving = self.is_saving or group == "save"
        super().load(fn, then, group=group, **how)

    def load_ends(self, group: str) -> None:
        if group == "save":
            self.is_saving = False

    def action_close(self) -> None:
        if self.is_saving:
            # It cannot be stopped any more: whoever left now would not hear what came of it.
            self.show_message(_("It is being saved: one moment."), "warn")
            return
        if not self.has_changes():
            self.leave()
            return
        from duesdesk.screens.modals.confirm import ConfirmModal  # imported late: start-up

        question = [line(_("What you typed here is not saved."))]
        dialog = ConfirmModal(_("Leave this form?"), question, yes=_("throw it away"), no=_("go on typing"))
        self.app.push_screen(dialog, self._leave)

    def _leave(self, agreed: bool | None) -> None:
        if agreed:
            self.leave()

    def leave(self) -> None:
        """Close without a result, because somebody went back: one Esc more does not leave the screen below, too."""
        self.app.went_back()
        self.dismiss(None)
