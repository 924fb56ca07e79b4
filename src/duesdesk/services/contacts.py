"""Contact details of a member as they are kept: e-mail, phone, fax, postal address, country."""

from __future__ import annotations

import re
from collections.abc import Collection

from duesdesk.domain import reach
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text
from duesdesk.store.database import Tx

MOST_LINES, LONGEST_LINE = 7, 60
_COUNTRY = re.compile(r"[A-Z]{2}")
# By which columns of a member a channel goes, unless another address is kept for it.
_COLUMNS = {"phone": reach.BY_PHONE, "address": ("letter",), "fax": ("fax",), "email": ("email",)}


def email(text: str) -> str:
    """One address in its normal form. Raises BadInput ('email-unreadable')."""
    from email_validator import EmailNotValidError, validate_email  # imported late: start-up

    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise BadInput("email-unreadable", value=text) from error


def phone(text: str, country: str) -> str:
    """In international form where it can be read; a number we cannot read is kept as it was typed.

    Raises BadInput ('phone-unreadable') when there is no digit in it.
    """
    if not any(char.isdigit() for char in text):
        raise BadInput("phone-unreadable", value=text)
    import phonenumbers  # imported late: start-up

    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(parsed):
        return text
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def lines(text: str) -> str | None:
    """A postal address, a line each; None for an empty one. Lines may also stand beside each other with semicolons.

    Raises BadInput ('address-too-long') for more than a window shows.
    """
    cleaned = clean_text(text, max_length=MOST_LINES * LONGEST_LINE * 2, lines=True)
    parts = [part.strip(" ,") for part in re.split(r"[;\n]", cleaned)]
    kept = [part for part in parts if part]
    if len(kept) > MOST_LINES or any(len(part) > LONGEST_LINE for part in kept):
        raise BadInput("address-too-long", lines=MOST_LINES, letters=LONGEST_LINE)
    return "\n".join(kept) or None


def country(text: str) -> str:
    """A country's code in capitals. Raises BadInput ('country-unknown')."""
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise BadInput("country-unknown", country=text)
    return "GB" if code == "UK" else code


def try_anew(tx: Tx, member_id: int, changed: Collection[str], at: str) -> None:
    """Columns of a member changed: that something came back from the old address says nothing of the new one."""
    for column in changed:
        for channel in _COLUMNS.get(column, ()):
            tx.run(
                """UPDATE member_channel SET works = :yes, changed_at = :at
                   WHERE member_id = :id AND channel = :channel AND address = '' AND NOT works""",
                yes=True,
                at=at,
                id=member_id,
                channel=channel,
            )
