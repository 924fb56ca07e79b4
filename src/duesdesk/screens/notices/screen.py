"""Notices (F5): everything that was written, what waits and why, what came back, and what staff decide about it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk.clock import zone
from duesdesk.domain.errors import NotFound
from duesdesk.i18n import _, ngettext, number
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.modals.reading import ReadModal
from duesdesk.screens.notices import rows
from duesdesk.screens.notices.acts import NoticeActs
from duesdesk.screens.text import Line, Piece, line
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.notice_views import NoticeList, NoticePage, NoticeView
from duesdesk.services.stops import Stop

WIDE_COLUMNS = 110
READING_WIDTH = 68


@dataclass(frozen=True, slots=True)
class Page:
    """What was read for the screen. `due` are past their cooling time.

    `asked` was selected when it was read; it is `left` when it is in the list no longer.
    """

    section: str
    counts: dict[str, int]
    listed: NoticeList
    due: int
    stop: Stop | None
    asked: int | None = None
    left: NoticeView | None = None


class NoticesScreen(NoticeActs, DeskScreen):
    """See the module."""

    ID = "notices"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("notices")
    FOOTER = ("read", "pull_back", "again", "other_way", "deliver", "find", "help")
    FOOTER_MORE = ("mark", "to_many", "letters", "send_now", "pull_batch", "stop_all")
    AUTO_FOCUS = "#outbox"

    def __init__(self) -> None:
        super().__init__()
        self._section = rows.ALL
        self._page: Page | None = None
        self._marked: frozenset[Hashable] = frozenset()
        self._looked: tuple[NoticeView, int] | None = None
        self._stays: rows.Staying | None = None
        self._awaited: set[int] = set()

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Tabs(rows.section_tabs({}), chips=True, on_change=self._show_section, id="states")
        yield Panel([()], id="outbox-said")
        with Horizontal(id="notices-body"):
            yield LineList(rows.columns(), on_move=self._moved, pointer=True, id="outbox")
            yield Panel(rule=True, id="notice-pane", classes="pane")

    # --- what is shown

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.height < 28, "-low")
        self.query_one("#states", Tabs).chips = event.size.width >= WIDE_COLUMNS
        self.call_after_refresh(self._look)

    def refresh_data(self) -> None:
        self._fetch()

    def _fetch(self, *, hold_keys: bool = False) -> None:
        section, height = self._section, self.size.height
        key = self.query_one("#outbox", LineList).selected_key
        asked = key if isinstance(key, int) and self._page is not None and self._page.section == section else None
        self.load(lambda: self._read(section, asked, height), self._show, hold_keys=hold_keys)

    def _read(self, section: str, asked: int | None, height: int) -> Page:
        """In a thread: the section, the selected notice with those around it."""
        notices, left = self.desk.notices, None
        counts = notices.counts()
        total = sum(counts.values()) if section == rows.ALL else counts.get(section, 0)
        listed = notices.listed(section, total)
        place = listed.index_of(asked) if asked is not None else None
        if place is not None:
            for near in {max(0, place - height), place, max(place, min(place + height, total - 1))}:
                if not listed.has(near):
                    listed.keep(listed.read(near // listed.PAGE))
        elif asked is not None:
            left = notices.get(asked)
        return Page(section, counts, listed, self.desk.outbox.due(), self.desk.stops.now(), asked, left)

    def _show(self, page: Page) -> None:
        outbox = self.query_one("#outbox", LineList)
        key, is_same = outbox.selected_key, self._page is not None and self._page.section == page.section
        has_left = is_same and isinstance(key, int) and page.listed.known_place(key) is None
        if has_left and page.asked != key:
            # The cursor went on meanwhile: where it is now was not looked for.
            self._fetch()
            return
        self._awaited.clear()
        self._stays = self._staying(page, outbox.index) if has_left else None
        self._page = page
        self.query_one("#states", Tabs).set_tabs(rows.section_tabs(page.counts))
        self.query_one("#outbox-said", Panel).set_lines([self._said(page)])
        outbox.empty = line(rows.empty_words(self._section), "dim")
        outbox.set_source(self._stays or self._rows(page.listed), keep=is_same)
        self._looked = None
        self._look()
        self.member_changed()

    def _rows(self, listed: NoticeList) -> rows.NoticeRows:
        local = zone(self.desk.centre.timezone)
        return rows.NoticeRows(listed, self.desk.today(), local, lambda page: self._want(listed, page))

    def _staying(self, page: Page, place: int) -> rows.Staying | None:
        """The selected notice, which another desk or its sending has taken out of the section."""
        if page.left is None:
            return None
        row = rows.row(page.left, self.desk.today(), zone(self.desk.centre.timezone))
        return rows.Staying(self._rows(page.listed), page.left, row, place)

    def _want(self, listed: NoticeList, page: int) -> None:
        """Read a page that is seen, beside the keyboard: keys wait, so that they act on what is seen."""
        if page not in self._awaited:
            self._awaited.add(page)
            self.load(
                lambda: listed.read(page),
                lambda found: self._arrived(listed, found),
                group=f"page {page}",
                hold_keys=True,
            )

    def _arrived(self, listed: NoticeList, page: NoticePage) -> None:
        listed.keep(page)
        if self._page is not None and self._page.listed is listed:
            self._awaited.discard(page.number)
            self.query_one("#outbox", LineList).set_source(self._stays or self._rows(listed))

    def _said(self, page: Page) -> Line:
        """Whether notices are stopped, what is marked, how many may leave now."""
        if page.stop is not None:
            local = zone(self.desk.centre.timezone)
            told = _("Notices are stopped by {name} since {time}: “G” lets them go again.").format(
                name=page.stop.actor, time=rows.moment(page.stop.at, self.desk.today(), local)
            )
            return line(told, "warn")
        if self._marked:
            count = len(self._marked)
            return line(ngettext("{count} marked", "{count} marked", count).format(count=number(count)), "accent")
        if page.due:
            told = ngettext(
                "{count} is past its cooling time.", "{count} are past their cooling time.", page.due
            ).format(count=number(page.due))
            return line(told, "dim")
        return (Piece(""),)

    # --- the selected one

    def selected(self) -> NoticeView | None:
        """The selected notice, as it stands in the list."""
        return self._known(self.query_one("#outbox", LineList).selected_key)

    def _known(self, key: Hashable) -> NoticeView | None:
        if self._stays is not None and key == self._stays.view.id:
            return self._stays.view
        return self._page.listed.known(key) if self._page is not None and isinstance(key, int) else None

    def chosen(self) -> list[int]:
        """The marked notices, else the selected one."""
        view = self.selected()
        marked = [key for key in self._marked if isinstance(key, int)]
        return sorted(marked) or ([view.id] if view is not None else [])

    def meant(self) -> NoticeView | None:
        """The notice that is marked alone, else the selected one; None when several are marked."""
        chosen = self.chosen()
        return self._known(chosen[0]) if len(chosen) == 1 else None

    def current_member(self) -> str | None:
        view = self.selected()
        return view.payer if view is not None else None

    def marked_members(self) -> list[str]:
        """The payers of the marked notices: a notice to many goes to them."""
        if self._page is None:
            return []
        views = [self._page.listed.known(key) for key in self._marked if isinstance(key, int)]
        return sorted({view.payer for view in views if view is not None})

    def clear_marks(self) -> None:
        """Nothing is marked any more."""
        self._set_marked(frozenset())

    def _mark(self, key: Hashable) -> None:
        self._set_marked(self._marked ^ {key})

    def _set_marked(self, marked: frozenset[Hashable]) -> None:
        self._marked = marked
        self.query_one("#outbox", LineList).set_marked(marked)
        if self._page is not None:
            self.query_one("#outbox-said", Panel).set_lines([self._said(self._page)])
        self.refresh_footer()

    def _moved(self, key: Hashable | None) -> None:
        if self._stays is not None and key != self._stays.view.id:
            listed, self._stays = self._stays.rows, None
            self.query_one("#outbox", LineList).set_source(listed)
        self.member_changed()
        self.follow(self._look)

    def _look(self) -> None:
        """Read the selected notice whole, where there is room to show it."""
        view = self.selected()
        pane = self.query_one("#notice-pane", Panel)
        if view is None or not self.has_class("-wide"):
            self._next_load("look")
            pane.set_lines([])
            return
        if self._looked is not None and self._looked[0].id == view.id:
            self._show_look(self._looked)
            return
        self.load(lambda: self.look_at(view.id), self._show_look, group="look")

    def look_at(self, notice: int) -> tuple[NoticeView, int] | None:
        """In a thread: a notice as the book stands now, and how many were written with it."""
        try:
            view = self.desk.notices.look(notice)
        except NotFound:
            return None
        return view, self.desk.notices.together(view.batch) if view.batch else 0

    def _show_look(self, found: tuple[NoticeView, int] | None) -> None:
        self._looked = found
        view = self.selected()
        if found is None or view is None or found[0].id != view.id:
            return
        pane = self.query_one("#notice-pane", Panel)
        pane.set_lines(self._lines(*found, pane.room))

    def _lines(self, view: NoticeView, together: int, room: int) -> list[Line]:
        return rows.detail_lines(view, self.desk.today(), zone(self.desk.centre.timezone), room, together)

    def _show_section(self, section: str) -> None:
        self._section = section if section in rows.SECTIONS else rows.ALL
        self.clear_marks()
        # Keys that follow are for the section they were typed for.
        self._fetch(hold_keys=True)

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        view = self.selected()
        if view is None or not self.may(spec.act):
            return super().can_act(spec) and spec.id != "read"
        states = {
            "pull_back": rows.NOT_LEFT,
            "again": rows.AGAIN,
            "other_way": rows.OTHER_WAY,
            "send_now": rows.WAITING,
        }.get(spec.id)
        if states is not None:
            return view.state in states or (bool(self._marked) and spec.id in ("pull_back", "again"))
        if spec.id == "pull_batch":
            return bool(view.batch)
        return super().can_act(spec)

    def action_section(self, number: int) -> None:
        self.query_one("#states", Tabs).choose(number)

    def action_mark(self) -> None:
        outbox = self.query_one("#outbox", LineList)
        if self.selected() is not None and outbox.selected_key is not None:
            self._mark(outbox.selected_key)
            outbox.go(outbox.index + 1)

    def action_back(self) -> None:
        if self._marked:
            self.clear_marks()
        else:
            super().action_back()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_read()

    def action_read(self) -> None:
        view = self.selected()
        if view is not None:
            self.open_with(lambda: self.look_at(view.id), self._read_it)

    def _read_it(self, found: tuple[NoticeView, int] | None) -> None:
        if found is not None:
            title = _("Notice {number}").format(number=found[0].id)
            self.app.push_screen(ReadModal(title, self._lines(*found, READING_WIDTH)))

    def action_open_payer(self) -> None:
        member = self.current_member()
        if member is not None:
            self.app.act("member", member)
