"""A program in a real pty with an emulated screen; waits are for what the screen shows, never for time."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import ptyprocess
import pyte

DEADLINE_SECONDS = 60


class PtySession:
    """Starts `command` in a terminal of this size; `screen` holds what it shows, `raw` all it wrote."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TMUX", "STY", "COLUMNS", "LINES")}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1", **(env or {})}
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.process = ptyprocess.PtyProcess.spawn(list(command), dimensions=(lines, columns), env=environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate(force=True)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def write(self, keys: str) -> None:
        self.process.write(keys.encode())

    def wait(self, until: Callable[[str], bool] | str) -> str:
        """Read until the screen satisfies `until` (a text on it, or a predicate); fails after a minute."""
        check = (lambda text: until in text) if isinstance(until, str) else until
        end = time.monotonic() + DEADLINE_SECONDS
        while not check(self.text):
            left = end - time.monotonic()
            assert left > 0, f"never shown: {until!r}\n{self.text}"
            if not self._read(left):
                assert self.process.isalive(), f"ended without {until!r}\n{self.text}"
        return self.text

    def wait_end(self) -> int:
        """Read to the end of the program; its exit code."""
        end = time.monotonic() + DEADLINE_SECONDS
        while self.process.isalive() and time.monotonic() < end:
            self._read(0.2)
        assert not self.process.isalive(), self.text
        while self._read(0):
            pass
        return int(
            self.process.exitstatus if self.process.exitstatus is not None else -(self.process.signalstatus or 0)
        )

    def _read(self, seconds: float) -> bool:
        ready, _w, _x = select.select([self.process.fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self.process.fd, 65536)
        except OSError:
            return False
        # pyte takes the private end of a kitty request for text.
        self._stream.feed(data.replace(b"\x1b[<u", b"").replace(b"\x1b[>25u", b"").replace(b"\x1b[>1u", b""))
        self.raw += data
        return bool(data)


def small_app_command() -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("small_app.py"))]
