"""`plan`, `settle`, and `agreements`: list, show, cancel, approve."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.labels import agreement_words
from duesdesk.cli.options import Actor, Amount, Csv, Currency, DryRun, Json, Key, Member, Reason, Xlsx
from duesdesk.cli.output import answer, day_line, listed, money_line, say
from duesdesk.cli.session import Given, amount_of, day_of, warn_of_far
from duesdesk.domain import plans, settlements
from duesdesk.domain.errors import WrongUsage
from duesdesk.domain.money import from_text
from duesdesk.i18n import _, listing, money, number
from duesdesk.reports.shape import DAY, NUMBER, TEXT, Column, Sheet
from duesdesk.services.acts import Plain
from duesdesk.services.agreements import PlanRequest, SettleRequest

alone = typer.Typer()
app = typer.Typer(help=_("Plans and settlements: list, show, cancel, approve."), no_args_is_help=True)
STATES = (
    plans.RUNNING, plans.LATE, plans.BROKEN, plans.DONE,
    settlements.PROPOSED, settlements.OPEN, settlements.KEPT, settlements.MISSED, settlements.CANCELLED,
)  # fmt: skip
Agreement = Annotated[int, typer.Argument(metavar="AGREEMENT", help=_("The number of a plan or settlement."))]
OnInvoices = Annotated[
    list[str] | None,
    typer.Option(
        "--invoice", metavar="N", help=_("Only this invoice; more than once for several. Else what is overdue.")
    ),
]
Note = Annotated[str, typer.Option("--note", metavar="T", help=_("What was said."))]
_COLUMNS = (
    Column("agreement", NUMBER),
    Column("kind", TEXT),
    Column("member", TEXT),
    Column("currency", TEXT),
    Column("amount", TEXT),
    Column("paid", TEXT),
    Column("due_on", DAY),
    Column("status", TEXT),
)


@alone.command("plan", help=_("Agree that what is owed is paid in parts; the rule leaves it alone while that is kept."))
def plan(
    context: typer.Context,
    member: Member,
    first: Annotated[str, typer.Option("--first", metavar="D", help=_("The day of the first part."))],
    parts: Annotated[int | None, typer.Option("--parts", metavar="N", help=_("How many parts."))] = None,
    each: Annotated[
        str | None, typer.Option("--each", metavar="AMOUNT", help=_("The amount of each part, instead of --parts."))
    ] = None,
    every_months: Annotated[int, typer.Option("--every-months", metavar="N", help=_("Months between two parts."))] = 1,
    grace: Annotated[
        int, typer.Option("--grace", metavar="DAYS", help=_("Days that a part may be late."))
    ] = plans.GRACE_DAYS,
    invoice: OnInvoices = None,
    note: Note = "",
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    if (parts is None) == (each is None):
        raise WrongUsage("plan-parts-or-amount")
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    first_on = day_of(first, "--first") or desk.today()
    agreed_in = (currency or "").upper() or desk.payments.currency_for(member, key=key)
    wanted = PlanRequest(
        member,
        agreed_in,
        first_on,
        parts,
        amount_of(each, agreed_in) if each is not None else None,
        every_months,
        grace,
        tuple(invoice or ()),
        note,
    )
    done = desk.agreements.plan(wanted, key=key)
    warn_of_far(first_on, desk.today())
    _tell(done, as_json=as_json)


@alone.command("settle", help=_("Agree on a smaller sum by a day; the rest is waived when it came, and only then."))
def settle(
    context: typer.Context,
    member: Member,
    amount: Amount,
    by: Annotated[str, typer.Option("--by", metavar="D", help=_("The last day for the money."))],
    invoice: OnInvoices = None,
    note: Note = "",
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    last = day_of(by, "--by") or desk.today()
    agreed_in = (currency or "").upper() or desk.payments.currency_for(member, key=key)
    wanted = SettleRequest(member, agreed_in, amount_of(amount, agreed_in), last, tuple(invoice or ()), note)
    done = desk.agreements.settle(wanted, key=key)
    warn_of_far(last, desk.today())
    _tell(done, as_json=as_json)


@app.command("list", help=_("Every plan and settlement, and how it stands."))
def list_(
    context: typer.Context,
    member: Annotated[
        str | None, typer.Option("--member", metavar="M", help=_("Only those of who pays for this member."))
    ] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=_("Only those in this state."))] = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    if state is not None and state not in STATES:
        raise WrongUsage("agreement-state-unknown", value=state, known=", ".join(STATES))
    given: Given = context.obj
    found = given.desk().agreements.all(member=member, state=state)
    sheet = Sheet("", (), _COLUMNS, tuple(_row(one) for one in found))
    listed([sheet], {"agreements": found}, as_json=as_json, csv=csv, xlsx=xlsx, name="agreements")


@app.command("show", help=_("One plan or settlement, with what was decided about it."))
def show_(context: typer.Context, agreement: Agreement, as_json: Json = False) -> None:
    given: Given = context.obj
    found = given.desk().agreements.show(agreement)
    _tell(found, as_json=as_json)
    if not as_json:
        for one in found["decisions"]:
            said = f" ({one['reason']})" if one["reason"] else ""
            say(f"{day_line(one, 'on')}  {agreement_words(one['kind'])}  {one['actor']}{said}")


@app.command("cancel", help=_("End a plan or settlement: the rule goes on with what is owed."))
def cancel(
    context: typer.Context,
    agreement: Agreement,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _tell(given.desk(actor, dry_run=dry_run).agreements.cancel(agreement, reason=reason, key=key), as_json=as_json)


@app.command("approve", help=_("A manager approves of a settlement that the back office proposed."))
def approve(
    context: typer.Context,
    agreement: Agreement,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    _tell(given.desk(actor, dry_run=dry_run).agreements.approve(agreement, key=key), as_json=as_json)


def _row(one: Plain) -> tuple[object, ...]:
    from datetime import date

    is_plan = "plan" in one
    due_on = next((part["due_on"] for part in one["parts"] if part["state"] != plans.PAID), None) if is_plan else None
    day = due_on if is_plan else one["by"]
    return (
        one["plan"] if is_plan else one["settlement"],
        agreement_words("plan" if is_plan else "settlement"),
        one["member"],
        one["currency"],
        one["amount"],
        one["paid"],
        date.fromisoformat(day) if day else None,
        agreement_words(one["state"]),
    )


def _tell(done: Plain, *, as_json: bool) -> None:
    if as_json:
        answer(done)
    elif "plan" in done:
        _tell_plan(done)
    else:
        _tell_settlement(done)


def _tell_plan(done: Plain) -> None:
    say(
        _("Plan {agreement} of {member}, {state}: {amount} in {parts} parts, invoices {invoices}.").format(
            agreement=done["plan"],
            member=done["member"],
            state=agreement_words(done["state"]),
            amount=money_line(done, "amount"),
            parts=number(len(done["parts"])),
            invoices=listing(done["invoices"]),
        )
    )
    for part in done["parts"]:
        paid_minor = from_text(part["paid"], done["currency"])
        paid = _("{amount} paid").format(amount=money(paid_minor, done["currency"])) if paid_minor else ""
        told = (
            number(part["n"]),
            day_line(part, "due_on"),
            money_line(part, "amount", done["currency"]),
            agreement_words(f"part_{part['state']}"),
            paid,
        )
        say("  ".join(text for text in told if text))


def _tell_settlement(done: Plain) -> None:
    told = _("Settlement {agreement} of {member}, {state}: {amount} by {by}; {waives} is waived when it came.")
    say(
        told.format(
            agreement=done["settlement"],
            member=done["member"],
            state=agreement_words(done["state"]),
            amount=money_line(done, "amount"),
            by=day_line(done, "by"),
            waives=money_line(done, "waives"),
        )
    )
    if done["state"] == settlements.PROPOSED:
        say(
            _("It holds nothing before a manager approves of it: duesdesk agreements approve {agreement}.").format(
                agreement=done["settlement"]
            )
        )
