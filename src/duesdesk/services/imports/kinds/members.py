"""Members: who is served, how they are reached, who pays for them."""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.services.imports.headers import Kind
from duesdesk.services.imports.problems import problem
from duesdesk.services.imports.reading import NAME_LENGTH, NUMBER_LENGTH, Reading

KIND = Kind(
    "members",
    (
        "number", "name", "first_name", "last_name", "email", "phone", "card", "language", "payer", "joined_on",
        "left_on", "status", "group", "address", "postcode", "city", "country", "timezone", "fax",
    ),
    ((("number",),), (("name",), ("first_name", "last_name"))),
)  # fmt: skip
_CARD_LENGTH = 64


class MemberRow(NamedTuple):
    """A member as a file tells of them. '' and None: the file says nothing about it."""

    number: str
    name: str
    email: str
    phone: str
    card: str
    language: str
    payer: str
    joined_on: str | None
    left_on: str | None
    status: str
    group: str
    email_works: bool = True
    address: str = ""
    country: str = ""
    timezone: str = ""
    fax: str = ""


def read(reading: Reading) -> list[MemberRow]:
    """Every row of the file, the faulty ones too."""
    number = reading.texts("number", max_length=NUMBER_LENGTH, needed=True)
    if reading.has("name"):
        name = reading.texts("name", max_length=NAME_LENGTH, needed=True)
    else:
        first = reading.texts("first_name", max_length=NAME_LENGTH)
        last = reading.texts("last_name", max_length=NAME_LENGTH)
        name = [f"{a} {b}".strip() for a, b in zip(first, last, strict=True)]
        for at, whole in enumerate(name):
            if not whole:
                reading.fault(at, "first_name", "", problem("import-cell-missing"))
            elif len(whole) > NAME_LENGTH:
                reading.fault(
                    at, "last_name", whole, problem("import-cell-too-long", limit=NAME_LENGTH, found=len(whole))
                )
    email = reading.emails("email")
    rows = list(
        map(
            MemberRow,
            number,
            name,
            [address.text for address in email],
            reading.phones("phone"),
            reading.texts("card", max_length=_CARD_LENGTH),
            reading.codes("language", "language"),
            reading.texts("payer", max_length=NUMBER_LENGTH),
            reading.days("joined_on"),
            reading.days("left_on"),
            reading.codes("status", "member_status"),
            reading.texts("group"),
            [address.works for address in email],
            reading.addresses(),
            reading.countries("country"),
            reading.timezones("timezone"),
            reading.faxes("fax"),
        )
    )
    for at, row in enumerate(rows):
        if row.joined_on and row.left_on and row.left_on < row.joined_on:
            reading.fault(at, "left_on", row.left_on, problem("import-left-before-joined", joined_on=row.joined_on))
    return rows
