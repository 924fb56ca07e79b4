"""What a run tells of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from duesdesk.domain.money import to_text
from duesdesk.services.acts import Plain


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that was (or would be) taken for a payer. `channel` is '' for what is no notice."""

    member: str
    name: str
    step: str
    action: str
    channel: str
    invoices: tuple[str, ...]
    amount_minor: int
    currency: str
    event: str = "due"
    # (currency, minor units) of what the same notice asks for in other currencies.
    beside: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> Plain:
        """As the contract has it."""
        return {
            "member": self.member,
            "step": self.step,
            "action": self.action,
            "channel": self.channel or None,
            "invoices": list(self.invoices),
            "amount": to_text(self.amount_minor, self.currency),
            "currency": self.currency,
            **amounts(self.beside),
        }


def amounts(beside: Sequence[tuple[str, int]]) -> Plain:
    """What a notice asks for in other currencies, as a field of JSON; no field where there is none."""
    told = [{"currency": currency, "amount": to_text(minor, currency)} for currency, minor in beside]
    return {"beside": told} if told else {}


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step that is due and held back: why (`services.collection.reasons` has it in words), and until when.

    `invoice` is '' for what is about no single invoice. `detail` is the step that is required.
    """

    member: str
    name: str
    invoice: str
    step: str
    reason: str
    until: date | None
    detail: str = ""
    currency: str = ""

    def as_json(self) -> Plain:
        """As the contract has it."""
        return {
            "member": self.member,
            "invoice": self.invoice or None,
            "step": self.step,
            "reason": self.reason,
            "until": self.until.isoformat() if self.until else None,
            "detail": self.detail or None,
        }


@dataclass(frozen=True, slots=True)
class CancelledStep:
    """A notice of the rule that waited and was pulled back by the run."""

    member: str
    name: str
    notice: int
    step: str
    reason: str
    invoices: tuple[str, ...]

    def as_json(self) -> Plain:
        """As the contract has it."""
        return {
            "member": self.member,
            "notice": self.notice,
            "step": self.step,
            "reason": self.reason,
            "invoices": list(self.invoices),
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was there before the rule ran: imported payments of before the day `since` that it does not confirm."""

    since: date
    payments: int = 0

    def as_json(self) -> Plain:
        """As `run` and `rule rehearse` tell it."""
        return {"since": self.since.isoformat(), "payments": self.payments}


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did, or what it would do. `stopped` tells that it did not look at everybody.

    `left_out` is counted by the first run and by every rehearsal.
    """

    on: date
    dry_run: bool
    taken: tuple[TakenStep, ...]
    held: tuple[HeldStep, ...]
    cancelled: tuple[CancelledStep, ...]
    left_out: LeftOut
    stopped: bool = False

    def as_json(self) -> Plain:
        """The document of `duesdesk run --json`."""
        return {
            "date": self.on.isoformat(),
            "dry_run": self.dry_run,
            "taken": [one.as_json() for one in self.taken],
            "held": [one.as_json() for one in self.held],
            "cancelled": [one.as_json() for one in self.cancelled],
            "left_out": self.left_out.as_json(),
        }
