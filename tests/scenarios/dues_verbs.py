"""The verbs of stories that speak of memberships and their dues.

membership M1 Full 45.00                 with `every 3 month`, `day 31`, `from D`, `trial D`, `ends D`, `charge-from D`
price M1 50.00 from D | rename M1 Gold from D
freeze M1 from D until D | unfreeze M1 on D | end M1 on D | end M1 never; each with `plan P`
left M1 on D | back M1 | frozen M1       the state of the member themselves
bill                                     up to the day of the story, with `to D`, `key K`; `nothing`: none is due
expect charged M1 2026-01-31 2026-02-28  the first days of the periods that have an invoice not made void
expect next M1 2026-03-31                when the next charge begins, or `never`; with a plan behind it
expect skipped M1 frozen Full            why the last billing did not charge it, or `no`
expect plans M1 Full Gold                what the invoices of the periods call them, in order
expect dues M1 2026-02-28 2026-03-10     issued and due days of the invoice of the period that begins so
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from duesdesk.bootstrap import Desk
from duesdesk.domain.money import from_text
from duesdesk.services.membership_requests import MembershipRequest

if TYPE_CHECKING:
    from tests.scenarios.stories import Options

PERIODS = ("week", "weeks", "month", "months", "year", "years")


class DuesVerbs:
    """What a story does with memberships; the rest of the teller is beside it."""

    currency: str
    billed: dict[str, Any]

    def _at(self) -> Desk:
        raise NotImplementedError

    def _known(self, number: str) -> str:
        raise NotImplementedError

    def _add_membership(self, options: Options) -> None:
        member, plan, price = options.plain
        every = options.many("every") or ["1", "month"]
        self._at().memberships.add(
            MembershipRequest(
                self._known(member),
                plan,
                from_text(price, self.currency),
                self.currency,
                every[1].removesuffix("s"),
                int(every[0]),
                int(options.one("day") or 0) or None,
                options.day("from"),
                options.day("trial"),
                options.day("ends"),
                options.day("charge-from"),
            )
        )

    def _change_membership(self, verb: str, options: Options) -> None:
        member, plan = options.plain[0], options.one("plan")
        memberships = self._at().memberships
        if verb == "price":
            minor = from_text(options.plain[1], self.currency)
            memberships.price(member, minor, from_on=options.day("from"), which=plan)
        elif verb == "rename":
            memberships.rename(member, options.plain[1], from_on=options.day("from"), which=plan)
        elif verb == "freeze":
            memberships.freeze(member, from_on=options.day("from"), until_on=options.day("until"), which=plan)
        elif verb == "unfreeze":
            memberships.unfreeze(member, on=options.day("on"), which=plan)
        else:
            memberships.end(member, on=options.day("on"), never="never" in options.plain, which=plan)

    def _change_member(self, verb: str, options: Options) -> None:
        number = self._known(options.plain[0])
        members = self._at().members
        status = {"left": "left", "back": "active", "frozen": "frozen"}[verb]
        members.edit(number, members.get(number)._replace(status=status, left_on=options.day("on")))

    def _bill(self, options: Options) -> None:
        billing = self._at().billing
        would = billing.rehearse(options.day("to"))
        self.billed = billing.bill(options.day("to"), key=options.one("key"))
        told = [{**one, "invoice": None} for one in self.billed["issued"]]
        if options.one("key") is None:
            assert (told, self.billed["skipped"]) == (would["issued"], would["skipped"]), "the rehearsal said otherwise"
        again = billing.bill(options.day("to"))
        assert again["issued"] == [], f"billed again: {again['issued']}"
        if "nothing" in options.plain:
            assert told == [], f"billed {told}"

    def _charged(self, member: str) -> list[tuple[str, str, str | None]]:
        """First day, issue and due day of every period that has an invoice which is not void, in order."""
        with self._at().place.database.read() as tx:
            return [
                (row[0], row[1], row[2])
                for row in tx.all(
                    """SELECT c.period_from, i.issued_on, i.due_on FROM membership_charge c
                       JOIN invoice i ON i.id = c.invoice_id JOIN member m ON m.id = i.member_id
                       WHERE m.number = :member
                         AND NOT EXISTS (SELECT 1 FROM invoice_event e WHERE e.invoice_id = i.id AND e.kind = 'voided')
                       ORDER BY c.period_from""",
                    member=member,
                )
            ]

    def _plans(self, member: str) -> list[str]:
        """The first word of the text of each invoice of a period, by period and text."""
        with self._at().place.database.read() as tx:
            rows = tx.all(
                """SELECT i.description FROM membership_charge c JOIN invoice i ON i.id = c.invoice_id
                   JOIN member m ON m.id = i.member_id WHERE m.number = :member
                   ORDER BY c.period_from, i.description""",
                member=member,
            )
        return [text.replace(",", " ").split()[0] for (text,) in rows]

    def _next(self, member: str, plan: str | None) -> str:
        found = [view for view in self._at().memberships.all(member) if view.next_charge and plan in (None, view.plan)]
        days = [view.next_charge.from_on for view in found if view.next_charge]
        return min(days).isoformat() if days else "never"

    def _skipped(self, member: str, plan: str | None) -> str:
        found = [
            str(one["reason"])
            for one in self.billed["skipped"]
            if one["member"] == member and plan in (None, one["plan"])
        ]
        return found[0] if found else "no"

    def _observed_dues(self, what: str, rest: list[str]) -> tuple[object, object]:
        """What there is and what is expected."""
        member, *expected = rest
        if what == "charged":
            return [first for first, _, _ in self._charged(member)], expected
        if what == "plans":
            return self._plans(member), expected
        if what == "dues":
            first = date.fromisoformat(expected[0]).isoformat()
            told = next((found[1:] for found in self._charged(member) if found[0] == first), None)
            return told, (first, expected[1] if len(expected) > 1 else None)
        plan = expected[1] if len(expected) > 1 else None
        ask = self._next if what == "next" else self._skipped
        return ask(member, plan), expected[0]
