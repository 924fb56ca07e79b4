"""Keys that a slow line delivers in one piece, in a real terminal on the real program: typing stays typing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk
from tests.screens.toolkit.pty_session import PtySession
from tests.services.booked import TODAY, OpenDesk, ago, member, owe

ENTER, ESCAPE = "\r", "\x1b"


@pytest.fixture
def owing(at: OpenDesk) -> Desk:
    early = at(ago(120))
    member(early, "MARIA", "Nowak Maria", card="004512")
    owe(early, "MARIA", 15_000, ago(69))
    desk = at()
    desk.settings.set("privacy.default", "off")
    return desk


@pytest.fixture
def session(store: Path, owing: Desk, tmp_path: Path) -> Iterator[PtySession]:
    command = [sys.executable, "-m", "duesdesk", "--db", str(store), "--today", TODAY.isoformat()]
    with PtySession(command, env={"DUESDESK_HOME": str(tmp_path / "home")}) as opened:
        opened.wait("Why now")
        yield opened


def test_a_letter_that_opens_a_form_and_what_is_typed_into_it(session: PtySession, owing: Desk) -> None:
    # A talk: its outcome by a letter, the note, Enter.
    session.write(f"twcash{ENTER}")
    session.wait("Noted of")
    assert owing.member_files.open("MARIA").timeline[0].text == "cash"
    # A promise: the day goes into the first field, Enter to the next one.
    session.write(f"yfri{ENTER}")
    session.wait(lambda text: "Promise · Nowak Maria" in text and "fri" in text and "150.00" in text)
    session.write(ESCAPE)
    session.wait("Leave this form?")
    session.write(ENTER)
    session.wait(lambda text: "Promise" not in text)
    # A payment of a part, by card.
    session.write(f"p100k{ENTER}")
    session.wait("€100.00 from Nowak Maria saved")
    # Find, and the file of who was found.
    session.write(f"/nowak{ENTER}")
    session.wait("1 Invoices")
    # The notice, its template by a letter; nothing is sent, for there is no address.
    session.write(f"nfff{ENTER}")
    session.wait("There is no e-mail address")


def test_cards_are_cards(session: PtySession, owing: Desk) -> None:
    session.write(f"990011{ENTER}")
    session.wait("Card 990011 is not known.")
    session.write(f"M99999{ENTER}")
    session.wait("Card M99999 is not known.")
    # Also where an amount would take the figures: nobody pays the number of a card.
    session.write("p")
    session.wait("Take payment")
    session.write(f"M99999{ENTER}")
    session.wait(lambda text: "Card M99999 is not known." in text and "150.00" in text)
    session.write(ESCAPE)
    session.wait(lambda text: "Take payment" not in text)
    session.write(f"004512{ENTER}")
    session.wait("1 Invoices")
    assert owing.payments.sheet("MARIA").open_minor == 15_000
