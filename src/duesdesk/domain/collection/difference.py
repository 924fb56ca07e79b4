"""What differs between two rules, step by step: facts for those who tell it in words."""

from __future__ import annotations

from typing import Literal, NamedTuple

from duesdesk.domain.collection.ladder import Rule, Step

HEAD_FIELDS = ("name", "minimum_open_text", "gap_days", "max_per_week", "confirm")
STEP_FIELDS = ("do", "template", "tone", "channels", "amount_text", "requires", "repeat_days", "max_times")
WHEN = "when"
"""The field under which a change of the event and of its days is told, once."""


class Difference(NamedTuple):
    """One step that differs, or the head of the rule (both steps None); `fields` are those that changed.

    A step that is added has no `before`, one that is removed no `after`. 'moved': only its place among the steps.
    """

    kind: Literal["added", "removed", "changed", "moved", "head"]
    before: Step | None
    after: Step | None
    fields: tuple[str, ...] = ()


def between(before: Rule, after: Rule) -> tuple[Difference, ...]:
    """The differences: the head, then the steps of `after` in their order, then those that are gone."""
    found: list[Difference] = []
    head = tuple(field for field in HEAD_FIELDS if getattr(before, field) != getattr(after, field))
    if head:
        found.append(Difference("head", None, None, head))
    stays = [step.id for step in before.steps if after.step(step.id) is not None]
    moved = _moved(stays, [step.id for step in after.steps if before.step(step.id) is not None])
    for step in after.steps:
        old = before.step(step.id)
        if old is None:
            found.append(Difference("added", None, step))
            continue
        fields = _fields(old, step)
        if fields:
            found.append(Difference("changed", old, step, fields))
        elif step.id in moved:
            found.append(Difference("moved", old, step))
    found += [Difference("removed", step, None) for step in before.steps if after.step(step.id) is None]
    return tuple(found)


def _fields(old: Step, new: Step) -> tuple[str, ...]:
    when = (WHEN,) if (old.when, old.offset_days) != (new.when, new.offset_days) else ()
    return (*when, *(field for field in STEP_FIELDS if getattr(old, field) != getattr(new, field)))


def _moved(before: list[str], after: list[str]) -> frozenset[str]:
    """The fewest that were taken from one place to another: all but a longest run that kept its order."""
    place = {step: number for number, step in enumerate(before)}
    # The best run that ends with each step, with its length: the longest of them stays.
    best: list[tuple[int, list[str]]] = [(0, [])]
    for step in after:
        count, run = max((one for one in best if not one[1] or place[one[1][-1]] < place[step]), key=_length)
        best.append((count + 1, [*run, step]))
    return frozenset(after) - frozenset(max(best, key=_length)[1])


def _length(run: tuple[int, list[str]]) -> int:
    return run[0]
