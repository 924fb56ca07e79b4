"""Where every invoice stands at the end of a day: the two ways to compute it, and the projection of today, agree."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import DuesdeskError
from duesdesk.services.acts import Done, Request, Within, perform
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.payments import PayRequest
from duesdesk.services.workplace import Centre
from duesdesk.store.database import Tx
from duesdesk.store.ledger import NewInvoice
from duesdesk.store.positions import OPEN_COMPUTED, OPEN_PROJECTED, book_sql, computed_book_sql, open_sql

FIRST = date(2026, 1, 1)
DAYS = 40
_COLUMNS = "invoice_id, payer_id, member_id, currency, issued_on, due_on, open_minor, paid_minor, disputed"


def rows(tx: Tx, sql: str, as_of: date) -> list[tuple[object, ...]]:
    found = tx.all(f"SELECT {_COLUMNS} FROM ({sql}) o ORDER BY invoice_id", as_of=as_of.isoformat())
    return [(*row[:-1], bool(row[-1])) for row in found]


def random_book(store: str, seed: int) -> None:
    """Forty days of everything that can befall an invoice, at random."""
    chance = random.Random(seed)
    numbers: list[str] = []
    for day in range(DAYS):
        desk = open_desk(store, clock=Clock(FIRST + timedelta(days=day)))
        if day == 0:
            members(desk)
        for _ in range(6):
            try:
                one_act(desk, chance, numbers, FIRST + timedelta(days=day))
            except DuesdeskError:
                continue  # refused: the other acts go on
        desk.close()


def members(desk: Desk) -> None:
    with desk.place.database.write() as tx:
        for number in ("M1", "M2", "M3"):
            tx.run(
                """INSERT INTO member (number, name, name_folded, search, payer_id, status, email_works, created_at,
                                       updated_at)
                   VALUES (:number, :number, 'm', 'm', NULL, 'active', true, '2026-01-01T00:00:00.000000Z',
                           '2026-01-01T00:00:00.000000Z')""",
                number=number,
            )


def one_act(desk: Desk, chance: random.Random, numbers: list[str], today: date) -> None:
    member = chance.choice(("M1", "M2", "M3"))
    currency = chance.choice(("EUR", "EUR", "JPY"))
    named = chance.choice(numbers) if numbers else ""
    match chance.randrange(10):
        case 0 | 1 | 2:
            due = None if chance.random() < 0.1 else today + timedelta(days=chance.randrange(20))
            issued = today + timedelta(days=chance.choice((0, 0, 0, -3)))
            due = None if due is not None and due < issued else due
            numbers.append(
                desk.invoices.issue(IssueRequest(member, chance.randrange(1, 500), currency, due, issued_on=issued))[
                    "invoice"
                ]
            )
        case 3:
            perform(desk.place, Request("invoice.issue", {"draft": len(numbers)}), lambda within: draft(within, today))
        case 4 | 5:
            back = today - timedelta(days=chance.choice((0, 0, 5)))
            desk.payments.pay(PayRequest(member, chance.randrange(1, 600), currency, on=back))
        case 6:
            kind = chance.choice(("credit_note", "waiver", "write_off"))
            desk.credits.give(named, chance.choice((None, 10)), kind=kind, reason="because")
        case 7:
            desk.invoices.void(named, reason="because")
        case 8:
            desk.invoices.move_due(named, today + timedelta(days=chance.randrange(9)))
        case _:
            contested = chance.random() < 0.6
            perform(
                desk.place,
                Request("dispute", {"invoice": named, "on": today.isoformat(), "disputed": contested}),
                lambda within: dispute(within, named, contested),
            )
    if chance.random() < 0.1:
        desk.undo.undo()


def draft(within: Within, today: date) -> Done:
    number = f"D{within.act.id}"
    issue = NewInvoice(number, 1, 1, today.isoformat(), today.isoformat(), "EUR", 100, draft=True)
    identity = within.ledger.issue(issue)
    if within.act.id % 2:
        within.ledger.issue_draft(identity, issue)
    return Done(number, {"invoice": number})


def dispute(within: Within, number: str, contested: bool) -> Done:
    identity = within.tx.value("SELECT id FROM invoice WHERE number = :number", number=number)
    if identity is not None:
        within.ledger.dispute(identity, disputed=contested)
    return Done(number, {"invoice": number, "disputed": contested})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_book_read_whole_and_read_by_invoice_agree_on_every_day(store: Path, seed: int) -> None:
    random_book(str(store), seed)
    desk = open_desk(str(store), clock=Clock(FIRST + timedelta(days=DAYS)))
    seen = set()
    with desk.place.database.read() as tx:
        for day in range(-2, DAYS + 10):
            as_of = FIRST + timedelta(days=day)
            expected = rows(tx, OPEN_COMPUTED, as_of)
            assert rows(tx, computed_book_sql(), as_of) == expected, as_of
            assert rows(tx, open_sql(tx, as_of.isoformat()), as_of) == expected, as_of
            assert rows(tx, book_sql(tx, as_of.isoformat()), as_of) == expected, as_of
            seen |= {row[1:] for row in expected}
        kinds = {row[0] for row in tx.all("SELECT DISTINCT kind FROM invoice_event")}
    desk.close()
    assert len(seen) > 50
    assert kinds == {"issued", "voided", "due_moved", "disputed", "undisputed"}


def test_the_projection_of_today_is_the_ledger_of_today(store: Path) -> None:
    random_book(str(store), 4)
    desk = open_desk(str(store), clock=Clock(FIRST + timedelta(days=DAYS)))
    last = FIRST + timedelta(days=DAYS + 30)
    with desk.place.database.read() as tx:
        assert rows(tx, OPEN_PROJECTED, last) == rows(tx, computed_book_sql(), last) != []
    desk.close()


@pytest.mark.postgres
def test_the_book_is_read_whole_on_postgresql_too(postgres_url: str) -> None:
    centre = Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en")
    found_centre(postgres_url, centre, clock=Clock(FIRST))
    random_book(postgres_url, 5)
    desk = open_desk(postgres_url, clock=Clock(FIRST + timedelta(days=DAYS)))
    with desk.place.database.read() as tx:
        for day in range(0, DAYS + 5, 3):
            as_of = FIRST + timedelta(days=day)
            assert rows(tx, computed_book_sql(), as_of) == rows(tx, OPEN_COMPUTED, as_of), as_of
    desk.close()
