"""The texts that are shipped: each there in every language, whole, exact, within its limits whatever the facts are."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import NAMES, SHORT, WHOLE
from duesdesk.documents.short_texts import LONGEST_SHORT, in_sms_alphabet, length_of
from duesdesk.i18n import catalogue
from duesdesk.services.notice_values import Facts, values_of
from tests.notices.telling import ALL, DUES, MANY, NOTHING, PILATES, PLACES, TODAY, TONES, USUAL, house, told


def every() -> Iterator[tuple[str, str, tuple[str, str]]]:
    yield from product(NAMES, TONES, PLACES)


def test_every_step_has_a_whole_text_of_its_own_in_every_language_and_tone() -> None:
    texts: dict[str, tuple[str, str, tuple[str, str]]] = {}
    for name, tone, place in every():
        language, country = place
        text = notice_templates.shipped(name, language, tone=tone, country=country)
        assert text is not None, (name, tone, place)
        notice_templates.check(text)
        assert text not in texts, (name, tone, place, texts.get(text))
        texts[text] = (name, tone, place)


def test_every_step_has_a_short_form_in_every_language() -> None:
    for name, (language, country) in product(NAMES, PLACES):
        text = notice_templates.shipped(name, language, form=SHORT, country=country)
        assert text is not None, (name, language)
        notice_templates.check(text)


def test_a_tone_without_a_text_of_its_own_takes_the_neutral_one() -> None:
    neutral = notice_templates.shipped("overdue", "es", form=SHORT)
    assert notice_templates.shipped("overdue", "es", tone="firm", form=SHORT) == neutral
    assert notice_templates.shipped("overdue", "es", tone="shouting") is None


def test_portuguese_is_written_as_brazil_writes_it_where_the_centre_is_there() -> None:
    assert "receção" in told("overdue", place=("pt", "PT")).body
    assert "recepção" in told("overdue", place=("pt", "BR")).body
    assert notice_templates.source("overdue", ("pt",), country="BR")[0] == "pt"


def test_the_names_of_before_are_the_texts_of_now() -> None:
    assert notice_templates.source("reminder_friendly", ("es",)) == notice_templates.source(
        "overdue", ("es",), tone="friendly"
    )
    assert notice_templates.source("reminder_firm", ("ro",)) == notice_templates.source("overdue", ("ro",), tone="firm")
    assert notice_templates.source("due_soon", ("it",)) == notice_templates.source(
        "before_due", ("it",), tone="friendly"
    )


@pytest.mark.parametrize("language", ["../en", "en/../es", "EN", "", "e", "english", "xx"])
def test_a_language_that_is_none_has_no_text_and_reads_no_other_file(language: str) -> None:
    assert notice_templates.shipped("overdue", language) is None
    assert notice_templates.shipped("overdue", "en", country=language) is not None


@pytest.mark.parametrize("facts", ALL.values(), ids=ALL.keys())
@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_whatever_the_facts_a_text_is_whole_and_within_its_limit(facts: Facts, place: tuple[str, str]) -> None:
    for name, tone in product(NAMES, TONES):
        text = told(name, tone, place, facts)
        assert 0 < len(text.subject) <= 300
        assert 0 < len(text.body) <= notice_templates.LONGEST_OUTPUT
        assert "\n\n\n" not in text.body
        assert "{%" not in text.body.replace("{% for a in b %}", "")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text.subject + text.body)
        assert "\n" not in text.subject
    for name, channel in product(NAMES, ("sms", "whatsapp")):
        short = told(name, "", place, facts, channel=channel, at=house(place[1], opt_out=True))
        assert length_of(short.body) <= LONGEST_SHORT, (name, channel, short.body)


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_a_usual_short_text_fits_one_message_or_two_and_is_in_the_alphabet_of_sms(place: tuple[str, str]) -> None:
    for name in NAMES:
        body = told(name, place=place, channel="sms").body
        assert in_sms_alphabet(body) == body
        assert length_of(body) <= 180
        without = house(place[1], pay_link="", phone="", tax_id="")
        assert length_of(told(name, place=place, channel="sms", at=without).body) <= 160


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_a_centre_with_a_long_name_still_fits_into_a_text_message(place: tuple[str, str]) -> None:
    at = replace(
        house(place[1], opt_out=True, tax_id="T" * 60, pay_link=f"https://a.example/{'p' * 60}"), name="C" * 200
    )
    for name in NAMES:
        assert length_of(told(name, place=place, facts=ALL["large"], channel="sms", at=at).body) <= LONGEST_SHORT


@pytest.mark.parametrize("facts", ["usual", "many", "large", "other money"])
def test_no_subject_names_an_amount_or_a_day(facts: str) -> None:
    for name, tone, place in every():
        for channel in ("email", "sms"):
            assert not re.search(r"\d|€|EUR", told(name, tone, place, ALL[facts], channel=channel).subject)


def test_charge_paid_lowered_and_rest_stand_beside_each_item() -> None:
    body = told("overdue", "firm").body
    assert "- INV-00012, Dues September: €51.50 (of €71.50, €20.00 received), was due 14 Sep 2026" in body
    assert "- INV-00019, Pilates (Leo Ruiz): €40.00 (of €45.00, €5.00 taken off), due 25 Nov 2026" in body


def test_what_is_not_late_is_never_called_late() -> None:
    overdue = told("overdue").body
    late, _, coming = overdue.partition("Due next:")
    assert "INV-00012" in late
    assert "INV-00019" not in late
    assert "INV-00019" in coming
    only_coming = told("overdue", facts=USUAL._replace(items=(PILATES,))).body
    assert "not yet received" not in only_coming
    due_today = told("before_due", facts=USUAL._replace(items=(DUES._replace(due_on=TODAY),))).body
    assert "Still open" not in due_today


def test_credit_is_shown_with_what_is_left_of_the_sum() -> None:
    assert "In total: €91.50.\nYou have €10.00 on account with us, so €81.50 remains." in told("overdue").body
    covered = told("overdue", facts=USUAL._replace(credit_minor={"EUR": 9150})).body
    assert "You have €91.50 on account with us, which covers it." in covered
    # A reminder is about no payment; a receipt tells all that is on account.
    foreign = told("overdue", facts=USUAL._replace(credit_minor={"USD": 9150}, payment=None))
    assert "on account" not in foreign.body


def test_what_the_centre_has_not_set_leaves_its_sentence_out() -> None:
    whole = told("overdue").body
    assert "online: https://pay.aurora.example/p" in whole
    assert "by transfer: ES91 2100 0418 4502 0005 1332 (Aurora Centre), reference M00001" in whole
    assert "(+34 600 111 222 · hola@aurora.example)" in whole
    bare = told("overdue", at=house("GB", pay_link="", iban="", phone="", email="", address="", tax_id="")).body
    assert "How to pay" not in bare
    assert "You can pay at our desk." in bare
    assert "()" not in bare
    assert " ," not in bare
    assert bare.endswith("\n\nAurora Centre")


def test_a_single_invoice_is_its_own_reference() -> None:
    assert "reference INV-00012" in told("overdue", facts=USUAL._replace(items=(DUES,))).body


def test_a_brazilian_notice_names_who_asks_with_address_and_tax_number() -> None:
    at = house("BR", address="Rua Um 1; 01000-000 São Paulo", tax_id="CNPJ 12.345.678/0001-95", pix_key="pix@aurora")
    letter = told("formal_letter", place=("pt", "BR"), channel="letter", at=at).body
    assert letter.endswith("Aurora Centre\nRua Um 1\n01000-000 São Paulo\nCNPJ 12.345.678/0001-95")
    assert "por Pix, chave pix@aurora" in letter
    assert "CNPJ 12.345.678/0001-95" in told("overdue", place=("pt", "BR"), channel="sms", at=at).body


def test_the_way_out_stands_in_every_message_where_the_law_wants_it_and_in_no_letter() -> None:
    at = house("US", opt_out=True)
    for name, place in product(NAMES, PLACES):
        word = {"es": "BAJA", "pt": "PARE" if place[1] == "BR" else "STOP"}.get(place[0], "STOP")
        there = house(place[1], opt_out=True)
        assert word in told(name, place=place, at=there).body
        assert word in told(name, place=place, at=there, channel="sms").body
        assert word not in told(name, place=place, at=there, channel="letter").body
        assert word not in told(name, place=place).body
    assert told("overdue", at=at).body.count("STOP") == 1


def test_sixty_items_are_all_listed_and_of_nine_hundred_the_rest_is_counted_with_its_sum() -> None:
    body = told("overdue", facts=MANY).body
    assert body.count("- INV-") == 60
    values = values_of(ALL["large"], house("GB"), "en", WHOLE, TODAY)
    shown = len(values["items"])  # type: ignore[arg-type]  # a list
    assert 0 < shown < 60
    assert values["more_count"] == 900 - shown
    assert "more: " in str(values["list"]).splitlines()[-1]


def test_money_without_minor_units_and_with_three_is_written_in_full() -> None:
    body = told("overdue", facts=ALL["other money"]).body
    assert "¥5,150" in body
    assert "TND 4.000" in body.replace("\xa0", " ")


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_what_is_owed_in_two_currencies_is_told_in_each_and_never_added_up(place: tuple[str, str]) -> None:
    in_dollars = PILATES._replace(currency="USD", member="", due_on=TODAY - timedelta(days=4))
    owed = USUAL._replace(items=(DUES, in_dollars), credit_minor={"EUR": 1000, "USD": 300}, payment=None)
    paid = USUAL._replace(items=(DUES, in_dollars), credit_minor={"EUR": 1000, "RON": 700})
    spoken = catalogue(*place)
    euros, dollars = spoken.money(5150, "EUR"), spoken.money(4000, "USD")
    both = spoken.listing([euros, dollars])
    left = spoken.listing([spoken.money(4150, "EUR"), spoken.money(3700, "USD")])
    asking = [name for name in NAMES if name not in ("payment_received", "instalment_missed")]
    for name, tone in product(asking, TONES):
        body = told(name, tone, place, owed).body
        assert body.count(both) == 1, (name, tone, body)
        assert left in body, (name, tone, body)
    for tone in TONES:
        body = told("payment_received", tone, place, paid).body
        assert euros in body, body
        assert dollars in body, body
        assert spoken.listing([spoken.money(1000, "EUR"), spoken.money(700, "RON")]) in body, body
    for name in asking:
        short = told(name, "", place, owed, channel="sms").body
        # Some name no amount at all.
        names_any = any(in_sms_alphabet(one) in short for one in (euros, dollars))
        assert (in_sms_alphabet(both) in short) == names_any, (name, short)


def test_a_receipt_says_what_the_money_went_to_and_asks_for_nothing() -> None:
    body = told("payment_received").body
    assert "payment of €50.00 on 20 Nov 2026 (P-00007)" in body
    assert "- INV-00008, Dues August: €50.00" in body
    assert "How to pay" not in body
    assert "Nothing else is due" in told("payment_received", facts=NOTHING).body


def test_a_promise_is_told_with_its_amount_and_day_when_they_are_known() -> None:
    assert "you would pay €51.50 by 15 Nov 2026, and" in told("promise_broken").body
    assert "you would pay, and" in told("promise_broken", facts=USUAL._replace(promise=None)).body


def test_a_missed_instalment_asks_for_the_instalment_and_not_for_the_whole_debt() -> None:
    body = told("instalment_missed").body
    assert "the instalment of 10 Nov 2026 (€20.00) of your plan" in body
    assert "In total" not in body


def test_a_text_is_made_in_a_moment_even_of_sixty_items() -> None:
    told("overdue", facts=MANY)
    began = time.process_time()
    for _ in range(5):
        told("overdue", facts=MANY)
    assert (time.process_time() - began) / 5 < 0.05


def test_the_list_keeps_the_order_and_the_days_of_the_items() -> None:
    items = tuple(DUES._replace(number=f"I{n}", due_on=date(2026, 11, 20) + timedelta(days=n)) for n in range(5))
    values = values_of(USUAL._replace(items=items), house("GB"), "en", WHOLE, TODAY)
    heads = {name: re.findall(r"I\d", str(values[name])) for name in values if name.endswith("list") and values[name]}

    assert heads["overdue_list"] == ["I0", "I1"]
    assert heads["coming_list"] == ["I2", "I3", "I4"]
    assert heads["due_list"] == ["I0", "I1", "I2"]
    assert heads["later_list"] == ["I3", "I4"]
