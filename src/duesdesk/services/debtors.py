"""The people behind a figure: what a list of debtors shows of each, and the list itself, read page by page."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from typing import NamedTuple

from duesdesk.domain import next_step, promises
from duesdesk.domain.ageing import days_overdue
from duesdesk.domain.arrivals import Promised
from duesdesk.domain.next_step import Known, Step
from duesdesk.i18n import fold
from duesdesk.services.timeline import When
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, arrivals, debtors, figures
from duesdesk.store.database import Tx
from duesdesk.store.debtors import AMOUNT, CONTACT, DAYS, NAME, PARTIAL, PENDING, UNPAID, Wanted

__all__ = ["AMOUNT", "CONTACT", "DAYS", "LISTS", "NAME", "ORDERS", "PARTIAL", "PENDING", "UNPAID"]

LISTS = (UNPAID, PARTIAL, PENDING)
ORDERS = (AMOUNT, DAYS, NAME, CONTACT)
PENDING_DAYS = 7
PAGE = 100


class Filter(NamedTuple):
    """Who of a list is looked at: days late from and to (both included), words, a group, with or without e-mail."""

    days_from: int | None = None
    days_to: int | None = None
    text: str = ""
    group: str = ""
    email: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it lets everybody through."""
        return self == Filter()


class LastContact(NamedTuple):
    """The last word with a payer: `kind` is talk, notice or promise_broken; `what` is the channel of the first two."""

    kind: str
    what: str
    outcome: str
    on: date


class Debtor(NamedTuple):
    """A payer behind a figure: what they owe of its kind, since when, and what is known of them.

    `children` is how many others they pay for. `days` overdue of the oldest invoice, 0 when none is. `comes_at` is the
    time somebody of the household is expected today, `came_at` when one came in ('' without a time).
    """

    member: str
    name: str
    children: int
    has_email: bool
    currency: str
    owes_minor: int
    invoices: int
    due_on: date | None
    days: int
    last_paid_on: date | None
    last_visit_on: date | None
    comes_at: str | None
    came_at: str | None
    contact: LastContact | None
    promise: Promised | None
    step: Step


class DebtorList:
    """The people behind a figure, in order. Rows are read in pages when they are asked for."""

    def __init__(self, place: Workplace, wanted: Wanted, *, total: int | None, rows: int) -> None:
        """Reads the first `rows`; `total` is the number of people where a figure has it already."""
        self._place = place
        self._wanted = wanted
        self.today = place.today()
        self.currency = wanted.currency
        self._ids: list[int] | None = None
        self._pages: dict[int, list[Debtor]] = {}
        with place.database.read() as tx:
            base = figures.basis(tx, self.today.isoformat())
            first = self._order(tx, base, rows if total is not None else None)
            if total is None:
                self._ids = first
            self.total = len(first) if total is None else total
            self._pages[0] = _rows(tx, place, wanted, base, first[:rows], self.today)
        self._page_rows = max(1, rows)

    def row(self, index: int) -> Debtor:
        """The person at `index`, 0 <= index < total. Raises IndexError when somebody else has emptied the list."""
        page, place = divmod(index, self._page_rows)
        if page not in self._pages:
            first = page * self._page_rows
            with self._place.database.read() as tx:
                base = figures.basis(tx, self.today.isoformat())
                if debtors.is_by_sums(self._wanted, base):
                    ids = self._order(tx, base, self._page_rows, first)
                else:
                    ids = self._all_ids(tx, base)[first : first + self._page_rows]
                self._pages[page] = _rows(tx, self._place, self._wanted, base, ids, self.today)
        return self._pages[page][place]

    def index_of(self, member: str) -> int | None:
        """The place of a person in the list, or None."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.member == member:
                    return page * self._page_rows + place
        if len(self._pages[0]) >= self.total:
            return None
        with self._place.database.read() as tx:
            identity = debtors.payer_id_of(tx, member)
            base = figures.basis(tx, self.today.isoformat())
            if identity is None:
                return None
            if debtors.is_by_sums(self._wanted, base):
                return debtors.place(tx, self._wanted, identity)
            ids = self._all_ids(tx, base)
        return ids.index(identity) if identity in ids else None

    def numbers(self) -> list[str]:
        """The member numbers of all of them, in order."""
        with self._place.database.read() as tx:
            ids = self._all_ids(tx, figures.basis(tx, self.today.isoformat()))
            rows = tx.all(f"SELECT id, number FROM member WHERE id IN ({among.ids(tx)})", wanted=among.listed(ids))
        found: dict[int, str] = dict(rows)
        return [found[one] for one in ids]

    def _all_ids(self, tx: Tx, base: str) -> list[int]:
        if self._ids is None:
            self._ids = self._order(tx, base, None)
        return self._ids

    def _order(self, tx: Tx, base: str, most: int | None, skip: int = 0) -> list[int]:
        until = (self.today + timedelta(days=PENDING_DAYS)).isoformat()
        return debtors.order(tx, self._wanted, base, self.today.isoformat(), until, most=most, skip=skip)


def wanted(kind: str, currency: str, order: str, chosen: Filter, today: date) -> Wanted:
    """A list as the store reads it."""
    return Wanted(
        kind,
        currency,
        order,
        None if chosen.days_to is None else (today - timedelta(days=chosen.days_to)).isoformat(),
        None if chosen.days_from is None else (today - timedelta(days=chosen.days_from)).isoformat(),
        tuple(fold(chosen.text).split()),
        chosen.group.strip().lower() or None,
        chosen.email,
    )


def _rows(tx: Tx, place: Workplace, wanted: Wanted, base: str, ids: list[int], today: date) -> list[Debtor]:
    """What is known of these payers, in their order; one who was paid for meanwhile is shown owing nothing."""
    as_of, until = today.isoformat(), (today + timedelta(days=PENDING_DAYS)).isoformat()
    when = When.until(today, place.centre.timezone)
    owed = debtors.sums_of(tx, wanted.kind, wanted.currency, base, as_of, until, ids)
    people = debtors.people(tx, ids, as_of)
    visits = debtors.visits(tx, ids, as_of)
    contacts = debtors.contacts(tx, ids, when.end)
    promised = arrivals.promises_of(tx, ids, as_of) if ids else {}
    found = []
    for payer_id in ids:
        _, number, name, has_email, children, last_paid_on = people[payer_id]
        _, owes_minor, due_text, invoices, undisputed_minor = owed.get(payer_id, (payer_id, 0, None, 0, 0))
        last_visit, comes_at, came_at = visits.get(payer_id, (None, None, None))
        known = contacts.get(payer_id, debtors.Contacts())
        promise = promised.get(payer_id)
        due_on = _day(due_text)
        found.append(
            Debtor(
                number,
                name,
                children,
                bool(has_email),
                wanted.currency,
                owes_minor,
                invoices,
                due_on,
                days_overdue(due_on, today),
                _day(last_paid_on),
                _day(last_visit),
                comes_at,
                came_at,
                _last_contact(known, promise, when),
                promise,
                next_step.next_step(_known(known, promise, comes_at, when, disputed=not undisputed_minor), today),
            )
        )
    return found


def _known(
    contacts: debtors.Contacts, promise: Promised | None, comes_at: str | None, when: When, *, disputed: bool
) -> Known:
    talk = contacts.talk
    return Known(
        disputed,
        talk is not None and talk[2] == "says_paid",
        promise,
        comes_at,
        talk[3] if talk is not None else None,
        _local_day(contacts.waiting_at, when),
        _local_day(contacts.told_at, when),
    )


def _last_contact(contacts: debtors.Contacts, promise: Promised | None, when: When) -> LastContact | None:
    talk, notice = contacts.talk, contacts.notice
    if promise is not None and promise.state == promises.BROKEN:
        return LastContact("promise_broken", "", "", date.fromisoformat(promise.due_on))
    if talk is not None and (notice is None or talk[0] >= notice[0]):
        return LastContact("talk", talk[1], talk[2], when.local(talk[0]).date())
    if notice is not None:
        return LastContact("notice", notice[1], "", when.local(notice[0]).date())
    return None


def _local_day(instant: str | None, when: When) -> str | None:
    return when.local(instant).date().isoformat() if instant else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def age_sums(days: list[tuple[str, int, int]], as_of: date, edges: tuple[int, ...]) -> list[tuple[int, int]]:
    """(sum, invoices) per bucket of `domain.ageing.buckets(edges)` of (due day, sum, invoices), days as ISO text."""
    # Rising days: an item is as many buckets late as there are of them after its due day.
    cuts = [(as_of - timedelta(days=last)).isoformat() for last in reversed((0, *edges))]
    found = [[0, 0] for _ in range(len(cuts) + 1)]
    for due_on, minor, count in days:
        bucket = found[len(cuts) - bisect_right(cuts, due_on)]
        bucket[0] += minor
        bucket[1] += count
    return [(minor, count) for minor, count in found]
