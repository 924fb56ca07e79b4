"""`digest`: the daily word to the back office, as it would be written now."""

from __future__ import annotations

import typer

from duesdesk.cli.options import Json
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given, day_of
from duesdesk.i18n import _, current

app = typer.Typer()


@app.command("digest", help=_("The daily word to the back office: new debtors, broken promises, what is to be done."))
def digest(
    context: typer.Context,
    on: str | None = typer.Option(None, "--date", metavar="DATE", help=_("The day it tells of.")),
    as_json: Json = False,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    found = desk.digests.of(day_of(on, "--date"))
    if as_json:
        answer(found.as_json())
        return
    from duesdesk.services.digests import text_of

    subject, body = text_of(found, desk.centre.name, current())
    say(subject)
    say(body)
