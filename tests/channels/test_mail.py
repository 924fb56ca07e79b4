"""An e-mail has the headers we gave it, one recipient, and the text that was shown, whatever a name holds."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import getaddresses, unquote
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duesdesk.channels import Message
from duesdesk.channels.mail import LONGEST_NAME, LONGEST_SUBJECT, build, checked_address, message_id
from duesdesk.channels.spool import Spool, file_name
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip
HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\r\n\v\f\x85\u2028\u2029\x00\x1b,;:<>@\"'()[]\\.= \t?_"),
        st.sampled_from("éșț王😀"),
    ),
    max_size=160,
) | st.lists(
    st.sampled_from(
        ["=?utf-8?q?a=0D=0ABcc:_evil@x.org?=", "=?utf-8?b?DQpCY2M6IGVAeC5vcmc=?=",
         "=?", "?=", "=", "?", "utf-8", "é", " ",
         "=?iso-8859-1?q?=0A?=", '"', ",", "\u200b", "=\u200b?utf-8?q?=0D=0AX:_y?=", "a" * 70]
    ),
    max_size=6,
).map("".join)  # fmt: skip


def message(**given_: str) -> Message:
    facts = {
        "recipient": "ana@example.org",
        "sender": "desk@gym.example",
        "subject": "Your membership account",
        "body": "Hello Ana",
        "message_id": "<n1.duesdesk@gym.example>",
        "reply_to": "office@gym.example",
        **given_,
    }
    return Message(written_at=AT, **facts)  # type: ignore[arg-type]


def parsed(given_: Message) -> EmailMessage:
    mail = build(given_)
    assert mail.content.count(b"\n") == mail.content.count(b"\r\n")
    found = email.message_from_bytes(mail.content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(made: EmailMessage) -> str:
    """The text with line ends as they were given."""
    return str(made.get_content()).replace("\r\n", "\n")


@pytest.mark.slow
@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=5000, deadline=None)
def test_no_name_or_subject_adds_a_header_or_a_recipient(name: str, sender_name: str, subject: str) -> None:
    content = build(message(recipient_name=name, sender_name=sender_name, subject="x" + subject)).content
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = [line for line in re.split(r"[\r\n]+", head) if not line.startswith((" ", "\t"))]
    assert sorted(line.partition(":")[0] for line in lines) == sorted(HEADERS)
    read = email.message_from_bytes(content, policy=compat32)
    assert [address for _, address in getaddresses([read["To"]])] == ["ana@example.org"]
    assert [address for _, address in getaddresses([read["From"]])] == ["desk@gym.example"]


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=200, deadline=None)
def test_a_strict_reader_finds_what_we_wrote(name: str, sender_name: str, subject: str) -> None:
    made = parsed(message(recipient_name=name, sender_name=sender_name, subject="x" + subject))
    assert sorted(made.keys()) == sorted(HEADERS)
    for header, address in (("To", "ana@example.org"), ("From", "desk@gym.example")):
        people: tuple[Address, ...] = made[header].addresses
        assert [person.addr_spec for person in people] == [address]
    assert made["Subject"] == clean_text("x" + subject, max_length=LONGEST_SUBJECT)
    assert text_of(made) == "Hello Ana\n"


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60))
@settings(max_examples=1500, deadline=None)
def test_a_name_arrives_as_it_is_written(name: str) -> None:
    cleaned = clean_text(name, max_length=LONGEST_NAME)
    # The old parser: the new one puts blanks between the parts of a long encoded name.
    read = email.message_from_bytes(build(message(recipient_name=name)).content, policy=compat32)["To"]
    written, _, address = read.rpartition("<")
    assert address == "ana@example.org>"
    written = written.strip()
    found = unquote(written) if written.startswith('"') else str(make_header(decode_header(written)))
    assert " ".join(found.split()) == " ".join(cleaned.split())


@given(HOSTILE)
@settings(max_examples=1000, deadline=None)
def test_the_text_arrives_as_it_was_shown(body: str) -> None:
    shown = clean_text("x" + body, max_length=20_000, lines=True)
    assert text_of(parsed(message(body="x" + body))) == shown + "\n"


def test_a_long_text_in_several_languages_arrives_whole() -> None:
    body = "\n".join(["Dragă Ștefan, îți mulțumim.", ".", "..", "From here", "a" * 800, "¿Cuánto? 12,50 €"] * 20)
    made = parsed(message(body=body, language="ro"))
    assert text_of(made) == body + "\n"
    assert made["Content-Language"] == "ro"
    assert made["Date"].datetime == AT
    assert max(map(len, build(message(body=body)).content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "a@x.io, e@x.io",
        "a@x.io;e@x.io",
        "a@x.io e@x.io",
        "Ann [x] <ann@x.io>",
        "Ann <ann@x.io>",
        "a@x.io\r\nBcc: e@x.io",
        "a@x.io\u2028e@x.io",
        "a@x.io\x00",
        "a\x1b@x.io",
        "a..b@x.io",
        "a@x..io",
        "a@[127.0.0.1]",
        '"a b"@x.io',
        "<a@x.io>",
        "a@x.io>,<e@x.io",
        "a" * 65 + "@x.io",
    ],
)
def test_what_is_not_exactly_one_address_is_refused_for_that_notice_alone(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        checked_address(address)
    assert refused.value.code == "mail-address-invalid"
    receipt = Spool(tmp_path).deliver(message(recipient=address))
    assert (receipt.state, receipt.code) == ("failed", "mail-address-invalid")
    assert receipt.hard_bounce
    assert not receipt.channel_down
    assert not list(tmp_path.iterdir())


def test_a_wrong_sender_is_our_trouble_and_kills_no_recipient(tmp_path: Path) -> None:
    receipt = Spool(tmp_path).deliver(message(sender="nobody"))
    assert (receipt.state, receipt.hard_bounce, receipt.channel_down) == ("failed", False, True)


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        (" Ana@EXAMPLE.org ", "Ana@example.org"),
        ("ana@müller.example", "ana@xn--mller-kva.example"),
        ("ana+gym@mail.example.org", "ana+gym@mail.example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("desk@gym.local", "desk@gym.local"),
        ("josé@example.org", "josé@example.org"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(address: str, normal: str) -> None:
    assert checked_address(address) == normal


def test_a_notice_without_subject_or_text_is_refused() -> None:
    for missing, code in (("subject", "mail-subject-missing"), ("body", "mail-body-missing")):
        with pytest.raises(BadInput) as refused:
            build(message(**{missing: " \x1b\u200b "}))
        assert refused.value.code == code


@given(st.text(max_size=150), st.text(max_size=80))
def test_a_message_id_is_always_one_safe_word_and_the_same_for_the_same_notice(token: str, sender: str) -> None:
    made = message_id(token, sender)
    assert made == message_id(token, sender)
    assert parsed(message(message_id=made))["Message-ID"] == made
    name = file_name(made)
    assert name.endswith(".eml")
    assert not name.startswith(".")
    assert "/" not in name
    assert len(name) <= 140


def test_two_notices_never_share_an_id() -> None:
    assert message_id("n12", "desk@gym.example") == "<n12.duesdesk@gym.example>"
    assert message_id("n12", "desk@gym.example") != message_id("n13", "desk@gym.example")
