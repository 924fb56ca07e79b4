"""`upgrade`: an older store becomes one of this version."""

from __future__ import annotations

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()


@app.command("upgrade", help=_("Bring an older store to this version; a copy is saved first."))
def upgrade(
    context: typer.Context,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    from duesdesk.services import backups

    done = backups.upgrade(given.address, given.by(actor, key, dry_run=dry_run))
    if as_json:
        answer(done)
    elif done["from"] == done["to"]:
        say(_("The store is of this version already."))
    else:
        say(_("The store is of this version now. The copy from before: {file}").format(file=done["saved"] or "–"))
