"""Conversations: who spoke with whom, how, and what came of it. They count as contacts like notices do."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from duesdesk.domain.collection.facts import CLAIMS
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup, notice_states
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace

CHANNELS = ("desk", "phone", "message")
OUTCOMES = ("will_pay", "no_answer", "call_back", "says_paid", "disputes", "cannot_pay", "informed", "other")
NOTE_LENGTH = 500


class Said(NamedTuple):
    """What came of a conversation; `next_on` is the day agreed for the next one."""

    outcome: str
    note: str = ""
    channel: str = "desk"
    next_on: date | None = None

    def checked(self) -> Said:
        """The same, cleaned. Raises BadInput."""
        if self.outcome not in OUTCOMES:
            raise BadInput("outcome-unknown", outcome=self.outcome, known=", ".join(OUTCOMES))
        if self.channel not in CHANNELS:
            raise BadInput("channel-unknown", channel=self.channel, known=", ".join(CHANNELS))
        cleaned = clean_text(self.note, max_length=NOTE_LENGTH, lines=True).strip()
        masked = has_card_number(cleaned)
        if masked:
            raise BadInput("card-number-refused", masked=masked)
        return self._replace(note=cleaned)

    def content(self) -> Plain:
        """As it is told apart under an idempotency key."""
        next_text = self.next_on.isoformat() if self.next_on else None
        return {"outcome": self.outcome, "note": self.note, "channel": self.channel, "next_on": next_text}


class Talks:
    """Talks of one centre, acting as one person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def log(
        self,
        member: str,
        *,
        outcome: str,
        note: str = "",
        channel: str = "desk",
        next_on: date | None = None,
        key: str | None = None,
    ) -> Plain:
        """Write down a conversation. Answers `{"talk", "member", "outcome", "next_on", "withdrawn"}`.

        `withdrawn` is how many waiting notices it pulled back. Raises NotFound, BadInput.
        """
        said = Said(outcome, note, channel, next_on).checked()

        def work(within: Within) -> Done:
            return self.log_within(within, member, said)

        return perform(self._place, Request("talk", {"member": member, **said.content()}, key=key), work)

    def log_within(self, within: Within, member: str, said: Said) -> Done:
        """The work of writing down what was `checked`; a task that was done by speaking calls it too."""
        person = lookup.person(within.tx, member)
        next_text = said.next_on.isoformat() if said.next_on else None
        identity = within.tx.insert(
            """INSERT INTO talk (payer_id, member_id, channel, outcome, note, next_on, talked_at, act_id, actor,
                                 desk, idempotency_key)
               VALUES (:payer_id, :member_id, :channel, :outcome, :note, :next_on, :talked_at, :act_id, :actor,
                       :desk, :key)""",
            payer_id=person.payer_id,
            member_id=person.id,
            channel=said.channel,
            outcome=said.outcome,
            note=said.note,
            next_on=next_text,
            talked_at=within.act.recorded_at,
            act_id=within.act.id,
            actor=within.act.actor,
            desk=within.act.desk,
            key=within.act.key,
        )
        withdrawn = 0
        if said.outcome in CLAIMS:
            # Somebody looks for the money, or at what is contested, first.
            withdrawn = notice_states.withdraw_all(within, person.payer_id, notice_states.ON_HOLD)
        answer: Plain = {
            "talk": identity,
            "member": person.number,
            "outcome": said.outcome,
            "next_on": next_text,
            "withdrawn": withdrawn,
        }
        return Done(f"member {person.number}", answer)

    def cancel_within(self, within: Within, talk_id: int) -> Done:
        """The entry was a mistake: it stays readable and counts no more; undo calls it."""
        within.tx.run("UPDATE talk SET cancelled_at = :now WHERE id = :id", now=within.act.recorded_at, id=talk_id)
        return Done(f"talk {talk_id}", {"talk": talk_id, "cancelled": True})
