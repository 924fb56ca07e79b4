"""What an import has no kind for: the letters of the past, when people came in, and where the numbers go on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from duesdesk.clock import utc_text, zone
from duesdesk.domain.money import from_text
from duesdesk.i18n import catalogue
from duesdesk.services.acts import Done, Request, Within, perform
from duesdesk.services.demo.files import DemoFiles, moment
from duesdesk.services.workplace import Workplace
from duesdesk.store.database import Tx

DEMO_KEY = "demo-centre"
"""The key of the act that closes the building of a demo centre; its day is the today of that centre."""
_TEMPLATES = {"reminder": "overdue"}
"""Letters of the past that are called otherwise here: they can be sent again, by another channel too."""

_WRITER = "Jorge"
_MORNING, _EVENING = "Ana", "Marta"


@dataclass(frozen=True, slots=True)
class _Payer:
    id: int
    first: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class _Part:
    """An invoice a letter speaks of, with what was open of it then, in minor units."""

    invoice_id: int
    number: str
    due_on: date
    open_minor: int


def write_history(place: Workplace, files: DemoFiles) -> None:
    """Write it all as one act under `DEMO_KEY`."""

    def work(within: Within) -> Done:
        count = _write_letters(within, place, files)
        _write_check_ins(within.tx, zone(place.centre.timezone))
        _continue_numbers(within.tx)
        return Done("centre", {"today": place.today().isoformat(), "notices": count})

    perform(place, Request("import", {"demo": place.today().isoformat()}, key=DEMO_KEY), work)


def _write_letters(within: Within, place: Workplace, files: DemoFiles) -> int:
    tx = within.tx
    currency, local = place.centre.currency, zone(place.centre.timezone)
    payers, invoices = _payers(tx, files), _invoices(tx)
    letters = files.letters()
    count = 0
    for row in files.rows("notices"):
        count += 1
        payer = payers[row["member"]]
        parts = [
            _Part(*invoices[number], from_text(amount, currency))
            for number, _, amount in (part.partition("=") for part in row["invoices"].split(";"))
        ]
        letter = letters[row["template"]][payer.language]
        facts = _facts(payer, parts, currency, place.centre.country)
        facts.update(desk=_WRITER, centre=place.centre.name)
        subject, body = letter["subject"].format(**facts), letter["body"].strip().format(**facts)
        at = utc_text(moment(row["sent_at"]).replace(tzinfo=local))
        identity = tx.insert(
            """INSERT INTO notice (payer_id, channel, address, language, template, subject, body, body_hash,
                                   asks_for_money, state, send_after, attempts, message_id, detail, act_id, created_at,
                                   changed_at, actor, desk, idempotency_key)
               VALUES (:payer_id, :channel, :address, :language, :template, :subject, :body, :body_hash, :asks, :state,
                       :at, 1, :message_id, :detail, :act_id, :at, :at, :actor, :desk, :key)""",
            payer_id=payer.id,
            channel=row["channel"],
            address=payer.email if row["channel"] == "email" else "",
            language=payer.language,
            template=_TEMPLATES.get(row["template"], row["template"]),
            subject=subject,
            body=body,
            body_hash=hashlib.sha256(f"{subject}\n{body}".encode()).hexdigest(),
            asks=True,
            state=row["state"],
            at=at,
            message_id=f"<demo.{count}@example.org>",
            detail=row["detail"],
            act_id=within.act.id,
            actor=_WRITER,
            desk=within.act.desk,
            key=f"{DEMO_KEY}/{count}",
        )
        tx.many(
            "INSERT INTO notice_item (notice_id, invoice_id, open_minor) VALUES (:notice, :invoice, :open)",
            [{"notice": identity, "invoice": part.invoice_id, "open": part.open_minor} for part in parts],
        )
        tx.many(
            """INSERT INTO notice_event (notice_id, state, detail, recorded_at, actor, desk)
               VALUES (:notice, :state, :detail, :at, :actor, :desk)""",
            [
                {
                    "notice": identity,
                    "state": state,
                    "detail": row["detail"] if state == row["state"] else "",
                    "at": at,
                    "actor": _WRITER,
                    "desk": within.act.desk,
                }
                for state in ("queued", "sending", row["state"])
            ],
        )
    return count


def _facts(payer: _Payer, parts: list[_Part], currency: str, country: str) -> dict[str, str]:
    """What a letter says, as the payer's language writes it."""
    language = catalogue(payer.language, country if payer.language == "es" else "")
    items = [
        f"{part.number}   {language.money(part.open_minor, currency)}   {language.day_year(part.due_on)}"
        for part in parts
    ]
    total = sum(part.open_minor for part in parts)
    return {"first": payer.first, "items": "\n".join(items), "amount": language.money(total, currency)}


def _payers(tx: Tx, files: DemoFiles) -> dict[str, _Payer]:
    firsts = {row["number"]: row["first_name"] or row["name"] for row in files.rows("members")}
    rows = tx.all("SELECT number, id, email, language FROM member")
    return {
        number: _Payer(identity, firsts[number], email or "", language or files.centre.language)
        for number, identity, email, language in rows
    }


def _invoices(tx: Tx) -> dict[str, tuple[int, str, date]]:
    rows = tx.each("SELECT number, id, due_on FROM invoice")
    return {number: (identity, number, date.fromisoformat(due_on)) for number, identity, due_on in rows}


def _write_check_ins(tx: Tx, local: tzinfo) -> None:
    """Who attended was checked in some minutes before, by whoever had that shift."""

    def rows() -> Iterator[tuple[object, ...]]:
        attended = tx.all("SELECT id, on_day, at_time FROM booking WHERE status = 'attended' ORDER BY id")
        for identity, on_day, at_time in attended:
            came = moment(f"{on_day} {at_time}") - timedelta(minutes=1 + identity * 7 % 11)
            yield utc_text(came.replace(tzinfo=local)), _MORNING if at_time < "14:00" else _EVENING, identity

    tx.many_positional("UPDATE booking SET checked_in_at = ?, checked_in_by = ? WHERE id = ?", rows())


def _continue_numbers(tx: Tx) -> None:
    """The files number from 1 without a gap, as the program does, which goes on behind them."""
    for series in ("member", "invoice", "payment", "credit", "booking"):
        tx.run(
            f"UPDATE number_series SET next_number = (SELECT count(*) + 1 FROM {series}) WHERE name = :name",
            name=series,
        )
