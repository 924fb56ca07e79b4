"""What commands write: one JSON document or a table on standard output, narration on standard error.

Whatever comes from outside is cleaned here once more: no control byte reaches the terminal.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from duesdesk.domain.text import clean_text
from duesdesk.i18n import _, amount, number

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duesdesk.reports.shape import Column, Sheet

WIDEST = 44
"""Letters of a text shown in a column; files and JSON have it whole."""
_LONGEST_LINE = 2000
# What json leaves as it is and a terminal would obey: delete, C1 controls, directions, invisible letters.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udfff]")
_GAP = "  "


def answer(document: object) -> None:
    """One JSON document, and nothing else, on standard output."""
    sys.stdout.write(_json(document) + "\n")


def answer_each(key: str, documents: Iterable[object], rest: Mapping[str, object]) -> None:
    """As `answer` of `{key: [documents], **rest}`, one after the other as they come: there may be very many."""
    begin = before = f"{{{_json(key)}: ["
    for document in documents:
        # Nothing is written before there is something: what cannot be read at all leaves no half of a document.
        sys.stdout.write(before + _json(document))
        before = ", "
    sys.stdout.write(
        (begin if before == begin else "")
        + "]"
        + "".join(f", {_json(name)}: {_json(value)}" for name, value in rest.items())
        + "}\n"
    )


def _json(document: object) -> str:
    import json

    as_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(document, ensure_ascii=not as_unicode)
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: str) -> None:
    """A line or a page for people on standard output, whole."""
    sys.stdout.write(clean_text(text, max_length=max(_LONGEST_LINE, len(text)), lines=True) + "\n")


def note(text: str) -> None:
    """Narration and errors: a line on standard error."""
    sys.stderr.write(_clean(text) + "\n")
    sys.stderr.flush()


def _clean(text: str) -> str:
    return clean_text(text, max_length=_LONGEST_LINE, lines=True)


def show(sheets: Sequence[Sheet], *, csv: Path | None = None, xlsx: Path | None = None, name: str = "duesdesk") -> None:
    """Tables on standard output; or, when files are named, in them. Raises BadInput when a file cannot be written."""
    if csv is not None or xlsx is not None:
        from duesdesk.cli import files

        if csv is not None:
            files.write_csv(csv, sheets)
        if xlsx is not None:
            files.write_xlsx(xlsx, sheets, name)
        return
    lines: list[str] = []
    for sheet in sheets:
        if lines:
            lines.append("")
        lines += _lines(sheet)
    sys.stdout.write("\n".join(lines or [_("Nothing.")]) + "\n")


def listed(
    sheets: Sequence[Sheet], document: object, *, as_json: bool, csv: Path | None, xlsx: Path | None, name: str
) -> None:
    """The rows in the files that were named, and the document when it was asked for; else a table."""
    if csv is not None or xlsx is not None:
        show(sheets, csv=csv, xlsx=xlsx, name=name)
    if as_json:
        answer(document)
    elif csv is None and xlsx is None:
        show(sheets)


def show_each(columns: Sequence[Column], pages: Iterable[Sequence[Sequence[Any]]]) -> None:
    """A table on standard output, page by page as they come; the first one says how wide its columns are."""
    from duesdesk.cli.labels import label, shown

    widths: list[int] = []
    to_the_right = [column.kind in ("money", "number") for column in columns]
    for page in pages:
        rows = [[_clip(shown(one.kind, value, "")) for one, value in zip(columns, row, strict=True)] for row in page]
        if not widths:
            rows.insert(0, [label(column.key) for column in columns])
            widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
            rows.insert(1, ["-" * size for size in widths])
        sys.stdout.write("".join(_aligned(row, widths, to_the_right) + "\n" for row in rows))
    if not widths:
        sys.stdout.write(_("Nothing.") + "\n")


def _lines(sheet: Sheet) -> list[str]:
    from duesdesk.cli.labels import label, shown

    lines = [sheet.currency] if sheet.currency else []
    figures = [(label(key), shown(kind, value, sheet.currency)) for key, kind, value in sheet.figures]
    if figures:
        widths = [max(width(text) for text in column) for column in zip(*figures, strict=True)]
        lines += [f"{_pad(name, widths[0])}{_GAP}{_pad(value, widths[1], right=True)}" for name, value in figures]
    if not sheet.columns:
        return lines
    if not sheet.rows:
        return [*lines, _("Nothing.")]
    if figures:
        lines.append("")
    own = next((place for place, column in enumerate(sheet.columns) if column.key == "currency"), None)
    cells = [
        [
            _clip(shown(column.kind, value, sheet.currency or (row[own] if own is not None else "")))
            for column, value in zip(sheet.columns, row, strict=True)
        ]
        for row in sheet.rows
    ]
    head = [label(column.key) for column in sheet.columns]
    to_the_right = [column.kind in ("money", "number") for column in sheet.columns]
    return [*lines, *aligned([head, *cells], to_the_right)]


def aligned(rows: Sequence[Sequence[str]], to_the_right: Sequence[bool]) -> Iterable[str]:
    """Rows as lines in columns; the first row is the head."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [_aligned(row, widths, to_the_right) for row in rows]
    lines.insert(1, _GAP.join("-" * size for size in widths))
    return lines


def _aligned(row: Sequence[str], widths: Sequence[int], to_the_right: Sequence[bool]) -> str:
    return _GAP.join(
        _pad(cell, size, right=right) for cell, size, right in zip(row, widths, to_the_right, strict=True)
    ).rstrip()


def width(text: str) -> int:
    """Columns of a terminal that `text` takes: wide letters take two, marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        2 if east_asian_width(char) in "WF" else 0 if category(char) in ("Mn", "Me", "Cf") else 1 for char in text
    )


def _pad(text: str, size: int, *, right: bool = False) -> str:
    blanks = " " * (size - width(text))
    return blanks + text if right else text + blanks


def _clip(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def money_line(document: dict[str, Any], key: str, currency: str = "") -> str:
    """The amount under `key` of an answer, in its currency or the one named, as people write it."""
    from duesdesk.domain.money import from_text
    from duesdesk.i18n import money

    in_currency = currency or document["currency"]
    return money(from_text(document[key], in_currency), in_currency)


def day_line(document: dict[str, Any], key: str) -> str:
    """The day under `key` of an answer, as people write it."""
    from datetime import date

    from duesdesk.i18n import day_year

    return day_year(date.fromisoformat(document[key]))


def instant_line(local: datetime) -> str:
    """An instant of the wall clock, as people write it."""
    from duesdesk.i18n import day_year, time_of

    return f"{day_year(local)} {time_of(local)}"


__all__ = [
    "aligned",
    "amount",
    "answer",
    "answer_each",
    "day_line",
    "instant_line",
    "money_line",
    "note",
    "number",
    "say",
    "show",
    "show_each",
    "width",
]
