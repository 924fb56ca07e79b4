"""`notices print|posted|unposted|runs`: letters on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.cli.labels import in_words
from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Reason, Xlsx
from duesdesk.cli.output import answer, listed, note, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _, ngettext, number
from duesdesk.reports.shape import TEXT, WORD, Column, Sheet

Run = Annotated[int, typer.Argument(metavar="RUN")]
_RUNS = (
    Column("run", TEXT),
    Column("printed_at", TEXT),
    Column("status", WORD),
    Column("letters", TEXT),
    Column("pulled_back", TEXT),
    Column("file", TEXT),
)


def add_to(app: typer.Typer) -> None:
    """Put the commands among those of `notices`."""
    app.command("print", help=_("Make the PDF of the letters that wait; they count as sent once they are posted."))(
        print_letters
    )
    app.command("posted", help=_("The letters of a run are in the post; those pulled back meanwhile are named."))(
        posted
    )
    app.command("unposted", help=_("The letters of a run were not posted: they wait to be printed again."))(unposted)
    app.command("runs", help=_("The print runs, the newest first."))(runs)


def print_letters(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=_("The folder for the files."))],
    each: Annotated[bool, typer.Option("--each", help=_("A file for each letter, not one for all."))] = False,
    when: Annotated[str | None, typer.Option("--date", metavar="WHEN", help=_("As of a day or an instant."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    from duesdesk.services.outbox import moment_of

    desk = given.desk(actor, dry_run=dry_run)
    done = desk.print_runs.print_letters(out, each=each, moment=moment_of(when, desk.place), key=key)
    if as_json:
        answer(done)
        return
    count = len(done["letters"])
    say(
        ngettext(
            "Print run {run}: {count} letter in {folder}.", "Print run {run}: {count} letters in {folder}.", count
        ).format(run=done["run"], count=number(count), folder=out)
    )
    for one in done["left_out"]:
        note(_("Notice {notice} is left out: {reason}.").format(notice=one["notice"], reason=in_words(one["reason"])))
    note(_("Once they are in the post: duesdesk notices posted {run}.").format(run=done["run"]))


def posted(
    context: typer.Context,
    run: Run,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).print_runs.post(run, key=key)
    if as_json:
        answer(done)
        return
    count = len(done["posted"])
    say(ngettext("{count} letter counts as sent.", "{count} letters count as sent.", count).format(count=number(count)))
    for one in done["left_out"]:
        note(_("Take out of the pile: N-{notice}, {name} ({reason}).").format(**one))


def unposted(
    context: typer.Context,
    run: Run,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).print_runs.unpost(run, reason=reason, key=key)
    if as_json:
        answer(done)
        return
    count = len(done["letters"])
    say(
        ngettext(
            "{count} letter waits to be printed again.", "{count} letters wait to be printed again.", count
        ).format(count=number(count))
    )


def runs(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().print_runs.all()
    rows = [
        {
            "run": one.id,
            "state": one.state,
            "file": one.file,
            "printed_at": one.printed_at.isoformat(),
            "closed_at": one.closed_at.isoformat() if one.closed_at else None,
            "actor": one.actor,
            "letters": one.letters,
            "pulled_back": list(one.pulled_back),
        }
        for one in found
    ]
    shown = tuple(
        (
            str(one.id),
            one.printed_at.isoformat(timespec="minutes"),
            one.state,
            str(one.letters),
            ", ".join(f"N-{notice}" for notice in one.pulled_back),
            one.file,
        )
        for one in found
    )
    sheets = [Sheet("", (), _RUNS, shown)]
    listed(sheets, {"runs": rows}, as_json=as_json, csv=csv, xlsx=xlsx, name="runs")
