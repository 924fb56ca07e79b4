"""`promise`: somebody says they will pay."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Amount, Currency, DryRun, Json, Key, Member
from duesdesk.cli.output import answer, day_line, money_line, say
from duesdesk.cli.session import Given, amount_of, day_of, warn_of_far
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _

app = typer.Typer()


@app.command("promise", help=_("Write down a promise to pay an amount by a day."))
def promise(
    context: typer.Context,
    member: Member,
    amount: Amount,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("The promised day."))],
    text: Annotated[str, typer.Option("--note", metavar="T", help=_("What was said."))] = "",
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    due_on = day_of(day, "DATE")
    if due_on is None:
        raise WrongUsage("day-unreadable", option="DATE", value=day)
    promised_in = (currency or "").upper() or desk.payments.currency_for(member, key=key)
    done = desk.promises.take(member, amount_of(amount, promised_in), promised_in, due_on, note=text, key=key)
    warn_of_far(due_on, desk.today())
    if as_json:
        answer(done)
    else:
        say(
            _("{member} promises {amount} by {due_on}.").format(
                member=done["member"], amount=money_line(done, "amount"), due_on=day_line(done, "due_on")
            )
        )
