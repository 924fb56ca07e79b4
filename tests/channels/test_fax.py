"""Fax: the PDF goes to a mail-to-fax service, or to the program sendfax, and to one number."""

from __future__ import annotations

import email
import os
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from duesdesk.channels import Message
from duesdesk.channels.fax import ByMail, Program
from duesdesk.channels.spool import Spool

PAPER = b"%PDF-1.4 the letter"
NOTICE = Message(
    recipient="+34910123456",
    sender="desk@gym.example",
    subject="Your membership account",
    body="Hola Ana",
    message_id="<n1.duesdesk@gym.example>",
    written_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    document=PAPER,
)
HOSTILE = ["", "+", "910123456", "+34910123456;rm -rf /", "--help", "+34 910", "+34910123456,+1", "$(reboot)", "a@b.c"]


def test_the_service_is_mailed_the_pdf_under_the_number(tmp_path: Path) -> None:
    receipt = ByMail(Spool(tmp_path), "fax.example.com", "desk@gym.example").deliver(NOTICE)
    assert receipt.state == "sent"
    (file,) = tmp_path.glob("*.eml")
    mail: Any = email.message_from_bytes(file.read_bytes(), policy=default)
    assert [person.addr_spec for person in mail["To"].addresses] == ["34910123456@fax.example.com"]
    (paper,) = mail.iter_attachments()
    assert (paper.get_content_type(), paper.get_content()) == ("application/pdf", PAPER)
    assert "Hola Ana" not in mail.get_body().get_content()


def program(folder: Path, script: str) -> Path:
    path = folder / "sendfax"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_program_gets_the_number_and_the_file_as_words_of_their_own(tmp_path: Path) -> None:
    told = tmp_path / "told"
    keep = f"""for word in "$@"; do printf '%s\\n' "$word" >> {told}; done; cp "$4" {tmp_path}/paper.pdf"""
    script = f'{keep}; echo "request id is 7"'
    receipt = Program(program=str(program(tmp_path, script))).deliver(NOTICE)
    assert (receipt.state, receipt.detail) == ("sent", "request id is 7")
    words = told.read_text().splitlines()
    assert words[:3] == ["-n", "-d", "+34910123456"]
    assert (tmp_path / "paper.pdf").read_bytes() == PAPER
    assert not os.path.exists(words[3])  # noqa: PTH110


@pytest.mark.parametrize(
    ("script", "state", "down"),
    [("exit 0", "sent", False), ("echo no >&2; exit 1", "retry", True), ("kill -9 $$", "unsure", False)],
)
def test_how_the_program_ends_is_told_as_what_it_is(tmp_path: Path, script: str, state: str, down: bool) -> None:
    receipt = Program(program=str(program(tmp_path, script))).deliver(NOTICE)
    assert (receipt.state, receipt.channel_down) == (state, down)


def test_a_program_that_does_not_end_may_have_sent_it(tmp_path: Path) -> None:
    receipt = Program(program=str(program(tmp_path, "exec sleep 30")), seconds=0.2).deliver(NOTICE)
    assert receipt.state == "unsure"


def test_a_machine_without_the_program_is_our_trouble() -> None:
    receipt = Program(program="/nowhere/sendfax").deliver(NOTICE)
    assert (receipt.state, receipt.channel_down) == ("failed", True)


@pytest.mark.parametrize("number", HOSTILE)
def test_what_is_no_number_is_dialled_by_nobody(tmp_path: Path, number: str) -> None:
    told = tmp_path / "told"
    for channel in (
        Program(program=str(program(tmp_path, f"echo called >> {told}"))),
        ByMail(Spool(tmp_path / "mail"), "fax.example.com", "desk@gym.example"),
    ):
        receipt = channel.deliver(replace(NOTICE, recipient=number))
        assert (receipt.state, receipt.hard_bounce) == ("failed", True)
    assert not told.exists()
    assert not (tmp_path / "mail").exists()


def test_a_fax_without_its_paper_is_not_sent(tmp_path: Path) -> None:
    receipt = ByMail(Spool(tmp_path), "fax.example.com", "desk@gym.example").deliver(replace(NOTICE, document=b""))
    assert receipt.state == "failed"
