"""Postal addresses, countries, time zones and fax numbers of people in a file.

A member is worth more than their address: what cannot be read is left out with a warning, and the row is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from duesdesk.clock import zone
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text
from duesdesk.services import contacts as kept
from duesdesk.services.imports import contacts
from duesdesk.services.imports.cells import parsed, refusal
from duesdesk.services.imports.headers import squash
from duesdesk.services.imports.problems import Faults, Problem, problem
from duesdesk.services.imports.words import meanings

_LONGEST_ADDRESS, _LONGEST_PART = 500, 60
_CODE = re.compile("[A-Za-z]{2}")
_TOO_LONG = problem("import-address-too-long", lines=kept.MOST_LINES, letters=kept.LONGEST_LINE)


def addresses(
    street: Sequence[object], postcode: Sequence[object], city: Sequence[object], warnings: Faults
) -> list[str]:
    """One address for each row, a line each; what stands in three columns of other programs comes together."""
    found = _read(street, "address", warnings, _lines)
    code, town = _read(postcode, "postcode", warnings, _part), _read(city, "city", warnings, _part)
    if any(code) or any(town):
        below = [f"{one} {other}".strip() for one, other in zip(code, town, strict=True)]
        found = ["\n".join(filter(None, pair)) for pair in zip(found, below, strict=True)]
    return found


def countries(column: Sequence[object], field: str, warnings: Faults) -> list[str]:
    """Codes of two letters: as they stand, or by the country's name in five languages."""
    known = meanings("country")

    def read(text: str) -> str | Problem:
        if code := known.get(squash(text)):
            return code
        if _CODE.fullmatch(text):
            return kept.country(text)
        return refusal(text, _LONGEST_PART) or problem("import-country-unknown")

    return _read(column, field, warnings, read)


def timezones(column: Sequence[object], field: str, warnings: Faults) -> list[str]:
    """IANA names of time zones."""

    def read(text: str) -> str | Problem:
        refused = refusal(text, _LONGEST_PART)
        if refused:
            return refused
        try:
            return zone(text).key
        except BadInput:
            return problem("import-timezone-unknown")

    return _read(column, field, warnings, read)


def faxes(column: Sequence[object], field: str, warnings: Faults, country: str) -> list[str]:
    """Fax numbers in international form where they can be read."""
    return _read(column, field, warnings, lambda text: contacts.phone(text, country))


def _read(column: Sequence[object], field: str, warnings: Faults, read: Callable[[str], str | Problem]) -> list[str]:
    odd = Faults()
    found = parsed(column, field, odd, read, "")
    for row, fault in odd:
        warnings.add(row, field, fault.value, fault.problem)
    return found


def _lines(text: str) -> str | Problem:
    refused = refusal(text, _LONGEST_ADDRESS)
    if refused:
        return refused
    try:
        return kept.lines(text) or ""
    except BadInput:
        return _TOO_LONG


def _part(text: str) -> str | Problem:
    return refusal(text, _LONGEST_PART) or clean_text(text, max_length=_LONGEST_PART)
