"""Invoices and receivables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duesdesk.bootstrap import Desk
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from tests.conftest import OpenDesk
from tests.imports.bringing import Bring, bring, count, everything, faults, lines, written

HEAD = "number,member,issued_on,due_on,amount"


def open_items(desk: Desk) -> dict[str, tuple[str | None, int]]:
    """What is open: number to due date and minor units."""
    with desk.place.database.read() as tx:
        rows = tx.all("SELECT i.number, o.due_on, o.open_minor FROM open_item o JOIN invoice i ON i.id = o.invoice_id")
    return {row[0]: (row[1], row[2]) for row in rows}


def test_invoices_come_in(rows: Bring, people: Desk) -> None:
    result = rows(
        "invoices",
        f"{HEAD},currency,description,kind,disputed,status\n"
        "A1,M1,2026-01-01,2026-01-10,45.00,EUR,January,dues,no,issued\n"
        "A2,M2,2026-01-01,,12.345,TND,Lesson,session,sí,\n"
        "A3,M1,2026-01-01,2026-01-10,1500,JPY,,,,draft\n",
    )
    assert (result.created, result.written, result.rejected) == (3, True, ())
    assert open_items(people) == {"A1": ("2026-01-10", 4500), "A2": (None, 12345)}
    with people.place.database.read() as tx:
        assert tx.all(
            "SELECT number, currency, total_minor, kind, description, draft FROM invoice ORDER BY number"
        ) == [
            ("A1", "EUR", 4500, "dues", "January", 0),
            ("A2", "TND", 12345, "session", "Lesson", 0),
            ("A3", "JPY", 1500, "dues", "", 1),
        ]
        assert tx.all("SELECT invoice_id, kind, effective_on FROM invoice_event") == [(2, "disputed", "2026-01-01")]


def test_an_invoice_is_owed_by_the_members_payer(rows: Bring, people: Desk) -> None:
    people.members.add(MemberDetails("Kid", number="K1", payer="M1"))
    rows("invoices", f"{HEAD}\nA1,K1,2026-01-01,2026-01-10,45.00\n")
    with people.place.database.read() as tx:
        assert tx.all(
            """SELECT m.number, p.number FROM invoice i
               JOIN member m ON m.id = i.member_id JOIN member p ON p.id = i.payer_id"""
        ) == [("K1", "M1")]
        assert (
            tx.value(
                "SELECT open_minor FROM payer_balance WHERE payer_id = (SELECT id FROM member WHERE number = 'M1')"
            )
            == 4500
        )


def test_new_invoices_are_added_to_what_is_owed_already(rows: Bring, people: Desk) -> None:
    """The sums of payers and days, which `rows` verifies: late, due, never due, a draft, disputed, other currencies."""
    late, due = "2026-01-10", "2036-01-10"
    rows("invoices", f"{HEAD}\nA1,M1,2026-01-01,{late},45.00\nA2,M1,2026-01-01,{due},30.00\n")
    rows("payments", "reference,member,received_on,amount,method,invoice\nP1,M1,2026-01-02,20.00,cash,A1\n")
    rows(
        "invoices",
        f"{HEAD},currency,status,disputed\n"
        f"B1,M1,2026-01-01,{late},5.00,EUR,,\n"
        f"B2,M1,2026-01-01,{due},6.00,EUR,,yes\n"
        "B3,M2,2026-01-01,,7.00,EUR,,\n"
        f"B4,M1,2026-01-01,{late},8.00,EUR,draft,\n"
        f"B5,M1,2026-01-01,{late},900,JPY,,\n",
    )
    with people.place.database.read() as tx:
        sums = tx.all(
            """SELECT m.number, b.currency, open_minor, open_count, overdue_minor, overdue_count, partial_minor
               FROM payer_balance b JOIN member m ON m.id = b.payer_id ORDER BY m.number, b.currency"""
        )
        days = tx.all("SELECT currency, due_on, open_minor, open_count FROM due_day_total ORDER BY currency, due_on")
    assert sums == [
        ("M1", "EUR", 6600, 4, 3000, 2, 2500),
        ("M1", "JPY", 900, 1, 900, 1, 0),
        ("M2", "EUR", 700, 1, 0, 0, 0),
    ]
    assert days == [("EUR", late, 3000, 2), ("EUR", due, 3600, 2), ("EUR", "9999-12-31", 700, 1), ("JPY", late, 900, 1)]


def test_an_invoice_without_a_due_date_takes_the_payers_terms_else_the_centres(rows: Bring, people: Desk) -> None:
    people.members.add(MemberDetails("Own terms", number="T1", terms_days=10))
    text = f"{HEAD}\nA{{0}},M1,2026-01-30,,45.00\nB{{0}},T1,2026-01-30,,45.00\nC{{0}},T1,2026-01-30,2026-03-01,45.00\n"
    rows("invoices", text.format(1))
    with people.place.database.write() as tx:
        tx.run(
            """INSERT INTO setting (key, value, changed_at, actor)
               VALUES ('terms.days', '30', '2026-01-01T00:00:00.000000Z', 'x')"""
        )
    rows("invoices", text.format(2))
    assert {number: due for number, (due, _) in open_items(people).items()} == {
        "A1": None,
        "B1": "2026-02-09",
        "C1": "2026-03-01",
        "A2": "2026-03-01",
        "B2": "2026-02-09",
        "C2": "2026-03-01",
    }
    assert rows("invoices", text.format(1)).unchanged == 3


def test_bad_rows_are_named_by_line_and_field_and_nothing_is_written(rows: Bring, people: Desk) -> None:
    before = everything(people)
    result = rows(
        "invoices",
        f"{HEAD},description\n"
        "A1,M1,2026-01-01,2026-01-10,45.00,good\n"
        "A2,M9,2026-01-01,2026-01-10,45.00,unknown member\n"
        "A3,M1,2026-02-30,2026-01-10,45.00,impossible day\n"
        "A4,M1,2026-01-01,2026-01-10,lots,unreadable amount\n"
        "A5,M1,2026-01-01,2026-01-10,-45.00,negative amount\n"
        'A6,M1,2026-01-01,2026-01-10,45.00,"two\nlines"\n'
        "A7,M1,2026-01-01,2026-01-10,45.001,too fine\n"
        ",M1,2026-01-01,2026-01-10,45.00,no number\n"
        "A9,M1,,2026-01-10,45.00,no day\n"
        "AA,M1,2026-01-01,2026-01-10,,no amount\n"
        "AB,M1,2026-01-01,2025-12-10,45.00,due before\n"
        "AC,M1,2026-01-01,2026-01-10,0.00,nothing\n"
        "AD,M1,2026-01-01,2026-01-10,45.00,\x1b[31mred\n"
        "A1,M2,2026-01-01,2026-01-10,45.00,again\n"
        "AE,M1,2026-01-01,2026-01-10\n",
    )
    assert faults(result) == [
        (3, "member"), (4, "issued_on"), (5, "amount"), (6, "amount"), (9, "amount"), (10, "number"), (11, "issued_on"),
        (12, "amount"), (13, "due_on"), (14, "amount"), (15, "description"), (16, "number"), (17, ""),
    ]  # fmt: skip
    assert (result.read, result.created, result.written) == (15, 2, False)
    assert result.rejected[1].value == "2026-02-30"
    assert everything(people) == before


def test_a_due_date_is_moved_while_something_is_open_and_nothing_else_is(rows: Bring, people: Desk) -> None:
    rows("invoices", f"{HEAD}\nA1,M1,2026-01-01,2026-01-10,45.00\nA2,M1,2026-01-01,2026-01-11,20.00\n")
    rows(
        "payments", "reference,member,received_on,amount,invoice\nP1,M1,2026-01-05,45.00,A1\nP2,M1,2026-01-05,5.00,A2\n"
    )
    result = rows("invoices", f"{HEAD}\nA2,M1,2026-01-01,2026-02-11,20.00\n")
    assert (result.updated, open_items(people)) == (1, {"A2": ("2026-02-11", 1500)})
    assert rows("invoices", f"{HEAD}\nA2,M1,2026-01-01,2026-02-11,20.00\n").unchanged == 1
    assert rows("invoices", f"{HEAD}\nA2,M1,2026-01-01,2026-01-11,20.00\n").updated == 1
    result = rows("invoices", f"{HEAD}\nA1,M1,2026-01-01,2026-03-10,45.00\n")
    assert faults(result) == [(2, "due_on")]


def test_any_other_difference_is_rejected_with_both_values(rows: Bring, people: Desk) -> None:
    head = f"{HEAD},currency,kind,description,disputed,status"
    rows("invoices", f"{head}\nA1,M1,2026-01-01,2026-01-10,45.00,EUR,dues,x,no,issued\n")
    for row, field, values in (
        ("A1,M2,2026-01-01,2026-01-10,45.00,EUR,dues,x,no,issued", "member", ("M2", "M1")),
        ("A1,M1,2026-01-02,2026-01-10,45.00,EUR,dues,x,no,issued", "issued_on", ("2026-01-02", "2026-01-01")),
        ("A1,M1,2026-01-01,2026-02-10,46.00,EUR,dues,x,no,issued", "amount", ("46.00", "45.00")),
        ("A1,M1,2026-01-01,2026-01-10,45.00,USD,dues,x,no,issued", "currency", ("USD", "EUR")),
        ("A1,M1,2026-01-01,2026-01-10,45.00,EUR,fee,x,no,issued", "kind", ("fee", "dues")),
        ("A1,M1,2026-01-01,2026-01-10,45.00,EUR,dues,y,no,issued", "description", ("y", "x")),
        ("A1,M1,2026-01-01,2026-01-10,45.00,EUR,dues,x,yes,issued", "disputed", ("yes", "no")),
        ("A1,M1,2026-01-01,2026-01-10,45.00,EUR,dues,x,no,draft", "status", ("draft", "issued")),
    ):
        result = rows("invoices", f"{head}\n{row}\n")
        assert faults(result) == [(2, field)], row
        assert all(value in result.rejected[0].reason for value in values), row


def test_what_the_desk_did_since_is_no_difference(at: OpenDesk, people: Desk, tmp_path: Path) -> None:
    file = written(tmp_path, f"{HEAD},disputed\nA1,M1,2026-01-01,2026-01-10,45.00,no\n")
    bring(people, "invoices", file)
    people.invoices.move_due("A1", date(2026, 12, 24))
    result = bring(people, "invoices", file)
    assert (result.unchanged, open_items(people)) == (1, {"A1": ("2026-12-24", 4500)})


def test_numbers_of_the_desk_step_over_those_that_were_brought(rows: Bring, people: Desk) -> None:
    rows("invoices", f"{HEAD}\nINV-00001,M1,2026-01-01,2026-01-10,45.00\n")
    issued = people.invoices.issue(IssueRequest("M1", 1000, "EUR", date(2026, 12, 1)))
    assert issued["invoice"] == "INV-00002"


def test_a_hundred_rows_of_one_invoice_are_one_invoice(rows: Bring, people: Desk) -> None:
    result = rows("invoices", f"{HEAD}\n" + "A1,M1,2026-01-01,2026-01-10,45.00\n" * 100)
    assert (result.created, result.unchanged, count(people, "invoice")) == (1, 99, 1)


def test_what_repeats_a_rejected_row_is_rejected_with_it(rows: Bring, people: Desk) -> None:
    result = rows(
        "invoices", f"{HEAD}\nA1,M9,2026-01-01,2026-01-10,45.00\nA1,M9,2026-01-01,2026-01-10,45.00\n", accept_valid=True
    )
    assert lines(result) == [2, 3]


# Receivables

OWED = "number,member,member_name,issued_on,due_on,amount,disputed,settled_on"


def test_receivables_make_members_invoices_and_the_payments_that_settled_them(rows: Bring, people: Desk) -> None:
    result = rows(
        "receivables",
        f"{OWED}\nR1,C1,Company One,2026-01-01,2026-01-31,100.00,no,2026-02-10\n"
        "R2,C1,,2026-01-15,2026-02-14,50.00,yes,\nR3,C2,,2026-01-01,2026-01-31,70.00,,2025-12-24\n",
    )
    assert result.created == 3
    with people.place.database.read() as tx:
        assert tx.all("SELECT number, name FROM member WHERE number LIKE 'C%' ORDER BY 1") == [
            ("C1", "Company One"),
            ("C2", "C2"),
        ]
        assert tx.all("SELECT reference, received_on, amount_minor FROM payment ORDER BY 1") == [
            ("R1/S", "2026-02-10", 10000),
            ("R3/S", "2025-12-24", 7000),
        ]
        # Money before its invoice is credit until the invoice is there.
        assert tx.all("SELECT effective_on FROM allocation ORDER BY 1") == [("2026-01-01",), ("2026-02-10",)]
    assert open_items(people) == {"R2": ("2026-02-14", 5000)}


def test_a_settlement_that_comes_later_pays_what_is_open(rows: Bring, people: Desk) -> None:
    text = f"{OWED}\nR1,C1,One,2026-01-01,2026-01-31,100.00,no,{{}}\n"
    rows("receivables", text.format(""))
    rows("payments", "reference,member,received_on,amount\nP1,C1,2026-01-20,30.00\n")
    result = rows("receivables", text.format("2026-02-10"))
    assert (result.updated, open_items(people)) == (1, {})
    assert rows("receivables", text.format("2026-02-10")).unchanged == 1
    with people.place.database.read() as tx:
        assert tx.value("SELECT amount_minor FROM payment WHERE reference = 'R1/S'") == 7000
    assert faults(rows("receivables", text.format("2026-02-11"))) == [(2, "settled_on")]
    assert faults(rows("receivables", text.format(""))) == [(2, "settled_on")]


def test_receivables_paid_at_the_desk_are_unchanged(rows: Bring, people: Desk) -> None:
    text = f"{OWED}\nR1,C1,One,2026-01-01,2026-01-31,100.00,no,{{}}\n"
    rows("receivables", text.format(""))
    rows("payments", "reference,member,received_on,amount\nP1,C1,2026-01-20,100.00\n")
    assert rows("receivables", text.format("")).unchanged == 1
    assert rows("receivables", text.format("2026-01-25")).unchanged == 1


def test_no_member_is_made_by_a_rejected_receivable(rows: Bring, people: Desk) -> None:
    result = rows(
        "receivables",
        f"{OWED}\nR1,C1,One,2026-01-01,,100.00,no,\nR2,C2,Two,2026-01-01,2026-01-31,1.00,no,\n",
        accept_valid=True,
    )
    assert faults(result) == [(2, "due_on")]
    with people.place.database.read() as tx:
        assert tx.all("SELECT number FROM member WHERE number LIKE 'C%'") == [("C2",)]
