"""`notice`: write to a payer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key, Member
from duesdesk.cli.output import answer, instant_line, say
from duesdesk.cli.session import Given
from duesdesk.cli.text_files import read_text
from duesdesk.clock import from_utc_text, zone
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _
from duesdesk.services.notice_texts import SUGGESTED, NoticeRequest

app = typer.Typer()


@app.command("notice", help=_("Write a notice to who pays for a member: a template, or a text of your own."))
def notice(
    context: typer.Context,
    member: Member,
    invoice: Annotated[
        list[str] | None, typer.Option("--invoice", metavar="N", help=_("It speaks of this invoice."))
    ] = None,
    template: Annotated[str | None, typer.Option("--template", metavar="T")] = None,
    tone: Annotated[str, typer.Option("--tone", metavar="T", help=_("friendly, neutral or firm."))] = "",
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help=_("A file with the text; - reads it here."))
    ] = None,
    subject: Annotated[str, typer.Option("--subject", metavar="S")] = "",
    now: Annotated[bool, typer.Option("--now", help=_("It may leave at once."))] = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    if template and text:
        raise WrongUsage("notice-text-or-template")
    wanted = NoticeRequest(
        member,
        template or (None if text else SUGGESTED),
        read_text(text) if text else "",
        subject,
        tuple(invoice or ()),
        tone,
    )
    desk = given.desk(actor, dry_run=dry_run)
    if dry_run:
        preview = desk.notices.preview(wanted)
        if preview.problem is not None:
            raise preview.problem
        document = {
            "member": preview.payer,
            "channel": preview.channel,
            "address": preview.address,
            "language": preview.language,
            "template": preview.template,
            "subject": preview.subject,
            "body": preview.body,
        }
        if as_json:
            answer(document)
        else:
            say(f"{preview.address}\n{preview.subject}\n\n{preview.body}")
        return
    done = desk.notices.write(wanted, key=key, cooling=not now)
    if as_json:
        answer(done)
    else:
        leaves = from_utc_text(done["send_after"]).astimezone(zone(desk.centre.timezone))
        say(
            _("Notice {notice} to {address} waits until {send_after}.").format(
                notice=done["notice"], address=done["address"], send_after=instant_line(leaves)
            )
        )
