"""`notice`: write to a payer, or to many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Json, Key
from duesdesk.cli.output import answer, instant_line, note, say
from duesdesk.cli.session import Given
from duesdesk.cli.text_files import read_text
from duesdesk.clock import from_utc_text, zone
from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.domain.reach import CHANNELS
from duesdesk.i18n import _, listing, money, ngettext, number, sentence
from duesdesk.services.notice_texts import SUGGESTED, NoticeRequest

if TYPE_CHECKING:
    from duesdesk.bootstrap import Desk
    from duesdesk.services.acts import Plain
    from duesdesk.services.mass_notices import Audience, Chosen
    from duesdesk.services.notice_texts import Preview
    from duesdesk.services.notice_views import NoticeView

app = typer.Typer()


@app.command("notice", help=_("Write a notice to who pays for a member, or to many: a template, or your own text."))
def notice(
    context: typer.Context,
    member: Annotated[
        list[str] | None, typer.Argument(metavar="[MEMBER]...", help=_("Numbers of members; several get one each."))
    ] = None,
    invoice: Annotated[
        list[str] | None, typer.Option("--invoice", metavar="N", help=_("It speaks of this invoice."))
    ] = None,
    template: Annotated[str | None, typer.Option("--template", metavar="T")] = None,
    tone: Annotated[str, typer.Option("--tone", metavar="T", help=_("friendly, neutral or firm."))] = "",
    channel: Annotated[str, typer.Option("--channel", metavar="C", help=_("How it travels."))] = "email",
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help=_("A file with the text; - reads it here."))
    ] = None,
    subject: Annotated[str, typer.Option("--subject", metavar="S")] = "",
    now: Annotated[bool, typer.Option("--now", help=_("Without the cooling time."))] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="R", help=_("With --now: why it may leave outside the usual hours."))
    ] = "",
    unpaid: Annotated[bool, typer.Option("--unpaid", help=_("To everybody with something overdue."))] = False,
    group: Annotated[str, typer.Option("--group", metavar="G", help=_("To those of this group."))] = "",
    min_days: Annotated[
        int, typer.Option("--min-days", metavar="N", min=0, help=_("With --unpaid: overdue for so many days or more."))
    ] = 0,
    also_told: Annotated[
        bool, typer.Option("--also-told", help=_("To many: also to those told lately, or whom a notice waits for."))
    ] = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    if template and text:
        raise WrongUsage("notice-text-or-template")
    if reason and not now:
        raise WrongUsage("notice-reason-without-now")
    people = tuple(member or ())
    desk = given.desk(actor, dry_run=dry_run)
    if channel not in CHANNELS:
        raise BadInput("channel-unknown", channel=channel, known=CHANNELS)
    if unpaid or group or len(people) > 1:
        if text or invoice or now:
            raise WrongUsage("notice-to-many-by-template")
        from duesdesk.services.mass_notices import Chosen

        chosen = Chosen(unpaid, group, min_days, people, also_told)
        _to_many(desk, chosen, template or SUGGESTED, channel, tone, key=key, as_json=as_json)
        return
    if not people:
        raise WrongUsage("notices-for-nobody")
    wanted = NoticeRequest(
        people[0],
        template or (None if text else SUGGESTED),
        read_text(text) if text else "",
        subject,
        tuple(invoice or ()),
        tone=tone,
        channel=channel,
    )
    if dry_run:
        _preview(desk.notices.preview(wanted), as_json=as_json)
        _doubted(desk, wanted)
        return
    _doubted(desk, wanted)
    done = desk.notices.write(wanted, key=key, cooling=not now, pressing=reason)
    if as_json:
        answer(done)
    else:
        _say_written(desk, done)


def _doubted(desk: Desk, wanted: NoticeRequest) -> None:
    """Say why the rule would not write to them now, and what is read as it stands: who writes may all the same."""
    if wanted.template == "payment_received":
        return
    doubt = desk.notices.doubt(wanted.member, f"{wanted.subject} {wanted.text}")
    if doubt is not None:
        note(_("All the same: {why}").format(why=sentence(doubt)))


def _say_written(desk: Desk, done: Plain) -> None:
    leaves = from_utc_text(done["send_after"]).astimezone(zone(desk.centre.timezone))
    say(
        _("Notice {notice} to {address} waits until {send_after}.").format(
            notice=done["notice"],
            address=done["address"].replace("\n", ", ") or done["member"],
            send_after=instant_line(leaves),
        )
    )


def _document(preview: Preview | NoticeView) -> Plain:
    return {
        "member": preview.payer,
        "channel": preview.channel,
        "address": preview.address,
        "language": preview.language,
        "template": preview.template,
        "subject": preview.subject,
        "body": preview.body,
    }


def _preview(preview: Preview, *, as_json: bool) -> None:
    if preview.problem is not None:
        raise preview.problem
    if as_json:
        answer(_document(preview))
    else:
        say(f"{preview.address}\n{preview.subject}\n\n{preview.body}")


def _to_many(
    desk: Desk, chosen: Chosen, template: str, channel: str, tone: str, *, key: str | None, as_json: bool
) -> None:
    """Show who would get what; and write it, unless it is only rehearsed."""
    mass = desk.mass_notices
    audience = mass.preview(chosen, template, channel=channel, tone=tone)
    done: Plain = {"written": [], "left_out": []}
    if not desk.place.rehearses:
        done = mass.write(audience, template, channel=channel, tone=tone, key=key)
    if as_json:
        answer(_told(desk, audience, done))
        return
    count = len(audience.going) if desk.place.rehearses else len(done["written"])
    sums = listing([money(minor, currency) for currency, minor in _sums(audience, done)])
    told = (
        ngettext("{count} notice would be written: {sums}.", "{count} notices would be written: {sums}.", count)
        if desk.place.rehearses
        else ngettext("{count} notice is written: {sums}.", "{count} notices are written: {sums}.", count)
    )
    say(told.format(count=number(count), sums=sums or "–"))
    if done["written"]:
        note(_("All of them back: duesdesk notices cancel --batch {batch}").format(batch=done["batch"]))
    since = mass.left_out_since(audience, done, template, channel=channel, tone=tone)
    for one in (*audience.left_out, *since):
        why = sentence(one.problem) if one.problem is not None else ""
        note(_("Left out: {member} {name}. {why}").format(member=one.payer, name=one.payer_name, why=why))


def _sums(audience: Audience, done: Plain) -> list[tuple[str, int]]:
    """What they are asked for: of what was written, or of what would be."""
    return [(currency, minor) for currency, minor in done.get("sums", audience.sums)]


def _told(desk: Desk, audience: Audience, done: Plain) -> Plain:
    """The document; under the same key it is that of the first time, so it tells of what was written then."""
    from duesdesk.domain.money import to_text
    from duesdesk.services.mass_notices import samples

    dry_run = desk.place.rehearses
    written = done["written"]
    seen = {one["member"] for one in (*done["left_out"], *written)}
    shown = samples(audience.going) if dry_run else [desk.notices.get(one["notice"]) for one in samples(written)]
    left_out = [
        {"member": one.payer, "name": one.payer_name, "reason": one.problem.code if one.problem else ""}
        for one in audience.left_out
        if one.payer not in seen
    ]
    return {
        "dry_run": dry_run,
        "count": len(audience.going) if dry_run else len(done["written"]),
        "sums": [{"currency": code, "amount": to_text(minor, code)} for code, minor in _sums(audience, done)],
        "samples": [_document(one) for one in shown],
        "batch": done.get("batch", ""),
        "written": done["written"],
        "left_out": [*done["left_out"], *left_out],
    }
