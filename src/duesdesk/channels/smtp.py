"""E-mail by SMTP, driven command by command, so that it is known how far a message came when something breaks.

Before the server has said "go on" to DATA nothing was handed over, and it may be tried again. From the first byte of
the body to the server's answer nobody can tell: a server may have stored the message and lost the line before it said
so. Such a message is `unsure` and is never sent again by itself.
"""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from duesdesk.channels.base import Message, Receipt, State
from duesdesk.channels.mail import Mail, build
from duesdesk.channels.spool import unfit
from duesdesk.config import Secret
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text

_DOT_LINE = re.compile(rb"^\.", re.MULTILINE)
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3})\.\d{1,3}\b")
# The mailbox is not there: RFC 5321 550, 551, 553; with an enhanced code (RFC 3463) only if it speaks of the address.
_DEAD_ADDRESS = (550, 551, 553)
_ABOUT_ADDRESS = "1"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to speak to it. `tls` is off, starttls or tls; times are seconds."""

    host: str
    port: int
    tls: str = "starttls"
    user: str = ""
    password: Secret | None = None
    connect_seconds: float = 30
    command_seconds: float = 60
    answer_seconds: float = 600
    """RFC 5321 asks for ten minutes: giving up earlier is how people get a message twice."""
    context: ssl.SSLContext | None = None
    """Whom to trust; None for the certificates of the operating system."""


class _Ended(Exception):
    """A delivery that ends here; not an error."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.code)
        self.receipt = receipt


class Smtp:
    """Sends through one server; every message has a line of its own."""

    name = "smtp"

    def __init__(self, server: Server) -> None:
        self.server = server

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to the server. `unsure` when the line broke after the body began."""
        try:
            mail = build(message)
        except BadInput as error:
            return unfit(error, message)
        try:
            line = self._connect(mail)
        except _Ended as ended:
            return ended.receipt
        try:
            self._greet(line)
            self._address(line, mail)
            _expect(line.docmd("DATA"), "data", good=(354,))
        except _Ended as ended:
            return ended.receipt
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return _lost("retry", "smtp-lost", error)
        else:
            return self._hand_over(line, mail)
        finally:
            _hang_up(line)

    def _connect(self, mail: Mail) -> smtplib.SMTP:
        server = self.server
        own_name = mail.sender.rpartition("@")[2]
        own_name = own_name if own_name.isascii() else "localhost"
        try:
            if server.tls == "tls":
                return smtplib.SMTP_SSL(
                    server.host, server.port, own_name, timeout=server.connect_seconds, context=self._context()
                )
            return smtplib.SMTP(server.host, server.port, own_name, timeout=server.connect_seconds)
        except smtplib.SMTPConnectError as error:
            raise _Ended(_receipt("banner", error.smtp_code, error.smtp_error, ours=True)) from error
        except ssl.SSLCertVerificationError as error:
            raise _Ended(_down("failed", "smtp-certificate", error.verify_message)) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Not reached, or the line was cut before the server said a word.
            raise _Ended(_lost("retry", "smtp-unreachable", error, channel_down=True)) from error

    def _greet(self, line: smtplib.SMTP) -> None:
        server = self.server
        if line.sock is not None:
            line.sock.settimeout(server.command_seconds)
        _hello(line)
        if server.tls == "starttls":
            if not line.has_extn("starttls"):
                raise _Ended(_down("failed", "smtp-no-starttls"))
            try:
                _expect(line.starttls(context=self._context()), "starttls", ours=True)
            except ssl.SSLCertVerificationError as error:
                raise _Ended(_down("failed", "smtp-certificate", error.verify_message)) from error
            except smtplib.SMTPResponseException as error:
                raise _Ended(_receipt("starttls", error.smtp_code, error.smtp_error, ours=True)) from error
            _hello(line)
        if server.user:
            self._log_in(line)

    def _log_in(self, line: smtplib.SMTP) -> None:
        server = self.server
        if server.password is None:
            raise _Ended(_down("failed", "smtp-password-missing"))
        if server.tls == "off" and not _is_this_machine(server.host):
            raise _Ended(_down("failed", "smtp-password-in-clear"))
        try:
            line.login(server.user, server.password.reveal())
        except smtplib.SMTPAuthenticationError as error:
            raise _Ended(_receipt("login", error.smtp_code, error.smtp_error, ours=True)) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except (smtplib.SMTPException, ValueError):
            # No way to log in that both sides know, or a password that none of them can carry.
            raise _Ended(_down("failed", "smtp-no-login")) from None

    def _address(self, line: smtplib.SMTP, mail: Mail) -> None:
        options: list[str] = []
        if mail.needs_utf8:
            if not line.has_extn("smtputf8"):
                raise _Ended(Receipt("failed", "smtp-no-utf8-addresses", mail.recipient))
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            line.command_encoding = "utf-8"
        _expect(line.mail(mail.sender, options), "mail", ours=True)
        _expect(line.rcpt(mail.recipient), "rcpt", good=(250, 251))

    def _hand_over(self, line: smtplib.SMTP, mail: Mail) -> Receipt:
        content = _DOT_LINE.sub(b"..", mail.content)
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        try:
            line.send(content + b".\r\n")
            if line.sock is not None:
                line.sock.settimeout(self.server.answer_seconds)
            code, said = line.getreply()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return _lost("unsure", "smtp-no-answer", error)
        if not 200 <= code <= 599 or 300 <= code <= 399:
            return Receipt("unsure", "smtp-answer-unreadable", _told(code, said))
        return _receipt("body", code, said)

    def _context(self) -> ssl.SSLContext:
        return self.server.context or ssl.create_default_context()


def _hello(line: smtplib.SMTP) -> None:
    try:
        line.ehlo_or_helo_if_needed()
    except smtplib.SMTPHeloError as error:
        raise _Ended(_receipt("hello", error.smtp_code, error.smtp_error, ours=True)) from error


def _expect(answer: tuple[int, bytes], stage: str, *, good: tuple[int, ...] = (), ours: bool = False) -> None:
    code, said = answer
    if code in good or (not good and 200 <= code <= 299):
        return
    raise _Ended(_receipt(stage, code, said, ours=ours))


def _receipt(stage: str, code: int, said: bytes | str, *, ours: bool = False) -> Receipt:
    """What the server's answer means. `ours` marks stages that have nothing to do with the recipient."""
    detail = _told(code, said)
    name = f"smtp-{stage}-{code}"
    if stage == "body" and 200 <= code <= 299:
        return Receipt("sent", name, detail)
    if 500 <= code <= 599:
        enhanced = _ENHANCED.search(detail)
        about_address = enhanced is None or enhanced[1] == _ABOUT_ADDRESS
        dead = stage == "rcpt" and code in _DEAD_ADDRESS and about_address
        return Receipt("failed", name, detail, hard_bounce=dead, channel_down=ours, in_doubt=dead and enhanced is None)
    return Receipt("retry", name if code > 0 else f"smtp-{stage}-unreadable", detail, channel_down=ours)


def _down(state: State, code: str, detail: str = "") -> Receipt:
    return Receipt(state, code, clean_text(detail), channel_down=True)


def _lost(state: State, code: str, error: Exception, *, channel_down: bool = False) -> Receipt:
    return Receipt(state, code, clean_text(str(error)), channel_down=channel_down)


def _told(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return clean_text(f"{code} {text}" if code > 0 else text)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _hang_up(line: smtplib.SMTP) -> None:
    """Says goodbye; by now the fate of the message is known, and nothing said here changes it."""
    with suppress(OSError, smtplib.SMTPException, ValueError):
        if line.sock is not None:
            line.sock.settimeout(5)
            line.quit()
    with suppress(OSError):
        line.close()
