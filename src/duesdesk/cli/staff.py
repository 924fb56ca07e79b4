"""`staff add|list|role`."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.labels import in_words
from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer(help=_("List and add staff, change roles."))
Name = Annotated[str, typer.Argument(metavar="NAME")]
Role = Annotated[str, typer.Option("--role", help=_("front_desk, back_office or manager."))]


@app.command("list", help=_("Who works here, and as what."))
def list_staff(context: typer.Context, as_json: Json = False) -> None:
    given: Given = context.obj
    found = given.desk().staff.all()
    if as_json:
        answer({"staff": [{"staff": one.name, "role": one.role, "active": one.active} for one in found]})
        return
    for one in found:
        say(f"{one.name}  {in_words(one.role)}")
    if not found:
        say(_("Nobody yet: whoever acts is the owner."))


@app.command("add", help=_("Somebody new at the desk."))
def add(
    context: typer.Context,
    name: Name,
    role: Role = "front_desk",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).staff.add(name, role, key=key)
    if as_json:
        answer(done)
    else:
        say(_("{staff} works here now ({role}).").format(staff=done["staff"], role=in_words(done["role"])))


@app.command("role", help=_("Another role for somebody."))
def role(
    context: typer.Context,
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=_("front_desk, back_office or manager."))],
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).staff.set_role(name, role, key=key)
    if as_json:
        answer(done)
    else:
        say(_("{staff} is {role} now.").format(staff=done["staff"], role=in_words(done["role"])))
