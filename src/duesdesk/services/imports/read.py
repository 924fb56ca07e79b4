"""Opening a file of rows: what it is, how its text is written, where its columns end.

Nothing is guessed that could turn one value into another: a file that cannot be read as a whole is refused with a
sentence, a row that cannot be read is rejected with its line. Lines count from 1 as an editor counts them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from duesdesk.domain.errors import BadInput
from duesdesk.services.imports.cells import shown
from duesdesk.services.imports.problems import Faults, problem

MAX_LINE = 65_536
MAX_FIELD = 10_000
MAX_FILE_BYTES = 1 << 30
MAX_ROWS = 2_000_000
DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1 << 20
_SAMPLE_LINES = 30
_ROWS_AT_ONCE = 5_000
_POOL_LIMIT = 100_000
_NOT_TEXT = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
)
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]")

Progress = Callable[[int], None]
_Pools = dict[str, dict[str, str] | None]
"""By column: its different texts so far; None once it is known to have hardly any twice."""


@dataclass(slots=True)
class Cells:
    """The wanted columns of a file, as long as each other; `lines[i]` is where row i begins.

    `stopped` tells that reading ended early at a fault after which no row can be told from another.
    """

    columns: dict[str, list[object]]
    lines: list[int] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    stopped: bool = False


class Table:
    """A file of rows with a header. `typed` says that cells may be numbers and dates, not only text (XLSX)."""

    header: tuple[str, ...]
    typed = False
    # What a person should know about how the file was read, as sentences' codes with facts.
    notes: list[tuple[str, dict[str, object]]]

    def read(self, wanted: Mapping[str, int], progress: Progress | None = None) -> Cells:
        """The columns of `wanted` (name to position in the header), each whole."""
        raise NotImplementedError

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """All cells of the rows that begin on `lines`, as text; for the file of rejected rows."""
        raise NotImplementedError


def open_table(
    path: Path, *, encoding: str = "", delimiter: str = "", language: str = "en", known: Callable[[str], bool] = bool
) -> Table:
    """The table in `path`, CSV or XLSX, by its content. `known` tells whether a header means something here.

    Raises BadInput when there is no such file, it is no table, or its text cannot be read.
    """
    start = _first_bytes(path)
    if start.startswith(b"PK\x03\x04"):
        from duesdesk.services.imports.sheets import SheetTable  # imported late: start-up

        return SheetTable(path)
    for magic, kind in _NOT_TEXT:
        if start.startswith(magic):
            raise BadInput("import-file-kind", file=path.name, kind=kind)
    return TextTable(path, encoding=encoding, delimiter=delimiter, language=language, known=known)


def _first_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise BadInput("import-not-a-file", file=path.name)
        with path.open("rb") as file:
            start = file.read(4096)
            size = file.seek(0, io.SEEK_END)
    except FileNotFoundError as error:
        raise BadInput("import-file-missing", file=str(path)) from error
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise BadInput("import-file-unreadable", file=path.name, detail=detail) from error
    if size > MAX_FILE_BYTES:
        raise BadInput("import-file-too-large", file=path.name, megabytes=MAX_FILE_BYTES >> 20)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise BadInput("import-file-empty", file=path.name)
    return start


class TextTable(Table):
    """A delimited text file."""

    def __init__(
        self, path: Path, *, encoding: str, delimiter: str, language: str, known: Callable[[str], bool]
    ) -> None:
        self.path = path
        self.notes = []
        self.encoding, self._longest_line = survey(path, encoding, language)
        if self.encoding not in ("utf-8-sig", encoding):
            self.notes.append(("import-note-encoding", {"encoding": self.encoding}))
        sample = self._sample()
        skip, told = _told_delimiter(sample)
        self.delimiter = delimiter or told or sniff_delimiter(sample[skip:], known)
        records = csv.reader(sample[skip:], delimiter=self.delimiter)
        cells: list[str] = []
        for cells in records:
            if any(map(str.strip, cells)):
                break
        self.header = clean_header(cells, path.name)
        # Lines up to the header's last one, so that reading can go past it.
        self._header_ends = skip + records.line_num

    def _sample(self) -> list[str]:
        lines: list[str] = []
        overlong: set[int] = set()
        with self._opened() as file:
            for line in physical_lines(file, overlong):
                lines.append(line)
                if len(lines) == _SAMPLE_LINES:
                    break
        if "\x00" in lines[0] or 1 in overlong:
            raise BadInput("import-not-text", file=self.path.name, line=1)
        return lines

    def _opened(self) -> io.TextIOWrapper:
        return self.path.open("r", encoding=self.encoding, errors="surrogateescape", newline="")

    def _rows(self, overlong: set[int]) -> Iterator[tuple[int, list[str] | None]]:
        """(line where it begins, cells); None for a row whose quotation marks are wrong. Stops with _Stopped."""
        with self._opened() as file:
            lines = physical_lines(file, overlong)
            for _ in range(self._header_ends):
                next(lines, "")
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            begins = self._header_ends + 1
            while True:
                try:
                    for cells in reader:
                        yield begins, cells
                        begins = self._header_ends + reader.line_num + 1
                    return
                except csv.Error as error:
                    # Inside an unclosed quotation mark every later line looks like part of one cell.
                    if "end of data" in str(error) or "field limit" in str(error):
                        raise _Stopped(begins) from error
                    yield begins, None
                    begins = self._header_ends + reader.line_num + 1

    def read(self, wanted: Mapping[str, int], progress: Progress | None = None) -> Cells:
        """The columns of `wanted`; blank rows are passed over, odd ones kept as blank cells with a fault."""
        regular = self._read_regular(wanted, progress) if self._longest_line < MAX_LINE else None
        return regular or self._read_any(wanted, progress)

    def _read_regular(self, wanted: Mapping[str, int], progress: Progress | None) -> Cells | None:
        """The columns of a file that has a row a line, none blank, all of the header's width; else None."""
        result = Cells({name: [] for name in wanted})
        width, pools = len(self.header), _Pools()
        with self._opened() as file:
            for _ in islice(file, self._header_ends):
                pass
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            line = self._header_ends + 1
            try:
                while chunk := list(islice(reader, _ROWS_AT_ONCE)):
                    after = self._header_ends + reader.line_num + 1
                    if after != line + len(chunk) or set(map(len, chunk)) != {width}:
                        return None
                    if not all(map(str.strip, map(itemgetter(0), chunk))):
                        return None
                    result.lines.extend(range(line, after))
                    line = after
                    _take(chunk, wanted, result.columns, pools)
                    _report(len(result.lines), progress)
            except csv.Error:
                return None
        _reject_overlong(result, set())
        return result

    def _read_any(self, wanted: Mapping[str, int], progress: Progress | None) -> Cells:
        """The columns of any file, row by row."""
        result = Cells({name: [] for name in wanted})
        overlong: set[int] = set()
        width, blank = len(self.header), [""] * len(self.header)
        # Columns at the end that have no name may be left out of a row.
        least = max(at + 1 for at, name in enumerate(self.header) if name)
        chunk: list[list[str]] = []
        pools: _Pools = {}
        lines, faults = result.lines, result.faults
        try:
            for begins, cells in self._rows(overlong):
                if cells is None:
                    faults.add(len(lines), "", "", problem("import-row-quotes"))
                    chunk.append(blank)
                elif len(cells) == width:
                    if not cells[0] and not any(map(str.strip, cells)):
                        continue
                    chunk.append(cells)
                else:
                    if not any(map(str.strip, cells)):
                        continue
                    if any(map(str.strip, cells[width:])) or len(cells) < least:
                        told = problem("import-row-width", count=len(cells), expected=width)
                        faults.add(len(lines), "", shown(self.delimiter.join(cells)[:MAX_FIELD]), told)
                    chunk.append((cells + blank)[:width])
                lines.append(begins)
                if len(chunk) == _ROWS_AT_ONCE:
                    _take(chunk, wanted, result.columns, pools)
                    _report(len(lines), progress)
        except _Stopped as stop:
            lines.append(stop.line)
            chunk.append(blank)
            faults.add(len(lines) - 1, "", "", problem("import-quote-open"))
            result.stopped = True
        _take(chunk, wanted, result.columns, pools)
        _reject_overlong(result, overlong)
        return result

    def records(self, lines: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """All cells of the rows that begin on `lines`, in order of the file."""
        wanted = set(lines)
        try:
            for begins, cells in self._rows(set()):
                if begins in wanted:
                    yield begins, cells or []
        except _Stopped as stop:
            yield stop.line, []


class _Stopped(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _take(chunk: list[list[str]], wanted: Mapping[str, int], columns: dict[str, list[object]], pools: _Pools) -> None:
    """Move a chunk of rows into the columns. Equal texts are kept once: dates and methods repeat by the thousand."""
    if not chunk:
        return
    across = list(zip(*chunk, strict=True))
    for name, at in wanted.items():
        cells, column, pool = across[at], columns[name], pools.setdefault(name, {})
        if pool is None:
            column.extend(cells)
            continue
        column.extend(map(pool.setdefault, cells, cells))
        if 2 * len(pool) > len(column):
            # Numbers of invoices hardly repeat.
            pools[name] = None
        elif len(pool) > _POOL_LIMIT:
            pool.clear()
    chunk.clear()


def _report(rows: int, progress: Progress | None) -> None:
    if rows > MAX_ROWS:
        raise BadInput("import-too-many-rows", rows=MAX_ROWS)
    if progress:
        progress(rows)


def _reject_overlong(cells: Cells, overlong: set[int]) -> None:
    """A row any line of which was cut, and a cell longer than any real one, are rejected."""
    for line in overlong:
        row = bisect_right(cells.lines, line) - 1
        if row >= 0:
            cells.faults.add(row, "", "", problem("import-line-too-long", limit=MAX_LINE))
    for name, column in cells.columns.items():
        if column and max(map(len, column)) > MAX_FIELD:  # type: ignore[arg-type]  # text from the file
            for row, value in enumerate(column):
                if len(value) > MAX_FIELD:  # type: ignore[arg-type]  # text from the file
                    cells.faults.add(row, name, shown(value), problem("import-field-too-long", limit=MAX_FIELD))


def physical_lines(file: io.TextIOWrapper, overlong: set[int]) -> Iterator[str]:
    """The lines of `file`, each cut at MAX_LINE characters; the numbers of cut ones go to `overlong`.

    A cut line gets the quotation mark it lost, so that the rows after it are still told apart.
    """
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            marks = line.count('"')
            while rest := file.readline(MAX_LINE):
                overlong.add(number)
                marks += rest.count('"')
                if rest.endswith(("\n", "\r")):
                    break
            if (marks - line.count('"')) % 2:
                line += '"'
            line += "\n"
        yield line


def survey(path: Path, asked: str, language: str) -> tuple[str, int]:
    """The encoding to read `path` with, and how long its longest line is, at least.

    The encoding is the one asked for; else UTF-8; else the Windows code page of the language. A file that is UTF-8 but
    for a few bytes stays UTF-8, and the rows with those bytes are rejected.
    Raises BadInput for an unknown encoding and for UTF-16 that was not asked for.
    """
    good = bad = longest = carried = 0
    try:
        encoding = _known_encoding(asked) if asked else "utf-8-sig"
        with path.open("rb") as file:
            if not asked and file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise BadInput("import-utf16", file=path.name, line=1)
            for text in _decoded(file, encoding):
                lengths = list(map(len, text.split("\n")))
                lengths[0] += carried
                carried, longest = lengths[-1], max(longest, *lengths)
                if not text.isascii():
                    here = len(_ESCAPED_BYTES.findall(text))
                    bad += here
                    good += sum(char > "\x7f" for char in text) - here
    except UnicodeError as error:
        raise BadInput("import-encoding-wrong", file=path.name, encoding=asked) from error
    if bad and good <= bad and not asked:
        encoding = "cp1250" if language == "ro" else "cp1252"
    return encoding, longest


def _known_encoding(asked: str) -> str:
    try:
        if not getattr(codecs.lookup(asked), "_is_text_encoding", True):
            raise LookupError(asked)
    except (LookupError, ValueError) as error:
        raise BadInput("import-encoding-unknown", encoding=asked) from error
    return asked


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    while block := file.read(_CHUNK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _told_delimiter(sample: list[str]) -> tuple[int, str]:
    """Spreadsheets may write `sep=;` as the first line: (lines to skip, the delimiter or '')."""
    found = re.fullmatch(r'"?sep=(.)"?\s*', sample[0]) if sample else None
    return (1, found[1]) if found and found[1] in DELIMITERS else (0, "")


def sniff_delimiter(sample: Sequence[str], known: Callable[[str], bool]) -> str:
    """The delimiter that gives the header most known names, then the rows most alike in width; ',' when none does."""

    def score(delimiter: str) -> tuple[int, float, int]:
        rows = [row for row in csv.reader(sample, delimiter=delimiter) if any(map(str.strip, row))]
        if not rows or len(rows[0]) < 2:
            return (sum(map(known, rows[0])) if rows else 0, 0.0, 0)
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        return sum(known(name) for name in rows[0]), alike, len(rows[0])

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return ","


def clean_header(cells: Iterable[object], file: str) -> tuple[str, ...]:
    """The header's names without marks and surplus blanks. Raises BadInput for names that stand there twice."""
    names = tuple(re.sub(r"\s+", " ", str(cell).replace("\ufeff", "").replace("\xa0", " ")).strip() for cell in cells)
    seen: set[str] = set()
    for name in names:
        if name and name.casefold() in seen:
            raise BadInput("import-header-twice", file=file, header=name[:80])
        seen.add(name.casefold())
    if not any(names):
        raise BadInput("import-header-missing", file=file)
    return names
