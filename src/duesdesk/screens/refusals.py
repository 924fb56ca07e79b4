"""Errors as lines to draw: what is an amount of the book in a sentence is dots while amounts are hidden.

Example:
    self.show_message(refusal(error, "bad"), "bad")
    panel.set_lines(refusal_lines(error, 60, "bad"))     # broken at 60 cells
"""

from __future__ import annotations

from duesdesk.domain.errors import DuesdeskError
from duesdesk.i18n import sentence_parts
from duesdesk.screens.text import Line, Piece, wrap_line


def refusal(error: DuesdeskError, tone: str = "text") -> Line:
    """The sentence of an error."""
    return tuple(Piece(text, tone, secret=is_amount) for text, is_amount in sentence_parts(error))


def refusal_lines(error: DuesdeskError, width: int, tone: str = "text") -> list[Line]:
    """The sentence of an error in lines of at most `width` cells."""
    return wrap_line(refusal(error, tone), width)
