"""Columns of a few known words: yes and no, states, ways to pay, languages (data/imports/words.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from duesdesk import config
from duesdesk.services.imports.cells import parsed, refusal
from duesdesk.services.imports.headers import squash
from duesdesk.services.imports.problems import Faults, Problem, problem

_LONGEST = 60
_CODE = re.compile("[A-Za-z]{2}(?:[-_][A-Za-z]{2})?")
Value = TypeVar("Value")


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, Sequence[str]]]:
    with (config.data_folder() / "imports" / "words.toml").open("rb") as file:
        return tomllib.load(file)


@lru_cache(maxsize=16)
def meanings(table: str) -> Mapping[str, str]:
    """The code of every known word of `table`, by the word squashed; the codes themselves are words."""
    found = {}
    for code, words in _tables()[table].items():
        for word in (code, *words):
            if squash(word):
                found[squash(word)] = code
    return found


def codes(
    column: Sequence[object], field: str, faults: Faults, table: str, *,
    blank: str = "", more: Mapping[str, Sequence[str]] | None = None,
) -> list[str]:  # fmt: skip
    """The code of every cell; `blank` where nothing stands. `more` are words of a profile, which go first."""
    known = dict(meanings(table))
    for code, words in (more or {}).items():
        known.update({squash(word): code for word in words})
    told = tuple(dict.fromkeys(_tables()[table]))

    def read(text: str) -> str | Problem:
        # A locale's own form of a language: es-ES, pt_BR.
        word = squash(re.split("[-_]", text, maxsplit=1)[0] if table == "language" else text)
        code = known.get(word)
        if not code and table == "language" and _CODE.fullmatch(text):
            # Written to in English, until somebody translates the program.
            return word
        return code or refusal(text, _LONGEST) or problem("import-word-unknown", known=told)

    return parsed(column, field, faults, read, blank)


def truths(
    column: Sequence[object], field: str, faults: Faults, *, more: Mapping[str, Sequence[str]] | None = None
) -> list[bool]:
    """Yes as True, no and blank as False."""
    return [code == "yes" for code in codes(column, field, faults, "yes_no", blank="no", more=more)]
