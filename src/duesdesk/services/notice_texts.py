"""What a notice says: to whom, in which language, about which invoices, and what keeps it from going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from duesdesk.clock import from_utc_text
from duesdesk.documents import notice_templates
from duesdesk.domain.errors import BadInput, DuesdeskError, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.i18n import catalogue
from duesdesk.services import lookup, standing
from duesdesk.services.lookup import Person
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

LONGEST_SUBJECT = 150
LONGEST_BODY = 4_000
EMAIL = "email"
# Instead of a template's name: a reminder of what is overdue, else a word about what falls due.
SUGGESTED = ""
_UNDATED = "9999-12-31"


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A notice to write: a template (or SUGGESTED), or a text of one's own with its subject.

    Without `invoices` it speaks of all that is overdue, else of all that is open.
    """

    member: str
    template: str | None = None
    text: str = ""
    subject: str = ""
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """An invoice the notice speaks of."""

    invoice_id: int
    number: str
    open_minor: int
    currency: str
    due_on: str | None = None


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


class NoticeTexts:
    """Texts of notices of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def compose(self, tx: Tx, wanted: NoticeRequest) -> Preview:
        """The notice as it would go out. Raises NotFound, BadInput; what keeps it from going is in `problem`."""
        person = lookup.person(tx, wanted.member)
        row = tx.one("SELECT email, email_works, left_on FROM member WHERE id = :id", id=person.payer_id)
        email, works, _left_on = row or (None, False, None)
        today = self._place.today()
        items = _items(tx, person, today, wanted.invoices)
        languages = (person.language or self._place.centre.language, self._place.centre.language, "en")
        name = _suggested(items, today) if wanted.template == SUGGESTED else wanted.template
        if name is not None:
            language, template = notice_templates.source(name, languages)
            text = notice_templates.render(template, self._values(tx, person, items, today, language))
            problem = _problem(email, works=bool(works), nothing_owed=_pointless(name, items))
        else:
            language, text = languages[0], _own_text(wanted)
            problem = _problem(email, works=bool(works), nothing_owed=False)
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
            channel=EMAIL,
            address=email or "",
            language=language,
            template=name or "",
            subject=clean_text(text.subject, max_length=LONGEST_SUBJECT),
            body=clean_text(text.body, max_length=LONGEST_BODY, lines=True),
            items=tuple(items),
            problem=problem,
            last_contact_at=from_utc_text(last) if last else None,
        )

    def _values(
        self, tx: Tx, person: Person, items: Sequence[NoticeItem], today: date, language: str
    ) -> dict[str, object]:
        """What a template sees: strings in the reader's language, made here; no row and no object of ours."""
        spoken = catalogue(language, self._place.centre.country)
        told = []
        totals: dict[str, int] = {}
        for item in items:
            totals[item.currency] = totals.get(item.currency, 0) + item.open_minor
            row = tx.one(
                """SELECT i.description, o.due_on, i.total_minor, o.paid_minor FROM invoice i
                   JOIN open_item o ON o.invoice_id = i.id WHERE i.id = :id""",
                id=item.invoice_id,
            )
            description, due_text, total_minor, paid_minor = row or ("", None, item.open_minor, 0)
            due_on = date.fromisoformat(due_text) if due_text else None
            told.append(
                {
                    "number": clean_text(item.number),
                    "description": clean_text(description),
                    "open": spoken.money(item.open_minor, item.currency),
                    "total": spoken.money(total_minor, item.currency),
                    "paid": spoken.money(paid_minor, item.currency) if paid_minor else "",
                    "due_on": spoken.day_year(due_on) if due_on else "",
                    "days": max(0, (today - due_on).days) if due_on else 0,
                }
            )
        figures = standing.of_payer(tx, person.payer_id, today.isoformat()).values()
        last = tx.one(
            """SELECT amount_minor, currency FROM payment WHERE payer_id = :id AND kind = 'receipt'
               AND NOT EXISTS (SELECT 1 FROM payment back WHERE back.reverses_id = payment.id)
               ORDER BY received_on DESC, id DESC LIMIT 1""",
            id=person.payer_id,
        )
        return {
            "centre": clean_text(self._place.centre.name),
            "name": clean_text(person.payer_name),
            "today": spoken.day_year(today),
            "items": told,
            "total": spoken.listing([spoken.money(minor, currency) for currency, minor in sorted(totals.items())]),
            "credit": spoken.listing(
                [spoken.money(figure.credit_minor, figure.currency) for figure in figures if figure.credit_minor]
            ),
            "last_payment": spoken.money(last[0], last[1]) if last else "",
        }


def _problem(email: str | None, *, works: bool, nothing_owed: bool) -> DuesdeskError | None:
    if nothing_owed:
        return Refused("notice-nothing-owed")
    if not email:
        return Refused("notice-no-address")
    if not works:
        return Refused("notice-dead-address", address=email)
    return None


def _suggested(items: Sequence[NoticeItem], today: date) -> str:
    """Nobody is told that money is missing before its day."""
    late = any(item.due_on and item.due_on < today.isoformat() for item in items)
    return "reminder_friendly" if late or not items else "due_soon"


def _pointless(template: str, items: Sequence[NoticeItem]) -> bool:
    return template in notice_templates.ASKS_FOR_MONEY and not items


def _own_text(wanted: NoticeRequest) -> notice_templates.Text:
    subject = clean_text(wanted.subject, max_length=LONGEST_SUBJECT).strip()
    body = clean_text(wanted.text, max_length=LONGEST_BODY, lines=True).strip()
    if not subject:
        raise BadInput("notice-without-subject")
    if not body:
        raise BadInput("notice-without-text")
    masked = has_card_number(f"{subject} {body}")
    if masked:
        raise BadInput("card-number-refused", masked=masked)
    return notice_templates.Text(subject, body)


def _items(tx: Tx, person: Person, today: date, invoices: Sequence[str]) -> list[NoticeItem]:
    """The named open invoices; else all that is overdue and not disputed; else all that is open and not disputed."""
    rows = tx.all(
        f"""SELECT o.invoice_id, i.number, o.open_minor, o.currency, o.due_on, o.disputed
            FROM ({standing.open_sql(tx, today.isoformat())}) o JOIN invoice i ON i.id = o.invoice_id
            WHERE o.payer_id = :payer ORDER BY coalesce(o.due_on, '{_UNDATED}'), o.invoice_id""",
        as_of=today.isoformat(),
        payer=person.payer_id,
    )
    if invoices:
        found = {row[1]: row for row in rows}
        for number in invoices:
            if number not in found:
                raise Refused("invoice-not-open", invoice=number)
        return [NoticeItem(*found[number][:5]) for number in dict.fromkeys(invoices)]
    undisputed = [row for row in rows if not row[5]]
    overdue = [row for row in undisputed if row[4] and row[4] < today.isoformat()]
    return [NoticeItem(*row[:5]) for row in overdue or undisputed]
