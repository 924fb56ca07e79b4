"""Found a centre, and read what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from duesdesk.clock import Clock, utc_text, zone
from duesdesk.domain import currencies
from duesdesk.domain.errors import BadInput, Refused, StoreTrouble
from duesdesk.domain.text import clean_text
from duesdesk.i18n import LANGUAGES
from duesdesk.services.workplace import Actor, Centre
from duesdesk.store import numbers, schema
from duesdesk.store.database import Database, Tx

if TYPE_CHECKING:
    from duesdesk.services.acts import Plain

INIT = "init"


def checked(centre: Centre) -> Centre:
    """The centre as it will be kept. Raises BadInput naming the field."""
    name = clean_text(centre.name, max_length=80).strip()
    if not name:
        raise BadInput("name-missing")
    currency, country = centre.currency.strip().upper(), centre.country.strip().upper()
    currencies.check(currency)
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise BadInput("country-unknown", country=country)
    zone(centre.timezone)
    if centre.language not in LANGUAGES:
        raise BadInput("language-unknown", language=centre.language, known=list(LANGUAGES))
    return Centre(name, currency, country, centre.timezone, centre.language)


def found(
    database: Database, centre: Centre, clock: Clock, by: Actor, *, crm: bool = False, key: str | None = None
) -> Plain:
    """Make the schema and the centre's row, the first act of its store.

    Answers `{"centre", "currency", "country", "timezone", "language", "crm"}`. Raises BadInput, Refused when the store
    has a centre already, Conflict when `key` founded another.
    """
    from duesdesk.services.acts import answer_text, answered, new_key  # imported late: start-up
    from duesdesk.store import acts

    centre = checked(centre)
    answer: Plain = _answer(centre, crm=crm)
    content_hash = acts.digest([INIT, answer])
    try:
        schema.check(database)
    except StoreTrouble as trouble:
        if trouble.code != "store-empty":
            raise
        schema.upgrade(database)
    now, today = utc_text(clock.now(centre.timezone)), clock.today(centre.timezone).isoformat()
    with database.write() as tx:
        if tx.value("SELECT 1 FROM centre"):
            if key is not None and acts.find(tx, key) is not None:
                return answered(tx, key, content_hash)
            raise Refused("centre-there-already", path=database.name)
        tx.run(
            """INSERT INTO centre (id, name, currency, country, timezone, language, created_at)
               VALUES (1, :name, :currency, :country, :timezone, :language, :now)""",
            name=centre.name,
            currency=centre.currency,
            country=centre.country,
            timezone=centre.timezone,
            language=centre.language,
            now=now,
        )
        tx.run(
            """INSERT INTO ledger_state (id, issued_through, moved_through, rolled_on)
               VALUES (1, '0001-01-01', '0001-01-01', :today)""",
            today=today,
        )
        numbers.create(tx)
        tx.run(
            "INSERT INTO module (name, active, changed_at, actor) VALUES ('crm', :active, :now, 'owner')",
            active=crm,
            now=now,
        )
        act = acts.begin(tx, acts.ActRow(0, key or new_key(), INIT, today, now, by.name, by.desk), content_hash)
        if act is None:
            raise ValueError("a new store has no acts")
        acts.finish(tx, act, subject=f"centre {centre.name}", answer=answer_text(answer), tables=())
    return answer


def rehearse(database: Database, centre: Centre, *, crm: bool = False) -> Plain:
    """What `found` would answer; nothing is made. Raises as `found`."""
    centre = checked(centre)
    try:
        with database.read() as tx:
            there = schema.revision_in(tx, database.name) is not None and tx.value("SELECT 1 FROM centre") is not None
    except StoreTrouble as trouble:
        if trouble.code != "store-missing":
            raise
        there = False
    if there:
        raise Refused("centre-there-already", path=database.name)
    return _answer(centre, crm=crm)


def _answer(centre: Centre, *, crm: bool) -> Plain:
    return {
        "centre": centre.name,
        "currency": centre.currency,
        "country": centre.country,
        "timezone": centre.timezone,
        "language": centre.language,
        "crm": crm,
    }


def read(tx: Tx, place: str) -> Centre:
    """The centre of this store. Raises StoreTrouble when none was founded."""
    row = tx.one("SELECT name, currency, country, timezone, language FROM centre WHERE id = 1")
    if row is None:
        raise StoreTrouble("store-empty", path=place)
    return Centre(*row)
