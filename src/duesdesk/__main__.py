"""The entry point: the terminal app when no other command is named, else the command."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run what the command line asks for and end with its exit code."""
    # Imports make objects that stay; looking through them again and again is a tenth of the start. See `terminal.run`.
    gc.disable()
    from duesdesk.launch import open_terminal, wanted

    asked = wanted(sys.argv[1:])
    if asked is not None:
        from duesdesk.terminal import leave

        leave(open_terminal(asked))
    gc.enable()
    from duesdesk.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
