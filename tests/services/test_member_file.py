"""The Member File: figures, invoices, payments, timeline, bookings, household; and the debt as the counter sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import NotFound
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.services.booked import TODAY, OpenDesk, ago, book, member, owe, pay


@pytest.fixture
def ana(at: OpenDesk) -> Desk:
    """Ana owes for September and October, and something not due yet; August was paid."""
    early = at(date(2026, 8, 1))
    member(early, "ANA", "García Ana", email="ana@example.org", language="es", card="004512")
    for month in (8, 9, 10):
        owe(early, "ANA", 4500, date(2026, month, 14))
    pay(at(date(2026, 8, 14)), "ANA", 4500)
    owe(at(), "ANA", 4500, date(2026, 12, 14))
    return at()


def test_figures_of_the_header_are_those_of_every_list(ana: Desk) -> None:
    figures = ana.member_files.open("ANA").figures
    assert [(f.currency, f.unpaid_minor, f.unpaid_invoices, f.open_minor, f.credit_minor) for f in figures] == [
        ("EUR", 9000, 2, 13500, 0)
    ]
    assert figures[0].days == (TODAY - date(2026, 9, 14)).days
    assert figures[0].next_due == date(2026, 12, 14)


def test_open_invoices_stand_first_by_due_day_then_the_settled_ones(ana: Desk) -> None:
    invoices = ana.member_files.open("ANA").invoices
    assert [(invoice.due_on, invoice.state, invoice.days > 0) for invoice in invoices] == [
        (date(2026, 9, 14), "unpaid", True),
        (date(2026, 10, 14), "unpaid", True),
        (date(2026, 12, 14), "unpaid", False),
        (date(2026, 8, 14), "paid", False),
    ]


def test_every_state_of_an_invoice_is_told(ana: Desk) -> None:
    numbers = [owe(ana, "ANA", 1000, TODAY) for _ in range(4)]
    ana.invoices.void(numbers[0], reason="twice")
    ana.credits.give(numbers[1], None, kind="write_off", reason="gone")
    ana.credits.give(numbers[2], None, kind="waiver", reason="ill")
    ana.payments.pay(PayRequest("ANA", 400, "EUR", invoices=(numbers[3],)))
    states = {invoice.number: invoice.state for invoice in ana.member_files.open("ANA").invoices}
    assert [states[number] for number in numbers] == ["void", "written_off", "paid", "partially_paid"]


def test_a_credit_note_taken_back_leaves_the_invoice_unpaid(ana: Desk) -> None:
    number = owe(ana, "ANA", 1000, TODAY)
    ana.credits.give(number, None, kind="write_off", reason="gone")
    ana.undo.undo()
    invoice = ana.member_files.invoice(number)
    assert (invoice.invoice.state, invoice.invoice.open_minor) == ("unpaid", 1000)
    assert [(move.kind, move.amount_minor) for move in invoice.moves] == [("write_off", 1000), ("write_off", -1000)]


def test_an_invoice_tells_what_paid_it_and_a_payment_what_it_paid(ana: Desk) -> None:
    reference = pay(ana, "ANA", 6000)
    oldest, second = (
        invoice.number
        for invoice in ana.member_files.open("ANA").invoices
        if invoice.paid_minor and invoice.issued_on.month == 8 and invoice.due_on != date(2026, 8, 14)
    )
    moves = ana.member_files.payment_moves(reference)
    assert {(move.reference, move.amount_minor) for move in moves} == {(oldest, 1500), (second, 4500)}
    detail = ana.member_files.invoice(oldest)
    assert [(move.kind, move.reference, move.amount_minor, move.text) for move in detail.moves] == [
        ("paid", reference, 1500, "cash")
    ]
    assert detail.lines == (("Dues", 4500),)


def test_a_reversed_payment_is_told_with_its_reason_and_cannot_be_reversed_again(ana: Desk) -> None:
    reference = pay(ana, "ANA", 4500)
    ana.payments.reverse(reference, reason="wrong person")
    payments = {payment.reference: payment for payment in ana.member_files.open("ANA").payments}
    assert not payments[reference].is_live
    back = next(payment for payment in payments.values() if payment.kind == "reversal")
    assert (back.reverses, back.amount_minor, back.reason) == (reference, -4500, "wrong person")
    assert [move.kind for move in ana.member_files.payment_moves(reference)] == ["paid", "taken_back", "reversal"]


def test_money_on_account_is_the_rest_of_its_payment(ana: Desk) -> None:
    reference = pay(ana, "ANA", 20000)
    payment = next(p for p in ana.member_files.open("ANA").payments if p.reference == reference)
    assert (payment.laid_minor, payment.rest_minor) == (13500, 6500)
    assert ana.member_files.open("ANA").figures[0].credit_minor == 6500


def test_the_timeline_has_every_contact_and_movement_the_newest_first(at: OpenDesk, ana: Desk) -> None:
    at(ago(20)).talks.log("ANA", outcome="no_answer", channel="phone")
    at(ago(10)).promises.take("ANA", 9000, "EUR", ago(3), note="after pay day")
    pay(at(ago(5)), "ANA", 2000)
    at(ago(4)).talks.log("ANA", outcome="will_pay", note="tomorrow", next_on=TODAY + timedelta(days=2))
    shown = [(entry.kind, entry.state) for entry in ana.member_files.open("ANA").timeline]
    assert shown == [
        ("talk", "will_pay"),
        ("receipt", "cash"),
        ("promise", "broken"),
        ("talk", "no_answer"),
        ("receipt", "cash"),
    ]


def test_an_undone_talk_stays_readable_and_counts_no_more(at: OpenDesk, ana: Desk) -> None:
    ana.talks.log("ANA", outcome="informed")
    ana.undo.undo()
    file = at().member_files.open("ANA")
    assert [(entry.kind, entry.withdrawn) for entry in file.timeline if entry.kind == "talk"] == [("talk", True)]
    assert file.debt.about.told == 0


def test_a_payer_sees_the_household_and_a_child_sees_who_pays(at: OpenDesk) -> None:
    desk = at(ago(60))
    member(desk, "GIULIA", "Rossi Giulia")
    member(desk, "MARCO", "Rossi Marco", payer="GIULIA")
    member(desk, "LIA", "Rossi Lia", payer="GIULIA")
    number = owe(desk, "MARCO", 4400, ago(51))
    payer, child = at().member_files.open("GIULIA"), at().member_files.open("MARCO")
    assert [(one.number, one.open, one.pays) for one in payer.household] == [
        ("GIULIA", (), True),
        ("LIA", (), False),
        ("MARCO", (("EUR", 4400),), False),
    ]
    assert child.household == payer.household
    assert [invoice.number for invoice in payer.invoices] == [number] == [invoice.number for invoice in child.invoices]
    assert payer.figures == child.figures
    assert (child.payer, child.pays_for_themselves, payer.pays_for_themselves) == ("GIULIA", False, True)


def test_bookings_are_the_members_own_the_latest_first(ana: Desk) -> None:
    book(ana, "ANA", "10:00", day=ago(1))
    book(ana, "ANA", "12:30", day=TODAY + timedelta(days=1), activity="Spin")
    assert [(one.on_day, one.at_time, one.activity) for one in ana.member_files.open("ANA").bookings] == [
        (TODAY + timedelta(days=1), "12:30", "Spin"),
        (ago(1), "10:00", "Yoga"),
    ]


def test_nobody_has_no_file(desk: Desk) -> None:
    for ask in (desk.member_files.open, desk.debts.of, desk.member_files.invoice, desk.member_files.payment_moves):
        with pytest.raises(NotFound):
            ask("NOBODY")


def test_the_opening_sentence_names_no_person_and_no_amount(ana: Desk) -> None:
    said = ana.debts.of("ANA").say
    assert said
    assert not any(char.isdigit() and char != "2" for char in said)
    assert "Ana" not in said


@pytest.mark.parametrize("case", ["first", "several", "part", "broken", "promised", "says_paid", "other_pays", "often"])
def test_the_opening_sentence_fits_what_is_known(at: OpenDesk, case: str) -> None:
    early = at(ago(60))
    member(early, "M1", "Ruiz")
    if case == "other_pays":
        member(early, "PAYER", "Ruiz Eva")
        early.members.edit("M1", MemberDetails("Ruiz", payer="PAYER"))
    owe(early, "M1", 4500, ago(40))
    if case in ("several", "often"):
        owe(early, "M1", 4500, ago(30))
    if case == "part":
        pay(at(ago(20)), "M1", 1000)
    if case in ("broken", "promised"):
        at(ago(20)).promises.take("M1", 4500, "EUR", ago(2) if case == "broken" else TODAY)
    if case == "says_paid":
        at(ago(5)).talks.log("M1", outcome="says_paid")
    for days in (9, 8, 7) if case == "often" else ():
        at(ago(days)).talks.log("M1", outcome="informed")
    expected = {
        "first": "it may have slipped by",
        "several": "2 invoices are open",
        "part": "what you paid already",
        "broken": "We had agreed on Friday 20 November",
        "promised": "I have Sunday 22 November written down",
        "says_paid": "Do you remember when",
        "other_pays": "Could you ask Ruiz Eva",
        "often": "We have written to you about this",
    }
    assert expected[case] in at().debts.of("M1").say


def test_the_why_line_says_what_holds_a_debt(at: OpenDesk, ana: Desk) -> None:
    assert ana.debts.of("ANA").step.code == "never"
    ana.talks.log("ANA", outcome="informed")
    assert at().debts.of("ANA").why == "Told once, last today."
    ana.talks.log("ANA", outcome="call_back", next_on=TODAY + timedelta(days=1))
    assert at().debts.of("ANA").why == "To be spoken to again tomorrow."
    ana.promises.take("ANA", 9000, "EUR", TODAY + timedelta(days=1))
    assert at().debts.of("ANA").why == "Promised for tomorrow: nothing is asked before."


def test_who_owes_nothing_overdue_is_asked_for_nothing(desk: Desk) -> None:
    member(desk, "M1", "Ruiz")
    free = desk.debts.of("M1")
    assert (free.say, free.why, free.answers, free.step.code) == ("", "Nothing is overdue.", (), "none")
    desk.invoices.issue(IssueRequest("M1", 4500, "EUR", TODAY + timedelta(days=3)))
    assert desk.debts.of("M1").why == "Nothing is overdue; the next is due 25 Nov."


def test_payments_of_who_paid_before_stay_in_the_file_and_those_for_others_do_not(at: OpenDesk) -> None:
    desk = at(ago(60))
    for number, name in (("OLD", "Old Payer"), ("NEW", "New Payer"), ("KID", "Kid"), ("OTHER", "Other")):
        member(desk, number, name)
    desk.members.edit("KID", MemberDetails("Kid", payer="OLD"))
    desk.members.edit("OTHER", MemberDetails("Other", payer="OLD"))
    owe(desk, "KID", 1000, ago(50))
    owe(desk, "OTHER", 2000, ago(50))
    first = pay(desk, "KID", 1000)
    pay(desk, "OTHER", 2000)
    desk.members.edit("KID", MemberDetails("Kid", payer="NEW"))
    assert [payment.reference for payment in at().member_files.open("KID").payments] == [first]
    assert list(at().member_files.laid("KID")) == [first]
    assert len(at().member_files.open("OLD").payments) == 2
