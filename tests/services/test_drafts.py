"""Drafts: what was typed and under which key, per desk and form, until it is certain that it was saved."""

from __future__ import annotations

from datetime import date

from duesdesk.bootstrap import Desk
from duesdesk.services.payments import PayRequest
from tests.services.booked import TODAY, OpenDesk, ago, member


def test_a_draft_is_found_at_its_desk_and_form_only(at: OpenDesk) -> None:
    desk = at()
    desk.drafts.keep("pay M1", "k1", {"amount": "12"})
    draft = desk.drafts.find("pay M1")
    assert draft is not None
    assert (draft.key, draft.content, draft.answer) == ("k1", {"amount": "12"}, None)
    assert desk.drafts.find("pay M2") is None
    assert at(desk="desk 2").drafts.find("pay M1") is None


def test_a_newer_draft_takes_the_place_of_the_older_and_is_not_forgotten_with_it(desk: Desk) -> None:
    desk.drafts.keep("pay M1", "k1", {"amount": "12"})
    desk.drafts.keep("pay M1", "k2", {"amount": "13"})
    desk.drafts.forget("pay M1", "k1")
    draft = desk.drafts.find("pay M1")
    assert draft is not None
    assert draft.key == "k2"
    desk.drafts.forget("pay M1", "k2")
    assert desk.drafts.find("pay M1") is None


def test_a_draft_tells_what_was_saved_under_its_key(at: OpenDesk) -> None:
    member(at(ago(9)), "M1", "Ana")
    desk = at()
    desk.drafts.keep("pay M1", "k1", {"amount": "12"})
    desk.payments.pay(PayRequest("M1", 1200, "EUR"), key="k1")
    draft = desk.drafts.find("pay M1")
    assert draft is not None
    assert draft.answer is not None
    assert draft.answer["payment"] == "PAY-00001"
    assert draft.at is not None
    assert (draft.at.date(), draft.at.hour) == (TODAY, 12)


def test_a_draft_of_another_day_is_forgotten(at: OpenDesk) -> None:
    at(date(2026, 11, 21)).drafts.keep("pay M1", "k1", {"amount": "12"})
    assert at().drafts.find("pay M1") is None
    assert at(date(2026, 11, 21)).drafts.find("pay M1") is None
