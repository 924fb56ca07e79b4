"""`invoice issue|void|move-due`, `dispute`."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Amount, Currency, DryRun, Invoice, Json, Key, Member, Reason
from duesdesk.cli.output import answer, day_line, money_line, say
from duesdesk.cli.session import Given, amount_of, day_of, warn_of_far
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _
from duesdesk.services.invoices import IssueRequest

app = typer.Typer(help=_("Issue an invoice, void it, move its due date."))
alone = typer.Typer()


@app.command("issue", help=_("Issue an invoice to a member; who pays for them owes it."))
def issue(
    context: typer.Context,
    member: Member,
    amount: Amount,
    due: Annotated[
        str | None, typer.Option("--due", metavar="D", help=_("Due on; by the terms when not given."))
    ] = None,
    kind: Annotated[str, typer.Option(help=_("dues, session, product or fee."))] = "dues",
    text: Annotated[str, typer.Option("--text", help=_("What it is for."))] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="D", help=_("Issued on; today when not given."))] = None,
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    charged_in = (currency or desk.centre.currency).upper()
    wanted = IssueRequest(
        member, amount_of(amount, charged_in), charged_in, day_of(due, "--due"), kind, text, day_of(on, "--on")
    )
    done = desk.invoices.issue(wanted, key=key)
    warn_of_far(wanted.issued_on, desk.today())
    warn_of_far(wanted.due_on, desk.today())
    if as_json:
        answer(done)
        return
    told = (
        _("{invoice}: {amount} for {member}, due {due_on}.")
        if done["due_on"]
        else _("{invoice}: {amount} for {member}.")
    )
    say(
        told.format(
            invoice=done["invoice"],
            amount=money_line(done, "amount"),
            member=done["member"],
            due_on=day_line(done, "due_on") if done["due_on"] else "",
        )
    )


@app.command("void", help=_("The invoice never should have been: nothing of it is owed."))
def void(
    context: typer.Context,
    invoice: Invoice,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).invoices.void(invoice, reason=reason, key=key)
    if as_json:
        answer(done)
    else:
        say(_("{invoice} is void.").format(invoice=done["invoice"]))


@app.command("move-due", help=_("Another due date for an invoice that is still open."))
def move_due(
    context: typer.Context,
    invoice: Invoice,
    due: Annotated[str, typer.Argument(metavar="DATE", help=_("The new due date."))],
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    due_on = day_of(due, "DATE")
    if due_on is None:
        raise WrongUsage("day-unreadable", option="DATE", value=due)
    desk = given.desk(actor, dry_run=dry_run)
    done = desk.invoices.move_due(invoice, due_on, reason=reason, key=key)
    warn_of_far(due_on, desk.today())
    if as_json:
        answer(done)
    else:
        say(_("{invoice} is due {due_on}.").format(invoice=done["invoice"], due_on=day_line(done, "due_on")))


@alone.command("dispute", help=_("An invoice is contested; with --settled it no longer is."))
def dispute(
    context: typer.Context,
    invoice: Invoice,
    reason: Reason = "",
    settled: Annotated[bool, typer.Option("--settled", help=_("It is not contested any more."))] = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).invoices.dispute(invoice, disputed=not settled, reason=reason, key=key)
    if as_json:
        answer(done)
    elif done["disputed"]:
        say(_("{invoice} is disputed.").format(invoice=done["invoice"]))
    else:
        say(_("{invoice} is not disputed any more.").format(invoice=done["invoice"]))
