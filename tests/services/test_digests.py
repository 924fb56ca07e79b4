"""The daily word to the back office: once for a day, after the run, only where somebody wants it."""

from __future__ import annotations

import email
import email.policy
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, open_desk
from duesdesk.channels import Message, Receipt
from duesdesk.clock import Clock
from duesdesk.documents import notice_templates
from duesdesk.domain.errors import BadInput
from duesdesk.i18n import catalogue
from duesdesk.models.collection import TASK_KINDS
from duesdesk.services.digests import Broken, Digest, NewDebtor, NotDelivered, ToDo, Unreachable, text_of
from tests.conftest import OpenDesk
from tests.services.booked import TODAY, ago, member, owe

YESTERDAY = TODAY - timedelta(days=1)
BOSS = "office@example.org"
STATES = ("failed", "unsure")
EN = catalogue("en", "GB")


@pytest.fixture
def book(at: OpenDesk) -> Desk:
    """OLD owes since long, NEW since yesterday's due day, WORD broke a promise of yesterday; CALL is to be called."""
    early = at(ago(90))
    for number in ("OLD", "NEW", "WORD", "CALL"):
        member(early, number, f"Person {number}", email=f"{number.lower()}@example.org")
    owe(early, "OLD", 5000, ago(40))
    owe(early, "NEW", 3000, YESTERDAY)
    owe(early, "WORD", 4000, ago(40))
    early.promises.take("WORD", 4000, "EUR", YESTERDAY)
    owe(early, "CALL", 2500, ago(40))
    desk = at()
    desk.settings.set("digest.to", BOSS)
    return desk


def mails(tmp_path: Path) -> list[email.message.EmailMessage]:
    found = sorted((tmp_path / "home" / "outbox").glob("*.eml"))
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]
    return [one for one in messages if BOSS in str(one["To"])]


def test_it_tells_of_new_debtors_broken_promises_and_what_is_to_be_done(book: Desk, tmp_path: Path) -> None:
    book.runs.run()
    found = book.digests.of()
    assert [(one.member, one.unpaid_minor) for one in found.debtors] == [("NEW", 3000)]
    assert [(one.member, one.amount_minor) for one in found.broken] == [("WORD", 4000)]
    assert {one.member for one in found.to_do} == {row.payer for row in book.tasks.all("open")}
    assert book.digests.send_due() == "sent"
    (mail,) = mails(tmp_path)
    text = mail.get_content()
    assert "Person NEW (NEW): €30.00" in text
    assert "Person WORD (WORD): €40.00" in text
    assert "Person OLD" not in text.partition("To do")[0]
    assert "30" not in str(mail["Subject"])
    assert "New debtors: 1" in str(mail["Subject"])


def test_it_leaves_once_for_a_day_and_tells_the_next_day_only_of_what_is_new(
    book: Desk, at: OpenDesk, tmp_path: Path
) -> None:
    assert book.digests.send_due() == ""  # the rule has not run yet
    book.runs.run()
    assert book.digests.send_due() == "sent"
    assert book.digests.send_due() == ""
    tomorrow = at(TODAY + timedelta(days=1))
    tomorrow.runs.run()
    assert tomorrow.digests.of().debtors == ()
    assert tomorrow.digests.of().broken == ()
    tomorrow.digests.send_due()
    assert len({str(mail["Message-ID"]) for mail in mails(tmp_path)}) == len(mails(tmp_path))


def test_nobody_is_written_to_without_an_address_and_nothing_is_sent_when_there_is_nothing_to_tell(
    at: OpenDesk, tmp_path: Path
) -> None:
    desk = at()
    desk.runs.run()
    assert desk.digests.send_due() == ""
    desk.settings.set("digest.to", BOSS)
    assert desk.digests.send_due() == ""
    assert mails(tmp_path) == []
    with pytest.raises(BadInput):
        desk.settings.set("digest.to", "office@example.org, all@example.org")


def test_one_that_was_leaving_when_the_program_stopped_is_never_sent_again(book: Desk, tmp_path: Path) -> None:
    book.runs.run()
    with book.place.database.write() as tx:
        tx.run(
            """INSERT INTO digest (day, address, subject, body, state, message_id, detail, recorded_at)
               VALUES (:day, :to, 'x', 'y', 'sending', '<a@b.c>', '', '2026-11-22T08:00:00.000000Z')""",
            day=TODAY.isoformat(),
            to=BOSS,
        )
    assert book.digests.send_due() == ""
    with book.place.database.read() as tx:
        assert tx.value("SELECT state FROM digest") == "unsure"
    assert book.digests.send_due() == ""
    assert mails(tmp_path) == []


def test_a_mail_server_that_is_not_set_up_lets_it_wait(book: Desk, tmp_path: Path) -> None:
    book.runs.run()
    settings = Path(os.environ["DUESDESK_HOME"]) / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[email]\ntransport = "smtp"\nfrom = "desk@example.org"\n')
    from duesdesk.config import load
    from duesdesk.services.digests import Digests

    assert Digests(book.place, load()).send_due() == "retry"
    settings.unlink()
    assert Digests(book.place, load()).send_due() == "sent"
    assert len(mails(tmp_path)) == 1


def test_a_day_without_a_word_before_tells_of_one_day_only(book: Desk) -> None:
    assert book.digests.of(TODAY).since == YESTERDAY
    assert book.digests.of(date(2026, 11, 25)).debtors == ()


def test_who_owes_and_cannot_be_written_to_is_told_with_why(book: Desk, at: OpenDesk) -> None:
    early = at(ago(90))
    for number in ("NOBODY", "HELD", "POST"):
        member(early, number, f"Person {number}", email=None)
        owe(early, number, 1200, ago(40))
    early.holds.hold("HELD", reason="knows")
    early.members.edit("POST", early.members.get("POST")._replace(address="Calle Mayor 1; 28001 Madrid"))
    found = book.digests.of()
    assert [(one.member, one.unpaid_minor, one.why) for one in found.unreachable] == [("NOBODY", 1200, "no_address")]
    assert found.as_json()["unreachable"][0]["reason"] == "no_address"
    _subject, body = text_of(found, "Aurora", catalogue("en", "ES"))
    assert "Owe and cannot be reached: 1\n  Person NOBODY (NOBODY): €12.00, no address" in body


@pytest.mark.parametrize("place", [("en", "GB"), ("es", "ES"), ("it", "IT"), ("ro", "RO"), ("pt", "PT"), ("pt", "BR")])
def test_every_language_has_all_its_words(book: Desk, place: tuple[str, str]) -> None:
    everything = Digest(
        TODAY,
        YESTERDAY,
        (NewDebtor("M1", "Ana", "EUR", 3000, YESTERDAY),),
        tuple(NotDelivered("M1", "Ana", channel, state, "") for channel in ("email", "letter") for state in STATES),
        (Broken("M1", "Ana", "EUR", 4000, YESTERDAY),),
        tuple(Unreachable("M1", "Ana", "EUR", 5000, why) for why in ("no_address", "dead", "not_wanted", "not_asked")),
        tuple(ToDo(kind, "M1", "Ana", "", TODAY) for kind in TASK_KINDS),
    )
    spoken = catalogue(*place)
    words, source = notice_templates.digest(*place), notice_templates.digest("en")
    assert set(words) == set(source)
    subject, body = text_of(everything, "Aurora", spoken)
    assert spoken.money(3000, "EUR") in body
    assert "_" not in subject + body
    assert not [kind for kind in (*TASK_KINDS, *STATES) if f": {kind}" in body and place[0] != "en"]
    if place[0] != "en":
        english = text_of(everything, "Aurora", EN)[1].splitlines()
        assert not [line for line in body.splitlines() if line and line in english]


class Server:
    """A mail server that answers as it is told."""

    name = "server"

    def __init__(self, *answers: Receipt) -> None:
        self.answers = list(answers)
        self.got: list[Message] = []

    def deliver(self, message: Message) -> Receipt:
        self.got.append(message)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


OUTCOMES = {
    "refused": Receipt("failed", "smtp-login-535", channel_down=True),
    "away": Receipt("retry", "smtp-unreachable", channel_down=True),
    "sent back": Receipt("failed", "smtp-rcpt-550", hard_bounce=True),
    "unsure": Receipt("unsure", "smtp-no-answer"),
}


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_what_a_word_that_did_not_arrive_was_to_tell_stands_in_the_next_one(
    book: Desk, at: OpenDesk, monkeypatch: pytest.MonkeyPatch, outcome: Receipt
) -> None:
    book.runs.run()
    server = Server(outcome, Receipt("sent", "ok"))
    monkeypatch.setattr("duesdesk.channels.channel", lambda _name, _settings: server)
    assert book.digests.send_due() == ("retry" if outcome.channel_down else outcome.state)
    tomorrow = at(TODAY + timedelta(days=1))
    tomorrow.runs.run()
    assert [one.member for one in tomorrow.digests.of().debtors] == ["NEW"]
    assert tomorrow.digests.send_due() == "sent"
    assert "Person NEW" in server.got[-1].body
    assert "Person WORD" in server.got[-1].body
    later = at(TODAY + timedelta(days=2))
    assert later.digests.of().debtors == ()


def test_a_word_that_could_not_leave_is_tried_again_on_its_day_and_not_without_a_rest(
    book: Desk, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.runs.run()
    server = Server(OUTCOMES["refused"], Receipt("sent", "ok"))
    monkeypatch.setattr("duesdesk.channels.channel", lambda _name, _settings: server)
    assert [book.digests.send_due() for _ in range(20)] == ["retry", *[""] * 19]
    later = open_desk(str(store), clock=Clock(book.place.now() + timedelta(minutes=15)))
    assert later.digests.send_due() == "sent"
    assert len({message.message_id for message in server.got}) == 1
    later.close()
