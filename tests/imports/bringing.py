"""Bring a text in as a file, as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from duesdesk.bootstrap import Desk
from duesdesk.services.imports.service import Imports
from duesdesk.services.imports.views import ImportRequest, ImportResult

SAMPLES = Path(__file__).parent / "samples"
# The public files lie beside the repository on the machines of those who fetched them; no test needs them.
SHARED = Path(__file__).resolve().parents[2] / "../shared/data"

Bring = Callable[..., ImportResult]


def bring(
    desk: Desk, kind: str, file: Path, *, dry_run: bool = False, key: str | None = None, **how: Any
) -> ImportResult:
    """Import `file`; whatever comes of it, every row is accounted for."""
    result = Imports(desk.place).run(ImportRequest(kind, file, **how), dry_run=dry_run, key=key)
    assert result.read == result.created + result.updated + result.unchanged + len(result.rejected)
    return result


def written(folder: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    """A file with `text`; every call with the same name writes it anew."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def count(desk: Desk, table: str) -> int:
    """The rows of a table."""
    with desk.place.database.read() as tx:
        rows: int = tx.value(f"SELECT count(*) FROM {table}")
    return rows


def everything(desk: Desk) -> list[tuple[Any, ...]]:
    """All that an import may write, to be compared before and after."""
    found: list[tuple[Any, ...]] = []
    with desk.place.database.read() as tx:
        for table in (
            "member",
            "membership",
            "invoice",
            "invoice_event",
            "payment",
            "allocation",
            "credit",
            "booking",
            "open_item",
            "act",
        ):
            found += tx.all(f"SELECT * FROM {table} ORDER BY 1")
    return found


def lines(result: ImportResult) -> list[int]:
    """The lines that were rejected."""
    return [row.line for row in result.rejected]


def faults(result: ImportResult) -> Iterable[tuple[int, str]]:
    """The lines that were rejected, with the fields."""
    return [(row.line, row.field) for row in result.rejected]
