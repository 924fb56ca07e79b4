"""The tab Tasks of CRM Daily: what is to be done, by whom and when; done, taken over and given away by keys."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.base import LEAST_COLUMNS, DeskScreen
from duesdesk.screens.crm_daily import task_rows
from duesdesk.screens.crm_daily.head import DayHead
from duesdesk.screens.keys import KeySpec
from duesdesk.screens.text import line
from duesdesk.screens.widgets.bars import Tab
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.services.acts import Plain, new_key

if TYPE_CHECKING:
    from duesdesk.services.tasks import TaskView

SUMMARY_KEYS: tuple[str, ...] = ("check_in", "pay", "talk", "open", "promise", "notice", "help")
SUMMARY_MORE: tuple[str, ...] = ("tasks", "section", "mode", "day", "today", "sort", "privacy")
TASK_KEYS: tuple[str, ...] = ("open", "task_done", "task_take", "pay", "talk", "promise", "help")
TASK_MORE: tuple[str, ...] = ("tasks", "section", "notice", "privacy", "undo")
MOST_DONE = 200
_ONLY_SUMMARY = frozenset(("check_in", "mode", "day", "today", "sort"))
_ONLY_TASKS = frozenset(("task_done", "task_take"))


class Found(NamedTuple):
    """What was read for the tab: tasks that are open, the last ones that were done, and whether the rule ever ran."""

    tasks: list[TaskView]
    done: int
    ever_run: bool


class TasksTab(DeskScreen):
    """What CRM Daily has of tasks; see the module."""

    FOOTER = SUMMARY_KEYS
    FOOTER_MORE = SUMMARY_MORE

    def __init__(self) -> None:
        super().__init__()
        self.on_tasks = False
        self._task_section = task_rows.ALL
        self._found: Found | None = None
        self._task_stays: TaskView | None = None

    def compose_tasks(self) -> ComposeResult:
        """The list beside which the person stands."""
        with Vertical(id="task-left"):
            yield LineList(
                task_rows.columns(LEAST_COLUMNS), row_height=2, pointer=True, on_move=self._task_moved, id="tasks"
            )

    # --- what the screen does for it

    def show_sections(self) -> None:
        """Show the sections of the tab in front."""

    def load_person(self) -> None:
        """Show the person at the right anew."""

    # --- reading

    def load_tasks(self, *, holds: bool = False) -> None:
        """Count what is due for the tab; read the tasks when they are in front. `holds`: the next keys are for them."""
        self.load(self.desk.tasks.due_count, self._show_count, group="task count")
        if self.on_tasks:
            self.load(self._fetch_tasks, self._show_tasks, group="tasks", hold_keys=holds)

    def _fetch_tasks(self) -> Found:
        from duesdesk.services.tasks import DONE  # imported late: start-up

        tasks, done = self.desk.tasks, self.desk.tasks.all(DONE, newest=MOST_DONE)
        return Found([*tasks.all(), *done], len(done), self.desk.runs.status().last is not None)

    def _show_count(self, count: int) -> None:
        self.query_one(DayHead).show_tabs(i18n.number(count) if count else "", on_tasks=self.on_tasks)

    def _show_tasks(self, found: Found) -> None:
        before, self._found = self.selected_task(), found
        self.show_sections()
        self._draw_tasks(keep=True, before=before)

    def task_tabs(self) -> list[Tab]:
        """The sections of tasks with their counts."""
        found = self._found
        if found is None:
            return [Tab(name, _(label)) for name, label in task_rows.SECTIONS.items()]
        return task_rows.section_tabs(found.tasks, self.desk.today(), self.desk.actor.name, found.done)

    def _draw_tasks(self, *, keep: bool, before: TaskView | None = None) -> None:
        """`before` was selected: when it has left the section it stays until the cursor moves, as it is now."""
        found = self._found
        if found is None:
            return
        today, own, currency = self.desk.today(), self.desk.actor.name, self.desk.centre.currency
        listed = self.query_one("#tasks", LineList)
        listed.empty = line(task_rows.empty_words(self._task_section, ever_run=found.ever_run), "dim")
        shown = task_rows.chosen(found.tasks, self._task_section, today, own)
        self._task_stays = None
        if before is not None and before.id not in {one.id for one in shown}:
            self._task_stays = next((one for one in found.tasks if one.id == before.id), before)
            shown.insert(min(listed.index, len(shown)), self._task_stays)
        listed.set_source(Rows([task_rows.task_row(one, today, own, currency) for one in shown]), keep=keep)
        self.member_changed()
        self.load_person()

    def _task_moved(self, key: Hashable | None) -> None:
        if self._task_stays is not None and key != self._task_stays.id:
            self._draw_tasks(keep=True)
        self.member_changed()
        self.follow(self.load_person)

    def selected_task(self) -> TaskView | None:
        """The task that is pointed at."""
        if not self.on_tasks or self._found is None:
            return None
        key = self.query_one("#tasks", LineList).selected_key
        if self._task_stays is not None and key == self._task_stays.id:
            return self._task_stays
        return next((one for one in self._found.tasks if one.id == key), None)

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id in _ONLY_TASKS:
            task = self.selected_task()
            return task is not None and task.state == "open" and super().can_act(spec)
        return not (self.on_tasks and spec.id in _ONLY_SUMMARY) and super().can_act(spec)

    def action_tasks(self) -> None:
        self.show_tab(on_tasks=not self.on_tasks)

    def show_tab(self, *, on_tasks: bool) -> None:
        """Bring Summary or Tasks to the front."""
        if on_tasks == self.on_tasks:
            return
        self.on_tasks = on_tasks
        self.set_class(on_tasks, "-tasks")
        self.FOOTER, self.FOOTER_MORE = (TASK_KEYS, TASK_MORE) if on_tasks else (SUMMARY_KEYS, SUMMARY_MORE)
        self.query_one(DayHead).show_tabs(None, on_tasks=on_tasks)
        self.show_sections()
        self.query_one("#tasks" if on_tasks else "#arrivals", LineList).focus()
        self.load_tasks(holds=True)
        self.load_person()
        self.member_changed()
        self.call_after_refresh(self.fit_columns)

    def action_back(self) -> None:
        if self.on_tasks:
            self.show_tab(on_tasks=False)
        else:
            super().action_back()

    def fit_columns(self) -> None:
        """Give the columns of the list in front the room there is."""
        listed = self.query_one("#tasks", LineList)
        if self.on_tasks:
            listed.set_columns(task_rows.columns(listed.size.width))

    def show_task_section(self, section: str) -> None:
        """Show one section of the tasks."""
        self._task_section = section
        self._draw_tasks(keep=False)

    def action_task_done(self) -> None:
        from duesdesk.screens.crm_daily.task_acts import task_done  # imported late: start-up

        task = self.selected_task()
        if task is not None:
            task_done(self.app, task)

    def action_task_take(self) -> None:
        from duesdesk.screens.crm_daily.task_acts import task_given  # imported late: start-up

        task = self.selected_task()
        if task is None:
            return
        own, key = self.desk.actor.name, new_key()
        if task.owner == own:
            task_given(self.app, task)
            return
        self.load(lambda: self.desk.tasks.assign(task.id, own, key=key), self._taken_over, group="take", hold_keys=True)

    def _taken_over(self, _answer: Plain) -> None:
        self.app.data_changed()
        self.app.show_message(_("The task is yours; “o” once more gives it to somebody else or to another day."), "ok")
