"""Ways to reach people. A new one is a module with a `Channel` and one line in `WAYS`.

Everything that a channel needs comes from this machine's settings and secrets. A channel that lacks some of it is not
set up: nobody is written to by it, and `missing` names what it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import NamedTuple

from duesdesk.channels.base import Channel, Message, Receipt, State
from duesdesk.config import Settings
from duesdesk.domain.errors import BadInput

__all__ = [
    "WAYS", "Channel", "Message", "Receipt", "State", "channel", "email_sender", "id_sender", "is_handle", "missing",
    "warning",
]  # fmt: skip

_NOBODY = "desk@localhost"


class Way(NamedTuple):
    """One way to reach people: what it lacks (a setting's key, '' for nothing), and how it is made without a lack.

    `by_hand` ways are not delivered by a program: letters go to the printer, a word is said at the desk.
    """

    missing: Callable[[Settings], str]
    make: Callable[[Settings], Channel] | None = None

    @property
    def by_hand(self) -> bool:
        """Whether people bring it."""
        return self.make is None


def _email_missing(settings: Settings) -> str:
    if settings.text("email.transport") == "spool":
        return ""
    lacking = next((key for key in ("email.host", "email.from") if not settings.text(key)), "")
    no_password = settings.text("email.user") and settings.secret("email.password") is None
    return lacking or ("email.password" if no_password else "")


def _email(settings: Settings) -> Channel:
    if settings.text("email.transport") == "spool":
        from duesdesk.channels.spool import Spool  # imported late: start-up

        return Spool(settings.outbox)
    from duesdesk.channels.smtp import Server, Smtp  # imported late: start-up

    return Smtp(
        Server(
            host=settings.text("email.host"),
            port=settings.number("email.port"),
            tls=settings.text("email.tls"),
            user=settings.text("email.user"),
            password=settings.secret("email.password"),
            answer_seconds=settings.number("email.answer_seconds"),
        )
    )


def _fax_missing(settings: Settings) -> str:
    transport = settings.text("fax.transport")
    if transport == "off":
        return "fax.transport"
    if find_spec("reportlab") is None:
        return "duesdesk[letters]"
    if transport == "sendfax":
        from shutil import which  # imported late: start-up

        return "" if which("sendfax") else "sendfax"
    return _email_missing(settings) or ("" if settings.text("fax.domain") else "fax.domain")


def _fax(settings: Settings) -> Channel:
    from duesdesk.channels import fax  # imported late: start-up

    if settings.text("fax.transport") == "sendfax":
        return fax.Program()
    return fax.ByMail(_email(settings), settings.text("fax.domain"), email_sender(settings))


def _letter_missing(_settings: Settings) -> str:
    return "" if find_spec("reportlab") is not None else "duesdesk[letters]"


def _gateway(name: str) -> Way:
    def missing(settings: Settings) -> str:
        if settings.text(f"{name}.gateway") == "off":
            return f"{name}.gateway"
        if find_spec("apprise") is None:
            return "duesdesk[messaging]"
        from duesdesk.channels import gateways  # imported late: start-up

        return gateways.missing(name, settings)

    def make(settings: Settings) -> Channel:
        from duesdesk.channels import gateways  # imported late: start-up

        return gateways.made(name, settings)

    return Way(missing, make)


WAYS: Mapping[str, Way] = {
    "email": Way(_email_missing, _email),
    "sms": _gateway("sms"),
    "whatsapp": _gateway("whatsapp"),
    "telegram": _gateway("telegram"),
    "signal": _gateway("signal"),
    "push": _gateway("push"),
    "letter": Way(_letter_missing),
    "fax": Way(_fax_missing, _fax),
    "desk": Way(lambda _settings: ""),
}
"""Every channel by its name, in the order they are shown."""


def missing(name: str, settings: Settings) -> str:
    """The setting, secret or part that this machine lacks for a channel; '' when it is set up."""
    return WAYS[name].missing(settings)


def channel(name: str, settings: Settings) -> Channel:
    """The channel called `name`. Raises BadInput ('channel-not-set-up') when this machine lacks something for it."""
    lacking = missing(name, settings)
    make = WAYS[name].make
    if lacking and name == "email":
        raise BadInput("email-not-set-up", key=lacking)
    if lacking or make is None:
        raise BadInput("channel-not-set-up", channel=name, key=lacking or name)
    return make(settings)


def warning(name: str, settings: Settings) -> str:
    """What is half set up: the setting a channel lacks that somebody began to set up; '' for the others."""
    lacking = missing(name, settings)
    begun = name == "email" or lacking.partition(".")[2] not in ("gateway", "transport")
    return lacking if begun and name != "letter" else ""


def email_sender(settings: Settings) -> str:
    """The address notices come from. Raises BadInput ('email-not-set-up') when they are sent and there is none."""
    sender = settings.text("email.from")
    if not sender and settings.text("email.transport") != "spool":
        raise BadInput("email-not-set-up", key="email.from")
    return sender or _NOBODY


def id_sender(settings: Settings) -> str:
    """The address that the ids of notices are made with; '' as long as there is none: other channels need none."""
    try:
        return email_sender(settings)
    except BadInput:
        return ""


def is_handle(name: str, text: str) -> bool:
    """Whether `text` may be the name of a chat (telegram) or of a person at the push service."""
    from duesdesk.channels.gateways import RECIPIENTS  # imported late: start-up

    return RECIPIENTS[name].fullmatch(text) is not None
