"""What the rule does next for the people on a screen: read beside the keyboard, some at a time, for those who are seen.

A page of thirty people takes a few milliseconds of a thread, so that the list need not guess. What was read of a list
before stays until it was read again; an answer of before never takes the place of a newer one.

Example:
    self._whys = Whys(self, self._show_whys)
    found = self._whys.of("M00218")                      # None at first: it is asked for, and `_show_whys` called
    self._whys.forget()                                  # the list was read anew: all are asked for again
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from duesdesk.domain.errors import DuesdeskError
from duesdesk.screens.base import DeskScreen

if TYPE_CHECKING:
    from duesdesk.services.collection.explain import Explained

MOST_AT_ONCE = 100


class Whys:
    """See the module."""

    def __init__(self, screen: DeskScreen, show: Callable[[Collection[str]], None]) -> None:
        """`show` is told of whom something new is known. Nothing is read before `start`."""
        self._screen = screen
        self._show = show
        self._known: dict[str, Explained] = {}
        self._fresh: set[str] = set()
        self._wanted: dict[str, None] = {}
        self._reads = 0
        self._is_started = self._is_reading = False

    def start(self) -> None:
        """From now on what is asked for is read; before, the screen has more pressing things to do."""
        if not self._is_started:
            self._is_started = True
            self._read_soon()

    def of(self, member: str) -> Explained | None:
        """What is known of who pays for `member`; None when that has to be read first."""
        if member not in self._fresh:
            self._wanted[member] = None
            self._read_soon()
        return self._known.get(member)

    def forget(self) -> None:
        """What is known may be over: it is shown until it was read again."""
        self._fresh.clear()
        self._reads += 1
        self._is_reading = False

    def _read_soon(self) -> None:
        if self._wanted and self._is_started and not self._is_reading:
            self._is_reading = True
            # After the rows were drawn: all of them are asked for at once.
            self._screen.call_after_refresh(self._read)

    def _read(self) -> None:
        members = list(self._wanted)[-MOST_AT_ONCE:]
        self._wanted.clear()
        if not members:
            return
        number = self._reads
        self._screen.load(
            lambda: self._explained(members), lambda found: self._have(members, found, number), group="whys"
        )

    def _explained(self, members: Collection[str]) -> dict[str, Explained]:
        try:
            return self._screen.desk.explains.of_all(members)
        except DuesdeskError:
            # Somebody is gone since the list was read, or the store is: either is told elsewhere.
            return {}

    def _have(self, members: Collection[str], found: dict[str, Explained], number: int) -> None:
        if number != self._reads:
            return  # it was read before the list was read anew
        self._is_reading = False
        self._known |= found
        self._fresh |= set(members)
        self._show(members)
        self._read_soon()
