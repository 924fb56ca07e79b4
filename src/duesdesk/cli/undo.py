"""`undo`: the actor's last act, whole."""

from __future__ import annotations

import typer

from duesdesk.act_names import named
from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()


@app.command("undo", help=_("Take back your last act, whole."))
def undo(
    context: typer.Context, as_json: Json = False, key: Key = None, actor: Actor = None, dry_run: DryRun = False
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).undo.undo(key=key)
    if as_json:
        answer(done)
    else:
        undone = done["undone"]
        about = str(undone.get("member") or undone.get("key") or "")
        what = named(undone["verb"], {"label": about, "kind": about, "lifted": about, "name": about, **undone})
        say(_("Taken back: {what}.").format(what=what if not about or about in what else f"{what} ({about})"))
