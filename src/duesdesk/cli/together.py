"""What is wrong with a command, told together: who typed it mends it at once, and not word by word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from duesdesk.cli.output import note
from duesdesk.domain.errors import DuesdeskError, WrongUsage
from duesdesk.i18n import sentence

T = TypeVar("T")


class Together:
    """Collects refusals until they are told."""

    def __init__(self) -> None:
        self.found: list[DuesdeskError] = []

    def read(self, make: Callable[[], T], otherwise: T) -> T:
        """What `make` gives; `otherwise` when it refuses, which is kept."""
        try:
            return make()
        except DuesdeskError as error:
            self.found.append(error)
            return otherwise

    def add(self, errors: Iterable[DuesdeskError]) -> None:
        """Keep these, too."""
        self.found += errors

    def refuse(self) -> None:
        """Say all that is wrong, each once: raises the last of it, and none where nothing is wrong.

        What is wrong usage comes last: its exit code says that the command itself must be written anew.
        """
        told = {sentence(error): error for error in self.found}
        ordered = sorted(told.values(), key=lambda error: isinstance(error, WrongUsage))
        for error in ordered[:-1]:
            note(sentence(error))
        if ordered:
            raise ordered[-1]
