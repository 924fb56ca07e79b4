"""Words for templates, states and languages of notices, in the language of the screen."""

from __future__ import annotations

from datetime import datetime

from duesdesk.i18n import _, short_day, time_of
from duesdesk.messages import N_
from duesdesk.screens.widgets.choice import Option
from duesdesk.services.collection.reasons import reason_words

OWN_WORDS = "own"
_TEMPLATES = (
    ("reminder_friendly", N_("friendly reminder"), "f"),
    ("reminder_firm", N_("clear reminder"), "c"),
    ("due_soon", N_("due soon"), "d"),
    ("payment_received", N_("thanks"), "t"),
)
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
    "budget": N_("they were written to often enough this week"),
    "cooling": N_("its waiting time is not over"),
    "figures changed": N_("the figures changed"),
    "hours": N_("nobody is written to at this hour"),
    "late": N_("its day is over"),
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
}
_LANGUAGES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "ro": N_("Romanian"),
}


def template_options(*, own_words: bool) -> list[Option]:
    """The templates to choose from, each with its letter."""
    options = [Option(name, _(word), letter) for name, word, letter in _TEMPLATES]
    return [*options, Option(OWN_WORDS, _("own words"), "o")] if own_words else options


def state_word(state: str) -> str:
    """What a state of the outbox means."""
    return _(_STATES[state]) if state in _STATES else state


def why_words(why: str, until: datetime | None = None) -> str:
    """Why a notice waits or did not go, with the moment from which it may; `until` is on the wall clock to be shown."""
    # Behind a colon stands the key of the act that pulled it back.
    code = why.partition(":")[0]
    told = _(_WHYS[code]) if code in _WHYS else reason_words(code)
    if until is None:
        return told
    return _("{reason}; from {day} {time}").format(reason=told, day=short_day(until.date()), time=time_of(until))


def language_word(language: str) -> str:
    """The name of a language."""
    return _(_LANGUAGES[language]) if language in _LANGUAGES else language
