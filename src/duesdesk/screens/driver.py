"""The platform's driver with two changes: leaving does not wait, and a resumed app paints everything anew.

Example:
    app.driver_class = quick_driver(app.driver_class)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from textual.driver import Driver

    from duesdesk.app import DuesdeskApp


def quick_driver(base: type[Driver]) -> type[Driver]:
    """A subclass of `base` (LinuxDriver, WindowsDriver)."""

    class QuickDriver(base):  # type: ignore[misc, valid-type]  # the class of the platform, known at run time
        def start_application_mode(self) -> None:
            cast("DuesdeskApp", self._app).painter.forget()
            super().start_application_mode()

        def stop_application_mode(self) -> None:
            # The input thread looks up every 100 ms only. Before a pause it must have ended; when leaving, the
            # process ends now.
            if self._app._exit:  # noqa: SLF001  # no public word for it
                self._key_thread = None
            super().stop_application_mode()

        def disable_input(self) -> None:
            if self._app._exit:  # noqa: SLF001  # as above
                self._key_thread = None
            super().disable_input()

    return QuickDriver
