"""Writing down what is taken: its notice, task or fee, the step, and what it was taken for; many payers in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from duesdesk.channels.mail import message_id
from duesdesk.domain.collection.facts import Broken, Missed, Paid, Part, Take
from duesdesk.domain.collection.ladder import FEE, NOTICE
from duesdesk.domain.money import from_text
from duesdesk.i18n import catalogue
from duesdesk.messages import N_
from duesdesk.services import lookup
from duesdesk.services.acts import Within
from duesdesk.services.collection.facts import Known
from duesdesk.services.collection.views import TakenStep
from duesdesk.services.collection.wording import Draft
from duesdesk.services.invoices import due_by_terms
from duesdesk.services.notices import body_hash
from duesdesk.services.workplace import Workplace
from duesdesk.store import numbers, steps
from duesdesk.store.bulk import new_ids
from duesdesk.store.ledger import NewInvoice

FEE_TEXT = N_("Fee for paying {invoice} late")
STEP, RECEIPT = "step", "receipt"
"""The origins of a notice of the rule: a step, and the confirmation of a payment, which is no contact."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A step to take: for whom, its notice if it is one, and the instant (UTC text) from which that may leave.

    `accounts` are all of the payer.
    """

    known: Known
    take: Take
    version: int | None
    accounts: Sequence[Known]
    draft: Draft | None = None
    send_after: str = ""
    state: str = "queued"

    def view(self) -> TakenStep:
        """As the run tells it."""
        take, person = self.take, self.known.person
        if take.paid is not None:
            payment = self.known.payments[take.paid.payment_id]
            invoices = tuple(one.number for one in payment.settled)
        else:
            invoices = tuple(part.item.number for part in take.all_parts)
        return TakenStep(
            person.number,
            person.name,
            take.step.id,
            take.step.do,
            take.channel,
            invoices,
            take.amount_minor,
            self.known.account.currency,
            take.step.when,
            tuple((one.currency, one.amount_minor) for one in take.beside),
        )


class Taking:
    """The rows of one act of a run."""

    def __init__(self, within: Within, place: Workplace, run_id: int, day: date, sender: str) -> None:
        self._within = within
        self._place = place
        self._run_id = run_id
        self._day = day
        self._sender = sender

    def write(self, chosen: Sequence[Chosen]) -> None:
        """Insert all of it."""
        tx, act = self._within.tx, self._within.act
        notices = [one for one in chosen if one.draft is not None]
        tasks = [one for one in chosen if one.take.step.do not in (NOTICE, FEE)]
        notice_ids = dict(zip(map(id, notices), new_ids(tx, "notice", len(notices)), strict=True))
        task_ids = dict(zip(map(id, tasks), new_ids(tx, "task", len(tasks)), strict=True))
        taken: list[tuple[object, ...]] = []
        items: list[tuple[object, ...]] = []
        ids = iter(new_ids(tx, "step_taken", sum(1 + len(one.take.beside) for one in chosen)))
        for one in chosen:
            take = one.take
            step = take.step
            fee_id = self._charge(one) if step.do == FEE else None
            # One row for each currency: amounts of two never add up.
            own = (one.known.account.currency, take.amount_minor, take.parts, take.broken, take.paid, take.missed)
            for currency, amount_minor, parts, broken, paid, missed in (
                own,
                *((one.currency, one.amount_minor, one.parts, one.broken, None, None) for one in take.beside),
            ):
                identity = next(ids)
                taken.append(
                    (identity, self._run_id, one.known.account.payer_id, currency, one.version, take.rule.name, step.id,
                     step.when, step.do, one.known.home.law.version, amount_minor, notice_ids.get(id(one)),
                     task_ids.get(id(one)), fee_id, self._day.isoformat(), act.id, act.recorded_at)
                )  # fmt: skip
                items += _items(identity, step.id, parts, broken, paid, missed)
        steps.add(
            tx,
            notices=[self._notice(notice_ids[id(one)], one) for one in notices],
            notice_items=[
                (notice_ids[id(one)], part.item.invoice_id, part.item.open_minor)
                for one in notices
                for part in one.take.all_parts
            ],
            events=[
                (notice_ids[id(one)], one.state, "", act.recorded_at, act.actor, act.desk) for one in notices
            ],
            tasks=[self._task(task_ids[id(one)], one) for one in tasks],
            taken=taken,
            items=items,
        )  # fmt: skip

    def _notice(self, identity: int, one: Chosen) -> tuple[object, ...]:
        draft, act = one.draft, self._within.act
        if draft is None:
            raise TypeError("a notice has its text")
        key = f"{act.key}/n{identity}"
        return (
            identity, one.known.account.payer_id, draft.channel, draft.address, draft.language, draft.template,
            draft.subject, draft.body, body_hash(draft.subject, draft.body), draft.asks_for_money,
            STEP if draft.asks_for_money else RECEIPT, draft.tone, one.state, one.send_after, 0,
            message_id(f"n-{key}", self._sender), "", act.id, act.recorded_at, act.recorded_at, act.actor, act.desk,
            key,
        )  # fmt: skip

    def _task(self, identity: int, one: Chosen) -> tuple[object, ...]:
        account, act = one.known.account, self._within.act
        rows = [one.known.rows[part.item.invoice_id] for part in one.take.parts]
        member_id = rows[0].member_id if rows else account.payer_id
        return (
            identity, one.take.step.do, account.payer_id, member_id, "", "", self._day.isoformat(), "open", "", "",
            act.id, act.recorded_at, act.actor, act.desk, f"{act.key}/t{identity}",
        )  # fmt: skip

    def _charge(self, one: Chosen) -> int:
        """Issue the fee for a debt; answers the id of its invoice."""
        tx, account = self._within.tx, one.known.account
        part = one.take.parts[0]
        row = one.known.rows[part.item.invoice_id]
        payer = lookup.person(tx, one.known.person.number)
        due_on = due_by_terms(tx, payer, self._day) or self._day
        spoken = catalogue(payer.language or self._place.centre.language, self._place.centre.country)
        return self._within.ledger.issue(
            NewInvoice(
                numbers.take(tx, "invoice"),
                row.member_id,
                account.payer_id,
                self._day.isoformat(),
                due_on.isoformat(),
                account.currency,
                from_text(one.take.step.amount_text, account.currency),
                FEE,
                spoken.gettext(FEE_TEXT).format(invoice=part.item.number),
            )
        )


def _items(
    identity: int,
    step_id: str,
    parts: Sequence[Part],
    broken: Broken | None,
    paid: Paid | None,
    missed: Missed | None,
) -> list[tuple[object, ...]]:
    """What the step was taken for; invoices that it only lists have not had it."""
    found: list[tuple[object, ...]] = [
        (identity, part.item.invoice_id, None, None, None, part.step_id, part.occurrence,
         part.counted_from.isoformat(), part.item.open_minor)
        for part in parts
        if part.step_id
    ]  # fmt: skip
    if paid is not None:
        found.append((identity, None, paid.payment_id, None, None, step_id, 1, paid.on.isoformat(), 0))
    if broken is not None:
        found.append((identity, None, None, broken.promise_id, None, step_id, 1, broken.due_on.isoformat(), 0))
    if missed is not None:
        day = missed.due_on.isoformat()
        found.append((identity, None, None, None, missed.part_id, step_id, 1, day, missed.open_minor))
    return found
