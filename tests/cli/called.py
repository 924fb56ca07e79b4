"""Call a command as a script would, and hold it to what every command promises."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from duesdesk import i18n
from duesdesk.cli import run

# Line feeds apart: what a terminal would obey, or what changes the direction of text.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Call:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document it must be."""
        found: dict[str, Any] = json.loads(self.out)
        assert self.out.count("\n") == 1
        return found

    def done(self) -> Call:
        """The same, when it was done."""
        assert self.code == 0, (self.code, self.err)
        return self


Command = Callable[..., Call]


def caller(capfd: pytest.CaptureFixture[str], *before: str) -> Command:
    def call(*arguments: str, lang: str | None = None) -> Call:
        given = [*before, "--lang", lang] if lang else list(before)
        try:
            code = run([*given, *arguments])
        finally:
            i18n.set_language("en")
        said = capfd.readouterr()
        for text in said:
            assert not UNSEEN.search(text), repr(text)
            assert "Traceback" not in text
        return Call(code, said.out, said.err)

    return call
