"""`doctor`: this installation and its store."""

from __future__ import annotations

from typing import Any

import typer

from duesdesk.cli.options import Json
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()
OUT_OF_REACH = 5


@app.command("doctor", help=_("Look at this installation and its store, and say what is wrong."))
def doctor(context: typer.Context, as_json: Json = False) -> None:
    given: Given = context.obj
    from duesdesk.services.doctor import examine

    found = examine(given.address, given.settings)
    if as_json:
        answer(found)
    else:
        _tell(found)
    if found["store"]["trouble"]:
        raise typer.Exit(OUT_OF_REACH)


def _tell(found: dict[str, Any]) -> None:
    for key, value in found.items():
        if key != "warnings":
            say(f"{key:22} {_told(value)}")
    for warning in found["warnings"]:
        say(_("Mind: {warning}").format(warning=warning))
    if not found["warnings"]:
        say(_("Nothing is wrong."))


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else str(value)
