"""The texts of notices: Liquid templates per language, rendered from plain strings within tight limits.

A template is a file `locales/<language>/notices/<name>.liquid`: a line `Subject: …`, a blank line, the body. It sees
the variables of `VARIABLES` and nothing else. Limits stop a text that would never end (loops, output, memory).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from duesdesk.domain.errors import BadInput, NotFound

if TYPE_CHECKING:
    from liquid import Environment

LONGEST_TEMPLATE = 4_000
LONGEST_OUTPUT = 10_000
_MOST_LOOPS = 500
_SUBJECT = "Subject:"
# What a template may speak of; `items` are the open invoices the notice is about.
VARIABLES = frozenset(("centre", "credit", "items", "last_payment", "name", "today", "total"))
TEMPLATES = ("reminder_friendly", "reminder_firm", "due_soon", "payment_received")
# These ask for money: they are withdrawn when it came.
ASKS_FOR_MONEY = frozenset(("reminder_friendly", "reminder_firm", "due_soon"))


@dataclass(frozen=True, slots=True)
class Text:
    """A notice as it will be read."""

    subject: str
    body: str


def source(name: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """(language, template text) in the first of `languages` that has it: a whole text, never half of one.

    Raises NotFound when there is no template of that name.
    """
    if name in TEMPLATES:
        for language in languages:
            path = _folder() / language / "notices" / f"{name}.liquid"
            if path.is_file():
                return language, path.read_text(encoding="utf-8")
    raise NotFound("template-unknown", template=name, known=", ".join(TEMPLATES))


def render(template: str, values: Mapping[str, object]) -> Text:
    """The text of `template` with `values` filled in. Raises BadInput when it is no template or goes beyond a limit."""
    head, _, body = template.partition("\n")
    if not head.startswith(_SUBJECT):
        raise BadInput("template-without-subject")
    return Text(_rendered(head.removeprefix(_SUBJECT).strip(), values), _rendered(body.strip("\n"), values))


def check(template: str) -> None:
    """Raises BadInput when a template is too long, cannot be read, or speaks of something that is not there."""
    from liquid.exceptions import LiquidError  # imported late: start-up

    if len(template) > LONGEST_TEMPLATE:
        raise BadInput("template-too-long", longest=LONGEST_TEMPLATE)
    try:
        used = set(_environment().from_string(template).analyze().globals)
    except LiquidError as error:
        raise BadInput("template-unreadable", detail=str(error).splitlines()[0]) from error
    unknown = sorted(used - VARIABLES)
    if unknown:
        raise BadInput("template-unknown-words", words=unknown, known=sorted(VARIABLES))


def _rendered(text: str, values: Mapping[str, object]) -> str:
    from liquid.exceptions import LiquidError  # imported late: start-up

    try:
        return _environment().from_string(text).render(**values).strip()
    except LiquidError as error:
        raise BadInput("template-unreadable", detail=str(error).splitlines()[0]) from error


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from liquid import Environment, StrictUndefined  # imported late: start-up

    class Limited(Environment):
        loop_iteration_limit = _MOST_LOOPS
        output_stream_limit = LONGEST_OUTPUT
        local_namespace_limit = LONGEST_OUTPUT

    return Limited(undefined=StrictUndefined, strict_filters=True)


def _folder() -> Path:
    return Path(__file__).parent.parent / "locales"
