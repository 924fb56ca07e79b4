"""What commands that write answer, and how they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.called import Call, Command

pytestmark = pytest.mark.usefixtures("desk_with_debts")


def test_a_payment_answers_with_its_allocations_and_what_is_left(call: Command) -> None:
    document = call("pay", "M00001", "50", "--method", "card", "--json").document
    assert {key: document[key] for key in ("payment", "member", "amount", "currency", "method")} == {
        "payment": "PAY-00001",
        "member": "M00001",
        "amount": "50.00",
        "currency": "EUR",
        "method": "card",
    }
    assert document["allocations"] == [
        {"invoice": "INV-00001", "amount": "45.00"},
        {"invoice": "INV-00002", "amount": "5.00"},
    ]
    assert (document["credit"], document["unpaid"], document["open"]) == ("0.00", "25.00", "25.00")


@pytest.mark.parametrize(
    "command",
    [
        ("pay", "M00001", "-5"),
        ("pay", "M00001", "-5,00", "--method", "card", "--json"),
        ("pay", "M00001", "--", "-5"),
        ("promise", "M00001", "-5.00", "fri"),
        ("refund", "PAY-00001", "-5", "--reason", "slip"),
        ("credit", "INV-00001", "-5", "--reason", "slip"),
        ("waive", "INV-00001", "-0,5", "--reason", "slip"),
        ("writeoff", "INV-00001", "-5", "--reason", "slip"),
        ("invoice", "issue", "M00001", "-5", "--due", "fri"),
    ],
    ids=" ".join,
)
def test_an_amount_below_zero_is_told_as_one(call: Command, command: tuple[str, ...]) -> None:
    call("pay", "M00001", "5").done()
    before = call("report", "unpaid", "--json").document
    told = call(*command)
    assert (told.code, told.out) == (3, "")
    amount = next(word for word in command if word[0] == "-" and word[1:2].isdigit())
    assert told.err.startswith(f"The amount must be above zero, not {amount}")
    assert told.err.count("\n") == 1
    assert call("report", "unpaid", "--json").document == before


def test_an_option_that_is_none_is_still_told_as_such(call: Command) -> None:
    assert "No such option: -x" in call("pay", "M00001", "5", "-x").err
    # Here no amount is wanted.
    assert "-5" in call("member", "show", "-5").err
    assert "above zero" not in call("member", "show", "-5").err


def test_the_same_key_answers_the_same_and_pays_once(call: Command) -> None:
    first = call("pay", "M00001", "75", "--key", "k", "--json").document
    assert call("pay", "M00001", "75", "--key", "k", "--json").document == first
    assert call("report", "unpaid", "--json").document["currencies"] == []
    other = call("pay", "M00001", "74", "--key", "k", "--json")
    assert (other.code, other.out) == (3, "")
    assert "k" in other.err


def test_a_rehearsal_says_what_would_be_and_does_nothing(call: Command) -> None:
    assert call("pay", "M00001", "50", "--dry-run", "--json").document["unpaid"] == "25.00"
    assert call("report", "unpaid", "--json").document["currencies"][0]["unpaid"] == "75.00"


def test_named_invoices_are_paid_and_no_more_than_they_owe(call: Command) -> None:
    above = call("pay", "M00001", "31", "--invoice", "INV-00002", "--json")
    assert (above.code, above.out) == (3, "")
    paid = call("pay", "M00001", "30", "--invoice", "INV-00002", "--json").document
    assert paid["allocations"] == [{"invoice": "INV-00002", "amount": "30.00"}]


@pytest.mark.parametrize("amount", ["0", "-5", "1.005", "abc", "", "1e3", "12,345.6.7", "9" * 40, "٣"])
def test_an_amount_that_is_none_is_refused_with_a_sentence(call: Command, amount: str) -> None:
    refused = call("pay", "--json", "--", "M00001", amount)
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.strip().endswith(".")
    assert call("report", "takings", "--json").document["currencies"] == []


def test_an_amount_may_have_the_decimal_sign_of_the_language_where_it_means_one_thing(call: Command) -> None:
    assert call("pay", "M00001", "20,50", "--json", lang="es").document["amount"] == "20.50"
    assert call("pay", "M00001", "1.250,00", "--json", lang="es").document["amount"] == "1250.00"


def test_a_refund_takes_the_money_off_and_a_second_one_is_refused(call: Command) -> None:
    call("pay", "M00001", "50").done()
    part = call("refund", "PAY-00001", "10", "--json").document
    assert (part["amount"], part["kind"], part["unpaid"]) == ("-10.00", "refund", "35.00")
    assert call("refund", "PAY-00001", "--json").document["amount"] == "-40.00"
    again = call("refund", "PAY-00001", "--json")
    assert (again.code, again.out) == (3, "")


def test_a_reversal_wants_a_reason_and_happens_once(call: Command) -> None:
    call("pay", "M00001", "50").done()
    assert call("reverse", "PAY-00001", "--json").code == 3
    assert call("reverse", "PAY-00001", "--reason", "bounced", "--json").document["open"] == "75.00"
    assert call("reverse", "PAY-00001", "--reason", "bounced").code == 3


def test_credits_lower_an_invoice(call: Command) -> None:
    assert call("credit", "INV-00001", "5", "--reason", "x", "--json").document["open"] == "40.00"
    assert call("waive", "INV-00001", "4.50", "--reason", "x", "--json").document["kind"] == "waiver"
    assert call("writeoff", "INV-00001", "--reason", "x", "--json").document["amount"] == "35.50"
    assert call("credit", "INV-00001", "1", "--reason", "x").code == 3
    assert call("credit", "INV-00002", "1").code == 3


def test_undo_takes_the_last_act_back_whole(call: Command) -> None:
    call("pay", "M00001", "50", "--actor", "Ana").done()
    assert call("undo", "--actor", "Bea").code == 3
    assert call("undo", "--actor", "Ana", "--json").document["undone"]["payment"] == "PAY-00001"
    assert call("report", "unpaid", "--json").document["currencies"][0]["unpaid"] == "75.00"


def test_an_actor_named_before_the_command_acts_too(call: Command) -> None:
    call("--actor", "Ana", "pay", "M00001", "50").done()
    assert call("undo", "--actor", "Ana").code == 0


def test_a_front_desk_may_not_write_off_and_is_told_who_may(call: Command) -> None:
    call("staff", "add", "Max", "--role", "manager").done()
    call("staff", "add", "Ana", "--role", "front_desk", "--actor", "Max").done()
    refused = call("writeoff", "INV-00001", "--reason", "x", "--actor", "Ana", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "manager" in refused.err
    assert call("pay", "M00001", "1", "--actor", "Nobody").code == 3
    assert call("staff", "list", "--json").document["staff"][0] == {
        "staff": "Ana",
        "role": "front_desk",
        "active": True,
        "pin": False,
    }


def test_a_dispute_is_shown_apart_and_can_be_settled_and_undone(call: Command) -> None:
    def undisputed() -> str:
        found: str = call("report", "unpaid", "--json").document["currencies"][0]["unpaid_undisputed"]
        return found

    assert call("dispute", "INV-00001").code == 3
    assert call("dispute", "INV-00001", "--reason", "no", "--json").document == {
        "invoice": "INV-00001",
        "disputed": True,
    }
    assert undisputed() == "30.00"
    assert call("dispute", "INV-00001", "--reason", "no").code == 3
    call("undo").done()
    assert undisputed() == "75.00"
    call("dispute", "INV-00001", "--reason", "no").done()
    call("dispute", "INV-00001", "--settled").done()
    assert undisputed() == "75.00"
    assert call("verify").code == 0


def test_invoices_are_issued_moved_and_voided(call: Command) -> None:
    issued = call("invoice", "issue", "M00002", "12.5", "--due", "2026-12-01", "--kind", "session", "--json").document
    assert (issued["invoice"], issued["payer"], issued["amount"]) == ("INV-00003", "M00001", "12.50")
    assert call("invoice", "move-due", "INV-00003", "2026-12-24", "--json").document["due_on"] == "2026-12-24"
    assert call("invoice", "void", "INV-00003").code == 3
    assert call("invoice", "void", "INV-00003", "--reason", "x", "--json").document["status"] == "void"
    assert call("invoice", "issue", "M00002", "5", "--due", "2026-02-30").code == 2


def test_talks_promises_and_arrivals_are_written_down(call: Command) -> None:
    assert call("talk", "M00002", "--outcome", "will_pay", "--note", "soon", "--json").document["member"] == "M00002"
    assert call("talk", "M00002", "--outcome", "shrug").code == 3
    promised = call("promise", "M00002", "30", "2026-12-01", "--json").document
    assert (promised["amount"], promised["due_on"]) == ("30.00", "2026-12-01")
    assert call("promise", "M00002", "30", "2026-11-01").code == 3
    assert call("checkin", "M00002", "--json").document["walk_in"] is True
    rows = call("report", "daily", "--section", "promises", "--json").document["rows"]
    assert [(row["member"], row["checked_in"]) for row in rows] == [("M00002", True)]


def test_a_member_is_found_shown_and_edited(call: Command) -> None:
    found = call("member", "find", "ruiz", "--json").document["rows"]
    assert {row["member"] for row in found} == {"M00001", "M00002"}
    assert set(found[0]) == {"member", "name", "phone", "currency", "unpaid", "open", "credit"}
    assert found[0]["unpaid"] == "75.00"
    call("pay", "M00001", "50").done()
    shown = call("member", "show", "M00001", "--json").document
    assert (shown["name"], shown["unpaid"], shown["open"], shown["credit"]) == ("Ana Ruiz", "25.00", "25.00", "0.00")
    assert shown["payments"][0]["allocations"] == [
        {"invoice": "INV-00001", "amount": "45.00"},
        {"invoice": "INV-00002", "amount": "5.00"},
    ]
    assert (shown["payments"][0]["payment"], shown["payments"][0]["on"]) == ("PAY-00001", "2026-11-22")
    assert {invoice["invoice"]: invoice["status"] for invoice in shown["invoices"]} == {
        "INV-00001": "paid",
        "INV-00002": "partially_paid",
    }
    assert shown["agreements"] == []
    # Nobody is written to on a Sunday.
    assert shown["next"] == {
        "step": "formal-letter",
        "on": "2026-11-23",
        "action": "notice",
        "channel": "email",
        "held_by": [{"reason": "closed_day", "until": "2026-11-23", "detail": None}],
    }
    assert call("member", "edit", "M00001", "--phone", "", "--name", "Ana R", "--json").document["changed"] == [
        "name",
        "phone",
    ]
    assert call("member", "show", "M00001", "--json").document["phone"] is None
    assert call("member", "edit", "M00001").code == 2
    assert call("member", "show", "NOBODY").code == 3


def test_how_a_member_is_reached_is_shown_and_a_stop_is_kept(call: Command) -> None:
    def why() -> dict[str, str]:
        return {one["channel"]: one["why"] for one in call("member", "reach", "M00001", "--json").document["channels"]}

    assert (why()["email"], why()["sms"]) == ("", "not_set_up")
    call("member", "consent", "M00001", "email", "--no", "--dry-run").done()
    assert why()["email"] == ""
    done = call("member", "consent", "M00001", "email", "--no", "--how", "told Ana", "--json").document
    assert (done["wanted"], done["why"]) == (False, "not_wanted")
    assert why()["email"] == "not_wanted"
    assert "told Ana" in call("member", "reach", "M00001").done().out
    assert call("member", "consent", "M00001", "pigeon", "--yes").code == 3
    assert call("member", "consent", "M00001", "whatsapp", "--yes").code == 3
    call("undo").done()
    assert why()["email"] == ""
    call("member", "edit", "M00001", "--address", "C/ Mayor 1; 28013 Madrid", "--country", "es").done()
    assert call("member", "show", "M00001", "--json").document["address"] == "C/ Mayor 1\n28013 Madrid"


def test_notices_are_previewed_written_pulled_back_and_sent(call: Command, tmp_path: Path) -> None:
    assert "INV-00001" in call("notice", "M00002", "--dry-run", "--json").document["body"]
    assert call("notices", "list", "--json").document == {"notices": []}
    text = tmp_path / "text.txt"
    text.write_text("Hello", encoding="utf-8")
    call("notice", "M00001", "--text", str(text), "--subject", "Hi", "--json").done()
    waiting = call("notices", "show", "1", "--json").document
    assert (waiting["state"], waiting["waits_for"]) == ("held", "cooling")
    assert call("notices", "cancel", "1", "--json").document["state"] == "cancelled"
    call("notice", "M00001", "--now").done()
    sent = call("send", "--date", "2026-11-23", "--json").document
    assert (sent["sent"], sent["failed"]) == (1, 0)
    assert [one["state"] for one in call("notices", "list", "--json").document["notices"]] == ["sent", "cancelled"]
    assert call("notices", "retry", "2").code == 3
    assert call("notice", "M00001", "--text", str(tmp_path / "none.txt")).code == 3


@pytest.mark.parametrize("command", [["template", "list"], ["template", "show", "due_soon"], ["modules", "list"]])
def test_small_lists_answer_in_both_ways(call: Command, command: list[str]) -> None:
    assert call(*command).done().out
    assert call(*command, "--json").document


def test_modules_are_switched(call: Command) -> None:
    assert call("modules", "disable", "crm", "--json").document == {"module": "crm", "active": False}
    assert call("modules", "enable", "moon").code == 3


def test_settings_show_every_key_and_keep_what_is_set(call: Command) -> None:
    shown = call("settings", "show", "--json").document
    assert {
        "email.transport": "spool",
        "notices.cooling_minutes": 30,
        "notices.max_per_week": 2,
        "allocation.order": "oldest",
        "terms.days": None,
        "door.policy": "warn",
        "privacy.default": "on",
    }.items() <= shown.items()
    assert {"email.host", "email.port", "email.user", "email.tls", "notices.hours"} <= set(shown)
    call("settings", "set", "terms.days", "14").done()
    assert call("settings", "show", "--json").document["terms.days"] == 14
    assert call("settings", "set", "notices.cooling_minutes", "soon").code == 3
    assert call("settings", "set", "no.such", "1").code == 3


def test_what_was_answered_was_not_a_fluke(desk_with_debts: Call) -> None:
    assert "INV-00002" in desk_with_debts.out


def test_a_state_no_notice_can_be_in_is_wrong_usage_and_no_empty_list(call: Command) -> None:
    answer = call("notices", "list", "--state", "snet", "--json")
    assert (answer.code, answer.out) == (2, "")
    assert "snet" in answer.err
    assert "sent" in answer.err
    assert call("notices", "list", "--state", "sent", "--json").done().document == {"notices": []}
