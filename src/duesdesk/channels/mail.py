"""An e-mail made of a message: headers that nothing from outside can add to, one recipient, UTF-8.

Headers with text from outside are written here and not by EmailMessage, which reads what it is given: a name such as
"=?utf-8?q?=0D=0ABcc:_x@y.z?=" became a header of its own (Python 3.11.7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote

from duesdesk.channels.base import Message
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text

LONGEST_SUBJECT = 150
LONGEST_NAME = 80
LONGEST_BODY = 20_000
_OWN_NETWORK = ("local", "localhost", "test")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9][A-Za-z0-9._-]{0,120}@[A-Za-z0-9][A-Za-z0-9.-]{0,120}>", re.ASCII)
_TOKEN = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
_WORDS = re.compile(r"[A-Za-z0-9 ]+", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail and its envelope: exactly one sender and one recipient."""

    sender: str
    recipient: str
    content: bytes
    """Headers and body with CRLF line ends."""
    needs_utf8: bool
    """An address has letters that only a server with SMTPUTF8 takes."""


def message_id(token: str, sender: str) -> str:
    """The id of a notice: the same for the same token (its number and kind, say) and sender address."""
    domain = sender.rpartition("@")[2]
    domain = _TOKEN.sub("-", domain).replace("_", "-").strip("-.")[:100] if domain.isascii() else ""
    local = _TOKEN.sub("-", token).strip("-._")[:100]
    return f"<{local or 'notice'}.duesdesk@{domain or 'localhost'}>"


def checked_address(text: str) -> str:
    """One e-mail address in its normal form. Raises BadInput ('mail-address-invalid') for none, several or a wrong one.

    Only its form is checked; nobody is asked whether it exists.
    """
    from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email  # imported late: start-up

    # A centre's own network may well be called so; the library says to take names out of its list.
    SPECIAL_USE_DOMAIN_NAMES[:] = [name for name in SPECIAL_USE_DOMAIN_NAMES if name not in _OWN_NETWORK]
    try:
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False, strict=True)
    except EmailNotValidError as error:
        raise BadInput("mail-address-invalid", value=text) from error
    return found.ascii_email or found.normalized


def build(message: Message) -> Mail:
    """The e-mail of `message`.

    Raises BadInput: 'mail-address-invalid' (fact `value` says which), 'mail-subject-missing', 'mail-body-missing'.
    """
    recipient, sender = checked_address(message.recipient), checked_address(message.sender)
    subject = clean_text(message.subject, max_length=LONGEST_SUBJECT)
    body = clean_text(message.body, max_length=LONGEST_BODY, lines=True)
    if not subject:
        raise BadInput("mail-subject-missing")
    if not body:
        raise BadInput("mail-body-missing")
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise ValueError(f"no message id: {message.message_id!r}")
    headers = {
        "From": _person("From", message.sender_name, sender),
        "To": _person("To", message.recipient_name, recipient),
    }
    if message.reply_to:
        headers["Reply-To"] = f"<{checked_address(message.reply_to)}>"
    headers["Subject"] = _in_ascii("Subject", subject)
    headers["Date"] = format_datetime(message.written_at)
    headers["Message-ID"] = message.message_id
    # No holiday answer comes back to a notice that a program wrote (RFC 3834).
    headers["Auto-Submitted"] = "auto-generated"
    if _LANGUAGE.fullmatch(message.language):
        headers["Content-Language"] = message.language.replace("_", "-")
    text = EmailMessage(policy=SMTP)
    text.set_content(body + "\n", charset="utf-8", cte="quoted-printable")
    if message.document:
        text.add_attachment(message.document, maintype="application", subtype="pdf", filename="notice.pdf")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    return Mail(sender, recipient, head + text.as_bytes(), needs_utf8=not (recipient + sender).isascii())


def _person(header: str, name: str, address: str) -> str:
    cleaned = clean_text(name, max_length=LONGEST_NAME)
    if not cleaned:
        return f"<{address}>"
    written = _in_ascii(header, cleaned)
    if written == cleaned and not _WORDS.fullmatch(cleaned):
        written = f'"{quote(cleaned)}"'
    return f"{written} <{address}>"


def _in_ascii(header: str, text: str) -> str:
    """Text as it may stand in a header: itself, or encoded words of at most 75 characters (RFC 2047)."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")
