"""Every setting there is: what it may hold, what it holds until somebody changes it, and where it is kept.

`store` settings are the same on all desks of a centre; `file` settings belong to this machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from duesdesk.domain.errors import BadInput, NotFound
from duesdesk.domain.text import clean_text
from duesdesk.messages import N_

if TYPE_CHECKING:
    from duesdesk.domain.hours import WeekHours

Value: TypeAlias = "str | int | bool | tuple[int, ...] | WeekHours | None"

STORE = "store"
FILE = "file"
WINDOWS = ("BR", "DE", "ES", "IT", "PT", "RO", "UK", "US")
"""Countries whose way of addressing a letter is known: data/letters/windows.toml."""
THEMES = ("duesdesk-dark", "duesdesk-light", "duesdesk-contrast")
"""The colours there are: screens/theme.py has them (a test compares)."""
_LONGEST_DAYS = 365
_MOST_EDGES = 8
_MOST_NEAR = 6
_ADDRESS = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]{1,64}@[^\s@<>,;:\"()\[\]\\\x00-\x1f]{1,255}"


class Setting(NamedTuple):
    """One setting. `read` makes the value of a text, or raises BadInput; `default` is a text, too."""

    key: str
    place: str
    default: str
    help: str
    read: Callable[[str, str], Value]
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What is wanted, for who types it: 'choice', 'number', 'hours', 'link' … or 'text'."""
        if self.choices:
            return "choice"
        return "number" if isinstance(self.read, Number) else _KINDS.get(self.read, "text")

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The least and the most of a number."""
        return (self.read.least, self.read.most) if isinstance(self.read, Number) else None


def parse(key: str, text: str) -> Value:
    """The value that `text` means for `key`: a number, a switch, a choice, hours, edges; None when it is unset.

    Raises NotFound ('setting-unknown') and BadInput ('setting-…', 'hours-unreadable'); facts: key, value, choices …
    """
    return setting(key).read(key, text)


def canonical(key: str, text: str) -> str:
    """`text` as it is kept: parsed and written again. Raises as `parse`."""
    return to_text(parse(key, text))


def to_text(value: Value) -> str:
    """A value as the text it is kept and shown as."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        hours = getattr(value, "text", None)
        return hours if hours is not None else ",".join(map(str, value))
    return str(value)


def setting(key: str) -> Setting:
    """The setting called `key`. Raises NotFound, with the keys that are close."""
    found = KNOWN.get(key)
    if found is None:
        near = _near(key)
        if near:
            raise NotFound("setting-unknown", key=key, choices=near)
        raise NotFound("setting-unknown-alone", key=key)
    return found


def _near(key: str) -> list[str]:
    """A few settings that may have been meant."""
    from difflib import get_close_matches  # imported late: start-up

    within = [known for known in KNOWN if len(key) > 2 and (key in known or known.rpartition(".")[2] in key)]
    return (within or get_close_matches(key, KNOWN))[:_MOST_NEAR]


def _text(_key: str, text: str) -> str:
    return clean_text(text, max_length=1000)


def _choice(*choices: str) -> Callable[[str, str], str]:
    def read(key: str, text: str) -> str:
        chosen = text.strip().lower()
        if chosen not in choices:
            raise BadInput("setting-not-a-choice", key=key, value=text, choices=choices)
        return chosen

    return read


class Number:
    """Reads a whole number of these bounds; nothing at all, where it may stay unset."""

    __slots__ = ("least", "may_be_unset", "most")

    def __init__(self, least: int, most: int, *, may_be_unset: bool = False) -> None:
        self.least, self.most, self.may_be_unset = least, most, may_be_unset

    def __call__(self, key: str, text: str) -> int | None:
        """The number that `text` means. Raises BadInput."""
        typed = text.strip()
        if self.may_be_unset and typed.lower() in ("", "unset", "none"):
            return None
        if not re.fullmatch(r"\d{1,9}", typed, re.ASCII) or not self.least <= int(typed) <= self.most:
            raise BadInput("setting-not-a-number", key=key, value=text, least=self.least, most=self.most)
        return int(typed)


def _switch(key: str, text: str) -> bool:
    chosen = text.strip().lower()
    if chosen not in ("on", "off", "true", "false", "yes", "no"):
        raise BadInput("setting-not-a-choice", key=key, value=text, choices=("on", "off"))
    return chosen in ("on", "true", "yes")


def _hours(_key: str, text: str) -> WeekHours:
    from duesdesk.domain.hours import parse_hours  # imported late: start-up

    return parse_hours(text)


def _edges(key: str, text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in parts) or len(parts) > _MOST_EDGES:
        raise BadInput("setting-not-edges", key=key, value=text)
    edges = tuple(map(int, parts))
    if edges[0] < 1 or edges != tuple(sorted(set(edges))):
        raise BadInput("setting-not-edges", key=key, value=text)
    return edges


def _host(key: str, text: str) -> str:
    host = text.strip()
    if host and not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?|\[?[0-9A-Fa-f:]+\]?", host):
        raise BadInput("setting-not-a-host", key=key, value=text)
    return host.strip("[]")


def _address(key: str, text: str) -> str:
    """One e-mail address; the channel checks it once more when it writes a header of it."""
    address = text.strip()
    if address and not re.fullmatch(_ADDRESS, address):
        raise BadInput("setting-not-an-address", key=key, value=text)
    return address


def _lines(_key: str, text: str) -> str:
    """Lines of an address, on one line with semicolons between them."""
    parts = re.split(r"[;\n]", clean_text(text, max_length=400, lines=True))
    return "; ".join(part.strip() for part in parts if part.strip())


def _word(key: str, text: str) -> str:
    word = text.strip()
    if word and not re.fullmatch(r"[A-Za-z0-9_]{1,512}", word):
        raise BadInput("setting-not-a-template", key=key, value=text)
    return word


def _window(key: str, text: str) -> str:
    code = text.strip().upper()
    if code not in ("", *WINDOWS):
        raise BadInput("setting-not-a-choice", key=key, value=text, choices=WINDOWS)
    return code


def _link(key: str, text: str) -> str:
    """A page of the centre's own. Only https: whoever pays there must not be listened to."""
    link = text.strip()
    if link and not re.fullmatch(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?(?:/[!-~]*)?", link[:200]):
        raise BadInput("setting-not-a-link", key=key, value=text)
    return link[:200]


def _name(key: str, text: str) -> str:
    name = clean_text(text, max_length=40)
    if not name:
        raise BadInput("setting-empty", key=key)
    return name


_LANGUAGES = ("en", "es", "it", "ro", "pt")


def _or_nothing(*choices: str) -> Callable[[str, str], str]:
    chosen = _choice(*choices)
    return lambda key, text: chosen(key, text) if text.strip() else ""


SMS_GATEWAYS = (
    "46elks", "bulksms", "clicksend", "d7", "httpsms", "infobip", "kudosity", "messagebird", "plivo", "seven", "sinch",
    "smseagle", "twilio", "vonage",
)  # fmt: skip
_OFF = "off"


def _iban(key: str, text: str) -> str:
    iban = re.sub(r"[\s-]", "", text).upper()
    if iban:
        from stdnum import iban as known  # imported late: start-up

        if not known.is_valid(iban):
            raise BadInput("setting-not-an-iban", key=key, value=text)
    return iban


def _domain(key: str, text: str) -> str:
    domain = text.strip().lower().removeprefix("@")
    if domain and not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", domain):
        raise BadInput("setting-not-a-host", key=key, value=text)
    return domain


def _gateway(*names: str) -> tuple[Callable[[str, str], str], tuple[str, ...]]:
    """The reading and the choices of a way to send that is off until it is set up."""
    return _choice(_OFF, *names), (_OFF, *names)


_KINDS: Mapping[Callable[[str, str], Value], str] = {
    _hours: "hours", _edges: "edges", _host: "host", _domain: "host", _address: "address", _link: "link",
    _iban: "iban", _lines: "lines", _name: "name",
}  # fmt: skip
_SETTINGS = (
    Setting("ageing.edges", STORE, "30,60,90", N_("Last day of each group of late invoices."), _edges),
    Setting(
        "allocation.order", STORE, "oldest", N_("Which invoices a payment settles first when none is named."),
        _choice("oldest"), ("oldest",),
    ),
    Setting(
        "centre.account", STORE, "", N_("The account that notices ask to pay to, where it has no IBAN."), _text,
    ),
    Setting(
        "centre.account_holder", STORE, "", N_("In whose name that account is; empty for the centre's."), _text,
    ),
    Setting(
        "centre.address", STORE, "",
        N_("The centre's own address on letters: its lines with a semicolon between them."), _lines,
    ),
    Setting("centre.email", STORE, "", N_("The address that members may write to."), _address),
    Setting("centre.iban", STORE, "", N_("The account that letters ask to pay to; it becomes a code to scan."), _iban),
    Setting("centre.pay_link", STORE, "", N_("The page where members can pay."), _link),
    Setting("centre.phone", STORE, "", N_("The telephone number on letters."), _text),
    Setting("centre.pix_city", STORE, "", N_("The city in the Pix code (Brazil)."), _text),
    Setting("centre.pix_key", STORE, "", N_("The Pix key that letters ask to pay to (Brazil)."), _text),
    Setting("centre.tax_id", STORE, "", N_("The centre's tax number on letters (CNPJ, CIF, P. IVA ...)."), _text),
    Setting("centre.website", STORE, "", N_("The centre's own pages: notices may link to these alone."), _link),
    Setting(
        "database", FILE, "", N_("The store this machine opens: a path, sqlite:///… or postgresql://…"), _text,
    ),
    Setting("desk.name", FILE, "desk 1", N_("The name of this desk; it stands beside every act."), _name),
    Setting(
        "digest.to", STORE, "",
        N_("Who gets the daily word of new debtors, broken promises and things to do; empty for nobody."), _address,
    ),
    Setting(
        "door.policy", STORE, "warn", N_("What happens when somebody who owes comes in."),
        _choice("ignore", "warn", "grace", "block"), ("ignore", "warn", "grace", "block"),
    ),
    Setting(
        "email.answer_seconds", FILE, "600",
        N_("How long the mail server may take to answer after a message was handed over."), Number(1, 3600),
    ),
    Setting("email.from", FILE, "", N_("The address notices come from."), _address),
    Setting("email.host", FILE, "", N_("The mail server."), _host),
    Setting(
        "email.outbox", FILE, "outbox",
        N_("The folder of notices that are written instead of sent; a part of the settings folder, or a whole path."),
        _text,
    ),
    Setting("email.port", FILE, "587", N_("The port of the mail server."), Number(1, 65535)),
    Setting(
        "email.tls", FILE, "starttls", N_("How the line to the mail server is kept secret."),
        _choice("off", "starttls", "tls"), ("off", "starttls", "tls"),
    ),
    Setting(
        "email.transport", FILE, "spool", N_("What becomes of a notice by e-mail: a file in the outbox, or sent."),
        _choice("spool", "smtp"), ("spool", "smtp"),
    ),
    Setting("email.user", FILE, "", N_("The name to log in with at the mail server."), _text),
    Setting("fax.domain", FILE, "", N_("Where the mail-to-fax service takes faxes: NUMBER@this."), _domain),
    Setting(
        "fax.transport", FILE, _OFF, N_("How a fax leaves: by a mail-to-fax service, or by the program sendfax."),
        *_gateway("mail", "sendfax"),
    ),
    Setting(
        "language", FILE, "", N_("The language of the screen; empty for that of the centre."),
        _or_nothing(*_LANGUAGES), ("", *_LANGUAGES),
    ),
    Setting(
        "letters.window", STORE, "",
        N_("Where the window of the envelope is: a country's way (DE, ES ...); empty for the centre's own."),
        _window, ("", *WINDOWS),
    ),
    Setting(
        "notices.cooling_minutes", STORE, "30",
        N_("How long a notice waits before it leaves, so that it can be pulled back."), Number(0, 1440),
    ),
    Setting(
        "notices.hours", STORE, "Mon-Fri 09:00-19:00, Sat 09:00-14:00",
        N_("When notices may leave; 'always' for any time."), _hours,
    ),
    Setting(
        "notices.max_per_week",
        STORE,
        "2",
        N_("After so many words to a household in seven days, spoken ones too, the rule waits."),
        Number(0, 50),
    ),
    Setting(
        "notices.stopped", STORE, "off", N_("Whether nothing leaves until somebody lets it go again."),
        _switch, ("on", "off"),
    ),
    Setting(
        "notices.way_out", STORE, "law",
        N_("Whether each message says how to get no more of them: where the law wants it, or always."),
        _choice("law", "always"), ("law", "always"),
    ),
    Setting(
        "privacy.default", STORE, "on", N_("Whether amounts are hidden until they are asked for."),
        _switch, ("on", "off"),
    ),
    Setting("push.from", FILE, "", N_("The name of the app at the push service."), _text),
    Setting(
        "push.gateway", FILE, _OFF, N_("The service that pushes to members' phones."),
        *_gateway("ntfy", "onesignal", "pushover"),
    ),
    Setting("push.host", FILE, "", N_("The server of ntfy, when it is your own."), _host),
    Setting(
        "screen.theme", FILE, "", N_("The colours of the screen; empty for the usual ones."), _or_nothing(*THEMES),
        ("", *THEMES),
    ),
    Setting(
        "settlement.waive_alone", STORE, "0",
        N_("The share of a debt, in percent, that the back office may waive by a settlement without the manager."),
        Number(0, 100),
    ),
    Setting("signal.from", FILE, "", N_("The number that Signal messages come from."), _text),
    Setting(
        "signal.gateway", FILE, _OFF, N_("Whether Signal is used, through signal-cli-rest-api."),
        *_gateway("signal-api"),
    ),
    Setting("signal.host", FILE, "", N_("The machine that signal-cli-rest-api runs on."), _host),
    Setting("signal.port", FILE, "8080", N_("Its port."), Number(1, 65535)),
    Setting("signal.tls", FILE, "off", N_("Whether it is reached by https."), _switch, ("on", "off")),
    Setting("signal.user", FILE, "", N_("The name to log in with there, if it wants one."), _text),
    Setting("sms.from", FILE, "", N_("The number or name that text messages come from."), _text),
    Setting("sms.gateway", FILE, _OFF, N_("The service that sends text messages."), *_gateway(*SMS_GATEWAYS)),
    Setting("sms.host", FILE, "", N_("The SMS device in your own network (smseagle)."), _host),
    Setting("sms.port", FILE, "443", N_("Its port."), Number(1, 65535)),
    Setting("sms.tls", FILE, "on", N_("Whether it is reached by https."), _switch, ("on", "off")),
    Setting("sms.user", FILE, "", N_("The account at the service that sends text messages."), _text),
    Setting("telegram.gateway", FILE, _OFF, N_("Whether Telegram is used, through a bot of yours."), *_gateway("bot")),
    Setting(
        "terms.days", STORE, "", N_("Days from issue to due date of an invoice that has none; empty: never due."),
        Number(0, _LONGEST_DAYS, may_be_unset=True),
    ),
    Setting(
        "whatsapp.from", FILE, "", N_("The number WhatsApp messages come from; at Meta its phone number ID."), _text,
    ),
    Setting(
        "whatsapp.gateway", FILE, _OFF, N_("The service that sends WhatsApp messages."),
        *_gateway("cloud", "twilio"),
    ),
    Setting(
        "whatsapp.template", FILE, "", N_("The template approved by Meta; its one placeholder takes the notice."),
        _word,
    ),
    Setting(
        "whatsapp.user", FILE, "", N_("The account at the service that sends WhatsApp messages (Twilio)."), _text,
    ),
)  # fmt: skip

KNOWN: Mapping[str, Setting] = {known.key: known for known in _SETTINGS}
"""Every setting by its key, sorted."""
