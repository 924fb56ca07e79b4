"""Words for templates, states and languages of notices, in the language of the screen."""

from __future__ import annotations

from duesdesk.i18n import _
from duesdesk.messages import N_
from duesdesk.screens.widgets.choice import Option

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
    "cancelled": N_("withdrawn"),
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


def language_word(language: str) -> str:
    """The name of a language."""
    return _(_LANGUAGES[language]) if language in _LANGUAGES else language
