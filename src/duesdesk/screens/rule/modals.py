"""Dialogs of the rule: its whole text to write, and the days ahead to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _, sentence
from duesdesk.screens.modals.base import DeskModal, keys_line
from duesdesk.screens.rule import words
from duesdesk.screens.text import Line, line, wrap
from duesdesk.screens.widgets.line_list import LineList, Rows
from duesdesk.screens.widgets.lines_field import LinesField
from duesdesk.screens.widgets.panel import Panel

if TYPE_CHECKING:
    from duesdesk.domain.collection.ladder import Rule
    from duesdesk.services.collection.rehearse import Rehearsal

LONGEST = 60_000


class RuleTextModal(DeskModal[str]):
    """The text of a rule, checked when it is to be tried; the result is the text."""

    WIDTH = 100
    BINDINGS = [Binding("ctrl+s,ctrl+enter", "save", show=False)]
    AUTO_FOCUS = "#rule-text"

    def __init__(self, text: str, check: Callable[[str], Rule]) -> None:
        super().__init__()
        self._text = text
        self._check = check

    def heading(self) -> str:
        return _("The rule as text")

    def compose_box(self) -> ComposeResult:
        entry = LinesField(self._text, max_length=LONGEST, id="rule-text")
        entry.styles.height = max(8, self.app.size.height - 10)
        yield entry
        yield Panel([()], surface="bar", indent=2, id="rule-wrong")

    def hint(self) -> Line:
        return keys_line(("Ctrl+S", _("check and try")), ("Esc", _("back")))

    def has_changes(self) -> bool:
        return self.query_one("#rule-text", LinesField).value != self._text

    def on_field_submitted(self, _event: LinesField.Submitted) -> None:
        self.action_save()

    def action_save(self) -> None:
        text = self.query_one("#rule-text", LinesField).value
        self.load(lambda: self._checked(text), lambda wrong: self._tried(text, wrong), hold_keys=True)

    def _checked(self, text: str) -> DuesdeskError | None:
        try:
            self._check(text)
        except DuesdeskError as error:
            return error
        return None

    def _tried(self, text: str, wrong: DuesdeskError | None) -> None:
        if wrong is None:
            self.dismiss(text)
            return
        told = [line(one, "bad") for one in wrap(sentence(wrong), self.WIDTH - 8)]
        self.query_one("#rule-wrong", Panel).set_lines(told)


class AheadModal(DeskModal[object]):
    """The days ahead, a step a line; Enter opens the person. With `use` the rule can be put in force from here.

    The result is a member's number, True to put the rule in force, or None.
    """

    WIDTH = 100
    BINDINGS = [Binding("w", "use", show=False)]
    AUTO_FOCUS = "#ahead"

    def __init__(self, found: Rehearsal, *, use: bool) -> None:
        super().__init__()
        self._found = found
        self._use = use

    def heading(self) -> str:
        return _("The next 30 days by “{rule}”, if nobody pays").format(rule=self._found.rule)

    def compose_box(self) -> ComposeResult:
        yield Panel([*words.rehearsal_head(self._found), ()], surface="bar", indent=2)
        rows = [words.ahead_row(number, row) for number, row in enumerate(self._found.rows)]
        ahead = LineList(words.ahead_columns(), Rows(rows), surface="bar", id="ahead")
        ahead.empty = line(_("Nobody would hear anything."), "dim")
        ahead.styles.height = max(5, min(len(rows) + 2, self.app.size.height - 12))
        yield ahead

    def hint(self) -> Line:
        keys = [("Enter", _("open the person"))]
        if self._use:
            keys.append(("w", _("put this rule in force")))
        return keys_line(*keys, ("Esc", _("back")))

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.dismiss(cast("tuple[int, str]", event.key)[1])

    def action_use(self) -> None:
        if self._use:
            self.dismiss(True)
