"""Why a notice waits or did not go: codes in words, and what a server answered whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from duesdesk.screens.notice.words import why_words
from duesdesk.services.notice_states import (
    DISPUTED,
    DUE_MOVED,
    IMPORTED,
    LOWERED,
    ON_HOLD,
    PAID,
    PROMISED,
    RETURNED,
    VOID,
)
from tests.screens.test_notices import outbox, shows


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("450 4.2.1 <ana@example.org>: mailbox full", "450 4.2.1 <ana@example.org>: mailbox full"),
        ("paid:0123abcd", "it is paid"),
        ("promise:0123abcd", "promised"),
        ("by hand", "by hand"),
        ("wrong number: ask her", "wrong number: ask her"),
    ],
)
def test_a_reason_is_told_in_words_and_an_answer_of_a_server_whole(why: str, told: str) -> None:
    assert why_words(why) == told


@pytest.mark.parametrize("code", [PAID, VOID, LOWERED, DISPUTED, PROMISED, ON_HOLD, DUE_MOVED, IMPORTED, RETURNED])
def test_every_act_that_pulls_a_notice_back_has_its_words(code: str) -> None:
    said = why_words(f"{code}:0123abcd")
    assert "0123abcd" not in said
    assert said != code or code == DISPUTED


async def test_one_that_waits_is_told_as_one(written: Desk, store: Path) -> None:
    for one in written.notices.all()[1:]:
        written.notices.cancel(one.id)
    async with outbox(store) as (app, pilot):
        await pilot.press("G", "enter")
        await shows(app, pilot, "Notices are stopped; 1 waits.")
        await pilot.press("G", "enter")
        await shows(app, pilot, "Notices leave again; 1 waits.")
