"""The tiles of the Dashboard, from its figures and from what is known a moment later."""

from __future__ import annotations

from duesdesk.screens.dashboard import words
from duesdesk.screens.dashboard.words import COLLECTED
from duesdesk.screens.signs import spark
from duesdesk.screens.text import Piece, amount
from duesdesk.screens.widgets.tiles import Tile
from duesdesk.services.dashboard import Later, Summary

SPARK_DAYS, SPARK_DAYS_WIDE, SPARK_COLUMNS = 7, 14, 150


def tiles_of(summary: Summary, currency: str, later: Later | None, columns: int) -> list[Tile]:
    """The tiles in one currency, on a terminal so many columns wide; `later` is None while it is read."""
    return [
        Tile(
            one.key,
            one.title,
            amount(one.figure, "white", bold=True) if one.is_money else _care_figure(one.figure),
            one.sub,
            _spark(later, currency, columns) if one.key == COLLECTED else "",
        )
        for one in words.tile_texts(summary, currency, _care_counts(later))
    ]


def _care_counts(later: Later | None) -> tuple[int, int] | None:
    if later is None:
        return None
    promised = sum(care.kind.startswith("promise") for care in later.cares)
    return promised, len(later.cares) - promised


def _care_figure(figure: str) -> Piece:
    return Piece(figure, "white" if figure in ("", "0") else "warn", bold=True)


def _spark(later: Later | None, currency: str, columns: int) -> str:
    if later is None:
        return ""
    days = SPARK_DAYS_WIDE if columns >= SPARK_COLUMNS else SPARK_DAYS
    return spark(later.collected_days.get(currency, (0,))[-days:])
