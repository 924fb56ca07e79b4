"""`settings show|set|secret`."""

from __future__ import annotations

from typing import Annotated

import typer

from duesdesk import config
from duesdesk.cli.options import Actor, Csv, DryRun, Json, Key, Xlsx
from duesdesk.cli.output import answer, listed, note, say
from duesdesk.cli.session import Given
from duesdesk.config import parse
from duesdesk.i18n import _
from duesdesk.reports.shape import TEXT, Column, Sheet

_LONGEST_SECRET = 4_000
app = typer.Typer(help=_("Show and change settings."))


@app.command("show", help=_("Every setting with its value."))
def show_settings(context: typer.Context, as_json: Json = False, csv: Csv = None, xlsx: Xlsx = None) -> None:
    given: Given = context.obj
    found = given.desk().settings.all()
    columns = tuple(Column(key, TEXT) for key in ("key", "value", "help"))
    rows = tuple((one.key, one.value, _(one.help)) for one in found)
    told = {one.key: _plain(one.key, one.value) for one in found}
    listed([Sheet("", (), columns, rows)], told, as_json=as_json, csv=csv, xlsx=xlsx, name="settings")


def _plain(key: str, text: str) -> str | int | None:
    """Numbers as numbers, what is unset as null, everything else as the text it is set by."""
    value = parse(key, text)
    return value if value is None or (isinstance(value, int) and not isinstance(value, bool)) else text


@app.command("set", help=_("Change a setting."))
def set_setting(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="KEY")],
    value: Annotated[str, typer.Argument(metavar="VALUE")],
    as_json: Json = False,
    key: Key = None,
    actor: Actor = None,
    dry_run: DryRun = False,
) -> None:
    given: Given = context.obj
    done = given.desk(actor, dry_run=dry_run).settings.set(name, value, key_of_act=key)
    if as_json:
        answer(done)
    else:
        say(_("{key} is {value} now.").format(key=done["key"], value=done["value"] or "–"))


@app.command("secret", help=_("Keep a password or token on this machine; it is read here, unseen, or from a pipe."))
def keep_secret(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=", ".join(config.SECRETS))],
    as_json: Json = False,
    dry_run: DryRun = False,
    key: Key = None,
    actor: Actor = None,
) -> None:
    given: Given = context.obj
    import sys

    if sys.stdin.isatty():
        from getpass import getpass

        text = getpass(f"{name}: ")
    else:
        text = sys.stdin.readline(_LONGEST_SECRET)
    desk = given.desk(actor, dry_run=dry_run)
    done = desk.settings.keep_secret(name, config.Secret(text.rstrip("\r\n")), key=key)
    if as_json:
        answer(done)
    else:
        note(_("{name} is kept.").format(name=name))
