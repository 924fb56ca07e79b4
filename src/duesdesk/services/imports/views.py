"""What an import is asked to do, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("members", "memberships", "invoices", "payments", "credits", "bookings", "receivables")

# (stage, rows done, rows in all or 0 while unknown): stage is 'read', 'check' or 'write'.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to bring in. '' leaves a way of reading to be found from the file, the profile or the centre.

    `columns` maps fields to headers. `negative` is '' (a payment below zero is rejected) or 'refund'.
    """

    kind: str
    file: Path
    profile: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    decimal: str = ""
    delimiter: str = ""
    encoding: str = ""
    currency: str = ""
    negative: str = ""
    accept_valid: bool = False


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: its line in the file, the field, what stood there, and why, as a sentence."""

    line: int
    field: str
    value: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """An entry of `rejected`."""
        return {"line": self.line, "field": self.field, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of it. `read` is created + updated + unchanged + the number of rejected, always.

    `warnings` are rows taken although something is odd about them. `notes` are sentences about how the file was read;
    `rejected_file` is where the rejected rows were saved.
    """

    kind: str
    file: str
    read: int
    created: int
    updated: int
    unchanged: int
    written: bool
    rejected: tuple[Rejection, ...] = ()
    warnings: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = ()
    rejected_file: Path | None = None

    def as_json(self) -> dict[str, object]:
        """The document of `import --json`."""
        document: dict[str, object] = {
            "kind": self.kind,
            "file": self.file,
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "written": self.written,
            "rejected": [row.as_json() for row in self.rejected],
        }
        if self.warnings:
            document["warnings"] = [row.as_json() for row in self.warnings]
        return document
