"""`demo --build-only`: make the demo centre's store without opening it."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Json, Key
from duesdesk.cli.output import answer, note, say
from duesdesk.cli.session import Given
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _

app = typer.Typer()


@app.command("demo", help=_("Open a demo centre whose days are moved to today."))
def demo(
    context: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help=_("Build it anew."))] = False,
    build_only: Annotated[bool, typer.Option("--build-only", help=_("Build the store named by --db and end."))] = False,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", help=_("Where the demo centre is built."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,  # noqa: ARG001  # its people act in it
) -> None:
    given: Given = context.obj
    given.check_language()
    if not build_only:
        # The entry point opens it itself; whoever comes here asked for something the opening does not know.
        raise WrongUsage("demo-opens-without")
    from duesdesk import config
    from duesdesk.services.demo import make_demo

    url = db or given.db or str(config.own_folder(given.settings.home) / "demo.db")
    done = make_demo(url, given.clock, home=given.settings.home, fresh=fresh, key=key, progress=note)
    if as_json:
        answer(done)
    else:
        say(_("The demo centre is in {store}.").format(store=url))
