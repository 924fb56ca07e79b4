"""The commands there are, and where each is. A module is imported when one of its commands is called."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from duesdesk.cli import light
from duesdesk.cli.session import Given
from duesdesk.i18n import _
from duesdesk.messages import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A command: the module in this package that has it, and one line of help. `group` has commands of its own."""

    module: str
    help: str
    group: bool = False


COMMANDS: dict[str, Place] = {
    "agreements": Place("agreements", N_("Plans and settlements: list, show, cancel, approve."), group=True),
    "backup": Place("backups", N_("Save the whole store to a file.")),
    "bill": Place("memberships", N_("Issue the dues of memberships.")),
    "checkin": Place("bookings", N_("Somebody is here.")),
    "credit": Place("credits", N_("Lower an invoice by a credit note.")),
    "demo": Place("demo", N_("Open a demo centre whose days are moved to today.")),
    "digest": Place("digests", N_("The daily word to the back office.")),
    "dispute": Place("invoices", N_("An invoice is contested, or no longer.")),
    "doctor": Place("doctor", N_("Look at this installation and its store.")),
    "hold": Place("holds", N_("Leave a payer or an invoice out of the rule, or mark somebody to be spared.")),
    "holds": Place("holds", N_("Who is left out, snoozed or spared.")),
    "import": Place(
        "imports", N_("Bring in members, memberships, invoices, payments, credits, bookings or receivables.")
    ),
    "init": Place("centres", N_("Make the store of a new centre.")),
    "invoice": Place("invoices", N_("Issue an invoice, void it, move its due date."), group=True),
    "member": Place("members", N_("Find, show, add and edit members."), group=True),
    "membership": Place(
        "memberships", N_("What members are charged for: add, list, another price or name, freeze, end."), group=True
    ),
    "modules": Place("modules", N_("List, enable and disable modules."), group=True),
    "notice": Place("notices", N_("Write a notice to a payer.")),
    "notices": Place("outbox", N_("The notices written: list, show, cancel, send again."), group=True),
    "pay": Place("payments", N_("Take a payment.")),
    "plan": Place("agreements", N_("Agree that what is owed is paid in parts.")),
    "promise": Place("promises", N_("Write down a promise to pay.")),
    "refund": Place("payments", N_("Give money back.")),
    "report": Place("reports", N_("Figures and lists: unpaid, ageing, takings and more.")),
    "restore": Place("backups", N_("Make a store from a saved file.")),
    "reverse": Place("payments", N_("A payment never was: its invoices are owed again.")),
    "rule": Place("rules", N_("The collection rule: show, check, put in force."), group=True),
    "run": Place("runs", N_("Run the collection rule for a day.")),
    "send": Place("outbox", N_("Deliver the notices that are due.")),
    "settings": Place("settings", N_("Show and change settings."), group=True),
    "settle": Place("agreements", N_("Agree on a smaller sum by a day; the rest is waived when it came.")),
    "snooze": Place("holds", N_("No automatic contact for some days.")),
    "staff": Place("staff", N_("List and add staff, change roles and PINs."), group=True),
    "talk": Place("talks", N_("Write down a conversation.")),
    "tasks": Place("tasks", N_("What is to be done: list, done, assign."), group=True),
    "template": Place("templates", N_("The texts of notices: list, show, check."), group=True),
    "undo": Place("undo", N_("Take back your last act, whole.")),
    "unhold": Place("holds", N_("Lift what holds a payer or an invoice.")),
    "upgrade": Place("upgrade", N_("Bring an older store to this version.")),
    "verify": Place("verify", N_("Does the ledger agree with all that is kept beside it?")),
    "waive": Place("credits", N_("Lower an invoice by favour.")),
    "writeoff": Place("credits", N_("Give up an invoice that will not be paid.")),
}


class Commands(TyperGroup):
    """The root: knows every command by name, and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  # typer's own context, as its base has it
        """Every command, sorted."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  # as its base has it
        """The command called `cmd_name`, or None."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module = import_module(f"duesdesk.cli.{place.module}")
        # Beside a group, `alone` has what is called without its name.
        app: typer.Typer = module.app if place.group else getattr(module, "alone", module.app)
        # Help in plain text: rich costs more to import than the command to run.
        app.rich_markup_mode = None
        return get_group(app) if place.group else get_group(app).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002  # as its base has it
        """The list in the help, without importing them all."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(place.help)) for name, place in COMMANDS.items()])


def root() -> Any:  # noqa: ANN401  # a command of typer's, which has no public type
    """The command `duesdesk`."""
    light.install()
    app = typer.Typer(
        cls=Commands,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    about = _("Who owes, who comes today, take the money, send a word. Without a command it opens the desk.")
    app.callback(help=about)(duesdesk)
    return get_command(app)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version as version_of  # imported late: start-up

        from duesdesk.cli.output import say

        say(f"duesdesk {version_of('duesdesk')}")
        raise typer.Exit


def duesdesk(
    context: typer.Context,
    db: Annotated[
        str, typer.Option("--db", metavar="URL", help=_("The store: a path, sqlite:///… or postgresql://…"))
    ] = "",
    today: Annotated[
        str, typer.Option("--today", metavar="WHEN", help=_("Another day than today, or an instant with its offset."))
    ] = "",
    lang: Annotated[str, typer.Option("--lang", metavar="L", help=_("The language: en, es, it, ro or pt."))] = "",
    actor: Annotated[str, typer.Option("--actor", metavar="NAME", help=_("Who is acting."))] = "",
    version: Annotated[  # noqa: ARG001  # it ends before this is called
        bool, typer.Option("--version", is_eager=True, callback=_version, help=_("Show the version."))
    ] = False,
) -> None:
    """What is said before the command; see `Given`."""
    context.obj = Given(db, today, lang, actor)
    context.call_on_close(context.obj.close)
