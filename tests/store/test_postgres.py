"""The same acts on PostgreSQL give the same answers and the same figures as on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.domain.errors import Refused
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.services.workplace import Centre
from duesdesk.store import schema, triggers
from duesdesk.store.database import Database, RefusedByStore
from duesdesk.store.verify import verify

pytestmark = pytest.mark.postgres
CENTRE = Centre("Aurora Centre", "EUR", "ES", "Europe/Madrid", "en")


def a_day_at_the_desk(open_at: Callable[[date], Desk]) -> list[object]:
    """Everything the ledger can do, told by the answers."""
    told: list[object] = []
    september, november = open_at(date(2026, 9, 1)), open_at(date(2026, 11, 22))
    told.append(september.members.add(MemberDetails("García-López María", email="m@example.org", card="004512")))
    told.append(september.members.add(MemberDetails("Niño García", payer="M00001")))
    for member, amount, due in (("M00002", 7150, date(2026, 9, 14)), ("M00001", 4500, date(2026, 12, 14))):
        told.append(september.invoices.issue(IssueRequest(member, amount, "EUR", due)))
    told.append(november.payments.pay(PayRequest("M00002", 2000, "EUR"), key="one"))
    told.append(november.payments.pay(PayRequest("M00002", 2000, "EUR"), key="one"))
    told.append(november.credits.give("INV-00001", 150, kind="waiver", reason="kind"))
    told.append(november.invoices.move_due("INV-00002", date(2026, 11, 1)))
    told.append(november.payments.pay(PayRequest("M00001", 20000, "EUR")))
    told.append(november.undo.undo())
    told.append(november.payments.reverse("PAY-00001", reason="a slip"))
    told.append(november.undo.undo())
    told.append(november.payments.reverse("PAY-00001", reason="bounced"))
    told.append(november.payments.pay(PayRequest("M00002", 1000, "EUR", on=date(2026, 11, 1))))
    told.append(november.invoices.void("INV-00002", reason="a slip"))
    told.append(november.undo.undo())
    told.append([one.moves for one in map(november.member_files.invoice, ("INV-00001", "INV-00002"))])
    told.append(november.bookings.check_in("M00002"))
    told.append(november.members.edit("M00001", MemberDetails("García-López María", email="n@example.org")))
    told.append(november.members.get("M00002"))
    # The id of the last act is the engine's own: PostgreSQL leaves a gap where an act was refused.
    told.append(replace(november.payments.sheet("M00001"), act_id=0))
    with november.place.database.read() as tx:
        told.append(tx.all("SELECT payer_id, currency, open_minor, overdue_minor, credit_minor FROM payer_balance"))
        told.append({name: found for name, found in verify(tx).items() if found})
    return told


def test_the_same_day_gives_the_same_answers_on_both_engines(postgres_url: str, store: Path) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    opened: list[Desk] = []

    def opener(url: str) -> Callable[[date], Desk]:
        def open_at(day: date) -> Desk:
            opened.append(open_desk(url, clock=Clock(day)))
            return opened[-1]

        return open_at

    try:
        on_sqlite = a_day_at_the_desk(opener(str(store)))
        on_postgres = a_day_at_the_desk(opener(postgres_url))
    finally:
        for desk in opened:
            desk.close()
    assert on_postgres == on_sqlite
    assert on_sqlite[-1] == {}


def test_postgres_refuses_to_change_truth(postgres_url: str) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    desk = open_desk(postgres_url, clock=Clock(date(2026, 1, 1)))
    desk.members.add(MemberDetails("Ana"))
    desk.invoices.issue(IssueRequest("M00001", 100, "EUR", date(2026, 1, 2)))
    with pytest.raises(RefusedByStore), desk.place.database.write() as tx:
        tx.run("UPDATE invoice SET total_minor = 1")
    with desk.place.database.read() as tx:
        assert triggers.expected(tx) <= triggers.present(tx)
    desk.close()


def test_two_desks_on_postgres_take_one_debt_once(postgres_url: str) -> None:
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    first, second = (open_desk(postgres_url, clock=Clock(date(2026, 1, 3))) for _ in range(2))
    first.members.add(MemberDetails("Ana"))
    first.invoices.issue(IssueRequest("M00001", 100, "EUR", date(2026, 1, 3)))
    first.payments.pay(PayRequest("M00001", 100, "EUR", invoices=("INV-00001",)), key="a")
    with pytest.raises(Refused) as refused:
        second.payments.pay(PayRequest("M00001", 100, "EUR", invoices=("INV-00001",)), key="b")
    assert refused.value.code == "payment-above-named-invoices"
    first.close()
    second.close()


def test_the_schema_of_the_models_is_the_schema_of_the_migrations(store: Path, postgres_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    import duesdesk.models  # noqa: F401 (registers the tables)

    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)))
    for url in (str(store), postgres_url):
        database = Database(url)
        with database.engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = [
                change for change in compare_metadata(context, SQLModel.metadata) if "member_search" not in str(change)
            ]
        database.close()
        assert differences == []


def test_head_is_the_newest_migration(store: Path) -> None:
    from alembic.script import ScriptDirectory

    database = Database(str(store))
    with database.engine().connect() as connection:
        assert ScriptDirectory.from_config(schema.configuration(connection)).get_current_head() == schema.HEAD
