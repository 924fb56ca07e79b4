"""Words for templates, states and languages of notices, in the language of the screen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from duesdesk.i18n import _, short_day, time_of
from duesdesk.messages import N_
from duesdesk.screens.contact_words import NOTICE_CHANNELS, word
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.collection.reasons import SHORT, reason_words

OWN_WORDS = "own"
_TEMPLATES = (
    ("invoice", N_("invoice"), "i"),
    ("before_due", N_("due soon"), "d"),
    ("due_day", N_("due today"), "t"),
    ("overdue", N_("reminder"), "r"),
    ("formal_letter", N_("formal letter"), "f"),
    ("promise_broken", N_("broken promise"), "b"),
    ("instalment_missed", N_("missed instalment"), "m"),
    ("payment_received", N_("thanks"), "h"),
)
_TONES = (("friendly", N_("friendly"), "f"), ("neutral", N_("neutral"), "n"), ("firm", N_("firm"), "i"))
_WAY_LETTERS = {
    "email": "e",
    "sms": "s",
    "whatsapp": "w",
    "telegram": "t",
    "signal": "g",
    "push": "p",
    "letter": "l",
    "fax": "f",
    "desk": "d",
}
_STATES = {
    "held": N_("held back"),
    "queued": N_("waits to be sent"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "unsure": N_("nobody knows whether it arrived"),
    "failed": N_("could not be sent"),
    "retry": N_("waits to be tried again"),
    "waits": N_("waits"),
    "cancelled": N_("withdrawn"),
}
_WHYS = {
    "again": N_("to be tried again"),
    "agreed": N_("something was agreed about it"),
    "budget": N_("they were written to often enough this week"),
    "by hand": N_("by hand"),
    "channel_down": N_("what sends it is out of order; it is tried again"),
    "cooling": N_("its waiting time is not over"),
    "due_moved": N_("a due day was moved"),
    "figures changed": N_("the figures changed"),
    "gap": N_("they were told only lately"),
    "hold": N_("a hold keeps notices from them"),
    "hours": N_("nobody is written to at this hour"),
    "import": N_("an import changed what is owed"),
    "late": N_("its day is over"),
    "lowered": N_("an invoice was lowered"),
    "elsewhere": N_("another program sends it"),
    "not queued any more": N_("it was pulled back meanwhile"),
    "not_set_up": N_("this machine cannot send that way"),
    "paid": N_("it is paid"),
    "posting": N_("printed; it counts once it is in the post"),
    "printing": N_("for the printer"),
    "promised": N_("they have promised"),
    "ready": N_("to be sent"),
    "returned": N_("the money went back"),
    "saying": N_("for a word at the desk"),
    "stopped": N_("notices are stopped"),
    "stopped while sending": N_("the program stopped while sending"),
    "superseded": N_("a later step of the rule took its place"),
    "void": N_("an invoice is void"),
}
_LANGUAGES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "ro": N_("Romanian"),
}


def template_options(*, own_words: bool = False, fitting: bool = False) -> list[Option]:
    """The texts to choose from, each with its letter; `fitting` is the one that fits each person."""
    options = [Option(name, _(said), letter) for name, said, letter in _TEMPLATES]
    if fitting:
        options.insert(0, Option("", _("what fits each"), "a"))
    return [*options, Option(OWN_WORDS, _("own words"), "o")] if own_words else options


def tone_options(tones: Collection[str]) -> list[Option]:
    """The tones a text has."""
    return [Option(name, _(said), letter) for name, said, letter in _TONES if name in tones]


def way_options(channels: Sequence[str]) -> list[Option]:
    """Channels to choose from."""
    return [Option(one, word(NOTICE_CHANNELS, one), _WAY_LETTERS.get(one, "")) for one in channels]


def state_word(state: str) -> str:
    """What a state of the outbox means."""
    return _(_STATES[state]) if state in _STATES else state


def why_words(why: str, until: datetime | None = None) -> str:
    """Why a notice waits or did not go, with the moment from which it may; `until` is on the wall clock to be shown."""
    # Behind a code and a colon stands the key of the act that pulled it back; what a server answered is told whole.
    code = why.partition(":")[0]
    told = _(_WHYS[code]) if code in _WHYS else reason_words(code) if code in SHORT else why
    if until is None:
        return told
    return _("{reason}; from {day} {time}").format(reason=told, day=short_day(until.date()), time=time_of(until))


def language_word(language: str) -> str:
    """The name of a language."""
    return _(_LANGUAGES[language]) if language in _LANGUAGES else language
