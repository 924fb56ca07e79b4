"""`template list|show|check|set|reset`: the texts of notices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Xlsx
from duesdesk.cli.output import answer, listed, note, say
from duesdesk.cli.session import Given
from duesdesk.cli.text_files import read_text
from duesdesk.documents.notice_templates import NEUTRAL, OTHER_NAMES, SHORT, WHOLE
from duesdesk.i18n import _, ngettext, sentence
from duesdesk.reports.shape import TEXT, Column, Sheet
from duesdesk.services.templates import Address, TemplateView

app = typer.Typer(help=_("The texts of notices: list, show, check, change, give back."))
NOT_IN_ORDER = 3
Name = Annotated[str, typer.Argument(metavar="NAME", help=_("A template, such as overdue."))]
Language = Annotated[str | None, typer.Option("--language", metavar="L", help=_("The centre's when not given."))]
Tone = Annotated[str, typer.Option("--tone", metavar="T", help=_("friendly, neutral or firm."))]
Short = Annotated[bool, typer.Option("--short", help=_("The short form, for text messages."))]
File = Annotated[Path, typer.Argument(metavar="FILE", help=_("A file with the text; - reads it here."))]


@app.command("list", help=_("The templates there are, and which the centre wrote itself."))
def list_templates(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().templates.all()
    names = dict.fromkeys((*OTHER_NAMES, *(one.address.name for one in found)))
    told = {"templates": list(names), "texts": [_plain(one) for one in found]}
    columns = tuple(Column(key, TEXT) for key in ("template", "tone", "form", "language", "text"))
    rows = tuple(
        (one.address.name, one.address.tone, one.address.form, one.address.language, _("own") if one.own else "")
        for one in found
    )
    listed([Sheet("", (), columns, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="templates")


@app.command("show", help=_("The text of a template, or with --member the notice that comes of it."))
def show(
    context: typer.Context,
    name: Name,
    language: Language = None,
    tone: Tone = NEUTRAL,
    short: Short = False,
    member: Annotated[str | None, typer.Option("--member", metavar="M", help=_("As this member would get it."))] = None,
    as_json: Json = False,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    address = _address(given, name, language, tone, short=short)
    if member is None:
        found = desk.templates.get(address)
        if as_json:
            answer({**_plain(found), "text": found.text})
        else:
            say(found.text)
        return
    preview = desk.templates.preview(member, address)
    problem = sentence(preview.problem) if preview.problem is not None else None
    if as_json:
        answer(
            {
                "template": preview.template,
                "tone": preview.tone or NEUTRAL,
                "language": preview.language,
                "member": preview.payer,
                "channel": preview.channel,
                "address": preview.address,
                "subject": preview.subject,
                "body": preview.body,
                "own": preview.own,
                "problem": problem,
            }
        )
        return
    say(f"{preview.subject}\n\n{preview.body}")
    if problem is not None:
        note(problem)


@app.command("check", help=_("Whether a file may be a template, or a template is in order."))
def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FILE|NAME", help=_("A file, or the name of a template."))],
    language: Language = None,
    tone: Tone = NEUTRAL,
    short: Short = False,
    as_json: Json = False,
) -> None:
    given: Given = context.obj
    desk = given.desk()
    is_file = name == "-" or Path(name).is_file()
    address = _address(given, "overdue" if is_file else name, language, tone, short=short)
    text = read_text(Path(name)) if is_file else desk.templates.get(address).text
    findings = desk.templates.findings(text, address)
    if as_json:
        told = [{"code": one.code, "says": sentence(one)} for one in findings]
        answer({"template": name, "language": address.language, "ok": not findings, "findings": told})
    elif findings:
        for one in findings:
            note(sentence(one))
    else:
        say(_("{template} ({language}) is in order.").format(template=name, language=address.language))
    if findings:
        raise typer.Exit(NOT_IN_ORDER)


@app.command("set", help=_("Put a text of the centre's own in force."))
def set_template(
    context: typer.Context,
    name: Name,
    file: File,
    language: Language = None,
    tone: Tone = NEUTRAL,
    short: Short = False,
    as_json: Json = False,
    dry_run: DryRun = False,
    key: Key = None,
    actor: Actor = None,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    address = _address(given, name, language, tone, short=short)
    done = desk.templates.set(address, read_text(file), key=key, dry_run=dry_run)
    if as_json:
        answer(done)
        return
    say(
        _("{template} ({tone}, {language}) is the text in force.").format(
            template=done["template"], tone=done["tone"], language=done["language"]
        )
    )
    for one in done["instead"]:
        note(told_instead(one["members"], one["language"], one["told_in"]))


@app.command("reset", help=_("Give the text back: the shipped one is in force again."))
def reset(
    context: typer.Context,
    name: Name,
    language: Language = None,
    tone: Tone = NEUTRAL,
    short: Short = False,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    desk = given.desk(actor, dry_run=dry_run)
    done = desk.templates.reset(_address(given, name, language, tone, short=short), key=key)
    if as_json:
        answer(done)
    else:
        say(_("{template} is the text that is shipped again.").format(template=done["template"]))


def told_instead(members: int, language: str, told_in: str) -> str:
    """Who reads a language that a text lacks, and in which one they get it."""
    if told_in:
        told = ngettext(
            "{count} member reads {language} and gets it in {told_in}.",
            "{count} members read {language} and get it in {told_in}.",
            members,
        )
    else:
        told = ngettext(
            "{count} member reads {language} and has no text.",
            "{count} members read {language} and have no text.",
            members,
        )
    return told.format(count=members, language=language, told_in=told_in)


def _address(given: Given, name: str, language: str | None, tone: str, *, short: bool) -> Address:
    return Address(name, language or given.desk().centre.language, tone, SHORT if short else WHOLE)


def _plain(one: TemplateView) -> dict[str, object]:
    return {
        "template": one.address.name,
        "tone": one.address.tone,
        "form": one.address.form,
        "language": one.address.language,
        "own": one.own,
    }
