"""Notices (F5): everything that was written, what waits and why, what came back; deliver, pull back, send again."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from threading import Event
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.i18n import _, ngettext
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.reading import ReadModal
from duesdesk.screens.notices import rows
from duesdesk.screens.text import Line, line
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.notice_views import NoticeView
from duesdesk.services.outbox import Sent

WIDE_COLUMNS = 110
MOST = 2_000
"""Notices a section shows, the newest; `duesdesk notices list` has all of them."""
READING_WIDTH = 68


@dataclass(frozen=True, slots=True)
class Page:
    """What was read for the screen."""

    counts: dict[str, int]
    views: tuple[NoticeView, ...]
    due: int


class NoticesScreen(DeskScreen):
    """See the module."""

    ID = "notices"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("notices")
    FOOTER = ("read", "open_payer", "pull_back", "again", "deliver", "find", "help")
    AUTO_FOCUS = "#outbox"

    def __init__(self) -> None:
        super().__init__()
        self._section = rows.ALL
        self._page: Page | None = None
        self._by_id: dict[Hashable, NoticeView] = {}
        self._stop: Event | None = None

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Tabs(rows.section_tabs({}), chips=True, on_change=self._show_section, id="states")
        yield Panel([()], classes="gap")
        with Horizontal(id="notices-body"):
            yield LineList(rows.columns(), on_move=self._moved, pointer=True, id="outbox")
            yield Panel(rule=True, id="notice-pane", classes="pane")

    # --- what is shown

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.height < 28, "-low")
        self.query_one("#states", Tabs).chips = event.size.width >= WIDE_COLUMNS
        self.call_after_refresh(self._show_pane)

    def refresh_data(self) -> None:
        section = self._section
        self.load(lambda: self._read(section), self._show)

    def _read(self, section: str) -> Page:
        notices = self.desk.notices
        counts = {state: notices.count(state) for state in rows.STATES[rows.ALL]}
        states = rows.STATES[section]
        found = notices.all(most=MOST) if section == rows.ALL else []
        for state in states if section != rows.ALL else ():
            found += notices.all(state, most=MOST)
        if len(states) > 1 and section != rows.ALL:
            found.sort(key=lambda view: (view.send_after, view.id))
        now = self.desk.clock.now(self.desk.centre.timezone)
        due = sum(view.send_after <= now for view in found if view.state in ("held", "queued"))
        return Page(counts, tuple(found), due)

    def _show(self, page: Page) -> None:
        self._page = page
        self._by_id = {view.id: view for view in page.views}
        self.query_one("#states", Tabs).set_tabs(rows.section_tabs(page.counts))
        local, today = zone(self.desk.centre.timezone), self.desk.today()
        outbox = self.query_one("#outbox", LineList)
        outbox.empty = line(self._empty_words(), "dim")
        outbox.set_source(Rows([rows.row(view, today, local) for view in page.views]))
        self._show_pane()
        self.member_changed()

    def _empty_words(self) -> str:
        if self._section in (rows.ALL, rows.WAITING):
            return _("Nothing is written. “n” on a person writes a notice; the daily run of the rule writes its own.")
        return _("None.")

    def _show_pane(self) -> None:
        view = self._selected()
        pane = self.query_one("#notice-pane", Panel)
        pane.set_lines(self._lines(view, pane.room) if view is not None and self.has_class("-wide") else [])

    def _lines(self, view: NoticeView, room: int) -> list[Line]:
        return rows.detail_lines(view, self.desk.today(), zone(self.desk.centre.timezone), room)

    def _selected(self) -> NoticeView | None:
        return self._by_id.get(self.query_one("#outbox", LineList).selected_key)

    def current_member(self) -> str | None:
        view = self._selected()
        return view.payer if view is not None else None

    def _moved(self, _key: Hashable | None) -> None:
        self._show_pane()
        self.member_changed()

    def _show_section(self, section: str) -> None:
        self._section = section if section in rows.STATES else rows.ALL
        self.query_one("#outbox", LineList).go(0)
        self.refresh_data()

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        view = self._selected()
        if spec.id == "pull_back":
            return view is not None and view.state in rows.NOT_LEFT and self.may(spec.act)
        if spec.id == "again":
            return view is not None and view.state in rows.AGAIN and self.may(spec.act)
        if spec.id == "read":
            return view is not None
        return super().can_act(spec)

    def action_section(self, number: int) -> None:
        self.query_one("#states", Tabs).choose(number)

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_read()

    def action_read(self) -> None:
        view = self._selected()
        if view is not None:
            title = _("Notice {number}").format(number=view.id)
            self.app.push_screen(ReadModal(title, self._lines(view, READING_WIDTH)))

    def action_open_payer(self) -> None:
        member = self.current_member()
        if member is not None:
            self.app.act("member", member)

    def action_pull_back(self) -> None:
        view = self._selected()
        if view is None:
            return
        key = new_key()
        self.load(
            lambda: self.desk.notices.cancel(view.id, key=key),
            lambda _answer: self._changed(
                _("The notice to {name} is withdrawn · u undoes").format(name=view.payer_name)
            ),
            group="act",
            hold_keys=True,
        )

    def action_again(self) -> None:
        view = self._selected()
        if view is None:
            return
        said = _("It is sent again to {address}.").format(address=view.address or view.payer_name)
        asked = [line(said)]
        if view.state == "unsure":
            asked.append(line(_("It may have arrived already: then it is read twice."), "warn"))
        key = new_key()

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.load(
                    lambda: self.desk.notices.retry(view.id, key=key),
                    lambda _answer: self._changed(_("It waits to be sent.")),
                    group="act",
                    hold_keys=True,
                )

        self.app.push_screen(ConfirmModal(_("Send again?"), asked, yes=_("send it again")), answered)

    def _changed(self, told: str) -> None:
        self.app.data_changed()
        self.app.show_message(told, "ok")

    # --- deliver

    def action_deliver(self) -> None:
        """Deliver what is due, or stop delivering after the notice under way."""
        if self._stop is not None:
            self._stop.set()
            self.show_message(_("Stops after the notice under way."), "warn")
            return
        if self._page is None:
            return
        stop = self._stop = Event()
        self.show_message(_("Delivering … “g” stops it."))
        self.load(lambda: self._deliver(stop), self._delivered, group="deliver")

    def _deliver(self, stop: Event) -> list[Sent]:
        try:
            return self.desk.outbox.send_due(stop=stop.is_set, progress=self._told)
        finally:
            self._stop = None

    def _told(self, done: int) -> None:
        told = ngettext("{count} delivered …  “g” stops it", "{count} delivered …  “g” stops it", done)
        self.app.call_from_thread(self.show_message, told.format(count=i18n.number(done)))

    def _delivered(self, sent: list[Sent]) -> None:
        left = sum(one.state == "sent" for one in sent)
        told = ngettext("{count} notice sent.", "{count} notices sent.", left).format(count=i18n.number(left))
        others = len(sent) - left
        if others:
            told += " " + ngettext(
                "{count} was not: see its state.", "{count} were not: see their state.", others
            ).format(count=i18n.number(others))
        if not sent:
            told = _("Nothing is due now.")
        self.app.data_changed()
        self.show_message(told, "warn" if others else "ok")
