"""CRM Daily and the Member File read the same from PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duesdesk.bootstrap import found_centre, open_desk
from duesdesk.clock import Clock
from tests.conftest import CENTRE
from tests.services.booked import TODAY, ago, book, member, owe, pay


def read_all(url: str) -> tuple[object, ...]:
    """A small centre at `url`, and what the screens read of it."""
    found_centre(url, CENTRE, clock=Clock(date(2026, 1, 1)), crm=True)
    early = open_desk(url, clock=Clock(ago(60)))
    member(early, "GIULIA", "Rossi Giulia", email="giulia@example.org")
    member(early, "MARCO", "Rossi Marco", payer="GIULIA")
    invoice = owe(early, "MARCO", 4400, ago(51))
    owe(early, "MARCO", 900, ago(40), currency="JPY")
    early.invoices.move_due(invoice, ago(45), reason="asked")
    early.close()
    desk = open_desk(url, clock=Clock(TODAY))
    reference = pay(desk, "MARCO", 1000)
    desk.payments.reverse(pay(desk, "MARCO", 300), reason="bounced")
    desk.credits.give(invoice, 400, kind="waiver", reason="ill")
    desk.talks.log("MARCO", outcome="informed", next_on=TODAY + timedelta(days=2))
    desk.promises.take("MARCO", 3000, "EUR", TODAY + timedelta(days=3))
    desk.members.add_note("MARCO", "rings at noon")
    booking = book(desk, "MARCO", "10:00")
    book(desk, "GIULIA", None, status="cancelled")
    desk.bookings.check_in("MARCO", booking_id=booking)
    files = [desk.member_files.open(number) for number in ("GIULIA", "MARCO")]
    pages = (desk.daily.page(), desk.daily.page(TODAY, "monthly"), desk.daily.page(ago(50)))
    answer = (
        *pages,
        # What each of them owes is read when they are looked at.
        *(tuple(page.arrivals) for page in pages),
        desk.debts.of("MARCO"),
        files,
        desk.member_files.invoice(invoice),
        desk.member_files.payment_moves(reference),
        desk.reports.read("statement", member="MARCO"),
    )
    desk.close()
    return answer


@pytest.mark.postgres
def test_both_engines_tell_the_same_of_a_day_and_of_a_member(postgres_url: str, tmp_path: object) -> None:
    assert read_all(postgres_url) == read_all(f"{tmp_path}/same.db")
