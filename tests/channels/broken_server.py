"""A mail server that does one thing wrong at one moment, and all the moments there are."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

OK = "250 OK"

# stage, what the server does, the state, hard bounce, whole channel in trouble, messages the server stored
STAGES = [
    ("banner", "drop", "retry", False, True, 0),
    ("banner", "554 no service", "failed", False, True, 0),
    ("banner", "421 busy", "retry", False, True, 0),
    ("hello", "drop", "retry", False, False, 0),
    ("hello", "550 not you", "failed", False, True, 0),
    ("mail", "drop", "retry", False, False, 0),
    ("mail", "451 later", "retry", False, True, 0),
    ("mail", "550 sender unknown", "failed", False, True, 0),
    ("rcpt", "drop", "retry", False, False, 0),
    ("rcpt", "450 greylisted", "retry", False, False, 0),
    ("rcpt", "421 closing", "retry", False, False, 0),
    ("rcpt", "550 no such user", "failed", True, False, 0),
    ("rcpt", "550 5.1.1 no such user", "failed", True, False, 0),
    ("rcpt", "553 5.1.3 bad address", "failed", True, False, 0),
    ("rcpt", "550 5.7.1 relaying denied", "failed", False, False, 0),
    ("rcpt", "552 5.2.2 mailbox full", "failed", False, False, 0),
    ("rcpt", "nonsense", "retry", False, False, 0),
    ("data", "drop", "retry", False, False, 0),
    ("data", "451 later", "retry", False, False, 0),
    ("data", "554 no", "failed", False, False, 0),
    ("during body", "drop", "unsure", False, False, 0),
    ("body", "452 disk full", "retry", False, False, 0),
    ("body", "554 looks like spam", "failed", False, False, 0),
    ("body", "drop", "unsure", False, False, 1),
    ("body", "hang", "unsure", False, False, 1),
    ("body", "nonsense", "unsure", False, False, 1),
    ("body", "354 what", "unsure", False, False, 1),
    ("quit", "drop", "sent", False, False, 1),
    ("quit", "500 no", "sent", False, False, 1),
    ("none", "", "sent", False, False, 1),
]


class BrokenServer:
    """An SMTP server that does one thing wrong: at a stage it answers something, drops the line, or falls silent."""

    def __init__(self, stage: str, fault: str) -> None:
        self.stage, self.fault = stage, fault
        self.stored: list[bytes] = []
        self.commands: list[str] = []
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def next_fault(self) -> None:
        """Called before each line is answered; another server may do something else wrong on each."""

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            self.next_fault()
            with line, suppress(OSError, EOFError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(5)
        self._answer(line, "banner", "220 mail.example.org")
        while True:
            command = self._read(line, b"\r\n").decode()
            self.commands.append(command.strip())
            verb = command[:4].upper().strip()
            if verb == "DATA":
                if self._answer(line, "data", "354 go on").startswith("354"):
                    self._body(line)
            else:
                good = "250-mail.example.org\r\n250 HELP" if verb == "EHLO" else OK
                self._answer(line, {"EHLO": "hello", "HELO": "hello"}.get(verb, verb.lower()), good)
            if verb == "QUIT":
                return

    def _body(self, line: socket.socket) -> None:
        if self.stage == "during body":
            line.recv(10)
            raise EOFError
        body = self._read(line, b"\r\n.\r\n")
        if self.stage == "body" and self.fault[:1] in "45":
            self._answer(line, "body", OK)
            return
        self.stored.append(body)
        self._answer(line, "body", OK)

    def _answer(self, line: socket.socket, stage: str, good: str) -> str:
        answer = self.fault if stage == self.stage else good
        if answer == "drop":
            raise EOFError
        if answer == "hang":
            line.recv(1000)
            raise EOFError
        line.sendall(answer.encode() + b"\r\n")
        return answer

    def _read(self, line: socket.socket, end: bytes) -> bytes:
        got = b""
        while not got.endswith(end):
            part = line.recv(1 if end == b"\r\n" else 65536)
            if not part:
                raise EOFError
            got += part
        return got
