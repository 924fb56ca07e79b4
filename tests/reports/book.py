"""A small book made by hand, day by day, through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from duesdesk.bootstrap import Desk
from duesdesk.domain.money import from_text
from duesdesk.reports import document
from duesdesk.services.acts import Done, Request, Within, perform
from duesdesk.services.invoices import IssueRequest
from duesdesk.services.members import MemberDetails
from duesdesk.services.payments import PayRequest
from duesdesk.store.ledger import NewInvoice

OpenAt = Callable[..., Desk]


class Book:
    """Acts told shortly: days as '09-14' of 2026, amounts as text, people by number."""

    def __init__(self, open_at: OpenAt) -> None:
        self._open_at = open_at
        self._desks: dict[str, Desk] = {}

    def at(self, day: str) -> Desk:
        """The desk on that day."""
        if day not in self._desks:
            self._desks[day] = self._open_at(on(day))
        return self._desks[day]

    def member(self, number: str, name: str, payer: str | None = None) -> None:
        self.at("01-01").members.add(MemberDetails(name, number, payer=payer))

    def invoice(self, day: str, member: str, amount: str, due: str | None, currency: str = "EUR") -> str:
        wanted = IssueRequest(member, from_text(amount, currency), currency, on(due) if due else None)
        number: str = self.at(day).invoices.issue(wanted)["invoice"]
        return number

    def pay(
        self, day: str, member: str, amount: str, *invoices: str, currency: str = "EUR", method: str = "cash"
    ) -> str:
        wanted = PayRequest(member, from_text(amount, currency), currency, method, invoices)
        reference: str = self.at(day).payments.pay(wanted)["payment"]
        return reference

    def credit(
        self, day: str, invoice: str, amount: str | None, kind: str = "credit_note", currency: str = "EUR"
    ) -> None:
        minor = from_text(amount, currency) if amount else None
        self.at(day).credits.give(invoice, minor, kind=kind, reason="because")

    def draft(self, day: str, member: str, amount: str, due: str, issued: str | None = None) -> str:
        """A draft written on `day`, and issued on another when one is named."""
        new = NewInvoice(f"D-{member}", 1, 1, on(day).isoformat(), on(due).isoformat(), "EUR", from_text(amount, "EUR"))

        def write(within: Within) -> Done:
            identity = within.tx.value("SELECT id FROM member WHERE number = :number", number=member)
            within.ledger.issue(new._replace(member_id=identity, payer_id=identity, draft=True))
            return Done("draft", {"invoice": new.number})

        def issue(within: Within) -> Done:
            row = within.tx.one("SELECT id, member_id FROM invoice WHERE number = :number", number=new.number)
            assert row is not None
            within.ledger.issue_draft(row[0], replace_ids(new, row[1]))
            return Done("issued", {"invoice": new.number})

        perform(self.at(day).place, Request("invoice.issue", {"draft": new.number}), write)
        if issued:
            perform(self.at(issued).place, Request("invoice.issue", {"issue": new.number}), issue)
        return new.number

    def report(self, name: str, day: str, **options: Any) -> dict[str, Any]:
        """The document of a report at the end of a day, read at the last day of the year."""
        found: dict[str, Any] = document(self.at("12-31").reports.read(name, as_of=on(day), **options))
        return found

    def in_euro(self, name: str, day: str, **options: Any) -> dict[str, Any]:
        """Its figures in EUR; empty when there are none."""
        return currency_of(self.report(name, day, **options), "EUR")


def replace_ids(new: NewInvoice, member_id: int) -> NewInvoice:
    return new._replace(member_id=member_id, payer_id=member_id)


def currency_of(report: dict[str, Any], currency: str) -> dict[str, Any]:
    found: dict[str, Any] = next((one for one in report["currencies"] if one["currency"] == currency), {})
    return found


def on(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")
