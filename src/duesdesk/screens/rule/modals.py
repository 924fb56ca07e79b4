"""Dialogs of the rule: its whole text to write, and the rules that were in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.i18n import _
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.rule.ahead_rows import finding_line
from duesdesk.screens.text import Line, Piece, join, line, wrap_line
from duesdesk.screens.widgets.field import FieldState
from duesdesk.screens.widgets.line_list import Column, LineList, Row, Rows
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.rules import Finding, VersionView

LONGEST = 60_000


class RuleTextModal(DeskModal[str]):
    """The text of a rule, checked when it is to be tried; the result is the text."""

    WIDTH = 100
    BINDINGS = [Binding("ctrl+s,ctrl+enter", "save", show=False)]
    AUTO_FOCUS = "#rule-text"

    def __init__(
        self, text: str, findings: Callable[[str], list[Finding]], keep: Callable[[str], None], typed: str = ""
    ) -> None:
        """`keep` keeps what is typed at this desk, in a thread; `typed` is what was kept before and not tried."""
        super().__init__()
        self._text = text
        self._findings = findings
        self._keep = keep
        self._typed = typed
        self._kept = typed
        self._is_keeping = self._is_over = False

    def heading(self) -> str:
        return _("The rule as text")

    def compose_box(self) -> ComposeResult:
        shown = self._typed or self._text
        entry = LinesField(shown, max_length=LONGEST, on_change=self._changed, id="rule-text").whole_lines()
        # From its beginning.
        entry.put_back(FieldState(shown, 0, fresh=False, is_typed=False))
        entry.styles.height = max(8, self.app.size.height - 10)
        yield entry
        yield Panel([()], surface="bar", indent=2, id="rule-wrong")

    def on_mount(self) -> None:
        super().on_mount()
        if self.has_changes():
            told = _("This was typed before, and is not saved yet.")
            self.query_one("#rule-wrong", Panel).set_lines([line(told, "warn")])

    def hint(self) -> Line:
        return keys_line(("Ctrl+S", _("check and try")), ("Esc", _("back")))

    def _changed(self, typed: str) -> None:
        """Keep it; one at a time, and what is typed meanwhile next."""
        if self._is_keeping or typed == self._kept:
            return
        self._is_keeping, self._kept = True, typed
        self.load(lambda: self._keep(typed), self._was_kept, group="draft", in_order=True)

    def _was_kept(self, _answer: None) -> None:
        self._is_keeping = False
        if not self._is_over:
            self._changed(self.query_one("#rule-text", LinesField).value)

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Nothing is kept any more: it is tried, or was thrown away."""
        self._is_over = True
        return super().dismiss(result)

    def has_changes(self) -> bool:
        return self.query_one("#rule-text", LinesField).value != self._text

    def on_field_submitted(self, _event: LinesField.Submitted) -> None:
        self.action_save()

    def action_save(self) -> None:
        text = self.query_one("#rule-text", LinesField).value
        self.load(lambda: self._findings(text), lambda found: self._tried(text, found), hold_keys=True)

    def _tried(self, text: str, found: list[Finding]) -> None:
        wrong = [one for one in found if one.error is not None]
        if not wrong:
            self.dismiss(text)
            return
        told = [one for finding in wrong for one in wrap_line(finding_line(finding), self.WIDTH - 8)]
        self.query_one("#rule-wrong", Panel).set_lines(told)


class VersionsModal(DeskModal[VersionView]):
    """The rules that were in force, the newest first; the result is the one to take back."""

    WIDTH = 96
    AUTO_FOCUS = "#versions"

    def __init__(self, found: Sequence[VersionView], whom: str, *, may_use: bool) -> None:
        super().__init__()
        self._found = tuple(found)
        self._whom = whom
        self._may_use = may_use

    def heading(self) -> str:
        return _("Rules that were in force · {whom}").format(whom=self._whom)

    def compose_box(self) -> ComposeResult:
        columns = (
            Column("since", _("Since"), 18),
            Column("name", _("Rule"), 16, flex=True),
            Column("actor", _("By"), 8),
            Column("reason", _("Why"), 14, flex=True),
        )
        rows = [self._row(number, one) for number, one in enumerate(self._found)]
        listed = LineList(columns, Rows(rows), surface="bar", id="versions")
        listed.styles.height = max(4, min(len(rows) + 2, self.app.size.height - 9))
        yield listed

    def _row(self, number: int, found: VersionView) -> Row:
        at = found.at.astimezone(zone(self.desk.centre.timezone)) if found.at is not None else None
        when = f"{i18n.day_year(at.date())} {at:%H:%M}" if at is not None else _("as it is shipped")
        name = found.name or _("the next wider one")
        state = Piece("  " + _("in force"), "ok") if found.is_in_force else Piece("")
        return Row(number, (line(when, "dim"), join(name, state), line(found.actor, "dim"), line(found.reason, "dim")))

    def hint(self) -> Line:
        take = (("Enter", _("look what would change, to take it back")),) if self._may_use else ()
        return keys_line(*take, ("Esc", _("back")))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        found = self._found[int(str(event.key))]
        if not self._may_use:
            return
        if found.is_in_force:
            self.show_message(_("That one is in force."))
        elif not found.text:
            self.show_message(_("There was no rule of its own then: take it away in the list of others."))
        else:
            self.dismiss(found)
