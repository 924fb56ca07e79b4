"""A day far from today is taken, and said: a slip in the year would hide a payment for decades."""

from __future__ import annotations

import pytest

from tests.cli.called import Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-23", ""),
        ("2026-12-24", "24 Dec 2026 is 32 days ahead"),
        ("2062-11-22", "22 Nov 2062 is 13,149 days ahead"),
        ("2025-11-22", ""),
        ("2025-11-20", "20 Nov 2025 is 367 days back"),
        ("1926-11-22", "22 Nov 1926 is 36,525 days back"),
        ("2026-11-22", ""),
    ],
)
def test_a_payment_dated_far_from_today_is_taken_with_a_warning(call: Command, day: str, said: str) -> None:
    done = call("pay", "M00001", "10", "--on", day, "--json").done()
    assert done.document["amount"] == "10.00"
    assert said in done.err
    assert bool(done.err) == bool(said)
    if said:
        assert "duesdesk undo" in done.err


def test_a_payment_that_is_refused_warns_of_nothing(call: Command) -> None:
    refused = call("pay", "M00001", "10", "--on", "2062-11-22", "--method", "gold", "--json")
    assert (refused.code, len(refused.err.splitlines())) == (3, 1)
    assert "ahead" not in refused.err


def test_an_invoice_and_a_promise_far_ahead_warn_too(call: Command) -> None:
    issue = ("invoice", "issue", "M00001", "5")
    assert "ahead" in call(*issue, "--due", "2066-12-01").done().err
    assert "back" in call(*issue, "--on", "1926-12-01", "--due", "2026-12-01").done().err
    assert call(*issue, "--due", "2027-11-20").done().err == ""
    assert "ahead" in call("invoice", "move-due", "INV-00001", "2106-12-01").done().err
    assert "ahead" in call("promise", "M00001", "5", "2106-12-01").done().err
    assert call("promise", "M00001", "5", "2027-10-01").done().err == ""
