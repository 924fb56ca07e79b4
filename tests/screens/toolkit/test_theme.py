"""Every text can be read on everything it may lie on, in every theme, and without any colour."""

from __future__ import annotations

import pytest

from duesdesk.screens import theme

READABLE = 4.5


@pytest.fixture(autouse=True)
def _as_usual():
    yield
    theme.use(theme.DEFAULT, no_color=False)


@pytest.mark.parametrize("name", sorted(theme.PALETTES))
@pytest.mark.parametrize("tone", theme.TONES)
@pytest.mark.parametrize("surface", theme.SURFACES)
def test_every_pair_has_enough_contrast(name: str, tone: str, surface: str) -> None:
    theme.use(name, no_color=False)
    style = theme.tone(tone, surface)
    assert style.color is not None
    assert style.bgcolor is not None
    front, back = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    assert theme.contrast(front.hex[1:], back.hex[1:]) >= READABLE


@pytest.mark.parametrize("name", sorted(theme.PALETTES))
def test_the_cursor_can_be_seen(name: str) -> None:
    theme.use(name, no_color=False)
    style = theme.tone("white", "cursor")
    assert style.color is not None
    assert style.bgcolor is not None
    assert theme.contrast(style.color.get_truecolor().hex[1:], style.bgcolor.get_truecolor().hex[1:]) >= READABLE


def test_the_contrast_measure_is_that_of_the_guidelines() -> None:
    assert theme.contrast("000000", "ffffff") == pytest.approx(21.0)
    assert theme.contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


def test_without_colour_the_selected_row_is_reversed_and_weights_remain() -> None:
    theme.use(theme.DEFAULT, no_color=True)
    for tone in theme.TONES:
        for surface in (*theme.SURFACES, "cursor"):
            style = theme.tone(tone, surface, bold=True)
            assert style.color is None
            assert style.bgcolor is None
            assert style.bold
    assert theme.tone("text", "sel").reverse
    assert not theme.tone("text", "cursor").reverse


def test_a_change_of_theme_is_seen_by_what_is_already_drawn() -> None:
    before = theme.version()
    theme.use("duesdesk-light", no_color=False)
    assert theme.version() > before
    assert theme.tone("text").bgcolor == theme.tone("dim").bgcolor
    assert theme.active().name == "duesdesk-light"


def test_an_unknown_theme_is_the_usual_one() -> None:
    theme.use("no such theme", no_color=False)
    assert theme.active().name == theme.DEFAULT
