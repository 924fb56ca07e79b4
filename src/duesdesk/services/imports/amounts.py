"""Amounts in a column: one decimal sign for the whole column, found from all of it or asked for.

1.234 is one and a bit to some and more than a thousand to others. A column in which some amount can only be read one
way tells how all are read. What cannot be read is rejected, never taken for nothing; a finer amount than the currency
has is rejected, never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import LARGEST_MINOR, exponent, from_text
from duesdesk.services.imports.cells import cell_text, refusal, shown
from duesdesk.services.imports.problems import Faults, Problem, problem

_LONGEST = 40
_FINE_CURRENCY = 3
_BLANKS = re.compile("[\u00a0\u202f\u2009]")
_SIGNED = re.compile(
    r"(?P<open>\()?(?P<minus>[-−+])? ?(?P<body>\d[\d.,' ’]*\d|\d|[.,]\d+)(?P<after>-)?(?P<close>\))?", re.ASCII
)
_MARK = r"[^\d\s.,()+'’−-]{1,4}"
_MARKED = re.compile(rf"(?P<sign>[-−+(]*) ?(?P<before>{_MARK})? ?(?P<rest>.*?\d[-)]?) ?(?P<after>{_MARK})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,' ’])\d{3})(?:\1\d{3})*", re.ASCII)
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_WITH_CENTS = re.compile(r"(\d{1,12})\.(\d\d)", re.ASCII)
_CENTS_DIGITS = 2
_COMMON = frozenset("EUR USD GBP RON BRL CHF TND MXN MAD PLN MDL".split())
# Signs by the currencies they may stand for; a sign not listed must be the currency's own code.
_MARKS = {
    "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "R$": ("BRL",), "LEI": ("RON", "MDL"), "LEU": ("RON", "MDL"),
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "ARS", "CLP", "COP", "UYU", "SGD", "HKD"),
    "FR": ("CHF",), "DT": ("TND",), "KR": ("SEK", "NOK", "DKK", "ISK"), "ZŁ": ("PLN",), "KČ": ("CZK",), "FT": ("HUF",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Number:
    """Digits with whatever stands between them, and the sign and currency that stood around them."""

    body: str
    negative: bool
    mark: str

    @property
    def tells(self) -> str:
        """The one decimal sign with which this can be read: '.' or ','; '' when both do, or neither."""
        if not self.has_sign:
            return ""
        able = [sign for sign in ".," if _with_sign(self.body, sign) is not None]
        return able[0] if len(able) == 1 else ""

    @property
    def has_sign(self) -> bool:
        return "." in self.body or "," in self.body


def currencies(column: Sequence[object] | None, rows: int, default: str, faults: Faults) -> list[str]:
    """The currency of every row: the column's, else `default`. Unknown codes reject their row."""
    if column is None:
        return [default] * rows
    table: dict[object, str] = {}
    for cell in dict.fromkeys(column):
        text = cell_text(cell).strip().upper()
        marked = _MARKS.get(text, ())
        code = marked[0] if len(marked) == 1 else text or default
        if not _is_currency(code):
            for row, value in enumerate(column):
                if value == cell:
                    faults.add(row, "currency", shown(cell), problem("import-currency-unknown"))
            code = default
        table[cell] = code
    return list(map(table.__getitem__, column))


def _is_currency(code: str) -> bool:
    """Whether there is such a currency; a typing error is not taken for a new one."""
    if code in _COMMON:
        return True
    from babel.numbers import is_currency  # imported late: start-up

    return len(code) == 3 and is_currency(code)


def amounts(
    column: Sequence[object],
    field: str,
    codes: Sequence[str],
    faults: Faults,
    *,
    decimal: str = "",
    negative: bool = False,
) -> list[int | None]:
    """Minor units of every cell in the currency of its row; None where blank or rejected.

    `decimal` is the sign that was asked for. Below zero is rejected unless `negative`.
    """
    alike = len(set(codes)) == 1
    if alike and decimal in ("", ".") and exponent(codes[0]) == _CENTS_DIGITS:
        cents = _cents(dict.fromkeys(column))
        if cents is not None:
            return list(map(cents.__getitem__, column))
    numbers = {cell: _number(cell) for cell in dict.fromkeys(column)}
    pairs = [(cell, codes[0]) for cell in numbers] if alike else list(dict.fromkeys(zip(column, codes, strict=True)))
    sign = decimal or _decimal_sign([(numbers[cell], code) for cell, code in pairs])
    if alike:
        code = codes[0]
        table = {cell: _minor(number, code, sign, negative=negative) for cell, number in numbers.items()}
        result = list(map(table.__getitem__, column))
    else:
        both: dict[tuple[object, str], int | Problem | None] = {}
        for pair in pairs:
            both[pair] = _minor(numbers[pair[0]], pair[1], sign, negative=negative)
        result = [both[pair] for pair in zip(column, codes, strict=True)]
    for row, value in enumerate(result):
        if type(value) is Problem:
            faults.add(row, field, shown(column[row]), value)
            result[row] = None
    return result  # type: ignore[return-value]  # no problem is left in it


def _cents(different: Iterable[object]) -> dict[object, int | None] | None:
    """Minor units of a column in which every amount is written 12.50, as most are; None for any other column.

    Two digits stand behind the point of each, so that it is the decimal sign, and nothing else is to be found out.
    """
    try:
        found = {cell: _WITH_CENTS.fullmatch(cell) for cell in different}  # type: ignore[call-overload]  # by trying
    except TypeError:
        return None
    return {cell: int(told[1] + told[2]) for cell, told in found.items()} if all(found.values()) else None


def _number(cell: object) -> _Number | Decimal | Problem | None:
    """A cell taken apart; a number of a spreadsheet as it is."""
    if isinstance(cell, Decimal):
        return cell
    text = _BLANKS.sub(" ", cell_text(cell)).strip()
    if not text:
        return None
    if _PLAIN.fullmatch(text) and len(text) <= _LONGEST:
        return _Number(text, False, "")
    if not isinstance(cell, str) or len(text) > _LONGEST or refusal(text, _LONGEST):
        return refusal(text, _LONGEST) or problem("import-amount-unreadable")
    around = _MARKED.fullmatch(text)
    mark = ""
    if around and (around["before"] or around["after"]):
        if around["before"] and around["after"]:
            return problem("import-amount-unreadable")
        mark = (around["before"] or around["after"]).upper()
        text = f"{around['sign']}{around['rest']}"
    found = _SIGNED.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        return problem("import-amount-unreadable")
    minuses = sum(bool(found[part]) for part in ("open", "after")) + (found["minus"] in ("-", "−"))
    if minuses > 1 or (found["minus"] == "+" and minuses):
        return problem("import-amount-unreadable")
    return _Number(found["body"], bool(minuses), mark)


def _decimal_sign(column: Iterable[tuple[_Number | Decimal | Problem | None, str]]) -> str:
    """The decimal sign of a column: '.' or ',', '' when it does not tell, 'mixed,' or 'mixed.' when it tells both."""
    signed = [(number, code) for number, code in column if isinstance(number, _Number) and number.has_sign]
    numbers = [number for number, _ in signed]
    points = sum(number.tells == "." for number in numbers)
    commas = sum(number.tells == "," for number in numbers)
    if points and commas:
        return "mixed" + ("." if points > commas else "," if commas > points else "")
    if points or commas:
        return "." if points else ","
    # 45.500 in a currency of three digits is how this program and most others write it; 45,500 may be either.
    if signed and all("." in number.body and exponent(code) == _FINE_CURRENCY for number, code in signed):
        return "."
    return ""


def _minor(number: _Number | Decimal | Problem | None, code: str, sign: str, *, negative: bool) -> int | Problem | None:
    if number is None or isinstance(number, Problem):
        return number
    if isinstance(number, Decimal):
        minor = _exact(format(abs(number), "f"), code)
        below = number < 0
    else:
        if number.mark and number.mark != code and code not in _MARKS.get(number.mark, ()):
            return problem("import-amount-other-currency", mark=number.mark, currency=code)
        plain = _plain(number, sign)
        minor = plain if isinstance(plain, Problem) else _exact(plain, code)
        below = number.negative
    if isinstance(minor, Problem) or not below or not minor:
        return minor
    return -minor if negative else problem("import-amount-negative")


def _plain(number: _Number, sign: str) -> str | Problem:
    """The number as digits with at most one point, by the decimal sign of its column."""
    if number.has_sign and not sign:
        return problem("import-decimal-unclear")
    if sign.startswith("mixed"):
        if number.has_sign and (number.tells != sign[5:] or not number.tells):
            return problem("import-decimal-mixed")
        sign = number.tells
    plain = _with_sign(number.body, sign or ".")
    if plain is None:
        code = "import-amount-groups" if number.has_sign else "import-amount-unreadable"
        return problem(code, decimal=sign or ".")
    return plain


def _with_sign(body: str, sign: str) -> str | None:
    """`body` as digits with at most one point, read with this decimal sign; None when it cannot be."""
    whole, point, rest = body.rpartition(sign) if sign in body else (body, "", "")
    if point and not rest.isdigit():
        return None
    if whole and not whole.isdigit():
        found = _GROUPED.fullmatch(whole)
        if not found or found[1] == sign:
            return None
    digits = re.sub(r"\D", "", whole) or "0"
    return f"{digits}.{rest}" if rest else digits


def _exact(plain: str, code: str) -> int | Problem:
    try:
        return from_text(plain, code)
    except BadInput as error:
        if error.code == "amount-too-fine":
            return problem("import-amount-too-fine", currency=code, digits=exponent(code))
        return problem("import-amount-too-large", largest=LARGEST_MINOR // 10 ** exponent(code), currency=code)
