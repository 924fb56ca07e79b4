"""Memberships and billing as commands: what they answer, for scripts and for people."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.called import Call, Command

MEMBERSHIP = {
    "membership", "member", "name", "payer", "plan", "price", "currency", "period", "every", "billing_day", "starts_on",
    "charged_from", "trial_until", "ends_on", "state", "frozen_until", "charged_to", "next_on", "next_to",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _people(call: Command) -> None:
    call("member", "add", "Ana Ruiz", "--language", "es").done()
    call("member", "add", "Kid Ruiz", "--payer", "M00001").done()


def add(call: Command, member: str, *more: str) -> Call:
    return call("membership", "add", member, "--plan", "Full", "--price", "45.00", *more)


def test_a_membership_answers_what_it_is_and_when_it_is_charged_next(call: Command) -> None:
    done = add(call, "M00002", "--from", "2026-12-01", "--json").document
    assert set(done) == MEMBERSHIP | {"due"}
    told = {name: done[name] for name in ("member", "payer", "plan", "price", "currency", "period", "every", "due")}
    assert told == {
        "member": "M00002", "payer": "M00001", "plan": "Full", "price": "45.00", "currency": "EUR", "period": "month",
        "every": 1, "due": 0,
    }  # fmt: skip
    assert (done["state"], done["next_on"], done["next_to"]) == ("ahead", "2026-12-01", "2026-12-31")
    listed = call("membership", "list", "--member", "M00002", "--json").document["memberships"]
    assert [set(one) for one in listed] == [MEMBERSHIP]
    assert call("member", "show", "M00001", "--json").document["memberships"] == listed


def test_people_read_the_same_in_a_line(call: Command) -> None:
    said = add(call, "M00001", "--from", "2026-10-22").done()
    assert said.out == "Full of M00001: €45.00, running, next charge 22 Oct 2026.\n"
    assert "2 periods have begun" in said.err
    assert "22 Oct 2026" in call("membership", "list").done().out
    assert "M00001  Full  EUR       45.00      1  month   running  22 Oct 2026" in call("member", "show", "M00001").out
    frozen = call("membership", "freeze", "M00001", "--until", "2026-12-24").done()
    assert frozen.out == "Full of M00001: €45.00, frozen, next charge 22 Oct 2026.\n"
    ended = call("membership", "end", "M00001", "--on", "2026-12-31").done()
    assert ended.out == "Full of M00001: €45.00, frozen, next charge 22 Oct 2026, ends 31 Dec 2026.\n"
    call("bill").done()
    assert call("membership", "end", "M00001").done().out == "Full of M00001: €45.00, frozen, ends 22 Nov 2026.\n"


def test_billing_answers_what_was_issued_and_what_was_not_charged(call: Command) -> None:
    call("settings", "set", "terms.days", "10").done()
    add(call, "M00002", "--from", "2026-11-15").done()
    call("membership", "add", "M00001", "--plan", "Sauna", "--price", "9", "--trial-until", "2026-12-01").done()
    would = call("bill", "--dry-run", "--json").document
    assert would == {
        "date": "2026-11-22",
        "dry_run": True,
        "issued": [
            {
                "invoice": None, "member": "M00002", "payer": "M00001", "plan": "Full", "amount": "45.00",
                "currency": "EUR", "period_from": "2026-11-15", "period_to": "2026-12-14", "issued_on": "2026-11-15",
                "due_on": "2026-11-25",
            }
        ],
        "skipped": [{"member": "M00001", "plan": "Sauna", "reason": "trial"}],
    }  # fmt: skip
    assert call("report", "unpaid", "--scope", "open", "--json").document["currencies"] == []
    done = call("bill", "--json").done().document
    assert done == {**would, "dry_run": False, "issued": [{**would["issued"][0], "invoice": "INV-00001"}]}
    assert call("bill", "--json").done().document["issued"] == []
    shown = call("member", "show", "M00001", "--json").document["invoices"][0]
    assert (shown["kind"], shown["member"], shown["open"]) == ("dues", "M00002", "45.00")
    assert shown["lines"] == [{"description": "Full, 15 nov – 14 dic 2026", "amount": "45.00"}]


def test_people_read_a_table_and_who_was_left_out(call: Command) -> None:
    add(call, "M00002", "--from", "2026-11-01").done()
    add(call, "M00001", "--from", "2026-11-01").done()
    call("member", "edit", "M00002", "--status", "left").done()
    said = call("bill").done()
    assert "INV-00001  M00001  Full" in said.out
    assert "1 invoice for 22 Nov 2026." in said.out
    assert "Not charged: Full of M00002, has left." in said.err
    assert "terms.days" in said.err
    assert call("bill", "--date", "2026-11-20").done().out == "0 invoices for 20 Nov 2026.\n"


def test_a_price_a_freeze_and_an_end_answer_the_membership(call: Command) -> None:
    add(call, "M00001", "--from", "2026-11-01").done()
    call("bill").done()
    price = call("membership", "price", "M00001", "50", "--from", "2026-12-01", "--json").document
    assert (price["price"], price["starts_on"], price["next_on"]) == ("50.00", "2026-12-01", "2026-12-01")
    freeze = call("membership", "freeze", "M00001", "--from", "2026-11-01", "--json").document
    assert freeze["freeze"] == {"from": "2026-11-01", "until": None}
    assert (freeze["charged"], freeze["next_on"]) == (["INV-00001"], None)
    again = call("membership", "unfreeze", "M00001", "--on", "2026-11-25", "--json").document
    assert again["next_on"] == "2026-12-01"
    end = call("membership", "end", "M00001", "--on", "2026-12-31", "--json").document
    assert (end["ends_on"], end["charged"]) == ("2026-12-31", [])
    assert call("membership", "end", "M00001", "--never", "--json").document["ends_on"] is None
    one_of_two = call("membership", "add", "M00001", "--plan", "Sauna", "--price", "9", "--json").document["membership"]
    assert call("membership", "freeze", "M00001").code == 3
    assert call("membership", "freeze", "M00001", "--id", str(one_of_two), "--json").document["plan"] == "Sauna"
    call("undo").done()
    call("undo").done()
    assert [one["verb"] for one in [call("undo", "--json").done().document["undone"]]] == ["membership.end"]
    assert call("verify").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["membership", "add", "M9", "--plan", "Full", "--price", "45"], "There is no member “M9”."),
        (["membership", "add", "M00001", "--plan", " ", "--price", "45"], "what the membership is called"),
        (["membership", "add", "M00001", "--plan", "Full", "--price", "free"], "is not an amount"),
        (
            ["membership", "add", "M00001", "--plan", "Full", "--price", "45", "--period", "day"],
            "“day” is not a period",
        ),
        (["membership", "add", "M00001", "--plan", "Full", "--price", "45", "--day", "0"], "from 1 to 31"),
        (["membership", "add", "M00001", "--plan", "4111 1111 1111 1111", "--price", "45"], "card number"),
        (["membership", "freeze", "M00001"], "has no membership that runs"),
        (["membership", "end", "M00001", "--plan", "Pool"], "has no membership “Pool” that runs"),
        (["membership", "price", "M00001", "5"], "has no membership that runs"),
        (["bill", "--date", "2028-01-01"], "is too far ahead"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(call: Command, words: list[str], told: str) -> None:
    refused = call(*words, "--json")
    assert (refused.code, refused.out) == (3, "")
    assert told in refused.err


def test_a_day_that_is_none_and_a_missing_price_are_wrong_usage(call: Command) -> None:
    assert add(call, "M00001", "--from", "tomorrow").code == 2
    assert call("membership", "add", "M00001", "--plan", "Full").code == 2
    assert call("bill", "--date", "1/2/2026").code == 2


def test_the_list_goes_into_a_file(call: Command, tmp_path: Path) -> None:
    add(call, "M00002", "--from", "2026-11-01", "--ends", "2026-11-10").done()
    add(call, "M00001", "--from", "2026-11-01").done()
    file = tmp_path / "list.csv"
    assert call("membership", "list", "--csv", str(file)).done().out == ""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["member"], row["price"], row["next_on"]) for row in rows] == [("M00001", "45.00", "2026-11-01")]
    assert len(call("membership", "list", "--ended", "--json").document["memberships"]) == 2


def test_the_front_desk_is_told_who_may_bill(call: Command) -> None:
    call("staff", "add", "Max", "--role", "manager").done()
    call("staff", "add", "Leo", "--role", "front_desk", "--actor", "Max").done()
    add(call, "M00001", "--actor", "Leo").done()
    refused = call("bill", "--actor", "Leo", "--json")
    assert (refused.code, refused.out) == (3, "")
    assert "to issue dues" in refused.err
    assert "back office" in refused.err
