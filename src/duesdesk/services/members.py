"""Add and edit members, and the notes about them."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from duesdesk.clock import from_utc_text, zone
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.i18n import fold
from duesdesk.services import contacts, lookup
from duesdesk.services.acts import Done, Plain, Request, Within, perform, perform_on_record
from duesdesk.services.workplace import Workplace
from duesdesk.store import numbers
from duesdesk.store.database import Tx

if TYPE_CHECKING:
    from duesdesk.models import Member

STATUSES = ("active", "frozen", "left", "prospect")
NOTE_LENGTH = 500
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")


_EDITABLE = (
    "name",
    "email",
    "phone",
    "card",
    "language",
    "payer_id",
    "joined_on",
    "left_on",
    "status",
    "group_name",
    "terms_days",
    "address",
    "country",
    "timezone",
    "fax",
)
"""Columns of a member that an edit may change."""


class MemberDetails(NamedTuple):
    """What the staff know about a member. `payer` is a member number; None pays for themselves.

    `number` None takes the next of the series. `address` has a line each, without the name and the country; `country`
    is a code of two letters and `timezone` an IANA name, each None where it is the centre's.
    """

    name: str
    number: str | None = None
    email: str | None = None
    phone: str | None = None
    card: str | None = None
    language: str | None = None
    payer: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    status: str = "active"
    group: str | None = None
    terms_days: int | None = None
    address: str | None = None
    country: str | None = None
    timezone: str | None = None
    fax: str | None = None


class Note(NamedTuple):
    """A remark about a member."""

    text: str
    at: datetime
    actor: str


class Members:
    """Members of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def get(self, number: str) -> MemberDetails:
        """What is known about a member. Raises NotFound."""
        with self._place.database.read() as tx:
            return details_of(tx, number)

    def add(self, details: MemberDetails, *, key: str | None = None) -> Plain:
        """A new member. Answers `{"member", "name"}`. Raises BadInput, Refused when the number or card is taken."""
        details = _checked(details, self._place.centre.country)
        request = Request("member.add", _content(details), key=key)

        def work(within: Within) -> Done:
            from duesdesk.models import Member  # imported late: start-up

            number = details.number or numbers.take(within.tx, "member")
            _refuse_taken(within.tx, number, details.card, None)
            now = self._place.now()
            member = Member(number=number, name=details.name, created_at=now, updated_at=now)
            _apply(within.tx, member, details._replace(number=number))
            within.session.add(member)
            return Done(f"member {number}", {"member": number, "name": details.name})

        return perform_on_record(self._place, request, work)

    def edit(self, number: str, details: MemberDetails, *, key: str | None = None) -> Plain:
        """Other details for a member; the number stays. Answers `{"member", "name", "changed"}`.

        Raises NotFound, BadInput, Refused when the card is somebody else's or the payer does not pay for themselves.
        """
        details = _checked(details._replace(number=number), self._place.centre.country)
        request = Request("member.edit", _content(details), key=key)

        def work(within: Within) -> Done:
            from sqlmodel import select  # imported late: start-up

            from duesdesk.models import Member

            member = within.session.exec(select(Member).where(Member.number == number)).one_or_none()
            if member is None:
                raise NotFound("member-unknown", member=number)
            _refuse_taken(within.tx, number, details.card, member.id)
            before = _editable(member)
            _apply(within.tx, member, details)
            member.updated_at = self._place.now()
            after = _editable(member)
            changed = sorted(name for name in after if after[name] != before[name])
            contacts.try_anew(within.tx, member.id or 0, changed, within.act.recorded_at)
            told = json.dumps({name: before[name] for name in changed}, ensure_ascii=False, default=str)
            return Done(f"member {number}", {"member": number, "name": details.name, "changed": changed}, told)

        return perform_on_record(self._place, request, work)

    def put_back_within(self, within: Within, number: str, before: str) -> Done:
        """The details are again what an edit replaced, as its audit entry tells (`before`); undo calls it.

        Raises Refused when the card belongs to somebody else by now.
        """
        person = lookup.person(within.tx, number)
        row = within.tx.one(f"SELECT {', '.join(_EDITABLE)} FROM member WHERE id = :id", id=person.id)
        values = {**dict(zip(_EDITABLE, row or (), strict=True)), **json.loads(before or "{}")}
        _refuse_taken(within.tx, number, values["card"], person.id)
        within.tx.run(
            f"""UPDATE member SET {", ".join(f"{name} = :{name}" for name in _EDITABLE)}, name_folded = :folded,
                                  search = :search, updated_at = :now WHERE id = :id""",
            id=person.id,
            now=within.act.recorded_at,
            folded=fold(values["name"]),
            search=search_text(values["name"], number, values["email"], values["phone"], values["card"]),
            **values,
        )
        return Done(f"member {number}", {"member": number, "name": values["name"]})

    def notes(self, number: str) -> list[Note]:
        """The notes about a member, newest first. Raises NotFound."""
        with self._place.database.read() as tx:
            person = lookup.person(tx, number)
            return notes_of(tx, person.id)

    def add_note(self, number: str, text: str, *, key: str | None = None) -> Plain:
        """A remark, at most 500 characters, without card numbers. Raises NotFound, BadInput."""
        cleaned = clean_text(text, max_length=NOTE_LENGTH, lines=True).strip()
        if not cleaned:
            raise BadInput("note-empty")
        _refuse_card(cleaned)

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, number)
            within.tx.run(
                """INSERT INTO member_note (member_id, text, recorded_at, actor, desk)
                   VALUES (:member_id, :text, :recorded_at, :actor, :desk)""",
                member_id=person.id,
                text=cleaned,
                recorded_at=within.act.recorded_at,
                actor=within.act.actor,
                desk=within.act.desk,
            )
            return Done(f"member {number}", {"member": number})

        return perform(self._place, Request("note", {"member": number, "text": cleaned}, key=key), work)


def details_of(tx: Tx, number: str) -> MemberDetails:
    """What is known about a member. Raises NotFound."""
    row = tx.one(
        """SELECT m.name, m.number, m.email, m.phone, m.card, m.language, p.number, m.joined_on, m.left_on,
                  m.status, m.group_name, m.terms_days, m.address, m.country, m.timezone, m.fax
           FROM member m LEFT JOIN member p ON p.id = m.payer_id WHERE m.number = :number""",
        number=number,
    )
    if row is None:
        raise NotFound("member-unknown", member=number)
    name, own, email, phone, card, language, payer, joined_on, left_on, *rest = row
    return MemberDetails(
        name, own, email, phone, card, language, payer, date.fromisoformat(joined_on) if joined_on else None,
        date.fromisoformat(left_on) if left_on else None, *rest,
    )  # fmt: skip


def notes_of(tx: Tx, member_id: int) -> list[Note]:
    """The notes about a member, newest first."""
    rows = tx.all(
        "SELECT text, recorded_at, actor FROM member_note WHERE member_id = :id ORDER BY id DESC", id=member_id
    )
    return [Note(text, from_utc_text(at), actor) for text, at, actor in rows]


def search_text(name: str, number: str, email: str | None, phone: str | None, card: str | None) -> str:
    """What Find looks through: folded name, number, e-mail, digits of the phone, card."""
    digits = "".join(char for char in phone or "" if char.isdigit())
    return " ".join(part for part in (fold(name), fold(number), fold(email or ""), digits, fold(card or "")) if part)


def _content(details: MemberDetails) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in details._asdict().items()}


def _checked(details: MemberDetails, country: str) -> MemberDetails:
    """The details cleaned, or BadInput naming the field."""
    cleaned: dict[str, object] = {}
    for name, value in details._asdict().items():
        cleaned[name] = value
        if isinstance(value, str):
            _refuse_card(value)
            cleaned[name] = contacts.lines(value) if name == "address" else clean_text(value).strip() or None
    if not cleaned["name"]:
        raise BadInput("name-missing")
    if cleaned["status"] not in STATUSES:
        raise BadInput("member-status-unknown", status=cleaned["status"], known=", ".join(STATUSES))
    if cleaned["language"] is not None and not _LANGUAGE.fullmatch(str(cleaned["language"])):
        raise BadInput("language-unreadable", value=cleaned["language"])
    if cleaned["email"] is not None:
        cleaned["email"] = contacts.email(str(cleaned["email"]))
    if cleaned["country"] is not None:
        cleaned["country"] = contacts.country(str(cleaned["country"]))
    if cleaned["timezone"] is not None:
        cleaned["timezone"] = zone(str(cleaned["timezone"])).key
    for name in ("phone", "fax"):
        if cleaned[name] is not None:
            cleaned[name] = contacts.phone(str(cleaned[name]), str(cleaned["country"] or country))
    joined_on, left_on = details.joined_on, details.left_on
    if joined_on and left_on and left_on < joined_on:
        raise BadInput("left-before-joined", joined_on=joined_on, left_on=left_on)
    if details.terms_days is not None and not 0 <= details.terms_days <= 365:
        raise BadInput("terms-out-of-bounds", days=details.terms_days)
    return details._replace(**cleaned)  # type: ignore[arg-type]  # names of its fields


def _refuse_card(text: str) -> None:
    last_four = has_card_number(text)
    if last_four:
        raise BadInput("card-number-refused", masked=last_four)


def _refuse_taken(tx: Tx, number: str, card: str | None, own_id: int | None) -> None:
    if own_id is None and tx.value("SELECT 1 FROM member WHERE number = :number", number=number):
        raise Refused("member-number-taken", member=number)
    if card:
        other = tx.one("SELECT id, number FROM member WHERE card = :card", card=card)
        if other is not None and other[0] != own_id:
            raise Refused("card-taken", card=card, member=other[1])


def _apply(tx: Tx, member: Member, details: MemberDetails) -> None:
    payer_id = None
    if details.payer and details.payer != details.number:
        payer = lookup.person(tx, details.payer)
        if payer.payer_id != payer.id:
            raise Refused("payer-has-a-payer", payer=payer.number, pays=payer.payer_number)
        if member.id is not None and tx.value("SELECT 1 FROM member WHERE payer_id = :id", id=member.id):
            raise Refused("payer-has-a-payer", payer=details.number, pays=payer.number)
        payer_id = payer.id
    if member.email != details.email:
        member.email_works = True
    member.name, member.name_folded = details.name, fold(details.name)
    member.email, member.phone, member.card = details.email, details.phone, details.card
    member.language, member.payer_id = details.language, payer_id
    member.joined_on, member.left_on, member.status = details.joined_on, details.left_on, details.status
    member.group_name, member.terms_days = details.group, details.terms_days
    member.address, member.country = details.address, details.country
    member.timezone, member.fax = details.timezone, details.fax
    member.search = search_text(details.name, member.number, details.email, details.phone, details.card)


def _editable(member: Member) -> dict[str, object]:
    return {name: getattr(member, name) for name in _EDITABLE}
