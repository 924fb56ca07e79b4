"""The first true thing on the screen, before Textual is loaded: top bar, figures and debtors as plain escape codes.

They come from the same services and the same words as the Dashboard, stand where it will draw them, and are cleaned and
hidden as there; a test compares the two. Nothing here imports Textual or Rich (start-up).

Example:
    show(desk, sys.__stderr__, os.environ, colors="duesdesk-dark", amounts_shown=False)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TextIO

from duesdesk.bootstrap import Desk
from duesdesk.domain.text import clean_text
from duesdesk.i18n import _
from duesdesk.screens import signs, theme
from duesdesk.screens.dashboard import words
from duesdesk.screens.dashboard.words import ColumnSpec, Said
from duesdesk.screens.registry import PLACES
from duesdesk.services.dashboard import FirstPage, Summary
from duesdesk.services.debtors import UNPAID, DebtorList

LEAST_COLUMNS, LEAST_LINES = 60, 16
ROOMY_COLUMNS, TABS_COLUMNS = 100, 80
LEAST_TILE = 20
HIDDEN_DOTS = 5
GUTTER, GAP = 3, 2
_LOGO_CELLS = 14
# Lines below the rows: how many more there are, the person, message and keys.
LOW_BELOW, BELOW = 5, 8
_AMOUNT = 1
_ENTER = "\x1b[?1049h\x1b[?25l"


class Run(NamedTuple):
    """A text with its tone, on a surface."""

    text: str
    tone: str = "text"
    bold: bool = False
    on: str = "ground"


class Lines(NamedTuple):
    """Where the parts of the Dashboard stand on a screen of some height."""

    tabs: int
    tiles: int
    header: int
    rows: int


def show(
    desk: Desk, stream: TextIO, environment: Mapping[str, str], *, colors: str = "", amounts_shown: bool = True
) -> FirstPage | None:
    """Write it to a terminal; nothing where the terminal is too small, or knows no escape codes.

    What was read for it, so that the Dashboard need not read the same again; None when nothing was.
    """
    try:
        size = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return None
    if environment.get("TERM") == "dumb" or size.columns < LEAST_COLUMNS or size.lines < LEAST_LINES:
        return None
    if not desk.dashboard.is_quick():
        return None
    palette = theme.PALETTES.get(colors, theme.PALETTES[theme.DEFAULT])
    page = desk.dashboard.first_page(words.first_rows(size.lines))
    painted = lines(desk, page, size.columns, size.lines, amounts_shown=amounts_shown)
    depth = color_depth(environment)
    written = [f"\x1b[{y + 1};1H{encoded(runs, palette, depth)}" for y, runs in painted.items()]
    # The whole screen is cleared in the colour of the ground, so that its blanks need not be written.
    ground = f"\x1b[0{_look(Run(''), palette, depth)}m"
    stream.write(f"{_ENTER}{ground}\x1b[H\x1b[2J{''.join(written)}\x1b[0m")
    stream.flush()
    return page


def lines(desk: Desk, page: FirstPage, width: int, height: int, *, amounts_shown: bool) -> dict[int, list[Run]]:
    """The lines that are painted, by their place, each exactly `width` cells."""
    places = _places(height)
    summary, people = page.summary, page.people
    currency = desk.centre.currency
    most = max(1, height - places.rows - (LOW_BELOW if height < words.LOW_LINES else BELOW))
    found = {0: _top(desk, width), places.tabs: _tabs(width)}
    for y in range(3):
        found[places.tiles + y] = _tiles(summary, currency, width, y, amounts_shown=amounts_shown)
    specs = words.people_columns(UNPAID, words.list_title(UNPAID, people.total), summary.of(currency))
    layout = column_widths(specs, width)
    found[places.header] = _header(specs, layout, width)
    for place in range(min(most, people.total)):
        found[places.rows + place] = _row(people, place, specs, layout, width, amounts_shown=amounts_shown)
    return found


def _places(height: int) -> Lines:
    return Lines(1, 2, 6, 7) if height < words.LOW_LINES else Lines(2, 4, 11, 12)


def _top(desk: Desk, width: int) -> list[Run]:
    roomy = width >= ROOMY_COLUMNS
    actor = desk.actor
    right = [Run(cleaned(f"{actor.desk} · {actor.name} " if actor.desk else f"{actor.name} "), "dim")]
    names: list[Run] = []
    for place in PLACES:
        active = place is PLACES[0]
        on = "sel" if active else "bar"
        word = _(place.label) if roomy else _(place.short)
        names += [
            Run(f" {place.shown} ", "accent" if active else "dim", on=on),
            Run(word, "white" if active else "dim", active, on),
            Run(" ", on=on),
            Run(" ", on="bar"),
        ]
    # The centre's name gives way first, then the program's.
    room = width - _cells(names) - _cells(right) - _LOGO_CELLS
    left = [
        Run(f" {signs.sign('logo')}", "accent"),
        Run(" duesdesk" if room >= 0 else "", "accent", bold=True),
        Run("  "),
        *_shortened(Run(desk.centre.name), room),
        Run("    " if roomy else "  "),
        *names,
    ]
    room = width - _cells(right)
    return [run if run.on == "sel" else run._replace(on="bar") for run in [*_fit(left, room), *right]]


def _tabs(width: int) -> list[Run]:
    runs = [Run(" ")]
    # Where there is little room the words may give way to what stands beside them, which is read later.
    some = words.TABS if width >= TABS_COLUMNS else {words.ACCOUNTING: words.TABS[words.ACCOUNTING]}
    for key, label in some.items():
        active = key == words.ACCOUNTING
        runs += [Run(_(label), "white" if active else "dim", bold=active), Run("   ")]
    return _fit(runs, width)


def _shortened(run: Run, room: int) -> list[Run]:
    text = cleaned(run.text)
    return [run._replace(text=text if width_of(text) <= room else _cut(text, max(0, room)))]


def _tiles(summary: Summary, currency: str, width: int, y: int, *, amounts_shown: bool) -> list[Run]:
    texts = words.tile_texts(summary, currency, None)
    fitting = max(1, min(len(texts), width // LEAST_TILE))
    slot = width // fitting
    runs: list[Run] = []
    for place, one in enumerate(texts[:fitting]):
        cells = (width - slot * (fitting - 1) if place == fitting - 1 else slot) - 1
        on = "sel" if place == 0 else "bar"
        figure = one.figure if amounts_shown or not one.is_money else signs.sign("hidden", HIDDEN_DOTS)
        said = (
            Run(one.title, "accent" if place == 0 else "dim", place == 0),
            Run(figure, "white", bold=True),
            Run(one.sub, "dim"),
        )[y]
        lead = Run("  " if width >= ROOMY_COLUMNS else " ")
        runs.append(Run(" "))
        runs += [run._replace(on=on) for run in _fit([lead, said], cells)]
    return runs


def column_widths(specs: Sequence[ColumnSpec], width: int) -> list[tuple[int, int]]:
    """(place of the column, its cells) of those that a terminal of `width` shows; as `LineList` does it."""
    shown = [(place, spec) for place, spec in enumerate(specs) if width >= spec.min_terminal_width]
    used = sum(spec.width for _, spec in shown) + GAP * max(0, len(shown) - 1)
    flexible = sum(spec.flex for _, spec in shown)
    spare, odd = divmod(max(0, width - GUTTER - 1 - used), flexible) if flexible else (0, 0)
    found = []
    for place, spec in shown:
        cells = spec.width
        if spec.flex:
            cells += spare + (1 if odd else 0)
            odd = max(0, odd - 1)
        found.append((place, cells))
    return found


def _header(specs: Sequence[ColumnSpec], layout: Sequence[tuple[int, int]], width: int) -> list[Run]:
    runs = [Run(" ", "dim")]
    for at, (place, cells) in enumerate(layout):
        spec = specs[place]
        title = spec.title + (f" {signs.sign('down')}" if spec.key == "amount" else "")
        if at:
            runs.append(Run(" " * GAP, "dim"))
        runs += _fit([Run(title, "dim")], cells + (GUTTER - 1 if not at else 0), right=spec.align == "right")
    return [run._replace(on="bar") for run in _fit(runs, width)]


def _row(
    people: DebtorList,
    index: int,
    specs: Sequence[ColumnSpec],
    layout: Sequence[tuple[int, int]],
    width: int,
    *,
    amounts_shown: bool,
) -> list[Run]:
    first = index == 0
    cells = words.people_cells(people.row(index), people.today)
    runs = [Run(f" {signs.sign('here') if first else ' '} ", "white")]
    for at, (place, room) in enumerate(layout):
        text, tone = _shown(cells[place], place, amounts_shown=amounts_shown)
        bold = place == _AMOUNT
        if first and tone == "text":
            tone, bold = "white", bold or at == 0
        if at:
            runs.append(Run(" " * GAP))
        runs += _fit([Run(text, tone, bold)], room, right=specs[place].align == "right")
    ground = "sel" if first else "ground"
    return [Run(run.text, run.tone, run.bold, ground) for run in _fit(runs, width)]


def _shown(cell: Said, place: int, *, amounts_shown: bool) -> Said:
    text, tone = cell
    return (signs.sign("hidden", HIDDEN_DOTS), tone) if place == _AMOUNT and not amounts_shown else (text, tone)


# Cells


def _fit(runs: Sequence[Run], width: int, *, right: bool = False) -> list[Run]:
    """The runs, cleaned, in exactly `width` cells: cut with a sign, or filled with blanks."""
    kept: list[Run] = []
    left = width
    for place, run in enumerate(runs):
        text = cleaned(run.text)
        cells = width_of(text)
        more = any(later.text for later in runs[place + 1 :])
        if cells > left or (cells == left and more and left):
            is_blank = not any(later.text.strip() for later in runs[place:])
            text = " " * left if is_blank else _cut(text if cells > left else text + " ", left)
            kept.append(Run(text, *run[1:]))
            left -= width_of(text)
            break
        kept.append(run if text is run.text else Run(text, *run[1:]))
        left -= cells
    if left > 0:
        kept.insert(0 if right else len(kept), Run(" " * left))
    return kept


def _cells(runs: Sequence[Run]) -> int:
    return sum(width_of(cleaned(run.text)) for run in runs)


def cleaned(text: str) -> str:
    """`text` as a terminal may get it, its blanks at the ends kept."""
    if not signs.is_narrow(text):
        inner = clean_text(text, max_length=2000)
        if inner != text and inner:
            inner = " " * (len(text) - len(text.lstrip(" "))) + inner + " " * (len(text) - len(text.rstrip(" ")))
        text = inner or " " * len(text)
    if signs.ascii_only() and not text.isascii():
        from anyascii import anyascii  # imported late: only terminals without Unicode need the tables

        text = anyascii(text)
    return text


def width_of(text: str) -> int:
    """The cells of a cleaned text."""
    if signs.is_narrow(text):
        return len(text)
    from unicodedata import category, east_asian_width  # imported late: start-up

    return sum(
        0 if category(char)[0] == "M" or category(char) == "Cf" else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def _cut(text: str, width: int) -> str:
    if width <= 0:
        return ""
    kept = text
    while kept and width_of(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + signs.sign("cut")


# Colours

TRUE, CUBE, NONE = "true", "cube", "none"
_LEVELS = (0, 95, 135, 175, 215, 255)


def color_depth(environment: Mapping[str, str]) -> str:
    """How many colours the terminal says it has: all, 256, or none that would be ours."""
    if environment.get("NO_COLOR"):
        return NONE
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return TRUE
    return CUBE if "256color" in environment.get("TERM", "") else NONE


def encoded(runs: Sequence[Run], palette: theme.Palette, depth: str) -> str:
    """The runs as text with escape codes."""
    kept = list(runs)
    while kept and kept[-1].on == "ground" and not kept[-1].text.strip(" "):
        kept.pop()
    parts: list[str] = []
    before: Run | None = None
    for run in kept:
        # On blanks only the surface is seen.
        if before is not None and not run.text.strip(" ") and run.on == before.on:
            parts.append(run.text)
            continue
        look = _look(run, palette, depth)
        same = before is not None and _look(before, palette, depth) == look
        parts.append(run.text if same else f"\x1b[0{look}m{run.text}")
        before = run
    return "".join(parts)


def _look(run: Run, palette: theme.Palette, depth: str) -> str:
    look = ";1" if run.bold else ""
    if depth == NONE:
        return look + (";7" if run.on == "sel" else "")
    fore, back = palette.color(run.tone, run.on), str(getattr(palette, run.on))
    return f"{look};38;{_color(fore, depth)};48;{_color(back, depth)}"


@lru_cache(maxsize=64)
def _color(hexed: str, depth: str) -> str:
    red, green, blue = (int(hexed[at : at + 2], 16) for at in (0, 2, 4))
    if depth == TRUE:
        return f"2;{red};{green};{blue}"
    if max(red, green, blue) - min(red, green, blue) < 24:  # near enough to grey
        return f"5;{232 + max(0, min(23, (red - 8) // 10))}"
    places = [min(range(6), key=lambda at: abs(_LEVELS[at] - value)) for value in (red, green, blue)]
    return f"5;{16 + 36 * places[0] + 6 * places[1] + places[2]}"
