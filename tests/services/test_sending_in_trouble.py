"""Sending when something is out of order: the server, the paper, the words of a refusal, another program beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from duesdesk import channels, config
from duesdesk.bootstrap import Desk, open_desk
from duesdesk.channels import Message, Receipt, Way
from duesdesk.channels.smtp import _receipt
from duesdesk.clock import Clock
from duesdesk.domain.errors import BadInput
from duesdesk.services.doctor import examine
from duesdesk.services.notice_texts import NoticeRequest
from tests.conftest import OpenDesk
from tests.services.booked import ago, member, owe

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MANY = "ABCDEF"


@pytest.fixture
def early(at: OpenDesk) -> Desk:
    """A desk in September that writes at every hour and without a waiting time."""
    desk = at(date(2026, 9, 1))
    desk.settings.set("notices.hours", "always")
    desk.settings.set("notices.cooling_minutes", "0")
    return desk


class Server:
    """A channel that answers as it is told; the last answer stays. `meanwhile` happens while it is asked."""

    name = "server"

    def __init__(self, *answers: Receipt, meanwhile: Callable[[], None] | None = None) -> None:
        self.answers = list(answers)
        self.got: list[Message] = []
        self.meanwhile = meanwhile

    def deliver(self, message: Message) -> Receipt:
        self.got.append(message)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


OK = Receipt("sent", "ok")


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], None]:
    def use(server: Server) -> None:
        monkeypatch.setattr("duesdesk.channels.channel", lambda _name, _settings: server)

    return use


def asked(early: Desk, at: OpenDesk, people: str) -> Desk:
    """The desk of the day, on which the rule asks these people."""
    for number in people:
        member(early, number, f"Person {number}", email=f"{number.lower()}@example.org")
        owe(early, number, 5000, ago(12))
    desk = at()
    desk.runs.run()
    return desk


def sent(desk: Desk, now: datetime = MONDAY) -> list[tuple[str, str]]:
    return [(one.state, one.detail) for one in desk.outbox.send_due(now=now)]


def dead(desk: Desk, people: str) -> list[str]:
    return [n for n in people if any(way.channel == "email" and way.why == "dead" for way in desk.reaching.of(n))]


@pytest.mark.parametrize("code", ["smtp-login-535", "smtp-certificate", "smtp-banner-554", "sms-refused-401"])
def test_a_server_that_refuses_us_eats_no_notice_and_doctor_tells_of_it(
    early: Desk, at: OpenDesk, store: Path, through: Callable[[Server], None], code: str
) -> None:
    desk = asked(early, at, "AB")
    through(Server(Receipt("failed", code, "no", channel_down=True)))
    for minutes in range(3):
        assert [state for state, _ in sent(desk, MONDAY + timedelta(minutes=minutes))] == ["retry"]
    assert desk.notices.counts() == {"queued": 2}
    assert [one.attempts for one in desk.notices.all()] == [0, 0]
    assert [one.why for one in desk.notices.all() if one.send_after > MONDAY - timedelta(days=1)] == [
        "channel_down"
    ] * 2
    (told,) = [line for line in examine(str(store), config.load())["warnings"] if code in line]
    assert told == f"2 notices wait: email does not work ({code})."
    through(Server(OK))
    assert [state for state, _ in sent(desk, MONDAY + timedelta(hours=1))] == ["sent", "sent"]
    assert not [line for line in examine(str(store), config.load())["warnings"] if code in line]


def test_words_of_relaying_turn_off_nobody(early: Desk, at: OpenDesk, through: Callable[[Server], None]) -> None:
    desk = asked(early, at, MANY)
    through(Server(_receipt("rcpt", 550, b"relay not permitted")))
    assert [state for state, _ in sent(desk)] == ["retry"] * 3
    assert dead(desk, MANY) == []
    assert desk.notices.counts() == {"queued": 6}
    assert [one.attempts for one in desk.notices.all()] == [0] * 6


def test_a_refusal_that_others_do_not_get_is_about_the_address(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "ABC")
    through(Server(_receipt("rcpt", 550, b"no such user here"), OK))
    sent(desk)
    assert dead(desk, "ABC") == ["A"]
    assert desk.notices.counts() == {"failed": 1, "sent": 2}


def test_a_refusal_after_one_message_was_taken_over_is_about_the_address(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "ABC")
    through(Server(OK, _receipt("rcpt", 550, b"no such user here")))
    sent(desk)
    assert dead(desk, "ABC") == ["B", "C"]


def test_a_server_that_names_the_address_is_believed_at_once(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "A")
    through(Server(_receipt("rcpt", 550, b"5.1.1 no such user here")))
    assert [state for state, _ in sent(desk)] == ["failed"]
    assert dead(desk, "A") == ["A"]


def test_one_address_that_is_refused_again_and_again_is_dead_in_the_end(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "A")
    through(Server(_receipt("rcpt", 550, b"no such user here")))
    states = [sent(desk, MONDAY + timedelta(days=days))[0][0] for days in range(6)]
    assert states == ["retry"] * 5 + ["failed"]
    assert dead(desk, "A") == ["A"]


def test_paper_that_cannot_be_made_keeps_faxes_back_and_no_other_notice(
    early: Desk, at: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(OK)
    monkeypatch.setattr("duesdesk.channels.WAYS", {**channels.WAYS, "fax": Way(lambda _: "", lambda _: server)})
    member(early, "A", "Ana", fax="+34910123456")
    member(early, "B", "Bea", email="b@example.org")
    owe(early, "A", 5000, ago(12))
    owe(early, "B", 5000, ago(12))
    desk = at()
    fax = desk.notices.write(NoticeRequest("A", "reminder_friendly", channel="fax"), cooling=False)["notice"]
    mail = desk.notices.write(NoticeRequest("B", "reminder_friendly"), cooling=False)["notice"]

    def lacks(*_: object) -> None:
        raise BadInput("letters-need-sender", key="centre.tax_id")

    with monkeypatch.context() as broken:
        broken.setattr("duesdesk.services.letters.sender", lacks)
        assert ("retry", "letters-need-sender") in sent(desk)
    assert (desk.notices.get(fax).state, desk.notices.get(mail).state) == ("queued", "sent")
    sent(desk, MONDAY + timedelta(hours=1))
    assert desk.notices.get(fax).state == "sent"
    assert server.got[0].document.startswith(b"%PDF")


def test_text_messages_leave_while_email_is_set_up_by_half(
    early: Desk, at: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "home" / "settings.toml"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.write_text('[email]\ntransport = "smtp"\nhost = "mail.example.org"\n')
    file.chmod(0o600)
    assert channels.missing("email", config.load())
    server = Server(OK)
    monkeypatch.setattr("duesdesk.channels.WAYS", {**channels.WAYS, "sms": Way(lambda _: "", lambda _: server)})
    member(early, "A", "Ana", phone="+34600111222")
    owe(early, "A", 5000, ago(12))
    early.reaching.consent("A", "sms", wanted=True, how="said so")
    desk = at()
    assert [one.channel for one in desk.runs.run().taken] == ["sms"]
    desk.notices.write(NoticeRequest("A", "reminder_friendly", channel="sms"), cooling=False)
    sent(desk)
    assert len(server.got) == 2


def test_two_programs_that_send_at_once_keep_the_day_between_two_words(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "A")
    by_hand = desk.notices.write(NoticeRequest("A", "reminder_friendly"), cooling=False)["notice"]
    seen: list[tuple[str, str]] = []
    server = Server(OK, meanwhile=lambda: seen.extend(sent(at(desk="two"), MONDAY - timedelta(days=1))))
    through(server)
    desk.outbox.send_now(by_hand)
    assert seen == [("waits", "gap")]
    assert len(server.got) == 1


def test_what_another_program_sends_is_not_lost_because_a_later_day_was_asked_for(
    early: Desk, at: OpenDesk, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "A")
    notice = desk.notices.all()[0].id
    states: list[str] = []

    def meanwhile() -> None:
        other = at(desk="two")
        other.outbox.send_due(now=MONDAY + timedelta(days=3))
        states.append(other.notices.get(notice).state)

    through(Server(OK, meanwhile=meanwhile))
    desk.outbox.send_now(notice)
    assert states == ["sending"]
    assert desk.tasks.all() == []


def test_who_was_to_look_at_a_notice_need_not_once_it_arrived(
    early: Desk, at: OpenDesk, store: Path, through: Callable[[Server], None]
) -> None:
    desk = asked(early, at, "A")
    notice = desk.notices.all()[0].id
    later = open_desk(str(store), clock=Clock(datetime(2026, 11, 23, 18, 0, tzinfo=UTC)))
    kinds: list[list[str]] = []

    def meanwhile() -> None:
        # The server takes hours; another program holds that the first one has stopped.
        later.outbox.send_due()
        kinds.append([task.kind for task in later.tasks.all()])

    through(Server(OK, meanwhile=meanwhile))
    desk.outbox.send_now(notice)
    assert (kinds, desk.notices.get(notice).state) == ([["unsure"]], "sent")
    assert desk.tasks.all() == []
    later.close()
