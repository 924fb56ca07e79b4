"""A rule in words: when a step comes, what it does and how, and the time line of all steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from duesdesk import i18n
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.i18n import _, ngettext, pgettext
from duesdesk.messages import N_
from duesdesk.reports.scorecard import ScorecardRow
from duesdesk.screens.contact_words import word
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, join, line, wrap
from duesdesk.screens.texts.words import template_word
from duesdesk.screens.widgets.line_list import Column, Row
from duesdesk.services.collection.reasons import left_out_words, reason_words
from duesdesk.services.collection.views import RunResult

ACTIONS = {
    "notice": N_("notice"),
    "call": N_("call"),
    "desk": N_("word at the desk"),
    "fee": N_("fee"),
    "suspend": N_("suspension"),
    "handover": N_("hand-over"),
}
TONES = {"friendly": N_("friendly"), "neutral": N_("neutral"), "firm": N_("firm")}
CHANNELS = {
    "email": N_("e-mail"),
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "letter": N_("letter"),
    "telegram": N_("Telegram"),
    "signal": N_("Signal"),
    "push": N_("push message"),
    "fax": N_("fax"),
    "desk": N_("at the desk"),
}
_MOST_REASONS = 6
_ASKED_CELLS = 54
"""What a line of a question has room for."""


def when_words(step: Step) -> str:
    """'5 days before due', 'on the due day', '3 days after due', 'when issued', 'when paid'."""
    days = abs(step.offset_days)
    if step.when == "due":
        if step.offset_days < 0:
            return ngettext("{count} day before due", "{count} days before due", days).format(count=days)
        if not days:
            return _("on the due day")
        return ngettext("{count} day after due", "{count} days after due", days).format(count=days)
    said = {
        "issued": _("when issued"),
        "paid": _("when paid"),
        "promise_broken": _("promise broken"),
        "instalment_missed": _("instalment missed"),
    }[step.when]
    return f"{said} + {days}" if days else said


def how_words(step: Step) -> str:
    """'notice, friendly', 'call', 'fee 5.00'."""
    told = word(ACTIONS, step.do)
    if step.do == "notice":
        return f"{told}, {word(TONES, step.tone)}"
    return f"{told} {step.amount_text}" if step.amount_text else told


def step_words(step: Step) -> str:
    """'3 days after due · notice, friendly': what a step is called before people."""
    return f"{when_words(step)} · {how_words(step)}"


def after_words(step: Step) -> str:
    """'formal-letter, 10 days ago'; empty when it waits for none."""
    if step.requires is None:
        return ""
    said = ngettext("{step}, {count} day ago", "{step}, {count} days ago", step.requires.days)
    return said.format(step=step.requires.step, count=step.requires.days)


def where_words(step: Step) -> str:
    """The channels in the order they are tried."""
    return ", ".join(word(CHANNELS, channel) for channel in step.channels)


def columns() -> tuple[Column, ...]:
    """When, how, where, what it waits for, and what it brought."""
    return (
        Column("when", _("When"), 17, flex=True),
        Column("how", _("How"), 13, flex=True),
        Column("where", _("Where"), 10, flex=True),
        Column("after", _("Only after"), 18, min_terminal_width=130),
        Column("times", pgettext("steps", "Taken"), 6, "right"),
        Column("came", _("Came"), 5, "right"),
        Column("anyway", pgettext("share", "Anyway"), 6, "right"),
    )


def row(step: Step, cards: Mapping[str, ScorecardRow], *, changed: bool = False) -> Row:
    """A step of the rule, with what it brought in the last ninety days; one that is not in force yet is marked."""
    card = cards.get(step.id)
    after = f"{step.requires.step} + {step.requires.days}" if step.requires is not None else ""
    return Row(
        step.id,
        (
            line(("* " if changed else "") + when_words(step), "warn" if changed else "text"),
            line(how_words(step)),
            line(where_words(step), "dim"),
            line(after, "dim"),
            line(i18n.number(card.times) if card else "", "dim"),
            line(f"{card.came_percent} %" if card else "", "ok" if card and card.lift_minor > 0 else "dim"),
            line(f"{card.anyway_percent} %" if card else "", "dim"),
        ),
    )


def detail_lines(step: Step, card: ScorecardRow | None, currency: str, room: int) -> list[Line]:
    """All about one step, and its scorecard."""
    told: list[Line] = [line(step.id, "white", bold=True), line(when_words(step), "dim"), ()]
    facts = [(_("Does"), how_words(step))]
    if step.channels:
        facts.append((_("By"), where_words(step)))
    if step.template:
        facts.append((_("Text"), template_word(step.template)))
    if step.requires is not None:
        facts.append((_("After"), after_words(step)))
    if step.repeat_days:
        said = ngettext("every {count} day", "every {count} days", step.repeat_days)
        facts.append((_("Again"), said.format(count=step.repeat_days)))
    width = max(len(label) for label, _said in facts) + 2
    for label, said in facts:
        for number, part in enumerate(wrap(said, max(8, room - width))):
            told.append(join(Piece((label if not number else "").ljust(width), "dim"), part))
    told.append(())
    if card is None:
        said = _("Not judged yet: a step counts a week after it was sent.")
        return told + [line(one, "dim") for one in wrap(said, room)]
    told += [
        line(_("In the last 90 days"), "dim"),
        join(Piece(_("Asked").ljust(14), "dim"), amount(i18n.money(card.asked_minor, currency))),
        join(Piece(_("Came in 7 days").ljust(14) + " ", "dim"), amount(i18n.money(card.came_minor, currency), "ok")),
        join(Piece(_("Anyway").ljust(14), "dim"), amount(i18n.money(card.anyway_minor, currency))),
        join(Piece(_("By the step").ljust(14), "dim"), amount(i18n.money(card.lift_minor, currency), bold=True)),
    ]
    return told


def time_line(rule: Rule, width: int) -> list[Line]:
    """The steps that count from the due day, as marks on a line of days with the days below."""
    days = sorted({step.offset_days for step in rule.steps if step.when == "due"})
    if not days or width < 30:
        return [(), ()]
    first, last = min(0, days[0]), max(1, days[-1])
    span = last - first
    room = width - 6
    places = {day: (day - first) * room // span for day in {*days, 0}}
    marks, labels = [sign("horizontal")] * (room + 1), [" "] * (room + 6)
    for day in sorted(places):
        marks[places[day]] = sign("vertical") if day == 0 else sign("full")
        shown = _("due") if day == 0 else f"{day:+d}"
        if all(labels[at] == " " for at in range(max(0, places[day] - 1), min(len(labels), places[day] + len(shown)))):
            labels[places[day] : places[day] + len(shown)] = list(shown)
    return [line("".join(marks), "accent"), line("".join(labels).rstrip(), "dim")]


def run_lines(result: RunResult, steps: Mapping[str, Step]) -> list[Line]:
    """What a run would do, before it is done; `steps` are those of all rules by their name."""
    told: list[Line] = []
    for step, count in Counter(one.step for one in result.taken).most_common():
        known = steps.get(step)
        shown = join(Piece(step_words(known)), Piece(f"  {step}", "faint")) if known is not None else line(step)
        told.append(join(Piece(i18n.number(count).rjust(7) + "  ", "white", bold=True), shown))
    if not told:
        told.append(line(_("Nothing is due today."), "dim"))
    if result.held:
        told += [(), line(_("Held back:"), "dim")]
        for reason, count in Counter(one.reason for one in result.held).most_common(_MOST_REASONS):
            told.append(join(Piece(i18n.number(count).rjust(7) + "  ", "dim"), Piece(reason_words(reason), "dim")))
    if result.cancelled:
        said = ngettext(
            "{count} waiting notice is pulled back.", "{count} waiting notices are pulled back.", len(result.cancelled)
        )
        told += [(), line(said.format(count=i18n.number(len(result.cancelled))), "dim")]
    left = result.left_out
    lines = left_out_words(left.payments, left.since)
    if lines:
        told += [(), *(line(one, "dim") for said in lines for one in wrap(said, _ASKED_CELLS))]
    return told
