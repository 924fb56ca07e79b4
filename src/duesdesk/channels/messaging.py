"""Text messages and messengers through apprise: one message to one person, and what became of it.

Apprise answers yes, no or "took too long". A no may be a refusal, a line that was never opened, or a line that broke
after the message was handed over: its log tells them apart. What cannot be told apart is `unsure`, and is never sent
again by itself.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duesdesk.channels.base import Message, Receipt
from duesdesk.channels.gateways import RECIPIENTS, Service
from duesdesk.config import Secret
from duesdesk.domain.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TEXT = 4_000
# A service that is still thinking after this many seconds may have sent it: waiting on would change nothing.
ANSWER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
# The library must not take a slow answer for a refusal: its own patience is longer than ours.
_READ_SECONDS = 2.0

_TRACE = "apprise"
_NEVER_SENT = re.compile(
    r"NewConnectionError|Failed to establish a new connection|NameResolutionError|ConnectTimeoutError|ProxyError"
)
_NOT_TRUSTED = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|certificate verify failed")
_LINE_BROKE = re.compile(r"Socket Exception")
_ANSWERED = re.compile(r"\berror=(\d{3,5})\b")
_LATER, _OURS = (408, 425, 429, 503), (401, 402, 403, 404, 405, 407)
# 500 and its kin may come after the message was taken over.
_NOBODY_KNOWS = (500, 502, 504)
# Twilio's own numbers (https://www.twilio.com/docs/api/errors): no such number, no mobile, and "answered STOP".
_DEAD_NUMBERS = (21211, 21214, 21217, 21610, 21614)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A channel that goes through one service of apprise. `name` is that of the channel: sms, whatsapp ..."""

    name: str
    service: Service
    user: str = ""
    sender: str = ""
    secret: Secret | None = None
    host: str = ""
    port: int | None = None
    tls: bool = True
    template: str = ""
    answer_seconds: float = ANSWER_SECONDS
    connect_seconds: float = CONNECT_SECONDS

    def deliver(self, message: Message) -> Receipt:
        """Hand the message to the service. `unsure` when nobody can tell whether it took it over."""
        text = clean_text(message.body, max_length=LONGEST_TEXT, lines=True)
        if not text:
            return Receipt("failed", "text-missing")
        if not RECIPIENTS[self.name].fullmatch(message.recipient):
            return Receipt("failed", "address-refused", clean_text(message.recipient), hard_bounce=True)
        import apprise  # imported late: start-up

        _be_quiet()
        asset = apprise.AppriseAsset(service_timeout=self.answer_seconds, secure_logging=True)
        made = apprise.Apprise.instantiate(self._fields(message, text), asset=asset)
        if made is None:
            return Receipt("failed", f"{self.name}-settings", channel_down=True)
        if not _goes_to(made, self.service, message.recipient):
            return Receipt("failed", "address-refused", message.recipient, hard_bounce=True)
        line = apprise.Apprise(asset=asset)
        line.add(made)
        title = clean_text(message.subject) if self.name == "push" else ""
        result = line.notify(body=text, title=title, body_format="text", log_level=logging.DEBUG)
        logs = [entry.message for one in result for attempt in one.attempts for entry in attempt.logs]
        return self._receipt(result.status.name, logs)

    def _fields(self, message: Message, text: str) -> dict[str, Any]:
        service = self.service
        schema = f"{service.schema}s" if service.own_host and self.tls else service.schema
        fields: dict[str, Any] = {
            "schema": schema,
            "cto": self.connect_seconds,
            "rto": self.answer_seconds + _READ_SECONDS,
            "redirect": "no",
            "verify": "yes",
            **service.fixed,
        }
        recipient = f"{service.prefix}{message.recipient}"
        fields[service.recipient] = [recipient] if service.recipient == "targets" else recipient
        told = (
            (service.user, self.user),
            (service.secret, self.secret.reveal() if self.secret else ""),
            (service.sender, f"{service.prefix}{self.sender}" if self.sender else ""),
        )
        fields |= {name: value for name, value in told if name and value}
        if service.own_host:
            fields |= {"host": self.host, "port": self.port} if self.host else {"mode": "cloud"}
        if service.base_host:
            fields["host"] = self.host
        if self.template:
            # Meta takes no line ends in what fills a placeholder.
            one_line = " ".join(text.split())
            fields |= {"template": self.template, "language": message.language, "template_mapping": {"1": one_line}}
        return fields

    def _receipt(self, status: str, logs: Sequence[str]) -> Receipt:
        if status == "SUCCESS":
            return Receipt("sent", f"{self.name}-accepted")
        if status == "NOMATCH":
            return Receipt("failed", f"{self.name}-settings", channel_down=True)
        if status != "FAILURE":
            return Receipt("unsure", f"{self.name}-no-answer")
        told = "\n".join(logs)
        if _NOT_TRUSTED.search(told):
            return Receipt("failed", f"{self.name}-certificate", channel_down=True)
        if _NEVER_SENT.search(told):
            return Receipt("retry", f"{self.name}-unreachable", channel_down=True)
        answered = _ANSWERED.search(told)
        if answered is None or _LINE_BROKE.search(told):
            return Receipt("unsure", f"{self.name}-no-answer")
        return self._refused(int(answered[1]))

    def _refused(self, code: int) -> Receipt:
        name = f"{self.name}-{code}"
        if code in _LATER:
            return Receipt("retry", name, channel_down=code in (429, 503))
        if code in _NOBODY_KNOWS:
            return Receipt("unsure", name)
        return Receipt("failed", name, hard_bounce=code in _DEAD_NUMBERS, channel_down=code in _OURS)


def _goes_to(made: Any, service: Service, recipient: str) -> bool:  # noqa: ANN401  # a plugin of apprise, untyped
    """Whether the plugin took exactly our recipient: one it cannot read it drops, and some then write to themselves."""
    if service.recipient != "targets":
        return getattr(made, service.recipient, None) == recipient
    held = [target for name in ("targets", "target_phones", "topics") for target in _flat(getattr(made, name, None))]
    return len(made) == 1 and len(held) == 1 and _same(held[0], recipient)


def _flat(targets: Any) -> list[object]:  # noqa: ANN401  # as the plugin keeps them
    """The targets of a plugin, one by one; some sort them by kind."""
    if isinstance(targets, dict):
        return [target for some in targets.values() for target in some]
    return list(targets or ())


def _same(target: object, recipient: str) -> bool:
    # Some plugins keep (kind, number) or (chat, topic), and most leave the plus out.
    parts = target if isinstance(target, tuple) else (target,)
    return any(str(part).lstrip("+") == recipient.lstrip("+") for part in parts)


def _be_quiet() -> None:
    """Nothing of a message reaches a log file or the screen; the log is read here, and nowhere else."""
    log = logging.getLogger(_TRACE)
    log.propagate = False
    log.setLevel(logging.DEBUG)
