"""Sending, stopping, printing and writing to many, as commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Call, Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


def test_what_waits_for_its_hour_is_said_and_is_no_failure(call: Command) -> None:
    call("notice", "M00001", "--now").done()
    # Today is a Sunday.
    done = call("send", "--json").done().document
    assert (done["sent"], done["waits"]) == (0, 1)
    assert done["notices"][0]["detail"] == "hours"
    assert done["notices"][0]["until"].startswith("2026-11-23T09:00")
    shown = call("notices", "list", "--json").document["notices"][0]
    assert (shown["state"], shown["waits_for"]) == ("queued", "hours")
    assert "hour" in call("notices", "list").done().out
    assert call("send", "--date", "2026-11-23", "--json").document["sent"] == 1


def test_a_reason_passes_the_hours_of_the_house(call: Command) -> None:
    assert call("notice", "M00001", "--reason", "x").code == 2
    call("notice", "M00001", "--now", "--reason", "asked for it").done()
    assert call("send", "--json").done().document["sent"] == 1
    assert call("notices", "show", "1", "--json").document["pressing"] == "asked for it"


def test_the_stop_refuses_sending_until_it_is_lifted(call: Command) -> None:
    call("notice", "M00001", "--now", "--reason", "x").done()
    assert call("notices", "stop", "--reason", "wrong text", "--json").document == {"stopped": True, "waiting": 1}
    refused = call("send", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "notices go" in refused.err
    call("notices", "go").done()
    assert call("send", "--json").document["sent"] == 1


def test_letters_are_printed_posted_and_counted(call: Command, tmp_path: Path) -> None:
    call("member", "edit", "M00001", "--address", "C/ Mayor 1; 28013 Madrid").done()
    call("notice", "M00001", "--channel", "letter", "--template", "formal_letter", "--now").done()
    out = tmp_path / "letters"
    rehearsed = call("notices", "print", "--out", str(out), "--dry-run", "--json").document
    assert len(rehearsed["letters"]) == 1
    assert not out.exists()
    done = call("notices", "print", "--out", str(out), "--json").document
    assert Path(done["file"]).read_bytes().startswith(b"%PDF")
    assert call("notices", "runs", "--json").document["runs"][0]["state"] == "printed"
    assert call("notices", "posted", "1", "--json").document["posted"] == [1]
    assert call("notices", "show", "1", "--json").document["state"] == "sent"
    assert call("notices", "print", "--out", str(out)).code == 3
    assert call("notices", "unposted", "1").code == 3


def test_another_channel_and_one_that_is_not_set_up(call: Command) -> None:
    call("notice", "M00001", "--channel", "sms", "--now", "--reason", "x").done()
    done = call("send", "--json")
    assert (done.code, done.document["notices"][0]["detail"]) == (4, "not_set_up")
    call("notices", "cancel", "1").done()
    assert call("notices", "retry", "1", "--channel", "email", "--json").document["channel"] == "email"
    assert call("notices", "retry", "1", "--channel", "letter").code == 3


def test_a_notice_to_many_is_shown_first(call: Command) -> None:
    call("member", "add", "No Address").done()
    call("invoice", "issue", "M00003", "10", "--on", "2026-10-01", "--due", "2026-10-02").done()
    told = call("notice", "--unpaid", "--template", "reminder_friendly", "--dry-run", "--json").document
    assert (told["dry_run"], told["count"]) == (True, 1)
    assert told["sums"] == [{"currency": "EUR", "amount": "75.00"}]
    assert told["left_out"] == [{"member": "M00003", "name": "No Address", "reason": "notice-no-address"}]
    assert "Ana Ruiz" in told["samples"][0]["body"]
    assert call("notices", "list", "--json").document == {"notices": []}
    # Of what was written, the count and the sum.
    done = call("notice", "--unpaid", "--template", "reminder_friendly", "--key", "k", "--json").document
    assert (done["count"], done["sums"]) == (1, [{"currency": "EUR", "amount": "75.00"}])
    assert [one["member"] for one in done["written"]] == ["M00001"]
    again = call("notice", "--unpaid", "--template", "reminder_friendly", "--key", "k", "--json").document
    assert again["written"] == done["written"]
    assert "No Address" in call("notice", "--unpaid", "--template", "reminder_firm", "--dry-run").done().err
    assert call("notice").code == 2
    assert call("notice", "--unpaid", "--now").code == 2


def test_what_was_answered_was_no_fluke(desk_with_debts: Call) -> None:
    assert desk_with_debts.code == 0
