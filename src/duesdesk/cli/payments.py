"""`pay`, `refund`, `reverse`."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Amount, Currency, DryRun, Json, Key, Member, Reason
from duesdesk.cli.output import answer, money_line, say
from duesdesk.cli.session import Given, amount_of, day_of, warn_of_far
from duesdesk.i18n import _, listing
from duesdesk.services.acts import Plain
from duesdesk.services.payments import PayRequest

app = typer.Typer()
Payment = Annotated[str, typer.Argument(metavar="PAYMENT", help=_("A payment's number."))]


@app.command("pay", help=_("Take a payment: the oldest due invoices first, unless some are named."))
def pay(
    context: typer.Context,
    member: Member,
    amount: Amount,
    method: Annotated[str, typer.Option(help=_("cash, card, transfer, direct_debit, link, voucher, other."))] = "cash",
    invoice: Annotated[
        list[str] | None,
        typer.Option("--invoice", metavar="N", help=_("Pay this invoice; more than once for several.")),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help=_("The day of value; today when not given."))
    ] = None,
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    wanted_in = (currency or "").upper() or desk.payments.currency_for(member, key=key)
    received_on = day_of(on, "--on")
    wanted = PayRequest(member, amount_of(amount, wanted_in), wanted_in, method, tuple(invoice or ()), received_on)
    done = desk.payments.pay(wanted, key=key)
    # A transfer may be dated some days ahead, a post-dated cheque some weeks.
    warn_of_far(received_on, desk.today(), ahead_days=31)
    if as_json:
        answer(done)
        return
    say(_("{payment}: {amount} from {member}.").format(**_told(done)))
    _tell_rest(done)


@app.command("refund", help=_("Give a payment back, whole or in part; what it had paid is owed again."))
def refund(
    context: typer.Context,
    payment: Payment,
    amount: Annotated[str | None, typer.Argument(metavar="AMOUNT", help=_("All of it when not given."))] = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    minor = amount_of(amount, desk.payments.currency_of(payment)) if amount is not None else None
    _returned(desk.payments.refund(payment, minor, reason=reason, key=key), as_json=as_json)


@app.command("reverse", help=_("A payment never was: its invoices are owed again."))
def reverse(
    context: typer.Context,
    payment: Payment,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _returned(given.desk(actor, dry_run=dry_run).payments.reverse(payment, reason=reason, key=key), as_json=as_json)


def _returned(done: Plain, *, as_json: bool) -> None:
    if as_json:
        answer(done)
        return
    say(_("{payment}: {amount} of {reverses} went back.").format(**_told(done), reverses=done["reverses"]))
    _tell_rest(done)


def _told(done: Plain) -> dict[str, str]:
    return {"payment": done["payment"], "member": done["member"], "amount": money_line(done, "amount")}


def _tell_rest(done: Plain) -> None:
    currency = done["currency"]
    parts = [f"{part['invoice']} {money_line(part, 'amount', currency)}" for part in done["allocations"]]
    if parts:
        say(_("Invoices: {invoices}.").format(invoices=listing(parts)))
    say(
        _("Unpaid {unpaid}, open {open}, credit on account {credit}.").format(
            unpaid=money_line(done, "unpaid"), open=money_line(done, "open"), credit=money_line(done, "credit")
        )
    )
