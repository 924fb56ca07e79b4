"""Texts of the centre's own: tried, put in force, given back; and who reads what when a language is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.documents.notice_templates import SHORT, WHOLE
from duesdesk.domain.errors import BadInput, DuesdeskError, NotFound, Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.notice_texts import NoticeRequest
from duesdesk.services.templates import Address
from duesdesk.services.workplace import Centre
from duesdesk.store.database import RefusedByStore
from tests.conftest import TODAY, OpenDesk

ANA = "M00001"
OURS = "Subject: Hola, {{ name }}\n\nTe faltan {{ total }}.\n\n{{ signature }}\n"
OVERDUE = Address("overdue", "es", "friendly")


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """Ana reads Spanish and owes 51.50; the centre's language is English."""
    early = at(date(2026, 9, 1))
    early.members.add(MemberDetails("Ana Ruiz", email="ana@example.org", phone="+34600111222", language="es"))
    early.invoices.issue(IssueRequest(ANA, 5150, "EUR", date(2026, 9, 14)))
    return at()


def body(desk: Desk, template: str = "overdue", tone: str = "friendly", channel: str = "email") -> str:
    return desk.notices.preview(NoticeRequest(ANA, template, tone=tone, channel=channel)).body


def refused(desk: Desk, text: str, address: Address = OVERDUE) -> str:
    with pytest.raises(DuesdeskError) as error:
        desk.templates.set(address, text)
    return error.value.code


def test_a_text_of_ones_own_is_what_goes_out_in_its_language_and_tone_alone(owing: Desk) -> None:
    shipped = body(owing, tone="firm")
    answer = owing.templates.set(OVERDUE, OURS)
    assert answer == {
        "template": "overdue",
        "tone": "friendly",
        "language": "es",
        "form": "whole",
        "own": True,
        "instead": [],
    }
    assert body(owing) == "Te faltan 51,50\xa0€.\n\nAurora Centre"
    assert body(owing, tone="firm") == shipped
    assert body(owing, "reminder_friendly", "") == body(owing)
    preview = owing.notices.preview(NoticeRequest(ANA, "overdue", tone="friendly"))
    assert (preview.subject, preview.own, preview.asks_for_money) == ("Hola, Ana Ruiz", True, True)


def test_giving_it_back_brings_the_shipped_text_again_and_undo_takes_each_of_them_back(owing: Desk) -> None:
    shipped = body(owing)
    owing.templates.set(OVERDUE, OURS)
    owing.templates.set(OVERDUE, OURS.replace("Te faltan", "Quedan"))
    assert "Quedan" in body(owing)
    owing.undo.undo()
    assert "Te faltan" in body(owing)
    owing.templates.reset(OVERDUE)
    assert body(owing) == shipped
    owing.undo.undo()
    assert "Te faltan" in body(owing)
    owing.undo.undo()
    assert body(owing) == shipped
    with pytest.raises(Refused) as error:
        owing.templates.reset(OVERDUE)
    assert error.value.code == "template-not-own"


def test_undo_leaves_alone_what_somebody_else_has_written_since(owing: Desk, at: OpenDesk) -> None:
    owing.templates.set(OVERDUE, OURS)
    at(actor="Bea").templates.set(OVERDUE, OURS.replace("Te faltan", "Quedan"))
    with pytest.raises(Refused):
        owing.undo.undo()
    assert "Quedan" in body(owing)


def test_every_version_stays_in_the_store(owing: Desk) -> None:
    owing.templates.set(OVERDUE, OURS)
    owing.templates.reset(OVERDUE)
    with owing.place.database.read() as tx:
        rows = tx.all("SELECT content, actor FROM template_text ORDER BY id")
    assert rows == [(OURS, "owner"), ("", "owner")]
    with pytest.raises(RefusedByStore), owing.place.database.write() as tx:
        tx.run("UPDATE template_text SET content = 'x'")


def test_the_same_key_saves_once_and_a_rehearsal_saves_nothing(owing: Desk) -> None:
    shipped = body(owing)
    assert owing.templates.set(OVERDUE, OURS, dry_run=True)["own"]
    assert body(owing) == shipped
    first = owing.templates.set(OVERDUE, OURS, key="k")
    assert owing.templates.set(OVERDUE, OURS, key="k") == first
    with owing.place.database.read() as tx:
        assert tx.value("SELECT count(*) FROM template_text") == 1


def test_the_front_desk_writes_no_texts(owing: Desk, at: OpenDesk) -> None:
    owing.staff.add("Olga", "back_office")
    owing.staff.add("Fran", "front_desk")
    at(actor="Olga").templates.set(OVERDUE, OURS)
    with pytest.raises(Refused) as error:
        at(actor="Fran").templates.set(OVERDUE, OURS)
    assert error.value.code == "role-may-not"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Te faltan {{ total }}", "template-without-subject"),
        ("Subject: x\n\n" + "y" * 4_000, "template-too-long"),
        ("Subject: x\n\n{{ secreto }}", "template-unknown-words"),
        ("Subject: x\n\n{% for a in items %}", "template-unreadable"),
        ("Subject: x\n\n{% for a in items %}{{ list }}{% endfor %}", "template-unreadable"),
        ("Subject: x\n\n{% if credit == 'x' %}y{% endif %}", "template-says-nothing"),
        ("Subject: {{ total }}\n\nx", "template-amount-in-subject"),
        ("Subject: Tu deuda\n\nx", "template-debt-in-subject"),
        ("Subject: x\n\nLlamaremos a la policía", "template-threatens"),
        ("Subject: x\n\nUn descuento", "template-advertises"),
        ("Subject: x\n\nhttps://evil.example", "template-links-elsewhere"),
        ("Subject: x\n\n4111 1111 1111 1111", "card-number-refused"),
    ],
)
def test_what_a_text_may_not_be_is_refused_and_nothing_is_written(owing: Desk, text: str, code: str) -> None:
    shipped = body(owing)
    assert code in [error.code for error in owing.templates.findings(text, OVERDUE)]
    assert refused(owing, text) == code
    assert body(owing) == shipped


def test_a_name_a_tone_and_a_language_that_are_none_are_refused(owing: Desk) -> None:
    assert refused(owing, OURS, Address("../x", "es")) == "template-name"
    assert refused(owing, OURS, Address("overdue", "de")) == "language-unknown"
    assert refused(owing, OURS, Address("overdue", "es", "angry")) == "template-tone-unknown"
    with pytest.raises(NotFound):
        owing.templates.get(Address("nothing", "es"))


def test_the_centres_own_pages_may_be_linked(owing: Desk) -> None:
    text = "Subject: x\n\nhttps://pay.aurora.example/me"
    assert refused(owing, text) == "template-links-elsewhere"
    owing.settings.set("centre.website", "https://aurora.example")
    owing.templates.set(OVERDUE, text)


def test_a_short_form_that_could_grow_beyond_two_messages_is_refused(owing: Desk) -> None:
    short = Address("overdue", "es", form=SHORT)
    assert refused(owing, "Subject: x\n\n{{ list }}", short) == "template-too-long-for-short"
    assert refused(owing, "Subject: x\n\n" + "x" * 321, short) == "template-too-long-for-short"
    owing.templates.set(short, "Subject: x\n\n{{ centre }}: {{ total }}")
    assert body(owing, channel="sms") == "Aurora Centre: 51,50 €"
    assert body(owing, tone="firm", channel="sms") == "Aurora Centre: 51,50 €"


def test_in_brazil_who_asks_for_money_names_address_and_tax_number(tmp_path: object) -> None:
    url = f"{tmp_path}/br.db"
    found_centre(url, Centre("Academia", "BRL", "BR", "America/Sao_Paulo", "pt"), clock=Clock(TODAY))
    desk = open_desk(url, clock=Clock(TODAY))
    address = Address("overdue", "pt")
    assert refused(desk, "Subject: x\n\nFaltam {{ total }}.", address) == "template-without-creditor"
    desk.templates.set(address, "Subject: x\n\nFaltam {{ total }}.\n\n{{ signature }}")
    desk.templates.set(Address("payment_received", "pt"), "Subject: x\n\nObrigado.")
    assert "recepção" in desk.templates.get(Address("before_due", "pt")).text.replace("{{ how_to_pay }}", "recepção")
    assert "você" in desk.templates.get(Address("before_due", "pt")).text
    desk.close()


def test_a_draft_is_tried_on_a_real_member_in_any_language_before_it_is_saved(owing: Desk) -> None:
    preview = owing.templates.preview(ANA, Address("overdue", "it"), draft="Subject: x\n\nMancano {{ total }}.")
    assert (preview.body, preview.language) == ("Mancano 51,50\xa0€.", "it")
    preview = owing.templates.preview(ANA, Address("overdue", "ro", "firm"))
    assert "nici până acum" in preview.body
    with pytest.raises(BadInput):
        owing.templates.preview(ANA, OVERDUE, draft="Subject: x\n\n{{ secreto }}")


def test_the_list_tells_which_texts_are_the_centres_own(owing: Desk) -> None:
    owing.templates.set(OVERDUE, OURS)
    found = owing.templates.all()
    assert [one.address for one in found if one.own] == [OVERDUE]
    assert len(found) == 8 * 3 * 5 + 8 * 5
    view = owing.templates.get(OVERDUE)
    assert (view.text, view.changed_by) == (OURS, "owner")
    assert view.shipped is not None
    assert view.shipped != OURS


def test_a_name_of_ones_own_is_written_in_the_centres_language_first(owing: Desk) -> None:
    assert refused(owing, OURS, Address("pool_closed", "es")) == "template-centre-language-first"
    answer = owing.templates.set(Address("pool_closed", "en"), "Subject: The pool\n\nIt is closed.")
    assert answer["instead"] == [{"language": "es", "members": 1, "told_in": "en"}]
    preview = owing.notices.preview(NoticeRequest(ANA, "pool_closed"))
    assert (preview.body, preview.language, preview.asks_for_money) == ("It is closed.", "en", False)
    answer = owing.templates.set(Address("pool_closed", "es"), "Subject: La piscina\n\nEstá cerrada.")
    assert answer["instead"] == []
    assert body(owing, "pool_closed", "firm") == "Está cerrada."
    owing.templates.set(Address("pool_fee", "en"), "Subject: The pool\n\n{{ total }}")
    assert owing.notices.preview(NoticeRequest(ANA, "pool_fee")).asks_for_money


def test_which_languages_a_rules_templates_lack_is_said_with_who_reads_them(owing: Desk) -> None:
    owing.members.add(MemberDetails("Ion", language="ro"))
    owing.members.add(MemberDetails("Gone", language="it", status="left"))
    owing.templates.set(Address("pool_closed", "en"), "Subject: The pool\n\nIt is closed.")
    missing = owing.templates.missing([("overdue", "firm", WHOLE), ("pool_closed", "", WHOLE), ("nothing", "", WHOLE)])
    told = [(one.name, one.language, one.members, one.told_in) for one in missing]
    assert told == [
        ("pool_closed", "es", 1, "en"),
        ("pool_closed", "ro", 1, "en"),
        ("nothing", "en", 0, ""),
        ("nothing", "es", 1, ""),
        ("nothing", "ro", 1, ""),
    ]
    short = owing.templates.missing([("pool_closed", "", SHORT)])
    assert {one.told_in for one in short} == {""}
    with pytest.raises(NotFound) as error:
        owing.notices.preview(NoticeRequest(ANA, "pool_closed", channel="sms"))
    assert error.value.code == "template-no-short-form"


def rule(template: str, channels: str) -> str:
    return f"""name = "ours"
[[step]]
id = "word"
when = "due"
offset_days = 3
do = "notice"
template = "{template}"
channels = {channels}
"""


def test_a_rule_whose_text_somebody_could_not_get_is_refused_and_who_gets_it_otherwise_is_said(owing: Desk) -> None:
    owing.templates.set(Address("pool_closed", "en"), "Subject: The pool\n\nIt is closed.")
    checked = owing.rules.check(rule("pool_closed", '["email", "letter"]'))
    told = [(one.name, one.form, one.language, one.members, one.told_in) for one in owing.rules.told_otherwise(checked)]
    assert told == [("pool_closed", "whole", "es", 1, "en")]
    assert owing.rules.told_otherwise(owing.rules.check(rule("overdue", '["email", "sms"]'))) == []
    for template, channels, problem in (
        ("pool_closed", '["email", "sms"]', "no-short-form"),
        ("pool_open", '["email"]', "unknown"),
    ):
        with pytest.raises(BadInput) as error:
            owing.rules.use(rule(template, channels))
        assert error.value.facts["problem"] == problem
    owing.templates.set(Address("pool_closed", "en", form=SHORT), "Subject: The pool\n\nIt is closed.")
    owing.rules.use(rule("pool_closed", '["email", "sms"]'))


def test_a_text_that_the_rule_in_force_needs_is_not_given_back(owing: Desk) -> None:
    owing.templates.set(Address("pool_closed", "en"), "Subject: The pool\n\nIt is closed.")
    owing.templates.set(Address("pool_closed", "es"), "Subject: La piscina\n\nEstá cerrada.")
    owing.rules.use(rule("pool_closed", '["email"]'))
    owing.templates.reset(Address("pool_closed", "es"))
    with pytest.raises(Refused) as error:
        owing.templates.reset(Address("pool_closed", "en"))
    assert error.value.code == "template-in-use"
    assert owing.templates.get(Address("pool_closed", "en")).own


def test_a_letter_that_asks_for_money_waits_where_the_law_wants_the_creditor_named(tmp_path: object) -> None:
    url = f"{tmp_path}/br.db"
    found_centre(url, Centre("Academia", "BRL", "BR", "America/Sao_Paulo", "pt"), clock=Clock(date(2026, 9, 1)))
    early = open_desk(url, clock=Clock(date(2026, 9, 1)))
    early.members.add(MemberDetails("Ana", email="ana@example.org", address="Rua Um 1"))
    early.invoices.issue(IssueRequest(ANA, 5150, "BRL", date(2026, 9, 14)))
    early.close()
    desk = open_desk(url, clock=Clock(TODAY))
    letter = NoticeRequest(ANA, "formal_letter", channel="letter")
    problem = desk.notices.preview(letter).problem
    assert problem is not None
    assert problem.code == "notice-without-creditor"
    desk.settings.set("centre.address", "Rua Dois 2; 01000-000 São Paulo")
    desk.settings.set("centre.tax_id", "CNPJ 12.345.678/0001-95")
    preview = desk.notices.preview(letter)
    assert preview.problem is None
    assert preview.body.endswith("Academia\nRua Dois 2\n01000-000 São Paulo\nCNPJ 12.345.678/0001-95")
    desk.close()


def test_the_way_out_is_told_to_who_lives_where_the_law_wants_it_or_to_all(owing: Desk) -> None:
    assert "BAJA" not in body(owing)
    owing.members.edit(ANA, owing.members.get(ANA)._replace(country="US"))
    assert body(owing).endswith("basta con responder BAJA: escribiremos de otra manera.")
    owing.members.edit(ANA, owing.members.get(ANA)._replace(country="ES"))
    assert "BAJA" not in body(owing)
    owing.settings.set("notices.way_out", "always")
    assert "BAJA" in body(owing)
    assert body(owing, channel="sms").endswith("Para no recibir mas, responde BAJA.")


def test_own_words_tell_the_way_out_once_whichever_way_they_go_and_a_letter_tells_none(owing: Desk) -> None:
    own = NoticeRequest(ANA, None, subject="Hola", text="Una palabra.")
    assert owing.notices.preview(own).body == "Una palabra."
    owing.settings.set("notices.way_out", "always")
    told = owing.notices.preview(own).body
    assert told.startswith("Una palabra.\n\nPara no recibir")
    assert owing.notices.preview(replace(own, channel="letter")).body == "Una palabra."
    notice = owing.notices.write(own)["notice"]
    assert owing.notices.get(notice).body == told
    by_sms = owing.notices.preview_by(notice, "sms").body
    assert by_sms == "Una palabra. Para no recibir más, responde BAJA."
    assert owing.notices.preview_by(notice, "letter").body == "Una palabra."
