"""`run`: take what the collection rule has due on a day, or show it."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given, day_of
from duesdesk.i18n import _, day_year, ngettext, number
from duesdesk.services.acts import Plain
from duesdesk.services.collection.reasons import left_out_words, reason_words

app = typer.Typer()


@app.command("run", help=_("Run the collection rule for a day: queue its notices, open its tasks, tell what it holds."))
def run(
    context: typer.Context,
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("For another day than today."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    on = day_of(day, "--date")
    if key is not None:
        document = desk.runs.run_once(on, key=key)
    else:
        document = desk.runs.run(on, progress=_progress if sys.stderr.isatty() else None).as_json()
    if as_json:
        answer(document)
    else:
        _tell(document)


def _progress(done: int, of: int) -> None:
    end = "\n" if done == of else ""
    told = _("{done} of {count} payers").format(done=number(done), count=number(of))
    sys.stderr.write(f"\r{told}{end}")
    sys.stderr.flush()


def _tell(document: Plain) -> None:
    from datetime import date

    taken, held, cancelled = document["taken"], document["held"], document["cancelled"]
    told = ngettext("{day}: {count} step taken.", "{day}: {count} steps taken.", len(taken))
    say(told.format(day=day_year(date.fromisoformat(document["date"])), count=number(len(taken))))
    for step, count in Counter(one["step"] for one in taken).most_common():
        say(f"  {number(count):>7}  {step}")
    if held:
        say(ngettext("{count} held back:", "{count} held back:", len(held)).format(count=number(len(held))))
        for reason, count in Counter(one["reason"] for one in held).most_common():
            say(f"  {number(count):>7}  {reason_words(reason)}")
    if cancelled:
        told = ngettext("{count} waiting notice pulled back.", "{count} waiting notices pulled back.", len(cancelled))
        say(told.format(count=number(len(cancelled))))
    # What an earlier version answered under its key has none.
    left = document.get("left_out")
    if left is not None:
        for line in left_out_words(left["payments"], date.fromisoformat(left["since"])):
            say(line)
