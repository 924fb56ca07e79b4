"""`template list|check|show`: the texts of notices."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Json
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.documents import notice_templates
from duesdesk.i18n import _

app = typer.Typer(help=_("The texts of notices: list, show, check."))
Name = Annotated[str, typer.Argument(metavar="NAME")]
Language = Annotated[str | None, typer.Option("--language", help=_("The centre's when not given."))]


@app.command("list", help=_("The templates there are."))
def list_templates(as_json: Json = False) -> None:
    if as_json:
        answer({"templates": list(notice_templates.TEMPLATES)})
        return
    for name in notice_templates.TEMPLATES:
        say(name)


@app.command("show", help=_("The text of a template."))
def show(context: typer.Context, name: Name, language: Language = None, as_json: Json = False) -> None:
    found, text = _source(context.obj, name, language)
    if as_json:
        answer({"template": name, "language": found, "text": text})
    else:
        say(text)


@app.command("check", help=_("Whether a template can be read and speaks only of what there is."))
def check(context: typer.Context, name: Name, language: Language = None, as_json: Json = False) -> None:
    found, text = _source(context.obj, name, language)
    notice_templates.check(text)
    if as_json:
        answer({"template": name, "language": found, "ok": True})
    else:
        say(_("{template} ({language}) is in order.").format(template=name, language=found))


def _source(given: Given, name: str, language: str | None) -> tuple[str, str]:
    wanted = language or given.desk().centre.language
    return notice_templates.source(name, (wanted, "en"))
