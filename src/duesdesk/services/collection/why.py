"""The why line of a debt in words: what the rule does next, on which day, and what holds it.

One place for `rule explain`, the Dashboard, CRM Daily and the Member File, so that they never tell different things.

Example:
    explained = desk.explains.of("M00218")
    sentences(explained)   # ["Next: formal letter, on Thu 3 Dec 2026. Held back: promised, 2 Dec 2026."]
    short(explained.next, desk.today())                   # ("promised 2 Dec", "dim")
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from duesdesk.domain.collection import facts
from duesdesk.i18n import _, day_year, relative_day, weekday
from duesdesk.messages import N_
from duesdesk.services.collection.reasons import SHORT, reason_words

if TYPE_CHECKING:
    from duesdesk.services.collection.explain import AccountExplained, Explained, HeldBy, NextStep

STEPS = {
    "invoice": N_("the invoice"),
    "before-due": N_("word before the due day"),
    "due-day": N_("word on the due day"),
    "receipt": N_("receipt"),
    "instalment": N_("word about a missed part"),
    "friendly": N_("friendly reminder"),
    "reminder": N_("reminder"),
    "call": N_("call"),
    "formal-letter": N_("formal letter"),
    "suspend": N_("suspension"),
    "hand-over": N_("hand-over"),
}
"""The steps of the shipped rule; those of other rules are told by their names."""

CLAIM = "claim"
# These move a step by some days and are nobody's doing; the others are what a person has to know first.
_ON_THE_WAY = frozenset(
    (facts.CLOSED_DAY, facts.GAP, facts.BUDGET, facts.REQUIRES, facts.UNREACHABLE,
     "dead", "never", "no_address", "no_channel", "not_asked", "not_set_up", "not_wanted")
)  # fmt: skip


def step_words(step: str) -> str:
    """A step in the language of the screen."""
    return _(STEPS[step]) if step in STEPS else step


def sentences(found: Explained, currency: str = "", *, brief: bool = False) -> list[str]:
    """What waits to leave, and what comes next in each currency, as whole sentences; none when nothing is open.

    Only that of one currency when it is named and something is open in it. `brief` is for a line of 80 cells.
    """
    told = [_("A notice ({step}) waits to leave.").format(step=step_words(one.step)) for one in found.waiting]
    named = [one for one in found.accounts if one.currency == currency]
    if named:
        return [*told, *(sentence(one, brief=brief) for one in named)]
    several = len(found.accounts) > 1
    for one in found.accounts:
        said = sentence(one, brief=brief)
        told.append(f"{one.currency}: {said}" if several else said)
    return told


def sentence(account: AccountExplained, *, brief: bool = False) -> str:
    """What comes next for what is open in one currency, and what holds it; `brief` in fewer words."""
    following = account.next
    if following is None:
        return _("Nothing more is to be done.")
    step = step_words(following.step)
    if following.on is None:
        line = _("Next: {step}, nobody can tell when.").format(step=step)
    elif brief:
        line = _("{step}, {day}.").format(step=step, day=day_year(following.on))
    else:
        day = f"{weekday(following.on)} {day_year(following.on)}"
        line = _("Next: {step}, on {day}.").format(step=step, day=day)
    return f"{line} {held(following.held_by, brief=brief)}".strip()


def held(held_by: Iterable[HeldBy], *, brief: bool = False) -> str:
    """What holds something back; empty for nothing."""
    reasons = "; ".join(reason_words(one.reason, one.until, _detail(one)) for one in held_by)
    if not reasons:
        return ""
    return (_("Held: {reasons}.") if brief else _("Held back: {reasons}.")).format(reasons=reasons)


def _detail(one: HeldBy) -> str:
    return step_words(one.detail) if one.reason == facts.REQUIRES else one.detail


def short(following: NextStep | None, today: date) -> tuple[str, str]:
    """The same for a column, with its tone: the step and its day, or what holds it where a person should know."""
    if following is None:
        return _("nothing more"), "dim"
    holds = [one for one in following.held_by if one.reason not in _ON_THE_WAY]
    if holds or following.on is None:
        one = next(iter(holds or following.held_by), None)
        if one is None:
            return step_words(following.step), "dim"
        return _held_short(one, today), "dim"
    told = _("{step} {day}").format(step=step_words(following.step), day=relative_day(following.on, today))
    return told, "text" if following.on == today else "dim"


def _held_short(one: HeldBy, today: date) -> str:
    if one.reason == facts.PROMISE and one.until is not None:
        return _("promised {day}").format(day=relative_day(one.until, today))
    if one.reason == CLAIM:
        return _("held: says it is paid")
    return _("held: {reason}").format(reason=_(SHORT.get(one.reason, one.reason)))
