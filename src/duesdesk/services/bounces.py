"""Refused addresses within one sending, until it is clear that the server means the address and not us.

A server that lets nobody relay says "550" to every address, as it does to one that is dead. Only an answer that others
do not get is about the address.
"""

from __future__ import annotations

from typing import NamedTuple

from duesdesk.channels import Message, Receipt

MOST_ALIKE = 3
"""So many equal refusals in a row, without one message taken over, are the server's trouble."""


class Doubted(NamedTuple):
    """A notice whose address was refused in words that may mean us."""

    notice: int
    receipt: Receipt


class Bounces:
    """What one sending heard of each channel."""

    def __init__(self) -> None:
        self._taken_over: set[str] = set()
        self._doubted: dict[str, dict[str, list[Doubted]]] = {}

    def is_doubted(self, notice_id: int, channel: str, message: Message, receipt: Receipt) -> bool:
        """Whether nobody can tell yet what the refusal means; it is kept in mind then."""
        if receipt.state == "sent":
            self._taken_over.add(channel)
        if not (receipt.hard_bounce and receipt.in_doubt) or channel in self._taken_over:
            return False
        said = receipt.code + receipt.detail.replace(message.recipient, "")
        self._doubted.setdefault(channel, {}).setdefault(said, []).append(Doubted(notice_id, receipt))
        return True

    def meant_us(self, channel: str) -> list[Doubted]:
        """Those refused alike so often that it is no matter of their addresses."""
        found = [some for some in self._doubted.get(channel, {}).values() if len(some) >= MOST_ALIKE]
        return [one for some in found for one in some]

    def meant_them(self, channel: str) -> list[Doubted]:
        """Those whose addresses are dead, since another message was taken over; each is told once."""
        if channel not in self._taken_over:
            return []
        return [one for some in self._doubted.pop(channel, {}).values() for one in some]
