"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from duesdesk.domain.errors import WrongUsage
from duesdesk.i18n import _

Json = Annotated[bool, typer.Option("--json", help=_("One JSON document on standard output."))]
Key = Annotated[
    str | None, typer.Option("--key", metavar="K", help=_("Said twice under the same key, it is done once."))
]
Actor = Annotated[str | None, typer.Option("--actor", metavar="NAME", help=_("Who is acting."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Show what would be done, and do nothing."))]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help=_("Why."))]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=_("Write the rows to a CSV file."))]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help=_("Write the rows to an XLSX file."))]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help=_("At most so many; all when not given."))]
Currency = Annotated[
    str | None, typer.Option("--currency", metavar="C", help=_("The currency, where several are owed."))
]
Member = Annotated[str, typer.Argument(metavar="MEMBER", help=_("A member's number."))]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help=_("An amount such as 20 or 20.00."))]
Invoice = Annotated[str, typer.Argument(metavar="INVOICE", help=_("An invoice's number."))]


def check_limit(limit: int | None) -> None:
    """Raises WrongUsage for a limit that leaves nothing."""
    if limit is not None and limit < 1:
        raise WrongUsage("limit-too-small", limit=limit)
