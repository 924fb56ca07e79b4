"""The Dashboard and Find answer the same on PostgreSQL as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from duesdesk.bootstrap import Desk, found_centre, open_desk
from duesdesk.clock import Clock
from duesdesk.services import debtors
from duesdesk.services.debtors import Filter
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from tests.conftest import CENTRE, TODAY, OpenDesk

pytestmark = pytest.mark.postgres


@pytest.fixture
def both(at: OpenDesk, postgres_url: str) -> Iterator[tuple[Desk, Desk]]:
    """The same days at two stores."""
    found_centre(postgres_url, CENTRE, clock=Clock(date(2026, 1, 1)), crm=True)
    desks = [at(), open_desk(postgres_url, clock=Clock(TODAY))]
    for desk in desks:
        url = desk.place.database.url
        early = open_desk(url, clock=Clock(TODAY - timedelta(days=60)))
        for name in ("García María", "Rossi Giulia", "Łukasz Nowak"):
            early.members.add(MemberDetails(name, phone="+34 600 11 22 33"))
        early.members.add(MemberDetails("Rossi Marco", payer="M00002", group="Judo", email="m@example.org"))
        for number, minor, late in (("M00001", 4500, 20), ("M00004", 3000, 40), ("M00003", 800, -3)):
            due_on = TODAY - timedelta(days=late)
            early.invoices.issue(IssueRequest(number, minor, "EUR", due_on))
        early.promises.take("M00001", 4500, "EUR", TODAY - timedelta(days=5))
        early.talks.log("M00002", outcome="informed")
        early.close()
        desk.payments.pay(PayRequest("M00004", 1000, "EUR"))
    yield desks[0], desks[1]
    desks[1].close()


def test_figures_lists_and_finds_are_the_same(both: tuple[Desk, Desk]) -> None:
    lite, post = both
    assert post.dashboard.summary() == lite.dashboard.summary()
    assert post.dashboard.later() == lite.dashboard.later()
    assert [one.amount_minor for one in post.dashboard.taken()] == [1000]
    for kind in debtors.LISTS:
        for order in debtors.ORDERS:
            for chosen in (Filter(), Filter(days_from=25, text="ros", email=False), Filter(group="judo", days_to=99)):
                told = []
                for desk in both:
                    people = desk.dashboard.people(kind, order=order, chosen=chosen)
                    told.append([people.row(index) for index in range(people.total)])
                assert told[0] == told[1]
    for typed in ("ro", "rossi", "mar ro", "M0000", "INV-0000", "600 11", "%", "nowak l", "zz"):
        assert post.search.find(typed) == lite.search.find(typed)
    assert post.search.resolve_scan("inv-00001") == lite.search.resolve_scan("inv-00001") == "M00001"
