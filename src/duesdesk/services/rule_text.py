"""A rule's TOML changed step by step: comments, blanks and spelling of what is not changed stay as somebody wrote them.

The text is cut into its head and its `[[step]]` parts; comments right above a step go where the step goes.

Example:
    text = with_step(text, "friendly", {"offset_days": 5})
    text = without_step(moved(text, "call", -1), "due-day")
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from duesdesk.domain.collection.ladder import DUE, Step
from duesdesk.domain.errors import BadInput

_BEGINS = re.compile(r"[ \t]*\[\[[ \t]*step[ \t]*\]\]")
_BLANK = re.compile(r"\s*\Z")
ORDER = ("id", "when", "offset_days", "do", "template", "tone", "channels", "amount", "requires", "repeat_days",
         "max_times")  # fmt: skip
"""The fields of a step, in the order a new one is written."""


def with_step(text: str, step_id: str, values: Mapping[str, Any]) -> str:
    """The step's fields as `values` say; None takes a field out. A step that is not there is added at the end.

    Raises BadInput ('rule-by-hand') for a text whose steps are written in another way than `[[step]]`.
    """
    head, steps = _parts(text)
    if step_id in steps:
        steps[step_id] = _changed(steps[step_id], values, "step")
    else:
        given = {"id": step_id, **values}
        steps[step_id] = _changed("[[step]]\n", {field: given.get(field) for field in ORDER}, "step")
    return _joined(head, list(steps.values()))


def without_step(text: str, step_id: str) -> str:
    """The rule without that step and the comments that stand right above it."""
    head, steps = _parts(text)
    steps.pop(step_id, None)
    return _joined(head, list(steps.values()))


def moved(text: str, step_id: str, by: int) -> str:
    """The step `by` places further down (below zero: up); at an end it stays."""
    head, steps = _parts(text)
    order = list(steps)
    if step_id in order:
        at = order.index(step_id)
        order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
    return _joined(head, [steps[one] for one in order])


def with_head(text: str, values: Mapping[str, Any]) -> str:
    """What holds for the whole rule (`name`, `minimum_open`, `gap_days` ...) as `values` say; None takes it out."""
    head, steps = _parts(text)
    return _joined(_changed(head, values, ""), list(steps.values()))


def new_id(step: Step, taken: frozenset[str]) -> str:
    """A name for a new step, of what it does and when: 'call-20-after'."""
    days = abs(step.offset_days)
    if step.when == DUE:
        when = "due-day" if not days else f"{days}-{'before' if step.offset_days < 0 else 'after'}"
    else:
        when = step.when.replace("_", "-") + (f"-{days}" if days else "")
    name = f"{step.do}-{when}"
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 99))) if one not in taken)


def _parts(text: str) -> tuple[str, dict[str, str]]:
    lines = text.splitlines(keepends=True)
    starts = []
    for number, written in enumerate(lines):
        if _BEGINS.match(written):
            first = number
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            starts.append(first)
    ends = [*starts[1:], len(lines)]
    blocks = ["".join(lines[first:end]) for first, end in zip(starts, ends, strict=False)]
    wanted = [one.get("id") for one in tomllib.loads(text).get("step", []) if isinstance(one, dict)]
    try:
        found = [tomllib.loads(block)["step"][0].get("id") for block in blocks]
    except tomllib.TOMLDecodeError as error:
        raise BadInput("rule-by-hand") from error
    if found != wanted or len(set(found)) != len(found):
        raise BadInput("rule-by-hand")
    return "".join(lines[: starts[0]]) if starts else text, dict(zip(found, blocks, strict=True))


def _changed(part: str, values: Mapping[str, Any], table: str) -> str:
    """The head or one step with other values; only what differs is written anew."""
    import tomlkit  # imported late: start-up

    blank = _BLANK.search(part)
    body, tail = (part[: blank.start()], part[blank.start() :]) if blank else (part, "")
    document = tomlkit.parse(body + "\n")
    into: Any = document[table][0] if table else document  # Any: tomlkit's tables answer whatever they hold
    for field, value in values.items():
        before = into[field].unwrap() if field in into else None
        if value == before:
            continue
        if before is not None and (value is None or isinstance(value, dict)):
            del into[field]
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            into[field] = inline
        elif value is not None:
            into[field] = value
    return tomlkit.dumps(document).rstrip() + (tail or "\n")


def _joined(head: str, blocks: list[str]) -> str:
    """One blank line between steps where none was; nothing after the last."""
    parts = [head, *blocks]
    apart = [part if part.endswith("\n\n") or not part.strip() else part.rstrip() + "\n\n" for part in parts[:-1]]
    return "".join([*apart, parts[-1].rstrip() + "\n"])
