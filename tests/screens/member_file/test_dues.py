"""Memberships in the Member File: the list, the next charge, the details, and every act with its form."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.screens import text
from duesdesk.screens.member_file.membership_forms import MembershipModal
from duesdesk.screens.modals.form import FormModal
from duesdesk.services.membership_requests import MembershipRequest
from duesdesk.services.membership_views import MembershipView
from tests.screens.member_file.test_member_file import file_of, keys_of, when_told
from tests.screens.reading import settled, text_of
from tests.services.booked import TODAY, OpenDesk, member


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def giulia(at: OpenDesk) -> Desk:
    """Giulia pays for Marco; both have been charged for November."""
    early = at(date(2026, 11, 1))
    member(early, "GIULIA", "Rossi Giulia")
    member(early, "MARCO", "Rossi Marco", payer="GIULIA")
    member(early, "NEW", "Nowak Jan")
    early.memberships.add(MembershipRequest("GIULIA", "Full", 4500, "EUR"))
    early.memberships.add(MembershipRequest("MARCO", "Junior", 2800, "EUR"))
    early.billing.bill()
    return at()


def only(desk: Desk, number: str) -> MembershipView:
    (found,) = desk.memberships.all(number)
    return found


async def test_the_memberships_of_a_household_stand_with_their_next_charge(store: Path, giulia: Desk) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        assert "next dues 1 Dec" in text_of(app, "#file-tiles")
        await pilot.press("6")
        listed = text_of(app, "#file-list")
        assert "Full" in listed
        assert "Junior · Rossi" in listed
        assert listed.count("1 Dec") == 2
        await pilot.press("enter")
        await when_told(app, pilot, "Next charge")
        shown = text_of(app, "#reading")
        assert "€45.00  every month" in shown
        assert "1 Dec 2026  up to 31 Dec 2026" in shown
        assert "INV-00001" in shown


async def test_a_membership_is_added_and_undone(store: Path, at: OpenDesk, giulia: Desk) -> None:
    async with file_of(store, "NEW") as (app, pilot):
        await pilot.press("6")
        assert "No membership" in text_of(app, "#file-list")
        await pilot.press("m", "wait:80", *"Full", "enter", *"45", "enter", "enter", "enter", *"+8", "enter", *"31")
        await pilot.press("ctrl+s")
        await when_told(app, pilot, "Full: next charge 30 Nov 2026.")
        await settled(pilot, lambda: len(keys_of(app)) == 1)
        found = only(at(), "NEW")
        assert (found.price_minor, found.schedule.billing_day, found.schedule.starts_on) == (
            4500,
            31,
            TODAY + timedelta(days=8),
        )
        await pilot.press("u", "wait:80")
        await when_told(app, pilot, "Membership Full")
        await pilot.press("enter")
        await settled(pilot, lambda: not keys_of(app))
    assert at().memberships.all("NEW") == []


async def test_periods_that_have_begun_are_told_at_once(store: Path, giulia: Desk) -> None:
    async with file_of(store, "NEW") as (app, pilot):
        await pilot.press("m", "wait:80", *"Full", "enter", *"45", "enter", "enter", "enter", *"1/9/2026", "ctrl+s")
        await when_told(app, pilot, "3 periods have begun")


async def test_what_is_wrong_is_said_under_its_field(store: Path, at: OpenDesk, giulia: Desk) -> None:
    async with file_of(store, "NEW") as (app, pilot):
        await pilot.press("m", "wait:80", "enter", *"0", "enter", *"99", "enter", "enter", "enter", *"32", "ctrl+s")
        form = app.screen
        assert isinstance(form, FormModal)
        assert "Please fill in" in text_of(app, "#under-plan")
        assert "“99” is not a number of periods" in text_of(app, "#under-every")
        assert "is no day of a month" in text_of(app, "#under-billing_day")
        form.entry("plan").value = "Full"
        form.entry("every").value = "1"
        form.entry("billing_day").value = ""
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "above zero" in text_of(app, "#under-price"))
    assert at().memberships.all("NEW") == []


async def test_a_membership_is_frozen_and_runs_again(store: Path, at: OpenDesk, giulia: Desk) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("m", "f", "wait:80", "enter", *"15/1", "enter", *"ill", "enter")
        await when_told(app, pilot, "Full: next charge 1 Feb 2027.")
        await pilot.press("6")
        await settled(pilot, lambda: "frozen to 15 Jan" in text_of(app, "#file-list"))
        await pilot.press("m", "r", "wait:80", *"+3", "enter")
        await when_told(app, pilot, "Full: next charge 1 Dec 2026.")
        await settled(pilot, lambda: "frozen to 24 Nov" in text_of(app, "#file-list"))
    assert only(at(), "GIULIA").frozen_until == TODAY + timedelta(days=2)


async def test_freezing_what_was_charged_says_which_invoice(store: Path, giulia: Desk) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("m", "f", "wait:80", *"1/11/2026", "ctrl+s")
        await when_told(app, pilot, "Charged already: INV-00001.")


async def test_a_price_changes_with_the_next_period(store: Path, at: OpenDesk, giulia: Desk) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("m", "p", "wait:80", *"45", "ctrl+s")
        await settled(pilot, lambda: "costs €45.00 already" in text_of(app, "#under-price"))
        await pilot.press("ctrl+u", *"50", "tab", *"1/11/2026", "ctrl+s")
        await settled(pilot, lambda: "charged already" in text_of(app, "#under-from_on"))
        await pilot.press("ctrl+u", "ctrl+s")
        await when_told(app, pilot, "Full costs €50.00 from 1 Dec 2026 on.")


async def test_a_membership_is_ended_and_the_one_charged_after_it_is_named(
    store: Path, at: OpenDesk, giulia: Desk
) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("6", "m", "e", "wait:80", *"31/12/2026", "enter", *"moved", "enter")
        await when_told(app, pilot, "Full: next charge 1 Dec 2026.")
        assert "ends 31 Dec" in text_of(app, "#file-list")
        await pilot.press("down", "m", "e", "wait:80", *"31/10/2026", "ctrl+s")
        await when_told(app, pilot, "Charged for the time after it: INV-00002.")
    assert at().memberships.all("MARCO") == []


async def test_only_what_can_be_done_answers_in_the_menu(store: Path, giulia: Desk) -> None:
    giulia.staff.add("Ana", "manager")
    giulia.staff.add("Leo", "front_desk")
    async with file_of(store, "GIULIA", actor="Leo") as (app, pilot):
        await pilot.press("m", "p", "r")
        assert isinstance(app.screen, MembershipModal)
        await pilot.press("a", "wait:80")
        await when_told(app, pilot, "New membership")


async def test_whoever_has_several_is_led_to_the_list_to_choose(store: Path, at: OpenDesk, giulia: Desk) -> None:
    at().memberships.add(MembershipRequest("GIULIA", "Sauna", 1000, "EUR"))
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("m")
        assert "Sauna" in text_of(app, "#file-list")
        await pilot.press("m")
        assert isinstance(app.screen, MembershipModal)


async def test_plus_adds_a_membership_for_who_is_selected(store: Path, giulia: Desk) -> None:
    async with file_of(store, "NEW") as (app, pilot):
        await pilot.press("plus", "d", "wait:80")
        await when_told(app, pilot, "New membership · Nowak Jan")


async def test_a_billing_is_undone_at_the_desk(store: Path, at: OpenDesk, giulia: Desk) -> None:
    at(date(2026, 12, 1))
    giulia.billing.bill(date(2026, 12, 1))
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("u", "wait:80")
        await when_told(app, pilot, "Dues up to 1 Dec 2026")
        await pilot.press("enter")
        await when_told(app, pilot, "was taken back")
    assert only(at(), "GIULIA").charged_to == date(2026, 11, 30)


async def test_a_membership_gets_another_name_from_the_next_charge_on(store: Path, at: OpenDesk, giulia: Desk) -> None:
    async with file_of(store, "GIULIA") as (app, pilot):
        await pilot.press("6", "m", "wait:80")
        assert isinstance(app.screen, MembershipModal)
        await pilot.press("n", "wait:80")
        assert isinstance(app.screen, FormModal)
        await pilot.press("end", *" Gold", "ctrl+s")
        await when_told(app, pilot, "Full Gold: next charge 1 Dec 2026.")
        starts = {one.plan: one.schedule.starts_on for one in at().memberships.all("GIULIA")}
        assert starts == {"Full": date(2026, 11, 1), "Full Gold": date(2026, 12, 1)}
        await pilot.press("u", "wait:80")
        await when_told(app, pilot, "Another name: Full Gold")
        await pilot.press("enter")
        await settled(pilot, lambda: [one.plan for one in at().memberships.all("GIULIA")] == ["Full"])


async def test_what_was_charged_elsewhere_is_named_when_a_membership_is_added(
    store: Path, at: OpenDesk, giulia: Desk
) -> None:
    async with file_of(store, "NEW") as (app, pilot):
        await pilot.press("6", "m", "wait:80", *"Full", "enter", *"45", "enter", "enter", "enter")
        await pilot.press(*"1.1.2026", *["enter"] * 4, *"1.12.2026", "ctrl+s")
        await when_told(app, pilot, "Full: next charge 1 Dec 2026.")
        assert only(at(), "NEW").schedule.charged_from == date(2026, 12, 1)
