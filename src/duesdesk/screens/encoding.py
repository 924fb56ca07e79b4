r"""Cells of a line as the shortest text with escape codes that makes a terminal show them.

Two ways are tried for each line. In order: run after run, only what differs of a style being stated. By look: blanks of
one surface are erased at once (where the terminal erases in colour), and the rest is written one look after the other,
with the cursor moved in between; five bytes of moving are less than the twenty of a colour.

Example:
    text, now = encode(3, chars, looks, [(0, 80)], PLAIN, erases=True)
    change(Look("31"), Look("32"))                       # "\x1b[32m"
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from duesdesk.screens.signs import is_narrow

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
_SEEN_ON_BLANKS = ("4", "7", "9")
# Terminals whose erased cells take the colour of the ground that is set, by the beginning of TERM; screen's do not.
_ERASE_IN_COLOR = (
    "xterm", "tmux", "alacritty", "contour", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole", "linux", "mintty",
    "putty", "rxvt", "st-", "vte", "wezterm",
)  # fmt: skip
# "\0" is a cell nothing is known of yet.
_BLANKS = frozenset((" ", "\0"))
_WORTH_TRYING = 48
_LEAST_ERASED = 16
_NEAR = 5
"""Blanks between two runs of one look that cost less than moving the cursor over them."""


class Look(NamedTuple):
    """The style of a cell: foreground, background (SGR codes, "" for the terminal's own) and attributes."""

    fore: str = ""
    back: str = ""
    attributes: tuple[str, ...] = ()


class Run(NamedTuple):
    """Cells of one look that are written together."""

    first: int
    last: int
    look: Look


PLAIN = Look()


def erases_in_color(term: str) -> bool:
    """Whether the terminal that TERM names erases in the colour that is set."""
    return term.startswith(_ERASE_IN_COLOR)


@lru_cache(maxsize=4096)
def change(now: Look, then: Look) -> str:
    """The escape sequence from one look to another; empty when nothing differs."""
    if now == then:
        return ""
    if then == PLAIN:
        return "\x1b[0m"
    codes = sorted({_OFF[code] for code in now.attributes if code not in then.attributes})
    # 22 ends bold and dim together.
    codes += [code for code in then.attributes if code not in now.attributes or _OFF[code] in codes]
    if now.fore != then.fore:
        codes.append(then.fore or "39")
    if now.back != then.back:
        codes.append(then.back or "49")
    short = ";".join(codes)
    full = ";".join(("0", *then.attributes, *(color for color in (then.fore, then.back) if color)))
    return f"\x1b[{min(short, full, key=len)}m"


@lru_cache(maxsize=4096)
def _on_blank(now: Look, then: Look) -> Look:
    """The look that serves for blanks meant as `then`: the letters' colour and weight may stay as they are."""
    kept = tuple(code for code in now.attributes if code not in _SEEN_ON_BLANKS)
    seen = tuple(code for code in then.attributes if code in _SEEN_ON_BLANKS)
    return Look(now.fore if "7" not in seen else then.fore, then.back, kept + seen)


@lru_cache(maxsize=1024)
def _surface(look: Look) -> str | None:
    """The ground that a blank of this look shows; None when more is seen of it."""
    return None if any(code in _SEEN_ON_BLANKS for code in look.attributes) else look.back


def cells(text: str) -> list[str]:
    """One entry for each cell: marks join the letter before them, a wide character is followed by ""."""
    if is_narrow(text):
        return list(text)
    found: list[str] = []
    for char in text:
        width = cell_len(char)
        if width == 0 and found:
            found[-2 if found[-1] == "" and len(found) > 1 else -1] += char
        elif width:
            found.append(char)
            if width == 2:
                found.append("")
    # A sequence (a flag, a family) may be narrower than its parts; the terminal is asked to show what was measured.
    wanted = cell_len(text)
    return found[:wanted] + [" "] * (wanted - len(found))


def encode(
    y: int,
    chars: Sequence[str],
    looks: Sequence[Look],
    spans: Sequence[tuple[int, int]],
    now: Look,
    *,
    erases: bool,
) -> tuple[str, Look]:
    """What to write so that line `y` shows the cells of these spans, and the look that is set then."""
    in_order = _in_order(y, chars, looks, spans, now)
    if len(in_order[0]) < _WORTH_TRYING:
        return in_order
    by_look = _by_look(y, chars, looks, spans, now, erases)
    return by_look if len(by_look[0]) < len(in_order[0]) else in_order


def _in_order(
    y: int, chars: Sequence[str], looks: Sequence[Look], spans: Sequence[tuple[int, int]], now: Look
) -> tuple[str, Look]:
    written: list[str] = []
    for first, last in spans:
        written.append(f"\x1b[{first + 1}G" if written else f"\x1b[{y + 1};{first + 1}H")
        for run in _runs(looks, first, last):
            text = _text(chars, run)
            look = _on_blank(now, run.look) if text.isspace() else run.look
            written.append(change(now, look))
            written.append(text)
            now = look
    return "".join(written), now


def _runs(looks: Sequence[Look], first: int, last: int) -> list[Run]:
    found = []
    at = first
    while at < last:
        look = looks[at]
        end = at + 1
        while end < last and (looks[end] is look or looks[end] == look):
            end += 1
        found.append(Run(at, end, look))
        at = end
    return found


def _text(chars: Sequence[str], run: Run) -> str:
    return "".join(chars[run.first : run.last]).replace("\0", " ")


def _by_look(
    y: int,
    chars: Sequence[str],
    looks: Sequence[Look],
    spans: Sequence[tuple[int, int]],
    now: Look,
    erases: bool,
) -> tuple[str, Look]:
    """The line with its blanks erased first, where that is worth it, and the rest one look after the other."""
    width = len(chars)
    pen = _Pen(y, now, width)
    left: dict[Look, list[Run]] = {}
    erased: list[tuple[int, int, str]] = []
    for first, last in spans:
        ground = _ground(chars, looks, first, last, erases)
        if ground is not None:
            erased.append((first, last, ground))
        for run in _without(chars, looks, first, last, ground):
            left.setdefault(run.look, []).append(run)
    for first, last, ground in erased:
        # Of the looks that come anyway, one on this ground can be set at once.
        look = next((one for one in left if _surface(one) == ground), Look("", ground))
        pen.erase(first, last, _on_blank(pen.now, look) if look.fore == "" else look)
    for look in sorted(left, key=lambda one: one != pen.now):
        for run in left[look]:
            pen.write(run, _text(chars, run))
    return "".join(pen.written), pen.now


def _ground(chars: Sequence[str], looks: Sequence[Look], first: int, last: int, erases: bool) -> str | None:
    """The ground of most blanks in a span, when there are enough of them to erase the span to it."""
    if last - first < _LEAST_ERASED:
        return None
    counts: dict[str, int] = {}
    for at in range(first, last):
        if chars[at] in _BLANKS:
            ground = _surface(looks[at])
            if ground is not None:
                counts[ground] = counts.get(ground, 0) + 1
    ground = max(counts, key=counts.__getitem__, default=None)
    if ground is None or counts[ground] < _LEAST_ERASED or (ground and not erases):
        return None
    return ground


def _without(chars: Sequence[str], looks: Sequence[Look], first: int, last: int, ground: str | None) -> list[Run]:
    """The runs of a span that are left when it was erased to `ground`; few blanks within a look are written, too."""
    found: list[Run] = []
    for run in _runs(looks, first, last):
        on_ground = ground is not None and _surface(run.look) == ground
        at = run.first
        while at < run.last:
            end = at
            while end < run.last and chars[end] in _BLANKS and on_ground:
                end += 1
            if end > at:
                at = end
                continue
            while end < run.last and not (on_ground and chars[end] in _BLANKS):
                end += 1
            # A wide character takes the empty cell behind it along.
            before = found[-1] if found else None
            if before is not None and before.look == run.look and 0 <= at - before.last < _NEAR and on_ground:
                found[-1] = Run(before.first, end, before.look)
            else:
                found.append(Run(at, end, run.look))
            at = end
    return found


class _Pen:
    """Writes runs of one line, keeping where the cursor is and what look is set."""

    def __init__(self, y: int, now: Look, width: int) -> None:
        self.written: list[str] = []
        self.now = now
        self._y = y
        self._width = width
        self._at: int | None = None

    def _go(self, first: int) -> None:
        if not self.written:
            self.written.append(f"\x1b[{self._y + 1};{first + 1}H")
        elif self._at != first:
            by = 0 if self._at is None else first - self._at
            # Behind the last cell the cursor stands where no two terminals agree.
            near = self._at is not None and self._at < self._width and by > 0
            ahead = f"\x1b[{by}C" if by > 1 else "\x1b[C"
            there = f"\x1b[{first + 1}G"
            self.written.append(ahead if near and len(ahead) < len(there) else there)
        self._at = first

    def erase(self, first: int, last: int, look: Look) -> None:
        self._go(first)
        self.written.append(change(self.now, look))
        self.now = look
        self.written.append("\x1b[K" if last == self._width else f"\x1b[{last - first}X")

    def write(self, run: Run, text: str) -> None:
        self._go(run.first)
        self.written.append(change(self.now, run.look))
        self.now = run.look
        self.written.append(text)
        self._at = run.last
