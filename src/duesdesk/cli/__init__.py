"""Commands: one file per noun, imported when its command is called. They show and ask; services do."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; its exit code (docs/words.md)."""
    from duesdesk.cli.boundary import run as guarded  # imported late: the app starts without it

    return guarded(arguments)
