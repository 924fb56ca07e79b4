"""Text messages through a real gateway on this machine: one message to one person, and what became of it is known."""

from __future__ import annotations

import base64
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from duesdesk import channels, config
from duesdesk.channels import Message
from duesdesk.channels.gateways import SERVICES, Service
from duesdesk.channels.messaging import Gateway, _goes_to
from duesdesk.config import Secret
from duesdesk.known_settings import KNOWN

NUMBER = "+34600111222"
NOTICE = Message(
    recipient=NUMBER,
    sender="desk@gym.example",
    subject="Your membership account",
    body="Hola Ana: 12,50 € <b>&\nAurora Centre",
    message_id="<n1.duesdesk@gym.example>",
    written_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    language="es",
)


class Provider(ThreadingHTTPServer):
    """A gateway that answers as it is told: a status, `drop`, or `hang`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answer = "201"
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def texts(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.got]


class _Answer(BaseHTTPRequestHandler):
    server: Provider
    protocol_version = "HTTP/1.1"
    codes: ClassVar[dict[str, bytes]] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        answer = self.server.answer
        if answer == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if answer == "hang":
            self.server.over.wait(10)
            self.close_connection = True
            return
        status = int(answer[:3])
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.port}/elsewhere")
        told = answer[4:].encode() or b"{}"
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.over.set()
    running.shutdown()
    running.server_close()


def signal(port: int, **facts: Any) -> Gateway:
    made = Gateway(
        "signal", SERVICES["signal"]["signal-api"], sender="+34600000000", host="127.0.0.1", port=port, tls=False,
        answer_seconds=5, connect_seconds=1,
    )  # fmt: skip
    return replace(made, **facts)


def test_one_person_gets_the_text_as_it_was_shown_once(provider: Provider) -> None:
    assert signal(provider.port).deliver(NOTICE).state == "sent"
    (got,) = provider.texts()
    assert (got["recipients"], got["message"], got["number"]) == ([NUMBER], NOTICE.body, "+34600000000")


# what the service does, the state, hard bounce, whole channel in trouble
ANSWERS = [
    ("200", "sent", False, False),
    ("201", "sent", False, False),
    ("400", "failed", False, False),
    ("401", "failed", False, True),
    ("403", "failed", False, True),
    ("404", "failed", False, True),
    ("408", "retry", False, False),
    ("429", "retry", False, True),
    ("503", "retry", False, True),
    ("500", "unsure", False, False),
    ("502", "unsure", False, False),
    ("504", "unsure", False, False),
    ("drop", "unsure", False, False),
    ("hang", "unsure", False, False),
]


@pytest.mark.parametrize(("answer", "state", "hard", "down"), ANSWERS)
def test_each_answer_is_told_as_what_it_is(provider: Provider, answer: str, state: str, hard: bool, down: bool) -> None:
    provider.answer = answer
    receipt = signal(provider.port, answer_seconds=0.5 if answer == "hang" else 5).deliver(NOTICE)
    assert (receipt.state, receipt.hard_bounce, receipt.channel_down) == (state, hard, down), receipt
    assert len(provider.got) == 1


def test_a_gateway_that_is_not_there_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    receipt = signal(port).deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.channel_down) == ("retry", "signal-unreachable", True)
    assert signal(80, host="no-such-host.invalid").deliver(NOTICE).state == "retry"


def test_a_redirection_is_not_followed(provider: Provider) -> None:
    provider.answer = "307"
    receipt = signal(provider.port).deliver(NOTICE)
    assert receipt.state == "failed"
    assert [path for path, _, _ in provider.got] == ["/v2/send"]


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "not a number",
        "+34600111222,+34600333444",
        "+34600111222 +34600333444",
        "group.abc",
        "@everybody",
        "+34600111222/../../admin",
        "+1?to=+34600333444",
        "https://evil.example/",
        "34\r\nX-Evil: 1",
    ],
)
def test_a_number_that_is_none_or_several_reaches_nobody(provider: Provider, hostile: str) -> None:
    receipt = signal(provider.port).deliver(replace(NOTICE, recipient=hostile))
    assert (receipt.state, receipt.hard_bounce) == ("failed", True)
    assert provider.got == []


def twilio(prefix: str = "") -> Gateway:
    service = SERVICES["whatsapp" if prefix else "sms"]["twilio"]
    return Gateway("whatsapp" if prefix else "sms", service, "AC0123456789abcdef", "+34600000000", Secret("canary77"))


@pytest.fixture
def twilio_here(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Twilio's own address leads to the provider of this test."""
    from apprise.plugins.twilio import NotifyTwilio

    monkeypatch.setattr(NotifyTwilio, "notify_sms_url", f"http://127.0.0.1:{provider.port}/{{sid}}/Messages.json")
    return provider


def test_a_text_message_goes_through_twilio_with_the_secret_in_its_header_alone(twilio_here: Provider) -> None:
    assert twilio().deliver(NOTICE).state == "sent"
    ((path, headers, body),) = twilio_here.got
    assert path == "/AC0123456789abcdef/Messages.json"
    assert base64.b64decode(headers["Authorization"].split()[1]) == b"AC0123456789abcdef:canary77"
    assert b"canary77" not in body
    assert b"To=%2B34600111222" in body


def test_whatsapp_through_twilio_says_so_on_both_ends(twilio_here: Provider) -> None:
    assert twilio("w:").deliver(NOTICE).state == "sent"
    body = twilio_here.got[0][2]
    assert b"From=whatsapp%3A%2B34600000000" in body
    assert b"To=whatsapp%3A%2B34600111222" in body


@pytest.mark.parametrize("code", [21211, 21610])
def test_a_number_that_twilio_calls_dead_is_dead(twilio_here: Provider, code: int) -> None:
    twilio_here.answer = f'400 {{"code": {code}, "message": "no"}}'
    receipt = twilio().deliver(NOTICE)
    assert (receipt.state, receipt.code, receipt.hard_bounce) == ("failed", f"sms-{code}", True)


def test_whatsapp_at_meta_fills_the_one_placeholder_of_the_approved_template(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.whatsapp import NotifyWhatsApp

    monkeypatch.setattr(NotifyWhatsApp, "notify_url", f"http://127.0.0.1:{provider.port}/{{phone_id}}/messages")
    service = SERVICES["whatsapp"]["cloud"]
    made = Gateway("whatsapp", service, "", "1234567", Secret("canary77"), template="dues_notice")
    assert made.deliver(NOTICE).state == "sent"
    (got,) = provider.texts()
    assert got["to"].lstrip("+") == NUMBER.lstrip("+")
    assert got["template"]["name"] == "dues_notice"
    assert got["template"]["language"]["code"] == "es"
    (component,) = got["template"]["components"]
    assert [one["text"] for one in component["parameters"]] == ["Hola Ana: 12,50 € <b>& Aurora Centre"]


def test_nothing_of_a_message_or_secret_reaches_a_log(
    twilio_here: Provider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    twilio_here.answer = "500"
    with caplog.at_level(logging.DEBUG):
        receipt = twilio().deliver(NOTICE)
    out, err = capfd.readouterr()
    told = caplog.text + out + err + repr(receipt) + repr(twilio())
    assert "canary77" not in told
    assert "600111222" not in told


def built(name: str, chosen: str, service: Service, recipient: str) -> Any:
    import apprise

    gateway = Gateway(
        name, service, "AC0123456789abcdef", "app1234567" if name == "push" else "+34600000000",
        Secret("0123456789abcdef"),
        host="127.0.0.1" if service.own_host else "abc.api.infobip.com", port=8080 if service.own_host else None,
    )  # fmt: skip
    if name == "telegram":
        gateway = replace(gateway, secret=Secret("123456789:abcdefghijklmnopqrstuvwxyz123456789"))
    if chosen == "messagebird":
        gateway = replace(gateway, secret=Secret("a" * 25))
    if chosen == "plivo":
        gateway = replace(gateway, user="a" * 20, secret=Secret("b" * 30))
    if service.template:
        gateway = replace(gateway, sender="1234567", template="dues")
    fields = gateway._fields(replace(NOTICE, recipient=recipient), "text")
    return apprise.Apprise.instantiate(fields, suppress_exceptions=False)


RECIPIENTS = {"telegram": "987654321", "push": "abcdefghij0123456789abcdefghij"}


@pytest.mark.parametrize(("name", "chosen"), [(name, chosen) for name, some in SERVICES.items() for chosen in some])
def test_every_service_is_built_from_its_fields_for_exactly_one_person(name: str, chosen: str) -> None:
    recipient = RECIPIENTS.get(name, NUMBER)
    service = SERVICES[name][chosen]
    made = built(name, chosen, service, recipient)
    assert _goes_to(made, service, recipient), (made.url(privacy=False), len(made))
    assert made.redirects is False
    assert made.verify_certificate is True


def test_the_choices_of_the_settings_are_the_services_there_are() -> None:
    for name, some in SERVICES.items():
        assert set(KNOWN[f"{name}.gateway"].choices) == {"off", *some}


def test_a_gateway_is_made_of_settings_and_secrets_and_lacks_what_it_lacks(tmp_path: Path) -> None:
    def lacks(**values: str) -> str:
        for key, value in values.items():
            config.write(tmp_path, f"sms.{key}", value)
        return channels.missing("sms", config.load({"DUESDESK_HOME": str(tmp_path)}))

    assert lacks() == "sms.gateway"
    assert lacks(gateway="twilio") == "sms.user"
    assert lacks(user="AC1") == "sms.from"
    assert lacks(**{"from": "+34600000000"}) == "sms.secret"
    settings = config.load({"DUESDESK_HOME": str(tmp_path), "DUESDESK_SMS_SECRET": "canary77"})
    made = channels.channel("sms", settings)
    assert isinstance(made, Gateway)
    assert "canary77" not in repr(made) + repr(settings)


def test_a_slow_answer_does_not_make_the_desk_wait_longer_than_it_says(provider: Provider) -> None:
    provider.answer = "hang"
    begun = time.monotonic()
    assert signal(provider.port, answer_seconds=0.3).deliver(NOTICE).state == "unsure"
    assert time.monotonic() - begun < 5
