"""Settings as people say them: their groups, labels and values. Their keys are for scripts and stand beside the help.

A new setting, or secret, gets its line in `GROUPS`; a test finds one that has none.
"""

from __future__ import annotations

from duesdesk import i18n
from duesdesk.i18n import _, ngettext
from duesdesk.messages import N_
from duesdesk.services.settings import SettingView

CENTRE = N_("The centre")
MONEY = N_("Money, terms")
PRIVACY = N_("Privacy")
NOTICES = N_("Notices")
EMAIL = N_("E-mail")
LETTERS = N_("Letters, fax")
SMS = N_("Text messages")
MESSENGERS = N_("Messengers")
DESK = N_("This desk")

GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        CENTRE,
        {
            "centre.address": N_("Address"),
            "centre.phone": N_("Telephone"),
            "centre.email": N_("E-mail for members"),
            "centre.website": N_("Own website"),
            "centre.tax_id": N_("Tax number"),
            "door.policy": N_("At the door, with a debt"),
        },
    ),
    (
        MONEY,
        {
            "terms.days": N_("Days to pay"),
            "ageing.edges": N_("Groups of late invoices"),
            "allocation.order": N_("What a payment settles first"),
            "centre.iban": N_("Account (IBAN)"),
            "centre.account": N_("Account without IBAN"),
            "centre.account_holder": N_("Account in the name of"),
            "centre.pay_link": N_("Page to pay at"),
            "centre.pix_key": N_("Pix key"),
            "centre.pix_city": N_("Pix city"),
            "settlement.waive_alone": N_("Waived without the manager"),
        },
    ),
    (
        NOTICES,
        {
            "notices.hours": N_("Hours of sending"),
            "notices.cooling_minutes": N_("Waiting time before leaving"),
            "notices.max_per_week": N_("At most in a week"),
            "notices.way_out": N_("Says how to get no more"),
            "notices.stopped": N_("Everything stopped"),
            "digest.to": N_("Daily word goes to"),
        },
    ),
    (
        EMAIL,
        {
            "email.transport": N_("E-mail"),
            "email.from": N_("Sender"),
            "email.host": N_("Mail server"),
            "email.port": N_("Port"),
            "email.tls": N_("Encryption"),
            "email.user": N_("Name to log in"),
            "email.password": N_("Password"),
            "email.answer_seconds": N_("Patience with the server"),
            "email.outbox": N_("Folder of files"),
        },
    ),
    (
        LETTERS,
        {
            "letters.window": N_("Window of the envelope"),
            "fax.transport": N_("Fax"),
            "fax.domain": N_("Mail-to-fax service"),
        },
    ),
    (
        SMS,
        {
            "sms.gateway": N_("Service"),
            "sms.from": N_("Number or name of the sender"),
            "sms.user": N_("Account there"),
            "sms.secret": N_("Password or token"),
            "sms.host": N_("Device in the house"),
            "sms.port": N_("Its port"),
            "sms.tls": N_("Reached by https"),
        },
    ),
    (
        MESSENGERS,
        {
            "whatsapp.gateway": N_("WhatsApp: service"),
            "whatsapp.from": N_("WhatsApp: number"),
            "whatsapp.user": N_("WhatsApp: account"),
            "whatsapp.secret": N_("WhatsApp: token"),
            "whatsapp.template": N_("WhatsApp: approved text"),
            "telegram.gateway": N_("Telegram"),
            "telegram.secret": N_("Telegram: token of the bot"),
            "signal.gateway": N_("Signal"),
            "signal.from": N_("Signal: number"),
            "signal.host": N_("Signal: machine"),
            "signal.port": N_("Signal: port"),
            "signal.tls": N_("Signal: by https"),
            "signal.user": N_("Signal: name to log in"),
            "signal.secret": N_("Signal: password"),
            "push.gateway": N_("Push: service"),
            "push.from": N_("Push: name of the app"),
            "push.host": N_("Push: own server"),
            "push.secret": N_("Push: token"),
        },
    ),
    (PRIVACY, {"privacy.default": N_("Amounts hidden at the start")}),
    (
        DESK,
        {
            "desk.name": N_("Name of this desk"),
            "language": N_("Language of the screen"),
            "screen.theme": N_("Colours"),
            "database": N_("Store"),
            "database.password": N_("Password of the store"),
        },
    ),
)
SECRET_HELP = N_("Kept on this machine alone, where nobody else can read it; it is never shown.")
LABELS: dict[str, str] = {key: label for _group, labels in GROUPS for key, label in labels.items()}

_SWITCH = {"on": N_("yes"), "off": N_("no")}
_VALUES: dict[str, dict[str, str]] = {
    "allocation.order": {"oldest": N_("the oldest due first")},
    "door.policy": {
        "ignore": N_("nothing"),
        "warn": N_("a quiet sign"),
        "grace": N_("block after a while"),
        "block": N_("block"),
    },
    "email.tls": {"off": N_("none"), "starttls": "STARTTLS", "tls": "TLS"},
    "email.transport": {"spool": N_("into files, nothing is sent"), "smtp": N_("sent by the mail server")},
    "fax.transport": {"off": N_("no"), "mail": N_("by a mail-to-fax service"), "sendfax": "sendfax"},
    "language": {
        "": N_("that of the centre"),
        "en": "English",
        "es": "Español",
        "it": "Italiano",
        "ro": "Română",
        "pt": "Português",
    },
    "letters.window": {"": N_("the centre's own way")},
    "notices.hours": {"always": N_("always")},
    "notices.way_out": {"law": N_("where the law wants it"), "always": N_("always")},
    "screen.theme": {
        "": N_("the usual ones"),
        "duesdesk-dark": N_("dark"),
        "duesdesk-light": N_("light"),
        "duesdesk-contrast": N_("strong contrast"),
    },
    "telegram.gateway": {"off": N_("no"), "bot": N_("by a bot of yours")},
}
_OFF = {"off": N_("no")}


def group_of(key: str) -> str:
    """The group a setting stands in."""
    return next(group for group, labels in GROUPS if key in labels)


def label(key: str) -> str:
    """What a setting is called on the screen."""
    return _(LABELS[key])


def value_words(one: SettingView, value: str) -> str:
    """A value of a setting as people say it; empty for one that is not set."""
    if set(one.choices) == {"on", "off"}:
        return _(_SWITCH[value])
    if one.key == "language" and value and not i18n.catalogue(value).is_translated:
        return _("{language}, most of it in English").format(language=_VALUES["language"][value])
    known = _VALUES.get(one.key, _OFF if one.key.endswith(".gateway") else {})
    if value in known:
        return _(known[value])
    if one.key == "settlement.waive_alone":
        return _("{count} % of the debt").format(count=i18n.number(int(value)))
    if value.isdigit() and one.key in _COUNTED:
        return _counted(one.key, int(value))
    return value


_COUNTED = ("email.answer_seconds", "notices.cooling_minutes", "notices.max_per_week", "terms.days")


def _counted(key: str, count: int) -> str:
    if key == "email.answer_seconds":
        told = ngettext("{count} second", "{count} seconds", count)
    elif key == "notices.cooling_minutes":
        told = ngettext("{count} minute", "{count} minutes", count)
    elif key == "terms.days":
        told = ngettext("{count} day after issue", "{count} days after issue", count)
    else:
        told = ngettext("{count} notice", "{count} notices", count)
    return told.format(count=i18n.number(count))


def usual(one: SettingView) -> str:
    """What the setting is unless somebody changes it."""
    told = value_words(one, one.default) if one.default or "" in one.choices else ""
    return _("usually {value}").format(value=told) if told else _("usually empty")


MOST_TOLD = 6
"""So many choices are told in a line."""
_KINDS = {
    "address": N_("one e-mail address"),
    "edges": N_("days that rise, such as 30,60,90"),
    "hours": N_("days with their hours, or always"),
    "host": N_("the name or number of a server"),
    "iban": N_("an IBAN"),
    "lines": N_("lines with a semicolon between them"),
    "link": N_("a page that begins with https://"),
}


def allowed(one: SettingView) -> str:
    """What may be said for a setting, in a few words; empty for any text."""
    if one.bounds is not None:
        least, most = map(i18n.number, one.bounds)
        told = _("a whole number from {least} to {most}").format(least=least, most=most)
        return _("{what}, or nothing").format(what=told) if not one.default else told
    if len(one.choices) > MOST_TOLD:
        return _("one of {count}: Enter shows them").format(count=i18n.number(len(one.choices)))
    if one.choices:
        return " / ".join(value_words(one, choice) for choice in one.choices)
    told = _(_KINDS[one.kind]) if one.kind in _KINDS else ""
    return _("{what}, or nothing").format(what=told) if told and not one.default else told
