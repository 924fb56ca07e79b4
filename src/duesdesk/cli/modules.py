"""`modules list|enable|disable`."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Xlsx
from duesdesk.cli.output import answer, listed, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _
from duesdesk.reports.shape import TEXT, WORD, Column, Sheet

app = typer.Typer(help=_("List, enable and disable modules."))
Name = Annotated[str, typer.Argument(metavar="NAME", help=_("A module, such as crm."))]


@app.command("list", help=_("The modules there are, and which are active."))
def list_modules(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().modules.all()
    if as_json or csv is not None or xlsx is not None:
        rows = tuple((name, "yes" if active else "no") for name, active in found.items())
        columns = (Column("module", TEXT), Column("active", WORD))
        told = {"modules": [{"module": name, "active": active} for name, active in found.items()]}
        listed([Sheet("", (), columns, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="modules")
        return
    for name, active in found.items():
        say(name + "  " + (_("active") if active else _("not active")))


@app.command("enable", help=_("Activate a module."))
def enable(
    context: typer.Context,
    name: Name,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    _switch(context.obj, name, key, actor, active=True, dry_run=dry_run, as_json=as_json)


@app.command("disable", help=_("Switch a module off; what it wrote stays."))
def disable(
    context: typer.Context,
    name: Name,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    _switch(context.obj, name, key, actor, active=False, dry_run=dry_run, as_json=as_json)


def _switch(
    given: Given, name: str, key: str | None, actor: str | None, *, active: bool, dry_run: bool, as_json: bool
) -> None:
    done = given.desk(actor, dry_run=dry_run).modules.switch(name, active=active, key=key)
    if as_json:
        answer(done)
    else:
        told = _("{module} is active.") if done["active"] else _("{module} is not active any more.")
        say(told.format(module=done["module"]))
