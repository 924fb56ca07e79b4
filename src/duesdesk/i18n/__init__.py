"""Everything a person reads passes here: messages by gettext, money, numbers and dates by CLDR, and what people type.

The functions use the language of the screen, set once by `set_language`. A member is written to in another language
by `catalogue(...)`, which has the same methods. Nothing here imports Babel before something odd is typed.
"""

from __future__ import annotations

from duesdesk.i18n.spoken import LANGUAGES, SOURCE, Language, speak
from duesdesk.messages import N_, NN_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from duesdesk.domain.errors import DuesdeskError

__all__ = [
    "LANGUAGES",
    "NN_",
    "N_",
    "SOURCE",
    "Language",
    "_",
    "amount",
    "catalogue",
    "current",
    "day_month",
    "day_year",
    "fold",
    "language",
    "listing",
    "long_day",
    "money",
    "month_year",
    "ngettext",
    "number",
    "parse_amount",
    "parse_date",
    "pgettext",
    "relative_day",
    "sentence",
    "sentence_parts",
    "set_language",
    "short_day",
    "short_money",
    "symbol",
    "time_of",
    "weekday",
]  # fmt: skip

_current = speak(SOURCE)


def set_language(code: str, country: str = "") -> None:
    """From now on the screen speaks `code` ('es') as `country` ('MX') writes it. Unknown codes give English."""
    global _current  # noqa: PLW0603 (one screen speaks one language)
    _current = speak(code, country)


def language() -> str:
    """The code of the language spoken on the screen."""
    return _current.code


def current() -> Language:
    """The language spoken on the screen, with all it can do."""
    return _current


def catalogue(code: str, country: str = "") -> Language:
    """The language of a member or a paper, beside that of the screen."""
    return speak(code, country)


def _(message: str) -> str:
    """The message in the language of the screen. Placeholders are filled after it: `_("{n} days").format(n=3)`."""
    return _current.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message in the form that `count` asks for. English has two forms, Romanian three."""
    return _current.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The message as it is meant in `context` ('column', 'verb')."""
    return _current.pgettext(context, message)


def money(minor: int, currency: str) -> str:
    """Minor units with the sign of their currency: '€4,310.50', '4.310,50 €'."""
    return _current.money(minor, currency)


def amount(minor: int, currency: str) -> str:
    """Minor units without the currency, for columns: '4,310.50'."""
    return _current.amount(minor, currency)


def short_money(minor: int, currency: str, cells: int, *, symbol: bool = True) -> str:
    """As `money` (`amount` without `symbol`) where that has room in `cells`; from a million on else '€12,345.7 M'."""
    whole = money(minor, currency) if symbol else amount(minor, currency)
    if len(whole) <= cells:
        return whole
    return _current.millions(minor, currency, pgettext("million", "M"), symbol=symbol) or whole


def symbol(currency: str) -> str:
    """The sign of a currency: '€', or its code."""
    return _current.symbol(currency)


def number(value: int) -> str:
    """A whole number with its groups: '12,345'."""
    return _current.number(value)


def day_month(day: date, today: date) -> str:
    """'14 Sep', and '14 Sep 2025' when the year is not that of `today`."""
    return _current.day_month(day, today)


def day_year(day: date) -> str:
    """'14 Sep 2026'."""
    return _current.day_year(day)


def short_day(day: date) -> str:
    """'Sun 22 Nov'."""
    return _current.short_day(day)


def long_day(day: date) -> str:
    """'Sunday 22 November'."""
    return _current.long_day(day)


def month_year(day: date) -> str:
    """'November 2026'."""
    return _current.month_year(day)


def relative_day(day: date, today: date) -> str:
    """'yesterday', 'today', 'tomorrow', else as `day_month`."""
    return _current.relative_day(day, today)


def weekday(day: date) -> str:
    """'Sun'."""
    return _current.weekday(day)


def time_of(moment: datetime | time) -> str:
    """'09:30'; `moment` is on the wall clock of the centre already."""
    return _current.time_of(moment)


def listing(items: Sequence[str]) -> str:
    """'a, b and c'."""
    return _current.listing(items)


def parse_amount(text: str, currency: str, *, negative: bool = False) -> int:
    """Minor units of an amount typed in the language of the screen. Raises BadInput: see `parsing.parse_amount`."""
    from duesdesk.i18n import parsing  # imported late: start-up

    return parsing.parse_amount(text, currency, _current, negative=negative)


def parse_date(text: str, today: date) -> date:
    """A day typed by hand. Raises BadInput: see `parsing.parse_date`."""
    from duesdesk.i18n import parsing  # imported late: start-up

    return parsing.parse_date(text, today, _current)


def sentence(error: DuesdeskError) -> str:
    """What a person is told of an error, in the language of the screen."""
    from duesdesk.i18n import telling  # imported late: start-up

    return telling.sentence(error, _current)


def sentence_parts(error: DuesdeskError) -> list[tuple[str, bool]]:
    """As `sentence`, in parts, each with whether it is an amount that a screen may have to hide."""
    from duesdesk.i18n import telling  # imported late: start-up

    return telling.parts(error, _current)


def fold(text: str) -> str:
    """`text` for searching: without accents, case, or doubled blanks ('Ștefan  MUÑOZ' gives 'stefan munoz')."""
    if not text.isascii():
        from anyascii import anyascii  # imported late: start-up

        text = anyascii(text)
    return " ".join(text.casefold().split())
