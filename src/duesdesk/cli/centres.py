"""`init`: the store of a new centre."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given, rehearsed
from duesdesk.i18n import _, set_language

app = typer.Typer()


@app.command("init", help=_("Make the store of a new centre."))
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="N", help=_("What the centre is called."))],
    currency: Annotated[str, typer.Option("--currency", metavar="C", help=_("Its main currency, such as EUR."))],
    country: Annotated[str, typer.Option("--country", metavar="CC", help=_("Its country, such as ES."))],
    timezone: Annotated[str, typer.Option("--timezone", metavar="Z", help=_("Its time zone, such as Europe/Madrid."))],
    language: Annotated[
        str, typer.Option("--language", metavar="L", help=_("Its language: en, es, it, ro or pt."))
    ] = "en",
    crm: Annotated[bool, typer.Option("--crm", help=_("Activate CRM Daily."))] = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    given.check_language()
    from duesdesk.bootstrap import found_centre
    from duesdesk.services.workplace import Centre

    if dry_run:
        rehearsed()
    done = found_centre(
        given.address,
        Centre(name, currency, country, timezone, language),
        clock=given.clock,
        crm=crm,
        founder=actor or given.actor or None,
        desk=given.settings.text("desk.name"),
        key=key,
        rehearses=dry_run,
    )
    set_language(given.language or given.settings.language or done["language"], done["country"])
    if as_json:
        answer(done)
    elif not dry_run:
        say(_("{centre} is ready.").format(centre=done["centre"]))
