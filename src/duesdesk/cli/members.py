"""`member find|show|add|edit|note|reach|consent`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from duesdesk.cli.labels import in_words
from duesdesk.cli.member_document import FOUND, found_rows, member_document
from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Member, Xlsx, check_limit
from duesdesk.cli.output import answer, listed, say
from duesdesk.cli.output import note as narration
from duesdesk.cli.session import Given, day_of
from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _
from duesdesk.reports.shape import TEXT, WORD, Column, Sheet, decimal_text
from duesdesk.services.members import MemberDetails
from duesdesk.services.search import ROWS

app = typer.Typer(help=_("Find, show, add and edit members."))

Email = Annotated[str | None, typer.Option("--email")]
Phone = Annotated[str | None, typer.Option("--phone")]
Card = Annotated[str | None, typer.Option("--card", help=_("The number on the card or bar code."))]
Language = Annotated[str | None, typer.Option("--language", help=_("The language they are written to in."))]
Payer = Annotated[str | None, typer.Option("--payer", metavar="MEMBER", help=_("Who pays for them."))]
Joined = Annotated[str | None, typer.Option("--joined-on", metavar="D")]
Left = Annotated[str | None, typer.Option("--left-on", metavar="D")]
Status = Annotated[str | None, typer.Option("--status", help=_("active, frozen, left or prospect."))]
Group = Annotated[str | None, typer.Option("--group")]
Address = Annotated[
    str | None,
    typer.Option("--address", help=_("Where they live: lines with a semicolon between them, without the name.")),
]
Country = Annotated[str | None, typer.Option("--country", metavar="CC", help=_("Where that is; empty: as the centre."))]
Zone = Annotated[str | None, typer.Option("--timezone", metavar="Z", help=_("Their time zone; empty: as the centre."))]
Fax = Annotated[str | None, typer.Option("--fax")]
Terms = Annotated[int | None, typer.Option("--terms-days", help=_("Days from issue to due of their invoices."))]


@app.command("find", help=_("Find members by part of a name, number, phone, e-mail, invoice or card."))
def find(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT")],
    limit: Annotated[int, typer.Option("--limit", metavar="N", help=_("At most so many people."))] = ROWS,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    check_limit(limit)
    desk = given.desk()
    found = desk.search.find(" ".join(text), most=limit + 1)
    rows = found_rows(found[:limit], desk.centre.currency)
    if len(found) > limit:
        narration(_("There are more: please type more of the name, or allow more (--limit)."))
    keys = [column.key for column in FOUND]
    told = {"rows": [_row(dict(zip(keys, row, strict=True))) for row in rows]}
    listed([Sheet("", (), FOUND, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="member")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    money = decimal_text(row["currency"])
    return {**row, **{key: money(row[key]) for key in ("unpaid", "open", "credit")}}


@app.command("show", help=_("All about a member: figures, invoices, payments and what was said."))
def show_member(context: typer.Context, member: Member, as_json: Json = False) -> None:
    given: Given = context.obj
    desk = given.desk()
    file = desk.member_files.open(member, whole=as_json)
    if as_json:
        laid, lines_of = desk.member_files.laid(member), desk.member_files.lines(member)
        following = desk.explains.of(member).next
        answer(member_document(file, laid, lines_of, desk.centre.currency, following))
        return
    from duesdesk.cli.member_page import lines

    say("\n".join(lines(file, desk.centre.currency)))


@app.command("add", help=_("A new member."))
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    number: Annotated[str | None, typer.Option("--number", help=_("The next of the series when not given."))] = None,
    email: Email = None,
    phone: Phone = None,
    card: Card = None,
    language: Language = None,
    payer: Payer = None,
    joined_on: Joined = None,
    status: Status = None,
    group: Group = None,
    terms_days: Terms = None,
    address: Address = None,
    country: Country = None,
    timezone: Zone = None,
    fax: Fax = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    details = MemberDetails(
        name,
        number,
        email,
        phone,
        card,
        language,
        payer,
        day_of(joined_on, "--joined-on"),
        None,
        status or "active",
        group,
        terms_days,
        address,
        country or None,
        timezone or None,
        fax,
    )
    done = given.desk(actor, dry_run=dry_run).members.add(details, key=key)
    if as_json:
        answer(done)
    else:
        say(_("{member} {name} is added.").format(member=done["member"], name=done["name"]))


@app.command("edit", help=_("Change what is known of a member; an empty text takes it away."))
def edit(
    context: typer.Context,
    member: Member,
    name: Annotated[str | None, typer.Option("--name")] = None,
    email: Email = None,
    phone: Phone = None,
    card: Card = None,
    language: Language = None,
    payer: Payer = None,
    joined_on: Joined = None,
    left_on: Left = None,
    status: Status = None,
    group: Group = None,
    terms_days: Terms = None,
    address: Address = None,
    country: Country = None,
    timezone: Zone = None,
    fax: Fax = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    texts = {
        "name": name,
        "email": email,
        "phone": phone,
        "card": card,
        "language": language,
        "payer": payer,
        "status": status,
        "group": group,
        "address": address,
        "country": country,
        "timezone": timezone,
        "fax": fax,
    }
    days = {"joined_on": joined_on, "left_on": left_on}
    changed: dict[str, Any] = {field: text or None for field, text in texts.items() if text is not None}
    changed |= {field: day_of(text or None, f"--{field}") for field, text in days.items() if text is not None}
    if terms_days is not None:
        changed["terms_days"] = terms_days
    if not changed:
        raise WrongUsage("nothing-to-change")
    before = desk.members.get(member)
    done = desk.members.edit(member, before._replace(**{"name": before.name, **changed}), key=key)
    if as_json:
        answer(done)
    else:
        say(_("{member} {name} is changed.").format(member=done["member"], name=done["name"]))


@app.command("note", help=_("Write a remark about a member."))
def note(
    context: typer.Context,
    member: Member,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).members.add_note(member, text, key=key)
    if as_json:
        answer(done)
    else:
        say(_("Noted."))


@app.command("reach", help=_("By which channels who pays for a member can be reached, and why not by the others."))
def reach(context: typer.Context, member: Member, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().reaching.of(member)
    told = {
        "member": member,
        "channels": [
            {"channel": one.channel, "why": one.why, "address": one.address, "wanted": one.wanted, "how": one.how}
            for one in found
        ],
    }
    rows = tuple((one.channel, one.why or "can_be_used", one.address, one.how) for one in found)
    columns = (Column("channel", WORD), Column("why", WORD), Column("address", TEXT), Column("how", TEXT))
    listed([Sheet("", (), columns, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="reach")


@app.command(
    "consent", help=_("Keep what who pays for a member said: yes, no, or nothing any more; and where it goes.")
)
def consent(
    context: typer.Context,
    member: Member,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL")],
    wanted: Annotated[
        bool | None, typer.Option("--yes/--no", help=_("They agreed; or they want nothing more this way."))
    ] = None,
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help=_("How they said it."))] = "",
    address: Annotated[
        str | None, typer.Option("--address", metavar="A", help=_("Where it goes, if not to phone, e-mail, address."))
    ] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    key: Key = None,
    actor: Actor = None,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    done = desk.reaching.consent(member, channel, wanted=wanted, how=how, address=address, key=key)
    if as_json:
        answer(done)
    else:
        say(f"{in_words(done['channel'])}: {in_words(done['why'] or 'can_be_used')}")
