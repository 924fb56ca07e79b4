"""Money, numbers, dates and times are written exactly as CLDR (by Babel) writes them, without opening Babel."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from duesdesk.domain.money import exponent
from duesdesk.i18n import compile_cldr, set_language, short_money
from duesdesk.i18n.cldr import BY_COUNTRY
from duesdesk.i18n.spoken import Language, speak

CURRENCIES = ("EUR", "USD", "GBP", "JPY", "TND", "RON", "BRL", "MXN", "CHF", "XOF")
SOURCES = {source.table: source for source in compile_cldr.sources()}
TABLES = sorted(SOURCES)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def spoken(table: str) -> Language:
    return speak(table)


def without_cldr_spacing(text: str) -> str:
    """CLDR puts a blank between a code and the figures behind it; Babel does not know that rule."""
    return re.sub(r"([A-Z])\u00a0(-?\d)", r"\1\2", text)


def test_every_language_and_country_has_its_table() -> None:
    assert len(TABLES) == len(BY_COUNTRY) + sum(map(len, BY_COUNTRY.values()))
    for name, source in SOURCES.items():
        assert spoken(name).table.locale == source.patterns


@pytest.mark.parametrize("table", TABLES)
def test_tables_on_disk_are_what_babel_gives_now(table: str) -> None:
    assert compile_cldr.path(SOURCES[table]).read_text(encoding="utf-8") == compile_cldr.source_text(SOURCES[table])


@given(st.sampled_from(TABLES), st.sampled_from(CURRENCIES), st.integers(-(10**13), 10**13))
@settings(max_examples=1500, deadline=None)
def test_money_is_written_as_babel_writes_it(table: str, currency: str, minor: int) -> None:
    source, digits = SOURCES[table], exponent(currency)
    value = Decimal(minor).scaleb(-digits)
    expected = format_currency(value, currency, locale=source.patterns, currency_digits=True)
    if digits != 2 and not expected.count(currency):
        digits_pattern = Locale.parse(source.patterns).currency_formats["standard"].pattern
        assert "0.00" in digits_pattern
    ours = spoken(table).money(minor, currency)
    pattern = Locale.parse(source.patterns).currency_formats["standard"]
    babel_signs = len(re.findall(r"\u00a0", pattern.prefix[minor < 0] + pattern.suffix[minor < 0]))
    assert (ours if babel_signs else without_cldr_spacing(ours)) in (expected, without_cldr_spacing(expected))


@given(st.sampled_from(TABLES), st.sampled_from(CURRENCIES), st.integers(-(10**13), 10**13))
@settings(max_examples=800, deadline=None)
def test_an_amount_shows_all_digits_of_its_currency(table: str, currency: str, minor: int) -> None:
    digits = exponent(currency)
    value, pattern = Decimal(minor).scaleb(-digits), "#,##0" + ("." + "0" * digits if digits else "")
    expected = format_decimal(value, pattern, locale=SOURCES[table].patterns)
    assert spoken(table).amount(minor, currency) == expected


@given(st.sampled_from(TABLES), st.integers(-(10**9), 10**9))
def test_numbers_are_grouped_as_babel_groups_them(table: str, value: int) -> None:
    assert spoken(table).number(value) == format_decimal(value, locale=SOURCES[table].patterns)


@given(st.sampled_from(TABLES), DAYS)
@settings(max_examples=1500, deadline=None)
def test_days_are_written_as_babel_writes_them(table: str, day: date) -> None:
    source, language = SOURCES[table], spoken(table)
    patterns = compile_cldr.date_patterns(Locale.parse(source.patterns))

    def by_babel(name: str) -> str:
        return format_date(day, patterns[name], locale=source.names)

    assert language.day_month(day, day) == by_babel("day_month")
    assert language.day_month(day, date(day.year - 1, 6, 1)) == by_babel("day_year")
    assert language.day_year(day) == by_babel("day_year")
    assert language.short_day(day) == by_babel("short_day")
    assert language.long_day(day) == by_babel("long_day")
    assert language.month_year(day) == by_babel("month_year")
    assert language.weekday(day) == format_date(day, "EEE", locale=source.names)


@pytest.mark.parametrize("table", TABLES)
def test_times_of_the_whole_day_are_written_as_babel_writes_them(table: str) -> None:
    source = SOURCES[table]
    pattern = Locale.parse(source.patterns).time_formats["short"].pattern
    for hour in range(24):
        moment = time(hour, 7)
        assert spoken(table).time_of(moment) == format_time(moment, pattern, locale=source.names)
    assert spoken(table).time_of(datetime(2026, 11, 22, 9, 30, tzinfo=UTC)) == spoken(table).time_of(time(9, 30))


@pytest.mark.parametrize("table", TABLES)
def test_several_things_are_listed_as_babel_lists_them(table: str) -> None:
    for count in range(6):
        items = list("abcdef"[:count])
        assert spoken(table).listing(items) == format_list(items, locale=SOURCES[table].patterns)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("en", ("€4,310.50", "14 Sep", "14 Sep 2025", "Sunday 22 November", "09:30", "TND\u00a01.250")),
        ("en_US", ("€4,310.50", "Sep 14", "Sep 14, 2025", "Sunday, November 22", "9:30\u202fAM", "TND\u00a01.250")),
        ("es", ("4.310,50\u00a0€", "14 sept", "14 sept 2025", "domingo, 22 de noviembre", "9:30", "1,250\u00a0TND")),
        ("it", ("4.310,50\u00a0€", "14 set", "14 set 2025", "domenica 22 novembre", "09:30", "1,250\u00a0TND")),
        ("ro", ("4.310,50\u00a0EUR", "14 sept.", "14 sept. 2025", "duminică, 22 noiembrie", "09:30", "1,250\u00a0TND")),
        ("pt", ("4\u00a0310,50\u00a0€", "14/09", "14/09/2025", "domingo, 22 de novembro", "09:30", "1,250\u00a0TND")),
        ("pt_BR", ("€\u00a04.310,50", "14 de set.", "14 de set. de 2025", "domingo, 22 de novembro", "09:30",
                   "TND\u00a01,250")),
    ],
)  # fmt: skip
def test_each_language_writes_as_its_readers_expect(table: str, expected: tuple[str, ...]) -> None:
    language, today = spoken(table), date(2026, 11, 22)
    written = (
        language.money(431050, "EUR"),
        language.day_month(date(2026, 9, 14), today),
        language.day_month(date(2025, 9, 14), today),
        language.long_day(today),
        language.time_of(time(9, 30)),
        language.money(1250, "TND"),
    )
    assert written == expected


def test_the_days_around_today_have_their_own_words() -> None:
    today = date(2026, 11, 22)
    around = [speak("es").relative_day(today + timedelta(days=n), today) for n in (-2, -1, 0, 1, 2)]
    assert around == ["20 nov", "ayer", "hoy", "mañana", "24 nov"]


def test_an_unknown_language_is_answered_in_english() -> None:
    assert speak("xx").code == "en"
    assert speak("pt-BR").table.locale == "pt_BR"
    assert speak("es", "ES").table.locale == "es_ES"


START = """
import json, re, sys, time
import dataclasses  # every module of the desk has one; the tables add to that
begun = time.process_time()
from duesdesk import i18n
i18n.set_language("pt", "PT")
for n in range(30):
    i18n.money(n * 12345, "EUR")
print(time.process_time() - begun)
print(" ".join(name for name in ("babel", "typing", "anyascii", "gettext") if name in sys.modules))
"""


def test_formatting_opens_neither_babel_nor_the_folding_table() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[1].split()
    assert "babel" not in loaded
    assert "anyascii" not in loaded


def test_a_sum_without_room_is_told_in_millions_and_none_is_told_wrong() -> None:
    set_language("en")
    assert short_money(431050, "EUR", 9) == "€4,310.50"
    assert short_money(1_234_567_890_100, "EUR", 18) == "€12,345,678,901.00"
    assert short_money(1_234_567_890_100, "EUR", 17) == "€12,345.7\u00a0M"
    assert short_money(-1_234_567_890_100, "EUR", 17, symbol=False) == "-12,345.7\u00a0M"
    assert short_money(99_999_950, "JPY", 4, symbol=False) == "100.0\u00a0M"
    # Below a million nothing is left out: whoever draws it marks what is cut.
    assert short_money(99_999_999, "EUR", 4) == "€999,999.99"
    set_language("es")
    assert short_money(1_234_567_890_100, "EUR", 17) == "12.345,7\u00a0M\u00a0€"
    set_language("en")
