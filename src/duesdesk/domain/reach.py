"""By which channels somebody can be reached, and what keeps a channel from being used."""

from __future__ import annotations

from typing import NamedTuple

CHANNELS = ("email", "sms", "whatsapp", "telegram", "signal", "push", "letter", "fax", "desk")
USABLE = ""
NOT_SET_UP, NOT_WANTED, NO_ADDRESS, DEAD, NOT_ASKED = "not_set_up", "not_wanted", "no_address", "dead", "not_asked"
BY_PHONE = ("sms", "whatsapp", "signal")
"""These go to the member's phone number, unless another one is kept for the channel."""
ASKED_FIRST = frozenset(("whatsapp", "telegram", "signal", "push"))
"""Nobody is written to here who has not said yes: the terms of the messengers want it, and so do good manners."""


class Known(NamedTuple):
    """What is known about one person and one channel. `wanted` is None when nobody asked."""

    address: str
    works: bool = True
    wanted: bool | None = None


def why_not(channel: str, known: Known, *, set_up: bool) -> str:
    """Why `channel` cannot be used, '' when it can; what concerns everybody is said before what concerns one person."""
    if not set_up:
        return NOT_SET_UP
    if known.wanted is False:
        return NOT_WANTED
    if not known.address and channel != "desk":
        return NO_ADDRESS
    if not known.works:
        return DEAD
    if channel in ASKED_FIRST and known.wanted is not True:
        return NOT_ASKED
    return USABLE
