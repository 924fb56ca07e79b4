"""What a notice says: to whom, in which language, about which invoices, and what keeps it from going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from duesdesk.clock import from_utc_text
from duesdesk.documents import notice_templates, notice_words
from duesdesk.documents.notice_templates import SHORT
from duesdesk.documents.short_texts import LONGEST_SHORT, length_of
from duesdesk.domain.errors import BadInput, DuesdeskError, Refused
from duesdesk.domain.reach import CHANNELS
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup, notice_choices, notice_facts, notice_values, reach, standing, template_texts
from duesdesk.services.lookup import Person
from duesdesk.services.notice_facts import NoticeItem
from duesdesk.services.notice_values import House
from duesdesk.services.reach import Reach
from duesdesk.services.template_texts import Found
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

__all__ = ["SUGGESTED", "NoticeItem", "NoticeRequest", "NoticeTexts", "Preview"]

LONGEST_SUBJECT = 150
LONGEST_BODY = notice_templates.LONGEST_OUTPUT
LONGEST_OWN_BODY = 4_000
EMAIL = "email"
# Instead of a template's name: a reminder of what is overdue, else a word about what falls due.
SUGGESTED = ""
_UNDATED = "9999-12-31"
_ASKS_NOTHING = frozenset(notice_templates.TEMPLATES) - frozenset(notice_templates.ASKS_FOR_MONEY)


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A notice to write: a template (or SUGGESTED), or a text of one's own with its subject.

    It speaks of `invoices` (numbers) or `invoice_ids`; without them of all that is overdue, else of all that is open.
    Where it asks for money, it asks for none but `only` of them. `payment_id`, `promise_id` and `part_id` are what a
    step of the rule was taken for; without them the last payment, the last promise and the first part of a plan that is
    late are told.
    """

    member: str
    template: str | None = None
    text: str = ""
    subject: str = ""
    invoices: tuple[str, ...] = ()
    tone: str = ""
    channel: str = EMAIL
    invoice_ids: tuple[int, ...] = ()
    payment_id: int | None = None
    promise_id: int | None = None
    part_id: int | None = None
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A notice as it would go out. `problem` is why it cannot, None when it can."""

    member: str
    payer: str
    payer_name: str
    channel: str
    address: str
    language: str
    template: str
    subject: str
    body: str
    items: tuple[NoticeItem, ...]
    problem: DuesdeskError | None = None
    # When somebody last spoke or wrote to this payer; None when nobody did.
    last_contact_at: datetime | None = None
    tone: str = ""
    # Whether the text is the centre's own, and whether it asks for money.
    own: bool = False
    asks_for_money: bool = False


class NoticeTexts:
    """Texts of notices of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def _reach(self, tx: Tx, payer_id: int, channel: str) -> tuple[str, DuesdeskError | None]:
        """(the address of the payer on this channel, why it cannot be used)."""
        # A notice is often written on one machine and sent by another.
        found = reach.reaches(tx, [payer_id], able=frozenset(CHANNELS))[payer_id]
        return found.known(channel).address, _cannot(channel, found)

    def compose(
        self, tx: Tx, wanted: NoticeRequest, *, draft: str | None = None, language: str | None = None
    ) -> Preview:
        """The notice as it would go out. Raises NotFound, BadInput; what keeps it from going is in `problem`.

        `draft` is a template text that is tried out instead of the one in force, `language` one that is tried instead
        of the payer's.
        """
        person = lookup.person(tx, wanted.member)
        today = self._place.today()
        items = _items(tx, person, today, wanted)
        country = tx.value("SELECT country FROM member WHERE id = :id", id=person.payer_id)
        house = notice_facts.house(tx, self._place.centre, country)
        name = wanted.template
        if name == SUGGESTED:
            name, tone = notice_choices.suggested(tx, person.payer_id, items, today)
            wanted = replace(wanted, tone=wanted.tone or tone)
        languages = template_texts.languages_for(language or person.language, self._place.centre.language)
        if name is None:
            found = None
            told_in = languages[0]
            text = notice_values.with_way_out(_own_text(wanted), house, told_in, wanted.channel)
        else:
            found = self._found(tx, name, wanted, languages, draft)
            told_in, text = found.language, self._told(tx, person, items, wanted, found, house)
        asks = found is not None and template_texts.asks_for_money(found)
        address, problem = self._reach(tx, person.payer_id, wanted.channel)
        if asks and not items:
            problem = Refused(_nothing_to_ask(tx, person.payer_id, today))
        elif asks and house.lacks_creditor(wanted.channel):
            problem = Refused("notice-without-creditor")
        elif found is not None and found.form == SHORT and length_of(text.body) > LONGEST_SHORT:
            problem = Refused("notice-too-long", channel=wanted.channel, longest=LONGEST_SHORT)
        last = tx.value(
            """SELECT max(at) FROM (
                   SELECT max(created_at) AS at FROM notice
                   WHERE payer_id = :id AND state IN ('sent', 'unsure', 'queued')
                   UNION ALL SELECT max(talked_at) FROM talk WHERE payer_id = :id AND cancelled_at IS NULL) contacts""",
            id=person.payer_id,
        )
        return Preview(
            member=person.number,
            payer=person.payer_number,
            payer_name=person.payer_name,
            channel=wanted.channel,
            address=address,
            language=told_in,
            template=name or "",
            subject=clean_text(text.subject, max_length=LONGEST_SUBJECT),
            body=clean_text(text.body, max_length=LONGEST_BODY, lines=True),
            items=tuple(items),
            problem=problem,
            last_contact_at=from_utc_text(last) if last else None,
            tone=found.tone if found is not None else "",
            own=found.own if found is not None else False,
            asks_for_money=asks,
        )

    def _found(self, tx: Tx, name: str, wanted: NoticeRequest, languages: tuple[str, ...], draft: str | None) -> Found:
        form = notice_templates.form_of(wanted.channel)
        if draft is None:
            country = self._place.centre.country
            return template_texts.find(tx, name, languages, tone=wanted.tone, form=form, country=country)
        name, tone = notice_templates.same_as(name, wanted.tone)
        return Found(name, tone, languages[0], form, draft, own=True)

    def _told(
        self, tx: Tx, person: Person, items: Sequence[NoticeItem], wanted: NoticeRequest, found: Found, house: House
    ) -> notice_templates.Text:
        """The text of the template with this payer's figures."""
        today = self._place.today()
        facts = notice_facts.read(
            tx,
            person,
            items,
            today,
            payment_id=wanted.payment_id,
            promise_id=wanted.promise_id,
            part_id=wanted.part_id,
        )
        return notice_values.text_of(found, facts, house, today, wanted.channel)


def _cannot(channel: str, found: Reach) -> DuesdeskError | None:
    """Why a channel cannot be used, as it is told."""
    why = found[channel]
    if why == "no_address":
        return Refused("notice-no-address") if channel == EMAIL else Refused("notice-no-place", channel=channel)
    if why == "dead":
        return Refused("notice-dead-address", address=found.known(channel).address)
    if why == "not_wanted":
        return Refused("notice-not-wanted", channel=channel)
    return Refused("notice-not-asked", channel=channel) if why else None


def _why_not(tx: Tx, person: Person, number: str) -> DuesdeskError:
    """Why a notice cannot speak of an invoice that is not among what the payer owes. Raises NotFound."""
    if lookup.invoice(tx, number).payer_id != person.payer_id:
        return Refused("invoice-of-another-payer", invoice=number, member=person.number)
    return Refused("invoice-not-open", invoice=number)


def _own_text(wanted: NoticeRequest) -> notice_templates.Text:
    subject = clean_text(wanted.subject, max_length=LONGEST_SUBJECT).strip()
    body = clean_text(wanted.text, max_length=LONGEST_OWN_BODY, lines=True).strip()
    if not subject:
        raise BadInput("notice-without-subject")
    if not body:
        raise BadInput("notice-without-text")
    masked = has_card_number(f"{subject} {body}")
    if masked:
        raise BadInput("card-number-refused", masked=masked)
    notice_words.check_own_subject(subject)
    return notice_templates.Text(subject, body)


def _nothing_to_ask(tx: Tx, payer_id: int, today: date) -> str:
    """The code of why there is nothing to ask for: all of it is contested, or nothing is owed."""
    disputed = tx.value(
        f"""SELECT 1 FROM ({standing.open_sql(tx, today.isoformat())}) o
            WHERE o.payer_id = :payer AND o.disputed LIMIT 1""",
        as_of=today.isoformat(),
        payer=payer_id,
    )
    return "notice-disputed" if disputed else "notice-nothing-owed"


def _items(tx: Tx, person: Person, today: date, wanted: NoticeRequest) -> list[NoticeItem]:
    """The named open invoices; else all that is overdue and not disputed; else all that is open and not disputed.

    A receipt tells all that is open and not disputed.
    """
    rows = tx.all(
        f"""SELECT o.invoice_id, i.number, o.open_minor, o.currency, o.due_on, o.disputed
            FROM ({standing.open_sql(tx, today.isoformat())}) o JOIN invoice i ON i.id = o.invoice_id
            WHERE o.payer_id = :payer ORDER BY coalesce(o.due_on, '{_UNDATED}'), o.invoice_id""",
        as_of=today.isoformat(),
        payer=person.payer_id,
    )
    if wanted.invoice_ids:
        return [NoticeItem(*row[:5]) for row in rows if row[0] in wanted.invoice_ids]
    if wanted.invoices:
        found = {row[1]: row for row in rows}
        for number in wanted.invoices:
            if number not in found:
                raise _why_not(tx, person, number)
        return [NoticeItem(*found[number][:5]) for number in dict.fromkeys(wanted.invoices)]
    undisputed = [row for row in rows if not row[5]]
    overdue = [row for row in undisputed if row[4] and row[4] < today.isoformat()]
    if wanted.template == "payment_received":
        overdue = []
    told = [NoticeItem(*row[:5]) for row in overdue or undisputed]
    if wanted.only is None or wanted.template in _ASKS_NOTHING:
        return told
    return [item for item in told if item.invoice_id in wanted.only]
