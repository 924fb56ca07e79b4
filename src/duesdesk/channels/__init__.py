"""Ways to reach people. A new one is a module with a `Channel` and one line in `EMAIL` (or a table of its kind)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from duesdesk.channels.base import Channel, Message, Receipt, State
from duesdesk.config import Settings
from duesdesk.domain.errors import BadInput

__all__ = ["EMAIL", "Channel", "Message", "Receipt", "State", "email_channel", "email_sender"]


def _spool(settings: Settings) -> Channel:
    from duesdesk.channels.spool import Spool  # imported late: start-up

    return Spool(settings.outbox)


def _smtp(settings: Settings) -> Channel:
    from duesdesk.channels.smtp import Server, Smtp  # imported late: start-up

    host = settings.text("email.host")
    if not host:
        raise BadInput("email-not-set-up", key="email.host")
    return Smtp(
        Server(
            host=host,
            port=settings.number("email.port"),
            tls=settings.text("email.tls"),
            user=settings.text("email.user"),
            password=settings.secret("email.password"),
            answer_seconds=settings.number("email.answer_seconds"),
        )
    )


EMAIL: Mapping[str, Callable[[Settings], Channel]] = {"smtp": _smtp, "spool": _spool}
"""Transports of e-mail by the name they have in the setting `email.transport`."""

_NOBODY = "desk@localhost"


def email_channel(settings: Settings) -> Channel:
    """The transport this machine is set to. Raises BadInput ('email-not-set-up') when it lacks a setting."""
    return EMAIL[settings.text("email.transport")](settings)


def email_sender(settings: Settings) -> str:
    """The address notices come from. Raises BadInput ('email-not-set-up') when they are sent and there is none."""
    sender = settings.text("email.from")
    if not sender and settings.text("email.transport") != "spool":
        raise BadInput("email-not-set-up", key="email.from")
    return sender or _NOBODY
