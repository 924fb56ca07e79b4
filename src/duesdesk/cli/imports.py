"""`duesdesk import`: a file of members, memberships, invoices, payments, credits, bookings or receivables."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, note, say
from duesdesk.cli.session import Given
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.i18n import _, ngettext, number, sentence

if TYPE_CHECKING:
    from duesdesk.services.imports.views import ImportRequest, ImportResult, Rejection

app = typer.Typer()
_TOLD = 20
_REFUSED, _PARTLY = 3, 4
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@app.command("import", help=_("Bring a file in: all of it, or nothing."))
def import_(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help=_("What is in it: members, memberships, invoices, payments, credits, bookings or receivables."),
        ),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A CSV or XLSX file with a header."))],
    *,
    profile: Annotated[str, typer.Option(metavar="NAME", help=_("How files of one program are read."))] = "",
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=HEADER", help=_("The column of a field; may be repeated.")),
    ] = None,
    date_format: Annotated[str, typer.Option(metavar="%d/%m/%Y", help=_("How days are written."))] = "",
    decimal: Annotated[str, typer.Option(metavar=",", help=_("The decimal sign: a point or a comma."))] = "",
    delimiter: Annotated[str, typer.Option(metavar=";", help=_("What divides columns: , ; | or tab."))] = "",
    encoding: Annotated[str, typer.Option(metavar="E", help=_("How letters are written, such as cp1252."))] = "",
    currency: Annotated[str, typer.Option(metavar="C", help=_("The currency of rows that name none."))] = "",
    negative: Annotated[str, typer.Option(metavar="refund", help=_("Take payments below zero for refunds."))] = "",
    accept_valid: Annotated[
        bool, typer.Option("--accept-valid", help=_("Write the good rows, and save the others beside the file."))
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
    key: Key = None,
    actor: Actor = None,
) -> None:
    """Bring a file in: all of it, or nothing."""
    from duesdesk.services.imports.views import ImportRequest

    given: Given = context.obj
    request = ImportRequest(
        kind,
        file,
        profile=profile,
        columns=_columns(maps or ()),
        date_format=date_format,
        decimal=decimal,
        delimiter=_DELIMITERS.get(delimiter, delimiter),
        encoding=encoding,
        currency=currency,
        negative=negative,
        accept_valid=accept_valid,
    )
    result = _run(given, request, key=key, actor=actor, dry_run=dry_run, json=json)
    for text in result.notes:
        note(text)
    _tell(result.warnings)
    _tell(result.rejected)
    if json:
        answer(result.as_json())
    else:
        _summary(result, dry_run=dry_run)
    if result.rejected:
        raise typer.Exit(_PARTLY if result.written or (dry_run and accept_valid) else _REFUSED)


def _run(
    given: Given, request: ImportRequest, *, key: str | None, actor: str | None, dry_run: bool, json: bool
) -> ImportResult:
    from duesdesk.services.imports.views import ImportResult

    progress = _Progress()
    try:
        desk = given.desk(actor, dry_run=dry_run)
        return desk.imports.run(request, key=key, dry_run=dry_run, progress=progress.tell)
    except BadInput as error:
        if json:
            # A file that is no table has no rows; whoever reads the answer is told so, too.
            empty = ImportResult(request.kind, request.file.name, 0, 0, 0, 0, written=False)
            answer({**empty.as_json(), "error": sentence(error)})
        raise
    finally:
        progress.clear()


def _columns(maps: Sequence[str]) -> dict[str, str]:
    """`FIELD=HEADER` taken apart. Raises WrongUsage."""
    columns = {}
    for text in maps:
        field, sign, header = text.partition("=")
        if not sign or not field.strip() or not header.strip():
            raise WrongUsage("import-map-unreadable", value=text)
        columns[field.strip()] = header.strip()
    return columns


def _tell(rows: Sequence[Rejection]) -> None:
    for row in rows[:_TOLD]:
        where = _("line {line}, {field} “{value}”") if row.field and row.value else _("line {line}, {field}")
        if not row.field:
            where = _("line {line}")
        note(f"{where.format(line=row.line, field=row.field, value=row.value)}: {row.reason}")
    more = len(rows) - _TOLD
    if more > 0:
        note(ngettext("… and {n} more line.", "… and {n} more lines.", more).format(n=number(more)))


def _summary(result: ImportResult, *, dry_run: bool) -> None:
    told = _("{kind}: {read} read, {created} new, {updated} changed, {unchanged} unchanged, {rejected} rejected.")
    say(
        told.format(
            kind=result.kind,
            read=number(result.read),
            created=number(result.created),
            updated=number(result.updated),
            unchanged=number(result.unchanged),
            rejected=number(len(result.rejected)),
        )
    )
    if result.rejected_file is not None:
        say(_("The rejected rows are in {file}.").format(file=result.rejected_file))
    if not result.written and not dry_run:
        say(_("Nothing was written. With --accept-valid the good rows are."))


class _Progress:
    """How far it is, on one line of a terminal; nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def tell(self, stage: str, done: int, rows: int) -> None:
        """What `Imports.run` reports."""
        if not self._shown:
            return
        text = _("Reading: {n} rows") if stage == "read" else _("Writing: {n} rows")
        sys.stderr.write("\r" + text.format(n=number(rows or done)).ljust(40))
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line as it was."""
        if self._shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
            sys.stderr.flush()
