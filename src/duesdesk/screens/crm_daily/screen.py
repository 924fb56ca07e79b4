"""CRM Daily: who comes on a day, a week or a month, who of them owes, and what to say to them.

The page of the day is fetched once; sections, sorting and the countdown work on it in memory.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from duesdesk import i18n
from duesdesk.domain.arrivals import ALL, SECTIONS, Booked, days_late
from duesdesk.i18n import _
from duesdesk.screens import registry
from duesdesk.screens.base import LEAST_COLUMNS
from duesdesk.screens.crm_daily.head import BACK, ON, SUMMARY, TASKS, DayHead
from duesdesk.screens.crm_daily.inactive import MODULE, activate, inactive_keys, inactive_lines
from duesdesk.screens.crm_daily.pane import debt_lines
from duesdesk.screens.crm_daily.rows import DayRows, Rower, columns
from duesdesk.screens.crm_daily.tasks_tab import TasksTab
from duesdesk.screens.crm_daily.words import checked_in_words, day_words, empty_words, section_tabs, told_line
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.text import line
from duesdesk.screens.widgets.bars import Tabs
from duesdesk.screens.widgets.footer import Footer
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.daily import DAILY, MODES, Arrivals, DailyPage, DaySum, is_to_come, step
from duesdesk.services.debts import PersonDebt

if TYPE_CHECKING:
    from duesdesk.services.tasks import TaskView

WIDE_COLUMNS, WIDEST_COLUMNS, CHIP_COLUMNS, ROOMY_LINES = 110, 150, 96, 28
MINUTE_CHECK_SECONDS = 5.0
SORTS = ("time", "owes", "who")
ROWS_ABOVE = 2
"""Of those who are late or in already, so many are seen above who comes next."""


class CrmDailyScreen(TasksTab):
    """See the module."""

    ID = "crm_daily"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("crm_daily")
    AUTO_FOCUS = "#arrivals"

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._mode = DAILY
        self._section = ALL
        self._sort = SORTS[0]
        self._active = True
        self._page: DailyPage | None = None
        self._rows: DayRows | None = None
        self._now = ""
        self._select: Hashable | None = None
        self._pane_of: str | None = None
        self._stays: Hashable | None = None

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield DayHead(id="day-head")
        yield Panel([()], classes="gap")
        yield Tabs(section_tabs({}), chips=True, on_change=self._show_section, id="sections")
        yield Panel([()], classes="gap")
        with Horizontal(id="day-body"):
            with Vertical(id="day-left"):
                yield Panel([()], id="countdown")
                yield LineList(columns(LEAST_COLUMNS), row_height=2, pointer=True, on_move=self._moved, id="arrivals")
            yield from self.compose_tasks()
            yield Panel(rule=True, id="debt", classes="pane")
        yield Panel(id="inactive", indent=4)

    # --- what is shown

    def on_mount(self) -> None:
        self.set_interval(MINUTE_CHECK_SECONDS, self._minute)

    def on_resize(self, event: events.Resize) -> None:
        was_wide = self.has_class("-wide")
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.width >= WIDEST_COLUMNS, "-widest")
        self.set_class(event.size.height < ROOMY_LINES, "-low")
        sections = self.query_one("#sections", Tabs)
        # Six boxes with their counts do not fit on a narrow terminal; the same words without boxes do.
        sections.chips = event.size.width >= CHIP_COLUMNS
        self.show_sections()
        sections.redraw()
        self.call_after_refresh(self.fit_columns)
        if not self._active:
            self.call_after_refresh(self._show_inactive)
        elif self.has_class("-wide") != was_wide:
            self._load_pane()

    def fit_columns(self) -> None:
        super().fit_columns()
        arrivals = self.query_one("#arrivals", LineList)
        if not self.on_tasks:
            arrivals.set_columns(columns(arrivals.size.width))

    def refresh_data(self) -> None:
        self._load_page()
        self.load_tasks()

    def _load_page(self, *, holds: bool = False) -> None:
        """Read the page; `holds`: the keys that follow are for it."""
        day, mode = self._day, self._mode
        self.load(lambda: self._fetch(day, mode), self._show, hold_keys=holds)

    def _fetch(self, day: date | None, mode: str) -> DailyPage | None:
        if not self.desk.modules.is_active(MODULE):
            return None
        return self.desk.daily.page(day, mode)

    def _show(self, page: DailyPage | None) -> None:
        self._active = page is not None
        self.set_class(not self._active, "-inactive")
        before, self._page = self._page, page
        if page is None:
            self._show_inactive()
            return
        self._now = self.desk.daily.now_time()
        self.query_one(DayHead).show(page.mode, day_words(page), is_today=self._shows_today(page))
        self.show_sections()
        # Another day or mode is another list; the same one keeps its place.
        self._show_rows(keep=before is not None and (before.day, before.mode) == (page.day, page.mode))
        self._select = self._pane_of = None
        self._load_pane()

    def show_sections(self) -> None:
        sections = self.query_one("#sections", Tabs)
        if self.on_tasks:
            sections.set_tabs(self.task_tabs())
        else:
            sections.set_tabs(section_tabs(self._page.counts if self._page is not None else {}))
        sections.set_active(self._task_section if self.on_tasks else self._section)

    def _show_inactive(self) -> None:
        panel = self.query_one("#inactive", Panel)
        panel.set_lines(inactive_lines(self.size.width - 10, self.desk.actor.role))
        self.refresh_footer()

    @staticmethod
    def _shows_today(page: DailyPage) -> bool:
        return page.first <= page.today <= page.last

    def _show_rows(self, *, keep: bool = True) -> None:
        page = self._page
        if page is None:
            return
        arrivals = self.query_one("#arrivals", LineList)
        # Who is selected and has left the section stays until the cursor moves: keys act on who is seen.
        selected = arrivals.selected_key if keep else None
        found = page.section(self._section, also=selected)
        self._stays = selected if len(found) > len(page.section(self._section)) else None
        if self._sort == "owes":
            found = found.sorted(lambda row: -page.arrivals.owing.most_minor(row.payer_id))
        elif self._sort == "who":
            found = found.sorted(lambda row: i18n.fold(row.name))
        by_day = self._sort == SORTS[0] or not found
        rower = Rower(
            self._section,
            page.today,
            page.day,
            self._now,
            self.desk.centre.currency,
            self.desk.daily.local_time,
            with_day=bool(page.days) and not by_day,
            stays=self._stays,
        )
        self._rows = DayRows(found, page.days if by_day else (), rower)
        arrivals.empty = line(empty_words(page), "dim")
        sort_key = self._sort if self._sort != SORTS[0] else ""
        if arrivals.sort_key != sort_key:
            arrivals.set_columns(columns(arrivals.size.width), sort_key)
        arrivals.set_source(self._rows, keep=keep)
        if self._select is not None:
            arrivals.select(self._select)
        elif not keep:
            self._select_now(found)
        self.query_one("#countdown", Panel).set_lines(
            [told_line(page, self._section, self._now, self.desk.centre.currency)]
        )
        self.member_changed()

    def _select_now(self, found: Arrivals) -> None:
        """On today, begin at who comes next: those before are in, or late already."""
        page = self._page
        if page is None or not self._shows_today(page) or self._sort != SORTS[0]:
            return
        if page.mode != DAILY:
            self.query_one("#arrivals", LineList).select(page.today)
            return
        today = page.today.isoformat()
        coming = (row for row in found.booked if row.on_day == today and is_to_come(row, self._now))
        following = next(coming, None)
        if following is not None and self._rows is not None:
            self.query_one("#arrivals", LineList).begin_at(self._rows.index_of(following.booking_id) or 0, ROWS_ABOVE)

    def _minute(self) -> None:
        """The countdown follows the clock; nothing is drawn when nothing changed."""
        page = self._page
        if page is None or not self.is_current:
            return
        if self.desk.today() != page.today:
            self.refresh_data()
            return
        now = self.desk.daily.now_time()
        if now != self._now:
            self._now = now
            self._show_rows()

    # --- the person

    def _selected(self) -> Booked | DaySum | None:
        if self._rows is None or not self._active:
            return None
        return self._rows.item(self.query_one("#arrivals", LineList).selected_key)

    def current_member(self) -> str | None:
        if self.on_tasks:
            task = self.selected_task()
            return task.payer if task is not None else None
        selected = self._selected()
        return selected.member if isinstance(selected, Booked) else None

    def _moved(self, key: Hashable | None) -> None:
        if self._stays not in (None, key):
            self._show_rows()
        self.member_changed()
        self.follow(self._load_pane)

    def load_person(self) -> None:
        self._load_pane()

    def _load_pane(self) -> None:
        member = self.current_member()
        pane = self.query_one("#debt", Panel)
        if member is None or self._page is None:
            self._pane_of = None
            pane.set_lines([])
            return
        if not self.has_class("-wide") or member == self._pane_of:
            return
        self._pane_of = member
        today = self._page.today
        day = today if self.on_tasks else self._page.day

        def read() -> tuple[PersonDebt, list[str], list[TaskView]]:
            from duesdesk.services.collection.why import sentences  # imported late: start-up

            # What is next is told from today on: of a day that is over nothing is said.
            is_over = day < today
            following = [] if is_over else sentences(self.desk.explains.of(member))
            return self.desk.debts.of(member, day), following, [] if is_over else self.desk.tasks.about(member)

        self.load(read, self._show_pane, group="pane")

    def _show_pane(self, found: tuple[PersonDebt, list[str], list[TaskView]]) -> None:
        debt, following, tasks = found
        page = self._page
        if page is not None and debt.member == self.current_member():
            pane = self.query_one("#debt", Panel)
            pane.set_lines(debt_lines(debt, page.today, pane.room, registry.ACTS, following, tasks))

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if not self._active:
            return self.may("module") if spec.id == "open" else "*" in spec.screens and super().can_act(spec)
        if spec.id == "open" and not self.on_tasks:
            return self._selected() is not None
        if spec.id == "check_in":
            selected = self._selected()
            return isinstance(selected, Booked) and selected.status != "cancelled" and super().can_act(spec)
        return super().can_act(spec)

    def refresh_footer(self) -> None:
        if self._active:
            super().refresh_footer()
            return
        self.query_one(Footer).set_keys(inactive_keys(may=self.may("module")))

    def action_open(self) -> None:
        if not self._active:
            activate(self, self.query_one("#arrivals", LineList))
            return
        if self.on_tasks:
            super().action_open()
            return
        selected = self._selected()
        if isinstance(selected, Booked):
            self.app.act("member", selected.member)
        elif selected is not None:
            self._mode = DAILY
            self._go(selected.on_day)

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open()

    def action_section(self, number: int) -> None:
        self.query_one("#sections", Tabs).choose(number)

    def _show_section(self, section: str) -> None:
        if self.on_tasks:
            self.show_task_section(section)
            return
        self._section = section if section in SECTIONS else ALL
        self._show_rows(keep=False)
        self._load_pane()

    def action_mode(self) -> None:
        self._set_mode(MODES[(MODES.index(self._mode) + 1) % len(MODES)])

    def _set_mode(self, mode: str) -> None:
        self._mode = mode
        self._load_page(holds=True)

    def action_day(self, key: str) -> None:
        by = -1 if key == "left_square_bracket" else 1
        self._go(step(self._day or self.desk.today(), self._mode, by))

    def action_today(self) -> None:
        self._go(self.desk.today())

    def _go(self, day: date) -> None:
        # Today is not kept as a day, so that the page follows midnight.
        self._day = None if day == self.desk.today() else day
        self._load_page(holds=True)

    def action_sort(self) -> None:
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._show_rows()

    def on_day_head_pressed(self, event: DayHead.Pressed) -> None:
        if event.what in (BACK, ON):
            self._go(step(self._day or self.desk.today(), self._mode, -1 if event.what == BACK else 1))
        elif event.what in (SUMMARY, TASKS):
            self.show_tab(on_tasks=event.what == TASKS)
        else:
            self._set_mode(event.what)

    # --- check in

    def action_check_in(self) -> None:
        selected = self._selected()
        if not isinstance(selected, Booked):
            return
        if selected.on_day != self.desk.today().isoformat():
            self.app.show_message(_("People are checked in on their day; “.” goes to today."), "warn")
            return
        self._check_in(selected.member, selected.booking_id)

    def scanned(self, member: str) -> bool:
        if not self._active or not self.may("checkin"):
            return False
        self._day, self._mode = None, DAILY
        self.show_tab(on_tasks=False)
        self._check_in(member, None)
        return True

    def _check_in(self, member: str, booking_id: int | None) -> None:
        key = new_key()

        def check_in() -> tuple[Plain, PersonDebt]:
            answer = self.desk.bookings.check_in(member, booking_id=booking_id, key=key)
            return answer, self.desk.debts.of(member)

        self.load(check_in, self._checked_in, group=f"check-in {key}", hold_keys=True)

    def _checked_in(self, done: tuple[Plain, PersonDebt]) -> None:
        answer, debt = done
        self._select = answer["booking"]
        shown = self._page.section(self._section).booked if self._page is not None else []
        if not any(row.booking_id == answer["booking"] for row in shown):
            # Somebody without a booking, or who is not in this section: the card shows them all the same.
            self._section = ALL
            self.query_one("#sections", Tabs).set_active(ALL)
        self.app.data_changed()
        # Others read this line: who owes gets a few quiet words, and no colour.
        owes = days_late(debt.debts, self.desk.today()) > 0
        self.app.show_message(checked_in_words(answer, self.app.take_left(), owes=owes), "text" if owes else "ok")
