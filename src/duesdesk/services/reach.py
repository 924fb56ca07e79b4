"""How payers can be reached: which channels may be used for whom, why others not, what they agreed to and stopped.

Addresses come from the member (e-mail, phone, postal address, fax), or from what is kept for one channel alone (a chat
of Telegram, another number for WhatsApp). A stop counts at once, for that channel and no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from duesdesk import channels, config
from duesdesk.config import Settings
from duesdesk.domain import reach
from duesdesk.domain.errors import BadInput
from duesdesk.domain.reach import CHANNELS, Known
from duesdesk.domain.text import clean_text, has_card_number
from duesdesk.services import lookup
from duesdesk.services.acts import Done, Plain, Request, Within, perform
from duesdesk.services.workplace import Workplace
from duesdesk.store import among
from duesdesk.store.database import Tx

LONGEST_HOW = 200
_MEMBERS_AT_ONCE = 5_000
_OWN_ADDRESS = {"email": 1, "letter": 3, "fax": 4, **dict.fromkeys(reach.BY_PHONE, 2)}
"""Where in a row of `_PEOPLE` the address of a channel stands."""
_PEOPLE = "SELECT id, email, phone, address, fax, country, email_works FROM member WHERE id IN ({among})"


class ChannelView(NamedTuple):
    """A channel for one payer. `why` is '' when it can be used; `how` and `actor` tell of the last yes or no."""

    channel: str
    why: str
    address: str
    wanted: bool | None
    how: str = ""
    works: bool = True
    actor: str = ""


class Reach(Mapping[str, str]):
    """Channel to reason, '' where usable. Whether a number is a mobile one is found out when somebody asks (slow)."""

    __slots__ = ("_country", "_known", "_set_up")

    def __init__(self, known: Mapping[str, Known], set_up: frozenset[str], country: str) -> None:
        self._known, self._set_up, self._country = known, set_up, country

    def __getitem__(self, channel: str) -> str:
        known = self._known[channel]
        why = reach.why_not(channel, known, set_up=channel in self._set_up)
        if why or channel not in reach.BY_PHONE:
            return why
        return reach.USABLE if international(channel, known.address, self._country) else reach.NO_ADDRESS

    def __iter__(self) -> Iterator[str]:
        return iter(CHANNELS)

    def __len__(self) -> int:
        return len(CHANNELS)

    def address(self, channel: str) -> str:
        """Where a notice by `channel` goes: an e-mail address, a number such as +34600111222, the lines of an address.

        '' when it can go nowhere.
        """
        known = self._known[channel]
        if channel in (*reach.BY_PHONE, "fax"):
            return international(channel, known.address, self._country)
        return known.address

    def known(self, channel: str) -> Known:
        """What is known of the channel."""
        return self._known[channel]


def set_up(settings: Settings) -> frozenset[str]:
    """The channels this machine can send by."""
    return frozenset(channel for channel in CHANNELS if not channels.missing(channel, settings))


def reaches(
    tx: Tx, payer_ids: Iterable[int], settings: Settings | None = None, *, able: frozenset[str] | None = None
) -> dict[int, Reach]:
    """For each payer, each channel with why it cannot be used: '' (it can), no_address, dead, not_wanted, not_asked or
    not_set_up (this machine; `able` are its channels where they are known). Three statements for 5,000 people.
    """  # noqa: D205  # one sentence
    able = set_up(settings or config.load()) if able is None else able
    home = tx.value("SELECT country FROM centre WHERE id = 1") or ""
    found: dict[int, Reach] = {}
    wanted = list(dict.fromkeys(payer_ids))
    for first in range(0, len(wanted), _MEMBERS_AT_ONCE):
        found |= _reaches(tx, wanted[first : first + _MEMBERS_AT_ONCE], able, home)
    return found


def _reaches(tx: Tx, payer_ids: Sequence[int], able: frozenset[str], home: str) -> dict[int, Reach]:
    listed = among.listed(payer_ids)
    told: dict[int, dict[str, tuple[str, bool | None, bool]]] = {}
    for member_id, channel, address, wanted, works in tx.each(
        f"SELECT member_id, channel, address, wanted, works FROM member_channel WHERE member_id IN ({among.ids(tx)})",
        wanted=listed,
    ):
        answered = None if wanted is None else bool(wanted)
        told.setdefault(member_id, {})[channel] = (address, answered, bool(works))
    found = {}
    for row in tx.each(_PEOPLE.format(among=among.ids(tx)), wanted=listed):
        own = told.get(row[0], {})
        known = {}
        for channel in CHANNELS:
            address, wanted, works = own.get(channel, ("", None, True))
            place = _OWN_ADDRESS.get(channel)
            if not address and place is not None:
                address = row[place] or ""
                works = works and (channel != "email" or bool(row[6]))
            known[channel] = Known(address, works, wanted)
        found[row[0]] = Reach(known, able, row[5] or home)
    return found


@lru_cache(maxsize=20_000)
def international(channel: str, text: str, country: str) -> str:
    """A phone or fax number as +34600111222; '' when it is none, and for a text message to what is no mobile phone."""
    if not text:
        return ""
    import phonenumbers  # imported late: start-up

    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    kind = phonenumbers.PhoneNumberType
    if channel == "sms" and phonenumbers.number_type(number) not in (kind.MOBILE, kind.FIXED_LINE_OR_MOBILE):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class Reaching:
    """What the members of one centre agreed to and stopped, acting as one person."""

    def __init__(self, place: Workplace, settings: Settings) -> None:
        self._place = place
        self._settings = settings

    def of(self, member: str) -> list[ChannelView]:
        """Every channel to who pays for `member`, in the usual order. Raises NotFound."""
        with self._place.database.read() as tx:
            return views(tx, lookup.person(tx, member).payer_id, self._settings)

    def consent(
        self,
        member: str,
        channel: str,
        *,
        wanted: bool | None,
        how: str = "",
        address: str | None = None,
        key: str | None = None,
    ) -> Plain:
        """Keep that who pays for `member` said yes (True) or no (False), or that nothing is known any more (None).

        `how` tells how it was said; a yes needs it. `address` is where the channel goes when it differs from phone and
        e-mail ('' takes it away). Answers `{"member", "channel", "wanted", "how", "address", "why"}`.
        Raises NotFound, BadInput.
        """
        if channel not in CHANNELS:
            raise BadInput("channel-unknown", channel=channel, known=list(CHANNELS))
        told = clean_text(how, max_length=LONGEST_HOW)
        place = None if address is None else _checked_address(channel, address)
        for text in (told, place or ""):
            masked = has_card_number(text) if channel not in (*reach.BY_PHONE, "telegram") else None
            if masked:
                raise BadInput("card-number-refused", masked=masked)
        if wanted and not told:
            raise BadInput("consent-how-missing")
        content = {"member": member, "channel": channel, "wanted": wanted, "how": told, "address": place}

        def work(within: Within) -> Done:
            person = lookup.person(within.tx, member)
            before = _kept(within.tx, person.payer_id, channel)
            keep(within, person.payer_id, channel, wanted=wanted, how=told, address=place)
            reached = reaches(within.tx, [person.payer_id], self._settings)[person.payer_id]
            answer = {
                "member": person.payer_number,
                "channel": channel,
                "wanted": wanted,
                "how": told,
                "address": reached.address(channel),
                "why": reached[channel],
            }
            return Done(f"member {person.payer_number}", answer, before)

        return perform(self._place, Request("consent", content, key=key, reason=told), work)


def views(tx: Tx, payer_id: int, settings: Settings) -> list[ChannelView]:
    """Every channel to a payer, in the usual order."""
    found = reaches(tx, [payer_id], settings)[payer_id]
    kept = {
        row[0]: row[1:]
        for row in tx.all("SELECT channel, wanted_how, actor FROM member_channel WHERE member_id = :id", id=payer_id)
    }
    shown = []
    for channel in CHANNELS:
        known, (how, actor) = found.known(channel), kept.get(channel, ("", ""))
        shown.append(ChannelView(channel, found[channel], known.address, known.wanted, how, known.works, actor))
    return shown


def stopped(tx: Tx, payer_id: int) -> tuple[str, ...]:
    """The channels by which a payer wants nothing, in the usual order."""
    rows = tx.all("SELECT channel FROM member_channel WHERE member_id = :id AND NOT wanted", id=payer_id)
    found = {channel for (channel,) in rows}
    return tuple(channel for channel in CHANNELS if channel in found)


def keep(
    within: Within,
    payer_id: int,
    channel: str,
    *,
    wanted: bool | None,
    how: str,
    address: str | None = None,
    works: bool = True,
) -> None:
    """Write what somebody said of a channel. Another address begins anew: nothing came back from it yet, unless it is
    known that it `works` no more.
    """  # noqa: D205  # one sentence
    within.tx.run(
        """INSERT INTO member_channel (member_id, channel, address, wanted, wanted_how, works, changed_at, actor)
           VALUES (:member, :channel, :new_address, :wanted, :how, :works, :at, :actor)
           ON CONFLICT (member_id, channel) DO UPDATE SET
               address = CASE WHEN :keeps THEN member_channel.address ELSE excluded.address END,
               works = CASE WHEN :keeps OR member_channel.address = excluded.address THEN member_channel.works
                            ELSE excluded.works END,
               wanted = excluded.wanted, wanted_how = excluded.wanted_how, changed_at = excluded.changed_at,
               actor = excluded.actor""",
        member=payer_id,
        channel=channel,
        new_address=address or "",
        keeps=address is None,
        wanted=wanted,
        how=how,
        works=works,
        at=within.act.recorded_at,
        actor=within.act.actor,
    )


def put_back_within(within: Within, member: str, channel: str, before: str) -> Done:
    """What was said is again what it was `before`, as the audit entry tells; undo calls it."""
    person = lookup.person(within.tx, member)
    address, wanted, how, works = [*json.loads(before), True][:4] if before else ("", None, "", True)
    keep(within, person.payer_id, channel, wanted=wanted, how=how, address=address, works=works)
    return Done(f"member {member}", {"member": member, "channel": channel, "wanted": wanted})


def turn_off(tx: Tx, payer_id: int, channel: str, address: str, at: str, actor: str) -> None:
    """The address came back for good: nothing more goes there until somebody corrects it."""
    if channel == "email":
        tx.run("UPDATE member SET email_works = :no WHERE email = :address", no=False, address=address)
        tx.run(
            "UPDATE member_channel SET works = :no, changed_at = :at WHERE channel = 'email' AND address = :address",
            no=False,
            at=at,
            address=address,
        )
        return
    tx.run(
        """INSERT INTO member_channel (member_id, channel, address, wanted, wanted_how, works, changed_at, actor)
           VALUES (:member, :channel, '', NULL, '', :no, :at, :actor)
           ON CONFLICT (member_id, channel) DO UPDATE SET works = excluded.works, changed_at = excluded.changed_at""",
        member=payer_id,
        channel=channel,
        no=False,
        at=at,
        actor=actor,
    )


def _checked_address(channel: str, text: str) -> str:
    """The address as it is kept. Raises BadInput for one that no notice could go to."""
    address = clean_text(text, max_length=500, lines=channel == "letter")
    if not address:
        return ""
    if channel == "email":
        from duesdesk.channels.mail import checked_address  # imported late: start-up

        return checked_address(address)
    if channel in (*reach.BY_PHONE, "fax") and not international(channel, address, ""):
        raise BadInput("phone-not-international", value=address)
    if channel in ("telegram", "push") and not channels.is_handle(channel, address):
        raise BadInput("handle-unreadable", value=address, channel=channel)
    return address


def _kept(tx: Tx, payer_id: int, channel: str) -> str:
    row = tx.one(
        "SELECT address, wanted, wanted_how, works FROM member_channel WHERE member_id = :id AND channel = :channel",
        id=payer_id,
        channel=channel,
    )
    if row is None:
        return ""
    wanted = None if row[1] is None else bool(row[1])
    return json.dumps([row[0], wanted, row[2], bool(row[3])], ensure_ascii=False)
