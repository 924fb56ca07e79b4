"""F10: what is changed is saved once, told, and taken back by `u`: also a setting of this machine, and a rule."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from duesdesk.act_names import VERBS
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.modals.form import FormModal
from duesdesk.screens.modals.palette import PaletteModal
from duesdesk.screens.settings.words import value_words
from duesdesk.screens.undo import told
from duesdesk.screens.widgets.field import Field
from duesdesk.screens.widgets.line_list import LineList
from duesdesk.services.acts import Plain
from duesdesk.services.modules import Modules
from duesdesk.services.rules import Target
from duesdesk.services.undo import LastAct
from tests.conftest import TODAY, OpenDesk
from tests.screens.reading import at_rest, seen, settled, started, text_of
from tests.screens.test_rule import MILD
from tests.services.booked import ago, member, owe


def test_every_act_that_can_be_taken_back_has_a_name_on_the_screen(at: OpenDesk) -> None:
    desk = at()
    assert set(desk.undo._ways(LastAct(0, "", {}, desk.place.clock.now()))) == set(VERBS)


def test_marks_consent_and_rules_are_named_before_they_are_taken_back(at: OpenDesk) -> None:
    member(at(ago(9)), "ANA", "García Ana", email="ana@example.org")
    desk = at()

    def named() -> str:
        last = desk.undo.last()
        assert last is not None
        return "".join(piece.text for piece in told(last, "", zone)[0])

    zone = desk.place.clock.now().tzinfo
    assert zone is not None
    desk.holds.hold("ANA", reason="pays in cash")
    assert named() == "Left out of the rule"
    desk.holds.lift("ANA", reason="no more")
    assert named() == "Lifted: left out"
    desk.holds.hold("ANA", kind="hardship", reason="lost the job")
    assert named() == "Mark: hardship"
    desk.holds.snooze("ANA", 3, reason="on a journey")
    assert named() == "No contact up to 24 Nov 2026"
    desk.reaching.consent("ANA", "sms", wanted=False)
    assert named() == "Whether it is wanted: text message"
    desk.rules.use(MILD, Target())
    assert named() == "Rule “mild”"
    desk.rules.use(MILD, Target(member="ANA"))
    assert named() == "Rule “mild” for ANA"
    desk.rules.use("", Target(member="ANA"))
    assert named() == "Rule taken away from ANA"


async def test_u_undoes_a_rule_that_was_given_to_somebody(store: Path, at: OpenDesk) -> None:
    early = at(ago(80))
    member(early, "ANA", "García Ana", email="ana@example.org")
    owe(early, "ANA", 4500, ago(10))
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f6", "o")
        await at_rest(pilot)
        await pilot.press("plus")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        assert isinstance(app.screen, FormModal)
        app.screen.entry("scope").value = "member"
        target = app.screen.entry("target")
        assert isinstance(target, Field)
        target.set_value("ANA")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "u undoes" in "\n".join(seen(app)))
        await pilot.press("u")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        assert "for ANA" in "\n".join(seen(app))
        await pilot.press("enter")
        await settled(pilot, lambda: len(at().rules.all()) == 1)


async def test_u_takes_a_setting_of_this_machine_back_before_any_act_in_the_store(store: Path, at: OpenDesk) -> None:
    at().settings.set("terms.days", "10")
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("setting", "email.host"))
        await pilot.press("enter", *"mail.example.org", "enter")
        await at_rest(pilot)
        assert at().settings.text("email.host") == "mail.example.org"
        await pilot.press("u")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        assert "Mail server" in "\n".join(seen(app))
        assert "mail.example.org, before —" in "\n".join(seen(app))
        await pilot.press("enter")
        await at_rest(pilot)
        assert at().settings.text("email.host") == ""
        assert at().settings.text("terms.days") == "10"
        await pilot.press("u")
        await settled(pilot, lambda: isinstance(app.screen, ConfirmModal))
        assert "Days to pay" in "\n".join(seen(app))


async def test_who_may_not_switch_a_module_is_told_so_whatever_others_write_meanwhile(
    store: Path, at: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at()
    asked, go_on = threading.Event(), threading.Event()

    def refusing(_self: Modules, _name: str, *, active: bool, key: str | None = None) -> Plain:
        asked.set()
        assert go_on.wait(20)
        raise Refused("role-may-not", act="module", role="front_desk", needed="manager")

    monkeypatch.setattr(Modules, "switch", refusing)
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("module", "crm"))
        app.screen.action_change()  # type: ignore[attr-defined]
        await settled(pilot, asked.is_set)
        app.data_changed()
        go_on.set()
        await settled(pilot, lambda: "manager" in "\n".join(seen(app)[-3:]))
        assert text_of(app, "#settings")


@pytest.mark.parametrize(
    ("key", "typed", "label", "why"),
    [
        ("ageing.edges", "90,60", "Groups of late invoices", "such as 30,60,90."),
        ("notices.hours", "montag bis freitag", "montag bis freitag", "or “always”."),
        ("centre.pay_link", "http://pay.example.org", "Page to pay at", "is wanted."),
        ("centre.iban", "ES00 1234 1234 1234 1234", "Account (IBAN)", "look at its digits."),
        ("email.host", "bad host!", "Mail server", "without a port."),
        ("digest.to", "boss at gym", "Daily word goes to", "one e-mail address is wanted."),
        ("notices.max_per_week", "77777", "At most in a week", "from 0 to 50."),
        ("centre.pix_key", "x y z", "Pix key", "is wanted."),
    ],
)
async def test_what_is_wrong_with_a_value_is_told_whole_by_the_name_the_setting_has_here(
    store: Path, at: OpenDesk, key: str, typed: str, label: str, why: str
) -> None:
    at()
    app = started(store, Clock(TODAY))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f10")
        await at_rest(pilot)
        app.screen.query_one(LineList).select(("setting", key))
        await at_rest(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, FormModal))
        assert isinstance(app.screen, FormModal)
        entry = app.screen.entry("value")
        assert isinstance(entry, Field)
        entry.set_value(typed)
        await pilot.press("enter")
        await at_rest(pilot)
        told = " ".join(" ".join(one.strip(" │") for one in seen(app)).split())
        assert label in told
        assert why in told
        assert f"“{key}”" not in told


def test_a_language_whose_messages_are_not_there_is_offered_as_such(at: OpenDesk) -> None:
    one = next(one for one in at().settings.all() if one.key == "language")
    assert value_words(one, "es") == "Español"
    assert value_words(one, "en") == "English"
    assert value_words(one, "ro") == "Română, most of it in English"


async def test_a_key_of_the_palette_that_does_nothing_here_says_why(store: Path, at: OpenDesk) -> None:
    at().staff.add("Leo", "front_desk")
    app = started(store, Clock(TODAY), actor="Leo")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await at_rest(pilot)
        await pilot.press("ctrl+p")
        await settled(pilot, lambda: isinstance(app.screen, PaletteModal))
        await pilot.press(*"add a step", "enter")
        await settled(pilot, lambda: "manager" in "\n".join(seen(app)).lower())
        assert isinstance(app.screen, PaletteModal)
