"""Amounts and days typed by hand, read in the way of a language; what could mean two things is asked for again.

Babel without `strict` reads "12.50" as 1250 in Spanish. Here nothing is ever read as a hundred times itself.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from duesdesk.domain.days import can_be_meant
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import LARGEST_MINOR, exponent
from duesdesk.i18n.spoken import Language, speak

_BLANKS = "\u00a0\u202f\u2009"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_PLAIN = re.compile(r"\d{1,15}", re.ASCII)
_ONE_SIGN = re.compile(r"(\d{0,15})([.,])(\d{1,4})", re.ASCII)
# Two different signs, groups of three before the last: it can be read in one way only, in any language.
_TWO_SIGNS = re.compile(r"(\d{1,3}(?:([., '’])\d{3})(?:\2\d{3})*)([.,])(\d{1,4})", re.ASCII)
# Babel reads whatever Python's Decimal reads: "1e5", "1_000", "Infinity".
_FIGURES = re.compile(r"\d[\d., '’]{0,30}", re.ASCII)
_EXAMPLE_MINOR = {0: 1250, 2: 1250, 3: 12500}


def parse_amount(text: str, currency: str, spoken: Language, *, negative: bool = False) -> int:
    """Minor units of `text`, an amount of `currency` typed in the language `spoken`.

    "12.50" and "12,50" are both understood where they can mean only that. A minus is taken only with `negative`.
    Raises BadInput: 'amount-missing', 'amount-typed-unreadable', 'amount-too-fine', 'amount-negative',
    'amount-ambiguous', 'amount-too-large'; facts: value, currency, example.
    """
    typed = _without_currency(text.translate(_MINUS).strip(), currency, spoken)
    digits = exponent(currency)
    facts = {"value": text, "currency": currency, "example": spoken.amount(_EXAMPLE_MINOR[digits], currency)}
    if not typed:
        raise BadInput("amount-missing", **facts)
    below_zero = typed.startswith("-")
    if below_zero and not negative:
        raise BadInput("amount-negative", **facts)
    whole, rest = _parts(typed[below_zero:].strip(), digits, spoken, facts)
    if len(rest) > digits:
        raise BadInput("amount-too-fine", digits=digits, **facts)
    minor = int(whole + rest.ljust(digits, "0"))
    if minor > LARGEST_MINOR:
        raise BadInput("amount-too-large", **facts)
    return -minor if below_zero else minor


def _without_currency(typed: str, currency: str, spoken: Language) -> str:
    for mark in (currency, spoken.symbol(currency), speak("en", "US").symbol(currency)):
        if typed.upper().startswith(mark):
            return typed[len(mark) :].strip()
        if typed.upper().endswith(mark):
            return typed[: -len(mark)].strip()
        if typed.upper().startswith("-" + mark):
            return "-" + typed[len(mark) + 1 :].strip()
    return typed


def _parts(typed: str, digits: int, spoken: Language, facts: dict[str, str]) -> tuple[str, str]:
    """The digits before and behind the decimal sign."""
    decimal, group = spoken.table.decimal, spoken.table.group
    if _PLAIN.fullmatch(typed):
        return typed, ""
    typed = "".join(" " if char in _BLANKS else char for char in typed)
    one = _ONE_SIGN.fullmatch(typed)
    if one:
        whole, sign, rest = one.groups()
        if sign == decimal:
            return whole or "0", rest
        if len(rest) != 3:
            return whole or "0", rest
        if sign != group or digits == 3:
            # "1.250" is a thousand to some and one and a quarter to others.
            small, large = f"{whole}{decimal}{rest}", f"{whole}{rest}"
            raise BadInput("amount-ambiguous", small=small, large=large, **facts)
    two = _TWO_SIGNS.fullmatch(typed)
    if two and two[2] != two[3]:
        if len(two[4]) == 3 and digits != 3:
            raise BadInput("amount-too-fine", digits=digits, **facts)
        return re.sub(r"\D", "", two[1]), two[4]
    return _grouped(typed, spoken, facts)


def _grouped(typed: str, spoken: Language, facts: dict[str, str]) -> tuple[str, str]:
    """Groups of thousands as the language writes them, or with blanks, by Babel in its strict way."""
    from babel.numbers import NumberFormatError, parse_decimal  # imported late: start-up

    group = spoken.table.group
    if not _FIGURES.fullmatch(typed):
        raise BadInput("amount-typed-unreadable", **facts)
    for blank in " '’":
        typed = typed.replace(blank, group)
    try:
        value = parse_decimal(typed, locale=spoken.table.locale, strict=True)
    except NumberFormatError as error:
        raise BadInput("amount-typed-unreadable", **facts) from error
    whole, _sign, rest = f"{value:f}".partition(".")
    return whole, rest


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_SHIFT = re.compile(r"([+-])\s*(\d{1,4})", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})\s*[./ -]\s*(\d{1,2})(?:\s*[./ -]\s*(\d{4}|\d{2}))?\.?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º)?\s+([^\d\s]+)(?:\s+(\d{4}))?", re.ASCII)
_MONTH_FIRST = re.compile(r"([^\d\s]+)\s+(\d{1,2})(?:st|nd|rd|th)?(?:\s+(\d{4}))?", re.ASCII)
_FILLERS = re.compile(r"\b(?:de|of|di|din)\b|,")
_SHORTEST_NAME = 3
_YEARS = range(1900, 2200)


def parse_date(text: str, today: date, spoken: Language) -> date:
    """The day meant by `text`: ISO, '+7', 'tomorrow', '14/9', '14.9.26', '14 sep', 'fri' (the next one after today).

    Two numbers are in the order of the language; without a year, the nearest such day to `today` is meant.
    Raises BadInput: 'date-missing', 'date-unreadable', 'date-impossible'; facts: value, example.
    """
    from duesdesk.i18n import fold

    typed = _FILLERS.sub(" ", fold(text))
    typed = " ".join(typed.split())
    facts = {"value": text, "example": _example(today, spoken)}
    if not typed:
        raise BadInput("date-missing", **facts)
    try:
        found = _relative(typed, today, spoken) or _written(typed, today, spoken)
    except (ValueError, OverflowError) as error:
        raise BadInput("date-impossible", **facts) from error
    if found is None:
        raise BadInput("date-unreadable", **facts)
    if not can_be_meant(found):
        raise BadInput("date-impossible", **facts)
    return found


def _example(today: date, spoken: Language) -> str:
    first, second = (today.day, today.month) if spoken.table.day_first else (today.month, today.day)
    return f"{first}/{second}/{today.year}"


def _relative(typed: str, today: date, spoken: Language) -> date | None:
    from duesdesk.i18n import fold

    shift = _SHIFT.fullmatch(typed)
    if shift:
        return today + timedelta(days=int(shift[1] + shift[2]))
    for table in (spoken.table, speak("en").table):
        words = [fold(word) for word in table.relative]
        if typed in words:
            return today + timedelta(days=words.index(typed) - 1)
        weekday = _named(typed, [*table.days], [*table.days_short])
        if weekday is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _written(typed: str, today: date, spoken: Language) -> date | None:
    iso = _ISO.fullmatch(typed)
    if iso:
        return _with_year(int(iso[3]), int(iso[2]), iso[1], today)
    numeric = _NUMERIC.fullmatch(typed)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        day, month = (first, second) if spoken.table.day_first else (second, first)
        return _with_year(day, month, numeric[3], today)
    named = _DAY_FIRST.fullmatch(typed)
    day_text, name, year = (named[1], named[2], named[3]) if named else ("", "", None)
    if not named:
        named = _MONTH_FIRST.fullmatch(typed)
        if not named:
            return None
        name, day_text, year = named[1], named[2], named[3]
    for table in (spoken.table, speak("en").table):
        month_index = _named(name, [*table.months], [*table.months_short])
        if month_index is not None:
            return _with_year(int(day_text), month_index + 1, year, today)
    return None


def _named(typed: str, names: list[str], short: list[str]) -> int | None:
    """The place of the one name that begins with `typed`, or None."""
    from duesdesk.i18n import fold

    typed = typed.rstrip(".")
    if len(typed) < _SHORTEST_NAME:
        return None
    folded = [(fold(name), fold(brief).rstrip(".")) for name, brief in zip(names, short, strict=True)]
    found = [place for place, (name, brief) in enumerate(folded) if name.startswith(typed) or typed == brief]
    return found[0] if len(found) == 1 else None


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        full = int(year) if len(year) == 4 else 2000 + int(year)
        if full not in _YEARS:
            raise ValueError(f"year {full}")
        return date(full, month, day)
    candidates = []
    for near in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(near, month, day))
        except ValueError:
            # 29 February, perhaps: another of the three years may have it.
            continue
    if not candidates:
        raise ValueError(f"no {day} in month {month}")
    return min(candidates, key=lambda candidate: abs((candidate - today).days))
