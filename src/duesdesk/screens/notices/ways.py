"""The channels to who a notice goes to: which can be used, why others cannot, and how it would read there."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _
from duesdesk.screens.contact_words import NOTICE_CHANNELS, REACH, word
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.notice.reading import TEXT_WIDTH, Reading, text_lines
from duesdesk.screens.refusals import refusal, refusal_lines
from duesdesk.screens.text import Line, line
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.services.notice_texts import Preview
from duesdesk.services.notice_views import NoticeView
from duesdesk.services.reach import ChannelView

# The edges, the list, the message and the keys.
LINES_AROUND = 8


class WaysModal(DeskModal[str]):
    """Choose a channel; the result is its name. What cannot be used is dim, and says why."""

    WIDTH = 76
    BINDINGS = [Binding("pagedown", "scroll(1)", show=False), Binding("pageup", "scroll(-1)", show=False)]
    AUTO_FOCUS = "#ways"

    def __init__(self, view: NoticeView, ways: Sequence[ChannelView]) -> None:
        super().__init__()
        self._view = view
        self._ways = sorted(ways, key=lambda way: bool(self._why_not(way)))
        self._preview: Preview | None = None

    def _why_not(self, way: ChannelView) -> str:
        if way.channel == self._view.channel:
            return _("this is how it goes now")
        return word(REACH, way.why) if way.why else ""

    def heading(self) -> str:
        return _("By another channel · {name}").format(name=self._view.payer_name)

    def compose_box(self) -> ComposeResult:
        columns = (Column("way", "", 20), Column("where", "", 30, flex=True))
        ways = LineList(
            columns, Rows([self._row(way) for way in self._ways]), header=False, pointer=True, more=False,
            surface="bar", on_move=self._moved, id="ways",
        )  # fmt: skip
        ways.styles.height = len(self._ways)
        yield ways
        yield Reading(LINES_AROUND + len(self._ways), id="text")

    def _row(self, way: ChannelView) -> Row:
        why = self._why_not(way)
        tone = "dim" if why else "text"
        where = why or way.address.replace("\n", ", ")
        return Row(way.channel, (line(word(NOTICE_CHANNELS, way.channel), tone), line(where, tone)), tone)

    def on_mount(self) -> None:
        super().on_mount()
        self._moved(self.query_one("#ways", LineList).selected_key)

    def hint(self) -> Line:
        return keys_line(("Enter", _("send it this way")), ("PgDn", _("more")), ("Esc", _("back")))

    def _moved(self, key: Hashable | None) -> None:
        """Show how it would read there."""
        way = next((one for one in self._ways if one.channel == key), None)
        self._preview = None
        if way is None or self._why_not(way):
            self._next_load("preview")
            self.query_one("#text", Reading).set_lines([])
            return
        self.load(lambda: self._read(way.channel), self._show, group="preview")

    def _read(self, channel: str) -> Preview | DuesdeskError:
        try:
            return self.desk.notices.preview_by(self._view.id, channel)
        except DuesdeskError as error:
            return error

    def _show(self, found: Preview | DuesdeskError) -> None:
        reading = self.query_one("#text", Reading)
        if isinstance(found, DuesdeskError):
            reading.set_lines([(), *refusal_lines(found, TEXT_WIDTH, "warn")])
            return
        self._preview = found
        problem = refusal_lines(found.problem, TEXT_WIDTH, "warn") if found.problem is not None else []
        reading.set_lines([(), *problem, *text_lines(found)])

    def action_scroll(self, by: int) -> None:
        self.query_one("#text", Reading).turn(by)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        way = next(one for one in self._ways if one.channel == event.key)
        why = self._why_not(way)
        if why:
            told = f"{word(NOTICE_CHANNELS, way.channel)}: {why}"
            self.show_message(told, "warn")
        elif self._preview is not None and self._preview.problem is not None:
            self.show_message(refusal(self._preview.problem, "warn"), "warn")
        else:
            self.dismiss(way.channel)
