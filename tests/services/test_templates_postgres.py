"""Texts of the centre's own on PostgreSQL: the same as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.documents.notice_templates import SHORT, WHOLE
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.payments import PayRequest
from duesdesk.services.templates import Address
from tests.conftest import CENTRE, TODAY

pytestmark = pytest.mark.postgres
ANA = "M00001"
OVERDUE = Address("overdue", "es", "friendly")
OURS = "Subject: Hola\n\nTe faltan {{ total }}, {{ promised }} el {{ promised_on }}.\n"


@pytest.fixture
def owing(postgres_url: str) -> Iterator[Desk]:
    """Ana owes 51.50, has paid 20, and promised 10."""
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    early = open_desk(postgres_url, clock=Clock(date(2026, 9, 1)))
    early.members.add(MemberDetails("Ana Ruiz", email="ana@example.org", phone="+34600111222", language="es"))
    early.invoices.issue(IssueRequest(ANA, 7150, "EUR", date(2026, 9, 14)))
    early.payments.pay(PayRequest(ANA, 2000, "EUR"))
    early.close()
    desk = open_desk(postgres_url, clock=Clock(TODAY))
    desk.promises.take(ANA, 1000, "EUR", date(2026, 11, 30))
    yield desk
    desk.close()


def test_a_text_is_written_tried_told_and_given_back(owing: Desk) -> None:
    shipped = owing.notices.preview(NoticeRequest(ANA, "overdue", tone="friendly")).body
    assert "51,50\xa0€ (de 71,50\xa0€, recibidos 20,00\xa0€), vencía el 14 sept 2026" in shipped
    assert owing.templates.set(OVERDUE, OURS)["own"]
    body = owing.notices.preview(NoticeRequest(ANA, "overdue", tone="friendly")).body
    assert body == "Te faltan 51,50\xa0€, 10,00\xa0€ el 30 nov 2026."
    assert [one.address for one in owing.templates.all() if one.own] == [OVERDUE]
    assert owing.templates.to_try_on("es") == [ANA]
    trial = owing.templates.try_out(OVERDUE, OURS, ANA)
    assert (trial.body, trial.findings) == (body, ())
    assert owing.templates.missing([("overdue", "", WHOLE), ("overdue", "", SHORT)]) == []
    owing.undo.undo()
    assert owing.notices.preview(NoticeRequest(ANA, "overdue", tone="friendly")).body == shipped
    receipt = owing.notices.preview(NoticeRequest(ANA, "payment_received")).body
    assert "tu pago de 20,00\xa0€ del 1 sept 2026" in receipt
