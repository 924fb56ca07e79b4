"""Why a step is held back, in words: short ones for lists, whole sentences for the why line."""

from __future__ import annotations

from datetime import date

from duesdesk.i18n import _, day_year, ngettext, number
from duesdesk.messages import N_

SHORT: dict[str, str] = {
    "below_minimum": N_("below the least that is asked for"),
    "budget": N_("spoken to often enough this week"),
    "claim": N_("they say it is paid"),
    "closed_day": N_("a closed day"),
    "complaint": N_("a complaint"),
    "credit": N_("money on account covers it"),
    "dead": N_("messages came back"),
    "deceased": N_("deceased"),
    "disputed": N_("disputed"),
    "excluded": N_("left out"),
    "gap": N_("told only lately"),
    "hardship": N_("hardship"),
    "insolvency": N_("insolvency"),
    "minor": N_("a minor"),
    "never": N_("no hour in which they may be written to"),
    "no_address": N_("no address"),
    "no_channel": N_("the step names no channel"),
    "not_asked": N_("not asked whether they agree to it"),
    "not_set_up": N_("this machine cannot send that way"),
    "not_wanted": N_("they do not want it"),
    "plan": N_("a plan that is kept"),
    "promise": N_("promised"),
    "requires": N_("another step comes first"),
    "settlement": N_("a settlement until its day"),
    "snooze": N_("snoozed"),
    "statute_barred": N_("too old to be asked for without a word of the manager"),
    "unreachable": N_("cannot be reached"),
    "unwritable": N_("its text cannot be written"),
    "vulnerable": N_("vulnerable"),
}
"""Every reason there is."""


_TOO_EARLY = ("budget", "closed_day", "gap", "requires")


def left_out_words(payments: int, since: date) -> list[str]:
    """What a run leaves out because it was there before the rule began on the day `since`; a line each, if any."""
    lines = []
    if payments:
        told = ngettext(
            "{count} payment of before {day} is not confirmed: the rule began later.",
            "{count} payments of before {day} are not confirmed: the rule began later.",
            payments,
        )
        lines.append(told.format(count=number(payments), day=day_year(since)))
    return lines


def reason_words(reason: str, until: date | None = None, detail: str = "") -> str:
    """A reason in the language of the screen, with its last (or first free) day and the step it waits for."""
    told = _(SHORT.get(reason, reason))
    if detail:
        told = f"{told} ({detail})"
    if until is None:
        return told
    # Of what is only too early the day is the first free one; of a hold it is the last.
    text = _("{reason}, from {day}") if reason in _TOO_EARLY else _("{reason}, {day}")
    return text.format(reason=told, day=day_year(until))
