from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Call, Command, caller


@pytest.fixture
def call(store: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """Call a command on the test's store at 22 November 2026, in English; what it said and its exit code."""
    return caller(capfd, "--db", str(store), "--today", "2026-11-22", "--lang", "en")


@pytest.fixture
def bare(capfd: pytest.CaptureFixture[str]) -> Command:
    """Call a command with nothing said before it."""
    return caller(capfd)


@pytest.fixture
def desk_with_debts(call: Command) -> Call:
    """Ana pays for Kid; both owe since October."""
    call("member", "add", "Ana Ruiz", "--email", "ana@example.org", "--phone", "+34 612 345 678", "--card", "C1").done()
    call("member", "add", "Kid Ruiz", "--payer", "M00001").done()
    call("invoice", "issue", "M00001", "45.00", "--on", "2026-10-01", "--due", "2026-10-15").done()
    return call("invoice", "issue", "M00002", "30.00", "--on", "2026-10-01", "--due", "2026-10-20").done()
