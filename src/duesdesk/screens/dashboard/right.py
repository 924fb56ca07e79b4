"""The right end of the Dashboard's first line: the run, credit on account, notices that wait, and the currencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duesdesk import i18n
from duesdesk.clock import zone
from duesdesk.i18n import _, money, ngettext
from duesdesk.screens.dashboard import words
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount
from duesdesk.services.dashboard import Later, Summary

if TYPE_CHECKING:
    from duesdesk.bootstrap import Desk


def right_line(summary: Summary, currency: str, kind: str, run: Line = ()) -> Line:
    """`run`, credit on account, notices that wait, and the currencies when there are several.

    Before them the figure of the tile `kind` in all its digits, where the tile has no room for it.
    """
    # What is to be done stands first: what does not fit is cut at the end.
    exact = words.exact_money(kind, summary.of(currency))
    parts: list[Line] = [(amount(exact, "white", bold=True),)] if exact else []
    parts += [run] if run else []
    credit = summary.of(currency).credit_minor
    if credit:
        before, _brace, after = _("{amount} on account").partition("{amount}")
        parts.append((Piece(before, "dim"), amount(money(credit, currency), "dim"), Piece(after, "dim")))
    waiting = words.waiting_words(summary)
    if waiting:
        parts.append((Piece(waiting, "dim"),))
    names = currency_names([one.currency for one in summary.currencies], currency)
    if names:
        parts.append(names)
    return tuple(piece for place, part in enumerate(parts) for piece in ((Piece("   "),) if place else ()) + part)


def currency_names(currencies: Sequence[str], shown: str) -> Line:
    """The currencies with the key that goes to the next one; empty for one alone."""
    if len(currencies) < 2:
        return ()
    names = [Piece("c", "accent", bold=True)]
    for one in currencies:
        names += [Piece(" "), Piece(one, "white" if one == shown else "dim", one == shown, one == shown)]
    return tuple(names)


def run_line(desk: Desk, later: Later | None, *, may_run: bool) -> Line:
    """Whether the rule ran today; else when it last did, and the key that makes up for it where the role may."""
    if later is None:
        return ()
    status, today, last = later.runs, desk.today(), later.runs.last
    if last is not None and last.on >= today and last.finished_at is not None:
        at = i18n.time_of(last.finished_at.astimezone(zone(desk.centre.timezone)))
        return (Piece(_("daily run {time}").format(time=at) + " ", "dim"), Piece(sign("done"), "ok"))
    if last is None:
        told, tone = _("the rule never ran"), "dim"
    elif last.on >= today:
        told, tone = _("today’s run is not finished"), "warn"
    else:
        days = (today - last.on).days
        told = ngettext("last run {count} day ago", "last run {count} days ago", days).format(count=i18n.number(days))
        tone = "warn" if status.is_missed else "dim"
    if not may_run or (last is not None and not status.is_missed):
        return (Piece(told, tone),)
    key = Piece("r", "accent", bold=True)
    does = _("goes on") if last is not None and last.on >= today else _("runs it")
    return (Piece(told + ": ", tone), key, Piece(" " + does, tone))
