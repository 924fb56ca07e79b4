"""A rehearsal for people: what would happen in words, and as tables."""

from __future__ import annotations

from duesdesk.i18n import _, day_year, ngettext, number
from duesdesk.reports.shape import DAY, MONEY, NUMBER, TEXT, Column, Sheet
from duesdesk.services.collection.reasons import left_out_words
from duesdesk.services.collection.rehearse import Rehearsal

_STEPS = (Column("step", TEXT), Column("action", TEXT), Column("people", NUMBER), Column("times", NUMBER))
_ROWS = (
    Column("date", DAY),
    Column("member", TEXT),
    Column("name", TEXT),
    Column("step", TEXT),
    Column("action", TEXT),
    Column("channel", TEXT),
    Column("invoices", TEXT),
    Column("amount", MONEY),
    Column("currency", TEXT),
)


def told(found: Rehearsal) -> str:
    """'30 days: 38 people, 61 notices', and beside it what the rule in force would do."""
    people, notices = _people(found.people), _notices(found.notices)
    tasks = ngettext("{count} task", "{count} tasks", found.tasks).format(count=number(found.tasks))
    line = _("{rule}, {first} to {last}: {people}, {notices}, {tasks}.").format(
        rule=found.rule, first=day_year(found.first), last=day_year(found.last), people=people, notices=notices,
        tasks=tasks,
    )  # fmt: skip
    if found.left_out is not None:
        left = found.left_out
        line = "\n".join((line, *left_out_words(left.payments, left.since)))
    if found.people_now is None or found.notices_now is None:
        return line
    beside = _("By the rule in force: {people}, {notices}; {gained} more would hear of it, {lost} fewer.")
    return "\n".join(
        (
            line,
            beside.format(
                people=_people(found.people_now),
                notices=_notices(found.notices_now),
                gained=number(len(found.gained)),
                lost=number(len(found.lost)),
            ),
        )
    )


def _people(count: int) -> str:
    return ngettext("{count} person", "{count} people", count).format(count=number(count))


def _notices(count: int) -> str:
    return ngettext("{count} notice", "{count} notices", count).format(count=number(count))


def sheets(found: Rehearsal) -> tuple[Sheet, ...]:
    """How often each step, then every step of every day."""
    steps = tuple((one.step, one.action, one.people, one.times) for one in found.steps)
    rows = tuple(
        (
            row.on,
            row.member,
            row.name,
            row.step,
            row.action,
            row.channel,
            " ".join(row.invoices),
            row.amount_minor,
            row.currency,
        )
        for row in found.rows
    )
    return Sheet("", (), _STEPS, steps), Sheet("", (), _ROWS, rows)
