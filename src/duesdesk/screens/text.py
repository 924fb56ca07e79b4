"""The only place that turns data into something drawable.

Everything our widgets draw is a `Line`: a tuple of `Piece`s (a text, its tone). `segments()` makes it ready for the
terminal: control characters, direction overrides and the like are dropped (`clean_text`), the text is measured in
cells, cut with "…" and padded. No markup is ever read: `[b]` in a name is drawn as `[b]`.

Example:
    line: Line = (Piece(name, "white", bold=True), Piece("  M00218", "dim"))
    line = join(line, amount("96.50", "bad"))            # dots while amounts are hidden
    line = filled(_("{amount} left"), amount=amount("96.50"))
    segments(line, 40)                                   # exactly 40 cells
    pad("Owes", 10, "right")
    say(self.app, _("Saved."))                           # quiet message line; say(app, text, "bad") for trouble
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import Formatter
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from duesdesk.domain.text import clean_text
from duesdesk.screens import signs
from duesdesk.screens.theme import tone as style_of
from duesdesk.screens.theme import touch

Align = Literal["left", "right", "center"]
Severity = Literal["ok", "warn", "bad", "text"]
HIDDEN_DOTS = 5

_FIGURE = r"\d(?:[\d.,'’\xa0\u202f]*\d)?"
_MONEY_MARK = r"(?:[$¢£¤¥₠-₿]|\b[A-Z]{3}\b)"
# Left to `re`, which keeps it, where a text is searched: the first screen has none.
_SUMS = (
    rf"({_MONEY_MARK}[ \xa0\u202f]?{_FIGURE}|{_FIGURE}[ \xa0\u202f]?{_MONEY_MARK}"
    rf"|(?<![\d./-])\d[\d.,'’\xa0\u202f]*[.,]\d{{2,3}}(?![\d/-]))"
)


class Piece(NamedTuple):
    """A run of text in one tone. `on` overrides the surface below it ("bar", "sel"), as for chips and active tabs.

    A `secret` piece is drawn as dots while amounts are hidden; `amount` makes them.
    """

    text: str
    tone: str = "text"
    bold: bool = False
    underline: bool = False
    on: str = ""
    secret: bool = False


Line = tuple[Piece, ...]


class _Privacy:
    shown = True


def show_amounts(shown: bool) -> None:
    """Draw amounts from now on (True) or dots instead of them (False); the app's `v` key sets it."""
    _Privacy.shown = shown
    touch()


def amounts_shown() -> bool:
    """Whether `amount` draws figures."""
    return _Privacy.shown


def amount(text: str, tone: str = "text", *, bold: bool = False, on: str = "") -> Piece:
    """A formatted amount of money as a piece: dots while amounts are hidden, always the same number of them.

    Use it for every sum of money on a screen; never build a Piece from an amount yourself. It follows the `v` key by
    itself, without new data.
    """
    return Piece(text, tone, bold, on=on, secret=True)


def filled(template: str, tone: str = "text", **values: Line | Piece | str) -> Line:
    """A sentence with its `{names}` filled; what is an `amount` in it is dots while amounts are hidden.

    `filled(_("{amount} left"), "warn", amount=amount("36.50", "warn"))`
    """
    pieces: list[Piece] = []
    for literal, name, _spec, _conversion in Formatter().parse(template):
        if literal:
            pieces.append(Piece(literal, tone))
        if name is not None:
            value = values[name]
            pieces += [Piece(value, tone)] if isinstance(value, str) else as_line(value)
    return tuple(pieces)


def with_sums(text: str, tone: str = "text") -> Line:
    """A text somebody wrote, as a line in which what looks like a sum of money is an `amount`.

    A figure beside a currency's sign or code, or with decimals. Rather too much is hidden than too little.
    """
    parts = re.split(_SUMS, text)
    return tuple(Piece(part, tone, secret=bool(place % 2)) for place, part in enumerate(parts) if part)


def hidden() -> str:
    """What stands for an amount while amounts are hidden."""
    return signs.sign("hidden", HIDDEN_DOTS)


def line(text: str, tone: str = "text", *, bold: bool = False) -> Line:
    """A line of one piece."""
    return (Piece(text, tone, bold),)


def as_line(value: Line | Piece | str) -> Line:
    """Any of the three forms as a Line."""
    if isinstance(value, str):
        return (Piece(value),)
    if isinstance(value, Piece):
        return (value,)
    return value


def join(*parts: Line | Piece | str) -> Line:
    """One line of all parts, in their order, with nothing between them."""
    return tuple(piece for part in parts for piece in as_line(part))


def shown_text(piece: Piece) -> str:
    """The text of a piece as it is drawn now: cleaned, or dots."""
    if piece.secret and not _Privacy.shown and piece.text:
        return hidden()
    return drawn(piece.text)


@lru_cache(maxsize=8192)
def drawn(text: str) -> str:
    """`text` as it may reach the terminal: cleaned, on one line, blanks kept, in ASCII where there is no Unicode."""
    if not (text.isascii() and text.isprintable()):
        inner = clean_text(text, max_length=2000)
        if inner and inner != text:
            # Blanks at the ends are spacing of ours; cleaning strips them.
            lead = len(text) - len(text.lstrip(" "))
            trail = len(text) - len(text.rstrip(" "))
            inner = " " * lead + inner + " " * trail
        elif not inner and text.isspace():
            inner = " " * len(text)
        text = inner
    if signs.ascii_only() and not text.isascii():
        # imported late: only terminals without Unicode need the tables
        from anyascii import anyascii

        text = "".join(_twin(char) or anyascii(char) for char in text)
    return text


def forget_drawn() -> None:
    """Drop the cleaned texts kept for drawing; the app calls it when the kind of terminal is known."""
    drawn.cache_clear()


def _twin(char: str) -> str:
    for unicode, ascii_twin in signs.SIGNS.values():
        if unicode == char:
            return ascii_twin
    return ""


def width_of(value: Line | Piece | str) -> int:
    """The cells that a line, piece or text takes when drawn."""
    if isinstance(value, str):
        return _cells(drawn(value))
    return sum(_cells(shown_text(piece)) for piece in as_line(value))


def _cells(text: str) -> int:
    return len(text) if signs.is_narrow(text) else cell_len(text)


def cut(text: str, width: int) -> str:
    """`text` (already cleaned) in at most `width` cells, ending in "…" when something is left out."""
    if _cells(text) <= width:
        return text
    if width <= 0:
        return ""
    return set_cell_size(text, width - 1).rstrip() + signs.sign("cut") if width > 1 else signs.sign("cut")


def pad(text: str, width: int, align: Align = "left") -> str:
    """`text`, cleaned, in exactly `width` cells: cut with "…" or filled with blanks."""
    shown = cut(drawn(text), width)
    gap = width - _cells(shown)
    if gap <= 0:
        return shown
    if align == "right":
        return " " * gap + shown
    if align == "center":
        return " " * (gap // 2) + shown + " " * (gap - gap // 2)
    return shown + " " * gap


def fit(value: Line | Piece | str, width: int, align: Align = "left") -> Line:
    """A line of exactly `width` cells: cut with "…" or padded; of blanks nothing is missed."""
    pieces = as_line(value)
    kept: list[Piece] = []
    left = width
    for index, piece in enumerate(pieces):
        shown = shown_text(piece)
        cells = _cells(shown)
        # A piece that fills the line is cut too when something follows it, so that the dots say so.
        full = cells >= left and (cells > left or (left and _more(pieces, index)))
        if full:
            is_blank = not any(shown_text(rest).strip() for rest in pieces[index:])
            shown = " " * left if is_blank else cut(shown if cells > left else shown + " ", left)
            cells = _cells(shown)
        # What is secret stays so: the line may be kept and drawn when amounts have been hidden.
        kept.append(piece if shown is piece.text else piece._replace(text=shown))
        left -= cells
        if full or left <= 0:
            break
    if left > 0:
        before = left if align == "right" else left // 2 if align == "center" else 0
        if before:
            kept.insert(0, Piece(" " * before))
        if left > before:
            kept.append(Piece(" " * (left - before)))
    return tuple(kept)


def _more(pieces: Line, index: int) -> bool:
    return any(piece.text for piece in pieces[index + 1 :])


def spread(left: Line | Piece | str, right: Line | Piece | str, width: int, gap: int = 2) -> Line:
    """`left` at the left edge and `right` at the right one; the left part is cut when both do not fit."""
    right_width = min(width_of(right), width)
    left_width = max(0, width - right_width - gap)
    return join(fit(left, left_width), Piece(" " * (width - right_width - left_width)), fit(right, right_width))


def segments(value: Line | Piece | str, width: int, selected: bool = False, surface: str = "ground") -> list[Segment]:
    """`value` as Rich segments of exactly `width` cells on `surface` ("sel" when `selected`)."""
    return styled(fit(value, width), "sel" if selected else surface)


def styled(pieces: Line, surface: str = "ground") -> list[Segment]:
    """The segments of pieces that are cleaned and measured already (the answer of `fit`)."""
    return [
        Segment(
            piece.text,
            style_of(piece.tone, piece.on or surface, bold=piece.bold, underline=piece.underline),
        )
        for piece in pieces
        if piece.text
    ]


def wrap(text: str, width: int, max_lines: int = 0) -> list[str]:
    """`text` broken at blanks into lines of at most `width` cells; with `max_lines` the last one is cut with "…"."""
    lines: list[str] = []
    current = ""
    for word in drawn(text).split(" "):
        candidate = f"{current} {word}" if current else word
        if _cells(candidate) <= width:
            current = candidate
            continue
        if current:
            lines.append(current)
        while _cells(word) > width > 0:
            head = set_cell_size(word, width)
            lines.append(head)
            word = word[len(head) :]  # noqa: PLW2901 (what is left of the word)
        current = word
    if current or not lines:
        lines.append(current)
    if max_lines and len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], cut(" ".join(lines[max_lines - 1 :]), width)]
    return lines


def wrap_line(value: Line | Piece | str, width: int) -> list[Line]:
    """As `wrap`, for a line whose pieces keep their tones; it stays whole when amounts are hidden or shown later."""
    lines: list[list[Piece]] = [[]]
    room = width
    for word in _words(as_line(value)):
        cells = sum(_most_cells(piece) for piece in word)
        blank = Piece(" ", word[0].tone)
        if lines[-1] and cells + 1 > room:
            lines.append([])
            room = width
        if lines[-1]:
            lines[-1].append(blank)
            room -= 1
        lines[-1] += word
        room -= cells
    return [tuple(one) for one in lines]


def _words(pieces: Line) -> list[list[Piece]]:
    """The words of a line, each of one piece or more. An amount is never broken."""
    words: list[list[Piece]] = []
    glued = False
    for piece in pieces:
        parts = [piece.text] if piece.secret else piece.text.split(" ")
        for place, part in enumerate(parts):
            if place:
                glued = False
            if not part:
                if 0 < place < len(parts) - 1:
                    words.append([piece._replace(text="")])  # a doubled blank stays one
                continue
            if glued:
                words[-1].append(piece._replace(text=part))
            else:
                words.append([piece._replace(text=part)])
            glued = True
    return words


def _most_cells(piece: Piece) -> int:
    cells = _cells(drawn(piece.text))
    return max(cells, HIDDEN_DOTS) if piece.secret else cells


def say(app: object, text: str, severity: Severity = "text") -> None:
    """Show a short message above the footer. `severity`: "text" quiet, "ok", "warn", "bad".

    `app` is the running DuesdeskApp (`self.app` of a screen or widget).
    """
    app.show_message(text, severity)  # type: ignore[attr-defined]  # Textual types self.app as App[object]


def bar(figures: Sequence[tuple[int, str]], width: int, gap: int = 1) -> list[tuple[int, str]]:
    """Parts of a bar `width` cells long in proportion to the figures: (cells, tone), at least one cell for each > 0."""
    kept = [(figure, tone) for figure, tone in figures if figure > 0]
    total = sum(figure for figure, _tone in kept)
    room = width - gap * max(0, len(kept) - 1)
    if not kept or room < len(kept):
        return []
    cells = [max(1, figure * room // total) for figure, _tone in kept]
    while sum(cells) > room:
        cells[cells.index(max(cells))] -= 1
    cells[cells.index(max(cells))] += room - sum(cells)
    return [(count, tone) for count, (_figure, tone) in zip(cells, kept, strict=True)]
