"""`staff add|list|role|pin`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from duesdesk.cli.labels import in_words
from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Xlsx
from duesdesk.cli.output import answer, listed, say
from duesdesk.cli.session import Given
from duesdesk.domain.errors import BadInput, Refused, WrongUsage
from duesdesk.i18n import _
from duesdesk.reports.shape import TEXT, WORD, Column, Sheet
from duesdesk.services.acts import Plain

app = typer.Typer(help=_("List and add staff, change roles."))
_LONGEST_LINE = 100
Name = Annotated[str, typer.Argument(metavar="NAME")]
Role = Annotated[str, typer.Option("--role", help=_("front_desk, back_office or manager."))]


@app.command("list", help=_("Who works here, and as what."))
def list_staff(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().staff.all()
    if as_json or csv is not None or xlsx is not None:
        told = [{"staff": one.name, "role": one.role, "active": one.active, "pin": one.has_pin} for one in found]
        columns = (Column("name", TEXT), Column("role", WORD), Column("active", WORD), Column("pin", WORD))
        rows = tuple((one.name, one.role, _yes(one.active), _yes(one.has_pin)) for one in found)
        sheets = [Sheet("", (), columns, rows)]
        listed(sheets, {"staff": told}, as_json=as_json, csv=csv, xlsx=xlsx, name="staff")
        return
    for one in found:
        say(f"{one.name}  {in_words(one.role)}" + ("  PIN" if one.has_pin else ""))
    if not found:
        say(_("Nobody yet: whoever acts is the owner."))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


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


@app.command("pin", help=_("A PIN for somebody, typed here or read from standard input."))
def pin(
    context: typer.Context,
    name: Name,
    clear: Annotated[bool, typer.Option("--clear", help=_("They have no PIN any more."))] = False,
    check: Annotated[bool, typer.Option("--check", help=_("Only say whether it is theirs; 3 when it is not."))] = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    if clear and check:
        raise WrongUsage("pin-clear-or-check")
    staff = given.desk(actor, dry_run=dry_run).staff
    if check:
        if not staff.is_pin(name, _typed()):
            raise Refused("pin-wrong", name=name)
        done: Plain = {"staff": name, "pin": True}
    else:
        done = staff.set_pin(name, None if clear else _typed(twice=True), key=key)
    if as_json:
        answer(done)
    elif check:
        say(_("It is the PIN of {staff}.").format(staff=done["staff"]))
    else:
        told = _("{staff} has a PIN now.") if done["pin"] else _("{staff} has no PIN any more.")
        say(told.format(staff=done["staff"]))


def _typed(*, twice: bool = False) -> str:
    """The PIN: a line of standard input, or typed unseen. Raises BadInput when the second time it was another."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(_LONGEST_LINE)
    from getpass import getpass

    first = getpass(_("PIN: "))
    if twice and getpass(_("The same once more: ")) != first:
        raise BadInput("pin-typed-otherwise")
    return first
