"""Early signs: payers who may soon be debtors, each with the reasons in words and the rows they were read from.

Whoever has something overdue for more than 30 days is a debtor already and stands in `unpaid`, not here; how many they
are is told. Only money and visits are looked at. When a card expires is not kept in the store, so that no sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from duesdesk.domain import signs
from duesdesk.domain.signs import Bill, Facts, Sign
from duesdesk.i18n import _, ngettext, number
from duesdesk.messages import N_
from duesdesk.reports.shape import Ask, Sheet, payer_number, sheet
from duesdesk.store import signs as store
from duesdesk.store.among import ids, listed
from duesdesk.store.database import Tx

NOT_LOOKED_AT = N_("Cards about to expire: when a card expires is not kept here.")


class SignEvidence(NamedTuple):
    """A row behind a sign: `kind` is invoice, promise, payment or visits, `reference` its number where it has one.

    `due_on` is the due or promised day, `date` when it was paid to the end, came back or when they came last; `days`
    how long after the due day (so far, where it is open); `visits` in the last 28 days, or in 28 usual ones before.
    """

    kind: str
    reference: str
    due_on: date | None
    on: date | None
    days: int | None
    visits: int | None
    amount_minor: int | None
    disputed: bool


class SignReason(NamedTuple):
    """A sign, in words, and the rows it was read from."""

    sign: str
    reason: str
    rows: tuple[SignEvidence, ...]


class SignsRow(NamedTuple):
    """A payer: `place` is the order of urgency, by how many signs there are and then by what is open."""

    place: int
    member: str
    name: str
    signs: int
    unpaid_minor: int
    open_minor: int
    reasons: tuple[SignReason, ...]


class SignLine(NamedTuple):
    """A row of the table: one for every sign."""

    place: int
    member: str
    name: str
    signs: int
    unpaid_minor: int
    open_minor: int
    sign: str
    reason: str


class EvidenceLine(NamedTuple):
    """A row of the table of one payer: one for every row behind a sign."""

    sign: str
    reason: str
    kind: str
    reference: str
    due_on: date | None
    on: date | None
    days: int | None
    visits: int | None
    amount_minor: int | None
    disputed: bool


@dataclass(frozen=True, slots=True)
class SignsIn:
    """One currency: of `looked_at` payers `members` show signs; `debtors` were left out, being so already."""

    currency: str
    looked_at: int
    members: int
    debtors: int
    open_minor: int
    rows: tuple[SignsRow, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs at the end of `as_of`; `not_looked_at` says in words what the store does not know."""

    as_of: date
    not_looked_at: str
    currencies: tuple[SignsIn, ...]
    member: str | None

    def sheets(self) -> tuple[Sheet, ...]:
        """A table per currency, a row for every sign; of one payer a row for everything behind one."""
        if self.member is not None:
            return tuple(sheet(one, _evidence(one), EvidenceLine) for one in self.currencies)
        return tuple(sheet(one, _lines(one), SignLine) for one in self.currencies)


def read(tx: Tx, ask: Ask) -> Signs:
    """The report; with a member, the payer of that number alone. Raises NotFound."""
    only = payer_number(tx, ask.member)[0] if ask.member is not None else None
    as_of = ask.as_of.toordinal()
    looked_at: dict[str, int] = {}
    debtors: dict[str, int] = {}
    shown: dict[str, list[tuple[int, Facts, list[Sign]]]] = {}
    for (payer_id, currency), facts in store.read(tx, ask.as_of).items():
        looked_at[currency] = looked_at.get(currency, 0) + 1
        if signs.is_debtor(facts, as_of):
            debtors[currency] = debtors.get(currency, 0) + 1
            continue
        found = signs.signs_of(facts, as_of)
        if found:
            shown.setdefault(currency, []).append((payer_id, facts, found))
    told = _Told(tx, as_of, shown)
    currencies = []
    for currency in sorted(looked_at):
        rows = told.rows(shown.get(currency, []))
        counted = looked_at[currency], len(rows), debtors.get(currency, 0), sum(row.open_minor for row in rows)
        if only is not None:
            rows = tuple(row for row in rows if row.member == ask.member)
        if rows or only is None:
            currencies.append(SignsIn(currency, *counted, rows))
    return Signs(ask.as_of, _(NOT_LOOKED_AT), tuple(currencies), ask.member)


class _Told:
    """Signs as rows, with the names and numbers that belong to them."""

    def __init__(self, tx: Tx, as_of: int, shown: dict[str, list[tuple[int, Facts, list[Sign]]]]) -> None:
        self._as_of = as_of
        every = [one for of in shown.values() for one in of]
        payers = listed(payer_id for payer_id, _facts, _found in every)
        invoices = listed(bill.invoice_id for _id, _facts, found in every for sign in found for bill in sign.bills)
        self._payers = {
            row[0]: (row[1], row[2])
            for row in tx.each(f"SELECT id, number, name FROM member WHERE id IN ({ids(tx)})", wanted=payers)
        }
        self._invoices: dict[int, tuple[str, int]] = {
            row[0]: (row[1], row[2])
            for row in tx.each(f"SELECT id, number, total_minor FROM invoice WHERE id IN ({ids(tx)})", wanted=invoices)
        }

    def rows(self, shown: list[tuple[int, Facts, list[Sign]]]) -> tuple[SignsRow, ...]:
        """The most signs first, then the most that is open."""
        found = []
        for payer_id, facts, of in shown:
            opened = sum(bill.open_minor for bill in facts.bills)
            unpaid = sum(bill.open_minor for bill in facts.bills if bill.due < self._as_of)
            reasons = tuple(SignReason(one.sign, _words(one), self._evidence(one, facts)) for one in of)
            found.append(SignsRow(0, *self._payers[payer_id], len(of), unpaid, opened, reasons))
        found.sort(key=lambda row: (-row.signs, -row.open_minor, row.member))
        return tuple(row._replace(place=place) for place, row in enumerate(found, 1))

    def _evidence(self, sign: Sign, facts: Facts) -> tuple[SignEvidence, ...]:
        if sign.sign == signs.BROKEN:
            return tuple(
                SignEvidence(
                    "promise", "", _day(one.due), None, self._as_of - one.due, None, one.amount_minor, disputed=False
                )
                for one in facts.broken
            )
        if sign.sign == signs.RETURNED:
            return tuple(
                SignEvidence("payment", one.payment, None, _day(one.day), None, None, one.amount_minor, disputed=False)
                for one in facts.returned
            )
        if sign.sign == signs.VISITS and facts.visits is not None:
            usual = facts.visits.before // signs.VISIT_WINDOWS
            return (
                SignEvidence(
                    "visits",
                    "",
                    None,
                    _day(facts.visits.last),
                    signs.VISIT_DAYS,
                    facts.visits.recent,
                    None,
                    disputed=False,
                ),
                SignEvidence("visits_before", "", None, None, signs.VISIT_DAYS, usual, None, disputed=False),
            )
        return tuple(self._bill(bill) for bill in sign.bills)

    def _bill(self, bill: Bill) -> SignEvidence:
        invoice, total_minor = self._invoices[bill.invoice_id]
        until = self._as_of if bill.settled is None else bill.settled
        settled = _day(bill.settled) if bill.settled is not None else None
        return SignEvidence(
            "invoice", invoice, _day(bill.due), settled, until - bill.due, None, total_minor, bill.disputed
        )


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def _words(sign: Sign) -> str:
    """The sign in the language of the screen, short enough for a column."""
    now, before = number(sign.now), number(sign.before)
    if sign.sign == signs.SLOWER and sign.before > 0:
        told = ngettext("{now} day late lately, {before} before.", "{now} days late lately, {before} before.", sign.now)
    elif sign.sign == signs.SLOWER:
        told = ngettext("{now} day late lately, in time before.", "{now} days late lately, in time before.", sign.now)
    elif sign.sign == signs.LONGER and sign.before > 0:
        told = ngettext("{now} day overdue, usually {before}.", "{now} days overdue, usually {before}.", sign.now)
    elif sign.sign == signs.LONGER:
        told = ngettext("{now} day overdue, usually in time.", "{now} days overdue, usually in time.", sign.now)
    elif sign.sign == signs.LATE:
        told = ngettext("Usually pays {now} day late.", "Usually pays {now} days late.", sign.now)
    elif sign.sign == signs.BROKEN:
        told = ngettext("{now} promise broken.", "{now} promises broken.", sign.now)
    elif sign.sign == signs.RETURNED:
        told = ngettext("{now} direct debit came back.", "{now} direct debits came back.", sign.now)
    else:
        told = ngettext(
            "{now} visit in four weeks, usually {before}.", "{now} visits in four weeks, usually {before}.", sign.now
        )
    return told.format(now=now, before=before)


def _lines(one: SignsIn) -> tuple[SignLine, ...]:
    return tuple(SignLine(*row[:-1], reason.sign, reason.reason) for row in one.rows for reason in row.reasons)


def _evidence(one: SignsIn) -> tuple[EvidenceLine, ...]:
    return tuple(
        EvidenceLine(reason.sign, reason.reason, *behind)
        for row in one.rows
        for reason in row.reasons
        for behind in reason.rows
    )
