"""What is typed is read as the language writes it, or asked for again; never as a hundred times itself."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest
from babel.numbers import NumberFormatError, parse_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import LARGEST_MINOR, exponent
from duesdesk.i18n.cldr import BY_COUNTRY
from duesdesk.i18n.parsing import parse_amount, parse_date
from duesdesk.i18n.spoken import speak

TABLES = sorted([*BY_COUNTRY, *(name for countries in BY_COUNTRY.values() for name in countries.values())])
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "TND", "RON", "BRL")
TODAY = date(2026, 11, 22)


def read(text: str, table: str = "en", currency: str = "EUR", *, negative: bool = False) -> int | str:
    """Minor units, or the code of the refusal."""
    try:
        return parse_amount(text, currency, speak(table), negative=negative)
    except BadInput as error:
        return error.code


@given(st.sampled_from(TABLES), st.sampled_from(CURRENCIES), st.integers(-LARGEST_MINOR, LARGEST_MINOR))
@settings(max_examples=2000, deadline=None)
def test_what_the_desk_writes_it_reads_again(table: str, currency: str, minor: int) -> None:
    language = speak(table)
    assert read(language.amount(minor, currency), table, currency, negative=True) == minor
    written = language.money(minor, currency)
    if "¤-" not in language.table.money_negative[0]:
        assert read(written, table, currency, negative=True) == minor


@given(
    st.sampled_from(TABLES),
    st.sampled_from(CURRENCIES),
    st.one_of(
        st.text("0123456789.,'’ \u00a0", max_size=14),
        st.from_regex(r"\d{1,3}([.,' ]\d{3}){0,3}([.,]\d{1,4})?", fullmatch=True),
        st.text(max_size=8),
    ),
)
@settings(max_examples=4000, deadline=None)
def test_nothing_is_read_as_another_size_than_strict_babel_reads_it(table: str, currency: str, text: str) -> None:
    ours = read(text, table, currency)
    try:
        strict = parse_decimal(text.strip(), locale=speak(table).table.locale, strict=True)
    except NumberFormatError:
        return
    if isinstance(ours, str) or not strict.is_finite():
        return
    assert Decimal(ours).scaleb(-exponent(currency)) == strict


@given(st.sampled_from(TABLES), st.integers(0, 99999), st.integers(0, 99), st.sampled_from(".,"))
def test_cents_behind_either_sign_are_cents_in_every_language(table: str, whole: int, cents: int, sign: str) -> None:
    assert read(f"{whole}{sign}{cents:02d}", table) == whole * 100 + cents


@pytest.mark.parametrize(
    ("table", "currency", "text", "expected"),
    [
        ("en", "EUR", "12.50", 1250),
        ("en", "EUR", "12,50", 1250),
        ("es", "EUR", "12.50", 1250),
        ("es", "EUR", "12,5", 1250),
        ("es", "EUR", "1.250", 125000),
        ("en", "EUR", "1,250", 125000),
        ("en", "EUR", "1.250", "amount-too-fine"),
        ("es", "EUR", "1,250", "amount-too-fine"),
        ("pt", "EUR", "1.250", "amount-ambiguous"),
        ("pt", "EUR", "1.234,56", 123456),
        ("pt", "EUR", "1 234,56", 123456),
        ("pt_BR", "BRL", "R$ 1.234,56", 123456),
        ("en", "EUR", "1.234,56", 123456),
        ("es", "EUR", "1,234.56", 123456),
        ("it_CH", "CHF", "1'234.50", 123450),
        ("en", "TND", "1.250", 1250),
        ("en", "TND", "1,250", "amount-ambiguous"),
        ("es", "TND", "1.250", "amount-ambiguous"),
        ("en", "JPY", "1,250", 1250),
        ("en", "JPY", "12.5", "amount-too-fine"),
        ("en", "JPY", "12,50", "amount-too-fine"),
        ("en", "EUR", "12.505", "amount-too-fine"),
        ("en", "EUR", "€ 12.50", 1250),
        ("en", "EUR", "12.50 EUR", 1250),
        ("en", "EUR", "12.50 eur", 1250),
        ("en", "EUR", "$12.50", "amount-typed-unreadable"),
        ("en", "USD", "$12.50", 1250),
        ("en", "EUR", ".50", 50),
        ("en", "EUR", "12.", 1200),
        ("en", "EUR", "1,25,00", "amount-typed-unreadable"),
        ("en", "EUR", "1,2345", "amount-too-fine"),
        ("en", "EUR", "1e5", "amount-typed-unreadable"),
        ("en", "EUR", "1_000", "amount-typed-unreadable"),
        ("en", "EUR", "Infinity", "amount-typed-unreadable"),
        ("en", "EUR", "NaN", "amount-typed-unreadable"),
        ("en", "EUR", "١٢", "amount-typed-unreadable"),
        ("en", "EUR", "12+3", "amount-typed-unreadable"),
        ("en", "EUR", "--5", "amount-negative"),
        ("en", "EUR", "-5", "amount-negative"),
        ("en", "EUR", "\u22125", "amount-negative"),
        ("en", "EUR", "", "amount-missing"),
        ("en", "EUR", " € ", "amount-missing"),
        ("en", "EUR", "99999999999999", "amount-too-large"),
        ("en", "EUR", "9" * 40, "amount-typed-unreadable"),
        ("en", "EUR", "12\x00", "amount-typed-unreadable"),
    ],
)
def test_an_amount_is_read_in_the_one_way_it_can_mean(
    table: str, currency: str, text: str, expected: int | str
) -> None:
    assert read(text, table, currency) == expected


def test_a_minus_is_read_only_where_it_is_asked_for() -> None:
    assert read("-12.50", negative=True) == -1250
    assert read("\u221212.50", negative=True) == -1250
    assert read("-€12.50", negative=True) == -1250


def test_an_ambiguous_amount_names_both_readings_in_the_language() -> None:
    with pytest.raises(BadInput) as refused:
        parse_amount("1.250", "EUR", speak("pt"))
    assert refused.value.facts["small"] == "1,250"
    assert refused.value.facts["large"] == "1250"
    assert refused.value.facts["example"] == "12,50"


def test_a_usual_amount_is_read_without_opening_babel() -> None:
    code = (
        "import sys; from duesdesk import i18n; i18n.parse_amount('12.50', 'EUR'); i18n.parse_amount('80', 'EUR');"
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def read_day(text: str, table: str = "en", today: date = TODAY) -> date | str:
    try:
        return parse_date(text, today, speak(table))
    except BadInput as error:
        return error.code


@given(st.sampled_from(TABLES), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=1500, deadline=None)
def test_a_day_as_the_desk_writes_it_is_read_again(table: str, day: date) -> None:
    language = speak(table)
    assert read_day(day.isoformat(), table) == day
    assert read_day(language.day_year(day), table) == day
    order = (day.day, day.month) if language.table.day_first else (day.month, day.day)
    for sign in "/.- ":
        assert read_day(f"{order[0]}{sign}{order[1]}{sign}{day.year}", table) == day
        assert read_day(f"{order[0]:02d}{sign}{order[1]:02d}{sign}{day.year % 100:02d}", table) == day


@given(st.sampled_from(TABLES), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-180, 180))
def test_without_a_year_the_nearest_such_day_is_meant(table: str, today: date, distance_days: int) -> None:
    language, day = speak(table), today + timedelta(days=distance_days)
    assert read_day(language.day_month(day, day), table, today) == day


@given(st.sampled_from(TABLES), st.text(max_size=12))
@settings(max_examples=1000)
def test_whatever_is_typed_a_day_or_a_refusal_comes_of_it(table: str, text: str) -> None:
    assert isinstance(read_day(text, table), date | str)


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [
        ("en", "14/9", date(2026, 9, 14)),
        ("en_US", "9/14", date(2026, 9, 14)),
        ("en_US", "14/9", "date-impossible"),
        ("en", "5/1", date(2027, 1, 5)),
        ("ro", "14.09.2026", date(2026, 9, 14)),
        ("es", "14 de septiembre de 2026", date(2026, 9, 14)),
        ("es", "14 SEP", date(2026, 9, 14)),
        ("en", "Sept 14, 2026", date(2026, 9, 14)),
        ("en", "14th September", date(2026, 9, 14)),
        ("en", "+7", date(2026, 11, 29)),
        ("en", "-1", date(2026, 11, 21)),
        ("es", "mañana", date(2026, 11, 23)),
        ("es", "MANANA", date(2026, 11, 23)),
        ("es", "tomorrow", date(2026, 11, 23)),
        ("es", "hoy", TODAY),
        ("en", "fri", date(2026, 11, 27)),
        ("en", "sunday", date(2026, 11, 29)),
        ("es", "vie", date(2026, 11, 27)),
        ("pt", "sábado", date(2026, 11, 28)),
        ("en", "29/2", "date-impossible"),
        ("en", "29/2/2028", date(2028, 2, 29)),
        ("en", "31/2/2026", "date-impossible"),
        ("en", "0/0", "date-impossible"),
        ("en", "2026-02-30", "date-impossible"),
        ("en", "1/1/0001", "date-impossible"),
        ("en", "9999-12-31", "date-impossible"),
        ("en", "ju 5", "date-unreadable"),
        ("en", "soon", "date-unreadable"),
        ("en", "١٤/٩", date(2026, 9, 14)),
        ("en", "", "date-missing"),
    ],
)
def test_a_day_is_read_as_people_write_it(table: str, text: str, expected: date | str) -> None:
    assert read_day(text, table) == expected
