"""The platform's driver, reading keys calmly: it sleeps until one comes, knows an Esc in time, and leaves at once.

A resumed app paints everything anew. Textual's own thread looks up ten times a second, which is what an idle app spends
its time on; an Esc, which could be the beginning of an arrow, is known only at the next look.

Example:
    app.driver_class = quick_driver(app.driver_class)
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from threading import Thread
from typing import TYPE_CHECKING, cast

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from textual.driver import Driver

    from duesdesk.app import DuesdeskApp

_READ_BYTES = 4096


def quick_driver(base: type[Driver]) -> type[Driver]:
    """A subclass of `base` when that is the driver of Linux and macOS; `base` itself elsewhere."""
    if not hasattr(base, "run_input_thread"):
        return base

    class QuickDriver(base):  # type: ignore[misc, valid-type]  # the class of the platform, known at run time
        _key_thread: Thread | None

        def start_application_mode(self) -> None:
            cast("DuesdeskApp", self._app).painter.forget()
            self._wake_reader, self._wake_writer = os.pipe()
            super().start_application_mode()

        def disable_input(self) -> None:
            if not self.exit_event.is_set() and self._key_thread is not None:
                self.exit_event.set()
                os.write(self._wake_writer, b".")
                self._key_thread.join()
                self._key_thread = None
                os.close(self._wake_writer)
                os.close(self._wake_reader)
                self.exit_event.clear()
            super().disable_input()

        def run_input_thread(self) -> None:
            parser = XTermParser(self._debug)
            decode = getincrementaldecoder("utf-8")("replace").decode
            with selectors.DefaultSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                selector.register(self._wake_reader, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    due = parser._timeout_time  # noqa: SLF001  # when an Esc alone is one
                    ready = selector.select(None if due is None else max(0.0, due - get_time()))
                    if any(key.fd == self.fileno for key, _mask in ready):
                        data = os.read(self.fileno, _READ_BYTES)
                        if not data:
                            break
                        text = decode(data)
                        for event in parser.feed(text) if text else ():
                            self.process_message(event)
                    for event in parser.tick():
                        self.process_message(event)
            try:
                for event in parser.feed(""):
                    self.process_message(event)
            except (EOFError, ParseError):
                pass

    return QuickDriver
