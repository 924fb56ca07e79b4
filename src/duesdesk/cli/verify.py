"""`verify`: whether everything holds."""

from __future__ import annotations

import typer

from duesdesk.cli.options import Json
from duesdesk.cli.output import answer, note, say
from duesdesk.cli.session import Given
from duesdesk.i18n import _

app = typer.Typer()
NOT_IN_ORDER = 3


@app.command("verify", help=_("Compare the ledger with all that is kept beside it, the sums and the chain of acts."))
def verify(context: typer.Context, as_json: Json = False) -> None:
    given: Given = context.obj
    checks = given.desk().checks.verify()
    ok = not any(checks.values())
    if as_json:
        answer({"ok": ok, "checks": {name: [finding.as_json() for finding in found] for name, found in checks.items()}})
    elif ok:
        say(_("Everything holds."))
    else:
        for name, found in checks.items():
            for finding in found:
                note(
                    _("{check}: {subject} is {found} and should be {expected}.").format(
                        check=name, subject=finding.subject, found=finding.found, expected=finding.expected
                    )
                )
    if not ok:
        raise typer.Exit(NOT_IN_ORDER)
