"""Rule (F6): the steps in force as a time line and a list; rehearse, run, change."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.domain.collection.ladder import Step
from duesdesk.i18n import _, ngettext
from duesdesk.reports.scorecard import Scorecard, ScorecardRow
from duesdesk.screens.base import DeskScreen
from duesdesk.screens.keys import bindings_for
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.rule import words
from duesdesk.screens.rule.modals import AheadModal, RuleTextModal
from duesdesk.screens.text import Line, Piece
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.acts import new_key
from duesdesk.services.collection.rehearse import Rehearsal
from duesdesk.services.collection.run import RunStatus
from duesdesk.services.collection.views import RunResult
from duesdesk.services.rules import RuleView

WIDE_COLUMNS = 110
DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Page:
    """What was read for the screen."""

    view: RuleView
    others: int
    status: RunStatus
    cards: dict[str, ScorecardRow]


class RuleScreen(DeskScreen):
    """See the module."""

    ID = "rule"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("rule")
    FOOTER = ("rehearse", "run_rule", "edit_rule", "find", "help")
    AUTO_FOCUS = "#steps"

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None

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
        self.load(self._read, self._show)

    def _read(self) -> Page:
        found = self.desk.rules.all()
        report = self.desk.reports.read("scorecard")
        cards: dict[str, ScorecardRow] = {}
        if isinstance(report, Scorecard):
            own = [one for one in report.currencies if one.currency == self.desk.centre.currency]
            cards = {card.step: card for one in own for card in one.rows}
        return Page(found[0], len(found) - 1, self.desk.runs.status(), cards)

    def _show(self, page: Page) -> None:
        self._page = page
        steps = self.query_one("#steps", LineList)
        steps.set_source(Rows([words.row(step, page.cards) for step in page.view.rule.steps]))
        self._draw()

    def _draw(self) -> None:
        page = self._page
        if page is None:
            return
        self.query_one("#rule-head", Panel).set_lines([self._head(page)])
        self.query_one("#rule-line", Panel).set_lines(words.time_line(page.view.rule, self.size.width - 4))
        self._show_pane()

    def _head(self, page: Page) -> Line:
        pieces = [Piece(page.view.rule.name, "white", bold=True)]
        since = page.view.since
        if since is None:
            pieces.append(Piece("   " + _("as it is shipped"), "dim"))
        else:
            day = i18n.day_year(since.astimezone(zone(self.desk.centre.timezone)).date())
            pieces.append(Piece("   " + _("since {day}, {actor}").format(day=day, actor=page.view.actor), "dim"))
        if page.others:
            told = ngettext("{count} other for some", "{count} others for some", page.others)
            pieces.append(Piece("   " + told.format(count=i18n.number(page.others)), "dim"))
        last = page.status.last
        if last is None:
            pieces.append(Piece("   " + _("never run yet: r shows what it would do"), "accent"))
        elif page.status.is_missed:
            pieces.append(Piece("   " + _("not run today: r runs it"), "warn"))
        else:
            pieces.append(Piece("   " + _("last run {day}").format(day=i18n.short_day(last.on)), "dim"))
        return tuple(pieces)

    def _step(self) -> Step | None:
        key = self.query_one("#steps", LineList).selected_key
        return self._page.view.rule.step(str(key)) if self._page is not None and key is not None else None

    def _moved(self, _key: Hashable | None) -> None:
        self._show_pane()

    def _show_pane(self) -> None:
        pane, step, page = self.query_one("#rule-pane", Panel), self._step(), self._page
        if step is None or page is None or not self.has_class("-wide"):
            pane.set_lines([])
            return
        pane.set_lines(words.detail_lines(step, page.cards.get(step.id), self.desk.centre.currency, pane.room))

    def on_line_list_chosen(self, _event: LineList.Chosen) -> None:
        self.action_rehearse()

    # --- the days ahead

    def action_rehearse(self) -> None:
        self.show_message(_("The next 30 days are played on the book …"))
        self.load(
            lambda: self.desk.rehearsals.rehearse(days=DAYS_AHEAD),
            lambda found: self._show_ahead(found, ""),
            group="rehearse",
        )

    def _show_ahead(self, found: Rehearsal, text: str) -> None:
        self.show_message("")

        def answered(wanted: object) -> None:
            if wanted is True:
                self._use(text)
            elif isinstance(wanted, str):
                self.app.act("member", wanted)

        self.app.push_screen(AheadModal(found, use=bool(text) and self.may("rule.use")), answered)

    # --- today's run

    def action_run_rule(self) -> None:
        self.load(self._would_run, self._ask_run, group="run", hold_keys=True)

    def _would_run(self) -> RunResult:
        return self.desk.rehearsing().runs.run()

    def _ask_run(self, result: RunResult) -> None:
        if not result.taken and not result.cancelled:
            self.show_message(_("Nothing is due today."))
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.show_message(_("The rule is run …"))
                self.load(self.desk.runs.run, self._was_run, group="run")

        dialog = ConfirmModal(_("Run the rule for today?"), words.run_lines(result), yes=_("run it"))
        self.app.push_screen(dialog, answered)

    def _was_run(self, result: RunResult) -> None:
        self.app.data_changed()
        told = ngettext(
            "{count} step taken; notices wait in F5.", "{count} steps taken; notices wait in F5.", len(result.taken)
        )
        self.show_message(told.format(count=i18n.number(len(result.taken))), "ok")

    # --- another rule

    def action_edit_rule(self) -> None:
        if self._page is not None:
            modal = RuleTextModal(self._page.view.text, self.desk.rules.check)
            self.app.push_screen(modal, self._try)

    def _try(self, text: str | None) -> None:
        """The text is in order: what it would do comes before it is put in force."""
        if text is None or self._page is None or text == self._page.view.text:
            return
        self.show_message(_("The next 30 days are played on the book …"))
        self.load(
            lambda: self.desk.rehearsals.rehearse(self.desk.rules.check(text), DAYS_AHEAD),
            lambda found: self._show_ahead(found, text),
            group="rehearse",
        )

    def _use(self, text: str) -> None:
        key = new_key()
        self.load(
            lambda: self.desk.rules.use(text, key=key),
            lambda answer: self._used(str(answer["name"])),
            group="use",
            hold_keys=True,
        )

    def _used(self, name: str) -> None:
        self.app.data_changed()
        told = _("The rule “{name}” is in force from the next run on.").format(name=name)
        self.app.show_message(told, "ok")
