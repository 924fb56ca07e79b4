"""F10: settings are read and changed in words; their keys stand small beside the help, for who writes scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.clock import Clock
from duesdesk.i18n import set_language
from duesdesk.known_settings import KNOWN
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.settings import words
from tests.conftest import TODAY, OpenDesk
from tests.screens.reading import at_rest, seen, started, text_of


def test_every_setting_has_its_group_and_its_label_and_no_label_is_without_a_setting() -> None:
    listed = [key for _group, labels in words.GROUPS for key in labels]
    assert sorted(listed) == sorted(KNOWN)
    for _group, labels in words.GROUPS:
        assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("language", ["en", "es"])
def test_values_are_told_in_words(at: OpenDesk, language: str) -> None:
    set_language(language)
    by_key = {one.key: one for one in at().settings.all()}
    for key, one in by_key.items():
        for choice in one.choices:
            if choice and not key.endswith((".window", ".gateway")):
                assert words.value_words(one, choice) not in ("on", "off", "spool", "law", "warn"), key
    cooling = by_key["notices.cooling_minutes"]
    assert words.value_words(cooling, "30") == {"en": "30 minutes", "es": "30 minutos"}[language]
    assert words.value_words(by_key["privacy.default"], "on") == {"en": "yes", "es": "sí"}[language]


async def test_enter_changes_the_selected_setting_and_a_wrong_value_is_said_in_the_form(
    store: Path, at: OpenDesk
) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        lines = text_of(app, "#settings").splitlines()
        place = next(number for number, text in enumerate(lines) if "Days to pay" in text)
        # The list begins below its titles.
        await pilot.press(*["down"] * (place - 1))
        await at_rest(pilot)
        assert "terms.days" in text_of(app, "#help-line")
        await pilot.press("enter", *"soon", "enter")
        await at_rest(pilot)
        assert at().settings.text("terms.days") == ""
        assert isinstance(app.screen, FormModal)
        await pilot.press("ctrl+u", *"14", "enter")
        await at_rest(pilot)
        assert at().settings.text("terms.days") == "14"
        assert "14 days" in text_of(app, "#settings")


async def test_the_front_desk_may_look_and_is_told_who_may_change_what_all_desks_share(
    store: Path, at: OpenDesk
) -> None:
    at().staff.add("Ana", "front_desk")
    app = started(store, Clock(TODAY), actor="Ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        lines = text_of(app, "#settings").splitlines()
        place = next(number for number, text in enumerate(lines) if "Days to pay" in text)
        await pilot.press(*["down"] * (place - 1))
        await pilot.press("enter", *"14", "enter")
        await at_rest(pilot)
        assert at().settings.text("terms.days") == ""
        assert "manager" in "\n".join(seen(app))
