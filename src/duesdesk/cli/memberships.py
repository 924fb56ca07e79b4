"""`membership add|list|price|rename|freeze|unfreeze|end`, `bill`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Amount, Csv, Currency, DryRun, Json, Key, Member, Reason, Xlsx
from duesdesk.cli.output import answer, day_line, listed, money_line, note, say, show
from duesdesk.cli.session import Given, amount_of, day_of
from duesdesk.cli.together import Together
from duesdesk.i18n import _, ngettext, number
from duesdesk.reports.shape import DAY, MONEY, NUMBER, TEXT, WORD, Column, Sheet
from duesdesk.services.acts import Plain
from duesdesk.services.membership_requests import MembershipRequest
from duesdesk.services.membership_views import MembershipView

app = typer.Typer(help=_("What members are charged for: add, list, another price or name, freeze, end."))
alone = typer.Typer()
Plan = Annotated[
    str | None, typer.Option("--plan", metavar="NAME", help=_("Which one, where a member has several memberships."))
]
Id = Annotated[int | None, typer.Option("--id", metavar="N", help=_("Which one, by its number in the list."))]
_SOME_PRICE = 1
"""Stands for a price that cannot be read while the rest is looked at."""
_COLUMNS = (
    Column("membership", TEXT),
    Column("member", TEXT),
    Column("name", TEXT),
    Column("plan", TEXT),
    Column("currency", TEXT),
    Column("price", MONEY),
    Column("every", NUMBER),
    Column("period", WORD),
    Column("starts_on", DAY),
    Column("ends_on", DAY),
    Column("status", WORD),
    Column("next_on", DAY),
)
_BILLED = (
    Column("invoice", TEXT),
    Column("member", TEXT),
    Column("plan", TEXT),
    Column("currency", TEXT),
    Column("amount", TEXT),
    Column("period_from", TEXT),
    Column("period_to", TEXT),
    Column("due_on", TEXT),
)


@app.command("add", help=_("A new membership: what is charged, how often, from when on."))
def add(
    context: typer.Context,
    member: Member,
    plan: Annotated[str, typer.Option("--plan", metavar="NAME", help=_("What the invoice calls it."))],
    price: Annotated[str, typer.Option("--price", metavar="AMOUNT", help=_("The price of a period."))],
    every: Annotated[int, typer.Option("--every", metavar="N", help=_("How many weeks, months or years."))] = 1,
    period: Annotated[str, typer.Option("--period", help=_("week, month or year."))] = "month",
    day: Annotated[
        int | None,
        typer.Option(
            "--day", metavar="N", help=_("Day of the month on which periods begin; that of the first charge.")
        ),
    ] = None,
    from_on: Annotated[str | None, typer.Option("--from", metavar="D", help=_("Its first day; today."))] = None,
    trial_until: Annotated[
        str | None, typer.Option("--trial-until", metavar="D", help=_("The last day that is free."))
    ] = None,
    ends: Annotated[str | None, typer.Option("--ends", metavar="D", help=_("No period begins after this day."))] = None,
    charge_from: Annotated[
        str | None,
        typer.Option("--charge-from", metavar="D", help=_("Periods that begin before were charged elsewhere.")),
    ] = None,
    currency: Currency = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    charged_in = (currency or desk.centre.currency).upper()
    wrong = Together()

    def day_given(text: str | None, option: str) -> date | None:
        return wrong.read(lambda: day_of(text, option), None)

    wanted = MembershipRequest(
        member,
        plan,
        wrong.read(lambda: amount_of(price, charged_in), _SOME_PRICE),
        charged_in,
        period,
        every,
        day,
        day_given(from_on, "--from"),
        day_given(trial_until, "--trial-until"),
        day_given(ends, "--ends"),
        day_given(charge_from, "--charge-from"),
    )
    done: Plain = {} if wrong.found else wrong.read(lambda: desk.memberships.add(wanted, key=key), {})
    if wrong.found:
        wrong.add(desk.memberships.wrong_with(wanted))
        wrong.refuse()
    if as_json:
        answer(done)
        return
    _say(done)
    if done["due"]:
        told = ngettext(
            "{count} period has begun: the next billing charges it.",
            "{count} periods have begun: the next billing charges them.",
            done["due"],
        )
        note(told.format(count=number(done["due"])))


@app.command("list", help=_("The memberships, and when each is charged next."))
def list_memberships(
    context: typer.Context,
    member: Annotated[str | None, typer.Option("--member", metavar="MEMBER", help=_("Those of one member."))] = None,
    ended: Annotated[bool, typer.Option("--ended", help=_("Those that have ended, too."))] = False,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    found = given.desk().memberships.all(member, ended=ended)
    sheet = Sheet("", (), _COLUMNS, tuple(_row(view) for view in found))
    told = {"memberships": [view.as_json() for view in found]}
    listed([sheet], told, as_json=as_json, csv=csv, xlsx=xlsx, name="memberships")


def _row(view: MembershipView) -> tuple[object, ...]:
    when = view.schedule
    return (
        str(view.id),
        view.member,
        view.name,
        view.plan,
        view.currency,
        view.price_minor,
        when.every,
        when.period,
        when.starts_on,
        when.ends_on,
        view.state,
        view.next_charge.from_on if view.next_charge else None,
    )


@app.command("price", help=_("Another price, with the first period that begins on or after a day."))
def price(
    context: typer.Context,
    member: Member,
    amount: Amount,
    from_on: Annotated[
        str | None, typer.Option("--from", metavar="D", help=_("From this day on; from the next charge."))
    ] = None,
    plan: Plan = None,
    identity: Id = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    priced_in = desk.memberships.currency_of(member, identity or plan, key=key)
    done = desk.memberships.price(
        member, amount_of(amount, priced_in), from_on=day_of(from_on, "--from"), which=identity or plan, key=key
    )
    if as_json:
        answer(done)
    else:
        _say(done)


@app.command("rename", help=_("Another name, with the first period that begins on or after a day."))
def rename(
    context: typer.Context,
    member: Member,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("What the invoice calls it from then on."))],
    from_on: Annotated[
        str | None, typer.Option("--from", metavar="D", help=_("From this day on; from the next charge."))
    ] = None,
    plan: Plan = None,
    identity: Id = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).memberships.rename(
        member, name, from_on=day_of(from_on, "--from"), which=identity or plan, key=key
    )
    if as_json:
        answer(done)
    else:
        _say(done)


@app.command("freeze", help=_("No period begins from a day on, until a day or until the freeze is ended."))
def freeze(
    context: typer.Context,
    member: Member,
    from_on: Annotated[str | None, typer.Option("--from", metavar="D", help=_("Its first day; today."))] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help=_("Its last day."))] = None,
    plan: Plan = None,
    identity: Id = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).memberships.freeze(
        member,
        from_on=day_of(from_on, "--from"),
        until_on=day_of(until, "--until"),
        which=identity or plan,
        reason=reason,
        key=key,
    )
    if as_json:
        answer(done)
        return
    _say(done)
    _note_charged(done, _("Charged already: {invoices}. A credit note gives it back."))


@app.command("unfreeze", help=_("The membership runs again."))
def unfreeze(
    context: typer.Context,
    member: Member,
    on: Annotated[str | None, typer.Option("--on", metavar="D", help=_("The first day it runs again; today."))] = None,
    plan: Plan = None,
    identity: Id = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).memberships.unfreeze(
        member, on=day_of(on, "--on"), which=identity or plan, key=key
    )
    if as_json:
        answer(done)
    else:
        _say(done)


@app.command("end", help=_("No period begins after a day; one that began before stays charged whole."))
def end(
    context: typer.Context,
    member: Member,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help=_("The last day on which a period may begin; today."))
    ] = None,
    never: Annotated[bool, typer.Option("--never", help=_("An end that is still to come is taken away."))] = False,
    plan: Plan = None,
    identity: Id = None,
    reason: Reason = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).memberships.end(
        member, on=day_of(on, "--on"), never=never, which=identity or plan, reason=reason, key=key
    )
    if as_json:
        answer(done)
        return
    _say(done)
    _note_charged(done, _("Charged for the time after it: {invoices}. Please void or credit them."))


def _say(done: Plain) -> None:
    """The membership after an act, in a line."""
    if "price" not in done:
        say(_("{plan} of {member} will not begin.").format(plan=done["plan"], member=done["member"]))
        return
    told = _("{plan} of {member}: {price}, {state}.")
    if done["next_on"] and done["ends_on"]:
        told = _("{plan} of {member}: {price}, {state}, next charge {next_on}, ends {ends_on}.")
    elif done["next_on"]:
        told = _("{plan} of {member}: {price}, {state}, next charge {next_on}.")
    elif done["ends_on"]:
        told = _("{plan} of {member}: {price}, {state}, ends {ends_on}.")
    from duesdesk.cli.labels import in_words

    say(
        told.format(
            plan=done["plan"],
            member=done["member"],
            price=money_line(done, "price"),
            state=in_words(done["state"]),
            next_on=day_line(done, "next_on") if done["next_on"] else "",
            ends_on=day_line(done, "ends_on") if done["ends_on"] else "",
        )
    )


def _note_charged(done: Plain, told: str) -> None:
    if done["charged"]:
        note(told.format(invoices=", ".join(done["charged"])))


@alone.command("bill", help=_("Issue the dues of memberships: every period that has begun, once."))
def bill(
    context: typer.Context,
    on: Annotated[str | None, typer.Option("--date", metavar="D", help=_("Up to this day; today."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).billing.bill(day_of(on, "--date"), key=key)
    if as_json:
        answer(done)
        return
    issued = done["issued"]
    if issued:
        rows = [tuple(one[column.key] or "–" for column in _BILLED) for one in issued]
        show([Sheet("", (), _BILLED, tuple(rows))])
    told = ngettext("{count} invoice for {day}.", "{count} invoices for {day}.", len(issued))
    say(told.format(count=number(len(issued)), day=day_line(done, "date")))
    if any(one["due_on"] is None for one in issued):
        note(_("Without terms an invoice is never overdue: duesdesk settings set terms.days 10"))
    from duesdesk.cli.labels import in_words

    for one in done["skipped"]:
        note(
            _("Not charged: {plan} of {member}, {reason}.").format(
                plan=one["plan"], member=one["member"], reason=in_words(one["reason"])
            )
        )
