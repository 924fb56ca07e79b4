"""Notices: the exact text, who can get one, and that nobody who paid is asked again."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.leaving import Moment
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import SUGGESTED, NoticeRequest
from duesdesk.services.payments import PayRequest
from tests.conftest import OpenDesk
from tests.services.booked import ago, member, owe

ANA = "M00001"


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana reads Spanish and owes 51.50 of 71.50 since September; a company member has no address."""
    early = at(date(2026, 9, 1))
    early.members.add(MemberDetails("Ana [red]Ruiz[/]", email="ana@example.org", language="es"))
    early.members.add(MemberDetails("No Address"))
    early.invoices.issue(IssueRequest(ANA, 7150, "EUR", date(2026, 9, 14), description="Dues September"))
    early.invoices.issue(IssueRequest("M00002", 1000, "EUR", date(2026, 9, 14)))
    early.payments.pay(PayRequest(ANA, 2000, "EUR"))
    # Today is a Sunday.
    early.settings.set("notices.hours", "always")
    return at()


def outbox_files(home: Path) -> list[Path]:
    return sorted((home / "home" / "outbox").glob("*.eml"))


def test_a_reminder_names_the_rest_in_the_language_of_the_member(owing: Desk) -> None:
    preview = owing.notices.preview(NoticeRequest(ANA, "reminder_friendly"))
    assert preview.problem is None
    assert preview.language == "es"
    assert preview.subject == "Tu cuenta en Aurora Centre"
    assert "51,50\xa0€ (de 71,50\xa0€, recibidos 20,00\xa0€), vencía el 14 sept 2026" in preview.body
    assert "[red]Ruiz[/]" in preview.body


def test_nobody_is_suggested_a_reminder_of_what_is_not_due_yet(owing: Desk) -> None:
    owing.members.add(MemberDetails("Bea", email="bea@example.org"))
    owing.invoices.issue(IssueRequest("M00003", 2900, "EUR", owing.today() + timedelta(days=10)))
    assert owing.notices.preview(NoticeRequest("M00003", SUGGESTED)).template == "due_soon"
    assert owing.notices.preview(NoticeRequest(ANA, SUGGESTED)).template == "reminder_friendly"
    written = owing.notices.write(NoticeRequest("M00003", SUGGESTED), cooling=False)["notice"]
    assert next(one.template for one in owing.notices.all() if one.id == written) == "due_soon"


def test_a_subject_never_names_an_amount(owing: Desk) -> None:
    for template in ("reminder_friendly", "reminder_firm"):
        assert not any(char.isdigit() for char in owing.notices.preview(NoticeRequest(ANA, template)).subject)


def test_without_an_address_the_notice_says_why_it_cannot_go(owing: Desk) -> None:
    preview = owing.notices.preview(NoticeRequest("M00002", "reminder_friendly"))
    assert preview.problem is not None
    assert preview.problem.code == "notice-no-address"
    with pytest.raises(Refused):
        owing.notices.write(NoticeRequest("M00002", "reminder_friendly"))


def test_who_owes_nothing_gets_no_reminder(owing: Desk) -> None:
    owing.payments.pay(PayRequest(ANA, 5150, "EUR"))
    preview = owing.notices.preview(NoticeRequest(ANA, "reminder_friendly"))
    assert preview.problem is not None
    assert preview.problem.code == "notice-nothing-owed"


def test_a_sent_notice_is_the_one_that_was_shown(owing: Desk, tmp_path: Path) -> None:
    preview = owing.notices.preview(NoticeRequest(ANA, "reminder_friendly"))
    written = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)
    assert owing.outbox.send_now(written["notice"]).state == "sent"
    (file,) = outbox_files(tmp_path)
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["To"].addresses[0].addr_spec == "ana@example.org"
    assert mail["Subject"] == preview.subject
    assert mail.get_content().replace("\r\n", "\n").strip() == preview.body
    assert owing.notices.get(written["notice"]).state == "sent"


def test_a_notice_leaves_after_its_cooling_time_and_once(owing: Desk, tmp_path: Path) -> None:
    owing.notices.write(NoticeRequest(ANA, "reminder_friendly"))
    assert owing.outbox.send_due() == []
    later = owing.place.now() + timedelta(minutes=31)
    assert [sent.state for sent in owing.outbox.send_due(now=later)] == ["sent"]
    assert owing.outbox.send_due(now=later) == []
    assert len(outbox_files(tmp_path)) == 1


def test_a_payment_pulls_back_what_waits_and_undo_lets_it_wait_again(owing: Desk) -> None:
    notice = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"))["notice"]
    assert owing.payments.pay(PayRequest(ANA, 100, "EUR"))["notices_withdrawn"] == 1
    assert owing.notices.get(notice).state == "cancelled"
    owing.undo.undo()
    assert owing.notices.get(notice).state == "held"


def test_a_notice_whose_figures_moved_is_not_sent(owing: Desk, tmp_path: Path) -> None:
    notice = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)["notice"]
    owing.credits.give("INV-00001", 100, kind="waiver", reason="kind")
    assert owing.outbox.send_now(notice).state == "cancelled"
    assert outbox_files(tmp_path) == []


def test_nothing_more_goes_to_an_address_that_came_back_for_good(owing: Desk, tmp_path: Path) -> None:
    owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET email_works = :works WHERE number = :number", works=False, number=ANA)
    assert [sent.state for sent in owing.outbox.send_due()] == ["failed"]
    assert not outbox_files(tmp_path)
    details = owing.members.get(ANA)
    owing.members.edit(ANA, details._replace(email="ana.ruiz@example.org"))
    owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)
    assert [sent.state for sent in owing.outbox.send_due()] == ["sent"]


def test_a_text_of_ones_own_wants_subject_and_text_and_no_card_number(owing: Desk) -> None:
    for wrong in (
        NoticeRequest(ANA, text="Hi"),
        NoticeRequest(ANA, subject="Hi"),
        NoticeRequest(ANA, subject="Hi", text="4111 1111 1111 1111"),
    ):
        with pytest.raises(BadInput):
            owing.notices.write(wrong)
    assert owing.notices.write(NoticeRequest(ANA, subject="Hi", text="See you {{ name }}"))["state"] == "held"


def test_two_of_one_household_get_one_notice(owing: Desk) -> None:
    child = owing.members.add(MemberDetails("Child", payer=ANA))["member"]
    previews = owing.notices.preview_many([child, ANA, "M00002"], "reminder_friendly")
    assert [(preview.payer, preview.problem is None) for preview in previews] == [(ANA, True), ("M00002", False)]


def test_a_notice_that_has_left_is_not_pulled_back(owing: Desk) -> None:
    notice = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)["notice"]
    owing.outbox.send_now(notice)
    with pytest.raises(Refused) as refused:
        owing.notices.cancel(notice)
    assert refused.value.code == "notice-has-left"


def test_undo_pulls_a_waiting_notice_back(owing: Desk) -> None:
    notice = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"))["notice"]
    owing.undo.undo()
    assert owing.notices.get(notice).state == "cancelled"


def test_a_notice_caught_in_a_crash_is_unsure_and_never_sent_by_itself(owing: Desk, tmp_path: Path) -> None:
    notice = owing.notices.write(NoticeRequest(ANA, "reminder_friendly"), cooling=False)["notice"]
    owing.outbox._claim(
        notice, Moment(owing.place.now()), frozenset({"email"}), in_person=False
    )  # the program dies here
    # A later day that is only asked for is no proof that the program stopped; the clock an hour later is.
    later = owing.place.now() + timedelta(hours=1)
    assert owing.outbox.send_due(now=later) == []
    assert owing.notices.get(notice).state == "sending"
    assert Desk(owing.place._replace(clock=Clock(later))).outbox.send_due() == []
    assert owing.notices.get(notice).state == "unsure"
    assert outbox_files(tmp_path) == []


def test_a_step_of_the_rule_gets_its_tone_and_speaks_of_the_invoices_it_was_taken_for(owing: Desk) -> None:
    owing.invoices.issue(IssueRequest(ANA, 900, "EUR", date(2026, 10, 1), issued_on=date(2026, 9, 20)))
    with owing.place.database.read() as tx:
        (first,) = (row[0] for row in tx.all("SELECT id FROM invoice WHERE number = 'INV-00001'"))
    firm = owing.notices.preview(NoticeRequest(ANA, "overdue", tone="firm", invoice_ids=(first,)))
    friendly = owing.notices.preview(NoticeRequest(ANA, "overdue", tone="friendly", invoice_ids=(first,)))
    assert [item.number for item in firm.items] == ["INV-00001"]
    assert "INV-00003" not in firm.body
    assert firm.tone == "firm"
    assert firm.asks_for_money
    assert firm.body != friendly.body


def test_a_text_message_takes_the_short_form_and_the_number(owing: Desk) -> None:
    owing.members.edit(ANA, owing.members.get(ANA)._replace(phone="+34600111222"))
    preview = owing.notices.preview(NoticeRequest(ANA, "overdue", channel="sms"))
    assert preview.address == "+34 600 11 12 22"
    assert preview.body.startswith("Aurora Centre: todavia no hemos recibido 51,50 €, vencimiento 14 sept 2026.")
    preview = owing.notices.preview(NoticeRequest("M00002", "overdue", channel="sms"))
    assert preview.problem is not None
    assert preview.problem.code == "notice-no-place"


def test_a_member_whose_language_has_no_text_reads_a_whole_one_in_that_of_the_centre(owing: Desk) -> None:
    for code, language in (("ro_RO", "ro"), ("de", "en"), ("pt-BR", "pt")):
        owing.members.edit(ANA, owing.members.get(ANA)._replace(language=code))
        preview = owing.notices.preview(NoticeRequest(ANA, "overdue"))
        assert preview.language == language


def test_a_receipt_asks_for_nothing_and_tells_what_is_still_open(owing: Desk) -> None:
    owing.payments.pay(PayRequest(ANA, 1000, "EUR"))
    preview = owing.notices.preview(NoticeRequest(ANA, "payment_received"))
    assert not preview.asks_for_money
    assert "10,00\xa0€" in preview.body
    assert "- INV-00001, Dues September: 10,00\xa0€" in preview.body
    assert "41,50\xa0€" in preview.body


def test_the_child_an_invoice_is_for_is_named_to_who_pays(owing: Desk) -> None:
    child = owing.members.add(MemberDetails("Leo Ruiz", payer=ANA))["member"]
    owing.invoices.issue(
        IssueRequest(child, 900, "EUR", date(2026, 10, 1), description="Judo", issued_on=date(2026, 9, 20))
    )
    body = owing.notices.preview(NoticeRequest(ANA, "overdue")).body
    assert "Judo (Leo Ruiz): 9,00" in body
    assert "Dues September: 51,50" in body


def test_a_name_stored_surname_first_with_a_comma_is_greeted_as_people_write_it(desk: Desk) -> None:
    member(desk, "COMMA", "Popescu, Ștefan", email="stefan@example.org")
    owe(desk, "COMMA", 1000, ago(5))
    body = desk.notices.preview(NoticeRequest("COMMA", "reminder_friendly")).body
    assert "Ștefan Popescu" in body
    assert "Popescu, Ștefan" not in body


def test_what_is_contested_is_not_said_to_be_nothing(owing: Desk) -> None:
    (invoice,) = [one.number for one in owing.member_files.open(ANA).invoices if one.open_minor]
    owing.invoices.dispute(invoice, reason="was not there")
    with pytest.raises(Refused, match="notice-disputed"):
        owing.notices.write(NoticeRequest(ANA, "reminder_friendly"))
