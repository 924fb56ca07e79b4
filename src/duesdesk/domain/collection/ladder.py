"""A rule: its steps with when, how and where, read from TOML that staff wrote."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from duesdesk.domain.errors import BadInput
from duesdesk.domain.reach import CHANNELS

ISSUED, DUE, PAID, PROMISE_BROKEN, INSTALMENT_MISSED = "issued", "due", "paid", "promise_broken", "instalment_missed"
EVENTS = (ISSUED, DUE, PAID, PROMISE_BROKEN, INSTALMENT_MISSED)
NOTICE, CALL, DESK, FEE, SUSPEND, HANDOVER = "notice", "call", "desk", "fee", "suspend", "handover"
ACTIONS = (NOTICE, CALL, DESK, FEE, SUSPEND, HANDOVER)
TONES = ("friendly", "neutral", "firm")
MOST_STEPS = 60
MOST_DAYS = 3650
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
T = TypeVar("T")
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Requires:
    """Another step that must really have been sent (or done), this many days ago or more."""

    step: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `offset_days` counts from the event: below zero before it.

    `channels` are tried in order. With `repeat_days` above zero it comes again every so many days, `max_times` times
    in all. `amount_text` is the fee of a fee step, a decimal text in the debt's currency.
    """

    id: str
    when: str
    offset_days: int
    do: str
    template: str = ""
    tone: str = "neutral"
    channels: tuple[str, ...] = ()
    requires: Requires | None = None
    repeat_days: int = 0
    max_times: int = 1
    amount_text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is in force. `minimum_open_text` is a decimal text, for each currency alone.

    `confirm` says when a payment is confirmed by the steps of the event `paid`: each `payment`, or only when an item is
    `settled` by it.
    """

    name: str
    steps: tuple[Step, ...]
    minimum_open_text: str = "0"
    gap_days: int = 3
    max_per_week: int | None = None
    confirm: str = "payment"

    def step(self, step_id: str) -> Step | None:
        """The step called so."""
        return next((one for one in self.steps if one.id == step_id), None)


def parse(text: str, *, templates: Callable[[str], bool] | None = None) -> Rule:
    """The rule that TOML `text` says. `templates` tells whether there is a template of a name.

    Raises BadInput: 'rule-unreadable' (line and detail) for what is no TOML, 'rule-wrong' (step, field, problem code)
    for what is no rule.
    """
    rule, wrong = read(text, templates=templates)
    if wrong or rule is None:
        raise wrong[0]
    return rule


def read(text: str, *, templates: Callable[[str], bool] | None = None) -> tuple[Rule | None, list[BadInput]]:
    """The rule that `text` says and all that is wrong with it, as `parse` raises it; None for what is no rule."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [BadInput("rule-unreadable", detail=str(error))]
    wrong: list[BadInput] = []
    head = _kept(wrong, lambda: _head(table))
    steps_in: list[Mapping[str, Any]] = _kept(wrong, lambda: _steps_in(table)) or []
    steps = [_kept(wrong, lambda: _step(one, number, templates)) for number, one in enumerate(steps_in, 1)]  # noqa: B023  # called at once
    if wrong or head is None:
        return None, wrong
    rule = replace(head, steps=tuple(step for step in steps if step is not None))
    return rule, _wrong_together(rule)


def _kept(wrong: list[BadInput], make: Callable[[], T]) -> T | None:
    """What is made, or None and why not among what is `wrong`."""
    try:
        return make()
    except BadInput as error:
        wrong.append(error)
        return None


def _head(table: Mapping[str, Any]) -> Rule:
    """The rule without its steps."""
    _only(table, ("name", "minimum_open", "gap_days", "max_per_week", "confirm", "step"), "")
    name = _text(table, "name", "", most=60)
    if not name:
        raise _wrong("", "name", "missing")
    return Rule(
        name,
        (),
        _amount(table, "minimum_open", "", "0"),
        _whole(table, "gap_days", "", 3, least=0),
        _whole(table, "max_per_week", "", 0, least=1) if "max_per_week" in table else None,
        _one_of(table, "confirm", "", ("payment", "settled"), "payment"),
    )


def _steps_in(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    steps_in = table.get("step", [])
    if not isinstance(steps_in, list) or not all(isinstance(one, dict) for one in steps_in):
        raise _wrong("", "step", "not-a-list")
    if not 1 <= len(steps_in) <= MOST_STEPS:
        raise _wrong("", "step", "none" if not steps_in else "too-many")
    return steps_in


def _step(table: Mapping[str, Any], number: int, templates: Callable[[str], bool] | None) -> Step:
    step_id = table.get("id")
    if not isinstance(step_id, str) or not _ID.fullmatch(step_id):
        raise _wrong(str(number), "id", "not-an-id")
    _only(
        table,
        ("id", "when", "offset_days", "do", "template", "tone", "channels", "requires", "repeat_days", "max_times",
         "amount"),
        step_id,
    )  # fmt: skip
    when = _one_of(table, "when", step_id, EVENTS, "")
    do = _one_of(table, "do", step_id, ACTIONS, "")
    offset_days = _whole(table, "offset_days", step_id, 0, least=-MOST_DAYS)
    if offset_days < 0 and when != DUE:
        raise _wrong(step_id, "offset_days", "before-nothing")
    if offset_days < 0 and do != NOTICE:
        raise _wrong(step_id, "do", "only-a-notice-before")
    channels = table.get("channels", [])
    if not isinstance(channels, list) or any(one not in CHANNELS for one in channels):
        raise _wrong(step_id, "channels", "unknown")
    template = _text(table, "template", step_id, most=60)
    if do == NOTICE:
        template = template or usual_template(when, offset_days)
        channels = channels or ["email"]
    if template and templates is not None and not templates(template):
        raise _wrong(step_id, "template", "unknown")
    amount = _amount(table, "amount", step_id, "")
    if do == FEE and (not amount or _says_nothing(amount)):
        raise _wrong(step_id, "amount", "missing")
    repeat_days = _whole(table, "repeat_days", step_id, 0, least=0)
    max_times = _whole(table, "max_times", step_id, 1, least=1)
    if max_times > 1 and not repeat_days:
        raise _wrong(step_id, "repeat_days", "missing")
    if repeat_days and (offset_days < 0 or when != DUE):
        raise _wrong(step_id, "repeat_days", "only-after-due")
    if repeat_days and do == FEE:
        raise _wrong(step_id, "repeat_days", "fee-once")
    if repeat_days and "max_times" not in table:
        max_times = MOST_DAYS
    return Step(
        step_id,
        when,
        offset_days,
        do,
        template,
        _one_of(table, "tone", step_id, TONES, "neutral"),
        tuple(channels),
        _requires(table, step_id),
        repeat_days,
        max_times,
        amount,
    )


def usual_template(when: str, offset_days: int) -> str:
    """The template of a notice step that names none."""
    if when == DUE:
        return "before_due" if offset_days < 0 else "due_day" if offset_days == 0 else "overdue"
    return {ISSUED: "invoice", PAID: "payment_received"}.get(when, when)


def _says_nothing(text: str) -> bool:
    """Whether a decimal text says nothing."""
    return not text.strip("0.")


def _requires(table: Mapping[str, Any], step_id: str) -> Requires | None:
    found = table.get("requires")
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("step"), str):
        raise _wrong(step_id, "requires", "not-a-step")
    _only(found, ("step", "days"), step_id)
    return Requires(found["step"], _whole(found, "days", step_id, 0, least=0))


def _wrong_together(rule: Rule) -> list[BadInput]:
    found: list[BadInput] = []
    seen: set[str] = set()
    for step in rule.steps:
        if step.id in seen:
            found.append(_wrong(step.id, "id", "twice"))
        seen.add(step.id)
    for step in rule.steps:
        other = rule.step(step.requires.step) if step.requires else None
        if step.requires and (other is None or other.id == step.id):
            found.append(_wrong(step.id, "requires", "unknown-step"))
        if other is not None and other.when == step.when and other.offset_days > step.offset_days:
            found.append(_wrong(step.id, "requires", "comes-later"))
    return found


def _wrong(step: str, field: str, problem: str) -> BadInput:
    return BadInput("rule-wrong", step=step, field=field, problem=problem)


def _only(table: Mapping[str, Any], known: tuple[str, ...], step: str) -> None:
    for name in table:
        if name not in known:
            raise _wrong(step, str(name), "unknown-field")


def _text(table: Mapping[str, Any], field: str, step: str, *, most: int) -> str:
    value = table.get(field, "")
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise _wrong(step, field, "not-a-text")
    return value.strip()


def _one_of(table: Mapping[str, Any], field: str, step: str, known: tuple[str, ...], default: str) -> str:
    value = table.get(field, default)
    if not isinstance(value, str) or value not in known:
        raise _wrong(step, field, "missing" if value == "" else "unknown")
    return value


def _whole(table: Mapping[str, Any], field: str, step: str, default: int, *, least: int) -> int:
    value = table.get(field, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(step, field, "not-a-number")
    if not least <= value <= MOST_DAYS:
        raise _wrong(step, field, "out-of-bounds")
    return value


def _amount(table: Mapping[str, Any], field: str, step: str, default: str) -> str:
    value = table.get(field, default)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or (value and not _AMOUNT.fullmatch(value)):
        raise _wrong(step, field, "not-an-amount")
    return value
