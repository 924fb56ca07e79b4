"""Changing the rule: by a form for each step, by moving and taking out, or as text; what comes of it is a draft.

The draft is kept at this desk and is in force only once it was tried (`ahead`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.roles import require
from duesdesk.i18n import _
from duesdesk.reports.scorecard import ScorecardRow
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.reading import ReadModal
from duesdesk.screens.rule import draft as drafts
from duesdesk.screens.rule import forms
from duesdesk.screens.rule.ahead import Tried, open_ahead
from duesdesk.screens.rule.draft import RuleDraft
from duesdesk.screens.rule.modals import RuleTextModal
from duesdesk.screens.rule.running import RunningScreen
from duesdesk.screens.text import line
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.services import rule_text
from duesdesk.services.acts import new_key
from duesdesk.services.collection.run_status import RunStatus
from duesdesk.services.drafts import Draft as Kept
from duesdesk.services.rules import RuleView, Target


@dataclass(frozen=True, slots=True)
class Page:
    """What was read for the screen; `views` are all rules in force, `templates` the texts there are."""

    view: RuleView
    views: tuple[RuleView, ...]
    left_out: int
    status: RunStatus
    cards: dict[str, ScorecardRow]
    draft: RuleDraft | None
    templates: tuple[str, ...]


class Changed(NamedTuple):
    """A text that was changed, and the last step in it: the one that was added."""

    text: str
    last: str


class ChangingScreen(RunningScreen):
    """The acts that change the rule; see the module."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._draft: RuleDraft | None = None
        self._target = Target()
        # The step that is to be selected once it is listed.
        self._go_to = ""

    def show_rule(self) -> None:
        """Show the rule as it is now."""

    @property
    def rule(self) -> Rule | None:
        """The rule that is shown: the draft, else the one in force."""
        if self._draft is not None:
            return self._draft.rule
        return self._page.view.rule if self._page is not None else None

    def selected_step(self) -> Step | None:
        """The step that the cursor is on."""
        key = self.query_one("#steps", LineList).selected_key
        rule = self.rule
        return rule.step(str(key)) if rule is not None and key is not None else None

    def _may_change(self) -> bool:
        """Whether the rule may be changed by who works here; a refusal is said."""
        try:
            require(self.desk.actor.role, "rule.use")
        except DuesdeskError as error:
            self.app.report(error)
            return False
        return self._page is not None

    def begun(self) -> RuleDraft:
        """What a change begins with: the draft, else the rule in force as it is shown.

        Taken when a form opens: what somebody else puts in force meanwhile is not what was changed there.
        """
        if self._draft is not None:
            return self._draft
        view = self._page.view if self._page is not None else None
        return RuleDraft(new_key(), view.text if view else "", drafts.base_of(view) if view else "")

    def action_edit_step(self) -> None:
        step = self.selected_step()
        if self._may_change() and step is not None:
            self._open_form(step)

    def action_add_step(self) -> None:
        if self._may_change():
            self._open_form(None)

    def _open_form(self, step: Step | None) -> None:
        rule, page, begun = self.rule, self._page, self.begun()
        if rule is None or page is None:
            return

        def save(values: dict[str, object]) -> object:
            changed = forms.changed_step(begun.text, step, rule, values)
            return Changed(changed, self.desk.rules.check(changed).steps[-1].id)

        def saved(result: dict[str, object] | None) -> None:
            changed = result["saved"] if result is not None else None
            if isinstance(changed, Changed):
                if step is None:
                    self._go_to = changed.last
                self.keep_draft(changed.text, begun)

        self.app.push_screen(forms.step_form(rule, step, page.templates, save, self.desk.centre.currency), saved)

    def action_drop_step(self) -> None:
        step = self.selected_step()
        if self._may_change() and step is not None:
            self._change(lambda text: rule_text.without_step(text, step.id))

    def action_move_step(self, key: str) -> None:
        step = self.selected_step()
        if self._may_change() and step is not None:
            by = -1 if key in ("shift+up", "K") else 1
            self._change(lambda text: rule_text.moved(text, step.id, by))

    def action_rule_head(self) -> None:
        rule, begun = self.rule, self.begun()
        if not self._may_change() or rule is None:
            return

        def save(values: dict[str, object]) -> object:
            changed = rule_text.with_head(begun.text, values)
            self.desk.rules.check(changed)
            return changed

        def saved(result: dict[str, object] | None) -> None:
            if result is not None:
                self.keep_draft(str(result["saved"]), begun)

        self.app.push_screen(forms.head_form(rule, save, self.desk.centre.currency), saved)

    def _change(self, change: Callable[[str], str]) -> None:
        """Change the text, when a rule comes of it; else it is said why not."""
        begun = self.begun()

        def work() -> str:
            text = change(begun.text)
            self.desk.rules.check(text)
            return text

        self.load(work, lambda text: self.keep_draft(text, begun), group="change", hold_keys=True)

    def keep_draft(self, text: str, begun: RuleDraft) -> None:
        """Have `text` as the draft, in the place of what it was `begun` from; the rule in force, again, is none."""
        page = self._page
        if page is None or text == self.begun().text:
            return
        name, old = drafts.kept_name(self._target), self._draft
        if text == page.view.text:
            self._draft = None
            if old is not None:
                self.load(lambda: self.desk.drafts.forget(name, old.key), _nothing, group="draft", in_order=True)
        else:
            draft = self._draft = RuleDraft(begun.key, text, begun.base)
            self.load(
                lambda: self.desk.drafts.keep(name, draft.key, draft.content()), _nothing, group="draft", in_order=True
            )
        self.show_rule()

    def action_forget_rule(self) -> None:
        if not self._may_change() or self._draft is None or self._page is None:
            return
        text, begun = self._page.view.text, self.begun()
        self.ask_to_forget(lambda: self.keep_draft(text, begun))

    def ask_to_forget(self, then: Callable[[], None]) -> None:
        """Do it once the loss of what was changed is agreed to; at once when nothing was."""
        if self._draft is None:
            then()
            return
        question = [line(_("What was changed and is not in force is lost."))]
        dialog = ConfirmModal(_("Throw the changes away?"), question, yes=_("throw it away"))
        self.app.push_screen(dialog, lambda agreed: then() if agreed else None)

    def action_rule_text(self) -> None:
        """The text to write; to read for those who may not change it."""
        if self._page is None:
            return
        if not self.may("rule.use"):
            read = [line(one) for one in self.begun().text.splitlines()]
            self.app.push_screen(ReadModal(_("The rule as text"), read))
            return
        name = drafts.typed_name(self._target)
        self.app.open_with(
            lambda: self.desk.drafts.find(name, overnight=True), lambda kept: self._write_text(name, kept)
        )

    def _write_text(self, name: str, kept: Kept | None) -> None:
        """The text in a dialog; what is typed is kept at this desk until it is tried or thrown away."""
        typed, begun = drafts.typed_before(kept, self.begun())
        key = kept.key if kept is not None else new_key()

        def keep(text: str) -> None:
            if text == begun.text:
                self.desk.drafts.forget(name, key)
            else:
                self.desk.drafts.keep(name, key, {"typed": text, **begun.content()})

        def written(text: str | None) -> None:
            self.load(lambda: self.desk.drafts.forget(name, key), _nothing, group="typed", in_order=True)
            if text is not None and text != self.begun().text:
                self.keep_draft(text, begun)
                self.try_out()

        self.app.push_screen(RuleTextModal(begun.text, self.desk.rules.findings, keep, typed), written)

    def action_try_rule(self) -> None:
        if not self._may_change():
            return
        if self._draft is None:
            self.show_message(_("Nothing was changed: the rule shown is in force."))
        else:
            self.try_out()

    def try_out(self) -> None:
        """Play the days ahead, by what was changed when anything was."""
        if self._page is not None:
            open_ahead(self.app, Tried(self._page.view, self._target, self._draft))


def _nothing(_answer: object) -> None:
    return None
