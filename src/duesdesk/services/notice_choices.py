"""What can be chosen for a notice: texts, tones and channels, and what fits somebody's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from duesdesk.clock import utc_text
from duesdesk.config import Settings
from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import NAMES, NEUTRAL, WHOLE
from duesdesk.domain import promises
from duesdesk.domain.collection.ladder import TONES
from duesdesk.domain.reach import CHANNELS
from duesdesk.i18n import SOURCE
from duesdesk.services import lookup, reach, template_texts
from duesdesk.services.notice_facts import NoticeItem
from duesdesk.services.reach import ChannelView
from duesdesk.store import among, collection
from duesdesk.store.database import Tx

FORMAL_DAYS = 30
"""So many days late a reminder that was not answered is followed by a formal letter."""
BY_HAND = ("letter", "fax", "desk")
_FIRST = "email"


class Choices(NamedTuple):
    """What a notice may be. `tones` are those a text has; `ways` every channel, with why it cannot be used.

    `channel` is what fits; the texts and tones that fit are found with the text itself (`notice_texts.SUGGESTED`).
    """

    names: tuple[str, ...]
    tones: Mapping[str, tuple[str, ...]]
    ways: tuple[ChannelView, ...]
    channel: str


def choices(tx: Tx, settings: Settings, member: str | None) -> Choices:
    """For who pays for `member`; without one for many: then a channel is what this machine can send by.

    Raises NotFound.
    """
    names = (*NAMES, *template_texts.own_names(tx))
    tones = {name: _tones(tx, name) for name in names}
    if member is None:
        able = reach.set_up(settings)
        ways = tuple(ChannelView(one, "" if one in able else "not_set_up", "", None) for one in CHANNELS)
    else:
        ways = tuple(reach.views(tx, lookup.person(tx, member).payer_id, settings))
    usable = [way.channel for way in ways if not way.why and way.channel not in BY_HAND]
    return Choices(names, tones, ways, usable[0] if usable else _FIRST)


def _tones(tx: Tx, name: str) -> tuple[str, ...]:
    """The tones a text has of its own, in the order of the rule's."""
    own = {tone or NEUTRAL for (tone, _language), text in template_texts.own_texts(tx, name, WHOLE).items() if text}
    return tuple(
        tone
        for tone in TONES
        if tone in own or notice_templates.shipped(name, SOURCE, tone=tone, form=WHOLE, exact=True) is not None
    )


def suggested(tx: Tx, payer_id: int, items: Sequence[NoticeItem], today: date) -> tuple[str, str]:
    """The text and tone that fit. Nobody is told that money is missing before its day, and the first word is friendly.

    Later a reminder is plain, and after `FORMAL_DAYS` a formal letter follows one; a broken promise is named.
    """
    days = [date.fromisoformat(item.due_on) for item in items if item.due_on]
    oldest = min(days, default=None)
    if not items:
        return "reminder_friendly", ""
    if oldest is None or oldest > today:
        return "due_soon", ""
    if oldest == today:
        return "due_day", ""
    if _broke_a_promise(tx, payer_id, today):
        return "promise_broken", ""
    if not _was_reminded(tx, payer_id, oldest):
        return "reminder_friendly", ""
    return ("formal_letter" if (today - oldest).days >= FORMAL_DAYS else "overdue"), ""


def _broke_a_promise(tx: Tx, payer_id: int, today: date) -> bool:
    """Whether their last promise was not kept."""
    rows = collection.promises(tx, among.listed([payer_id]), today.isoformat())
    if not rows:
        return False
    _id, _payer, _currency, amount_minor, _on, due_text, paid_minor = max(rows, key=lambda row: (row[5], row[0]))
    return promises.state(amount_minor, date.fromisoformat(due_text), paid_minor, today) == promises.BROKEN


def _was_reminded(tx: Tx, payer_id: int, since: date) -> bool:
    """Whether they were asked for money after the oldest of it was due."""
    return bool(
        tx.value(
            """SELECT 1 FROM notice WHERE payer_id = :payer AND created_at >= :since AND asks_for_money
                 AND state IN ('sent', 'unsure') LIMIT 1""",
            payer=payer_id,
            since=utc_text(datetime.combine(since + timedelta(days=1), time(0), UTC)),
        )
    )
