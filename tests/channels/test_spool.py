"""Until a mail server is set up, notices are files: one each, whole, the owner's alone."""

from __future__ import annotations

import email
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from duesdesk import i18n
from duesdesk.channels import WAYS, Message, channel, email_sender, missing
from duesdesk.channels.smtp import Smtp
from duesdesk.channels.spool import Spool
from duesdesk.config import KNOWN, Settings, load, write
from duesdesk.domain.errors import BadInput


def notice(number: int = 1, body: str = "Hola, ¿qué tal?") -> Message:
    return Message(
        "ana@example.org",
        "desk@gym.example",
        "Your membership account",
        body,
        f"<n{number}.duesdesk@gym.example>",
        datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )


def settings_of(home: Path) -> Settings:
    return load({"DUESDESK_HOME": str(home)})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_notice_is_one_whole_file_of_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "outbox"
    receipt = Spool(folder).deliver(notice())
    assert (receipt.state, receipt.code, receipt.detail) == ("sent", "spooled", str(folder / "n1.eml"))
    assert [path.name for path in folder.iterdir()] == ["n1.eml"]
    assert mode(folder) == 0o700
    assert mode(folder / "n1.eml") == 0o600
    got: Any = email.message_from_bytes((folder / "n1.eml").read_bytes(), policy=default)
    assert got.get_content().strip() == "Hola, ¿qué tal?"
    assert got["To"] == "ana@example.org"


def test_the_same_notice_again_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.deliver(notice(body="first"))
    before = (tmp_path / "n1.eml").read_bytes()
    assert spool.deliver(notice(body="second")).state == "sent"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]
    spool.deliver(notice(number=2))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_our_trouble_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    receipt = Spool(tmp_path / "outbox").deliver(notice())
    assert (receipt.state, receipt.code, receipt.channel_down) == ("retry", "spool-unwritable", True)


def test_notices_are_written_into_the_outbox_until_a_server_is_set_up(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    spool = channel("email", settings)
    assert isinstance(spool, Spool)
    assert spool.folder == tmp_path / "outbox"
    assert email_sender(settings) == "desk@localhost"
    receipt = spool.deliver(replace(notice(), sender=email_sender(settings)))
    assert receipt.state == "sent"


def test_the_server_comes_from_the_settings_and_the_password_from_the_environment(tmp_path: Path) -> None:
    for key, text in {
        "transport": "smtp", "host": "mail.example.org", "port": "2525", "tls": "tls", "user": "desk",
        "from": "desk@gym.example", "answer_seconds": "30",
    }.items():  # fmt: skip
        write(tmp_path, f"email.{key}", text)
    settings = load({"DUESDESK_HOME": str(tmp_path), "DUESDESK_EMAIL_PASSWORD": "canary"})
    smtp = channel("email", settings)
    assert isinstance(smtp, Smtp)
    server = smtp.server
    assert (server.host, server.port, server.tls, server.user) == ("mail.example.org", 2525, "tls", "desk")
    assert server.answer_seconds == 30
    assert server.password is not None
    assert server.password.reveal() == "canary"
    assert "canary" not in repr(server)
    assert email_sender(settings) == "desk@gym.example"


@pytest.mark.parametrize(
    ("ask", "missing"), [(lambda settings: channel("email", settings), "email.host"), (email_sender, "email.from")]
)
def test_a_server_half_set_up_is_told_by_what_it_lacks(
    tmp_path: Path, ask: Callable[[Settings], object], missing: str
) -> None:
    write(tmp_path, "email.transport", "smtp")
    settings = settings_of(tmp_path)
    with pytest.raises(BadInput) as refused:
        ask(settings)
    assert refused.value.code == "email-not-set-up"
    assert missing in i18n.sentence(refused.value)


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if not way.by_hand])
def test_every_choice_of_a_way_to_send_is_made_or_says_what_it_lacks(name: str, tmp_path: Path) -> None:
    key = f"{name}.transport" if f"{name}.transport" in KNOWN else f"{name}.gateway"
    for choice in KNOWN[key].choices:
        write(tmp_path, key, choice)
        settings = settings_of(tmp_path)
        lacking = missing(name, settings)
        if choice in ("off", "smtp"):
            assert lacking == (key if choice == "off" else "email.host")
        if not lacking:
            assert channel(name, settings).name
            continue
        with pytest.raises(BadInput) as refused:
            channel(name, settings)
        assert lacking in i18n.sentence(refused.value)


def test_looking_for_a_channel_opens_no_mail_library() -> None:
    code = (
        "import sys; import duesdesk.channels;"
        "late = ('smtplib', 'ssl', 'email.message', 'email_validator', 'apprise', 'reportlab');"
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
