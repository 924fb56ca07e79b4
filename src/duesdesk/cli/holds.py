"""`hold`, `unhold`, `snooze`, `holds`: who or what the rule leaves alone."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Member, Reason, Xlsx
from duesdesk.cli.output import answer, listed, say
from duesdesk.cli.session import Given, day_of
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _, day_year
from duesdesk.reports.shape import DAY, TEXT, WORD, Column, Sheet
from duesdesk.services.acts import Plain

app = typer.Typer()
OneMember = Annotated[str | None, typer.Argument(metavar="[MEMBER]", help=_("A member's number."))]
OneInvoice = Annotated[str | None, typer.Option("--invoice", metavar="N", help=_("One invoice, instead of a member."))]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        help=_("excluded, snooze, hardship, vulnerable, deceased, minor, insolvency, complaint or claim."),
    ),
]
_COLUMNS = (
    Column("member", TEXT),
    Column("name", TEXT),
    Column("invoice", TEXT),
    Column("kind", WORD),
    Column("since", DAY),
    Column("until", DAY),
    Column("reason", TEXT),
    Column("actor", TEXT),
)


@app.command("hold", help=_("Leave who pays for a member, or one invoice, out of the rule until it is lifted."))
def hold(
    context: typer.Context,
    member: OneMember = None,
    reason: Reason = "",
    invoice: OneInvoice = None,
    kind: Kind = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help=_("Its last day."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _one_of(member, invoice)
    done = given.desk(actor, dry_run=dry_run).holds.hold(
        member, invoice=invoice, kind=kind or "excluded", reason=reason, until=day_of(until, "--until"), key=key
    )
    _tell(done, as_json=as_json)


@app.command("snooze", help=_("No automatic contact for so many days from today on."))
def snooze(
    context: typer.Context,
    member: Member,
    days: Annotated[int | None, typer.Argument(metavar="[DAYS]")] = None,
    reason: Reason = "",
    until: Annotated[str | None, typer.Option("--until", metavar="D", help=_("Its last day, instead of DAYS."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    last = day_of(until, "--until")
    if (days is None) == (last is None):
        raise WrongUsage("snooze-days-or-until")
    desk = given.desk(actor, dry_run=dry_run)
    count = days if days is not None else (last - desk.today()).days + 1 if last is not None else 0
    done = desk.holds.snooze(member, count, reason=reason, key=key)
    _tell(done, as_json=as_json)


@app.command("unhold", help=_("The rule counts a payer or an invoice again; a mark is named with --kind."))
def unhold(
    context: typer.Context,
    member: OneMember = None,
    reason: Reason = "",
    invoice: OneInvoice = None,
    kind: Kind = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _one_of(member, invoice)
    done = given.desk(actor, dry_run=dry_run).holds.lift(member, invoice=invoice, kind=kind, reason=reason, key=key)
    if as_json:
        answer(done)
    else:
        say(_("The rule counts {target} again.").format(target=done["invoice"] or done["member"]))


@app.command("holds", help=_("Who is left out, snoozed or spared, why and until when."))
def holds(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().holds.all()
    document = {
        "holds": [
            {
                "hold": one.id,
                "kind": one.kind,
                "member": one.payer,
                "name": one.name,
                "invoice": one.invoice or None,
                "reason": one.reason,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "actor": one.actor,
            }
            for one in found
        ]
    }
    rows = tuple(
        (one.payer, one.name, one.invoice, one.kind, one.since, one.until, one.reason, one.actor) for one in found
    )
    listed([Sheet("", (), _COLUMNS, rows)], document, as_json=as_json, csv=csv, xlsx=xlsx, name="holds")


def _one_of(member: str | None, invoice: str | None) -> None:
    if (member is None) == (invoice is None):
        raise WrongUsage("member-or-invoice")


def _tell(done: Plain, *, as_json: bool) -> None:
    from datetime import date

    if as_json:
        answer(done)
        return
    target = done["invoice"] or done["member"]
    if done["until"]:
        until = day_year(date.fromisoformat(done["until"]))
        say(_("The rule leaves {target} alone up to and with {until}.").format(target=target, until=until))
    else:
        say(_("The rule leaves {target} alone until that is lifted.").format(target=target))
