"""The days ahead: a rule played on the real book, by step and by day; a rule that is tried is put in force from here.

Nothing is written. A long one tells how far it is, and Esc stops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from duesdesk import i18n
from duesdesk.domain.collection.difference import between
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.i18n import _
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import KeySpec, bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormField, FormModal
from duesdesk.screens.rule import ahead_rows
from duesdesk.screens.rule.draft import RuleDraft, base_of, kept_name
from duesdesk.screens.text import line, wrap
from duesdesk.screens.widgets.bars import Tab, Tabs
from duesdesk.screens.widgets.line_list import LineList, Rows, Source
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.collection.rehearse import Rehearsal
from duesdesk.services.rules import Finding, RuleView, Target

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp

SCREEN = "ahead"
DAYS_AHEAD = 30
CHANGES, STEPS, DAYS = "changes", "steps", "days"


@dataclass(frozen=True, slots=True)
class Tried:
    """What is rehearsed: the rule in force for a target, or a draft in its place."""

    view: RuleView
    target: Target
    draft: RuleDraft | None = None

    @property
    def rule(self) -> Rule:
        """The rule that is played."""
        return self.draft.rule if self.draft is not None else self.view.rule


class Read(NamedTuple):
    """What was found: the days ahead, what the check says, and the list of the days."""

    found: Rehearsal
    findings: tuple[Finding, ...]
    days: ahead_rows.Days


def open_ahead(app: DuesdeskApp, tried: Tried) -> None:
    """Play the days ahead."""
    screen = app.show_screen(SCREEN, AheadScreen)
    assert isinstance(screen, AheadScreen)  # noqa: S101  # made on the line above
    screen.open(tried)


class AheadScreen(DeskScreen):
    """See the module."""

    ID = "ahead"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("ahead")
    FOOTER = ("ahead_open", "ahead_view", "use_rule", "ahead_again", "back", "help")
    AUTO_FOCUS = "#ahead-list"

    def __init__(self) -> None:
        super().__init__()
        self._tried: Tried | None = None
        self._found: Rehearsal | None = None
        self._findings: tuple[Finding, ...] = ()
        self._days: ahead_rows.Days | None = None
        self._steps: dict[str, Step] = {}
        self._view = STEPS
        self._only: str | None = None
        self._stop: Event | None = None

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Panel([()], id="ahead-head")
        yield Panel([()], classes="gap")
        yield Tabs(self._tabs(), numbered=True, on_change=self._choose_view, id="ahead-views")
        yield LineList((), on_move=lambda _key: self.member_changed(), pointer=True, id="ahead-list")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.height < 28, "-low")
        self.call_after_refresh(self._draw)

    def on_unmount(self) -> None:
        self._halt()

    # --- playing

    def open(self, tried: Tried) -> None:
        """Play another rule, from the beginning."""
        self._tried, self._found, self._findings, self._only, self._days = tried, None, (), None, None
        self._steps = {step.id: step for step in (*tried.view.rule.steps, *tried.rule.steps)}
        self._view = CHANGES if tried.draft is not None else STEPS
        if self.is_mounted:
            self._play()

    def refresh_data(self) -> None:
        # What somebody writes meanwhile does not begin it anew: R does.
        if self._found is None and self._stop is None:
            self._play()

    def action_again(self) -> None:
        self._play()

    def _play(self) -> None:
        tried = self._tried
        if tried is None:
            return
        self._halt()
        stop = self._stop = Event()
        self._draw()
        self.show_message(_("The next 30 days are played on the book … Esc stops it."))
        self.load(lambda: self._read(tried, stop), lambda read: self._show(read, stop), group="rehearse")

    def _read(self, tried: Tried, stop: Event) -> Read:
        """In a thread."""
        try:
            findings = tuple(self.desk.rules.findings(tried.draft.text)) if tried.draft is not None else ()
            found = self.desk.rehearsals.rehearse(
                tried.draft.rule if tried.draft is not None else None,
                DAYS_AHEAD,
                target=tried.target,
                stop=stop.is_set,
                progress=lambda done, of: self._told(done, of, stop),
            )
            return Read(found, findings, ahead_rows.Days(found))
        except BaseException:
            # It is told elsewhere; Esc has nothing to stop any more.
            self._is_over(stop)
            raise

    def _told(self, done: int, of: int, stop: Event) -> None:
        if stop.is_set() or done >= of:
            return
        told = _("{done} of {all} who owe … Esc stops it.").format(done=i18n.number(done), all=i18n.number(of))
        self.app.call_from_thread(self.show_message, told)

    def _halt(self) -> None:
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    def _is_over(self, stop: Event) -> None:
        if self._stop is stop:
            self._stop = None

    def _show(self, read: Read, stop: Event) -> None:
        self._is_over(stop)
        self._found, self._findings, self._days = read
        self.show_message("")
        self._draw()

    # --- what is shown

    def _tabs(self) -> list[Tab]:
        tabs = [Tab(STEPS, _("By step")), Tab(DAYS, _("By day"))]
        if self._tried is not None and self._tried.draft is not None:
            tabs.insert(0, Tab(CHANGES, _("What changes")))
        return tabs

    def _draw(self) -> None:
        tried = self._tried
        if tried is None or not self.is_mounted:
            return
        title = _("The next 30 days by “{rule}”, if nobody pays").format(rule=tried.rule.name)
        head = self.query_one("#ahead-head", Panel)
        told = ahead_rows.head_lines(self._found, head.room) if self._found is not None else []
        head.set_lines([line(title, "dim"), *told])
        tabs = self.query_one("#ahead-views", Tabs)
        tabs.set_tabs(self._tabs())
        tabs.set_active(self._view)
        listed = self.query_one("#ahead-list", LineList)
        compared = tried.draft is not None
        columns = {
            CHANGES: ahead_rows.change_columns(),
            STEPS: ahead_rows.step_columns(compared=compared),
            DAYS: ahead_rows.day_columns(compared=compared),
        }
        listed.empty = line(_("Nobody would hear anything.") if self._found is not None else "…", "dim")
        listed.set_columns(columns[self._view])
        listed.set_source(self._rows(tried))
        self.member_changed()

    def _rows(self, tried: Tried) -> Source:
        found = self._found
        if self._view == CHANGES:
            differences = between(tried.view.rule, tried.rule)
            return Rows(ahead_rows.change_rows(differences, self._findings, tried.view.rule, tried.rule))
        if found is None or self._days is None:
            return Rows()
        if self._view == STEPS:
            return Rows([ahead_rows.step_row(one, self._steps) for one in found.steps])
        return self._days.source(self._steps, self._only)

    def current_member(self) -> str | None:
        key = self.query_one("#ahead-list", LineList).selected_key
        return key[1] if self._view == DAYS and isinstance(key, tuple) else None

    # --- keys

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id == "use_rule":
            return self._can_use() and self.may(spec.act)
        return super().can_act(spec)

    def _can_use(self) -> bool:
        is_wrong = any(one.error is not None for one in self._findings)
        return self._found is not None and self._tried is not None and self._tried.draft is not None and not is_wrong

    def action_view(self, number: str) -> None:
        tabs = self._tabs()
        if int(number) <= len(tabs):
            self._choose_view(tabs[int(number) - 1].key)

    def _choose_view(self, view: str) -> None:
        self._view, self._only = view, None
        self._draw()

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_open_row()

    def action_open_row(self) -> None:
        member = self.current_member()
        if member is not None:
            self.app.act("member", member)
            return
        key = self.query_one("#ahead-list", LineList).selected_key
        step = key[0] if isinstance(key, tuple) else key
        if isinstance(step, str) and step and self._found is not None:
            self._view, self._only = DAYS, step
            self._draw()
            self.query_one("#ahead-list", LineList).go(0)

    def action_back(self) -> None:
        """Stop playing, leave the people of a step, or go back."""
        if self._stop is not None:
            self._stop.set()
            self.show_message(_("It stops …"), "warn")
        elif self._only is not None:
            step, self._only, self._view = self._only, None, STEPS
            self._draw()
            self.query_one("#ahead-list", LineList).select(step)
        else:
            self.app.back()

    def action_use_rule(self) -> None:
        tried = self._tried
        if tried is None or tried.draft is None or not self._can_use():
            return
        draft, base = tried.draft, base_of(tried.view)
        if draft.base == base:
            self._ask_why(tried, draft, base)
            return

        def agreed(answer: bool | None) -> None:
            if answer:
                self._ask_why(tried, draft, base)

        told = _("Another rule was put in force meanwhile ({actor}). What changes lists what yours takes back of it.")
        question = [line(one) for one in wrap(told.format(actor=tried.view.actor), 54)]
        dialog = ConfirmModal(_("Put yours in its place?"), question, yes=_("put in its place"), danger=True)
        self.app.push_screen(dialog, agreed)

    def _ask_why(self, tried: Tried, draft: RuleDraft, base: str) -> None:
        """Put the draft in force, in the place of the rule it was compared with, after the reason was asked for."""
        whom = _("From the next run on it holds instead of the rule in force; h lists that one and takes it back.")
        fields = [FormField("reason", _("Why"), hint=_("kept with the rule; may be empty"), max_length=200)]

        def save(values: dict[str, object]) -> object:
            answer = self.desk.rules.use(
                draft.text, tried.target, reason=str(values["reason"]), key=draft.key, instead_of=base
            )
            self.desk.drafts.forget(kept_name(tried.target), draft.key)
            return answer

        title = _("Put “{rule}” in force?").format(rule=draft.rule.name)
        form = FormModal(
            title, fields, save=save, save_word=_("put in force"), intro=[line(one, "dim") for one in wrap(whom, 60)]
        )
        self.app.push_screen(form, self._used)

    def _used(self, result: dict[str, object] | None) -> None:
        if result is None or self._tried is None:
            return
        name = self._tried.rule.name
        self._tried = self._found = None
        self.app.data_changed()
        self.app.back()
        told = _("The rule “{name}” is in force from the next run on.").format(name=name)
        self.app.call_later(self.app.show_message, told, "ok")
