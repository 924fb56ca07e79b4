"""`talk`: write down a conversation."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key, Member
from duesdesk.cli.output import answer, say
from duesdesk.cli.session import Given, day_of
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import _, ngettext

app = typer.Typer()


@app.command("talk", help=_("Write down a conversation."))
def talk(
    context: typer.Context,
    member: Member,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="O",
            help=_("will_pay, no_answer, call_back, says_paid, disputes, cannot_pay, informed or other."),
        ),
    ],
    text: Annotated[str, typer.Option("--note", metavar="T", help=_("What was said."))] = "",
    channel: Annotated[str, typer.Option("--channel", help=_("desk, phone or message."))] = "desk",
    next_on: Annotated[str | None, typer.Option("--next", metavar="D", help=_("The day to speak again."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk, again = given.desk(actor, dry_run=dry_run), day_of(next_on, "--next")
    if again is not None and again < desk.today():
        raise BadInput("day-has-passed", day=again)
    done = desk.talks.log(member, outcome=outcome, note=text, channel=channel, next_on=again, key=key)
    if as_json:
        answer(done)
    else:
        say(_("The talk with {member} is written down.").format(member=done["member"]))
        withdrawn = int(done.get("withdrawn", 0))
        if withdrawn:
            back = ngettext("{count} waiting notice withdrawn", "{count} waiting notices withdrawn", withdrawn)
            say(back.format(count=withdrawn))
