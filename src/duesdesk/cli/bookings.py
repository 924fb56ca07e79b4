"""`checkin`: somebody is here."""

from __future__ import annotations

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key, Member
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()


@app.command("checkin", help=_("Somebody is here: on their next booking of today, or without one."))
def checkin(
    context: typer.Context,
    member: Member,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).bookings.check_in(member, key=key)
    if as_json:
        answer(done)
        return
    told = _("{name} is in already ({time} {activity}).") if done["already"] else _("{name} is in ({time} {activity}).")
    say(told.format(name=done["name"], time=done["time"] or "", activity=done["activity"] or "–"))
