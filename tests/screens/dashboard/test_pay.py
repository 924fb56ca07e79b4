"""The payment form: two keys for a full payment, the split shown before, and once only whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from duesdesk import i18n
from duesdesk.app import DuesdeskApp
from duesdesk.bootstrap import Desk
from duesdesk.clock import Clock
from duesdesk.screens import text
from duesdesk.screens.modals.confirm import ConfirmModal
from duesdesk.screens.pay.modal import PayModal, draft_name
from duesdesk.services.acts import Plain, new_key
from duesdesk.services.payments import PayRequest, PaySheet
from tests.screens.reading import HOSTILE, seen, settled, started, text_of
from tests.services.booked import TODAY, OpenDesk, ago, member, owe, pay

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amounts_are_shown() -> None:
    text.show_amounts(True)


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    """María owes 51.50 and 45.00 overdue, and 45.00 not due yet."""
    early = at(ago(120))
    member(early, "MARIA", "García-López María", email="maria@example.org")
    owe(early, "MARIA", 5150, ago(69))
    owe(early, "MARIA", 4500, ago(39))
    owe(early, "MARIA", 4500, TODAY + timedelta(days=22))
    return at()


@asynccontextmanager
async def paying(store: Path, *, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[DuesdeskApp, Pilot[int]]]:
    """The app with the Dashboard in front, its first person selected."""
    app = started(store, Clock(NOON))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        await settled(pilot, lambda: screen._shown is not None and screen._later is not None)  # type: ignore[attr-defined]
        yield app, pilot


def sheet(desk: Desk, who: str = "MARIA", currency: str | None = None) -> PaySheet:
    return desk.payments.sheet(who, currency)


def payments(desk: Desk) -> list[tuple[int, str, str]]:
    with desk.place.database.read() as tx:
        return tx.all("SELECT amount_minor, currency, method FROM payment ORDER BY id")  # type: ignore[return-value]


def shown(app: DuesdeskApp) -> str:
    return "\n".join(seen(app))


def typed_form(amount: str, given: str = "", *chosen: str) -> Plain:
    """What a draft keeps of a form."""
    return {
        "amount": amount,
        "given": given,
        "method": "cash",
        "chosen": list(chosen),
        "currency": "EUR",
        "typed": True,
    }


async def told(app: DuesdeskApp, pilot: Pilot[int], words: str) -> None:
    """Wait until it is said: a line that comes or goes is laid out in the next frame."""
    await settled(pilot, lambda: words in shown(app))


async def test_p_and_enter_pay_all_that_is_overdue(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "enter")
        await told(app, pilot, "€96.50 from García-López María saved · PAY-00001 · u undoes")
        # The one who paid is still there, until the cursor moves or the list is sorted.
        await told(app, pilot, "✓ nothing overdue")
        await pilot.press("s")
        await told(app, pilot, "Nobody owes anything.")
    assert payments(owing) == [(9650, "EUR", "cash")]
    assert (sheet(owing).unpaid_minor, sheet(owing).open_minor) == (0, 4500)


async def test_the_split_is_shown_before_enter_and_follows_what_is_typed(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        assert text_of(app, "#pay-about").strip() == "all overdue"
        assert text_of(app, "#pay-items").count("✓ paid") == 2
        await pilot.press(*"60")
        assert "of €96.50 overdue" in text_of(app, "#pay-about")
        assert text_of(app, "#pay-items").count("✓ paid") == 1
        assert "◐ 36.50 left" in text_of(app, "#pay-items")
        await told(app, pilot, "save €60.00, cash")
        await pilot.press("escape")
    assert payments(owing) == []


async def test_a_part_payment_by_card(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"20,5", "k")
        await told(app, pilot, "save €20.50, card")
        assert not app.screen.query_one("#pay-cash").display
        await pilot.press("enter")
        await told(app, pilot, "€20.50 from")
    assert payments(owing) == [(2050, "EUR", "card")]


async def test_each_way_to_pay_has_its_letter_beside_its_name(store: Path, owing: Desk) -> None:
    async with paying(store, size=(80, 24)) as (app, pilot):
        await pilot.press("p")
        named = " ".join(text_of(app, "#pay-how").split())
        assert named == "c cash k card t transfer d debit l link b voucher o other"
        assert payments(owing) == []


@pytest.mark.parametrize("focus", [(), ("tab",), ("g",)])
async def test_a_letter_of_no_way_to_pay_is_told_and_changes_nothing(
    store: Path, owing: Desk, focus: tuple[str, ...]
) -> None:
    async with paying(store, size=(80, 24)) as (app, pilot):
        await pilot.press("p", *focus, "a")
        await told(app, pilot, "“a” is no way to pay: c k t d l b o choose one, g the cash given.")
        assert "save €96.50, cash" in shown(app)
        await pilot.press("k")
        await told(app, pilot, "save €96.50, card")
        assert "is no way to pay" not in shown(app)
        await pilot.press("g")
        await told(app, pilot, "Given is for cash: c chooses it.")
        await pilot.press("enter")
    assert payments(owing) == [(9650, "EUR", "card")]


async def test_a_figure_typed_on_the_invoices_begins_the_amount(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "3", "tab", "2", "0", "k")
        assert text_of(app, "#pay-amount").strip() == "20"
        await pilot.press("enter")
    assert payments(owing) == [(2000, "EUR", "card")]


async def test_what_is_too_much_stays_on_account_and_that_is_said_before(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"150")
        await told(app, pilot, "€8.50 stays on account")
        await told(app, pilot, "more than the €141.50 owed")
        await pilot.press("enter")
    assert (sheet(owing).open_minor, sheet(owing).credit_minor) == (0, 850)


async def test_a_bottle_scanned_into_the_amount_is_no_payment(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"9788412345670", "enter")
        await told(app, pilot, "Most of this stays on account")
        assert payments(owing) == []
        await pilot.press("escape")
    assert payments(owing) == []


async def test_far_more_than_is_owed_is_saved_by_a_second_enter_and_asked_anew_when_it_changes(
    store: Path, owing: Desk
) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"500", "enter")
        await told(app, pilot, "Most of this stays on account")
        await pilot.press("backspace", *"1", "enter")
        await told(app, pilot, "Most of this stays on account")
        assert payments(owing) == []
        # A key held down is not a second one.
        await pilot.press("wait:800", "enter")
        await told(app, pilot, "€501.00 from")
    assert payments(owing) == [(50100, "EUR", "cash")]


async def test_chosen_invoices_are_paid_and_no_other(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "tab", "down", "space")
        assert "45.00" in text_of(app, "#pay-amount")
        assert text_of(app, "#pay-items").count("✓ paid") == 1
        await pilot.press("enter")
        await told(app, pilot, "€45.00 from")
    assert [item.number for item in sheet(owing).items] == ["INV-00001", "INV-00003"]


async def test_more_than_the_chosen_invoices_owe_is_refused_in_the_form(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"60", "tab", "space", "enter")
        assert isinstance(app.screen, PayModal)
        await told(app, pilot, "This is more than the chosen invoices owe.")
        await pilot.press("space", "enter")
        assert not isinstance(app.screen, PayModal)
    assert payments(owing) == [(6000, "EUR", "cash")]


async def test_cash_given_shows_the_change_and_too_little_is_refused(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "g", *"100")
        assert "change 3.50" in text_of(app, "#pay-change")
        await pilot.press("backspace", "enter")
        await told(app, pilot, "Only €10.00 was given for €96.50")
        await pilot.press("0", "enter")
        assert not app.screen.is_modal
    assert payments(owing) == [(9650, "EUR", "cash")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("0", "must be above zero"), ("1.2.3", "is not an amount"), ("12.345", "has more decimals"), ("-5", "below zero")],
)
async def test_an_amount_that_cannot_be_is_told_under_the_field_and_kept(
    store: Path, owing: Desk, typed: str, said: str
) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *typed, "enter")
        assert isinstance(app.screen, PayModal)
        await told(app, pilot, said)
        assert typed in text_of(app, "#pay-amount")
    assert payments(owing) == []


async def test_enter_held_down_is_one_payment_and_opens_nothing(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *["enter"] * 12)
        assert len(app.screen_stack) == 1
        await told(app, pilot, "saved")
    assert payments(owing) == [(9650, "EUR", "cash")]


async def test_another_key_ends_the_waiting_for_a_held_enter(store: Path, owing: Desk, at: OpenDesk) -> None:
    member(at(ago(90)), "ZOE", "Smith Zoë")
    owe(at(ago(90)), "ZOE", 1000, ago(5))
    async with paying(store) as (_app, pilot):
        await pilot.press("p", "enter", "down", "p", "enter")
    assert payments(owing) == [(9650, "EUR", "cash"), (1000, "EUR", "cash")]


async def test_who_was_faster_is_named_and_what_is_left_is_shown(store: Path, owing: Desk, at: OpenDesk) -> None:
    owing.staff.add("Ana", "front_desk")
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        pay(at(actor="Ana", desk="desk 2"), "MARIA", 5150)
        await pilot.press("enter")
        assert isinstance(app.screen, PayModal)
        await told(app, pilot, "Ana took €51.50 from García-López María")
        assert "45.00" in text_of(app, "#pay-amount")
        assert payments(owing) == [(5150, "EUR", "cash")]
        await pilot.press("enter")
    assert payments(owing) == [(5150, "EUR", "cash"), (4500, "EUR", "cash")]
    assert sheet(owing).unpaid_minor == 0


async def test_after_a_crash_the_form_says_that_the_payment_was_saved(store: Path, owing: Desk) -> None:
    key = new_key()
    owing.drafts.keep(draft_name("MARIA"), key, typed_form("20"))
    owing.payments.pay(PayRequest("MARIA", 2000, "EUR"), key=key)
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        assert isinstance(app.screen, ConfirmModal)
        await told(app, pilot, "This payment was saved at 12:00.")
        await told(app, pilot, "PAY-00001   €20.00   cash")
        await pilot.press("escape", "p")
        assert isinstance(app.screen, PayModal)
        assert "76.50" in text_of(app, "#pay-amount")
    assert payments(owing) == [(2000, "EUR", "cash")]


async def test_after_a_crash_before_saving_the_form_is_as_it_was_typed(store: Path, owing: Desk) -> None:
    owing.drafts.keep(draft_name("MARIA"), new_key(), typed_form("33", "50", "INV-00002", "GONE"))
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        assert "33" in text_of(app, "#pay-amount")
        assert "change 17.00" in text_of(app, "#pay-change")
        await told(app, pilot, "As it was typed at 12:00; it was not saved.")
        # Enter by habit does not take what was typed before: it says so, and asks for another one.
        await pilot.press("enter", "enter")
        assert payments(owing) == []
        await told(app, pilot, "Enter again saves it so.")
        await pilot.press("end", "enter")
    assert payments(owing) == [(3300, "EUR", "cash")]


async def test_a_draft_of_yesterday_is_forgotten(store: Path, owing: Desk, at: OpenDesk) -> None:
    at(ago(1)).drafts.keep(draft_name("MARIA"), new_key(), typed_form("33"))
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        assert "96.50" in text_of(app, "#pay-amount")


async def test_what_was_typed_is_kept_until_the_form_is_left(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", *"12")
        await settled(pilot, lambda: owing.drafts.find(draft_name("MARIA")) is not None)
        await pilot.press("escape")
        await settled(pilot, lambda: owing.drafts.find(draft_name("MARIA")) is None)
        assert not app.screen.is_modal


async def test_u_takes_the_whole_payment_back_after_naming_it(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "enter", "u")
        await told(app, pilot, "Payment PAY-00001   €96.50")
        await told(app, pilot, "García-López María")
        await pilot.press("enter")
        await settled(pilot, lambda: "Payment PAY-00001 was taken back." in shown(app))
    assert sheet(owing).unpaid_minor == 9650


async def test_u_with_nothing_to_take_back_says_so(store: Path, desk: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("u")
        await told(app, pilot, "There is nothing to undo.")


async def test_a_child_is_paid_for_by_the_payer_and_named(store: Path, owing: Desk, at: OpenDesk) -> None:
    early = at(ago(90))
    member(early, "KID", "López Leo", payer="MARIA")
    owe(early, "KID", 900, ago(80))
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        await told(app, pilot, "Take payment · García-López María")
        assert "López Leo: Dues" in text_of(app, "#pay-items")
        assert "105.50" in text_of(app, "#pay-amount")
        await pilot.press("escape")
        app.act("pay", "KID")
        await pilot.pause()
        await told(app, pilot, "García-López María for López Leo")


async def test_a_payer_with_several_currencies_chooses_one(store: Path, owing: Desk, at: OpenDesk) -> None:
    owe(at(ago(90)), "MARIA", 7000, ago(3), currency="JPY")
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        assert "96.50" in text_of(app, "#pay-amount")
        await pilot.press("shift+tab", "right")
        await settled(pilot, lambda: "7000" in text_of(app, "#pay-amount"))
        await pilot.press("enter")
        await settled(pilot, lambda: not app.screen.is_modal)
    assert payments(owing) == [(7000, "JPY", "cash")]


async def test_the_notice_that_waits_is_said_to_be_withdrawn_and_is(store: Path, owing: Desk) -> None:
    from duesdesk.services.notice_texts import NoticeRequest

    owing.notices.write(NoticeRequest("MARIA", "reminder_friendly"))
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        await told(app, pilot, "e-mail of today withdrawn")
        await pilot.press("enter")
    assert [notice.state for notice in owing.notices.all()] == ["cancelled"]


async def test_a_promise_that_is_kept_is_said(store: Path, owing: Desk) -> None:
    owing.promises.take("MARIA", 9650, "EUR", TODAY + timedelta(days=3))
    async with paying(store) as (app, pilot):
        await pilot.press("p")
        await told(app, pilot, "promise for 25 Nov kept")
        await pilot.press(*"20")
        assert "promise" not in text_of(app, "#pay-then")


async def test_a_locked_store_keeps_the_form_and_enter_may_be_tried_again(store: Path, owing: Desk) -> None:
    async with paying(store) as (app, pilot):
        await pilot.press("p", "k")
        modal = app.screen
        assert isinstance(modal, PayModal)
        connections = modal.desk.place.database
        with owing.place.database.write() as tx:
            tx.value("SELECT 1")
            with connections.read():
                pass
            from duesdesk.store import sqlite

            before, sqlite.BUSY_TIMEOUT_MS = sqlite.BUSY_TIMEOUT_MS, 50
            connections.close()
            try:
                await pilot.press("enter")
                await settled(pilot, lambda: "busy with another desk" in shown(app))
            finally:
                sqlite.BUSY_TIMEOUT_MS = before
        assert payments(owing) == []
        await pilot.press("wait:800", "enter")
        await settled(pilot, lambda: not app.screen.is_modal)
    assert payments(owing) == [(9650, "EUR", "card")]


async def test_an_amount_in_spanish_is_prefilled_and_read_the_spanish_way(store: Path, owing: Desk) -> None:
    i18n.set_language("es")
    try:
        owe(owing, "MARIA", 123450, ago(1))
        async with paying(store) as (app, pilot):
            await pilot.press("p")
            assert "1331,00" in text_of(app, "#pay-amount")
            await pilot.press("enter")
    finally:
        i18n.set_language("en")
    assert payments(owing) == [(133100, "EUR", "cash")]


async def test_the_form_fits_at_80_columns_with_many_invoices(store: Path, owing: Desk) -> None:
    for late in range(40, 60):
        owe(owing, "MARIA", 1000 + late, ago(late))
    async with paying(store, size=(80, 24)) as (app, pilot):
        await pilot.press("p", *"500")
        await told(app, pilot, "save €500.00, cash")
        assert "more" in text_of(app, "#pay-items")
        await pilot.press("tab", "end")
        assert isinstance(app.screen, PayModal)
        assert "14 Dec" in text_of(app, "#pay-items")


async def test_hostile_names_stay_text(store: Path, owing: Desk) -> None:
    with owing.place.database.write() as tx:
        tx.run("UPDATE member SET name = :name", name=HOSTILE)
    async with paying(store, size=(80, 24)) as (app, pilot):
        await pilot.press("p")
        await told(app, pilot, "[b]Bold[/b]")
        await pilot.press("enter", "u")
        assert not any(char in "".join(seen(app)) for char in "\x1b\x07\x9b\u202e")
    assert payments(owing) == [(9650, "EUR", "cash")]


async def test_where_nothing_is_owed_enter_says_what_an_amount_would_do(store: Path, owing: Desk) -> None:
    member(owing, "FREE", "Almeida Beatriz")
    async with paying(store, size=(80, 24)) as (app, pilot):
        app.act("pay", "FREE")
        await told(app, pilot, "nothing is owed")
        await pilot.press("enter")
        await told(app, pilot, "Nothing is owed. An amount typed here stays on account; Esc goes back.")
        await pilot.press("a", "b", "c")
        await told(app, pilot, "How: cash")
    assert payments(owing) == []
