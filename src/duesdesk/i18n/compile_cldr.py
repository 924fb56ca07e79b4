"""Writes the tables in `i18n/cldr` from Babel's CLDR data: `python -m duesdesk.i18n.compile_cldr`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.numbers import get_currency_symbol, list_currencies

from duesdesk.i18n.cldr import BY_COUNTRY

HERE = Path(__file__).parent / "cldr"
LONGEST_LINE = 118


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from: `patterns` gives signs and patterns, `names` the names of months and days."""

    table: str
    patterns: str
    names: str


# International English is written the British way, with the three-letter months of plain English: CLDR's British
# "Sept" is the only name of four letters and would push every column of dates out of line.
_DEPARTURES = {
    "en": Source("en", "en_GB", "en"),
    "es": Source("es", "es_ES", "es_ES"),
    "it": Source("it", "it_IT", "it_IT"),
    "pt": Source("pt", "pt_PT", "pt_PT"),
    "ro": Source("ro", "ro_RO", "ro_RO"),
}
# CLDR has these words, Babel leaves them out.
_RELATIVE = {
    "en": ("yesterday", "today", "tomorrow"),
    "es": ("ayer", "hoy", "mañana"),
    "it": ("ieri", "oggi", "domani"),
    "pt": ("ontem", "hoje", "amanhã"),
    "ro": ("ieri", "azi", "mâine"),
}
# Two codes of no living currency have a sign that says nothing or cannot be seen.
_NO_SIGN = ("\u200b", "\xa4")
_FIELDS = {
    "d": "day", "dd": "day2", "M": "month", "MM": "month2", "MMM": "mon", "MMMM": "month_name", "y": "year",
    "yy": "year2", "E": "wd", "EEE": "wd", "EEEE": "weekday", "H": "hour", "HH": "hour2", "h": "hour12",
    "mm": "minute2", "a": "ampm",
}  # fmt: skip
_PATTERN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_YEAR_AT_END = re.compile(r"(,? 'de'|,)? y$")


def sources() -> Iterator[Source]:
    """Every table there is, the plain language first."""
    for language, countries in BY_COUNTRY.items():
        yield _DEPARTURES[language]
        for locale in countries.values():
            yield Source(locale, locale, locale)


def template(pattern: str) -> str:
    """A CLDR date pattern ("d 'de' MMM") as a template for `str.format` ('{day} de {mon}')."""
    parts: list[str] = []
    for found in _PATTERN.finditer(pattern):
        if found[2]:
            parts.append("{" + _FIELDS[found[0]] + "}")
        else:
            literal = found[0] if found[1] is None else found[1].replace("''", "'") or "'"
            parts.append(literal.replace("{", "{{").replace("}", "}}"))
    return "".join(parts)


def date_patterns(locale: Locale) -> dict[str, str]:
    """CLDR's patterns by their names in `Table`. Without one for the long day, it is the full date less its year."""
    skeletons = locale.datetime_skeletons
    return {
        "day_month": skeletons["MMMd"].pattern,
        "day_year": skeletons["yMMMd"].pattern,
        "short_day": skeletons["MMMEd"].pattern,
        "long_day": skeletons["MMMMEEEEd"].pattern
        if "MMMMEEEEd" in skeletons
        else _YEAR_AT_END.sub("", locale.date_formats["full"].pattern),
        "month_year": skeletons["yMMMM"].pattern,
        "time": locale.time_formats["short"].pattern,
    }


def values(source: Source) -> dict[str, object]:
    """The arguments of one `Table`."""
    locale, names = Locale.parse(source.patterns), Locale.parse(source.names)
    signs = locale.number_symbols["latn"]
    money = locale.currency_formats["standard"]
    currencies = sorted(list_currencies(locale=locale))
    symbols = {code: get_currency_symbol(code, locale=locale) for code in currencies}
    periods = names.day_periods["format"]["abbreviated"]
    lists = locale.list_patterns["standard"]
    if lists["start"] != lists["middle"]:
        raise ValueError(f"{source.table}: lists begin in another way than they go on")
    return {
        "locale": source.patterns,
        "decimal": signs["decimal"],
        "group": signs["group"],
        "money": (money.prefix[0], money.suffix[0]),
        "money_negative": (money.prefix[1], money.suffix[1]),
        "symbols": {code: symbol for code, symbol in symbols.items() if symbol not in (code, *_NO_SIGN)},
        "months": tuple(names.months["format"]["wide"][n] for n in range(1, 13)),
        "months_short": tuple(names.months["format"]["abbreviated"][n] for n in range(1, 13)),
        "days": tuple(names.days["format"]["wide"][n] for n in range(7)),
        "days_short": tuple(names.days["format"]["abbreviated"][n] for n in range(7)),
        "ampm": (periods["am"], periods["pm"]),
        **{name: template(pattern) for name, pattern in date_patterns(locale).items()},
        "day_first": locale.datetime_skeletons["yMd"].pattern.index("d")
        < locale.datetime_skeletons["yMd"].pattern.index("M"),
        "relative": _RELATIVE[source.table[:2]],
        "list_two": lists["2"],
        "list_middle": lists["middle"],
        "list_end": lists["end"],
    }


def source_text(source: Source) -> str:
    """The whole module of one table."""
    lines = [
        f'"""CLDR\'s numbers and dates for {source.table}, made by duesdesk.i18n.compile_cldr."""',
        "",
        "from __future__ import annotations",
        "",
        "from duesdesk.i18n.cldr import Table",
        "",
        "TABLE = Table(",
    ]
    for name, value in values(source).items():
        lines += _argument(name, value)
    return "\n".join([*lines, ")", ""])


def _argument(name: str, value: object) -> Iterator[str]:
    line = f"    {name}={_literal(value)},"
    if len(line) <= LONGEST_LINE:
        yield line
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("(", ")")
    yield f"    {name}={opening}"
    entries = value.items() if isinstance(value, dict) else [(None, entry) for entry in _sequence(value)]
    for key, entry in entries:
        yield f"        {_literal(entry) if key is None else f'{_literal(key)}: {_literal(entry)}'},"
    yield f"    {closing},"


def _sequence(value: object) -> tuple[object, ...]:
    if not isinstance(value, tuple):
        raise TypeError(f"too long for a line: {value!r}")
    return value


def _literal(value: object) -> str:
    if isinstance(value, str):
        # Blanks that cannot be told from a usual one are written as escapes.
        text = "".join(char if char == " " or not char.isspace() else f"\\u{ord(char):04x}" for char in value)
        return '"' + text.replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        return "(" + ", ".join(_literal(entry) for entry in value) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(entry)}" for key, entry in value.items()) + "}"
    return repr(value)


def path(source: Source) -> Path:
    """Where the module of a table lies."""
    return HERE / f"{source.table.lower()}.py"


def main() -> None:
    """Writes every table."""
    for source in sources():
        path(source).write_text(source_text(source), encoding="utf-8")


if __name__ == "__main__":
    main()
