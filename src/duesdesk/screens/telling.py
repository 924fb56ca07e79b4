"""What the app says: short messages, and one way for every error.

A `DuesdeskError` is said as its sentence above the footer. Anything else is a fault of ours: it is written to the log,
a dialog says so, and the app goes on. In tests such an error ends the app and fails the test.

Example:
    self.app.show_message(_("Saved."), "ok")
    self.app.report(error)                               # any exception, from anywhere
    app.raise_errors = False                             # a test of what people see of a fault
    app.errors                                           # the faults so far
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

from textual.app import App

from duesdesk.domain.errors import DuesdeskError
from duesdesk.screens.refusals import refusal
from duesdesk.screens.text import Line, Severity
from duesdesk.screens.widgets.drawn import Careful

MOST_ERRORS, ERRORS_SECONDS = 5, 10.0
"""More unexpected errors than this within so many seconds end the app: it cannot be worked with."""
MESSAGE_SECONDS = 1.5
"""A message stays at least this long; after that the next key clears it."""


class TellingApp(Careful, App[int]):
    """The part of the app that says things; see the module."""

    log_error: Callable[[BaseException], str] | None = None
    """Writes an unexpected error with its trace and says where."""
    broken: Exception | None = None
    """The error that ended the app, for `terminal.run` to tell."""
    broken_where = ""
    """Where that error is written down."""
    raise_errors: bool | None = None
    """Whether an unexpected error ends the app; None: in tests (no terminal) yes, for people no."""
    _message_at = 0.0
    _message: Line | str = ""
    _error_times: tuple[float, ...] = ()
    _started = False

    @property
    def errors(self) -> list[BaseException]:
        """Unexpected errors so far; tests look here."""
        found: list[BaseException] = self.__dict__.setdefault("_errors", [])
        return found

    def on_ready(self) -> None:
        self._started = True

    def show_message(self, message: Line | str, severity: Severity = "text") -> None:
        """Show a short message in front; the next key after a moment clears it."""
        self._message_at = asyncio.get_running_loop().time()
        self._message = message
        show = getattr(self.screen, "show_message", None)
        if show is not None:
            show(message, severity)

    def unsay(self, message: str) -> None:
        """Take a message away that is true no longer; one that was said after it stays."""
        if message and self._message == message:
            self._clear_message()

    def clear_old_message(self, now: float) -> None:
        if self._message_at and now - self._message_at >= MESSAGE_SECONDS:
            self._clear_message()

    def _clear_message(self) -> None:
        self._message_at, self._message = 0.0, ""
        for screen in self.screen_stack:
            show = getattr(screen, "show_message", None)
            if show is not None:
                show("", "text")

    def report(self, error: BaseException) -> None:
        """The one way for errors: a sentence for what a person did; a log entry and a dialog for our own faults."""
        if isinstance(error, DuesdeskError):
            self.show_message(refusal(error, "bad"), "bad")
            return
        self.errors.append(error)
        self._error_times = (*self._error_times[-MOST_ERRORS:], time.monotonic())
        where = self.log_error(error) if self.log_error is not None else ""
        if self._ends_with(error):
            self.broken, self.broken_where = cast("Exception", error), where
            super()._handle_exception(self.broken)
            return
        from duesdesk.screens.modals.error import ErrorModal  # imported late: start-up

        if not any(isinstance(screen, ErrorModal) for screen in self.screen_stack):
            self.push_screen(ErrorModal(where))

    def _ends_with(self, error: BaseException) -> bool:
        strict = self.is_headless if self.raise_errors is None else self.raise_errors
        times = self._error_times
        too_many = len(times) > MOST_ERRORS and times[-1] - times[0] < ERRORS_SECONDS
        return strict or not self._started or too_many or not isinstance(error, Exception)

    def _handle_exception(self, error: Exception) -> None:
        self.report(error)

    def _fatal_error(self) -> None:
        # Textual would print a traceback with the values of all variables, names and sums among them.
        if self.is_headless:
            super()._fatal_error()
            return
        self._close_messages_no_wait()
