"""A program in a pty, seen as its user sees it: when a key changed the screen, how many bytes that took, what it cost.

A thread reads and notes the time of every read; the emulation runs afterwards, so that its slowness is in no figure.
Linux only (processor time and memory are read from /proc).
"""

from __future__ import annotations

import os
import queue
import re
import select
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import ptyprocess
import pyte

LONGEST_SECONDS = 120.0
# The screen is at rest when nothing came for so long.
QUIET_SECONDS = 0.2
KEYS = {
    "back": "\x7f",
    "down": "\x1b[B",
    "enter": "\r",
    "esc": "\x1b",
    "home": "\x1b[H",
    "pagedown": "\x1b[6~",
    "up": "\x1b[A",
}
# A screen that the terminal shows at once begins so.
_FRAME = b"\x1b[?2026h"
_QUESTION = re.compile(rb"\x1b\[\?(\d+)\$p|\x1b\[0?c|\x1b\[6n")
# What pyte would show as text: strings for the terminal itself, and requests with a private sign in front.
_NOT_SHOWN = re.compile(rb"\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a key, or of the start.

    `first_ms` and `changed_ms` are from the key to the first and the last byte that changed the screen, `list_ms` to
    the last that changed a line outside `Session.beside`; None when nothing did. `cpu_ms` is the processor time of the
    program in the same span, its rest included; `frames` the bytes of each screen that was sent whole (synchronised
    output), in their order.
    """

    first_ms: float | None
    changed_ms: float | None
    number_of_bytes: int
    cpu_ms: float
    frames: tuple[int, ...] = ()
    list_ms: float | None = None


class Session:
    """`command` in a terminal of `columns` x `lines`."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith(("DUESDESK_", "NO_COLOR"))}
        for name in ("TMUX", "STY", "COLUMNS", "LINES"):
            known.pop(name, None)
        known |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1", **(env or {})}
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._rows: list[tuple[object, ...]] = [() for _ in range(lines)]
        self._reads: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self.beside: Collection[int] = ()
        """Lines that follow the list: what is said of the person under the cursor."""
        self._list_changed = False
        self.number_of_bytes = 0
        """All it has written so far."""
        self.started = time.perf_counter()
        self._process = ptyprocess.PtyProcess.spawn(list(command), dimensions=(lines, columns), env=known)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate(force=True)
        self._reader.join(2)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def _read(self) -> None:
        file = self._process.fd
        while True:
            try:
                select.select([file], [], [], 1.0)
                data = os.read(file, 65536)
            except OSError:
                return
            if not data:
                return
            self._reads.put((time.perf_counter(), data))
            self.number_of_bytes += len(data)
            for asked in _QUESTION.finditer(data):
                self._answer(asked)

    def _answer(self, asked: re.Match[bytes]) -> None:
        """As a usual terminal answers: it knows synchronised output (2026), and what it is."""
        answer = b"\x1b[?62;22c" if asked.group().endswith(b"c") else b"\x1b[1;1R"
        if asked.group(1):
            answer = b"\x1b[?%s;%d$y" % (asked.group(1), 2 if asked.group(1) == b"2026" else 0)
        with suppress(OSError):
            os.write(self._process.fd, answer)

    def _feed(self, data: bytes) -> bool:
        """Show what came; whether anything visible changed."""
        self.screen.dirty.clear()
        self._stream.feed(_NOT_SHOWN.sub(b"", data))
        changed = self._list_changed = False
        for number in list(self.screen.dirty):
            if number < len(self._rows):
                line = self.screen.buffer[number]
                row = tuple(line[column] for column in range(self.screen.columns))
                changed |= row != self._rows[number]
                self._list_changed |= row != self._rows[number] and number not in self.beside
                self._rows[number] = row
        return changed

    def _arriving(self, quiet_seconds: float, first_seconds: float) -> Iterator[tuple[float, bytes, bool]]:
        """What arrives (time, bytes, whether the screen changed) until it rests; the first may take longer."""
        patience = first_seconds
        while True:
            try:
                at, data = self._reads.get(timeout=patience)
            except queue.Empty:
                return
            yield at, data, self._feed(data)
            patience = quiet_seconds

    def wait(self, shown: str | Callable[[str], bool]) -> float:
        """Until the screen shows a text, or satisfies a question; seconds since the start of the program."""
        fits = (lambda text: shown in text) if isinstance(shown, str) else shown
        end = time.perf_counter() + LONGEST_SECONDS
        while True:
            try:
                at, data = self._reads.get(timeout=max(0.0, end - time.perf_counter()))
            except queue.Empty:
                raise TimeoutError(f"never shown: {shown}\n{self.text}") from None
            self._feed(data)
            if fits(self.text):
                return at - self.started

    def rest(self, *, since: float | None = None, quiet_seconds: float = QUIET_SECONDS) -> Seen:
        """Wait until the screen is at rest; what came since `since` (the start when None)."""
        base = self.started if since is None else since
        cpu = self.cpu_ms() if since is not None else 0.0
        return self._seen(base, cpu, self._arriving(quiet_seconds, quiet_seconds))

    def press(self, *keys: str, quiet_seconds: float = QUIET_SECONDS, first_seconds: float = 1.0) -> Seen:
        """Send keys (names of `KEYS`, or text) in one go, and wait until the screen is at rest."""
        cpu = self.cpu_ms()
        at = time.perf_counter()
        self.send(*keys)
        return self._seen(at, cpu, self._arriving(quiet_seconds, first_seconds))

    def send(self, *keys: str) -> None:
        """Send keys and wait for nothing."""
        os.write(self._process.fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def _seen(self, since: float, cpu_ms: float, arriving: Iterator[tuple[float, bytes, bool]]) -> Seen:
        changes: list[float] = []
        list_ms = None
        came = b""
        for at, data, changed in arriving:
            came += data
            if changed:
                changes.append((at - since) * 1000)
            if self._list_changed:
                list_ms = (at - since) * 1000
        first_ms, changed_ms = (changes[0], changes[-1]) if changes else (None, None)
        frames = tuple(len(frame) for frame in came.split(_FRAME)[1:])
        return Seen(first_ms, changed_ms, len(came), self.cpu_ms() - cpu_ms, frames, list_ms)

    def idle(self, seconds: float) -> Seen:
        """What happens in `seconds` in which nobody touches a key."""
        cpu, count = self.cpu_ms(), 0
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            with suppress(queue.Empty):
                _, data = self._reads.get(timeout=left)
                count += len(data)
                self._feed(data)
        return Seen(None, None, count, self.cpu_ms() - cpu)

    def cpu_ms(self) -> float:
        """Processor time of the program so far, threads that ended included."""
        folder = Path(f"/proc/{self._process.pid}")
        nanoseconds = 0
        with suppress(OSError):
            for task in (folder / "task").iterdir():
                nanoseconds += int((task / "schedstat").read_text().split()[0])
        ticks = 0
        with suppress(OSError, IndexError):
            ticks = sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
        return max(nanoseconds / 1e6, ticks * 1000 / os.sysconf("SC_CLK_TCK"))

    def memory_mb(self) -> float:
        """The most memory the program has held so far (resident)."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0
