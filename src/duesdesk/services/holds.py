"""Holds: leave a payer or an invoice out, snooze them, mark somebody who must be spared; every automatic step stops.

A hold has a kind, a reason, an author and, where it is known, a last day. It pulls back at once what waits to ask for
money, and holds back whatever the rule has due until it ends or is lifted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from duesdesk.clock import from_utc_text
from duesdesk.domain.errors import BadInput, Refused
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace
from duesdesk.store import holds
from duesdesk.store.holds import HoldRow

EXCLUDED, SNOOZE = "excluded", "snooze"
KINDS = (
    EXCLUDED, SNOOZE, "hardship", "vulnerable", "deceased", "minor", "insolvency", "complaint", "claim",
)  # fmt: skip
MOST_DAYS = 365
REASON_LENGTH = 500
REVIEW_DAYS = 30
"""A mark on a person is looked at again after so many days: a task says so."""
_REVIEWED = frozenset(("hardship", "vulnerable", "insolvency", "complaint", "claim"))


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold that stands. `invoice` is '' when it is of all the payer's debts; `until` None: until it is lifted."""

    id: int
    kind: str
    payer: str
    name: str
    invoice: str
    reason: str
    since: date
    until: date | None
    actor: str
    at: datetime


class Holds:
    """Holds of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def all(self) -> list[HoldView]:
        """Every hold that stands, by payer."""
        with self._place.database.read() as tx:
            return [_view(row) for row in holds.standing(tx, self._place.today().isoformat())]

    def of(self, member: str) -> list[HoldView]:
        """Those of who pays for `member`. Raises NotFound."""
        with self._place.database.read() as tx:
            payer_id = lookup.person(tx, member).payer_id
            return [_view(row) for row in holds.standing_of(tx, payer_id, self._place.today().isoformat())]

    def hold(
        self,
        member: str | None = None,
        *,
        invoice: str | None = None,
        kind: str = EXCLUDED,
        reason: str,
        until: date | None = None,
        key: str | None = None,
    ) -> Plain:
        """Stop every automatic step for who pays for `member`, or for one `invoice`, up to and with the day `until`.

        Answers `{"hold", "kind", "member", "invoice", "until", "notices_withdrawn", "task"}`. Raises NotFound, BadInput
        (no reason, no such kind, a day that is over), Refused when that holds already.
        """
        if kind not in KINDS:
            raise BadInput("hold-kind-unknown", kind=kind, known=", ".join(KINDS))
        cleaned = clean_text(reason, max_length=REASON_LENGTH).strip()
        if not cleaned:
            raise BadInput("reason-missing")
        masked = has_card_number(cleaned)
        if masked:
            raise BadInput("card-number-refused", masked=masked)
        if until is not None and until < self._place.today():
            raise BadInput("hold-in-the-past", until_on=until)
        content = {
            "member": member,
            "invoice": invoice,
            "kind": kind,
            "reason": cleaned,
            "until": until.isoformat() if until else None,
        }
        verb = "snooze" if kind == SNOOZE else "hold" if kind == EXCLUDED else "flag"
        request = Request(verb, content, key=key, reason=cleaned)
        return perform(self._place, request, lambda within: self._hold(within, member, invoice, kind, cleaned, until))

    def snooze(self, member: str, days: int, *, reason: str, key: str | None = None) -> Plain:
        """No automatic contact for so many days from today on: answers and raises as `hold`."""
        if not 1 <= days <= MOST_DAYS:
            raise BadInput("hold-days-out-of-bounds", days=days, most=MOST_DAYS)
        until = self._place.today() + timedelta(days=days - 1)
        return self.hold(member, kind=SNOOZE, reason=reason, until=until, key=key)

    def _hold(
        self, within: Within, member: str | None, invoice: str | None, kind: str, reason: str, until: date | None
    ) -> Done:
        tx = within.tx
        payer_id, payer, invoice_id = _target(within, member, invoice)
        own = [row for row in holds.standing_of(tx, payer_id, within.today) if (row.invoice or None) == invoice]
        same = [row for row in own if row.kind == kind]
        if same and kind != SNOOZE:
            raise Refused("hold-there-already", target=invoice or payer)
        before = [row.id for row in same]
        for row in same:
            # A new snooze takes the place of the old one, longer or shorter.
            holds.lift(tx, row.id, within.today, within.act.actor)
        identity = tx.insert(
            """INSERT INTO hold (kind, payer_id, invoice_id, reason, from_on, until_on, lifted_by, act_id, recorded_at,
                                 actor, desk, idempotency_key)
               VALUES (:kind, :payer_id, :invoice_id, :reason, :from_on, :until_on, '', :act_id, :at, :actor, :desk,
                       :key)""",
            kind=kind,
            payer_id=payer_id,
            invoice_id=invoice_id,
            reason=reason,
            from_on=within.today,
            until_on=until.isoformat() if until else None,
            act_id=within.act.id,
            at=within.act.recorded_at,
            actor=within.act.actor,
            desk=within.act.desk,
            key=within.act.key,
        )
        if invoice_id is None:
            withdrawn = notice_states.withdraw_all(within, payer_id, notice_states.ON_HOLD)
        else:
            withdrawn = notice_states.withdraw_for(within, payer_id, [invoice_id], notice_states.ON_HOLD)
        told = {
            "hold": identity,
            "kind": kind,
            "member": payer,
            "invoice": invoice,
            "until": until.isoformat() if until else None,
            "notices_withdrawn": withdrawn,
            "replaces": before,
            "task": self._review(within, payer_id, kind) if kind in _REVIEWED else None,
        }
        return Done(f"member {payer}", told)

    def _review(self, within: Within, payer_id: int, kind: str) -> int:
        """A person looks at it again; answers the id of the task."""
        due_on = self._place.today() + timedelta(days=REVIEW_DAYS)
        return within.tx.insert(
            """INSERT INTO task (kind, payer_id, member_id, note, owner, due_on, state, done_by, outcome, act_id,
                                 recorded_at, actor, desk, idempotency_key)
               VALUES ('other', :payer, :payer, :note, :owner, :due_on, 'open', '', '', :act_id, :at, :actor, :desk,
                       :key)""",
            payer=payer_id,
            note=f"hold:{kind}",
            owner=within.act.actor,
            due_on=due_on.isoformat(),
            act_id=within.act.id,
            at=within.act.recorded_at,
            actor=within.act.actor,
            desk=within.act.desk,
            key=f"{within.act.key}/review",
        )

    def lift(
        self,
        member: str | None = None,
        *,
        invoice: str | None = None,
        kind: str | None = None,
        reason: str = "",
        key: str | None = None,
    ) -> Plain:
        """Lift what holds: of who pays for `member`, or of one `invoice`.

        Without a `kind` what was left out or snoozed is lifted; a mark on a person has to be named. Answers `{"member",
        "invoice", "lifted": [kinds], "holds": [ids]}`. Raises NotFound, BadInput, Refused when nothing of that kind
        holds.
        """
        if kind is not None and kind not in KINDS:
            raise BadInput("hold-kind-unknown", kind=kind, known=", ".join(KINDS))
        content = {"member": member, "invoice": invoice, "kind": kind}

        def work(within: Within) -> Done:
            payer_id, payer, _ = _target(within, member, invoice)
            rows = holds.standing_of(within.tx, payer_id, within.today)
            rows = [row for row in rows if (row.invoice or None) == invoice]
            chosen = [row for row in rows if row.kind in ((kind,) if kind else (EXCLUDED, SNOOZE))]
            if not chosen:
                _nothing_to_lift(rows, invoice or payer)
            for row in chosen:
                holds.lift(within.tx, row.id, within.today, within.act.actor)
            told = {
                "member": payer,
                "invoice": invoice,
                "lifted": [row.kind for row in chosen],
                "holds": [row.id for row in chosen],
            }
            return Done(f"member {payer}", told)

        return perform(self._place, Request("unhold", content, key=key, reason=clean_text(reason)), work)

    def take_back_within(self, within: Within, answer: Plain) -> Done:
        """The hold was a slip: it never held, and what it had replaced holds again; undo calls it."""
        if not holds.lift(within.tx, answer["hold"], within.act.effective_on, within.act.actor):
            raise Refused("undo-not-the-last")
        for identity in answer["replaces"]:
            holds.put_back(within.tx, identity)
        if answer["task"] is not None:
            within.tx.run(
                """UPDATE task SET state = 'cancelled', done_at = :at, done_by = :actor
                   WHERE id = :id AND state = 'open'""",
                at=within.act.recorded_at,
                actor=within.act.actor,
                id=answer["task"],
            )
        return Done(f"member {answer['member']}", {"hold": answer["hold"], "lifted": True})

    def put_back_within(self, within: Within, answer: Plain) -> Done:
        """Lifting was a slip; undo calls it."""
        for identity in answer["holds"]:
            holds.put_back(within.tx, identity)
        return Done(f"member {answer['member']}", {"holds": answer["holds"], "lifted": False})


def _target(within: Within, member: str | None, invoice: str | None) -> tuple[int, str, int | None]:
    """(payer's id, payer's number, invoice's id) of what is held."""
    tx = within.tx
    if invoice is not None:
        found = lookup.invoice(tx, invoice)
        return found.payer_id, str(tx.value("SELECT number FROM member WHERE id = :id", id=found.payer_id)), found.id
    if member is None:
        raise BadInput("member-missing-here")
    person = lookup.person(tx, member)
    return person.payer_id, person.payer_number, None


def _nothing_to_lift(rows: Sequence[HoldRow], target: str) -> None:
    if rows:
        raise Refused("hold-other-kinds", target=target, kinds=sorted({row.kind for row in rows}))
    raise Refused("hold-none", target=target)


def _view(row: HoldRow) -> HoldView:
    return HoldView(
        row.id,
        row.kind,
        row.payer,
        row.name,
        row.invoice or "",
        row.reason,
        date.fromisoformat(row.from_on),
        date.fromisoformat(row.until_on) if row.until_on else None,
        row.actor,
        from_utc_text(row.recorded_at),
    )
