"""Still lines: a header, a side pane, a why line. Only the lines that changed are sent to the terminal.

With `rule=True` a thin vertical line stands at the left, as before a second pane. Lines longer than the panel are cut.

Example:
    yield Panel(id="why")                                # height 1 in desk.tcss
    yield Panel(rule=True, id="person")
    panel.set_lines([line(name, "white", bold=True), (), join(Piece(_("Owes "), "dim"), amount("96.50", "bad"))])
    panel.set_lines([])                                  # empty it
    text.wrap(why, panel.room)                           # lines for a long sentence
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Size

from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, as_line, join, line, segments
from duesdesk.screens.widgets.drawn import Drawn


class Panel(Drawn):
    """Still lines; see the module."""

    def __init__(
        self,
        lines: Sequence[Line | Piece | str] = (),
        *,
        rule: bool = False,
        surface: str = "ground",
        indent: int = 1,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`surface` is "ground" or "bar"; `indent` blanks stand before each line."""
        super().__init__(id=id, classes=classes)
        self.rule = rule
        self.surface = surface
        self.indent = indent
        self._lines: list[Line] = [as_line(one) for one in lines]

    @property
    def room(self) -> int:
        """The cells a line may take, for `text.wrap`."""
        return max(1, self.size.width - self._lead_width() - 1)

    @property
    def lines(self) -> list[Line]:
        """The lines shown."""
        return list(self._lines)

    def set_lines(self, lines: Sequence[Line | Piece | str]) -> None:
        """Show these lines; what is the same as before is not sent again."""
        before, self._lines = self._lines, [as_line(one) for one in lines]
        count = max(len(before), len(self._lines))
        changed = [y for y in range(count) if _at(before, y) != _at(self._lines, y)]
        if len(before) != len(self._lines) and self.styles.height is not None and self.styles.height.is_auto:
            self.refresh(layout=True)
        if changed:
            self.redraw(*changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines, for `height: auto`."""
        return len(self._lines)

    def _lead_width(self) -> int:
        return 2 + self.indent if self.rule else self.indent

    def _on_resize(self, event: events.Resize) -> None:
        # A last line that said "more follows" may have room for it now.
        self.redraw()

    def draw(self, y: int) -> list[Segment]:
        """The rule, the indent and line `y`; "…" in the last line when more lines follow."""
        lead: Line = (Piece(" " * self.indent),)
        if self.rule:
            lead = (Piece(sign("vertical"), "line"), Piece(" " * (self.indent + 1)))
        if y == self.size.height - 1 and len(self._lines) > self.size.height:
            return segments(join(*lead, *line(sign("cut"), "dim")), self.size.width, surface=self.surface)
        return segments(join(*lead, *_at(self._lines, y)), self.size.width, surface=self.surface)


def _at(lines: list[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()
