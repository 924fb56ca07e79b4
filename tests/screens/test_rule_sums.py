"""Sums of the rule are typed as everywhere: in the language of the screen, never finer than the money of the centre."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import set_language
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.rule.screen import RuleScreen
from duesdesk.screens.widgets.field import Field
from tests.screens.reading import at_rest, settled
from tests.screens.test_rule import MILD, owing, rule_of
from tests.services.booked import OpenDesk

__all__ = ["owing"]
FEE = (
    MILD
    + """[[step]]
id = "fee"
when = "due"
offset_days = 50
do = "fee"
amount = "{amount}"
"""
)


@pytest.fixture(autouse=True)
def _the_language_is_put_back() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("es", "1.000", "1000.00"),
        ("en", "1,000", "1000.00"),
        ("es", "7,5", "7.50"),
        ("en", "7,50", "7.50"),
        ("en", "5.005", None),
        ("en", "٣", None),
        ("en", "-5", None),
    ],
)
async def test_the_smallest_sum_is_understood_as_the_screen_writes_sums(
    owing: Desk, store: Path, language: str, typed: str, kept: str | None
) -> None:
    async with rule_of(store) as (app, pilot):
        set_language(language)
        await pilot.press("g")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        assert isinstance(app.screen, FormModal)
        entry = app.screen.entry("minimum_open")
        assert isinstance(entry, Field)
        entry.set_value(typed)
        await pilot.press("ctrl+s")
        await at_rest(pilot)
        if kept is None:
            assert isinstance(app.screen, FormModal)
        else:
            assert isinstance(app.screen, RuleScreen)
            assert app.screen.rule is not None
            assert app.screen.rule.minimum_open_text == kept


async def test_a_sum_that_was_left_as_it_is_is_no_change(owing: Desk, store: Path) -> None:
    async with rule_of(store) as (app, pilot):
        set_language("es")
        await pilot.press("g")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        assert isinstance(app.screen, FormModal)
        assert "," in app.screen.entry("minimum_open").value
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, RuleScreen))
        assert isinstance(app.screen, RuleScreen)
        assert app.screen._draft is None


@pytest.mark.parametrize(("amount", "problem"), [("5.005", "too-fine"), ("٣", "not-an-amount"), ("0.00", "missing")])
def test_a_fee_that_nobody_could_be_charged_is_refused(at: OpenDesk, amount: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        at().rules.check(FEE.format(amount=amount))
    assert (caught.value.facts["field"], caught.value.facts["problem"]) == ("amount", problem)


@pytest.mark.parametrize("amount", ["5", "5.0", "5.00", "5.000"])
def test_a_fee_of_the_centres_money_is_taken(at: OpenDesk, amount: str) -> None:
    assert at().rules.check(FEE.format(amount=amount)).steps[-1].amount_text == amount
