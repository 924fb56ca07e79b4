"""`init`: the store of a new centre."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Json
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

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
) -> None:
    given: Given = context.obj
    given.check_language()
    from duesdesk.bootstrap import found_centre
    from duesdesk.services.workplace import Centre

    found_centre(given.address, Centre(name, currency, country, timezone, language), clock=given.clock, crm=crm)
    centre = given.desk().centre
    if as_json:
        answer(
            {
                "centre": centre.name,
                "currency": centre.currency,
                "country": centre.country,
                "timezone": centre.timezone,
                "language": centre.language,
                "crm": crm,
            }
        )
    else:
        say(_("{centre} is ready.").format(centre=centre.name))
