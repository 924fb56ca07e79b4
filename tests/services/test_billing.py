"""Billing: what it writes, in which words, in how many acts and statements."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Conflict, Refused
from duesdesk.services.billing import Billing
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest
from duesdesk.services.membership_requests import MembershipRequest
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.store.verify import verify
from tests.services.booked import OpenDesk, member, owe

JANUARY = date(2026, 1, 1)


def joined(desk: Desk, count: int, **how: object) -> None:
    """Members M1, M2 … with a membership each since today."""
    for number in range(1, count + 1):
        member(desk, f"M{number}", f"Person {number}")
        desk.memberships.add(MembershipRequest(f"M{number}", "Full", 4500, "EUR", **how))  # type: ignore[arg-type]


def line_of(desk: Desk, number: str) -> str:
    detail = desk.member_files.invoice(number)
    ((text, minor),) = detail.lines
    assert (text, minor) == (detail.invoice.description, detail.invoice.total_minor)
    return text


def holds(desk: Desk) -> bool:
    with desk.place.database.read() as tx:
        return not any(verify(tx).values())


def test_the_invoice_says_plan_and_period_in_the_language_of_who_pays(at: OpenDesk) -> None:
    desk = at(JANUARY)
    member(desk, "ES", "Uno", language="es")
    member(desk, "EN", "One", language="en")
    member(desk, "KID", "Kid", payer="ES", language="en")
    for who, day in (("ES", 1), ("EN", 1), ("KID", 15)):
        desk.memberships.add(MembershipRequest(who, "Full", 4500, "EUR", billing_day=day))
    numbers = {one["member"]: one["invoice"] for one in at(date(2026, 1, 20)).billing.bill()["issued"]}
    assert line_of(desk, numbers["EN"]) == "Full, January 2026"
    assert line_of(desk, numbers["ES"]) == "Full, enero de 2026"
    assert line_of(desk, numbers["KID"]) == "Full, 15 ene – 14 feb 2026"


def test_the_payer_of_the_day_owes_and_each_currency_stands_for_itself(at: OpenDesk) -> None:
    desk = at(JANUARY)
    member(desk, "MUM", "Mum")
    member(desk, "KID", "Kid", payer="MUM")
    desk.memberships.add(MembershipRequest("KID", "Full", 4500, "EUR"))
    desk.memberships.add(MembershipRequest("KID", "Camp", 12_500, "TND"))
    issued = desk.billing.bill()["issued"]
    assert [(one["payer"], one["amount"], one["currency"]) for one in issued] == [
        ("MUM", "45.00", "EUR"),
        ("MUM", "12.500", "TND"),
    ]
    assert holds(desk)


def test_numbers_go_on_without_a_gap_over_those_an_import_brought(at: OpenDesk, tmp_path: Path) -> None:
    desk = at(JANUARY)
    joined(desk, 4)
    file = tmp_path / "old.csv"
    file.write_text("number,member,issued_on,amount\nINV-00003,M1,2025-12-01,5.00\n", encoding="utf-8")
    Imports(desk.place).run(ImportRequest("invoices", file))
    assert [one["invoice"] for one in desk.billing.bill()["issued"]] == [
        "INV-00001", "INV-00002", "INV-00004", "INV-00005",
    ]  # fmt: skip


def test_invoices_are_numbered_in_the_order_of_their_days(at: OpenDesk) -> None:
    joined(at(JANUARY), 2)
    issued = at(date(2026, 2, 15)).billing.bill()["issued"]
    assert [(one["invoice"], one["member"], one["issued_on"]) for one in issued] == [
        ("INV-00001", "M1", "2026-01-01"),
        ("INV-00002", "M2", "2026-01-01"),
        ("INV-00003", "M1", "2026-02-01"),
        ("INV-00004", "M2", "2026-02-01"),
    ]


def test_a_long_billing_is_done_in_parts_and_answers_as_one(at: OpenDesk) -> None:
    desk = at(JANUARY)
    joined(desk, 5)
    billing = Billing(desk.place, most_at_once=2)
    would = billing.rehearse()
    done = billing.bill(key="K")
    assert [{**one, "invoice": None} for one in done["issued"]] == would["issued"]
    assert billing.bill(key="K") == done
    with desk.place.database.read() as tx:
        assert tx.all("SELECT key FROM act WHERE verb = 'bill' ORDER BY id") == [("K",), ("K/2",), ("K/3",)]
    with pytest.raises(Conflict):
        billing.bill(date(2026, 2, 1), key="K")
    assert holds(desk)


def test_a_billing_that_was_killed_between_two_parts_goes_on_and_answers_whole(
    at: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at(JANUARY)
    joined(desk, 5)
    billing = Billing(desk.place, most_at_once=2)
    from duesdesk.services import billing as module

    done, real = [], module.perform

    def dies(*asked: object) -> object:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(real(*asked))  # type: ignore[arg-type]
        return done[-1]

    monkeypatch.setattr(module, "perform", dies)
    with pytest.raises(KeyboardInterrupt):
        billing.bill(key="K")
    monkeypatch.undo()
    whole = billing.bill(key="K")
    assert [one["member"] for one in whole["issued"]] == ["M1", "M2", "M3", "M4", "M5"]
    assert [one["invoice"] for one in whole["issued"]] == [f"INV-{number:05d}" for number in range(1, 6)]
    assert holds(desk)


def test_another_desk_that_was_faster_leaves_nothing_to_do(at: OpenDesk) -> None:
    slow, fast = at(JANUARY), at(JANUARY, desk="desk 2")
    joined(slow, 3)
    with slow.place.database.read() as tx:
        proposal = slow.billing._proposal(tx, JANUARY)
    fast.billing.bill()
    assert slow.billing._acts(proposal, JANUARY, None) == []
    with slow.place.database.read() as tx:
        assert tx.value("SELECT count(*) FROM act WHERE verb = 'bill'") == 1


def test_ten_times_the_members_cost_no_more_statements(at: OpenDesk) -> None:
    counts = []
    for count in (5, 50):
        desk = at(JANUARY) if count == 5 else at(date(2026, 2, 1))
        if count == 5:
            joined(desk, 5)
        else:
            for number in range(6, 51):
                member(desk, f"M{number}", f"Person {number}")
                desk.memberships.add(MembershipRequest(f"M{number}", "Full", 4500, "EUR"))
        seen: list[str] = []
        desk.place.database.connection().set_trace_callback(seen.append)
        assert len(desk.billing.bill()["issued"]) == count
        desk.place.database.connection().set_trace_callback(None)
        # Rows of one INSERT of many are told one by one.
        counts.append(len([statement for statement in seen if not statement.lstrip().startswith("INSERT")]))
    # A new day also rolls the balances.
    assert counts[1] <= counts[0] + 4
    assert counts[0] < 60


def test_the_row_of_a_member_who_leaves_nothing_behind_is_told_with_the_reason(at: OpenDesk) -> None:
    desk = at(JANUARY)
    joined(desk, 2)
    members = desk.members
    members.edit("M1", members.get("M1")._replace(status="left"))
    done = desk.billing.bill()
    assert done["skipped"] == [{"member": "M1", "plan": "Full", "reason": "left"}]
    assert [one["member"] for one in done["issued"]] == ["M2"]


def test_dues_are_invoices_like_all_others(at: OpenDesk) -> None:
    desk = at(JANUARY)
    joined(desk, 1)
    owe(desk, "M1", 1000, date(2026, 1, 10))
    (issued,) = desk.billing.bill()["issued"]
    view = desk.member_files.invoice(issued["invoice"]).invoice
    assert (view.kind, view.total_minor, view.open_minor, view.issued_on, view.due_on) == (
        "dues",
        4500,
        4500,
        JANUARY,
        None,
    )


def test_what_is_billed_for_a_day_that_is_over_is_not_due_before_it_is_written(at: OpenDesk) -> None:
    desk = at(JANUARY)
    desk.settings.set("terms.days", "0")
    joined(desk, 1, billing_day=1)
    (invoice,) = at(date(2026, 2, 20)).billing.bill(date(2026, 1, 31))["issued"]
    assert (invoice["issued_on"], invoice["due_on"]) == ("2026-01-01", "2026-02-20")


def test_the_notices_of_a_billing_that_is_undone_are_pulled_back(at: OpenDesk) -> None:
    desk = at(JANUARY)
    desk.staff.add("Ana", "manager")
    member(desk, "ANA", "García Ana", email="ana@example.org")
    desk.memberships.add(MembershipRequest("ANA", "Full", 4500, "EUR", billing_day=1))
    desk.billing.bill()
    waiting = at(JANUARY, actor="Ana").notices.write(NoticeRequest("ANA", "invoice"))["notice"]
    desk.undo.undo()
    found = desk.notices.get(waiting)
    assert found.state == "cancelled"
    assert found.detail.startswith("void")


def test_a_period_is_not_owed_twice_by_two_undos(at: OpenDesk) -> None:
    desk = at(JANUARY)
    desk.staff.add("Ana", "manager")
    joined(desk, 1, billing_day=1)
    number = desk.billing.bill()["issued"][0]["invoice"]
    ana = at(JANUARY, actor="Ana")
    ana.invoices.void(number, reason="slip")
    desk.undo.undo()
    with pytest.raises(Refused, match="billing-undone-meanwhile"):
        ana.undo.undo()
    (again,) = at(JANUARY).billing.bill()["issued"]
    assert again["invoice"] != number
    assert [one.open_minor for one in desk.member_files.open("M1").invoices if one.open_minor] == [4500]
    assert holds(desk)
