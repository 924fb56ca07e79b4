"""Bring a file in: read it, check it against the store, write all of it or nothing, and say what came of every row."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.domain.errors import BadInput, DuesdeskError, WrongUsage
from duesdesk.domain.money import exponent
from duesdesk.domain.roles import require
from duesdesk.services import notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.imports import profiles
from duesdesk.services.imports.dates import check_pattern
from duesdesk.services.imports.headers import Kind, is_known, map_header
from duesdesk.services.imports.kinds import bookings, credits, invoices, members, memberships, payments, receivables
from duesdesk.services.imports.problems import Faults
from duesdesk.services.imports.read import DELIMITERS, Table, open_table
from duesdesk.services.imports.reading import Reading, Ways
from duesdesk.services.imports.rejected import RejectedFile
from duesdesk.services.imports.views import KINDS, ImportRequest, ImportResult, Progress, Rejection
from duesdesk.services.imports.writers import bookings as write_bookings
from duesdesk.services.imports.writers import credits as write_credits
from duesdesk.services.imports.writers import invoices as write_invoices
from duesdesk.services.imports.writers import members as write_members
from duesdesk.services.imports.writers import memberships as write_memberships
from duesdesk.services.imports.writers import payments as write_payments
from duesdesk.services.imports.writers.work import Work, found_by
from duesdesk.services.workplace import Workplace

_KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        members.KIND,
        memberships.KIND,
        invoices.KIND,
        payments.KIND,
        credits.KIND,
        bookings.KIND,
        receivables.KIND,
    )
}
_SAID_OF_CHANGES = 200

Write = Callable[[Work], None]


class _TakenBack(Exception):
    """Leaves the transaction so that it is rolled back, with what would have come of it."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__(result)
        self.result = result


class Imports:
    """Imports into one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def profiles(self) -> list[str]:
        """The names of the profiles that are shipped."""
        return profiles.names()

    def run(
        self,
        request: ImportRequest,
        *,
        key: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Bring the file in. With a rejected row nothing is written, unless `accept_valid`.

        `dry_run` does everything and takes it back. The same key with the same file answers what it answered first.
        Raises WrongUsage for options that mean nothing, BadInput for a file that cannot be read as a whole, Refused
        when the role may not import, Conflict for a key used for something else.
        """
        require(self._place.actor.role, "import")
        with _nothing_collected():
            return self._run(request, key, progress, dry_run=dry_run)

    def _run(
        self, request: ImportRequest, key: str | None, progress: Progress | None, *, dry_run: bool
    ) -> ImportResult:
        words: Mapping[str, Mapping[str, Sequence[str]]] = {}
        if request.profile:
            profile = profiles.load(request.profile)
            request, words = profiles.applied(request, profile), profile.words
        _check(request)
        table = self._open(request)
        kind = _KINDS[request.kind]
        columns = map_header(kind, table.header, request.columns)
        cells = table.read(columns.columns, lambda rows: progress("read", rows, 0) if progress else None)
        reading = Reading(cells, self._ways(request, words))
        write = self._rows(request.kind, reading)
        if progress:
            progress("check", reading.rows, reading.rows)
        notes = [BadInput(code, **facts) for code, facts in table.notes]
        if columns.ignored:
            notes.append(BadInput("import-note-ignored", headers=columns.ignored))
        told = tuple(map(i18n.sentence, notes))
        job = _Job(self._place, request, table, reading, write, told, stopped=cells.stopped)
        if progress:
            progress("write", 0, reading.rows)
        return job.run(key, dry_run=dry_run)

    def _open(self, request: ImportRequest) -> Table:
        return open_table(
            request.file,
            encoding=request.encoding,
            delimiter=request.delimiter,
            language=self._place.centre.language,
            known=is_known(request.kind, request.columns),
        )

    def _ways(self, request: ImportRequest, words: Mapping[str, Mapping[str, Sequence[str]]]) -> Ways:
        centre = self._place.centre
        return Ways(
            currency=request.currency or centre.currency,
            country=centre.country,
            zone=zone(centre.timezone),
            date_format=request.date_format,
            decimal=request.decimal,
            refunds=request.negative == "refund",
            words=words,
        )

    def _rows(self, kind: str, reading: Reading) -> Write:
        """The rows of the file read, as the work of writing them."""
        if kind == "members":
            people = members.read(reading)
            return lambda work: write_members.write(work, people)
        if kind == "memberships":
            charged = memberships.read(reading)
            return lambda work: write_memberships.write(work, charged)
        if kind == "payments":
            paid = payments.read(reading)
            return lambda work: write_payments.write(work, paid)
        if kind == "credits":
            given = credits.read(reading, self._currencies)
            return lambda work: write_credits.write(work, given)
        if kind == "bookings":
            booked = bookings.read(reading)
            return lambda work: write_bookings.write(work, booked)
        if kind == "receivables":
            owed = receivables.read(reading)
            return lambda work: write_invoices.write_receivables(work, owed)
        issued = invoices.read(reading)
        return lambda work: write_invoices.write(work, issued)

    def _currencies(self, numbers: Iterable[str]) -> dict[str, str]:
        with self._place.database.read() as tx:
            rows = found_by(tx, "SELECT number, currency FROM invoice WHERE number IN ({among})", numbers)
        return {number: row[0] for number, row in rows.items()}


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Python's search for cycles rests.

    A file makes rows by the million that stay until it is written; looking through them was a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Job:
    """One file in one transaction."""

    def __init__(
        self,
        place: Workplace,
        request: ImportRequest,
        table: Table,
        reading: Reading,
        write: Write,
        notes: tuple[str, ...],
        *,
        stopped: bool,
    ) -> None:
        self._place = place
        self._request = request
        self._table = table
        self._reading = reading
        self._write = write
        self._notes = notes
        # After a fault that hides where rows end, what was read is not all: then it is never written.
        self._accept = request.accept_valid and not stopped
        # PostgreSQL may ask for the work again; then it begins from what reading alone found.
        self._found = reading.faults

    def run(self, key: str | None, *, dry_run: bool) -> ImportResult:
        """Do it, or show what it would do."""
        rejected: list[RejectedFile] = []

        def work(within: Within) -> Done:
            self._reading.faults = self._found.copy()
            done = Work(within, self._place, self._reading)
            self._write(done)
            notice_states.withdraw_changed(within, notice_states.IMPORTED)
            result = self._result(done)
            if dry_run or (result.rejected and not self._accept):
                raise _TakenBack(result)
            if result.rejected:
                for file in rejected:
                    file.discard()
                rejected[:] = [RejectedFile(self._request, self._table, result.rejected)]
            return Done(f"import {self._request.file.name}", self._answer(result, rejected), _changes(done))

        content = {**_content(self._request), "sha256": _sha256(self._request.file)}
        try:
            answer = perform(self._place, Request("import", content, key=None if dry_run else key), work)
        except _TakenBack as taken:
            return taken.result
        except BaseException:
            for file in rejected:
                file.discard()
            raise
        for file in rejected:
            file.keep()
        return self._from_answer(answer)

    def _result(self, work: Work) -> ImportResult:
        faults = self._reading.faults
        created, updated = len(work.created), len(work.updated)
        rejected = self._told(faults)
        warnings = tuple(
            told for told in self._told(self._reading.warnings) if told.line not in {row.line for row in rejected}
        )
        return ImportResult(
            kind=self._request.kind,
            file=self._request.file.name,
            read=self._reading.rows,
            created=created,
            updated=updated,
            unchanged=self._reading.rows - created - updated - len(rejected),
            written=False,
            rejected=rejected,
            warnings=warnings,
            notes=self._notes,
        )

    def _told(self, faults: Faults) -> tuple[Rejection, ...]:
        return tuple(
            Rejection(
                self._reading.lines[row],
                fault.field,
                fault.value,
                i18n.sentence(BadInput(fault.problem.code, **dict(fault.problem.facts))),
            )
            for row, fault in faults
        )

    def _answer(self, result: ImportResult, rejected: Sequence[RejectedFile]) -> Plain:
        return {**result.as_json(), "written": True, "rejected_file": str(rejected[0].path) if rejected else None}

    def _from_answer(self, answer: Plain) -> ImportResult:
        path = answer["rejected_file"]
        return ImportResult(
            kind=answer["kind"],
            file=answer["file"],
            read=answer["read"],
            created=answer["created"],
            updated=answer["updated"],
            unchanged=answer["unchanged"],
            written=True,
            rejected=tuple(Rejection(**row) for row in answer["rejected"]),
            warnings=tuple(Rejection(**row) for row in answer.get("warnings", ())),
            notes=self._notes,
            rejected_file=Path(path) if path else None,
        )


def _changes(work: Work) -> str:
    """What was there before, of the rows that were changed, for the audit entry."""
    import json

    first = dict(list(work.before.items())[:_SAID_OF_CHANGES])
    return json.dumps(first, ensure_ascii=False, default=str) if first else ""


def _content(request: ImportRequest) -> dict[str, object]:
    return {
        "kind": request.kind,
        "profile": request.profile,
        "columns": dict(sorted(request.columns.items())),
        "date_format": request.date_format,
        "decimal": request.decimal,
        "delimiter": request.delimiter,
        "encoding": request.encoding,
        "currency": request.currency,
        "negative": request.negative,
        "accept_valid": request.accept_valid,
    }


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput("import-file-unreadable", file=path.name, detail=error.strerror or "") from error


def _check(request: ImportRequest) -> None:
    """Raises WrongUsage for options that mean nothing."""
    if request.kind not in KINDS:
        raise WrongUsage("import-kind-unknown", kind=request.kind, kinds=KINDS)
    if request.decimal not in ("", ".", ","):
        raise WrongUsage("import-decimal-unknown", decimal=request.decimal)
    if request.delimiter and request.delimiter not in DELIMITERS:
        raise WrongUsage("import-delimiter-unknown", delimiter=request.delimiter)
    if request.negative not in ("", "refund"):
        raise WrongUsage("import-negative-unknown", negative=request.negative)
    if request.date_format:
        check_pattern(request.date_format)
    if request.currency:
        try:
            exponent(request.currency)
        except DuesdeskError as error:
            raise WrongUsage("currency-unknown", currency=request.currency) from error
