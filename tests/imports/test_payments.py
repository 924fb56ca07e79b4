"""Payments, refunds and credits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import Refused
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk
from tests.imports.bringing import Bring, bring, everything, faults, lines, written

HEAD = "reference,member,received_on,amount"
INVOICES = (
    "number,member,issued_on,due_on,amount\nA1,M1,2026-01-01,2026-01-10,45.00\nA2,M1,2026-02-01,2026-02-10,45.00\n"
    "A3,M1,2026-01-05,,10.00\nB1,M2,2026-01-01,2026-01-10,20.00\n"
)


@pytest.fixture
def owed(rows: Bring) -> Bring:
    rows("invoices", INVOICES)
    return rows


def laid(desk: Desk) -> list[tuple[Any, ...]]:
    with desk.place.database.read() as tx:
        return tx.all(
            """SELECT p.reference, i.number, a.amount_minor, a.effective_on FROM allocation a
               JOIN payment p ON p.id = a.payment_id JOIN invoice i ON i.id = a.invoice_id ORDER BY a.id"""
        )


def rest(desk: Desk) -> dict[str, int]:
    with desk.place.database.read() as tx:
        return dict(tx.all("SELECT p.reference, c.rest_minor FROM open_credit c JOIN payment p ON p.id = c.payment_id"))  # type: ignore[arg-type]


def test_payments_are_laid_in_order_of_day_then_reference_on_the_oldest_due(owed: Bring, people: Desk) -> None:
    owed(
        "payments",
        f"{HEAD},method\nP9,M1,2026-02-20,50.00,Cash\nP2,M1,2026-01-15,30.00,Tarjeta\nP1,M1,2026-01-15,20.00,\n",
    )
    assert laid(people) == [
        ("P1", "A1", 2000, "2026-01-15"),
        ("P2", "A1", 2500, "2026-01-15"),
        ("P2", "A2", 500, "2026-02-01"),
        ("P9", "A2", 4000, "2026-02-20"),
        ("P9", "A3", 1000, "2026-02-20"),
    ]
    with people.place.database.read() as tx:
        assert tx.all("SELECT reference, method FROM payment ORDER BY 1") == [
            ("P1", "other"),
            ("P2", "card"),
            ("P9", "cash"),
        ]


def test_a_named_invoice_takes_what_it_can_and_the_rest_is_credit(owed: Bring, people: Desk) -> None:
    owed("payments", f"{HEAD},invoice\nP1,M1,2026-02-15,50.00,A2\nP2,M1,2026-02-16,5.00,A2\n")
    assert laid(people) == [("P1", "A2", 4500, "2026-02-15")]
    assert rest(people) == {"P1": 500, "P2": 500}


def test_named_allocations_are_laid_as_told(owed: Bring, people: Desk) -> None:
    owed("payments", 'reference;member;received_on;amount;allocations\nP1;M1;2026-02-15;60,50;"A2=40,00; A1=10,50"\n')
    assert laid(people) == [("P1", "A2", 4000, "2026-02-15"), ("P1", "A1", 1050, "2026-02-15")]
    assert rest(people) == {"P1": 1000}


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("60.00,A9,", "invoice"),
        ("60.00,B1,", "invoice"),
        ("60.00,,A2=45.01", "allocations"),
        ("60.00,,A2=61.00", "allocations"),
        ("60.00,,A2", "allocations"),
        ("60.00,,A2=x", "allocations"),
        ("60.00,,A2=0.00", "allocations"),
        ("60.00,,=5.00", "allocations"),
        ("60.00,,A2=5.00;A2=6.00", "allocations"),
        ("60.00,A1,A2=5.00", "allocations"),
        ("60.00,,A2=-5.00", "allocations"),
        ("0.00,,", "amount"),
        ("-5.00,,", "amount"),
        ("10.00,,A1=5.00;A2=6.00", "allocations"),
        ("60.00,D1,", "invoice"),
        ("60.00,V1,", "invoice"),
        ("60.00,U1,", "invoice"),
    ],
)
def test_payments_that_do_not_fit_are_rejected(owed: Bring, people: Desk, cells: str, field: str) -> None:
    owed(
        "invoices",
        "number,member,issued_on,amount,status,currency\nD1,M1,2026-01-01,5.00,draft,EUR\nV1,M1,2026-01-01,5.00,,EUR\n"
        "U1,M1,2026-01-01,5.00,,USD\n",
    )
    people.invoices.void("V1", reason="wrong")
    before = everything(people)
    result = owed("payments", f"{HEAD},invoice,allocations\nP1,M1,2026-02-15,{cells}\n")
    assert faults(result) == [(2, field)]
    assert everything(people) == before


def test_an_unknown_member_is_named(owed: Bring) -> None:
    assert faults(owed("payments", f"{HEAD}\nP1,M1,2026-02-15,5.00\nP2,M9,2026-02-15,5.00\n")) == [(3, "member")]


def test_a_child_pays_for_the_household(owed: Bring, people: Desk) -> None:
    people.members.add(MemberDetails("Kid", number="K1", payer="M1"))
    owed("payments", f"{HEAD}\nP1,K1,2026-02-15,45.00\n")
    assert laid(people) == [("P1", "A1", 4500, "2026-02-15")]


def test_money_goes_to_invoices_of_its_own_currency(owed: Bring, people: Desk) -> None:
    owed("payments", f"{HEAD},currency\nP1,M1,2026-02-15,45.00,USD\nP2,M1,2026-02-15,45,JPY\n")
    assert laid(people) == []
    assert rest(people) == {"P1": 4500, "P2": 45}


def test_the_same_payments_again_are_unchanged_whatever_was_done_since(owed: Bring, people: Desk) -> None:
    text = (
        f"{HEAD},invoice,allocations\nP1,M1,2026-02-15,50.00,A2,\nP2,M1,2026-02-16,5.00,A2,\n"
        "P3,M1,2026-02-17,9.00,,A1=4.00\nP4,M1,2026-02-18,9.00,,\n"
    )
    owed("payments", text)
    people.payments.pay(PayRequest("M1", 1000, "EUR"))
    people.payments.reverse("P4", reason="bounced")
    result = owed("payments", text)
    assert (result.unchanged, lines(result)) == (4, [])


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("P1,M2,2026-02-15,50.00,cash,A2", "member"), ("P1,M1,2026-02-16,50.00,cash,A2", "received_on"),
        ("P1,M1,2026-02-15,51.00,cash,A2", "amount"), ("P1,M1,2026-02-15,50.00,card,A2", "method"),
        ("P1,M1,2026-02-15,50.00,cash,A1", "invoice"),
    ],
)  # fmt: skip
def test_a_known_reference_with_other_content_is_rejected(owed: Bring, row: str, field: str) -> None:
    head = f"{HEAD},method,invoice"
    owed("payments", f"{head}\nP1,M1,2026-02-15,50.00,cash,A2\n")
    result = owed("payments", f"{head}\n{row}\n")
    assert faults(result) == [(2, field)]


# Refunds


def test_a_refund_takes_back_the_newest_allocations_first_then_credit(owed: Bring, people: Desk) -> None:
    owed("payments", f"{HEAD}\nP1,M1,2026-01-15,45.00\nP2,M1,2026-02-15,55.00\nP3,M1,2026-03-01,30.00\n")
    assert rest(people) == {"P3": 3000}
    owed("payments", f"{HEAD}\nR1,M1,2026-03-10,-60.00\n", negative="refund")
    assert laid(people)[3:] == [
        ("P2", "A3", -1000, "2026-03-10"), ("P2", "A2", -4500, "2026-03-10"), ("P1", "A1", -500, "2026-03-10"),
    ]  # fmt: skip
    assert rest(people) == {"P3": 3000}
    with people.place.database.read() as tx:
        assert tx.all("SELECT reference, amount_minor, kind FROM payment WHERE amount_minor < 0 ORDER BY id") == [
            ("R1", -5500, "refund"),
            ("R1/2", -500, "refund"),
        ]
    result = owed("payments", f"{HEAD}\nR1,M1,2026-03-10,-60.00\n", negative="refund")
    assert (result.unchanged, lines(result)) == (1, [])
    owed("payments", f"{HEAD}\nR2,M1,2026-03-11,-70.00\n", negative="refund")
    assert rest(people) == {}
    assert faults(owed("payments", f"{HEAD}\nR3,M1,2026-03-12,-0.01\n", negative="refund")) == [(2, "amount")]


def test_what_a_refund_opened_is_the_first_to_be_paid_again(owed: Bring, people: Desk) -> None:
    result = owed(
        "payments",
        f"{HEAD}\nP1,M1,2026-01-15,45.00\nR1,M1,2026-01-20,-45.00\nP2,M1,2026-01-25,50.00\n",
        negative="refund",
    )
    assert result.created == 3
    assert laid(people)[2:] == [("P2", "A1", 4500, "2026-01-25"), ("P2", "A2", 500, "2026-02-01")]


def test_a_refund_of_more_than_came_by_then_is_rejected(owed: Bring) -> None:
    result = owed(
        "payments",
        f"{HEAD}\nP1,M1,2026-03-15,45.00\nR1,M1,2026-03-14,-5.00\nR2,M2,2026-03-20,-5.00\nR3,M1,2026-03-15,-45.01\n",
        negative="refund",
    )
    assert lines(result) == [3, 4, 5]
    assert "45.00" in result.rejected[2].reason


# Credits

CREDITS = "reference,invoice,on,amount,kind,reason"


def test_credits_lower_invoices_in_order_of_their_days(owed: Bring, people: Desk) -> None:
    result = owed(
        "credits",
        f"{CREDITS}\nC2,A1,2026-02-02,5.00,waiver,late\nC1,A1,2026-02-01,40.00,Nota de crédito,closed\n"
        "C3,B1,2026-02-01,20.00,,\n",
    )
    assert (result.created, lines(result)) == (3, [])
    with people.place.database.read() as tx:
        assert tx.all("SELECT reference, kind, amount_minor, effective_on FROM credit ORDER BY id") == [
            ("C1", "credit_note", 4000, "2026-02-01"),
            ("C3", "credit_note", 2000, "2026-02-01"),
            ("C2", "waiver", 500, "2026-02-02"),
        ]
        assert tx.all("SELECT i.number FROM open_item o JOIN invoice i ON i.id = o.invoice_id ORDER BY 1") == [
            ("A2",),
            ("A3",),
        ]
    again = owed(
        "credits",
        f"{CREDITS}\nC1,A1,2026-02-01,40.00,credit_note,closed\nC3,B1,2026-02-01,20.01,,\nC4,A9,2026-02-01,1.00,,\nC5,A2,2026-02-01,45.01,,\n",
    )
    assert faults(again) == [(3, "amount"), (4, "invoice"), (5, "amount")]
    assert again.unchanged == 1


def test_credits_are_read_in_the_currency_of_their_invoice(rows: Bring, people: Desk) -> None:
    rows(
        "invoices", "number,member,issued_on,amount,currency\nJ1,M1,2026-01-01,1500,JPY\nT1,M1,2026-01-01,12.345,TND\n"
    )
    result = rows(
        "credits",
        "reference,invoice,on,amount\nC1,J1,2026-01-02,500\nC2,T1,2026-01-02,0.345\nC3,J1,2026-01-02,1.50\n",
        accept_valid=True,
    )
    assert faults(result) == [(4, "amount")]
    with people.place.database.read() as tx:
        assert tx.all("SELECT amount_minor FROM credit ORDER BY reference") == [(500,), (345,)]


def test_a_write_off_needs_the_role_that_may_write_off(at: OpenDesk, people: Desk, tmp_path: Path) -> None:
    people.staff.add("Olga", "back_office")
    people.staff.add("Fred", "front_desk")
    bring(people, "invoices", written(tmp_path, INVOICES))
    file = written(tmp_path, f"{CREDITS}\nC1,A1,2026-02-01,5.00,write_off,gone\n", "credits.csv")
    for name in ("Olga", "Fred"):
        with pytest.raises(Refused):
            bring(at(actor=name), "credits", file)
    assert bring(people, "credits", file).created == 1
