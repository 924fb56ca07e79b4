"""A text that somebody wrote in a file, or types into the command."""

from __future__ import annotations

from pathlib import Path

from duesdesk.domain.errors import BadInput

_LONGEST = 100_000


def read_text(path: Path) -> str:
    """The text of the file; - reads standard input. Raises BadInput when it cannot be read or is not UTF-8."""
    try:
        if str(path) == "-":
            import sys

            return sys.stdin.read(_LONGEST)
        with path.open(encoding="utf-8-sig") as file:
            return file.read(_LONGEST)
    except (OSError, UnicodeError) as error:
        raise BadInput("text-file-unreadable", file=path, detail=getattr(error, "strerror", None) or "UTF-8") from error
