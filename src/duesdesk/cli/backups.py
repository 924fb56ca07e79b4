"""`backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()
File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.command("backup", help=_("Save the whole store to a file, checked; the desks may go on working."))
def backup(context: typer.Context, file: File, as_json: Json = False, key: Key = None, actor: Actor = None) -> None:
    given: Given = context.obj
    from duesdesk.services import backups

    done = backups.backup(given.address, file, given.by(actor, key))
    if as_json:
        answer(done)
    else:
        say(_("{file}: {bytes} bytes, checked.").format(file=done["file"], bytes=done["bytes"]))


@app.command("restore", help=_("Make a store at a new place from a saved file."))
def restore(
    context: typer.Context,
    file: File,
    to: Annotated[str, typer.Option("--to", metavar="URL", help=_("Where the store will be; nothing may be there."))],
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    from duesdesk.services import backups

    done = backups.restore(file, Given(db=to, language=given.language).address, given.by(actor, key, dry_run=dry_run))
    if as_json:
        answer(done)
    else:
        told = _("{file} can be restored to {store}.") if dry_run else _("{store} is there again.")
        say(told.format(store=done["store"], file=file))
