"""Whatever the book holds, a notice is whole, within its limits, clean, and tells exactly what is open."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import NAMES, SHORT
from duesdesk.documents.short_texts import LONGEST_SHORT, in_sms_alphabet, length_of
from duesdesk.i18n import catalogue
from duesdesk.services.notice_values import Agreed, Facts, House, ItemFact, PaymentFact, SettledFact, text_of
from duesdesk.services.template_texts import Found
from tests.notices.telling import HOSTILE, PLACES, SETTINGS, TODAY, TONES

CHANNELS = ("email", "letter", "sms", "whatsapp")
words = st.one_of(st.text(max_size=60), st.sampled_from(["", HOSTILE, "Ștefan Muñoz", "{{ total }}", "{% raw %}"]))
days = st.integers(-3_000, 500).map(lambda n: TODAY + timedelta(days=n))
currencies = st.sampled_from(["EUR", "JPY", "TND", "BRL", "RON", "USD", "GBP"])


@st.composite
def items(draw: st.DrawFn) -> ItemFact:
    total = draw(st.integers(1, 10**13))
    open_minor = draw(st.integers(1, total))
    paid = draw(st.integers(0, total - open_minor))
    due_on = draw(st.none() | days)
    return ItemFact(draw(words), draw(words), draw(words), draw(currencies), total, paid, open_minor, due_on)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    listed = draw(st.lists(items(), max_size=8)) * draw(st.sampled_from([1, 1, 1, 12]))
    agreed = st.none() | st.builds(Agreed, currencies, st.integers(1, 10**13), days)
    settled = st.lists(st.builds(SettledFact, words, words, st.integers(1, 10**12)), max_size=30).map(tuple)
    payment = st.none() | st.builds(PaymentFact, words, currencies, st.integers(1, 10**13), days, settled)
    credit = draw(st.dictionaries(currencies, st.integers(1, 10**13), max_size=2))
    return Facts(draw(words), draw(words), tuple(listed), credit, draw(payment), draw(agreed), draw(agreed))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    facts(), st.sampled_from(NAMES), st.sampled_from(TONES), st.sampled_from(PLACES), st.sampled_from(CHANNELS),
    st.booleans(), st.booleans(), words,
)  # fmt: skip
@example(Facts("", "", ()), "overdue", "firm", ("es", "ES"), "sms", True, True, "")
def test_a_notice_is_whole_clean_and_within_its_limits(
    told: Facts, name: str, tone: str, place: tuple[str, str], channel: str, opt_out: bool, is_set: bool, centre: str
) -> None:
    language, country = place
    form = notice_templates.form_of(channel)
    source = notice_templates.shipped(name, language, tone=tone, form=form, country=country)
    assert source is not None
    house = House(centre, country, SETTINGS if is_set else {}, opt_out=opt_out)
    text = text_of(Found(name, tone, language, form, source, own=False), told, house, TODAY, channel)
    assert text.body
    assert len(text.body.encode()) <= notice_templates.LONGEST_OUTPUT
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text.subject + text.body)
    assert "\n" not in text.subject
    if form == SHORT:
        assert length_of(text.body) <= LONGEST_SHORT
    if channel == "sms":
        assert in_sms_alphabet(text.body) == text.body
    # Nothing of the book is in the subject: the same one, whatever is owed.
    bare = Facts(told.name, told.payer, ())
    assert (
        text_of(Found(name, tone, language, form, source, own=False), bare, house, TODAY, channel).subject
        == text.subject
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(items(), min_size=1, max_size=12), st.sampled_from(PLACES), st.dates(date(2020, 1, 1), date(2030, 1, 1))
)
def test_every_open_amount_is_told_once_and_the_sum_is_theirs(
    listed: list[ItemFact], place: tuple[str, str], today: date
) -> None:
    language, country = place
    listed = [item._replace(number=f"N{n}", description="", member="") for n, item in enumerate(listed)]
    source = "Subject: x\n\n{{ overdue_list }}\n{{ coming_list }}\n= {{ total }}"
    found = Found("overdue", "", language, "whole", source, own=True)
    body = text_of(found, Facts("", "", tuple(listed)), House("", country, {}), today, "email").body
    spoken = catalogue(language, country)
    for item in listed:
        lines = [line for line in body.splitlines() if line.startswith(f"- {item.number}:")]
        assert len(lines) == 1
        assert lines[0].startswith(f"- {item.number}: {spoken.money(item.open_minor, item.currency)}")
    sums: dict[str, int] = {}
    for item in listed:
        sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
    total = spoken.listing([spoken.money(minor, currency) for currency, minor in sorted(sums.items())])
    assert body.endswith(f"= {total}")
