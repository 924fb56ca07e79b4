"""A contact or a movement of money as a short line: when, how, what came of it, and by whom."""

from __future__ import annotations

from datetime import date

from duesdesk import i18n
from duesdesk.i18n import _
from duesdesk.screens.contact_words import (
    AGREED,
    AGREED_STATES,
    CREDITS,
    METHODS,
    MONEY_BACK,
    NOTICE_CHANNELS,
    NOTICE_STATES,
    OUTCOMES,
    PROMISES,
    channel_sign,
    word,
)
from duesdesk.screens.signs import sign
from duesdesk.screens.text import Line, Piece, amount, fit, join
from duesdesk.services.timeline import Entry

DAY_CELLS = 8
_NOTICE_TONES = {"sent": "text", "failed": "bad", "unsure": "warn", "cancelled": "dim"}
_PROMISE_TONES = {"open": "text", "kept": "ok", "done": "ok", "broken": "bad", "missed": "bad", "late": "warn"}


def contact_line(entry: Entry, today: date) -> Line:
    """`10 Nov ✉ letter, sent` and the like."""
    day = i18n.day_month(entry.at.date(), today)
    return join(fit(Piece(day, "dim"), DAY_CELLS), *what_line(entry, today))


def what_line(entry: Entry, today: date) -> Line:
    """Sign and words of an entry, without its day."""
    if entry.withdrawn:
        told = _("{what}, taken back").format(what=_what(entry))
        return (Piece(f"{_sign(entry)} ", "dim"), Piece(told, "dim"))
    tone = _tone(entry)
    pieces = [Piece(f"{_sign(entry)} ", tone), Piece(_what(entry), tone)]
    if entry.amount_minor is not None:
        pieces += [Piece(" "), amount(i18n.money(abs(entry.amount_minor), entry.currency), tone)]
    if entry.kind in ("promise", *AGREED) and entry.due_on is not None:
        told = _("for {day}").format(day=i18n.relative_day(entry.due_on, today))
        pieces.append(Piece(f" {told}", tone))
    elif entry.due_on is not None and entry.due_on >= today:
        told = _("again {day}").format(day=i18n.relative_day(entry.due_on, today))
        pieces.append(Piece(f" {sign('dot')} {told}", "dim"))
    return tuple(pieces)


def _what(entry: Entry) -> str:
    if entry.kind == "notice":
        channel = word(NOTICE_CHANNELS, entry.channel)
        return channel if entry.state == "sent" else f"{channel}, {word(NOTICE_STATES, entry.state)}"
    if entry.kind == "talk":
        return f"{entry.actor}: {word(OUTCOMES, entry.state)}"
    if entry.kind == "promise":
        return word(PROMISES, entry.state)
    if entry.kind in AGREED:
        return f"{word(AGREED, entry.kind)}, {word(AGREED_STATES, entry.state)}"
    if entry.kind == "receipt":
        return _("paid by {method}").format(method=word(METHODS, entry.state))
    if entry.kind in MONEY_BACK:
        return word(MONEY_BACK, entry.kind)
    told = word(CREDITS, entry.kind)
    return told if (entry.amount_minor or 0) >= 0 else _("{what}, taken back").format(what=told)


def _sign(entry: Entry) -> str:
    if entry.kind in ("promise", *AGREED):
        return sign("broken" if entry.state in ("broken", "missed") else "promise")
    if entry.kind in ("notice", "talk"):
        return channel_sign(entry.channel)
    return sign("paid") if entry.kind == "receipt" else sign("dot")


def _tone(entry: Entry) -> str:
    if entry.kind == "notice":
        return _NOTICE_TONES.get(entry.state, "dim")
    if entry.kind in ("promise", *AGREED):
        return _PROMISE_TONES.get(entry.state, "text")
    return "ok" if entry.kind == "receipt" else "text"
