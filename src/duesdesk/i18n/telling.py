"""Errors as sentences: the code picks the text, the facts fill it, written as the language writes them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter

from duesdesk.domain.errors import DuesdeskError
from duesdesk.domain.text import clean_text
from duesdesk.i18n.spoken import Language
from duesdesk.messages import N_
from duesdesk.notice_sentences import HOLDS
from duesdesk.rule_sentences import PROBLEMS
from duesdesk.sentences import SENTENCES, WORDS

LONGEST_FACT = 80
"""Characters shown of a value from outside; a sentence of ten megabytes tells nobody anything."""
LONGEST_PATH = 1000
_PLACES = ("path", "file", "folder")
_CODED = ("act", "channel", "needed", "role", "state", "verb")
_MINOR = "_minor"
_UNTOLD = N_("This was refused ({code}).")

_log = logging.getLogger(__name__)


def sentence(error: DuesdeskError, spoken: Language) -> str:
    """The sentence of `error` in the language `spoken`. A code without one is told by its name, never as a failure."""
    return "".join(text for text, _is_amount in parts(error, spoken))


def parts(error: DuesdeskError, spoken: Language) -> list[tuple[str, bool]]:
    """The sentence in parts, each with whether it is an amount of the book: a screen may have to hide it."""
    found = SENTENCES.get(error.code)
    facts = told_facts(error.facts, spoken)
    if found is not None:
        try:
            return _filled(_in_words(found, error.facts.get("count"), spoken), facts, _amounts(error.facts))
        except (KeyError, ValueError) as fault:
            _log.warning("sentence %s lacks a fact: %r", error.code, fault)
    return [(spoken.gettext(_UNTOLD).format(code=error.code), False)]


def _filled(template: str, facts: Mapping[str, str], amounts: frozenset[str]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        found.append((literal, False))
        if name is not None:
            found.append((facts[name], name in amounts))
    return [part for part in found if part[0]]


def _amounts(facts: Mapping[str, object]) -> frozenset[str]:
    """The facts that are told as money."""
    return frozenset(name.removesuffix(_MINOR) for name in facts if name.endswith(_MINOR))


def _in_words(found: str | tuple[str, str], count: object, spoken: Language) -> str:
    if isinstance(found, str):
        return spoken.gettext(found)
    return spoken.ngettext(found[0], found[1], count if isinstance(count, int) else 2)


def told_facts(facts: Mapping[str, object], spoken: Language) -> dict[str, str]:
    """Facts as text. `x_minor` beside `currency` gives `x` as money, too."""
    told = {name: _named(name, value, spoken) for name, value in facts.items()}
    currency = facts.get("currency")
    for name, value in facts.items():
        if name.endswith(_MINOR) and isinstance(value, int) and isinstance(currency, str):
            told[name.removesuffix(_MINOR)] = spoken.money(value, currency)
    return told


def _named(name: str, value: object, spoken: Language) -> str:
    if name in _CODED and isinstance(value, str) and value in WORDS:
        return spoken.gettext(WORDS[value])
    if name == "problem" and isinstance(value, str) and value in PROBLEMS:
        return spoken.gettext(PROBLEMS[value])
    if name == "hold" and isinstance(value, str) and value in HOLDS:
        return spoken.gettext(HOLDS[value])
    if name == "count" and isinstance(value, int):
        return spoken.number(value)
    return _text(str(value), LONGEST_PATH) if name in _PLACES else _fact(value, spoken)


def _fact(value: object, spoken: Language) -> str:
    if isinstance(value, datetime):
        return f"{spoken.day_year(value)} {spoken.time_of(value)}"
    if isinstance(value, date):
        return spoken.day_year(value)
    if isinstance(value, tuple | list | set | frozenset):
        items = sorted(map(str, value)) if isinstance(value, set | frozenset) else value
        return spoken.listing([_fact(item, spoken) for item in items])
    return _text(str(value), LONGEST_FACT)


def _text(value: str, longest: int) -> str:
    text = clean_text(value, max_length=longest + 1)
    return text if len(text) <= longest else text[: longest - 1] + "…"
