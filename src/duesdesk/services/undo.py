"""Undo: the actor's last act, whole, as a new act that names it.

One entry per verb that can be taken back. What somebody else built on meanwhile is refused by the ledger itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from duesdesk.clock import from_utc_text, zone
from duesdesk.domain.errors import Refused
from duesdesk.services import billing, mass_notices, memberships, notice_again, notice_states, reach, returns
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.agreements import Agreements
from duesdesk.services.bookings import Bookings
from duesdesk.services.credits import Credits
from duesdesk.services.holds import Holds
from duesdesk.services.invoices import Invoices
from duesdesk.services.members import Members
from duesdesk.services.modules import Modules
from duesdesk.services.promises import Promises
from duesdesk.services.rules import Rules
from duesdesk.services.settings import SettingsList
from duesdesk.services.talks import Talks
from duesdesk.services.tasks import Tasks
from duesdesk.services.templates import Templates
from duesdesk.services.workplace import Workplace
from duesdesk.store import acts
from duesdesk.store.database import Row, Tx


@dataclass(frozen=True, slots=True)
class LastAct:
    """What undo would take back."""

    id: int
    verb: str
    answer: Plain
    at: datetime
    key: str = ""


class Undo:
    """The way back, for one person at one desk."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def last(self) -> LastAct | None:
        """The actor's last act of today that was not undone; None when there is none."""
        with self._place.database.read() as tx:
            row = self._last_of(tx)
            if row is None:
                return None
            answer = json.loads(row[3])
            if row[2] == mass_notices.VERB:
                answer = mass_notices.whole(tx, answer)
        last = LastAct(row[0], row[2], answer, from_utc_text(row[5]), row[1])
        # What was done on another day is no slip of the hand any more; it is corrected by an act of its own.
        local = last.at.astimezone(zone(self._place.centre.timezone)).date()
        return last if local == self._place.today() else None

    def _last_of(self, tx: Tx, *, besides: int = 0) -> Row | None:
        """The last act that changed something; checking in who was in already did not.

        A notice to many is taken back whole, by the act that ends it; one that broke off by the act that began it.
        """
        row = acts.last_of(tx, self._place.actor.name, besides=besides)
        while row is not None and _changed_nothing(tx, row[2], row[3]):
            row = acts.last_of(tx, self._place.actor.name, besides=besides, before=row[0])
        return row

    def undo(self, *, key: str | None = None, act_id: int | None = None) -> Plain:
        """Take the last act back, whole. Answers `{"undone": {"verb", …its answer}, …what was done}`.

        `act_id` is the act a screen showed; when another one came between, that is refused.
        Raises Refused when there is nothing, or it cannot be taken back.
        """
        last = self.last()
        if act_id is not None and last is not None and act_id != last.id:
            raise Refused("undo-not-the-last")

        def work(within: Within) -> Done:
            row = self._last_of(within.tx, besides=within.act.id)
            if last is None or row is None:
                raise Refused("nothing-to-undo")
            if row[0] != last.id:
                raise Refused("undo-not-the-last")
            done = self._take_back(within, last)
            return Done(done.subject, {"undone": {"verb": last.verb, **last.answer}, **done.answer})

        request = Request("undo", {"act": act_id}, key=key, undoes_id=last.id if last else None)
        return perform(self._place, request, work)

    def _take_back(self, within: Within, last: LastAct) -> Done:
        way = self._ways(last).get(last.verb)
        if way is None:
            raise Refused("cannot-undo", verb=last.verb)
        done = way(within, last.answer)
        # What the act had pulled back waits again.
        notice_states.restore_after(within, last.key)
        return done

    def _ways(self, last: LastAct) -> dict[str, Callable[[Within, Plain], Done]]:
        place = self._place
        credits, invoices = Credits(place), Invoices(place)
        return {
            "pay": _undo_payment,
            "reverse": returns.bring_back,
            "refund": returns.bring_back,
            **_notice_ways(last.id),
            "dispute": lambda within, answer: invoices.dispute_within(
                within, answer["invoice"], disputed=not answer["disputed"]
            ),
            "invoice.issue": lambda within, answer: invoices.void_within(within, answer["invoice"]),
            "invoice.void": lambda within, answer: invoices.restore_within(within, answer["invoice"]),
            "invoice.move_due": lambda within, answer: invoices.move_back_within(within, answer["invoice"], last.id),
            "credit_note": lambda within, answer: credits.take_back_within(within, answer["credit"]),
            "waiver": lambda within, answer: credits.take_back_within(within, answer["credit"]),
            "write_off": lambda within, answer: credits.take_back_within(within, answer["credit"]),
            "member.edit": lambda within, answer: Members(place).put_back_within(
                within, answer["member"], acts.before_of(within.tx, last.id)
            ),
            "consent": lambda within, answer: reach.put_back_within(
                within, answer["member"], answer["channel"], acts.before_of(within.tx, last.id)
            ),
            "template": lambda within, answer: Templates(place).put_back_within(
                within, answer, acts.before_of(within.tx, last.id)
            ),
            "setting": lambda within, answer: SettingsList(place).put_back_within(
                within, answer, acts.before_of(within.tx, last.id)
            ),
            "module": lambda within, answer: Modules(place).put_back_within(
                within, answer, acts.before_of(within.tx, last.id)
            ),
            "talk": lambda within, answer: Talks(place).cancel_within(within, answer["talk"]),
            "promise": lambda within, answer: Promises(place).cancel_within(within, answer["promise"]),
            "plan": Agreements(place).take_back_within,
            "settle": Agreements(place).take_back_within,
            "settle.approve": Agreements(place).unapprove_within,
            "agreement.cancel": Agreements(place).restore_within,
            "flag": lambda within, answer: Holds(place).take_back_within(within, answer),
            "hold": lambda within, answer: Holds(place).take_back_within(within, answer),
            "snooze": lambda within, answer: Holds(place).take_back_within(within, answer),
            "unhold": lambda within, answer: Holds(place).put_back_within(within, answer),
            "task": lambda within, answer: Tasks(place).take_back_within(within, answer),
            "rule.use": lambda within, answer: Rules(place).use_before_within(within, answer["rule"]),
            "checkin": lambda within, answer: _undo_check_in(place, within, answer),
            "bill": billing.undo_within,
            **dict.fromkeys(memberships.VERBS, _undo_membership(last.id)),
        }


def _changed_nothing(tx: Tx, verb: str, answer: str) -> bool:
    if verb == mass_notices.VERB:
        return mass_notices.changed_nothing(tx, json.loads(answer))
    return verb == "checkin" and bool(json.loads(answer)["already"])


def _notice_ways(act_id: int) -> dict[str, Callable[[Within, Plain], Done]]:
    """How acts on notices are taken back: what was written is pulled back, what was decided is open again."""

    def written(within: Within, answer: Plain) -> Done:
        if "notices" in answer:
            return notice_again.not_again_many_within(within, answer)
        before = acts.before_of(within.tx, act_id)
        if notice_again.REWRITTEN in answer:
            return notice_again.not_rewritten_within(within, answer, before)
        if "was" in answer:
            return notice_again.not_again_within(within, answer, before)
        return notice_states.cancel_within(within, answer["notice"], "undone")

    def pulled_back(within: Within, answer: Plain) -> Done:
        if "notices" in answer:
            return notice_states.uncancel_many_within(within, answer)
        before = acts.before_of(within.tx, act_id)
        return notice_states.uncancel_within(within, answer["notice"], answer["was"], before)

    def to_many(within: Within, answer: Plain) -> Done:
        notices = [one["notice"] for one in mass_notices.whole(within.tx, answer)["written"]]
        return notice_states.cancel_many_within(within, notices, "undone", batch=answer["batch"])

    def left(within: Within, answer: Plain) -> Done:
        return notice_again.not_left_within(within, answer["notice"], acts.before_of(within.tx, act_id))

    return {"notice": written, "notice.cancel": pulled_back, mass_notices.VERB: to_many, "notice.left": left}


def _undo_payment(within: Within, answer: Plain) -> Done:
    """The money goes off its invoices."""
    return returns.give_back(within, answer["payment"], None, "reversal")


def _undo_membership(act_id: int) -> Callable[[Within, Plain], Done]:
    return lambda within, _answer: memberships.undo_within(within, act_id, acts.before_of(within.tx, act_id))


def _undo_check_in(place: Workplace, within: Within, answer: Plain) -> Done:
    return Bookings(place).undo_check_in_within(within, answer["booking"], walk_in=answer["walk_in"], was=answer["was"])
