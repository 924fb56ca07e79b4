"""The collection rule: show it, check one, put it in force for the centre, a group, a member or one invoice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duesdesk.clock import from_utc_text
from duesdesk.documents.notice_templates import SHORT
from duesdesk.domain.collection import ladder
from duesdesk.domain.collection.ladder import Rule
from duesdesk.domain.errors import BadInput, NotFound, Refused
from duesdesk.domain.money import from_text
from duesdesk.domain.text import clean_text
from duesdesk.services import lookup, template_texts
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.collection import rulebook
from duesdesk.services.template_texts import Missing
from duesdesk.services.workplace import Workplace
from duesdesk.store import rules
from duesdesk.store.database import Tx
from duesdesk.store.rules import CENTRE, GROUP, INVOICE, MEMBER, VersionRow

LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a rule is: at most one of them; none is the centre. `member` is a number, `invoice` too."""

    group: str | None = None
    member: str | None = None
    invoice: str | None = None

    @property
    def scope(self) -> str:
        """centre, group, member or invoice."""
        return GROUP if self.group else MEMBER if self.member else INVOICE if self.invoice else CENTRE

    @property
    def name(self) -> str:
        """What it is called; empty for the centre."""
        return self.group or self.member or self.invoice or ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in force: for whom, its text and what it says. `version` is None for the rule that is shipped."""

    scope: str
    target: str
    version: int | None
    text: str
    rule: Rule
    since: datetime | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A rule that was put in force once: when, by whom and why. `rule` is None where its target was given back.

    `is_in_force` marks the one that counts now.
    """

    version: int | None
    name: str
    text: str
    rule: Rule | None
    at: datetime | None
    actor: str
    reason: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a rule: at which step ('' for its head); an error, or a notice some get in another language."""

    step: str
    error: BadInput | None = None
    otherwise: Missing | None = None


class Rules:
    """The rules of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def show(self, target: Target = Target()) -> RuleView:  # it is frozen
        """The rule in force for `target` by itself, not by a wider one. Raises NotFound where it has none."""
        with self._place.database.read() as tx:
            row = rules.latest_of(tx, target.scope, **_ids(tx, target))
        if row is not None and row.content:
            return _view(row, target.name)
        if target.scope != CENTRE:
            raise NotFound("rule-none-of-its-own", target=target.name)
        text = rulebook.shipped_text()
        return RuleView(CENTRE, "", None, text, rulebook.parsed(text))

    def all(self) -> list[RuleView]:
        """Every rule in force: the centre's first, then those of groups, members and invoices."""
        with self._place.database.read() as tx:
            own = [row for row in rules.latest(tx) if row.content and row.scope != CENTRE]
            views = [_view(row, _name_of(tx, row)) for row in own]
        order = (GROUP, MEMBER, INVOICE)
        return [self.show(), *sorted(views, key=lambda view: (order.index(view.scope), view.target))]

    def versions(self, target: Target = Target()) -> list[VersionView]:  # it is frozen
        """Every rule `target` ever had, the newest first; for the centre the rule that is shipped comes last."""
        with self._place.database.read() as tx:
            rows = rules.versions_of(tx, target.scope, **_ids(tx, target))
        found = [
            VersionView(
                row.id, row.name, row.content, rulebook.parsed(row.content) if row.content else None,
                from_utc_text(row.recorded_at), row.actor, row.reason, is_in_force=not number,
            )
            for number, row in enumerate(rows)
        ]  # fmt: skip
        if target.scope == CENTRE:
            shipped, text = rulebook.parsed(rulebook.shipped_text()), rulebook.shipped_text()
            is_shipped = not found or not found[0].text
            found.append(VersionView(None, shipped.name, text, shipped, None, "", "", is_in_force=is_shipped))
        return found

    def of_member(self, member: str) -> RuleView | None:
        """The rule that new debts of `member` follow, when it is not the centre's. Raises NotFound.

        Their own, that of who pays, of their group, of the group of who pays; one invoice may have yet another.
        """
        with self._place.database.read() as tx:
            person = lookup.person(tx, member)
            rows = {_key(row): row for row in rules.latest(tx) if row.content}
            groups: dict[int, str | None] = dict(
                tx.all("SELECT id, group_name FROM member WHERE id IN (:own, :payer)", own=person.id,
                       payer=person.payer_id)
            )  # fmt: skip
            asked = ((MEMBER, person.id), (MEMBER, person.payer_id), (GROUP, groups.get(person.id)),
                     (GROUP, groups.get(person.payer_id)))  # fmt: skip
            row = next((rows[one] for one in asked if one in rows), None)
            return _view(row, _name_of(tx, row)) if row is not None else None

    def findings(self, text: str) -> list[Finding]:
        """All there is to say about a rule: why it cannot be put in force, and what some get in another language."""
        rule, wrong = self._looked_at(text)
        if wrong or rule is None:
            return [Finding(str(error.facts.get("step", "")), _placed(error, "")) for error in wrong]
        steps = {one[0]: step.id for step in reversed(rule.steps) for one in template_texts.texts_of(step)}
        return [Finding(steps.get(one.name, ""), otherwise=one) for one in self.told_otherwise(rule)]

    def check(self, text: str, file: str = "") -> Rule:
        """The rule that `text` says. Raises BadInput that names `file`, step and field, and what to do."""
        rule, wrong = self._looked_at(text)
        if wrong or rule is None:
            raise _placed(wrong[0], file) from wrong[0]
        return rule

    def _looked_at(self, text: str) -> tuple[Rule | None, list[BadInput]]:
        """The rule, and everything that keeps it from being put in force."""
        if len(text) > LONGEST:
            return None, [BadInput("rule-too-long", longest=LONGEST)]
        with self._place.database.read() as tx:
            known = frozenset(template_texts.known(tx))
            rule, wrong = ladder.read(text, templates=known.__contains__)
            if rule is not None and not wrong:
                wrong = [*self._too_fine(rule), *self._unwritten(tx, rule)]
        return rule, wrong

    def _too_fine(self, rule: Rule) -> Iterator[BadInput]:
        """A sum that nobody can be charged or asked for: it has smaller parts than the money of the centre."""
        sums = [("", "minimum_open", rule.minimum_open_text)]
        sums += [(step.id, "amount", step.amount_text) for step in rule.steps if step.amount_text]
        for step, field, text in sums:
            try:
                from_text(text, self._place.centre.currency)
            except BadInput:
                yield BadInput("rule-wrong", step=step, field=field, problem="too-fine")

    def _unwritten(self, tx: Tx, rule: Rule) -> Iterator[BadInput]:
        """A notice that somebody could get in no language, or not in the form of its channels."""
        steps = {text: step.id for step in reversed(rule.steps) for text in template_texts.texts_of(step)}
        for missing in template_texts.missing(tx, self._place.centre, steps):
            if not missing.told_in:
                is_short = missing.form == SHORT
                yield BadInput(
                    "rule-wrong",
                    step=steps[missing.name, missing.tone, missing.form],
                    field="channels" if is_short else "template",
                    problem="no-short-form" if is_short else "not-written",
                )

    def told_otherwise(self, rule: Rule) -> list[Missing]:
        """Which notices of the rule somebody gets in another language than the one they read, whole."""
        wanted = dict.fromkeys(one for step in rule.steps for one in template_texts.texts_of(step))
        with self._place.database.read() as tx:
            return list(template_texts.missing(tx, self._place.centre, wanted))

    def use(
        self,
        text: str,
        target: Target = Target(),  # it is frozen
        *,
        file: str = "",
        reason: str = "",
        key: str | None = None,
        instead_of: str | None = None,
    ) -> Plain:
        """Put the rule `text` in force; an empty one gives `target` back to the next wider rule.

        `instead_of` is the text it was written in the place of ('' for none of its own). Answers `{"rule", "scope",
        "target", "name", "steps"}`. Raises BadInput as `check`, NotFound, Refused when the same text is in force there
        already, or another than `instead_of` by now.
        """
        rule = self.check(text, file) if text else None
        content = {"scope": target.scope, "target": target.name, "text": text}

        def work(within: Within) -> Done:
            ids = _ids(within.tx, target)
            before = rules.latest_of(within.tx, target.scope, **ids)
            if (before.content if before else "") == text:
                raise Refused("rule-in-force-already", name=rule.name if rule else rulebook.SHIPPED)
            if instead_of is not None and (before.content if before else "") != instead_of:
                raise Refused("rule-changed-meanwhile", actor=before.actor if before else "")
            identity = _insert(within, target.scope, ids, rule.name if rule else "", text, reason)
            told = {
                "rule": identity,
                "scope": target.scope,
                "target": target.name,
                "name": rule.name if rule else "",
                "steps": len(rule.steps) if rule else 0,
            }
            return Done(f"rule {target.scope} {target.name}".strip(), told, before.content if before else "")

        request = Request("rule.use", content, key=key, reason=clean_text(reason))
        return perform(self._place, request, work)

    def use_before_within(self, within: Within, version: int) -> Done:
        """What was in force before `version` is so again; undo calls it. Raises Refused when there is a newer one."""
        row = within.tx.one(
            "SELECT scope, group_name, member_id, invoice_id, content FROM rule_version WHERE id = :id", id=version
        )
        if row is None:
            raise Refused("nothing-to-undo")
        ids = {"group_name": row[1], "member_id": row[2], "invoice_id": row[3]}
        newest = rules.latest_of(within.tx, row[0], **ids)
        # Undoing what came after it has put the same text in force once more.
        if newest is None or newest.content != row[4]:
            raise Refused("undo-not-the-last")
        before = rules.latest_of(within.tx, row[0], **ids, before=version)
        text = before.content if before else ""
        identity = _insert(within, row[0], ids, before.name if before else "", text, "undone")
        return Done(f"rule {version}", {"rule": identity, "replaces": version, "name": before.name if before else ""})


def _placed(error: BadInput, file: str) -> BadInput:
    """The same error, told with the file, if there is one, and with the step it is in."""
    head = "-head" if error.code == "rule-wrong" and not error.facts.get("step") else ""
    return BadInput(f"{error.code}{head}{'-in-file' if file else ''}", file=file, **error.facts)


def _insert(within: Within, scope: str, ids: dict[str, Any], name: str, text: str, reason: str) -> int:
    return within.tx.insert(
        """INSERT INTO rule_version (scope, group_name, member_id, invoice_id, name, content, act_id, recorded_at,
                                     actor, desk, reason)
           VALUES (:scope, :group_name, :member_id, :invoice_id, :name, :content, :act_id, :at, :actor, :desk,
                   :reason)""",
        scope=scope,
        name=name,
        content=text,
        act_id=within.act.id,
        at=within.act.recorded_at,
        actor=within.act.actor,
        desk=within.act.desk,
        reason=clean_text(reason),
        **ids,
    )


def _ids(tx: Tx, target: Target) -> dict[str, Any]:
    found: dict[str, Any] = {"group_name": None, "member_id": None, "invoice_id": None}
    if target.group:
        if not tx.value("SELECT 1 FROM member WHERE group_name = :name LIMIT 1", name=target.group):
            raise NotFound("group-unknown", group=target.group)
        found["group_name"] = target.group
    elif target.member:
        found["member_id"] = lookup.person(tx, target.member).id
    elif target.invoice:
        found["invoice_id"] = lookup.invoice(tx, target.invoice).id
    return found


def target_key(tx: Tx, target: Target) -> tuple[str, object]:
    """Scope and group, member id or invoice id of a target, as the rule book knows it. Raises NotFound."""
    ids = _ids(tx, target)
    return target.scope, next((one for one in ids.values() if one is not None), None)


def _key(row: VersionRow) -> tuple[str, object]:
    return row.scope, row.group_name or row.member_id or row.invoice_id


def _name_of(tx: Tx, row: VersionRow) -> str:
    if row.scope == MEMBER:
        return str(tx.value("SELECT number FROM member WHERE id = :id", id=row.member_id))
    if row.scope == INVOICE:
        return str(tx.value("SELECT number FROM invoice WHERE id = :id", id=row.invoice_id))
    return row.group_name or ""


def _view(row: VersionRow, target: str) -> RuleView:
    rule = rulebook.parsed(row.content)
    return RuleView(row.scope, target, row.id, row.content, rule, from_utc_text(row.recorded_at), row.actor)
