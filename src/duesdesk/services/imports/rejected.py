"""The rejected rows of a file, saved beside it with the reason, to be put right and brought in again."""

from __future__ import annotations

import csv
import errno
import os
import re
import secrets
from collections.abc import Sequence

from duesdesk.domain.errors import BadInput
from duesdesk.services.imports.cells import shown
from duesdesk.services.imports.headers import is_known
from duesdesk.services.imports.read import Table
from duesdesk.services.imports.views import ImportRequest, Rejection

_NUMBER = re.compile(r"[-+]?[\d., ]*\d[\d., ]*-?")
# After blanks, NUL and marks of byte order; a spreadsheet takes the rest for a formula.
_FORMULA = re.compile("[\\s\x00\ufeff]*[=+\\-@|%\t\r＝＋－＠]")
_HOSTILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 10_000


class RejectedFile:
    """The file, written under another name until `keep` gives it its own."""

    def __init__(self, request: ImportRequest, table: Table, rejected: Sequence[Rejection]) -> None:
        """Raises BadInput when it cannot be written beside the source."""
        self.path = request.file.with_name(f"{request.file.stem}.rejected.csv")
        self._draft = request.file.with_name(f".{request.file.stem}.{secrets.token_hex(4)}.tmp")
        if self.path.is_dir():
            raise BadInput("import-rejected-unwritable", file=self.path.name, detail=os.strerror(errno.EISDIR))
        try:
            self._write(request, table, rejected)
        except OSError as error:
            self.discard()
            raise BadInput("import-rejected-unwritable", file=self.path.name, detail=error.strerror or "") from error

    def _write(self, request: ImportRequest, table: Table, rejected: Sequence[Rejection]) -> None:
        by_line = {row.line: row for row in rejected}
        own = _own_columns(request, table.header)
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        # With the mark of byte order, or spreadsheets take the accents for something else.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=getattr(table, "delimiter", ","))
            writer.writerow([*map(guarded, table.header), *own])
            width = len(table.header)
            for line, cells in table.records(sorted(by_line)):
                padded = [*cells, *[""] * (width - len(cells))][:width]
                writer.writerow([*map(guarded, padded), line, guarded(by_line[line].reason)])

    def keep(self) -> None:
        """Give the file its name; an older one goes."""
        self._draft.replace(self.path)

    def discard(self) -> None:
        """Nothing was written to the store, so nothing is left here."""
        self._draft.unlink(missing_ok=True)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs and no terminal obeys; card numbers masked. Numbers stay numbers."""
    text = _HOSTILE.sub("", cell)[:_LONGEST]
    if len(text) >= 13 and shown(text) != text and "****" in shown(text):
        text = shown(text)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _own_columns(request: ImportRequest, header: Sequence[str]) -> tuple[str, str]:
    """Names for the line and the reason that no column of the file has, and no field of the kind goes by."""
    known = is_known(request.kind, {})
    taken = {name.casefold() for name in header}

    def free(name: str) -> str:
        while name.casefold() in taken or known(name):
            name = f"rejected {name}"
        return name

    return free("line"), free("reason")
