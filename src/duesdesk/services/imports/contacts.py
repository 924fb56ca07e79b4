"""E-mail addresses and phone numbers: the plain ones by a pattern, the odd ones by the libraries that know them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from duesdesk.domain.text import clean_text
from duesdesk.services.imports.cells import parsed, refusal
from duesdesk.services.imports.problems import Faults, Problem, problem

_LONGEST_EMAIL, _LONGEST_PHONE = 254, 60
# Addresses about which no two programs disagree; all others are asked about one by one.
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_LONGEST_LOCAL = 64


class Email(NamedTuple):
    """An e-mail address as it is kept, and whether anything can be sent to it."""

    text: str
    works: bool


def emails(column: Sequence[object], field: str, faults: Faults) -> list[Email]:
    """The addresses with their domain in small letters, '' where blank."""
    return parsed(column, field, faults, email, Email("", works=True))


def email(text: str) -> Email | Problem:
    """One address. What is none ('ana.example.org', two in one cell) is kept for a person to put right, and not used.

    A member is worth more than their address: a row is not rejected for it.
    """
    refused = refusal(text, _LONGEST_EMAIL)
    if refused:
        return refused
    local, _, domain = text.rpartition("@")
    if _PLAIN_EMAIL.fullmatch(text) and len(local) <= _LONGEST_LOCAL:
        return Email(f"{local}@{domain.lower()}", works=True)
    from email_validator import EmailNotValidError, validate_email  # imported late: start-up

    try:
        return Email(validate_email(text, check_deliverability=False).normalized, works=True)
    except EmailNotValidError:
        return Email(clean_text(text, max_length=_LONGEST_EMAIL), works=False)


def phones(column: Sequence[object], field: str, faults: Faults, country: str) -> list[str]:
    """The numbers in international form (+34 600 11 12 22) where they can be read; without a prefix one of `country`.

    A number that no rule knows is kept as it was typed; somebody may still dial it. '' where blank.
    """
    return parsed(column, field, faults, lambda text: phone(text, country), "")


def phone(text: str, country: str) -> str | Problem:
    """One number; a Problem when there is no digit in it."""
    refused = refusal(text, _LONGEST_PHONE)
    if refused:
        return refused
    if not any(map(str.isdigit, text)):
        return problem("import-phone-unreadable")
    import phonenumbers  # imported late: start-up

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return clean_text(text, max_length=_LONGEST_PHONE)
    if phonenumbers.is_possible_number(number):
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    return clean_text(text, max_length=_LONGEST_PHONE)
