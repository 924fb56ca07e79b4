"""The difference between two rules in words: "3 → 5 days after due", "taken out", "Tone: neutral → firm"."""

from __future__ import annotations

from duesdesk import i18n
from duesdesk.domain.collection.difference import WHEN, Difference
from duesdesk.domain.collection.ladder import Rule, Step
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.screens.contact_words import word
from duesdesk.screens.rule import words
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, join, line
from duesdesk.screens.texts.words import template_word

CONFIRM = {"payment": N_("every payment"), "settled": N_("only what settles an item")}


def change_lines(found: Difference, before: Rule, after: Rule) -> list[tuple[str, Line]]:
    """(whose step, what changed) of one difference, a line each."""
    arrow = sign("becomes")
    if found.kind == "head":
        return [
            (_("whole rule"), line(f"{label}: {_head(before, field)} {arrow} {_head(after, field)}"))
            for field, label in _head_labels()
            if field in found.fields
        ]
    step = found.after or found.before
    if step is None:
        return []
    name = words.step_words(found.before or step)
    if found.kind == "added":
        told = join(Piece(_("added"), "ok", bold=True), Piece(f": {words.where_words(step)}" if step.channels else ""))
        return [(name, told)]
    if found.kind == "removed":
        return [(name, line(_("taken out"), "bad", bold=True))]
    if found.kind == "moved" or found.before is None or found.after is None:
        return [(name, line(_("moved to another place"), "dim"))]
    old, new = found.before, found.after
    return [(name, line(_one(field, old, new, arrow))) for field in found.fields]


def _one(field: str, old: Step, new: Step, arrow: str) -> str:
    if field == WHEN:
        if old.when == new.when == "due" and old.offset_days * new.offset_days > 0:
            return f"{abs(old.offset_days)} {arrow} {words.when_words(new)}"
        return f"{words.when_words(old)} {arrow} {words.when_words(new)}"
    return f"{_label(field)}: {_said(field, old)} {arrow} {_said(field, new)}"


def _label(field: str) -> str:
    return {
        "do": _("Does"),
        "template": _("Text"),
        "tone": _("Tone"),
        "channels": _("By"),
        "amount_text": _("Amount"),
        "requires": _("Only after"),
        "repeat_days": _("Again"),
        "max_times": _("Times"),
    }[field]


def _said(field: str, step: Step) -> str:
    if field == "do":
        return word(words.ACTIONS, step.do)
    if field == "template":
        return template_word(step.template) or "–"
    if field == "tone":
        return word(words.TONES, step.tone)
    if field == "channels":
        return words.where_words(step) or "–"
    if field == "requires":
        return words.after_words(step) or "–"
    if field == "repeat_days":
        every = ngettext("every {count} day", "every {count} days", step.repeat_days)
        return every.format(count=step.repeat_days) if step.repeat_days else _("once")
    if field == "max_times":
        return i18n.number(step.max_times)
    return step.amount_text or "–"


def _head_labels() -> tuple[tuple[str, str], ...]:
    return (
        ("name", _("Name")),
        ("minimum_open_text", _("Smallest sum")),
        ("gap_days", _("Days between contacts")),
        ("max_per_week", _("Most in a week")),
        ("confirm", _("Confirms")),
    )


def _head(rule: Rule, field: str) -> str:
    value = getattr(rule, field)
    if field == "confirm":
        return _(CONFIRM[value])
    return "–" if value is None else str(value)
