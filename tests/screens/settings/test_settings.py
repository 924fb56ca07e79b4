"""F10: settings are read and changed in words; their keys stand small beside the help, for who writes scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.clock import Clock
from duesdesk.config import SECRETS
from duesdesk.domain.errors import Refused
from duesdesk.i18n import _, set_language
from duesdesk.known_settings import KNOWN, THEMES
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.settings import words
from duesdesk.screens.theme import PALETTES
from duesdesk.screens.widgets.line_list import LineList
from tests.conftest import TODAY, OpenDesk
from tests.screens.reading import at_rest, seen, started, text_of


def test_every_setting_has_its_group_and_its_label_and_no_label_is_without_a_setting() -> None:
    listed = [key for _group, labels in words.GROUPS for key in labels]
    assert sorted(listed) == sorted([*KNOWN, *SECRETS])
    for _group, labels in words.GROUPS:
        assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_setting_says_what_it_does_what_it_usually_is_and_who_changes_it(at: OpenDesk, language: str) -> None:
    set_language(language)
    for one in at().settings.all():
        told = _(one.help)
        assert len(told) > len(one.key.split(".")), one.key
        assert language == "en" or told != one.help, one.key
        assert words.usual(one), one.key
        wants = one.kind not in ("text", "name")
        assert bool(words.allowed(one)) == wants, one.key


def test_the_colours_to_choose_are_those_there_are() -> None:
    assert tuple(PALETTES) == THEMES


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


async def test_a_password_is_kept_unseen_and_shown_as_dots(store: Path, at: OpenDesk) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("secret", "email.password"))
        await at_rest(pilot)
        assert "email.password" in text_of(app, "#help-line")
        await pilot.press("enter", *"hunter2")
        await at_rest(pilot)
        assert "hunter2" not in "\n".join(seen(app))
        await pilot.press("enter")
        await at_rest(pilot)
        assert at().settings.secrets()["email.password"]
        row = next(text for text in text_of(app, "#settings").splitlines() if "Password" in text)
        assert "•••••" in row
        assert "hunter2" not in "\n".join(seen(app))


async def test_many_choices_are_all_seen_and_chosen_from(store: Path, at: OpenDesk) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("setting", "sms.gateway"))
        await pilot.press("enter")
        await at_rest(pilot)
        told = "\n".join(seen(app))
        assert [one for one in KNOWN["sms.gateway"].choices[1:] if one not in told] == []
        await pilot.press("right", "right", "enter")
        await at_rest(pilot)
        assert at().settings.text("sms.gateway") == KNOWN["sms.gateway"].choices[2]


async def test_a_change_is_marked_and_taken_back_by_u(store: Path, at: OpenDesk) -> None:
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("setting", "terms.days"))
        await pilot.press("enter", *"14", "enter")
        await at_rest(pilot)
        assert "● 14 days" in text_of(app, "#settings")
        await pilot.press("u")
        await at_rest(pilot)
        assert "Days to pay" in "\n".join(seen(app))
        await pilot.press("enter")
        await at_rest(pilot)
        assert at().settings.text("terms.days") == ""
        assert "●" not in next(text for text in text_of(app, "#settings").splitlines() if "Days to pay" in text)


async def test_staff_are_added_and_given_another_role(store: Path, at: OpenDesk) -> None:
    at().staff.add("Ana", "manager")
    app = started(store, Clock(TODAY), actor="Ana")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        await pilot.press("end", "enter", *"Bo", "enter", "2", "enter")
        await at_rest(pilot)
        assert {one.name: one.role for one in at().staff.all()}["Bo"] == "back_office"
        app.screen.query_one(LineList).select(("staff", "Bo"))
        await pilot.press("enter", "1", "enter")
        await at_rest(pilot)
        assert {one.name: one.role for one in at().staff.all()}["Bo"] == "front_desk"


def test_a_setting_and_a_module_are_taken_back_to_what_they_were(at: OpenDesk) -> None:
    desk = at()
    desk.settings.set("terms.days", "10")
    desk.settings.set("terms.days", "20")
    desk.undo.undo()
    assert desk.settings.text("terms.days") == "10"
    desk.undo.undo()
    assert desk.settings.text("terms.days") == ""
    was = desk.modules.is_active("crm")
    desk.modules.switch("crm", active=not was)
    desk.modules.switch("crm", active=not was)
    desk.undo.undo()
    assert desk.modules.is_active("crm") is not was
    desk.undo.undo()
    assert desk.modules.is_active("crm") is was


def test_what_somebody_else_changed_meanwhile_is_not_taken_back(at: OpenDesk) -> None:
    at().staff.add("Ana", "manager")
    at(actor="Ana").settings.set("terms.days", "10")
    at().settings.set("terms.days", "20")
    with pytest.raises(Refused):
        at(actor="Ana").undo.undo()
    assert at().settings.text("terms.days") == "20"
