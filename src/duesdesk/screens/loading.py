"""Fetching beside the keyboard: what the app, its screens and its dialogs share, so that a slow store freezes nothing.

Two ways lead to the store. What a key asks for, and what is saved, goes through the one thread `app.front`, in the
order it was asked: the keys that follow wait for it. What only fills the screen goes through `app.threads`. After a
second of waiting it is said; Esc then stops waiting, and what would have opened stays closed.

Example:
    self.load(self.desk.dashboard.page, self.show_page)                      # a newer load of the same group wins
    self.load(save, self.saved, group="save", hold_keys=True)                # keys wait; an error is told
    app.open_with(lambda: desk.payments.sheet(member), lambda sheet: app.push_screen(PayModal(sheet)))
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk

T = TypeVar("T")


class Loading(MessagePump):
    """Fetching in a thread; see the module."""

    app: DuesdeskApp

    def load(
        self,
        fn: Callable[[], T],
        then: Callable[[T], None],
        *,
        group: str = "main",
        hold_keys: bool = False,
        may_leave: bool = False,
        in_order: bool = False,
        now: bool = False,
    ) -> None:
        """Run `fn` in a thread and call `then` with its answer here, unless a newer load of `group` was started.

        `hold_keys`: keys pressed meanwhile wait for the answer (a dialog that Enter may save at once).
        `may_leave`: who stops waiting by Esc does not want the answer any more.
        `in_order`: after all that was asked so far, without holding the keys.
        `now`: run `fn` at once instead, for reads of a few milliseconds: the answer is in the next frame.
        An error in `fn` or `then` is reported by the app; `then` is not called.
        What keys wait for and nobody may leave is an act: its answer is told also when another of its group was begun.
        """
        number = self._next_load(group)
        is_act = hold_keys and not may_leave and group != "main"
        if now:
            self._answer(fn, then)
            return
        app = self.app
        free = _nothing
        if hold_keys:
            free = app.keys.hold((lambda: self._forget_load(group, number)) if may_leave else _nothing)
        pool = app.front if hold_keys or in_order else app.threads
        future = asyncio.get_running_loop().run_in_executor(pool, fn)

        def arrived(done: asyncio.Future[T]) -> None:
            if not self.call_later(self._loaded, done, then, group, None if is_act else number, free):
                free()

        future.add_done_callback(arrived)

    def open_with(self, read: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read in a thread what a dialog shows, then open it by `show`; keys pressed meanwhile are for the dialog."""
        self.load(read, show, group="open", hold_keys=True, may_leave=True)

    def _next_load(self, group: str) -> int:
        loads: dict[str, int] = self.__dict__.setdefault("_loads", {})
        loads[group] = loads.get(group, 0) + 1
        return loads[group]

    def _is_newest(self, group: str, number: int) -> bool:
        newest: dict[str, int] = self.__dict__["_loads"]
        return newest[group] == number

    def _forget_load(self, group: str, number: int) -> None:
        if self._is_newest(group, number):
            self._next_load(group)

    def _loaded(
        self,
        done: asyncio.Future[T],
        then: Callable[[T], None],
        group: str,
        number: int | None,
        free: Callable[[], None],
    ) -> None:
        self.load_ends(group)
        try:
            # An answer that comes while the program closes finds no widgets any more.
            is_wanted = number is None or self._is_newest(group, number)
            if self.app.is_running and is_wanted and not done.cancelled():
                self._answer(done.result, then)
        finally:
            free()

    def load_ends(self, group: str) -> None:
        """What was loaded in this group is here, or has failed; it is told next."""

    def _answer(self, fn: Callable[[], T], then: Callable[[T], None]) -> None:
        try:
            then(fn())
        except Exception as error:  # noqa: BLE001  # every error becomes a message
            self.app.report(error)


class AtDesk(Loading):
    """What screens and dialogs have: fetching, and the desk with its type."""

    @property
    def desk(self) -> Desk:
        """The services."""
        return self.app.desk


def _nothing() -> None:
    return None
