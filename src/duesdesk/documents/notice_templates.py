"""The texts of notices: Liquid templates per language and tone, rendered from plain strings within tight limits.

A template is a file `locales/<language>/notices/<name>[.<tone>][.sms].liquid`: a line `Subject: …`, a blank line, the
body. Without a tone it is the neutral text, which also stands in for a tone that has none; `.sms` is the short form
for SMS and messengers. `parts.toml` beside them says how the language tells an item, the sum, or how to pay. A template
sees the variables of `VARIABLES` and nothing else; limits stop a text that would never end (loops, output, memory).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from duesdesk.domain.collection.ladder import TONES
from duesdesk.domain.errors import BadInput, NotFound

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment
    from liquid.static_analysis import TemplateAnalysis

LONGEST_TEMPLATE = 4_000
LONGEST_OUTPUT = 10_000
_MOST_LOOPS = 500
_SUBJECT = "Subject:"
NEUTRAL = "neutral"
WHOLE, SHORT = "whole", "short"
FORMS = (WHOLE, SHORT)
# Where only a few characters are read, or paid for one by one.
SHORT_CHANNELS = frozenset(("sms", "whatsapp", "telegram", "signal", "push"))
NAMES = (
    "invoice",
    "before_due",
    "due_day",
    "overdue",
    "formal_letter",
    "promise_broken",
    "instalment_missed",
    "payment_received",
)
# Names of the first version, with the text that they are now.
OTHER_NAMES: Mapping[str, tuple[str, str]] = {
    "reminder_friendly": ("overdue", "friendly"),
    "reminder_firm": ("overdue", "firm"),
    "due_soon": ("before_due", "friendly"),
}
TEMPLATES = (*OTHER_NAMES, *NAMES)
# These ask for money: they are withdrawn when it came.
ASKS_FOR_MONEY = frozenset(TEMPLATES) - {"payment_received"}
ITEM_FIELDS = frozenset(
    ("days", "description", "due_on", "late", "lowered", "member", "number", "open", "paid", "total")
)
SETTLED_FIELDS = frozenset(("amount", "description", "number"))
# What a template may speak of: see `services.notice_values`, which makes them.
VARIABLES = frozenset(
    (
        "account", "account_holder", "address", "centre", "coming_list", "contact", "credit", "creditor", "due_list",
        "due_on", "email", "how_to_pay", "iban", "instalment", "instalment_on", "items", "last_payment", "later_list",
        "list", "more_count", "more_total", "name", "opt_out", "overdue_list", "pay_link", "payment_number",
        "payment_on", "phone", "pix_key", "promised", "promised_on", "reference", "settled", "settled_list",
        "signature", "tax_id", "to_pay", "today", "total", "totals",
    )
)  # fmt: skip
# All a text needs; what could run long or reach for other files is not there.
_TAGS = frozenset(("#", "assign", "case", "comment", "content", "for", "if", "illegal", "output", "unless"))
_FILTERS = frozenset(("capitalize", "default", "downcase", "first", "join", "last", "size", "strip"))
# A range could have any number of steps.
_RANGE = re.compile(r"\{[{%][^}]*\.\.")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A notice as it will be read."""

    subject: str
    body: str


def form_of(channel: str) -> str:
    """The form of a text that goes by `channel`."""
    return SHORT if channel in SHORT_CHANNELS else WHOLE


def same_as(name: str, tone: str) -> tuple[str, str]:
    """The name and tone that `name` is the same as; neutral is the text without a tone."""
    name, tone = OTHER_NAMES.get(name, (name, tone))
    return name, "" if tone == NEUTRAL else tone


def source(
    name: str, languages: tuple[str, ...], *, tone: str = "", form: str = WHOLE, country: str = ""
) -> tuple[str, str]:
    """(language, template text) in the first of `languages` that has it: a whole text, never half of one.

    `country` is that of the centre: where a language is written otherwise there (pt in BR) its text is taken.
    Raises NotFound when there is no template of that name.
    """
    for language in languages:
        text = shipped(name, language, tone=tone, form=form, country=country)
        if text is not None:
            return language, text
    raise NotFound("template-unknown", template=name, known=tuple(TEMPLATES))


def shipped(
    name: str, language: str, *, tone: str = "", form: str = WHOLE, country: str = "", exact: bool = False
) -> str | None:
    """The text that is shipped; None when there is none in `language`.

    For a tone that has none of its own it is the neutral one, unless `exact`.
    """
    name, tone = same_as(name, tone)
    if name not in NAMES or tone not in ("", *TONES):
        return None
    end = ".sms.liquid" if form == SHORT else ".liquid"
    for folder in _folders(language, country):
        files = (f"{name}.{tone}{end}" if tone else f"{name}{end}", f"{name}{end}")
        for file in files[: 1 if exact else 2]:
            text = _read(folder, file)
            if text is not None:
                return text
    return None


def parts(language: str, country: str = "") -> Mapping[str, str]:
    """How a language tells an item, the sum, how to pay and so on. Raises NotFound for one that has none."""
    return _words("parts.toml", language, country)


def digest(language: str, country: str = "") -> Mapping[str, str]:
    """The words of the daily word to the back office. Raises NotFound for a language that has none."""
    return _words("digest.toml", language, country)


def _words(file: str, language: str, country: str) -> Mapping[str, str]:
    for folder in _folders(language, country):
        text = _read(folder, file)
        if text is not None:
            return _tables(text)
    raise NotFound("language-not-spoken", language=language, known="en, es, it, ro, pt")


def render(template: str, values: Mapping[str, object]) -> Text:
    """The text of `template` with `values` filled in. Raises BadInput when it is no template or goes beyond a limit.

    Several blank lines become one: what was empty leaves no gap.
    """
    head, _, body = template.partition("\n")
    if not head.startswith(_SUBJECT):
        raise BadInput("template-without-subject")
    told = render_part(body.strip("\n"), values)
    return Text(render_part(head.removeprefix(_SUBJECT).strip(), values), _BLANK_LINES.sub("\n\n", told))


def render_part(text: str, values: Mapping[str, object]) -> str:
    """One piece of a text with `values` filled in. Raises BadInput as `render`."""
    from liquid.exceptions import LiquidError  # imported late: start-up

    try:
        return parsed(text).render(**values).strip()
    except (LiquidError, RecursionError) as error:
        raise unreadable(error) from error


def check(template: str) -> None:
    """Raises BadInput when a template is too long, cannot be read, or speaks of something that is not there."""
    if not template.startswith(_SUBJECT):
        raise BadInput("template-without-subject")
    if len(template) > LONGEST_TEMPLATE:
        raise BadInput("template-too-long", longest=LONGEST_TEMPLATE)
    found = used(template)
    unknown = sorted(name for name in found if "." not in name and name not in VARIABLES)
    if unknown:
        raise BadInput("template-unknown-words", words=unknown, known=sorted(VARIABLES))
    fields = ITEM_FIELDS | SETTLED_FIELDS | {"first", "last", "size"}
    unknown = sorted(name for name in found if "." in name and name.partition(".")[2] not in fields)
    if unknown:
        raise BadInput("template-unknown-words", words=unknown, known=sorted(fields))
    unknown = sorted(set(_analysis(template).filters) - _FILTERS)
    if unknown:
        raise BadInput("template-unknown-words", words=[f"| {name}" for name in unknown], known=sorted(_FILTERS))


@lru_cache(maxsize=512)
def used(template: str) -> frozenset[str]:
    """The variables that a template speaks of: 'credit', and 'item.open' for a field. Raises BadInput."""
    analysis = _analysis(template)
    paths = {str(one) for places in analysis.variables.values() for one in places if not str(one).startswith("forloop")}
    return frozenset(path for path in paths if "." in path or "[" in path) | frozenset(analysis.globals)


def _analysis(template: str) -> TemplateAnalysis:
    from liquid.exceptions import LiquidError  # imported late: start-up

    try:
        return parsed(template).analyze()
    except (LiquidError, RecursionError) as error:
        raise unreadable(error) from error


@lru_cache(maxsize=512)
def parsed(text: str) -> BoundTemplate:
    """A template, read. Raises BadInput for a range, LiquidError for what cannot be read."""
    found = _RANGE.search(text)
    if found is not None:
        raise BadInput("template-unreadable", detail=found[0])
    return _environment().from_string(text)


def unreadable(error: Exception) -> BadInput:
    """What is told of a template that Liquid refuses."""
    lines = str(error).splitlines()
    return BadInput("template-unreadable", detail=lines[0] if lines else type(error).__name__)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from liquid import Environment, StrictUndefined  # imported late: start-up

    class Limited(Environment):
        loop_iteration_limit = _MOST_LOOPS
        output_stream_limit = LONGEST_OUTPUT
        local_namespace_limit = LONGEST_OUTPUT

    limited = Limited(undefined=StrictUndefined, strict_filters=True)
    limited.tags = {name: tag for name, tag in limited.tags.items() if name in _TAGS}
    limited.filters = {name: work for name, work in limited.filters.items() if name in _FILTERS}
    return limited


@lru_cache(maxsize=512)
def _read(folder: str, file: str) -> str | None:
    path = Path(__file__).parent.parent / "locales" / folder / "notices" / file
    return path.read_text(encoding="utf-8") if path.is_file() else None


@lru_cache(maxsize=16)
def _tables(text: str) -> Mapping[str, str]:
    import tomllib  # imported late: start-up

    return tomllib.loads(text)


def _folders(language: str, country: str) -> tuple[str, ...]:
    """The folders of a language, that of its country first. A language is letters only: no path leads elsewhere."""
    if not re.fullmatch("[a-z]{2,3}", language):
        return ()
    return (f"{language}_{country}", language) if re.fullmatch("[A-Z]{2}", country) else (language,)
