"""Rule (F6): the steps in force as a time line and a list; rehearse, run, change.

What is changed is a draft until it is put in force: it is kept at this desk, marked in the list, and checked, compared
and rehearsed first (`ahead`).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.domain.collection.difference import Difference
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, ngettext
from duesdesk.reports.scorecard import Scorecard, ScorecardRow
from duesdesk.screens.keys import KeySpec, bindings_for, for_action
from duesdesk.screens.modals.reading import ReadModal
from duesdesk.screens.rule import draft as drafts
from duesdesk.screens.rule import words
from duesdesk.screens.rule.changing import ChangingScreen, Page
from duesdesk.screens.rule.draft import RuleDraft
from duesdesk.screens.rule.modals import VersionsModal
from duesdesk.screens.rule.others import SCOPES, open_others
from duesdesk.screens.text import Line, Piece, line
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.rules import Target, VersionView

WIDE_COLUMNS = 110
READING_WIDTH = 68
_REFUSED = frozenset(
    ("edit_step", "add_step", "drop_step", "move_step", "rule_head", "try_rule", "forget_rule", "run_rule")
)
"""Keys that say who may do it to somebody who may not, rather than nothing."""


class RuleScreen(ChangingScreen):
    """See the module."""

    ID = "rule"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("rule")
    FOOTER = ("edit_step", "try_rule", "rehearse", "run_rule", "rule_others", "find", "help")
    FOOTER_MORE = (
        "add_step",
        "drop_step",
        "move_step",
        "rule_head",
        "rule_text",
        "rule_step",
        "rule_versions",
        "forget_rule",
    )
    AUTO_FOCUS = "#steps"

    def compose_body(self) -> ComposeResult:
        yield Panel([()], classes="gap")
        yield Panel([()], id="rule-head")
        yield Panel([()], classes="gap")
        yield Panel([(), ()], id="rule-line")
        yield Panel([()], classes="gap")
        with Horizontal(id="rule-body"):
            yield LineList(words.columns(), on_move=self._moved, pointer=True, id="steps")
            yield Panel(rule=True, id="rule-pane", classes="pane")

    # --- what is shown

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE_COLUMNS, "-wide")
        self.set_class(event.size.height < 28, "-low")
        self.call_after_refresh(self._draw)

    def refresh_data(self) -> None:
        target = self._target
        self.load(lambda: self._read(target), self._show)

    def look_at(self, target: Target) -> None:
        """Show the rule of a group, a member or an invoice; Esc shows the centre's again."""
        self._target, self._page, self._draft = target, None, None
        if self.is_mounted:
            self.refresh_data()

    def _read(self, target: Target) -> Page:
        """In a thread. A rule that was taken away meanwhile is the centre's again."""
        views = tuple(self.desk.rules.all())
        view = next((one for one in views if (one.scope, one.target) == (target.scope, target.name)), views[0])
        report = self.desk.reports.read("scorecard")
        cards: dict[str, ScorecardRow] = {}
        if isinstance(report, Scorecard):
            own = [one for one in report.currencies if one.currency == self.desk.centre.currency]
            cards = {card.step: card for one in own for card in one.rows}
        kept = self.desk.drafts.find(drafts.kept_name(target), overnight=True) if self.may("rule.use") else None
        left_out = sum(one.kind == "excluded" for one in self.desk.holds.all())
        templates = tuple(dict.fromkeys(one.address.name for one in self.desk.templates.all()))
        return Page(view, views, left_out, self.desk.runs.status(), cards, drafts.found(kept, view), templates)

    def _show(self, page: Page) -> None:
        if page.view.scope == "centre":
            self._target = Target()
        self._page, self._draft = page, page.draft
        self.show_rule()

    def show_rule(self) -> None:
        page, rule = self._page, self.rule
        if page is None or rule is None:
            return
        changed = {one.after.id for one in self._differences() if one.after is not None}
        steps = self.query_one("#steps", LineList)
        steps.set_source(Rows([words.row(step, page.cards, changed=step.id in changed) for step in rule.steps]))
        if self._go_to:
            steps.select(self._go_to)
            self._go_to = ""
        self._draw()
        self.refresh_footer()

    def _differences(self) -> tuple[Difference, ...]:
        return self._draft.differences(self._page.view) if self._draft is not None and self._page is not None else ()

    def _draw(self) -> None:
        page, rule = self._page, self.rule
        if page is None or rule is None:
            return
        self.query_one("#rule-head", Panel).set_lines([self._head(page, rule)])
        self.query_one("#rule-line", Panel).set_lines(words.time_line(rule, self.size.width - 4))
        self._show_pane()

    def _head(self, page: Page, rule: Rule) -> Line:
        pieces = [Piece(rule.name, "white", bold=True)]
        if page.view.scope != "centre":
            pieces.append(Piece(f"   {_(SCOPES[page.view.scope])} {page.view.target}", "accent"))
        if self._draft is not None:
            count = len(self._differences())
            told = ngettext("{count} change, not in force: w", "{count} changes, not in force: w", count)
            return (*pieces, Piece("   " + told.format(count=i18n.number(count)), "warn"))
        since = page.view.since
        if since is None:
            pieces.append(Piece("   " + _("as it is shipped"), "dim"))
        else:
            day = i18n.day_year(since.astimezone(zone(self.desk.centre.timezone)).date())
            pieces.append(Piece("   " + _("since {day}, {actor}").format(day=day, actor=page.view.actor), "dim"))
        others = len(page.views) - 1 + page.left_out
        if others:
            told = ngettext("{count} other for some: o", "{count} others for some: o", others)
            pieces.append(Piece("   " + told.format(count=i18n.number(others)), "dim"))
        last = page.status.last
        if last is None:
            pieces.append(Piece("   " + _("never run yet: r shows what it would do"), "accent"))
        elif page.status.is_missed:
            pieces.append(Piece("   " + _("not run today: r runs it"), "warn"))
        else:
            pieces.append(Piece("   " + _("last run {day}").format(day=i18n.short_day(last.on)), "dim"))
        return tuple(pieces)

    def steps_by_name(self) -> dict[str, Step]:
        views = self._page.views if self._page is not None else ()
        return {step.id: step for view in reversed(views) for step in view.rule.steps}

    def run_intro(self) -> list[Line]:
        if self._draft is None:
            return []
        return [line(_("By the rule in force, without what was changed here."), "warn"), ()]

    def _moved(self, _key: Hashable | None) -> None:
        self._show_pane()

    def _show_pane(self) -> None:
        pane, step, page = self.query_one("#rule-pane", Panel), self.selected_step(), self._page
        if step is None or page is None or not self.has_class("-wide"):
            pane.set_lines([])
            return
        pane.set_lines(words.detail_lines(step, page.cards.get(step.id), self.desk.centre.currency, pane.room))

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_edit_step()

    # --- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that the role may not use says so, although the footer dims it."""
        spec = for_action(f"{action}('%s')" if parameters and action == "move_step" else action)
        return True if spec is not None and spec.id in _REFUSED else super().check_action(action, parameters)

    def can_act(self, spec: KeySpec) -> bool:
        if spec.id in ("try_rule", "forget_rule"):
            return self._draft is not None and self.may(spec.act)
        return super().can_act(spec)

    def action_run_rule(self) -> None:
        try:
            super().action_run_rule()
        except DuesdeskError as error:
            self.app.report(error)

    def action_back(self) -> None:
        if self.stop_running():
            return
        if self._target.name:
            self.look_at(Target())
        else:
            self.app.back()

    def action_about_step(self) -> None:
        step, page = self.selected_step(), self._page
        if step is not None and page is not None:
            lines = words.detail_lines(step, page.cards.get(step.id), self.desk.centre.currency, READING_WIDTH)
            self.app.push_screen(ReadModal(words.step_words(step), lines))

    def action_versions(self) -> None:
        target = self._target
        whom = f"{_(SCOPES[target.scope])} {target.name}" if target.name else self.desk.centre.name

        def show(found: list[VersionView]) -> None:
            def chosen(version: VersionView | None) -> None:
                if version is not None:
                    self._take_back(version, found)

            self.app.push_screen(VersionsModal(found, whom, may_use=self.may("rule.use")), chosen)

        self.app.open_with(lambda: self.desk.rules.versions(target), show)

    def _take_back(self, version: VersionView, listed: list[VersionView]) -> None:
        """It becomes the draft, in the place of the rule that was listed as the one in force."""
        base = next((one.text for one in listed if one.is_in_force and one.version is not None), "")

        def take() -> None:
            self.keep_draft(version.text, RuleDraft(new_key(), version.text, base))
            self.try_out()

        self.ask_to_forget(take)

    def action_others(self) -> None:
        open_others(self.app)

    def action_rehearse(self) -> None:
        """What is changed is rehearsed too, beside the rule in force."""
        self.try_out()
