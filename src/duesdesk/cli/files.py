"""Rows as files: CSV that no spreadsheet runs as formulas, and XLSX. Nobody but their owner may read them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from duesdesk.cli.labels import in_words, label
from duesdesk.documents.exports import FORMULA
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import exponent
from duesdesk.domain.text import clean_text
from duesdesk.i18n import current
from duesdesk.reports.shape import Column, Sheet, decimal_text

FILE_MODE = 0o600
_CURRENCY = Column("currency", "text")


def write_csv(path: Path, sheets: Sequence[Sheet]) -> None:
    """All sheets as one table with a column of currencies. Headers are the keys of the JSON.

    Where the language writes a decimal comma, amounts have one, `;` divides and a byte-order mark comes first, as the
    spreadsheets there want it. Raises BadInput when it cannot be written.
    """
    import csv

    comma = current().table.decimal == ","
    text = StringIO()
    writer = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\r\n")
    columns, rows = _joined(sheets)
    writer.writerow([column.key for column in columns])
    for currency, row in rows:
        writer.writerow(
            [_cell(column.kind, value, currency, comma=comma) for column, value in zip(columns, row, strict=True)]
        )
    _write(path, text.getvalue().encode("utf-8-sig" if comma else "utf-8"))


def write_xlsx(path: Path, sheets: Sequence[Sheet], name: str) -> None:
    """All sheets as one table with numbers and days a spreadsheet can reckon with.

    Raises BadInput when it cannot be written, or the extra 'sheets' is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped]  # ships no types; imported late: an extra
    except ImportError as error:
        raise BadInput("xlsx-extra-missing") from error
    from io import BytesIO

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        page = book.add_worksheet(clean_text(name, max_length=31))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        money: dict[str, Any] = {}
        columns, rows = _joined(sheets)
        for place, column in enumerate(columns):
            page.write_string(0, place, label(column.key), bold)
        for line, (currency, row) in enumerate(rows, 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is None:
                    continue
                if column.kind == "money":
                    if currency not in money:
                        digits = exponent(currency)
                        money[currency] = book.add_format(
                            {"num_format": "#,##0" + ("." + "0" * digits if digits else "")}
                        )
                    page.write_number(line, place, float(decimal_text(currency)(value)), money[currency])
                elif column.kind == "number":
                    page.write_number(line, place, value)
                elif column.kind == "day":
                    page.write_datetime(line, place, value, day)
                else:
                    page.write_string(line, place, _text(column.kind, value))
        page.freeze_panes(1, 0)
        page.autofit()
    _write(path, content.getvalue())


def _joined(sheets: Sequence[Sheet]) -> tuple[tuple[Column, ...], Iterator[tuple[str, tuple[Any, ...]]]]:
    """The columns, and (currency, row) of all sheets; the currency becomes a column where rows have none."""
    if not sheets:
        return (_CURRENCY,), iter(())
    columns = sheets[0].columns or tuple(Column(key, kind) for key, kind, _value in sheets[0].figures)
    own = next((place for place, column in enumerate(columns) if column.key == "currency"), None)
    return columns if own is not None else (_CURRENCY, *columns), _rows(sheets, own)


def _rows(sheets: Sequence[Sheet], own: int | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for sheet in sheets:
        # A report without a table is one row of its figures.
        rows = sheet.rows if sheet.columns else (tuple(value for _key, _kind, value in sheet.figures),)
        for row in rows:
            if own is None:
                yield sheet.currency, (sheet.currency, *row)
            else:
                yield str(row[own]), tuple(row)


def _cell(kind: str, value: Any, currency: str, *, comma: bool) -> str:  # noqa: ANN401  # any value of a report
    if value is None:
        return ""
    if kind == "money":
        text = decimal_text(currency)(value)
        return text.replace(".", ",") if comma else text
    if kind == "number":
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if kind == "flag":
        return "true" if value else "false"
    if kind == "word":
        return str(value)
    cleaned = clean_text(str(value))
    return f"'{cleaned}" if cleaned.startswith(FORMULA) else cleaned


def _text(kind: str, value: Any) -> str:  # noqa: ANN401  # any value of a report
    if kind == "flag":
        return "✓" if value else ""
    return in_words(value) if kind == "word" else clean_text(str(value))


def _write(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never a part; it is the owner's alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "wb", opener=_owner_only) as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput("file-not-written", file=path, detail=error.strerror or str(error)) from error


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, FILE_MODE)
