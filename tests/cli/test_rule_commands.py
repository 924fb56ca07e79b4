"""The commands of the rule: their documents are those of the contract, to the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Call, Command


@pytest.fixture
def ready(call: Command, desk_with_debts: Call) -> None:
    """Ana and her child owe; letters leave on any day and at once; Bo cannot be reached."""
    del desk_with_debts
    call("settings", "set", "notices.hours", "always").done()
    call("settings", "set", "notices.cooling_minutes", "0").done()
    call("member", "add", "Bo").done()
    call("invoice", "issue", "M00003", "10.00", "--on", "2026-11-01", "--due", "2026-11-10").done()


@pytest.mark.usefixtures("ready")
def test_run_answers_the_document_of_the_contract(call: Command) -> None:
    would = call("run", "--dry-run", "--json").done().document
    done = call("run", "--json").done().document
    assert {**would, "dry_run": False} == done
    assert done["date"] == "2026-11-22"
    assert done["taken"] == [
        {
            "member": "M00001",
            "step": "formal-letter",
            "action": "notice",
            "channel": "email",
            "invoices": ["INV-00001", "INV-00002"],
            "amount": "75.00",
            "currency": "EUR",
        }
    ]
    assert done["held"] == [
        {
            "member": "M00003",
            "invoice": "INV-00003",
            "step": "reminder",
            "reason": "no_address",
            "until": None,
            "detail": None,
        }
    ]
    assert done["cancelled"] == []
    again = call("run", "--json").done().document
    assert (again["taken"], len(again["held"])) == ([], 1)


@pytest.mark.usefixtures("ready")
def test_a_run_behind_the_last_is_refused_with_both_days(call: Command) -> None:
    call("run").done()
    refused = call("run", "--date", "2026-11-21", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "21 Nov 2026" in refused.err
    assert "22 Nov 2026" in refused.err
    assert call("run", "--date", "yesterday").code == 2


@pytest.mark.usefixtures("ready")
def test_what_a_payment_pulled_back_stands_in_the_outbox_and_not_in_cancelled_twice(call: Command) -> None:
    call("run").done()
    paid = call("pay", "M00001", "45", "--invoice", "INV-00001", "--json").done().document
    assert paid["notices_withdrawn"] == 1
    done = call("run", "--json").done().document
    assert done["cancelled"] == []
    taken = {one["step"]: one["invoices"] for one in done["taken"]}
    assert taken == {"formal-letter": ["INV-00002"], "receipt": ["INV-00001"]}
    assert [one["state"] for one in call("notices", "list", "--json").document["notices"]][-1] == "cancelled"


@pytest.mark.usefixtures("ready")
def test_a_run_for_people_counts_steps_and_reasons(call: Command) -> None:
    told = call("run").done().out
    assert "22 Nov 2026: 1 step taken." in told
    assert "formal-letter" in told
    assert "no address" in told
    assert "retenido" in call("run", "--dry-run", lang="es").done().out


@pytest.mark.usefixtures("ready")
def test_explain_and_member_show_tell_the_next_step_its_day_and_what_holds_it(call: Command) -> None:
    call("snooze", "M00001", "5", "--reason", "ill").done()
    following = {
        "step": "formal-letter",
        "on": "2026-11-27",
        "action": "notice",
        "channel": "email",
        "held_by": [{"reason": "snooze", "until": "2026-11-26", "detail": None}],
    }
    found = call("rule", "explain", "M00002", "--json").done().document
    assert (found["member"], found["payer"], found["next"]) == ("M00002", "M00001", following)
    (account,) = found["accounts"]
    assert account["currency"] == "EUR"
    assert account["invoices"][0] == {
        "invoice": "INV-00001",
        "open": "45.00",
        "due_on": "2026-10-15",
        "rule": "standard",
        "had": [],
        "held_by": [{"reason": "snooze", "until": "2026-11-26", "detail": None}],
    }
    assert call("member", "show", "M00001", "--json").done().document["next"] == following
    told = call("rule", "explain", "M00001").done().out
    assert "Next: formal letter, on Fri 27 Nov 2026. Held back: snoozed, 26 Nov 2026." in told


@pytest.mark.usefixtures("ready")
def test_after_a_run_explain_tells_what_was_had_and_what_waits(call: Command) -> None:
    call("run").done()
    found = call("rule", "explain", "M00001", "--json").done().document
    assert [one["step"] for one in found["waiting"]] == ["formal-letter"]
    had = [one["had"] for one in found["accounts"][0]["invoices"]]
    assert had[0] == [{"step": "formal-letter", "on": "2026-11-22", "done_on": None}]
    call("send").done()
    found = call("rule", "explain", "M00001", "--json").done().document
    assert found["waiting"] == []
    assert found["accounts"][0]["invoices"][0]["had"][0]["done_on"] == "2026-11-22"
    # Ten days after the letter was sent, and forty-five after the due date.
    assert (found["next"]["step"], found["next"]["on"]) == ("suspend", "2026-12-02")


def test_explain_says_when_nothing_is_open(call: Command) -> None:
    call("member", "add", "Bo").done()
    assert call("rule", "explain", "M00001", "--json").done().document["next"] is None
    assert "nothing to do" in call("rule", "explain", "M00001").done().out
    assert call("rule", "explain", "M9").code == 3


@pytest.mark.usefixtures("ready")
def test_holds_and_tasks_are_listed_as_documents(call: Command) -> None:
    done = call("hold", "M00002", "--kind", "claim", "--reason", "sent a slip", "--json").done().document
    assert (done["member"], done["kind"], done["task"]) == ("M00001", "claim", 1)
    (hold,) = call("holds", "--json").done().document["holds"]
    assert hold == {
        "hold": 1,
        "kind": "claim",
        "member": "M00001",
        "name": "Ana Ruiz",
        "invoice": None,
        "reason": "sent a slip",
        "since": "2026-11-22",
        "until": None,
        "actor": "owner",
    }
    (task,) = call("tasks", "list", "--json").done().document["tasks"]
    assert (task["task"], task["kind"], task["member"], task["due_on"]) == (1, "other", "M00001", "2026-12-22")
    assert call("tasks", "done", "1").done().out == "Task 1 is done.\n"
    assert call("tasks", "list", "--json").document["tasks"] == []
    assert [one["state"] for one in call("tasks", "list", "--state", "all", "--json").document["tasks"]] == ["done"]
    assert call("hold", "--reason", "x").code == 2
    assert call("tasks", "assign", "1").code == 2
    assert call("tasks", "list", "--state", "lost").code == 2
    assert call("unhold", "M00001").code == 3
    assert "Ana Ruiz" in call("holds").done().out


def test_rule_show_check_and_use(call: Command, tmp_path: Path) -> None:
    shown = call("rule", "show", "--json").done().document
    assert (shown["name"], shown["version"], len(shown["steps"])) == ("standard", None, 11)
    assert shown["steps"][8] == {
        "id": "suspend",
        "when": "due",
        "offset_days": 45,
        "do": "suspend",
        "template": None,
        "tone": "neutral",
        "channels": [],
        "requires": {"step": "formal-letter", "days": 10},
        "repeat_days": None,
        "max_times": 1,
        "amount": None,
    }
    own = tmp_path / "own.toml"
    own.write_text(call("rule", "show").done().out.replace('name = "standard"', 'name = "own"'), encoding="utf-8")
    assert call("rule", "check", str(own), "--json").done().document["name"] == "own"
    assert call("rule", "use", str(own), "--json").done().document == {
        "rule": 1, "scope": "centre", "target": "", "name": "own", "steps": 11,
    }  # fmt: skip
    assert call("rule", "show", "--json").done().document["version"] == 1
    own.write_text('name = "own"\n[[step]]\nid = "a"\nwhen = "never"\ndo = "call"\n', encoding="utf-8")
    wrong = call("rule", "use", str(own))
    assert wrong.code == 3
    assert "own.toml, step “a”, field “when”" in wrong.err
    assert call("rule", "check", str(tmp_path / "none.toml")).code == 3
    assert call("rule", "use").code == 2
    assert call("rule", "use", str(own), "--back").code == 2
    assert call("rule", "show", "--member", "M1", "--group", "x").code == 2
    assert call("rule", "use", "--back", "--json").done().document["name"] == ""
    assert call("rule", "show", "--json").done().document["name"] == "standard"


@pytest.mark.usefixtures("ready")
def test_every_rule_that_was_in_force_is_listed_with_who_and_why(call: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\n[[step]]\nid = "one"\nwhen = "due"\ndo = "call"\n', encoding="utf-8")
    call("rule", "use", str(own), "--reason", "calls only").done()
    listed = call("rule", "versions", "--json").done().document["versions"]
    assert [(one["name"], one["reason"], one["in_force"]) for one in listed] == [
        ("own", "calls only", True),
        ("standard", None, False),
    ]
    assert "own" in call("rule", "versions").done().out


@pytest.mark.usefixtures("ready")
def test_everything_that_is_wrong_with_a_rule_is_told_at_once(call: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "own"\n[[step]]\nid = "one"\nwhen = "due"\ndo = "shout"\n'
        '[[step]]\nid = "two"\nwhen = "dew"\ndo = "call"\n',
        encoding="utf-8",
    )
    answer = call("rule", "check", str(own))
    told = answer.out + answer.err
    assert answer.code != 0
    assert "step “one”, field “do”" in told
    assert "Step “two”, field “when”" in told


def test_the_day_a_rule_is_in_force_since_is_that_of_the_centre(
    bare: Command, call: Command, store: Path, tmp_path: Path
) -> None:
    call("member", "add", "Ana").done()
    own = tmp_path / "own.toml"
    own.write_text('name = "own"\n[[step]]\nid = "one"\nwhen = "due"\ndo = "call"\n', encoding="utf-8")
    # Half past midnight in Madrid.
    at = ("--db", str(store), "--lang", "en", "--today", "2026-11-22T23:30:00+00:00")
    bare(*at, "rule", "use", str(own)).done()
    assert "23 Nov 2026" in bare(*at, "rule", "versions").done().out


@pytest.mark.usefixtures("desk_with_debts")
def test_one_person_and_one_notice_are_told_as_one(call: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    step = '[[step]]\nid = "one"\nwhen = "due"\noffset_days = {days}\ndo = "notice"\ntemplate = "overdue"\n'
    own.write_text('name = "own"\n' + step.format(days=65), encoding="utf-8")
    call("rule", "use", str(own)).done()
    own.write_text('name = "two"\n' + step.format(days=66), encoding="utf-8")
    told = call("rule", "rehearse", str(own)).done().out
    assert "By the rule in force: 1 person, 1 notice;" in told
