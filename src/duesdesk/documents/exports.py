"""Files somebody asked for: written whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from duesdesk.config import FILE_MODE, own_folder
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text

# A cell that begins so is a formula to a spreadsheet, in the wide letters of East Asia, too; an apostrophe makes it
# text again.
FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\uff5c", "\uff05")


def write(folder: Path, name: str, text: str) -> Path:
    """Write `text` (UTF-8) to `name` in `folder`, which is made when it is not there; answers the path.

    A file of that name is replaced. Raises BadInput ('folder-unusable').
    """
    return write_bytes(folder, name, text.encode())


def write_bytes(folder: Path, name: str, content: bytes) -> Path:
    """As `write`, for what is no text."""
    path = folder / name
    beside = folder / f".{name}.{os.getpid()}"
    try:
        own_folder(folder)
        with open(beside, "wb", opener=_owner_only) as file:
            file.write(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput("folder-unusable", folder=folder, why=error.strerror or str(error)) from error
    return path


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV that no spreadsheet runs as formulas; a plain number such as -12.50 stays a number."""
    import csv
    from io import StringIO

    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return written.getvalue()


def cell(value: str) -> str:
    """A value as a cell: cleaned, and no formula."""
    cleaned = clean_text(value)
    number = cleaned.removeprefix("-").replace(".", "", 1)
    if cleaned.startswith(FORMULA) and not (number.isascii() and number.isdigit()):
        return f"'{cleaned}"
    return cleaned


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, FILE_MODE)
