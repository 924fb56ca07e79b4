"""XLSX files: the first sheet, its cells as text, numbers, dates and times.

python-calamine unpacks a sheet whole and gives every cell up to the last one a place in memory, so a small file can ask
for gigabytes. The parts are therefore unpacked and measured here first.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

from duesdesk.domain.errors import BadInput
from duesdesk.services.imports.cells import cell_text, shown
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.read import MAX_FIELD, MAX_ROWS, Cells, Progress, Table, clean_header

MAX_UNPACKED = 256 << 20
MAX_CELLS = 6_000_000
_CHUNK = 1 << 20
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,10})["']""")
_DIGITS_EXCEL_KEEPS = 15
# What reading a broken archive raises, by what is broken.
_DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError,
    NotImplementedError, OSError, ValueError, OverflowError,
)  # fmt: skip

Cell = str | Decimal | date | time


class SheetTable(Table):
    """The first sheet of a workbook. Its first row that is not blank is the header."""

    typed = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes = []
        self._rows = _sheet(path)
        self._header_at = next((at for at, row in enumerate(self._rows) if any(map(_filled, row))), -1)
        if self._header_at < 0:
            raise BadInput("import-file-empty", file=path.name)
        self.header = clean_header(map(cell_text, self._rows[self._header_at]), path.name)

    def read(self, wanted: Mapping[str, int], progress: Progress | None = None) -> Cells:
        """The columns of `wanted`; blank rows are passed over."""
        result = Cells({name: [] for name in wanted})
        columns = [(result.columns[name], at) for name, at in wanted.items()]
        for line, row in self._numbered():
            if not any(map(_filled, row)):
                continue
            result.lines.append(line)
            for column, at in columns:
                column.append(row[at])
            if progress and len(result.lines) % 5_000 == 0:
                progress(len(result.lines))
        for name, cells in result.columns.items():
            for at, value in enumerate(cells):
                if isinstance(value, str) and len(value) > MAX_FIELD:
                    result.faults.add(at, name, shown(value), problem("import-field-too-long", limit=MAX_FIELD))
        return result

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """All cells of the rows on `lines`, as text."""
        wanted = set(lines)
        for line, row in self._numbered():
            if line in wanted:
                yield line, [cell_text(cell) for cell in row]

    def _numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        yield from enumerate(self._rows[self._header_at + 1 :], self._header_at + 2)


def _filled(cell: Cell) -> bool:
    # Not its truth: the number 0 fills a cell.
    return not isinstance(cell, str) or bool(cell.strip())


def _sheet(path: Path) -> list[list[Cell]]:
    try:
        import python_calamine  # imported late: start-up, and an extra
    except ImportError as error:
        raise BadInput("import-sheets-extra-missing", file=path.name) from error
    _measure(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # calamine raises its own kinds and bare ones of Rust for damaged files
        raise BadInput("import-workbook-unreadable", file=path.name) from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> Cell:
    # bool first: it is a number to Python.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # What the sheet shows: 15 digits. 0.1 + 0.2 is stored with a 4 in the 17th.
        number = Decimal(f"{value:.{_DIGITS_EXCEL_KEEPS}g}")
        return Decimal(int(number)) if number == number.to_integral_value() else number
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, str | date | time):
        return value
    return "" if value is None else str(value)


def _measure(path: Path) -> None:
    """Unpack every part and throw it away, counting. Raises BadInput for a damaged, foreign or monstrous workbook."""
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise BadInput("import-file-kind", file=path.name, kind="ZIP")
            for name in names:
                columns = rows = 0
                tail = b""
                with archive.open(name) as part:
                    # The sizes a ZIP declares may lie: what comes out is counted.
                    while block := part.read(_CHUNK):
                        unpacked += len(block)
                        if unpacked > MAX_UNPACKED:
                            raise BadInput("import-workbook-bomb", file=path.name, megabytes=MAX_UNPACKED >> 20)
                        if name.startswith("xl/worksheets/"):
                            for letters, digits in _PLACE.findall(tail + block):
                                columns, rows = max(columns, _column(letters)), max(rows, int(digits))
                            tail = block[-32:]
                if rows * columns > MAX_CELLS or rows > MAX_ROWS:
                    raise BadInput("import-too-many-rows", rows=MAX_ROWS)
    except _DAMAGE as error:
        raise BadInput("import-workbook-unreadable", file=path.name) from error


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
