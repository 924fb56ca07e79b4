"""What the rule writes: the text of the step's tone with the figures of the items it was taken for."""

from __future__ import annotations

from datetime import date

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_views import NoticeView
from duesdesk.services.payments import PayRequest
from duesdesk.services.templates import Address
from tests.conftest import OpenDesk

ANA = "M00001"


@pytest.fixture
def billed(at: OpenDesk) -> OpenDesk:
    """Ana pays for Leo, and has two invoices: one due on Tuesday 15 September, one a month later."""
    early = at(date(2026, 9, 1))
    early.settings.set("notices.hours", "always")
    early.settings.set("notices.max_per_week", "9")
    early.members.add(MemberDetails("Ana Ruiz", email="ana@example.org", language="en"))
    early.members.add(MemberDetails("Leo Ruiz", payer=ANA))
    early.invoices.issue(IssueRequest(ANA, 5000, "EUR", date(2026, 9, 15), description="Dues"))
    early.invoices.issue(IssueRequest("M00002", 2000, "EUR", date(2026, 10, 15), description="Judo"))
    return at


def written(desk: Desk) -> list[NoticeView]:
    """What a run of the rule writes on the desk's day; it leaves at once."""
    before = {one.id for one in desk.notices.all()}
    desk.runs.run()
    found = [desk.notices.get(one.id) for one in desk.notices.all() if one.id not in before]
    for one in found:
        assert desk.outbox.send_now(one.id).state == "sent"
    return found


def test_a_receipt_tells_what_is_still_open_and_never_that_nothing_is(billed: OpenDesk) -> None:
    desk = billed(date(2026, 9, 3))
    desk.payments.pay(PayRequest(ANA, 5000, "EUR"))
    (receipt,) = [one for one in written(desk) if one.template == "payment_received"]
    assert "payment of €50.00" in receipt.body
    assert "- INV-00001, Dues: €50.00" in receipt.body
    assert "Still open:\n\n- INV-00002, Judo (Leo Ruiz): €20.00, due 15 Oct 2026" in receipt.body
    assert "Nothing else is due" not in receipt.body
    desk.payments.pay(PayRequest(ANA, 2000, "EUR"))
    (receipt,) = [one for one in written(desk) if one.template == "payment_received"]
    assert "Nothing else is due at the moment." in receipt.body


def test_each_step_speaks_in_its_tone_and_the_centres_own_text_comes_first(billed: OpenDesk) -> None:
    friendly = billed(date(2026, 9, 18))
    (notice,) = written(friendly)
    assert notice.body.startswith("Hello Ana Ruiz,\n\nmaybe it slipped through")
    assert "INV-00001, Dues: €50.00, was due 15 Sep 2026" in notice.body
    friendly.templates.set(Address("overdue", "en"), "Subject: Ours\n\nStill {{ total }}.")
    (notice,) = written(billed(date(2026, 9, 28)))
    assert (notice.subject, notice.body) == ("Ours", "Still €50.00.")


def test_after_a_firm_word_a_later_one_that_lists_the_same_debt_is_not_milder(billed: OpenDesk) -> None:
    (letter,) = written(billed(date(2026, 10, 20)))
    assert (letter.template, letter.tone) == ("formal_letter", "firm")
    # Three days after the due day of the second invoice; the first one stands beside it.
    (notice,) = [one for one in written(billed(date(2026, 10, 26))) if one.template == "overdue"]
    assert "INV-00001" in notice.body
    assert "maybe it slipped through" not in notice.body
    assert notice.tone == "firm"
