"""What every writer works with: the act, the rows with their faults, and what became of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from duesdesk.services.acts import Within
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import Reading
from duesdesk.services.workplace import Workplace
from duesdesk.store import among
from duesdesk.store.bulk import Bulk
from duesdesk.store.database import Row, Tx

Record = TypeVar("Record")


class Person(NamedTuple):
    """A member of the store with who pays, and the days to pay the payer was given."""

    id: int
    payer_id: int
    terms_days: int | None


class Work:
    """One import under way, inside its transaction."""

    def __init__(self, within: Within, place: Workplace, reading: Reading) -> None:
        self.within = within
        self.tx: Tx = within.tx
        self.place = place
        self.reading = reading
        self.created: set[int] = set()
        self.updated: set[int] = set()
        # What was there before, of rows that were changed: subject to old values.
        self.before: dict[str, Mapping[str, object]] = {}

    @cached_property
    def bulk(self) -> Bulk:
        """The bulk writer; made when money is first written, since that rolls the balances."""
        return Bulk(self.within.ledger)

    def good(self) -> list[int]:
        """The rows that nothing speaks against so far."""
        faults = self.reading.faults
        return (
            [row for row in range(self.reading.rows) if row not in faults]
            if len(faults)
            else list(range(self.reading.rows))
        )

    def reject(self, row: int, field: str, value: object, code: str, **facts: object) -> None:
        """Reject a row for what the store holds."""
        self.reading.fault(row, field, self._as_written(row, field, value), problem(code, **facts))

    def differs(self, row: int, field: str, in_file: object, stored: object) -> None:
        """Reject a row whose number is known with other content; both values are told."""
        told = problem("import-differs", field=field, in_file=_shown(in_file), stored=_shown(stored))
        self.reading.fault(row, field, self._as_written(row, field, in_file), told)

    def _as_written(self, row: int, field: str, value: object) -> object:
        """The cell as it stands in the file; of allocations, the one that is meant."""
        written = self.reading.raw(field)[row] if field != "allocations" and self.reading.has(field) else None
        return value if written in ("", None) else written


def _shown(value: object) -> str:
    return "–" if value is None or value == "" else str(value)


def found_by(tx: Tx, sql: str, wanted: Iterable[object]) -> dict[Any, Row]:
    """Rows by their first column. `sql` has `{among}` where the wanted texts stand."""
    rows = tx.all(sql.replace("{among}", among.texts(tx)), wanted=among.listed(wanted))
    return {row[0]: row[1:] for row in rows}


def people(tx: Tx, numbers: Iterable[str]) -> dict[str, Person]:
    """The members called so."""
    rows = found_by(
        tx,
        """SELECT m.number, m.id, coalesce(m.payer_id, m.id), p.terms_days
           FROM member m JOIN member p ON p.id = coalesce(m.payer_id, m.id) WHERE m.number IN ({among})""",
        numbers,
    )
    return {number: Person(*row) for number, row in rows.items()}


def twins(work: Work, rows: Sequence[Record], keys: Sequence[object], field: str) -> dict[int, int]:
    """Rows that stand in the file again, alike, by position, with the first one's; an unlike one is rejected.

    A blank key is no key. Call it before anything is looked up: the first of two is the first in the file.
    """
    if len(set(keys)) == len(keys):
        return {}
    first: dict[object, int] = {}
    again: dict[int, int] = {}
    for row, key in enumerate(keys):
        if key in ("", None):
            continue
        other = first.setdefault(key, row)
        if other == row:
            continue
        if rows[row] == rows[other] and row not in work.reading.faults:
            again[row] = other
        else:
            work.reject(row, field, key, "import-twice", line=work.reading.lines[other])
    return again


def settle_twins(work: Work, again: Mapping[int, int]) -> None:
    """A row that repeats a rejected one is rejected with it."""
    for row, other in again.items():
        if other in work.reading.faults:
            work.reject(row, "", "", "import-twice-of-rejected", line=work.reading.lines[other])
