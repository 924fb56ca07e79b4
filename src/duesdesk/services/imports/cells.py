"""Text cells of a column: what may be kept, what a row is rejected for.

A whole column is looked at together; only a value that is out of the ordinary is looked at by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import TypeVar

from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services.imports.problems import Faults, Problem, problem

# What a terminal obeys, what turns the direction of text, and bytes that could not be read. Tabs and line ends are
# blanks of a spreadsheet cell; other invisible letters are dropped by `clean_text`.
_HOSTILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_UNREAD = re.compile("[\ud800-\udfff]")
_MANY_DIGITS = re.compile(r"(?:\d\D{0,3}){12}\d")
_SHORTEST_CARD = 13

Value = TypeVar("Value")


def cell_text(cell: object) -> str:
    """A cell as a text column has it: 7900770, 12.5, 2026-09-01, 18:00."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def refusal(text: str, max_length: int) -> Problem | None:
    """Why `text` may not be kept, or None."""
    if _HOSTILE.search(text):
        return problem("import-cell-control")
    if _UNREAD.search(text):
        return problem("import-cell-bytes")
    if len(text) > max_length:
        return problem("import-cell-too-long", limit=max_length, found=len(text))
    if len(text) >= _SHORTEST_CARD and _MANY_DIGITS.search(text):
        masked = has_card_number(text)
        if masked:
            return problem("import-cell-card-number", masked=masked)
    return None


def shown(value: object) -> str:
    """A cell as a message may show it: cleaned, short, card numbers masked."""
    text = clean_text(cell_text(value), max_length=80)
    masked = has_card_number(text)
    return masked or text


def parsed(
    column: Sequence[object], field: str, faults: Faults, read: Callable[[str], Value | Problem], blank: Value
) -> list[Value]:
    """Every cell by `read`, asked once for each different text. A blank cell and a rejected one are `blank`."""
    table: dict[object, Value] = {}
    wrong: dict[object, Problem] = {}
    for cell in dict.fromkeys(column):
        text = cell.strip() if isinstance(cell, str) else cell_text(cell)
        value = read(text) if text else blank
        if isinstance(value, Problem):
            wrong[cell] = value
            value = blank
        table[cell] = value
    reject(column, field, faults, wrong)
    return list(map(table.__getitem__, column))


def reject(column: Sequence[object], field: str, faults: Faults, wrong: dict[object, Problem]) -> None:
    """Reject every row whose cell is among `wrong`."""
    if wrong:
        for row, cell in enumerate(column):
            if cell in wrong:
                faults.add(row, field, shown(cell), wrong[cell])


def texts(column: Sequence[object], field: str, faults: Faults, *, max_length: int) -> list[str]:
    """The cells as clean text, '' where blank."""
    different = list(dict.fromkeys(column))
    if _is_ordinary(different, max_length):
        if len(different) == len(column):
            return list(map(str.strip, different))  # type: ignore[arg-type]  # text, as was just seen
        plain = dict(zip(different, map(str.strip, different), strict=True))  # type: ignore[arg-type]  # all are text
        return list(map(plain.__getitem__, column))
    return parsed(column, field, faults, lambda text: _clean(text, max_length), "")


def _is_ordinary(different: Sequence[object], max_length: int) -> bool:
    """Whether all are short printable ASCII, so that nothing needs to be looked at one by one."""
    try:
        joined = "".join(different)  # type: ignore[arg-type]  # asked by trying
    except TypeError:
        return False
    longest = max(map(len, different), default=0)  # type: ignore[arg-type]  # all are text
    return joined.isascii() and joined.isprintable() and longest <= max_length and longest < _SHORTEST_CARD


def _clean(text: str, max_length: int) -> str | Problem:
    return refusal(text, max_length) or clean_text(text, max_length=max_length)


def require(values: Sequence[object], field: str, faults: Faults) -> None:
    """Reject the rows that have nothing in a column that every row must have."""
    if None not in values and "" not in values:
        return
    for row, value in enumerate(values):
        if value is None or value == "":
            faults.add(row, field, "", problem("import-cell-missing"))
