"""The right end of the Dashboard's first line: credit on account, notices that wait, and the currencies."""

from __future__ import annotations

from duesdesk.i18n import _, money
from duesdesk.screens.dashboard import words
from duesdesk.screens.text import Line, Piece, amount
from duesdesk.services.dashboard import Summary


def right_line(summary: Summary, currency: str) -> Line:
    """Credit on account, notices that wait, and the currencies when there are several."""
    parts: list[Line] = []
    credit = summary.of(currency).credit_minor
    if credit:
        before, _brace, after = _("{amount} on account").partition("{amount}")
        parts.append((Piece(before, "dim"), amount(money(credit, currency), "dim"), Piece(after, "dim")))
    waiting = words.waiting_words(summary)
    if waiting:
        parts.append((Piece(waiting, "dim"),))
    if len(summary.currencies) > 1:
        names: list[Piece] = [Piece("c", "accent", bold=True)]
        for one in summary.currencies:
            active = one.currency == currency
            names += [Piece(" "), Piece(one.currency, "white" if active else "dim", active, active)]
        parts.append(tuple(names))
    return tuple(piece for place, part in enumerate(parts) for piece in ((Piece("   "),) if place else ()) + part)
