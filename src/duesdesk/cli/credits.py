"""`credit`, `waive`, `writeoff`: lower an invoice without money."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, DryRun, Invoice, Json, Key, Reason
from duesdesk.cli.output import answer, money_line, say
from duesdesk.cli.session import Given, amount_of
from duesdesk.i18n import _

app = typer.Typer()
SomeAmount = Annotated[str | None, typer.Argument(metavar="AMOUNT", help=_("All that is open when not given."))]


@app.command("credit", help=_("Lower an invoice by a credit note: less was owed."))
def credit(
    context: typer.Context,
    invoice: Invoice,
    amount: SomeAmount = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    _give(context.obj, "credit_note", invoice, amount, reason, key, actor, dry_run=dry_run, as_json=as_json)


@app.command("waive", help=_("Lower an invoice by favour or agreement."))
def waive(
    context: typer.Context,
    invoice: Invoice,
    amount: SomeAmount = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    _give(context.obj, "waiver", invoice, amount, reason, key, actor, dry_run=dry_run, as_json=as_json)


@app.command("writeoff", help=_("Give up what is open of an invoice: it will not be paid."))
def writeoff(
    context: typer.Context,
    invoice: Invoice,
    amount: SomeAmount = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    _give(context.obj, "write_off", invoice, amount, reason, key, actor, dry_run=dry_run, as_json=as_json)


def _give(
    given: Given,
    kind: str,
    invoice: str,
    amount: str | None,
    reason: str,
    key: str | None,
    actor: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    desk = given.desk(actor, dry_run=dry_run)
    minor = amount_of(amount, desk.invoices.currency_of(invoice)) if amount is not None else None
    done = desk.credits.give(invoice, minor, kind=kind, reason=reason, key=key)
    if as_json:
        answer(done)
    else:
        say(
            _("{credit}: {invoice} lowered by {amount}, {open} is open.").format(
                credit=done["credit"],
                invoice=done["invoice"],
                amount=money_line(done, "amount"),
                open=money_line(done, "open"),
            )
        )
