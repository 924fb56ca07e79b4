"""Text messages and messengers, by apprise: which services are known, and what each is given.

A service is built from fields (`Apprise.instantiate` with a dict) and never from an address: a member's number pasted
into one could name another host. Only the services listed here exist; apprise has others that read files and call any
web address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from duesdesk.channels.base import Channel
from duesdesk.config import Settings


class Service(NamedTuple):
    """A service of apprise. Each field is the name apprise has for it; '' where the service knows no such thing."""

    schema: str
    user: str = ""
    secret: str = ""
    sender: str = ""
    needs_sender: bool = True
    needs_secret: bool = True
    own_host: bool = False
    """It is a machine of the centre's own: host, port and TLS are settings."""
    base_host: bool = False
    """Every customer has an address of their own there: the host is a setting."""
    template: str = ""
    prefix: str = ""
    """Stands before the number of the recipient."""
    recipient: str = "targets"
    fixed: Mapping[str, object] = {}


SERVICES: Mapping[str, Mapping[str, Service]] = {
    "sms": {
        "46elks": Service("elks", "user", "password", "source", needs_sender=False),
        "bulksms": Service("bulksms", "user", "password", "source", needs_sender=False, fixed={"unicode": True}),
        "clicksend": Service("clicksend", "user", "password"),
        "d7": Service("d7sms", "", "token", "source", needs_sender=False, fixed={"unicode": True}),
        "httpsms": Service("httpsms", "", "apikey", "source"),
        "infobip": Service("infobip", "", "apikey", "source", base_host=True),
        "kudosity": Service("kudosity", "apikey", "secret", "source"),
        "messagebird": Service("msgbird", "", "apikey", "source"),
        "plivo": Service("plivo", "auth_id", "token", "source"),
        "seven": Service("seven", "", "apikey", "source", needs_sender=False),
        "sinch": Service("sinch", "service_plan_id", "api_token", "source"),
        "smseagle": Service("smseagle", "", "token", own_host=True),
        "twilio": Service("twilio", "account_sid", "auth_token", "source"),
        "vonage": Service("vonage", "apikey", "secret", "source"),
    },
    "whatsapp": {
        "cloud": Service("whatsapp", "", "token", "from_phone_id", template="template"),
        "twilio": Service("twilio", "account_sid", "auth_token", "source", prefix="w:"),
    },
    "telegram": {
        "bot": Service("tgram", "", "bot_token", fixed={"detect_owner": False, "preview": False}),
    },
    "signal": {
        "signal-api": Service("signal", "user", "password", "source", needs_secret=False, own_host=True),
    },
    "push": {
        "ntfy": Service("ntfy", "", "token", needs_secret=False, own_host=True, fixed={"include_image": False}),
        "onesignal": Service("onesignal", "", "apikey", "app", fixed={"include_image": False}),
        "pushover": Service("pover", "", "token", recipient="user_key"),
    },
}
"""Services by channel and by the name they have in the setting `<channel>.gateway`."""


_NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
RECIPIENTS: Mapping[str, re.Pattern[str]] = {
    "sms": _NUMBER,
    "whatsapp": _NUMBER,
    "signal": _NUMBER,
    # A chat with one person: groups have numbers below zero, channels have names.
    "telegram": re.compile(r"[1-9]\d{4,15}", re.ASCII),
    "push": re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII),
}
"""What names one person on a channel, and no group, list or address."""


def service(name: str, settings: Settings) -> Service:
    """The service a channel is set to."""
    return SERVICES[name][settings.text(f"{name}.gateway")]


def missing(name: str, settings: Settings) -> str:
    """The setting or secret that the chosen service of a channel lacks; '' for none."""
    chosen = service(name, settings)
    needs_host = chosen.base_host or (chosen.own_host and name != "push")
    if needs_host and not settings.text(f"{name}.host"):
        return f"{name}.host"
    # A name to log in with is asked for where the service is somebody else's.
    if chosen.user and not chosen.own_host and not settings.text(f"{name}.user"):
        return f"{name}.user"
    if chosen.sender and chosen.needs_sender and not settings.text(f"{name}.from"):
        return f"{name}.from"
    if chosen.template and not settings.text(f"{name}.template"):
        return f"{name}.template"
    if chosen.secret and chosen.needs_secret and settings.secret(f"{name}.secret") is None:
        return f"{name}.secret"
    return ""


def made(name: str, settings: Settings) -> Channel:
    """The channel, when nothing is missing."""
    from duesdesk.channels.messaging import Gateway  # imported late: start-up

    chosen = service(name, settings)
    has_port = chosen.own_host and name != "push"
    return Gateway(
        name,
        chosen,
        user=settings.text(f"{name}.user") if chosen.user else "",
        sender=settings.text(f"{name}.from") if chosen.sender else "",
        secret=settings.secret(f"{name}.secret"),
        host=settings.text(f"{name}.host") if chosen.own_host or chosen.base_host else "",
        port=settings.number(f"{name}.port") if has_port else None,
        tls=settings.switch(f"{name}.tls") if has_port else True,
        template=settings.text(f"{name}.template") if chosen.template else "",
    )
