"""The signs of the screens, and their ASCII twins for terminals without Unicode.

A sign stands beside a word or a colour, never alone for a meaning. Write `sign("paid")`, not the character: on the
Linux console, under `LANG=C` or with `DUESDESK_ASCII=1` the twin is drawn, in the same number of cells.

Example:
    Piece(sign("late", 3), "bad")        # ●●● or !!!
    Piece(sign("paid") + " " + _("paid"), "ok")
    bar = sign("block") * 12
    pointer = sign("here") if selected else " "
    spark([1, 3, 2, 8])                  # ▁▃▂█ or .-.#
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Latin letters and the signs below: nothing to clean, one cell each.
is_narrow = re.compile(r"[ -~\xa0-\xac\xae-ʯ–—‘’“”…•●○◐✓·€◆▸▾]*").fullmatch
"""Whether each character of a text surely takes one cell (most texts do); None means it must be measured."""

SIGNS: dict[str, tuple[str, str]] = {
    "logo": ("◆", "*"),
    "becomes": ("→", ">"),
    "late": ("●", "!"),
    "part": ("◐", "%"),
    "due": ("○", "o"),
    "full": ("●", "*"),
    "empty": ("○", "."),
    "paid": ("✓", "+"),
    "done": ("✓", "+"),
    "promise": ("⚑", "P"),
    "broken": ("✗", "x"),
    "mail": ("✉", "@"),
    "phone": ("☎", "T"),
    "note": ("✎", "n"),
    "here": ("▸", ">"),
    "bar": ("▌", "|"),
    "mark": ("■", "#"),
    "none": ("—", "-"),
    "dot": ("·", "-"),
    "cut": ("…", "~"),
    "before": ("‹", "<"),
    "after": ("›", ">"),
    "down": ("▾", "v"),
    "up": ("▴", "^"),
    "vertical": ("│", "|"),
    "horizontal": ("─", "-"),
    "block": ("█", "#"),
    "shade": ("░", "."),
    "beyond": ("▓", "+"),
    "times": ("×", "x"),
    "hidden": ("•", "*"),
    "top_left": ("╭", "+"),
    "top_right": ("╮", "+"),
    "bottom_left": ("╰", "+"),
    "bottom_right": ("╯", "+"),
}
"""Name of a sign -> (Unicode, ASCII). Both have one cell."""

SPARK = ("▁▂▃▄▅▆▇█", "._-=+*%#")
_state = {"ascii": False}


def use_ascii(on: bool) -> None:
    """From now on draw the ASCII twins (True) or the Unicode signs (False)."""
    _state["ascii"] = on


def ascii_only() -> bool:
    """Whether the ASCII twins are drawn."""
    return _state["ascii"]


def needs_ascii(encoding: str | None, term: str | None) -> bool:
    """Whether a terminal of this output encoding and TERM shows Unicode signs badly or not at all."""
    if term in ("linux", "dumb", "vt100", "vt220"):
        return True
    return (encoding or "").lower().replace("-", "").replace("_", "") not in ("utf8", "utf16", "cp65001")


def sign(name: str, times: int = 1) -> str:
    """The sign called `name`, `times` times, in the form this terminal shows.

    Raises:
        KeyError: no sign has this name.
    """
    return SIGNS[name][_state["ascii"]] * times


def spark(figures: Sequence[int]) -> str:
    """One character a figure, its height in proportion to the largest; empty for no figures."""
    levels = SPARK[_state["ascii"]]
    top = max(figures, default=0)
    if top <= 0:
        return levels[0] * len(figures)
    return "".join(levels[min(7, max(0, figure) * 7 // top)] for figure in figures)
