"""The base of our widgets: a rectangle of drawn lines, of which only the changed ones are sent to the terminal.

A `Drawn` widget answers one question, `draw(y)`: the segments of line y. It keeps what it drew; `redraw(2, 3)` draws
lines 2 and 3 anew and `redraw()` all of them. It has no border, padding or opacity of its own (CSS gives it size and
place), takes no markup, and an error in one of its handlers is reported by the app without ending the widget.

Example:
    class Clock(Drawn):
        def draw(self, y: int) -> list[Segment]:
            return segments(line(self.text, "dim"), self.size.width)
    clock.text = "09:14"
    clock.redraw(0)
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget

from duesdesk.screens import theme


class KeyDone(Message):
    """Follows each key on its way up; where it arrives, the key before it has been handled. See `key_stream`."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = False
        self.on_arrival: Callable[[], None] | None = None

    def settle(self) -> None:
        """Tell the key stream that the key before this message is done."""
        self.arrived = True
        if self.on_arrival is not None:
            self.on_arrival()


class Careful(MessagePump):
    """A message pump that hands an error to the app's one error way and goes on; Textual would end the pump."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # the one place where any error becomes a message
            self.app._handle_exception(error)  # noqa: SLF001  # Textual's own way to report; DuesdeskApp keeps running


class Drawn(Careful, Widget):
    """A widget of drawn lines; see the module for how to write one."""

    # Textual's mouse selection of text needs rendered visuals; the terminal's own (with Shift) works.
    ALLOW_SELECT = False
    TAKES_TEXT = False
    """Whether letters go into this widget: an entry field."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: dict[int, Strip] = {}
        self._drawn_for: tuple[int, int] = (-1, -1)
        self._failed = False
        self.quiet_key = False
        """True when the last key changed only this widget: the next key need not wait for anything else."""

    def draw(self, y: int) -> list[Segment]:
        """The segments of line `y`, exactly `self.size.width` cells."""
        raise NotImplementedError

    def redraw(self, *lines: int) -> None:
        """Draw these lines anew, or all of them when none is named."""
        if not lines:
            self._strips.clear()
            self.refresh()
            return
        width, height = self._size
        regions = []
        for y in lines:
            self._strips.pop(y, None)
            if 0 <= y < height:
                regions.append(Region(0, y, width, 1))
        if regions:
            self.refresh(*regions)

    def strip(self, y: int) -> Strip:
        """Line `y` as a strip, drawn or kept."""
        kept = self._strips.get(y)
        if kept is None:
            width = self._size.width
            try:
                drawn = self.draw(y)
            except Exception as error:  # noqa: BLE001  # an error while painting would take the screen with it
                drawn = [Segment(" " * width, theme.tone("text"))]
                if not self._failed:
                    self._failed = True
                    self.app.call_later(self.app._handle_exception, error)  # noqa: SLF001  # as above
            kept = self._strips[y] = Strip(drawn, width)
        return kept

    @property
    def size(self) -> Size:
        """The cells of the widget: it has no border and no padding, so nothing needs to be taken off."""
        return self._size

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self._size.width
        key = (width, theme.version())
        if key != self._drawn_for:
            self._drawn_for = key
            self._strips.clear()
            self.forget_drawn()
        if crop.x or crop.width != width:
            return [self.strip(y).crop(crop.x, crop.right) for y in crop.line_range]
        return [self.strip(y) for y in crop.line_range]

    def forget_drawn(self) -> None:
        """Called when the width or the theme has changed: drop what was computed for the old one."""

    def on_key_done(self, message: KeyDone) -> None:
        """Answer the key stream here when nothing outside this widget was touched."""
        if self.quiet_key:
            self.quiet_key = False
            message.stop()
            message.settle()
