"""A text as somebody would read it, and what keeps it from being saved, as lines to draw."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import _
from duesdesk.screens.refusals import refusal_lines
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, join, line, with_sums, wrap_line
from duesdesk.screens.widgets.panel import Panel
from duesdesk.services.templates import Trial


def trial_lines(trial: Trial, width: int) -> list[Line]:
    """Who it was tried on, the subject and the text; amounts are dots while amounts are hidden."""
    who = trial.name or _("somebody invented")
    lines: list[Line] = [line(_("as {name} would read it").format(name=who), "dim"), ()]
    if not trial.subject and not trial.body:
        return lines
    subject = with_sums(trial.subject, "white")
    lines += wrap_line(tuple(piece._replace(bold=True) for piece in subject), width)
    lines.append(())
    for paragraph in trial.body.split("\n"):
        lines += wrap_line(with_sums(paragraph), width)
    if trial.problem is not None:
        lines += [(), *refusal_lines(trial.problem, width, "dim")]
    return lines


def finding_lines(findings: Sequence[DuesdeskError], width: int, most: int) -> list[Line]:
    """What is wrong with a text, one sentence each in at most `most` lines; or that nothing is."""
    if not findings:
        return [join(Piece(sign("paid") + " ", "ok"), Piece(_("This text is in order."), "dim"))]
    lines = [one for error in findings for one in refusal_lines(error, width, "warn")]
    if len(lines) > most:
        lines = [*lines[: most - 1], line(_("and more"), "warn")]
    return lines


class Page(VerticalScroll, can_focus=False):
    """Lines to read beside a list or a form; it scrolls when there are many."""

    def compose(self) -> ComposeResult:
        yield Panel([()], rule=True)

    def set_beside(self, *, beside: bool) -> None:
        """Whether it stands beside something, with a rule between, or below it."""
        panel = self.query_one(Panel)
        panel.rule = beside
        panel.redraw()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; where they are read stays."""
        self.query_one(Panel).set_lines(lines)

    @property
    def room(self) -> int:
        """The cells a line may take."""
        return self.query_one(Panel).room

    def turn(self, pages: int) -> None:
        """A page on or back."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)
