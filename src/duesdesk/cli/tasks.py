"""`tasks list|done|assign`: calls to make and proposals to decide."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Xlsx
from duesdesk.cli.output import answer, day_line, listed, say
from duesdesk.cli.session import Given, day_of
from duesdesk.domain.errors import NotFound, WrongUsage
from duesdesk.i18n import _
from duesdesk.reports.shape import DAY, MONEY, TEXT, WORD, Column, Sheet, decimal_text
from duesdesk.services.acts import Plain
from duesdesk.services.tasks import STATES, TaskView

app = typer.Typer(help=_("What is to be done: list, done, assign."))
Id = Annotated[int, typer.Argument(metavar="ID")]
_COLUMNS = (
    Column("task", TEXT),
    Column("due_on", DAY),
    Column("kind", WORD),
    Column("member", TEXT),
    Column("name", TEXT),
    Column("phone", TEXT),
    Column("owner", TEXT),
    Column("currency", TEXT),
    Column("open", MONEY),
    Column("status", WORD),
)


def task_document(view: TaskView) -> Plain:
    """A task as JSON."""
    return {
        "task": view.id,
        "kind": view.kind,
        "state": view.state,
        "member": view.payer,
        "name": view.payer_name,
        "about": view.member,
        "about_name": view.member_name,
        "phone": view.phone,
        "owner": view.owner or None,
        "due_on": view.due_on.isoformat(),
        "step": view.step or None,
        "rule": view.rule or None,
        "invoices": list(view.invoices),
        "open": decimal_text(view.currency)(view.open_minor) if view.currency else None,
        "currency": view.currency or None,
        "note": view.note,
        "made_at": view.made_at.isoformat(),
        "done_at": view.done_at.isoformat() if view.done_at else None,
        "done_by": view.done_by or None,
        "outcome": view.outcome,
    }


@app.command("list", help=_("What is to be done, the earliest first."))
def list_tasks(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", help=_("open, done, cancelled or all."))] = "open",
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help=_("Theirs and nobody's."))] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help=_("Up to and with this day."))] = None,
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    given: Given = context.obj
    if state not in (*STATES, "all"):
        raise WrongUsage("scope-unknown", scope=state, known=(*STATES, "all"))
    wanted = "" if state == "all" else state
    desk = given.desk()
    if owner is not None and owner not in {one.name for one in desk.staff.all()}:
        raise NotFound("staff-unknown", name=owner)
    found = desk.tasks.all(wanted, owner=owner, until=day_of(until, "--until"))
    rows = tuple(
        (
            str(view.id), view.due_on, view.kind, view.payer, view.payer_name, view.phone, view.owner,
            view.currency or "EUR", view.open_minor, view.state,
        )
        for view in found
    )  # fmt: skip
    told = {"tasks": [task_document(view) for view in found]}
    listed([Sheet("", (), _COLUMNS, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="tasks")


@app.command("done", help=_("It is done."))
def done(
    context: typer.Context,
    task: Id,
    outcome: Annotated[str, typer.Option("--outcome", metavar="T", help=_("What came of it."))] = "",
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    told = given.desk(actor, dry_run=dry_run).tasks.done(task, outcome=outcome, key=key)
    if as_json:
        answer(told)
    else:
        say(_("Task {task} is done.").format(task=told["task"]))


@app.command("assign", help=_("Give it to somebody, or to another day; an empty name gives it to nobody."))
def assign(
    context: typer.Context,
    task: Id,
    owner: Annotated[str | None, typer.Argument(metavar="[NAME]")] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="D", help=_("The day it is for."))] = None,
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    due_on = day_of(day, "--date")
    if owner is None and due_on is None:
        raise WrongUsage("task-name-or-day")
    told = given.desk(actor, dry_run=dry_run).tasks.assign(task, owner, due_on=due_on, key=key)
    if as_json:
        answer(told)
    elif told["owner"]:
        line = _("Task {task} is {owner}’s, for {day}.")
        say(line.format(task=told["task"], owner=told["owner"], day=day_line(told, "due_on")))
    else:
        say(_("Task {task} is for whoever is there, on {day}.").format(task=told["task"], day=day_line(told, "due_on")))
