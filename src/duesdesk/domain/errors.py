"""What can go wrong, as codes with facts; the sentences stand in `duesdesk.sentences`.

Every error a person may meet is a `DuesdeskError`. `exit_code` is what a command answers
with (docs/words.md lists them): 2 wrong usage, 3 refused, 5 the store is out of reach.
"""

from __future__ import annotations


class DuesdeskError(Exception):
    """Something a person must be told. `code` names the sentence, `facts` fill its placeholders."""

    exit_code = 3

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({told})"


class Refused(DuesdeskError):
    """A rule of the house says no; nothing was written."""


class NotFound(Refused):
    """The number or name given belongs to nobody and nothing here."""


class Conflict(Refused):
    """Somebody else was faster, or the same idempotency key came with other content."""


class BadInput(Refused):
    """What was typed or read cannot be understood, or is out of bounds."""


class WrongUsage(DuesdeskError):
    """The command was called in a way it does not know."""

    exit_code = 2


class StoreTrouble(DuesdeskError):
    """The store is locked, corrupt, newer than the program, or out of reach."""

    exit_code = 5
