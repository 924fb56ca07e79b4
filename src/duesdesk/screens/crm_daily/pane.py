"""The debt of one person, as lines of the pane at the right: what is open, what was said, what to say, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.domain.arrivals import late_level
from duesdesk.i18n import _, ngettext
from duesdesk.screens.contact_lines import contact_line
from duesdesk.screens.contact_words import word
from duesdesk.screens.crm_daily.rows import LEVEL_TONES
from duesdesk.screens.crm_daily.task_rows import KINDS
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, fit, join, line, spread, wrap
from duesdesk.services.debts import OwedInvoice, PersonDebt

if TYPE_CHECKING:
    from duesdesk.services.tasks import TaskView

LABEL_CELLS = 7
MOST_TASKS, MOST_SAID = 3, 4
MOST_INVOICES = 6


def debt_lines(
    debt: PersonDebt,
    today: date,
    room: int,
    acts: Collection[str],
    following: Sequence[str] = (),
    tasks: Sequence[TaskView] = (),
) -> list[Line]:
    """The lines, at most `room` cells wide. `acts` are the answers that have a key here.

    `following` are sentences about what the rule does next, `tasks` what is to be done about the person.
    """
    lines: list[Line] = [spread(Piece(debt.name, "white", bold=True), Piece(debt.member, "dim"), room)]
    if not debt.pays_for_themselves:
        lines.append(line(_("{payer} pays").format(payer=debt.payer_name), "dim"))
    lines += _sums(debt)
    if debt.invoices:
        lines += [(), *_invoices(debt, today)]
    if debt.contacts:
        lines += [(), *_labelled(_("Last"), [contact_line(entry, today) for entry in debt.contacts], room)]
    if tasks:
        lines += [(), *_labelled(_("Task"), task_lines(tasks, room - LABEL_CELLS), room)]
    if debt.say:
        said = wrap(f"“{debt.say}”", room - LABEL_CELLS)
        lines += [(), *_labelled(_("Say"), [line(one, "accent") for one in said], room), ()]
        lines += _answers(debt, acts)
    if debt.why and debt.debts:
        told = wrap(debt.why, room - LABEL_CELLS)
        lines += [(), *_labelled(_("Why"), [line(one) for one in told], room)]
    if following and debt.debts:
        told = [part for one in following for part in wrap(one, room - LABEL_CELLS)]
        lines += [(), *_labelled(_("Rule"), [line(one) for one in told], room)]
    return lines


def task_lines(tasks: Sequence[TaskView], room: int) -> list[Line]:
    """What is to be done about somebody; of a word at the desk, what is to be said."""
    lines: list[Line] = []
    for task in tasks[:MOST_TASKS]:
        lines.append(line(word(KINDS, task.kind), "warn"))
        if task.kind == "desk" and task.note:
            lines += [
                (Piece(part, "text", secret=True),) for part in wrap(" ".join(task.note.split()), room, MOST_SAID)
            ]
    return lines


def _sums(debt: PersonDebt) -> list[Line]:
    found: list[Line] = []
    for one in debt.debts:
        if not one.unpaid_minor:
            continue
        count = ngettext("{count} invoice", "{count} invoices", one.unpaid_invoices).format(count=one.unpaid_invoices)
        oldest = ngettext("oldest {count} day", "oldest {count} days", debt.days).format(count=debt.days)
        tone = LEVEL_TONES[late_level(debt.days)]
        figure = amount(i18n.money(one.unpaid_minor, one.currency), tone, bold=True)
        found.append(join(figure, Piece(f"  {count}, {oldest}", "dim")))
    return found or [line(_("nothing overdue"), "ok" if not debt.debts else "dim")]


def _invoices(debt: PersonDebt, today: date) -> list[Line]:
    several = len({one.currency for one in debt.debts}) > 1
    shown = [_invoice(one, today, several=several) for one in debt.invoices[:MOST_INVOICES]]
    more = len(debt.invoices) - MOST_INVOICES
    if more > 0:
        shown.append(line(ngettext("{count} more", "{count} more", more).format(count=more), "dim"))
    return shown


def _invoice(one: OwedInvoice, today: date, *, several: bool) -> Line:
    money = i18n.money(one.open_minor, one.currency) if several else i18n.amount(one.open_minor, one.currency)
    due = i18n.day_month(one.due_on, today) if one.due_on else sign("none")
    level = late_level(one.days)
    mark = Piece(sign("late", level) if level else sign("due"), LEVEL_TONES[level])
    part = Piece(" " + sign("part"), "dim") if one.paid_minor else Piece("")
    figures = join(fit(Piece(one.number), 11), fit(amount(money), 11, "right"))
    return join(*figures, Piece("   "), *fit(Piece(due, "dim"), 11), mark, part)


def _answers(debt: PersonDebt, acts: Collection[str]) -> list[Line]:
    told = {
        "pay": ("p", _("pays now, all or part")),
        "promise": ("y", _("promises a day")),
        "talk": ("t", _("says something else: note it")),
    }
    return [
        join(Piece(" " * LABEL_CELLS), Piece(told[answer][0], "accent", bold=True), Piece("  " + told[answer][1]))
        for answer in debt.answers
        if answer in acts
    ]


def _labelled(label: str, lines: list[Line], room: int) -> list[Line]:
    """Lines with a label before the first and blanks before the others."""
    heads = [label, *[""] * (len(lines) - 1)]
    return [fit(join(fit(Piece(head, "dim"), LABEL_CELLS), *one), room) for head, one in zip(heads, lines, strict=True)]
