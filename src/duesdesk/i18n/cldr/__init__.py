"""CLDR's tables of the languages the desk speaks, made by `duesdesk.i18n.compile_cldr`; do not edit them by hand.

They are here because opening Babel costs more time than painting the first screen. Tests hold them equal to Babel.
"""

from __future__ import annotations

from importlib import import_module


class Table:
    """What one locale says about numbers, money and dates. Patterns are `str.format` templates, see `formats`."""

    __slots__ = (
        "ampm", "day_first", "day_month", "day_year", "days", "days_short", "decimal", "group", "list_end",
        "list_middle", "list_two", "locale", "long_day", "money", "money_negative", "month_year", "months",
        "months_short", "relative", "short_day", "symbols", "time",
    )  # fmt: skip

    def __init__(
        self,
        *,
        locale: str,
        decimal: str,
        group: str,
        money: tuple[str, str],
        money_negative: tuple[str, str],
        symbols: dict[str, str],
        months: tuple[str, ...],
        months_short: tuple[str, ...],
        days: tuple[str, ...],
        days_short: tuple[str, ...],
        ampm: tuple[str, str],
        day_month: str,
        day_year: str,
        short_day: str,
        long_day: str,
        month_year: str,
        time: str,
        day_first: bool,
        relative: tuple[str, str, str],
        list_two: str,
        list_middle: str,
        list_end: str,
    ) -> None:
        self.locale = locale
        self.decimal = decimal
        self.group = group
        self.money = money
        self.money_negative = money_negative
        self.symbols = symbols
        self.months = months
        self.months_short = months_short
        self.days = days
        self.days_short = days_short
        self.ampm = ampm
        self.day_month = day_month
        self.day_year = day_year
        self.short_day = short_day
        self.long_day = long_day
        self.month_year = month_year
        self.time = time
        self.day_first = day_first
        self.relative = relative
        self.list_two = list_two
        self.list_middle = list_middle
        self.list_end = list_end


BY_COUNTRY = {
    "en": {"US": "en_US"},
    "es": {code: f"es_{code}" for code in ("AR", "CL", "CO", "MX", "PE", "US", "UY")},
    "it": {"CH": "it_CH"},
    "pt": {"BR": "pt_BR"},
    "ro": {},
}
"""Languages, and the countries in which they write numbers or dates in another way. 'en' is international English."""


def table(language: str, country: str = "") -> Table:
    """The table for `language` ('pt') as `country` ('BR') writes it. Raises KeyError for a language not spoken."""
    name = BY_COUNTRY[language].get(country, language)
    found: Table = import_module(f"duesdesk.i18n.cldr.{name.lower()}").TABLE
    return found
