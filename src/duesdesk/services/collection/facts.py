"""From rows to accounts: what the rule decides from, for the payers asked for, as it stands on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from duesdesk.clock import from_utc_text, utc_text, zone
from duesdesk.config import Settings
from duesdesk.domain import promises
from duesdesk.domain.collection.facts import CLAIMS, Account, Broken, Contact, Item, OnHold, Paid, TakenBefore
from duesdesk.domain.collection.ladder import Rule
from duesdesk.domain.collection.stops import WEEK_DAYS
from duesdesk.services.collection import agreed as agreements
from duesdesk.services.collection.agreed import AllAgreed
from duesdesk.services.collection.houses import Home, Houses
from duesdesk.services.collection.on_account import OnAccount, PayerCurrency, Span, money_of, span_of
from duesdesk.services.collection.rulebook import RuleBook
from duesdesk.services.notice_values import Agreed, PaymentFact, SettledFact
from duesdesk.services.reach import Reach, reaches
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, collection, runs, waiting
from duesdesk.store.collection import ItemRow, PersonRow
from duesdesk.store.database import Row, Tx
from duesdesk.store.rules import CENTRE

CONFIRMED_DAYS = 7
"""Money that came longer ago is not confirmed any more."""
CLAIM_DAYS = 14
"""Who says that it is paid, or wrong, is left alone for so many days, in which somebody looks for the money."""
_WAITS_DAYS = 14
"""A notice may leave so many days after it was written; it is a contact on the day it left."""
# The gravest first: the one that is told.
_GRAVITY = (
    "excluded", "deceased", "minor", "insolvency", "vulnerable", "hardship", "complaint", "claim", "snooze",
)  # fmt: skip


class Known(NamedTuple):
    """An account with what is needed to act on it: the person, where they live, their invoices as rows.

    `payments` and `promised` are what `account.paid` and `account.broken` are about, by id. `waiting` are notices of
    the rule that have not left: a further one takes their place. `coming_minor` is what of the account's credit counts
    in some days only.
    """

    account: Account
    person: PersonRow
    home: Home
    rows: Mapping[int, ItemRow]
    reach: Reach
    payments: Mapping[int, PaymentFact]
    promised: Mapping[int, Agreed]
    waiting: tuple[int, ...]
    coming_minor: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is decided for, with its bounds as the store writes them."""

    on: date
    text: str
    # The instant the day ends, and the one from which contacts can matter.
    end: str
    contacts_since: str
    paid_since: str
    # Of money that was imported, the day from which it is confirmed: what came before the first run is history.
    begins: str
    money: Span


class Facts:
    """Reads accounts within one transaction.

    `without` are notices that are looked at as pulled back; `rule` is tried in the place of the one that `target` (a
    scope and the name or id in it) follows.
    """

    def __init__(
        self,
        tx: Tx,
        place: Workplace,
        day: date,
        settings: Settings | None = None,
        without: Iterable[int] = (),
        rule: Rule | None = None,
        target: tuple[str, object] = (CENTRE, None),
    ) -> None:
        self.tx = tx
        self.book = RuleBook(tx)
        if rule is not None:
            self.book.try_out(rule, *target)
        self.houses = Houses(tx, place)
        self._currency = place.centre.currency
        self._settings = settings
        self._without = among.listed(without)
        self._zone = zone(place.centre.timezone)
        self._days: dict[str, date] = {}
        rules = self.book.rules()
        # Only for these does the day count on which they were really sent or done.
        self._required = {step.requires.step for rule in rules for step in rule.steps if step.requires is not None}
        back = max([WEEK_DAYS, *(rule.gap_days for rule in rules)]) + _WAITS_DAYS
        self.day = Day(
            day,
            day.isoformat(),
            self._instant(day + timedelta(days=1)),
            self._instant(day - timedelta(days=back)),
            (day - timedelta(days=CONFIRMED_DAYS)).isoformat(),
            (min(runs.first_day(tx) or day, day) - timedelta(days=1)).isoformat(),
            span_of(place, day),
        )

    def _instant(self, day: date) -> str:
        return utc_text(datetime.combine(day, time(0), self._zone))

    def _local(self, instant: str) -> date:
        """The centre's day of an instant."""
        found = self._days.get(instant)
        if found is None:
            found = self._days[instant] = from_utc_text(instant).astimezone(self._zone).date()
        return found

    def payers(self, payer_ids: Sequence[int]) -> Iterator[list[Known]]:
        """The accounts of each of these payers who owes or paid lately, that in the centre's currency first."""
        for _, accounts in groupby(self.of(payer_ids), lambda known: known.account.payer_id):
            yield list(accounts)

    def of(self, payer_ids: Sequence[int]) -> list[Known]:
        """The accounts of these payers, by payer and currency; those who neither owe nor paid lately have none."""
        tx, as_of = self.tx, self.day.text
        payers = among.listed(payer_ids)
        rows = collection.items(tx, payers, as_of)
        receipts = collection.receipts(tx, payers, self.day.paid_since, self.day.begins, as_of, self._without)
        still_open = {row.invoice_id for row in rows}
        owing = {row.payer_id for row in rows}
        people = collection.people(tx, payers)
        # Who owes nothing is left alone as it is.
        on_terms = agreements.NOTHING
        if rows:
            on_terms = agreements.read(tx, payers, self.day.on, self.book, people, self._without)
        money = money_of(tx, payers, self.day.money)
        items = self._items(rows, people, money.laid, on_terms)
        coming = _to_come(money, items)
        holds = self._holds(payers)
        talks = collection.talks(tx, payers, self.day.contacts_since, self.day.end) if rows else []
        for payer_id, claim in self._claims(talks).items():
            holds[payer_id] = (*holds.get(payer_id, ()), claim)
        promised, broken, agreed = self._promises(payers, items, people)
        contacts = self._contacts(among.listed(owing), talks) if owing else {}
        paid, payments = self._paid(receipts, still_open, people)
        by_account: dict[PayerCurrency, dict[int, ItemRow]] = {}
        for row in rows:
            by_account.setdefault((row.payer_id, row.currency), {})[row.invoice_id] = row
        waits: dict[PayerCurrency, tuple[int, ...]] = {}
        for payer_id, currency, notice_id in waiting.of_payers(tx, payers, self._without):
            waits[payer_id, currency] = (*waits.get((payer_id, currency), ()), notice_id)
        accounts = sorted({*items, *paid}, key=lambda key: (key[0], key[1] != self._currency, key[1]))
        reached = reaches(tx, [payer_id for payer_id, _ in accounts], self._settings) if accounts else {}
        found = []
        for key in accounts:
            payer_id, currency = key
            person = people[payer_id]
            account = Account(
                payer_id,
                currency,
                tuple(items.get(key, ())),
                money.credit.get(key, 0) + coming.get(key, 0),
                holds.get(payer_id, ()),
                promised.get(key),
                contacts.get(payer_id, ()),
                reached[payer_id],
                tuple(paid.get(key, ())),
                broken.get(key, ()),
                on_terms.missed.get(key, ()),
            )
            home = self.houses.of(person.country, person.timezone)
            found.append(
                Known(
                    account,
                    person,
                    home,
                    by_account.get(key, {}),
                    reached[payer_id],
                    payments,
                    agreed,
                    waits.get(key, ()),
                    coming.get(key, 0),
                )
            )
        return found

    # The parts of an account

    def _items(
        self,
        rows: Sequence[ItemRow],
        people: Mapping[int, PersonRow],
        coming: Mapping[int, int],
        agreed: AllAgreed,
    ) -> dict[PayerCurrency, list[Item]]:
        book = self.book
        had = self._taken(rows)
        found: dict[PayerCurrency, list[Item]] = {}
        for row in rows:
            rule, _version = book.of_invoice(
                row.invoice_id, row.kind, row.member_id, row.payer_id, row.member_group,
                people[row.payer_id].group_name,
            )  # fmt: skip
            item = Item(
                row.invoice_id,
                row.number,
                date.fromisoformat(row.issued_on),
                date.fromisoformat(row.due_on) if row.due_on else None,
                row.open_minor,
                bool(row.disputed),
                rule,
                had.get(row.invoice_id, ()),
                coming.get(row.invoice_id, 0),
                agreed.of_invoice.get(row.invoice_id),
            )
            found.setdefault((row.payer_id, row.currency), []).append(item)
        return found

    def _taken(self, rows: Sequence[ItemRow]) -> dict[int, tuple[TakenBefore, ...]]:
        invoices = among.listed(row.invoice_id for row in rows)
        found: dict[int, tuple[TakenBefore, ...]] = {}
        for row in collection.taken(self.tx, invoices, self.day.text, self._without):
            invoice_id, step_id, occurrence, taken_on = row[:4]
            done = self._done_on(row) if step_id in self._required else None
            waits = row[5] in collection.WAIT
            one = TakenBefore(step_id, occurrence, date.fromisoformat(taken_on), done, waits)
            found[invoice_id] = (*found.get(invoice_id, ()), one)
        return found

    def _done_on(self, row: Row) -> date | None:
        """When the step was really sent or done: nobody knows of an `unsure` notice, and a letter lies in the post."""
        _, _, _, taken_on, action, notice_state, notice_at, task_state, task_at = row
        if action == "fee":
            return date.fromisoformat(taken_on)
        if notice_state is not None:
            return self._local(notice_at) if notice_state == "sent" else None
        return self._local(task_at) if task_state == "done" and task_at else None

    def _holds(self, payers: str) -> dict[int, tuple[OnHold, ...]]:
        found: dict[int, list[OnHold]] = {}
        for payer_id, kind, until_on, invoice_id in collection.holds(self.tx, payers, self.day.text):
            until = date.fromisoformat(until_on) if until_on else None
            found.setdefault(payer_id, []).append(OnHold(kind, until, invoice_id))
        return {
            payer_id: tuple(sorted(some, key=lambda hold: _GRAVITY.index(hold.kind)))
            for payer_id, some in found.items()
        }

    def _promises(
        self, payers: str, items: Mapping[PayerCurrency, Sequence[Item]], people: Mapping[int, PersonRow]
    ) -> tuple[dict[PayerCurrency, date], dict[PayerCurrency, tuple[Broken, ...]], dict[int, Agreed]]:
        """Until when each account has promised, its last promise where that was broken, and what was promised then.

        A broken one counts while something is open that was owed when it was made.
        """
        until: dict[PayerCurrency, date] = {}
        last: dict[PayerCurrency, Row] = {}
        for row in collection.promises(self.tx, payers, self.day.text):
            _, payer_id, currency, amount_minor, _, due_text, paid_minor = row
            key, due_on = (payer_id, currency), date.fromisoformat(due_text)
            state = promises.state(amount_minor, due_on, paid_minor, self.day.on)
            last[key] = (*row, state)
            if state == promises.OPEN:
                until[key] = min(due_on, until.get(key, due_on))
        broken = {key: row for key, row in last.items() if row[-1] == promises.BROKEN and key not in until}
        if not broken:
            return until, {}, {}
        steps: dict[int, list[str]] = {}
        waits: dict[int, list[str]] = {}
        for promise_id, step_id, notice_state in collection.taken_for_promises(self.tx, payers, self._without):
            steps.setdefault(promise_id, []).append(step_id)
            if notice_state in collection.WAIT:
                waits.setdefault(promise_id, []).append(step_id)
        found: dict[PayerCurrency, tuple[Broken, ...]] = {}
        for key, row in broken.items():
            if any(item.issued_on.isoformat() <= row[4] for item in items.get(key, ())):
                rule, _version = self.book.of_payer(key[0], people[key[0]].group_name)
                told, unsaid = tuple(steps.get(row[0], ())), tuple(waits.get(row[0], ()))
                found[key] = (Broken(row[0], date.fromisoformat(row[5]), rule, told, unsaid),)
        agreed = {row[0]: Agreed(row[2], row[3], date.fromisoformat(row[5])) for row in broken.values()}
        return until, found, agreed

    def _claims(self, talks: Sequence[Row]) -> dict[int, OnHold]:
        """Payers whose last word was that it is paid, or wrong."""
        last = {payer_id: (talked_at, outcome) for payer_id, talked_at, outcome in talks}
        found = {}
        for payer_id, (talked_at, outcome) in last.items():
            until = self._local(talked_at) + timedelta(days=CLAIM_DAYS - 1)
            if outcome in CLAIMS and until >= self.day.on:
                found[payer_id] = OnHold(CLAIMS[outcome], until)
        return found

    def _contacts(self, payers: str, talks: Sequence[Row]) -> dict[int, tuple[Contact, ...]]:
        found: dict[int, list[Contact]] = {}
        for payer_id, on, written in self._said(payers, talks):
            found.setdefault(payer_id, []).append(Contact(on, written))
        return {payer_id: tuple(some) for payer_id, some in found.items()}

    def _said(self, payers: str, talks: Sequence[Row]) -> Iterator[tuple[int, date, bool]]:
        since, end = self.day.contacts_since, self.day.end
        for row in collection.notices(self.tx, payers, since, end, self._without):
            payer_id, _origin, state, changed_at, created_at, taken_on = row
            if state in ("sent", "unsure"):
                on = self._local(changed_at)
            else:
                on = date.fromisoformat(taken_on) if taken_on else self._local(created_at)
            yield payer_id, on, True
        for payer_id, talked_at, _outcome in talks:
            yield payer_id, self._local(talked_at), False

    def _paid(
        self, receipts: Sequence[Row], still_open: Collection[int], people: Mapping[int, PersonRow]
    ) -> tuple[dict[PayerCurrency, list[Paid]], dict[int, PaymentFact]]:
        """Money to confirm by account, and by payment what it was laid on."""
        laid = self._laid(receipts)
        paid: dict[PayerCurrency, list[Paid]] = {}
        payments: dict[int, PaymentFact] = {}
        for identity, payer_id, currency, on, live_minor, reference in receipts:
            if live_minor > 0:
                lies = laid.get(identity, [])
                settles = any(is_last and invoice_id not in still_open for _, invoice_id, *_, is_last in lies)
                rule, _version = self.book.of_payer(payer_id, people[payer_id].group_name)
                one = Paid(identity, date.fromisoformat(on), live_minor, settles, rule)
                paid.setdefault((payer_id, currency), []).append(one)
                settled = tuple(SettledFact(*row[2:5]) for row in lies)
                payments[identity] = PaymentFact(reference, currency, live_minor, one.on, settled)
        return paid, payments

    def _laid(self, receipts: Sequence[Row]) -> dict[int, list[Row]]:
        """Where the money of each payment lies: rows of `collection.laid`."""
        found: dict[int, list[Row]] = {}
        if receipts:
            payments = among.listed(row[0] for row in receipts)
            for row in collection.laid(self.tx, payments, self.day.text):
                found.setdefault(row[0], []).append(row)
        return found


def _to_come(money: OnAccount, items: Mapping[PayerCurrency, Sequence[Item]]) -> dict[PayerCurrency, int]:
    """What of the money to come is for no invoice that it pays in full: those are not asked for anyway."""
    paid = {key: sum(item.coming_minor for item in some if item.is_coming) for key, some in items.items()}
    return {key: minor - paid.get(key, 0) for key, minor in money.coming.items()}
