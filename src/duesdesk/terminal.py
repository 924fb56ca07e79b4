"""Start and end of the terminal app: what must be set before Textual is imported, and a terminal left as it was found.

`run` is called by the command without arguments. Nothing here is imported by other commands.

Example:
    code = terminal.run(lambda: open_desk(url, clock), find_code=..., log_file=config.log_file)
    terminal.leave(code)                                 # flushes and ends at once
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from duesdesk.domain.errors import DuesdeskError, WrongUsage
from duesdesk.fault_log import write_log

if TYPE_CHECKING:
    from typing import NoReturn

    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk
    from duesdesk.clock import Clock
    from duesdesk.services.dashboard import FirstPage

ENVIRONMENT = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    # Milliseconds after which an Esc is the key and not the beginning of an arrow; Textual's own 100 are felt.
    "ESCDELAY": "50",
}
# Mouse reports, focus reports, bracketed paste, synchronised output, kitty keys, style; then wrap and cursor on.
_RESET = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?1004l\x1b[?2004l\x1b[?2026l\x1b[<u\x1b[0m"
)
_SHOW = "\x1b[?7h\x1b[?25h"
_MAIN_SCREEN = "\x1b[?1049l"


def run(
    open_desk: Callable[[], Desk],
    *,
    find_code: Callable[[Desk, str], str | None] | None = None,
    colors: str = "",
    amounts_shown: bool = True,
    ascii_signs: bool | None = None,
    log_file: Path | None = None,
) -> int:
    """Show the app until the user leaves; the exit code.

    `find_code(desk, code)` gives the member number of a scanned code or None. `colors` names a theme. `ascii_signs`
    None looks at the terminal. Unexpected errors are written to `log_file`.

    Raises:
        WrongUsage: "no-terminal": input or output is no terminal.
        DuesdeskError: the desk could not be opened (the terminal is untouched).
    """
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.__stderr__ is not None and sys.__stderr__.isatty()):
        raise WrongUsage("no-terminal")
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Imports make objects that stay; looking through them again and again is a tenth of the start.
    gc.disable()
    load_asyncio()
    from duesdesk.screens import signs

    wants_ascii = signs.needs_ascii(getattr(sys.__stderr__, "encoding", None), os.environ.get("TERM"))
    signs.use_ascii(wants_ascii if ascii_signs is None else ascii_signs)
    desk = open_desk()
    with kept_terminal():
        page = _first_paint(desk, colors, amounts_shown=amounts_shown, log_file=log_file)
        app = _app(desk, find_code, colors, amounts_shown=amounts_shown, log_file=log_file, first_page=page)
        code = app.run()
    if app.broken is not None:
        from duesdesk.i18n import _

        told = _("duesdesk had to stop. What was saved is safe. Details: {file}").format(file=app.broken_where)
        print(told, file=sys.stderr)  # noqa: T201  # the last word, when the screen is gone
        return 1
    return code or 0


def load_asyncio() -> None:
    """Load asyncio as a Python without OpenSSL does: reading that library is a twentieth of the start.

    The desk speaks TLS through smtplib and psycopg alone, which load `ssl` when they need it.
    """
    if "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # Python's own way to say that a module cannot be had
    try:
        import asyncio  # noqa: F401 (it is wanted loaded)
    finally:
        del sys.modules["ssl"]


def _first_paint(desk: Desk, colors: str, *, amounts_shown: bool, log_file: Path | None) -> FirstPage | None:
    """Figures and debtors, while the rest is loaded. Nothing that goes wrong here keeps the app from opening."""
    from duesdesk.screens import first_paint

    stream = sys.__stderr__
    if stream is None:
        return None
    try:
        return first_paint.show(desk, stream, os.environ, colors=colors, amounts_shown=amounts_shown)
    except DuesdeskError:
        pass  # the screen will tell the same
    except Exception as error:  # noqa: BLE001  # a picture that is replaced at once is not worth a refusal to start
        write_log(log_file, error)
    return None


def _app(
    desk: Desk,
    find_code: Callable[[Desk, str], str | None] | None,
    colors: str,
    *,
    amounts_shown: bool,
    log_file: Path | None,
    first_page: FirstPage | None,
) -> DuesdeskApp:
    from duesdesk.app import DuesdeskApp  # imported late: start-up, and the environment is read on import
    from duesdesk.screens.driver import quick_driver
    from duesdesk.screens.encoding import erases_in_color

    def log_error(error: BaseException) -> str:
        return write_log(log_file, error)

    app = DuesdeskApp(
        lambda: desk,
        find_code=find_code,
        colors=colors,
        amounts_shown=amounts_shown,
        log_error=log_error,
        first_page=first_page,
    )
    app.driver_class = quick_driver(app.driver_class)
    app.painter.erases = erases_in_color(os.environ.get("TERM", ""))
    app.call_after_refresh(_look_for_garbage)
    return app


def _look_for_garbage() -> None:
    """From the first screen on; what the start has made stays, and is not looked through again."""
    gc.freeze()
    gc.enable()


def set_up(url: str, clock: Clock, *, country: str) -> str | None:
    """Ask the questions of a new centre and found it at `url`: "centre", "demo", or None when the person left."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    gc.enable()
    with kept_terminal():
        from duesdesk.first_start import SetupApp  # imported late: start-up, and the environment is read on import

        app = SetupApp(url, clock, country=country)
        app.run()
    if app.told:
        print(app.told, file=sys.stderr)  # noqa: T201  # what came of the file, when the screen is gone
    return app.outcome


class kept_terminal:  # noqa: N801  # reads as a word in `with`
    """Whatever happens inside, the terminal has its modes back afterwards: also after a crash or a signal.

    From the beginning nothing typed is echoed, and keys wait as they were typed for the app that is still loading.
    """

    def __enter__(self) -> None:
        self._modes: list[object] | None = None
        with contextlib.suppress(Exception):  # no termios on Windows, or no terminal
            import termios

            file = sys.__stdin__.fileno()  # type: ignore[union-attr]  # None is suppressed, too
            self._modes = termios.tcgetattr(file)
            modes = termios.tcgetattr(file)
            modes[0] &= ~termios.ICRNL
            modes[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(file, termios.TCSANOW, modes)

    def __exit__(self, kind: type[BaseException] | None, *_details: object) -> None:
        # After a normal end Textual has left its screen; leaving it twice would move the cursor.
        text = _RESET + (_MAIN_SCREEN if kind is not None else "") + _SHOW
        with contextlib.suppress(Exception):
            stream = sys.__stderr__
            if stream is not None and stream.isatty():
                stream.write(text)
                stream.flush()
        if self._modes is not None:
            with contextlib.suppress(Exception):
                import termios

                termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._modes)  # type: ignore[union-attr, arg-type]  # as saved


def leave(code: int) -> NoReturn:
    """End the process at once: everything written is flushed first, nothing else is waited for."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)
