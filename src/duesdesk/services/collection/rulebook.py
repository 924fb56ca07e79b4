"""Which rule holds for what: invoice beats member beats group beats centre beats the rule that is shipped."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from duesdesk import config
from duesdesk.domain.collection import ladder
from duesdesk.domain.collection.ladder import FEE, Rule
from duesdesk.store import rules
from duesdesk.store.database import Tx
from duesdesk.store.rules import CENTRE, GROUP, INVOICE, MEMBER

SHIPPED = "standard"
_FEE_INVOICE = "fee"

Found = tuple[Rule, int | None]
"""A rule and the version it stands in; None is the rule that is shipped."""


def shipped_text() -> str:
    """The TOML of the rule that is shipped."""
    return (config.data_folder() / "rules" / f"{SHIPPED}.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def parsed(text: str) -> Rule:
    """The rule that TOML `text` says; read once, however many follow it. Raises BadInput."""
    return ladder.parse(text)


@lru_cache(maxsize=512)
def without_fees(rule: Rule) -> Rule:
    """`rule` for an invoice that is a fee itself: no fee is charged on a fee."""
    steps = tuple(step for step in rule.steps if step.do != FEE)
    return rule if len(steps) == len(rule.steps) else replace(rule, steps=steps)


def written_by(tx: Tx, version_id: int | None) -> Rule:
    """The rule of a version; None is the rule that is shipped."""
    return parsed(rules.content(tx, version_id) if version_id is not None else shipped_text())


class RuleBook:
    """All rules in force in a store, read at once."""

    def __init__(self, tx: Tx) -> None:
        self._by: dict[tuple[str, object], Found] = {}
        self.centre: Found = (parsed(shipped_text()), None)
        # By identity: rules are read once, and comparing them word for word is slow.
        self._versions: dict[int, int] = {}
        for row in rules.latest(tx):
            if not row.content:
                continue
            found = (parsed(row.content), row.id)
            self._versions[id(found[0])] = self._versions[id(without_fees(found[0]))] = row.id
            if row.scope == CENTRE:
                self.centre = found
            else:
                target = {GROUP: row.group_name, MEMBER: row.member_id, INVOICE: row.invoice_id}[row.scope]
                self._by[row.scope, target] = found

    def try_out(self, rule: Rule, scope: str = CENTRE, target: object = None) -> None:
        """Have `rule` in the place of the one that `scope` and `target` (a group's name, an id) follow."""
        if scope == CENTRE:
            self.centre = (rule, None)
        else:
            self._by[scope, target] = (rule, None)

    @property
    def has_exceptions(self) -> bool:
        """Whether anybody follows another rule than the centre's."""
        return bool(self._by)

    def targets(self, scope: str) -> list[object]:
        """Every group name, member id or invoice id that has a rule of its own."""
        return [target for own, target in self._by if own == scope]

    def version_of(self, rule: Rule) -> int | None:
        """The version in which `rule` stands; None is the rule that is shipped."""
        return self._versions.get(id(rule))

    def rules(self) -> list[Rule]:
        """Every rule in force, the centre's first."""
        return list(dict.fromkeys([self.centre[0], *(rule for rule, _ in self._by.values())]))

    def of_invoice(  # what may have a rule of its own
        self,
        invoice_id: int,
        kind: str,
        member_id: int,
        payer_id: int,
        member_group: str | None,
        payer_group: str | None,
    ) -> Found:
        """The rule of an invoice: its own, else that of who was served, of who pays, of their groups, of the centre."""
        found = self.centre
        if self._by:
            asked = (
                (INVOICE, invoice_id),
                (MEMBER, member_id),
                (MEMBER, payer_id),
                (GROUP, member_group),
                (GROUP, payer_group),
            )
            found = next((self._by[one] for one in asked if one in self._by), self.centre)
        return found if kind != _FEE_INVOICE else (without_fees(found[0]), found[1])

    def of_payer(self, payer_id: int, payer_group: str | None) -> Found:
        """The rule for what is no invoice: payments and promises of a payer."""
        return self._by.get((MEMBER, payer_id)) or self._by.get((GROUP, payer_group)) or self.centre
