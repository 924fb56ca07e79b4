"""The Dashboard: what is owed, due and collected, per currency, and who stands behind each figure.

Currencies never add up: every figure is one of a `Figures`. The first paint, before the terminal app is loaded, and the
screen itself are served by the same functions. Views are named tuples: a dataclass costs the start a millisecond each.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from duesdesk.domain import promises
from duesdesk.domain.ageing import DEFAULT_EDGES, buckets
from duesdesk.services import debtors
from duesdesk.services.debtors import AMOUNT, UNPAID, DebtorList, Filter
from duesdesk.services.timeline import When
from duesdesk.services.workplace import Workplace
from duesdesk.store import arrivals, figures
from duesdesk.store.arrivals import ids_in, ids_text
from duesdesk.store.database import Row, StoreVersion, Tx
from duesdesk.store.positions import reversed_sql

if TYPE_CHECKING:
    from duesdesk.services.collection.run_status import RunStatus

# Fields of a `Figures` by name, each of its own type.
Parts = dict[str, Any]
COLLECTED_DAYS = 14
# Reading so many open items takes a blink; more are fetched beside the keyboard.
QUICK_ITEMS = 20_000
WAITING, FAILED = ("held", "queued", "sending"), ("failed", "unsure")


class AgeGroup(NamedTuple):
    """What is open of one bucket of ageing: 'current', '1-30' … '91+'."""

    name: str
    amount_minor: int
    invoices: int


class Figures(NamedTuple):
    """Everything in one currency, in minor units, with the number of people or papers behind each sum.

    `pending_minor` is due from today to seven days on; of `collected_minor` what went back today is taken off.
    """

    currency: str
    unpaid_minor: int = 0
    debtors: int = 0
    partial_minor: int = 0
    partial_members: int = 0
    pending_minor: int = 0
    pending_invoices: int = 0
    collected_minor: int = 0
    payments: int = 0
    by_method: tuple[tuple[str, int], ...] = ()
    ageing: tuple[AgeGroup, ...] = ()
    credit_minor: int = 0
    credit_members: int = 0


class Summary(NamedTuple):
    """The figures of a day, the centre's own currency first. Notices are counted whatever their currency."""

    as_of: date
    currencies: tuple[Figures, ...]
    notices_waiting: int
    notices_failed: int

    def of(self, currency: str) -> Figures:
        """The figures in one currency, zeros when there are none."""
        return next((one for one in self.currencies if one.currency == currency), Figures(currency))


class Taken(NamedTuple):
    """Money that came or went back today. `at` is on the wall clock of the centre."""

    payment: str
    at: datetime
    member: str
    name: str
    currency: str
    amount_minor: int
    method: str
    kind: str
    actor: str


class Care(NamedTuple):
    """Something to look after: `kind` is promise_due, promise_broken, notice_failed or notice_unsure."""

    kind: str
    identity: str
    member: str
    name: str
    on: date
    currency: str = ""
    amount_minor: int = 0
    text: str = ""


class Later(NamedTuple):
    """What takes longer to read, and is shown when it is there: `runs` is where the runs of the rule stand.

    `collected_days` are the sums of the last fourteen days per currency, today last. `cares` are promises of today not
    kept yet, broken ones of people who still owe, and notices that did not arrive.
    """

    collected_days: dict[str, tuple[int, ...]]
    cares: tuple[Care, ...]
    runs: RunStatus


class FirstPage(NamedTuple):
    """What the Dashboard opens with. `version` is that of the store before it was read, see `still_stands`."""

    version: StoreVersion
    summary: Summary
    people: DebtorList


class Dashboard:
    """The Dashboard of one centre."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def is_quick(self) -> bool:
        """Whether the figures of today take a few milliseconds, so that nobody need wait for another thread."""
        as_of = self._place.today().isoformat()
        with self._place.database.read() as tx:
            base = figures.basis(tx, as_of)
            return base == figures.SUMS or (base == figures.ITEMS and figures.open_count(tx) <= QUICK_ITEMS)

    def roll(self) -> bool:
        """Make the kept sums stand for today, when their day has passed; True when they were moved.

        A clock that is behind the last act moves nothing.
        """
        today = self._place.today().isoformat()
        with self._place.database.read() as tx:
            rolled_on = tx.value("SELECT rolled_on FROM ledger_state WHERE id = 1")
        if rolled_on is None or rolled_on >= today:
            return False
        from duesdesk.store.projections import roll  # imported late: start-up

        with self._place.database.write() as tx:
            roll(tx, today)
        return True

    def summary(self) -> Summary:
        """Every figure of today."""
        today = self._place.today()
        with self._place.database.read() as tx:
            found = figures_on(tx, today, figures.basis(tx, today.isoformat()))
            states = figures.notice_states(tx)
        own = self._place.centre.currency
        found.setdefault(own, Figures(own))
        return Summary(
            today,
            tuple(found[currency] for currency in sorted(found, key=lambda one: (one != own, one))),
            sum(states.get(state, 0) for state in WAITING),
            sum(states.get(state, 0) for state in FAILED),
        )

    def first_page(self, rows: int) -> FirstPage:
        """The figures of today and the first `rows` debtors in the centre's own currency."""
        version = self._place.database.version()
        summary = self.summary()
        currency = self._place.centre.currency
        people = self.people(UNPAID, currency, total=summary.of(currency).debtors, rows=rows)
        return FirstPage(version, summary, people)

    def still_stands(self, page: FirstPage) -> bool:
        """Whether nobody has written since `page` was read, and it is still the same day."""
        return page.summary.as_of == self._place.today() and page.version == self._place.database.version()

    def people(
        self,
        kind: str = UNPAID,
        currency: str | None = None,
        *,
        order: str = AMOUNT,
        chosen: Filter | None = None,
        total: int | None = None,
        rows: int = debtors.PAGE,
    ) -> DebtorList:
        """The people behind a figure (`debtors.LISTS`), in one of `debtors.ORDERS`; the first `rows` are read at once.

        `total` is their number where a summary of the same moment tells it, which saves reading the whole order.
        """
        chosen = chosen or Filter()
        wanted = debtors.wanted(kind, currency or self._place.centre.currency, order, chosen, self._place.today())
        return DebtorList(self._place, wanted, total=total if chosen.is_empty else None, rows=rows)

    def taken(self, currency: str | None = None) -> list[Taken]:
        """What came and went back today, the newest first.

        Receipts reversed on their day are left out with it, and so is what went back by a slip.
        """
        today = self._place.today()
        when = When.until(today, self._place.centre.timezone)
        with self._place.database.read() as tx:
            rows = tx.all(
                f"""SELECT p.reference, p.received_on, p.recorded_at, m.number, m.name, p.currency, p.amount_minor,
                          p.method, p.kind, p.actor
                   FROM payment p JOIN member m ON m.id = p.payer_id
                   WHERE p.received_on = :today AND p.currency = :currency
                     AND NOT {reversed_sql("p.id", "b.received_on = :today")}
                     AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.id = p.reverses_id
                                     AND p.kind IN ('reversal', 'reversal_undone') AND r.received_on = :today)
                   ORDER BY p.id DESC""",
                today=today.isoformat(),
                currency=currency or self._place.centre.currency,
            )
        return [Taken(row[0], when.of_day(row[1], row[2])[0], *row[3:]) for row in rows]

    def later(self) -> Later:
        """The last fourteen days of money, what there is to look after, and the last run of the rule."""
        from duesdesk.services.collection.run_status import run_status  # imported late: start-up

        today = self._place.today()
        when = When.until(today, self._place.centre.timezone)
        with self._place.database.read() as tx:
            days = _collected_days(tx, today)
            cares = [*_promises(tx, today), *_notices(tx, when)]
        return Later(days, tuple(cares), run_status(self._place))

    def groups(self) -> list[str]:
        """The groups members are in, for the filter."""
        with self._place.database.read() as tx:
            rows = tx.all("SELECT DISTINCT group_name FROM member WHERE group_name IS NOT NULL ORDER BY group_name")
        return [name for (name,) in rows]


def edges_of(text: str | None) -> tuple[int, ...]:
    """Edges of ageing as the setting keeps them."""
    return tuple(int(part) for part in text.split(",")) if text else DEFAULT_EDGES


def figures_on(tx: Tx, today: date, base: str) -> dict[str, Figures]:
    """The figures at the end of `today` per currency, read from `base` (see `store.figures`)."""
    as_of = today.isoformat()
    found: dict[str, Parts] = defaultdict(dict)
    edges = edges_of(figures.ageing_edges(tx))
    oldest = (today - timedelta(days=edges[-1])).isoformat()
    _add_due(found, figures.due_days(tx, base, as_of, oldest), today, edges)
    for currency, (late, members) in figures.people(tx, base, as_of, tuple(found)).items():
        found[currency] |= {"debtors": late, "partial_members": members}
    for currency, minor, people in figures.credit(tx, base, as_of):
        found[currency] |= {"credit_minor": minor, "credit_members": people}
    _add_collected(found, tx, today)
    return {currency: Figures(currency)._replace(**parts) for currency, parts in found.items()}


def _add_due(found: dict[str, Parts], rows: list[Row], today: date, edges: tuple[int, ...]) -> None:
    days: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    partial: dict[str, int] = defaultdict(int)
    for currency, due_on, minor, count, part_minor in rows:
        days[currency].append((due_on, minor, count))
        partial[currency] += part_minor
    first, last = today.isoformat(), (today + timedelta(days=debtors.PENDING_DAYS)).isoformat()
    for currency, items in days.items():
        pending = [(minor, count) for due_on, minor, count in items if first <= due_on <= last]
        sums = debtors.age_sums(items, today, edges)
        found[currency] |= {
            "unpaid_minor": sum(minor for due_on, minor, _ in items if due_on < first),
            "partial_minor": partial[currency],
            "pending_minor": sum(minor for minor, _ in pending),
            "pending_invoices": sum(count for _, count in pending),
            "ageing": tuple(
                AgeGroup(bucket.name, minor, count) for bucket, (minor, count) in zip(buckets(edges), sums, strict=True)
            ),
        }


def _add_collected(found: dict[str, Parts], tx: Tx, today: date) -> None:
    methods: dict[str, list[tuple[str, int]]] = defaultdict(list)
    receipts: dict[str, int] = defaultdict(int)
    returns = 0
    for currency, method, minor, count, back in figures.collected(tx, today.isoformat()):
        methods[currency].append((method, minor))
        receipts[currency] += count
        returns += back
    # Most days nothing goes back: then nobody need look for it.
    reversed_here: dict[str, int] = dict(figures.reversed_on(tx, today.isoformat())) if returns else {}
    for currency, parts in methods.items():
        found[currency] |= {
            "collected_minor": sum(minor for _, minor in parts),
            "payments": receipts[currency] - reversed_here.get(currency, 0),
            "by_method": tuple(sorted(parts, key=lambda one: (-one[1], one[0]))),
        }


def _collected_days(tx: Tx, today: date) -> dict[str, tuple[int, ...]]:
    first = today - timedelta(days=COLLECTED_DAYS - 1)
    days: dict[str, list[int]] = {}
    for currency, day, minor in figures.collected_days(tx, first.isoformat(), today.isoformat()):
        days.setdefault(currency, [0] * COLLECTED_DAYS)[(date.fromisoformat(day) - first).days] += minor
    return {currency: tuple(sums) for currency, sums in days.items()}


def _promises(tx: Tx, today: date) -> list[Care]:
    as_of = today.isoformat()
    ids = figures.promise_payers(tx, as_of)
    owing = arrivals.debts_of(tx, ids, as_of)
    due = {
        payer_id: one
        for payer_id, one in (arrivals.promises_of(tx, owing, as_of) if owing else {}).items()
        if one.state == promises.BROKEN or one.due_on == as_of
    }
    people = {
        payer_id: (number, name)
        for payer_id, number, name in tx.all(
            f"SELECT id, number, name FROM member WHERE id IN {ids_in(tx)}", ids=ids_text(due)
        )
    }
    found = [
        Care(
            "promise_broken" if one.state == promises.BROKEN else "promise_due",
            f"promise {payer_id}",
            people[payer_id][0],
            people[payer_id][1],
            date.fromisoformat(one.due_on),
            one.currency,
            one.amount_minor,
        )
        for payer_id, one in due.items()
    ]
    return sorted(found, key=lambda care: (care.kind != "promise_due", -care.on.toordinal(), care.name))


def _notices(tx: Tx, when: When) -> list[Care]:
    return [
        Care("notice_" + state, f"notice {identity}", number, name, when.local(at).date(), text=detail or channel)
        for identity, state, number, name, at, detail, channel in tx.all(
            """SELECT n.id, n.state, m.number, m.name, n.changed_at, n.detail, n.channel
               FROM notice n JOIN member m ON m.id = n.payer_id WHERE n.state IN ('failed', 'unsure')
               ORDER BY n.changed_at DESC, n.id"""
        )
    ]
