"""Notices as letters: whose address, which figures, how to pay; the paper itself is made by `documents.letters`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from duesdesk.clock import from_utc_text, zone
from duesdesk.documents import letters as paper
from duesdesk.documents.letters import Letter, Sender, ToPay
from duesdesk.domain.errors import BadInput
from duesdesk.domain.money import to_text
from duesdesk.domain.reach import CHANNELS
from duesdesk.i18n import catalogue
from duesdesk.services import reach, standing
from duesdesk.services.settings import stored
from duesdesk.services.workplace import Centre, Workplace
from duesdesk.store import among
from duesdesk.store.database import Tx

_EURO, _REAL = "EUR", "BRL"
_NOTICES = """
    SELECT n.id, n.subject, n.body, n.language, n.created_at, n.asks_for_money, n.payer_id, n.channel, m.name, m.number,
           m.country
    FROM notice n JOIN member m ON m.id = n.payer_id WHERE n.id IN ({among}) ORDER BY n.id"""


def pdf_of(tx: Tx, place: Workplace, notice_ids: Sequence[int]) -> bytes:
    """These notices on paper, in one file. Raises BadInput when the program or the centre lacks something for it."""
    made = letters_of(tx, place, notice_ids)
    try:
        return paper.pdf(made, sender(tx, place.centre), title=place.centre.name)
    except ModuleNotFoundError as error:
        raise BadInput("letters-extra-missing") from error


def letters_of(tx: Tx, place: Workplace, notice_ids: Sequence[int]) -> list[Letter]:
    """The letters, by the number of their notice."""
    rows = tx.all(_NOTICES.format(among=among.ids(tx)), wanted=among.listed(notice_ids))
    reached = reach.reaches(tx, [row[6] for row in rows], able=frozenset(CHANNELS))
    found = []
    for row in rows:
        identity, subject, body, language, created_at, asks, payer_id, _, name, number, country = row
        centre = place.centre
        spoken = catalogue(language or centre.language, country or centre.country)
        written = from_utc_text(created_at).astimezone(zone(centre.timezone)).date()
        address = reach_address(reached[payer_id].known("letter").address, country, centre)
        found.append(
            Letter(
                (name, *address),
                spoken.day_year(written),
                subject,
                body,
                language,
                _to_pay(tx, place, _Asked(identity, payer_id, number, language)) if asks else None,
                f"N-{identity}",
            )
        )
    return found


def reach_address(address: str, country: str | None, centre: Centre) -> tuple[str, ...]:
    """The lines below the name; the country stands on the last one when it is another than the centre's."""
    lines = tuple(line for line in address.split("\n") if line.strip())
    if not country or country == centre.country:
        return lines
    return (*lines, _country_name(country, centre.language))


@lru_cache(maxsize=64)
def _country_name(country: str, language: str) -> str:
    from babel import Locale, UnknownLocaleError  # imported late: only letters to other countries need it

    try:
        name = Locale.parse(language).territories.get(country)
    except (UnknownLocaleError, ValueError):
        name = None
    return (name or country).upper()


def sender(tx: Tx, centre: Centre) -> Sender:
    """The centre on its letters. Raises BadInput where the law wants more on them than the centre has told."""
    address = tuple(line.strip() for line in stored(tx, "centre.address").split(";") if line.strip())
    tax_id = stored(tx, "centre.tax_id")
    if centre.country == "BR":
        # Codigo de Defesa do Consumidor, art. 42-A: name, address and CPF or CNPJ on every document.
        for key, value in (("centre.address", address), ("centre.tax_id", tax_id)):
            if not value:
                raise BadInput("letters-need-sender", key=key)
    window = stored(tx, "letters.window") or paper.WINDOW_OF.get(centre.country, "DE")
    return Sender(centre.name, address, stored(tx, "centre.phone"), tax_id, window)


class _Asked(NamedTuple):
    """A notice that asks for money, and of whom."""

    notice_id: int
    payer_id: int
    number: str
    language: str


def _to_pay(tx: Tx, place: Workplace, asked: _Asked) -> ToPay | None:
    """The sum that remains, as the text says it, and how it may be paid.

    None when that is not one sum the centre can be paid in, or what is on account covers it.
    """
    rows = tx.all(
        """SELECT i.currency, item.open_minor, i.number FROM notice_item item JOIN invoice i ON i.id = item.invoice_id
           WHERE item.notice_id = :id ORDER BY item.invoice_id""",
        id=asked.notice_id,
    )
    currencies = {currency for currency, _, _ in rows}
    if len(currencies) != 1:
        return None
    currency = currencies.pop()
    on_account = standing.in_currency(tx, asked.payer_id, currency, place.today().isoformat()).credit_minor
    total = sum(open_minor for _, open_minor, _ in rows) - max(0, on_account)
    if total <= 0:
        return None
    iban, key, city = (stored(tx, name) for name in ("centre.iban", "centre.pix_key", "centre.pix_city"))
    spoken = catalogue(asked.language, place.centre.country)
    reference = " ".join([asked.number, *(invoice for _, _, invoice in rows)][:6])
    amount, shown = to_text(total, currency), spoken.money(total, currency)
    if currency == _REAL and key and city:
        return ToPay(amount, shown, rows[0][2] if len(rows) == 1 else asked.number, pix_key=key, pix_city=city)
    if currency == _EURO and iban:
        return ToPay(amount, shown, reference, iban=iban)
    return None
