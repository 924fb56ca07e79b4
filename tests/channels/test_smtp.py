"""Whatever a mail server does at whatever moment: it is known whether the notice left, or that nobody can know."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from duesdesk.channels import Message
from duesdesk.channels.smtp import Server, Smtp
from duesdesk.config import Secret
from tests.channels.broken_server import OK, STAGES, BrokenServer

KEY_AND_CERTIFICATE = Path(__file__).with_name("localhost.pem")
NOTICE = Message(
    recipient="ana@example.org",
    recipient_name="Ana Muñoz",
    sender="desk@gym.example",
    sender_name="Aurora Centre",
    subject="Your membership account",
    body="Hola Ana,\n.\n..dots\nFrom here: 12,50 €",
    message_id="<n1.duesdesk@gym.example>",
    written_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)


def channel(port: int, **facts: Any) -> Smtp:
    server = Server("127.0.0.1", port, tls="off", connect_seconds=5, command_seconds=5, answer_seconds=5)
    return Smtp(replace(server, **facts))


TIMES = 20


@pytest.mark.parametrize(("stage", "fault", "state", "hard", "down", "stored"), STAGES)
def test_each_way_a_delivery_ends_is_told_as_what_it_is(
    stage: str, fault: str, state: str, hard: bool, down: bool, stored: int
) -> None:
    server = BrokenServer(stage, fault)
    notice = replace(NOTICE, body="long enough to be cut " * 900) if stage == "during body" else NOTICE
    smtp = channel(server.port, answer_seconds=0.05 if fault == "hang" else 5)
    try:
        for _ in range(TIMES):
            receipt = smtp.deliver(notice)
            assert (receipt.state, receipt.hard_bounce, receipt.channel_down) == (state, hard, down), receipt
    finally:
        server.close()
    assert len(server.stored) == stored * TIMES


@pytest.mark.parametrize("stage", ["banner", "hello", "mail", "rcpt", "data"])
def test_a_silent_server_before_the_body_was_not_handed_anything(stage: str) -> None:
    server = BrokenServer(stage, "hang")
    try:
        receipt = channel(server.port, connect_seconds=0.1, command_seconds=0.1).deliver(NOTICE)
    finally:
        server.close()
    assert receipt.state == "retry"
    assert not server.stored


def test_nobody_listening_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    receipt = channel(port).deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("retry", "smtp-unreachable", True)


def test_an_unknown_host_is_our_trouble_and_tried_again() -> None:
    receipt = channel(25, host="no-such-host.invalid").deliver(NOTICE)
    assert (receipt.state, receipt.channel_down) == ("retry", True)


def test_what_the_server_says_reaches_the_screen_clean() -> None:
    server = BrokenServer("rcpt", "550 \x1b]0;x\x07no \u202euser " + "x" * 400)
    try:
        receipt = channel(server.port).deliver(NOTICE)
    finally:
        server.close()
    assert receipt.code == "smtp-rcpt-550"
    assert receipt.detail.startswith("550 ]0;xno user xxx")
    assert len(receipt.detail) <= 200


def test_a_bad_recipient_never_reaches_the_server() -> None:
    server = BrokenServer("none", "")
    try:
        receipt = channel(server.port).deliver(replace(NOTICE, recipient="a@x.io, b@x.io"))
        assert channel(server.port).deliver(NOTICE).state == "sent"
    finally:
        server.close()
    assert (receipt.state, receipt.hard_bounce) == ("failed", True)
    assert server.commands[1:3] == ["mail FROM:<desk@gym.example>", "rcpt TO:<ana@example.org>"]
    assert len(server.stored) == 1


def test_letters_outside_ascii_in_an_address_need_a_server_that_takes_them() -> None:
    server = BrokenServer("none", "")
    try:
        receipt = channel(server.port).deliver(replace(NOTICE, recipient="josé@example.org"))
    finally:
        server.close()
    assert (receipt.state, receipt.code) == ("failed", "smtp-no-utf8-addresses")
    assert not server.stored


class Mailbox:
    """What a real server took over."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return OK

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def serve(mailbox: Mailbox, **options: Any) -> Controller:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True, **options)
    controller.start()
    return controller


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def plain(mailbox: Mailbox) -> Iterator[int]:
    controller = serve(mailbox, authenticator=mailbox.log_in, auth_require_tls=False)
    yield controller.port
    controller.stop()


@pytest.fixture
def secret(mailbox: Mailbox) -> Iterator[int]:
    """A server that speaks STARTTLS and asks for a login."""
    controller = serve(
        mailbox,
        tls_context=server_context(),
        require_starttls=True,
        authenticator=mailbox.log_in,
        auth_required=True,
    )
    yield controller.port
    controller.stop()


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEY_AND_CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(KEY_AND_CERTIFICATE))


def test_a_real_server_gets_the_notice_for_one_person_as_it_was_shown(plain: int, mailbox: Mailbox) -> None:
    receipt = channel(plain).deliver(NOTICE)
    assert (receipt.state, receipt.code) == ("sent", "smtp-body-250")
    (envelope,) = mailbox.envelopes
    assert envelope.mail_from == "desk@gym.example"
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert isinstance(envelope.content, bytes)
    got: Any = email.message_from_bytes(envelope.content, policy=default)
    assert got.get_content().replace("\r\n", "\n") == NOTICE.body + "\n"
    assert got["To"] == "Ana Muñoz <ana@example.org>"
    assert got["From"] == "Aurora Centre <desk@gym.example>"
    assert got["Subject"] == NOTICE.subject
    assert got["Message-ID"] == NOTICE.message_id
    assert got["Date"].datetime == NOTICE.written_at


def test_a_second_try_carries_the_same_message_id(plain: int, mailbox: Mailbox) -> None:
    for _ in range(2):
        channel(plain).deliver(NOTICE)
    ids = [email.message_from_bytes(envelope.content)["Message-ID"] for envelope in mailbox.envelopes]  # type: ignore[arg-type]
    assert ids == [NOTICE.message_id] * 2


def test_an_address_in_other_letters_goes_through_a_server_that_takes_them(plain: int, mailbox: Mailbox) -> None:
    receipt = channel(plain).deliver(replace(NOTICE, recipient="josé@example.org"))
    assert receipt.state == "sent"
    assert mailbox.envelopes[0].rcpt_tos == ["josé@example.org"]


def test_a_domain_in_other_letters_is_written_in_ascii(plain: int, mailbox: Mailbox) -> None:
    assert channel(plain).deliver(replace(NOTICE, recipient="ana@müller.example")).state == "sent"
    assert mailbox.envelopes[0].rcpt_tos == ["ana@xn--mller-kva.example"]


@pytest.mark.parametrize(
    "facts",
    [
        {"recipient_name": "x\r\nBcc: evil@x.org"},
        {"recipient_name": "=?utf-8?q?a=0D=0ABcc:_evil@x.org?="},
        {"subject": "=?utf-8?b?DQpCY2M6IGV2aWxAeC5vcmc=?="},
        {"subject": "x\r\n.\r\nMAIL FROM:<evil@x.org>"},
        {"body": "x\r\n.\r\nMAIL FROM:<evil@x.org>\r\nRCPT TO:<evil@x.org>\r\nDATA\r\nevil\r\n.\r\n"},
        {"body": "x\n.\nQUIT\n"},
        {"recipient_name": '", evil@x.org, "'},
    ],
)
def test_nothing_written_by_others_becomes_a_command_a_header_or_a_recipient(
    plain: int, mailbox: Mailbox, facts: dict[str, str]
) -> None:
    notice = replace(NOTICE, **facts)  # type: ignore[arg-type]
    assert channel(plain).deliver(notice).state == "sent"
    (envelope,) = mailbox.envelopes
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert isinstance(envelope.content, bytes)
    got: Any = email.message_from_bytes(envelope.content, policy=default)
    assert got["Bcc"] is None
    assert [person.addr_spec for person in got["To"].addresses] == ["ana@example.org"]


def test_with_starttls_the_certificate_is_checked_and_the_login_is_inside(secret: int, mailbox: Mailbox) -> None:
    told = {"tls": "starttls", "user": "desk", "password": Secret("right")}
    receipt = channel(secret, context=trusting(), **told).deliver(NOTICE)
    assert receipt.state == "sent"
    assert mailbox.logins == [(b"desk", b"right")]


def test_a_certificate_nobody_vouches_for_stops_the_channel_before_the_login(secret: int, mailbox: Mailbox) -> None:
    receipt = channel(secret, tls="starttls", user="desk", password=Secret("right")).deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-certificate", True)
    assert not mailbox.logins
    assert not mailbox.envelopes


def test_a_wrong_password_stops_the_channel_and_is_not_told(secret: int, mailbox: Mailbox) -> None:
    told = {"tls": "starttls", "user": "desk", "password": Secret("canary")}
    receipt = channel(secret, context=trusting(), **told).deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-login-535", True)
    assert "canary" not in repr(receipt)
    assert not mailbox.envelopes


def test_starttls_is_never_left_out_because_the_server_does_not_offer_it(plain: int, mailbox: Mailbox) -> None:
    receipt = channel(plain, tls="starttls", context=trusting()).deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-no-starttls", True)
    assert not mailbox.envelopes


@pytest.mark.parametrize(("trusted", "state"), [(True, "sent"), (False, "failed")])
def test_tls_from_the_first_byte(mailbox: Mailbox, trusted: bool, state: str) -> None:
    controller = serve(mailbox, ssl_context=server_context())
    try:
        receipt = channel(controller.port, tls="tls", context=trusting() if trusted else None).deliver(NOTICE)
    finally:
        controller.stop()
    assert receipt.state == state
    assert len(mailbox.envelopes) == trusted


def test_a_password_is_not_sent_in_clear_to_another_machine(plain: int, mailbox: Mailbox) -> None:
    told = {"user": "desk", "password": Secret("right")}
    assert channel(plain, **told).deliver(NOTICE).state == "sent"
    # An address of this machine that is none of its own names: as far as can be told, another machine.
    receipt = channel(plain, host="0.0.0.0", **told).deliver(NOTICE)  # noqa: S104
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-password-in-clear", True)
    assert len(mailbox.logins) == 1


def test_a_login_without_its_password_is_our_trouble(plain: int) -> None:
    receipt = channel(plain, user="desk").deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-password-missing", True)


def test_a_server_without_login_is_our_trouble() -> None:
    server = BrokenServer("none", "")
    try:
        receipt = channel(server.port, user="desk", password=Secret("x")).deliver(NOTICE)
    finally:
        server.close()
    assert (receipt.state, receipt.code, receipt.channel_down) == ("failed", "smtp-no-login", True)


def test_a_password_no_login_can_carry_is_our_trouble_and_not_told(plain: int) -> None:
    receipt = channel(plain, user="desk", password=Secret("canarñ")).deliver(NOTICE)
    assert (receipt.state, receipt.code) == ("failed", "smtp-no-login")
    assert "canar" not in repr(receipt)
