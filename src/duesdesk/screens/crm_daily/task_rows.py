"""Tasks as rows in two lines: when, about whom, what and how much; below why, whose it is, and by which phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from duesdesk import i18n
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.screens.contact_words import OUTCOMES, word
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line
from duesdesk.screens.widgets.bars import Tab
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.collection.why import step_words
from duesdesk.services.tasks import DONE, OPEN, TaskView

ALL, DUE, MINE, NOBODYS, CLOSED = "all", "due", "mine", "nobodys", "closed"
SECTIONS = {
    ALL: N_("All"),
    DUE: N_("Due now"),
    MINE: N_("Mine"),
    NOBODYS: N_("Nobody’s"),
    CLOSED: N_("Done"),
}
KINDS = {
    "call": N_("call"),
    "desk": N_("a word at the desk"),
    "suspend": N_("suspend?"),
    "handover": N_("hand over?"),
    "unsure": N_("did the notice arrive?"),
    "failed": N_("notice could not be sent"),
    "unreachable": N_("cannot be reached"),
    "other": N_("look at it again"),
}
WIDEST_NAME, OTHER_CELLS = 44, 52


def columns(width: int) -> tuple[Column, ...]:
    """The columns of a list so wide."""
    return (
        Column("on", _("Day"), 9),
        Column("who", _("Who"), max(16, min(WIDEST_NAME, width - OTHER_CELLS))),
        Column("what", _("What"), 22),
        Column("owes", _("Owes"), 11, "right"),
        Column("end", "", 0, flex=True),
    )


def section_tabs(found: Sequence[TaskView], today: date, own: str, done: int) -> list[Tab]:
    """The sections with how many tasks each has; `done` were closed lately."""
    counts = {name: len(chosen(found, name, today, own)) for name in SECTIONS} | {CLOSED: done}
    return [
        Tab(name, _(label), i18n.number(counts[name]), "warn" if name == DUE and counts[name] else "dim")
        for name, label in SECTIONS.items()
    ]


def chosen(found: Sequence[TaskView], section: str, today: date, own: str) -> list[TaskView]:
    """The tasks of a section; those that are done, the last one first."""
    if section == CLOSED:
        closed = [one for one in found if one.state == DONE]
        return sorted(closed, key=lambda one: (one.done_at is not None, one.done_at), reverse=True)
    return [one for one in found if one.state == OPEN and _is_in(one, section, today, own)]


def _is_in(one: TaskView, section: str, today: date, own: str) -> bool:
    if section == DUE:
        return one.due_on <= today
    if section == MINE:
        return one.owner == own
    return section == ALL or not one.owner


def empty_words(section: str, *, ever_run: bool) -> str:
    """What a list without rows says."""
    if section == CLOSED:
        return _("Nothing was done lately.")
    if section == ALL and not ever_run:
        return _("No task yet: the rule makes them, and it never ran. F6 runs it.")
    return _("Nothing is to be done here. Well done.")


def task_row(one: TaskView, today: date, own: str, currency: str) -> Row:
    """A task in two lines."""
    is_open = one.state == OPEN
    late = is_open and one.due_on < today
    shown = i18n.amount if one.currency == currency else i18n.money
    owed = amount(shown(one.open_minor, one.currency), "text", bold=True) if one.currency else Piece("")
    first = (
        Piece(i18n.relative_day(one.due_on, today), "warn" if late else "dim"),
        Piece(one.payer_name, "text" if is_open else "dim"),
        Piece(word(KINDS, one.kind), "text" if is_open else "dim"),
        owed,
        "",
    )
    return Row(one.id, first, second=("", join(*_why(one)), _whose(one, own), "", ""))


def _why(one: TaskView) -> Line:
    if one.state != OPEN:
        return (Piece(outcome_words(one.outcome) or _("done"), "dim", secret=True),)
    return why_pieces(one)


def why_pieces(one: TaskView) -> Line:
    """Why there is this task: the step of the rule and its invoices, or what was written beside it."""
    told: list[Piece] = []
    if one.kind == "call" and one.phone:
        told.append(Piece(one.phone, "text", secret=True))
    if one.step and one.step != one.kind:
        told.append(Piece(step_words(one.step), "dim"))
    if one.invoices:
        count = len(one.invoices)
        many = ngettext("{count} invoice", "{count} invoices", count).format(count=count)
        told.append(Piece(one.invoices[0] if count == 1 else many, "dim"))
    if one.note:
        told.append(Piece(one.note.splitlines()[0], "dim", secret=True))
    if one.member != one.payer:
        told.append(Piece(_("for {name}").format(name=one.member_name), "dim"))
    pieces: list[Piece] = []
    for piece in told:
        pieces += [Piece(f" {sign('dot')} ", "dim"), piece] if pieces else [piece]
    return tuple(pieces)


def _whose(one: TaskView, own: str) -> Line:
    if one.state != OPEN:
        return line(one.done_by, "dim")
    if not one.owner:
        return line(_("nobody’s"), "dim")
    return line(one.owner, "accent" if one.owner == own else "dim")


def outcome_words(outcome: str) -> str:
    """How a task ended: what came of a talk in the language of the screen, else as it was written."""
    code, colon, note = outcome.partition(": ")
    if code not in OUTCOMES:
        return outcome
    return word(OUTCOMES, code) + colon + note
