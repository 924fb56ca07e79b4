"""The colours: three themes of the same care, and `tone()`, the only way to a style.

A tone names what a text is (`dim` label, `accent` key, `bad` state …), a surface names what it lies on (`ground`, `bar`
for bars, tiles and dialogs, `sel` for the selected row). Every pair has a contrast of at least 4.5:1 in every theme
(a test computes them); dim tones are lifted on the selected row. With NO_COLOR a style carries no colour: bold,
underline and reverse remain, and every state has its sign or word anyhow.

Example:
    style = tone("dim")                          # label on the ground
    style = tone("white", "sel", bold=True)      # the name in the selected row
    use("duesdesk-light", no_color=False)        # done by the app when the theme changes
    for theme in textual_themes(): app.register_theme(theme)
    css = css_variables()                        # $ground, $bar, $sel … for desk.tcss
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.style import Style
    from textual.theme import Theme

TONES = ("text", "dim", "faint", "accent", "ok", "warn", "bad", "white")
SURFACES = ("ground", "bar", "sel")
DEFAULT = "duesdesk-dark"


class Palette(NamedTuple):
    """The colours of one theme, as hex without '#'. `line` draws rules and borders and carries no text."""

    name: str
    dark: bool
    ground: str
    bar: str
    sel: str
    text: str
    dim: str
    faint: str
    accent: str
    ok: str
    warn: str
    bad: str
    white: str
    line: str
    dim_on_sel: str

    def color(self, tone_name: str, surface: str = "ground") -> str:
        """The hex colour of a tone on a surface."""
        if surface == "sel" and tone_name in ("dim", "faint"):
            return self.dim_on_sel
        return str(getattr(self, tone_name))


PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        Palette(
            "duesdesk-dark", True, ground="10131a", bar="171b24", sel="22304a",
            text="d7dce5", dim="8b94a7", faint="7f899c", accent="7cc4ff", ok="7bd88f", warn="ffc66d", bad="ff8b7b",
            white="ffffff", line="2c3442", dim_on_sel="a3acbd",
        ),
        Palette(
            "duesdesk-light", False, ground="fafbfd", bar="edf0f5", sel="d3e2f6",
            text="232a35", dim="555f70", faint="5b6576", accent="0a569f", ok="18662f", warn="7d4a00", bad="ab2318",
            white="000000", line="c3cad6", dim_on_sel="465063",
        ),
        Palette(
            "duesdesk-contrast", True, ground="000000", bar="141414", sel="003a70",
            text="ffffff", dim="d6d6d6", faint="c8c8c8", accent="6fdcff", ok="7dffa0", warn="ffd84d", bad="ffa79c",
            white="ffffff", line="8a8a8a", dim_on_sel="e6e6e6",
        ),
    )
}  # fmt: skip


class _Active:
    palette: Palette = PALETTES[DEFAULT]
    no_color: bool = False
    version: int = 0


def use(name: str, *, no_color: bool) -> None:
    """Make `name` the theme that `tone` draws with; an unknown name keeps the default.

    Widgets that keep drawn lines compare `version()`, which grows with every change.
    """
    _Active.palette = PALETTES.get(name, PALETTES[DEFAULT])
    _Active.no_color = no_color
    touch()
    tone.cache_clear()


def touch() -> None:
    """Have every widget draw anew what it kept; done when amounts are hidden or shown."""
    _Active.version += 1


def version() -> int:
    """Grows with every change of theme; a widget drops what it drew under an older one."""
    return _Active.version


def active() -> Palette:
    """The palette of the active theme."""
    return _Active.palette


def colors_off() -> bool:
    """Whether NO_COLOR rules."""
    return _Active.no_color


@lru_cache(maxsize=512)
def tone(name: str, surface: str = "ground", *, bold: bool = False, underline: bool = False) -> Style:
    """The style of a tone ("text", "dim", "faint", "accent", "ok", "warn", "bad", "white", "line") on a surface.

    Surfaces are "ground", "bar", "sel" and "cursor" (the reversed cell in a field).

    Raises:
        AttributeError: no such tone or surface.
    """
    from rich.style import Style  # imported late: the first paint needs the colours before Rich is there

    palette = _Active.palette
    if _Active.no_color:
        # The cursor inside a reversed field is the cell that is not reversed.
        return Style(bold=bold or None, underline=underline or None, reverse=surface == "sel" or None)
    if surface == "cursor":
        return Style(color="#" + palette.ground, bgcolor="#" + palette.text, bold=bold or None)
    return Style(
        color="#" + palette.color(name, surface),
        bgcolor="#" + str(getattr(palette, surface)),
        bold=bold or None,
        underline=underline or None,
    )


def textual_themes() -> list[Theme]:
    """Our palettes as Textual themes, for App.register_theme."""
    from textual.theme import Theme

    return [
        Theme(
            name=palette.name,
            primary="#" + palette.accent,
            secondary="#" + palette.accent,
            accent="#" + palette.accent,
            warning="#" + palette.warn,
            error="#" + palette.bad,
            success="#" + palette.ok,
            foreground="#" + palette.text,
            background="#" + palette.ground,
            surface="#" + palette.bar,
            panel="#" + palette.bar,
            dark=palette.dark,
            variables=variables(palette),
        )
        for palette in PALETTES.values()
    ]


def variables(palette: Palette) -> dict[str, str]:
    """The CSS variables of desk.tcss ($ground, $bar, $sel, $line, $dd-accent) for one palette."""
    return {
        "ground": "#" + palette.ground,
        "bar": "#" + palette.bar,
        "sel": "#" + palette.sel,
        "line": "#" + palette.line,
        "dd-accent": "#" + palette.accent,
        "dd-white": "#" + palette.white,
    }


def contrast(foreground: str, background: str) -> float:
    """The WCAG contrast ratio of two hex colours without '#', from 1.0 to 21.0."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(foreground), luminance(background)), reverse=True)
    return (high + 0.05) / (low + 0.05)
