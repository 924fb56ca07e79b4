"""Every error is told in a sentence, in the language of the screen, and facts from outside cannot harm it."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import duesdesk
from duesdesk import i18n
from duesdesk.domain import roles
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.sentences import SENTENCES, WORDS

SOURCE = Path(duesdesk.__file__).parent
ERRORS = {
    "DuesdeskError", "Refused", "NotFound", "Conflict", "BadInput", "WrongUsage", "StoreTrouble",
}  # fmt: skip
# What the renderer adds for facts like `amount_minor`.
MONEY = "_minor"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


def codes(argument: ast.expr) -> Iterator[str]:
    """The codes that an argument may be: one, or one of two by a condition."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.IfExp):
        yield from codes(argument.body)
        yield from codes(argument.orelse)


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every code in the source: where, the code, and the names of its facts (None when some are not in view)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ERRORS:
                continue
            names: set[str] | None = {keyword.arg for keyword in node.keywords if keyword.arg}
            if any(keyword.arg is None for keyword in node.keywords):
                names = None
            for code in codes(node.args[0]) if node.args else ():
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", code, names


def test_every_code_that_is_raised_has_a_sentence() -> None:
    missing = sorted({f"{code} ({where})" for where, code, _ in raised() if code not in SENTENCES})
    assert not missing


def test_every_sentence_finds_its_facts_where_its_code_is_raised() -> None:
    wrong = []
    for where, code, facts in raised():
        if facts is None or code not in SENTENCES:
            continue
        facts |= {name.removesuffix(MONEY) for name in facts if name.endswith(MONEY)}
        text = SENTENCES[code]
        for form in (text,) if isinstance(text, str) else text:
            wanted = {name for _, name, _, _ in string.Formatter().parse(form) if name}
            if not wanted <= facts:
                wrong.append(f"{code} ({where}) lacks {sorted(wanted - facts)}")
    assert not wrong


def test_a_sentence_is_told_in_the_language_of_the_screen() -> None:
    error = BadInput("amount-typed-unreadable", value="x", example="12,50")
    i18n.set_language("es")
    assert i18n.sentence(error) == "«x» no es un importe: escríbelo como 12,50."


def test_an_unknown_code_and_a_missing_fact_are_told_all_the_same() -> None:
    assert i18n.sentence(Refused("no-such-code", value="x")) == "This was refused (no-such-code)."
    assert i18n.sentence(BadInput("amount-unreadable")) == "This was refused (amount-unreadable)."


def test_a_hostile_fact_is_shown_clean_and_short_and_is_no_template() -> None:
    told = i18n.sentence(BadInput("amount-unreadable", value="\x1b]0;x\x07{code}{value.__class__}\u202e" + "9" * 10**6))
    assert told.startswith("“]0;x{code}{value.__class__}9")
    assert len(told) < 120


def test_facts_are_written_as_the_language_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{amount} | {open} | {on} | {at} | {names} | {n} | {count} | {role}"
    monkeypatch.setitem(SENTENCES, "sample", text)
    error = Refused(
        "sample",
        amount_minor=431050,
        open_minor=-5,
        currency="EUR",
        on=date(2026, 9, 14),
        at=datetime(2026, 9, 14, 9, 30, tzinfo=UTC),
        names=("a", "b", "c"),
        n=12345,
        count=12345,
        role="front_desk",
    )
    told = "€4,310.50 | -€0.05 | 14 Sep 2026 | 14 Sep 2026 09:30 | a, b and c | 12345 | 12,345 | front desk"
    assert i18n.sentence(error) == told


def test_a_count_chooses_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SENTENCES, "sample", ("one", "{count} of them"))
    assert i18n.sentence(Refused("sample", count=1)) == "one"
    assert i18n.sentence(Refused("sample", count=2)) == "2 of them"


def test_every_role_and_act_has_a_word() -> None:
    assert {*roles.ROLES, *roles.MAY} <= set(WORDS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ștefan  MUÑOZ", "stefan munoz"),
        ("S\u0326tefan", "stefan"),
        ("Łukasz Strauß Øystein", "lukasz strauss oystein"),
        ("GARCÍA-López ", "garcia-lopez"),
        ("İnci", "inci"),
        ("O'Neil", "o'neil"),
        ("", ""),
    ],
)
def test_folding_finds_names_whatever_their_accents(text: str, folded: str) -> None:
    assert i18n.fold(text) == folded
    assert i18n.fold(i18n.fold(text)) == folded
