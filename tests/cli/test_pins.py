"""`staff pin`: a PIN is set, checked and taken away, and stands nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from duesdesk.store import sqlite
from tests.cli.called import Command

Type = Callable[[str], None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Type:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture(autouse=True)
def max_works_here(call: Command) -> None:
    call("staff", "add", "Max", "--role", "manager").done()


def test_a_pin_is_set_checked_and_taken_away(call: Command, typed: Type) -> None:
    typed("4711\n")
    assert call("staff", "pin", "max", "--json").done().document == {"staff": "Max", "pin": True}
    assert call("staff", "list", "--json").document["staff"][0]["pin"] is True
    typed("4711\n")
    assert call("staff", "pin", "Max", "--check").done().out
    for wrong in ("4712\n", "\n", "47110"):
        typed(wrong)
        refused = call("staff", "pin", "Max", "--check", "--json")
        assert (refused.code, refused.out, refused.err) == (3, "", "This is not the PIN of Max.\n")
    assert call("staff", "pin", "Max", "--clear", "--json").done().document == {"staff": "Max", "pin": False}
    typed("4711\n")
    assert call("staff", "pin", "Max", "--check").code == 3


@pytest.mark.parametrize("text", ["", "123", "1234567890123", "12a4", "١٢٣٤", "-1234"])
def test_what_is_no_pin_is_refused(call: Command, typed: Type, text: str) -> None:
    typed(f"{text}\n")
    refused = call("staff", "pin", "Max")
    assert (refused.code, refused.err) == (3, "A PIN has 4 to 12 digits.\n")
    assert call("staff", "list", "--json").document["staff"][0]["pin"] is False


def test_a_pin_of_nobody_and_both_at_once_are_refused(call: Command, typed: Type) -> None:
    typed("4711\n")
    assert call("staff", "pin", "Nobody").code == 3
    assert call("staff", "pin", "Max", "--clear", "--check").code == 2


def test_the_same_key_sets_the_same_pin_once_and_no_other(call: Command, typed: Type) -> None:
    typed("4711\n")
    first = call("staff", "pin", "Max", "--key", "k", "--json").done()
    typed("4711\n")
    assert call("staff", "pin", "Max", "--key", "k", "--json").done().document == first.document
    typed("4712\n")
    assert call("staff", "pin", "Max", "--key", "k", "--json").code == 3


def test_a_pin_stands_nowhere_in_the_store(call: Command, typed: Type, store: Path) -> None:
    typed("90210871\n")
    call("staff", "pin", "Max", "--key", "k").done()
    connection = sqlite.library().connect(str(store))
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    told = "".join(str(row) for table in tables for row in connection.execute(f'SELECT * FROM "{table}"'))
    connection.close()
    assert "90210871" not in told
    assert "scrypt$" in told
