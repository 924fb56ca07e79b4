"""The outbox as it is read: a notice with why it waits, and the notices of a state however many, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from duesdesk.clock import from_utc_text
from duesdesk.config import Settings
from duesdesk.services.waiting import whys
from duesdesk.services.workplace import Workplace
from duesdesk.store import among, outbox
from duesdesk.store.database import Row, Tx

MANY = "many"
"""How the keys of notices begin that were written to many at once: `many/BATCH/MEMBER`."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of the outbox. `origin` is hand, step or receipt; `pressing` why it passes the hours of the house.

    `why` tells why one that is held or queued waits (see `services.waiting`), `until` from when it may go, `who` has
    stopped the notices; `ends` why it would leave no more as the book stands now (only `Notices.look` reads it).
    `batch` is that of a notice to many.
    """

    id: int
    payer: str
    payer_name: str
    channel: str
    address: str
    template: str
    subject: str
    body: str
    state: str
    detail: str
    created_at: datetime
    send_after: datetime
    changed_at: datetime
    attempts: int
    actor: str
    language: str
    origin: str
    tone: str
    body_hash: str
    pressing: str
    batch: str = ""
    why: str = ""
    until: datetime | None = None
    who: str = ""
    ends: str = ""


VIEW = """SELECT n.id, m.number, m.name, n.channel, n.address, n.template, n.subject, n.body, n.state, n.detail,
                  n.created_at, n.send_after, n.changed_at, n.attempts, n.actor, n.language, n.origin, n.tone,
                  n.body_hash, n.pressing, n.idempotency_key
           FROM notice n JOIN member m ON m.id = n.payer_id"""
LISTED = VIEW.replace("n.body,", "'',")
"""The same without the texts."""


def as_view(row: Row) -> NoticeView:
    """A row of `VIEW`."""
    values = list(row)
    values[10:13] = [from_utc_text(str(text)) for text in row[10:13]]
    values[20] = batch_of(str(row[20]))
    return NoticeView(*values)


def batch_of(key: str) -> str:
    """The batch a notice was written in, by its key; '' for one of its own."""
    parts = key.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == MANY else ""


def batch_name(key: str) -> str:
    """The batch of a notice to many that was begun under `key`; two keys never have the same."""
    return key.replace("%", "%25").replace("/", "%2F")


def with_whys(
    tx: Tx, place: Workplace, settings: Settings, views: Sequence[NoticeView], *, deep: bool = False
) -> list[NoticeView]:
    """The same, those that wait with why; `deep` reads the book, too."""
    waiting = [one.id for one in views if one.state in ("held", "queued")]
    found = whys(tx, place, settings, waiting, deep=deep)
    told = []
    for one in views:
        why = found.get(one.id)
        told.append(one if why is None else replace(one, why=why.code, until=why.until, who=why.who, ends=why.ends))
    return told


class NoticePage(NamedTuple):
    """Notices of a page, and the place behind its last one."""

    number: int
    views: list[NoticeView]
    end: outbox.Mark


class NoticeList:
    """The notices of some states in their order: what waits as it leaves, all else the newest first.

    Rows are read in pages when they are asked for; each page begins where the nearest known one before it ended.
    `has`, `known` and `known_place` ask nothing of the store: who must not wait for it reads a page in a thread
    (`read`) and hands it over (`keep`).
    """

    PAGE = 64

    def __init__(self, place: Workplace, settings: Settings, state: str, total: int) -> None:
        """`state` is one of the outbox, '' for all of them; the first page is read."""
        self._place = place
        self._settings = settings
        self._state = state
        self._pages: dict[int, NoticePage] = {}
        self.total = total
        self.keep(self.read(0))

    def row(self, index: int) -> NoticeView:
        """The notice at `index`. Raises IndexError when the list has become shorter meanwhile."""
        page, place = divmod(index, self.PAGE)
        if page not in self._pages:
            self.keep(self.read(page))
        return self._pages[page].views[place]

    def has(self, index: int) -> bool:
        """Whether the page of the notice at `index` has been read."""
        return index // self.PAGE in self._pages

    def known(self, notice_id: int) -> NoticeView | None:
        """A notice of the pages read so far."""
        found = (one for page in self._pages.values() for one in page.views if one.id == notice_id)
        return next(found, None)

    def known_place(self, notice_id: int) -> int | None:
        """The place of a notice of the pages read so far; None when it is in none of them."""
        for number, page in self._pages.items():
            for place, one in enumerate(page.views):
                if one.id == notice_id:
                    return number * self.PAGE + place
        return None

    def index_of(self, notice_id: int) -> int | None:
        """The place of a notice in the list; None when it is not in it."""
        known = self.known_place(notice_id)
        if known is not None or self.total <= self.PAGE:
            return known
        with self._place.database.read() as tx:
            return outbox.place(tx, self._state, notice_id)

    def keep(self, page: NoticePage) -> None:
        """A page that was read is one of the list."""
        self._pages[page.number] = page

    def read(self, page: int) -> NoticePage:
        """Read a page; the list stays as it is."""
        before = max((one for one in list(self._pages) if one < page), default=None)
        mark = None if before is None else self._pages[before].end
        skip = self.PAGE * (page if before is None else page - before - 1)
        with self._place.database.read() as tx:
            rows = outbox.page(tx, self._state, after=mark, skip=skip, most=self.PAGE)
            ids = [row[0] for row in rows]
            found = tx.all(f"{LISTED} WHERE n.id IN ({among.ids(tx)})", wanted=among.listed(ids))
            by_id = {row[0]: as_view(row) for row in found}
            views = with_whys(tx, self._place, self._settings, [by_id[one] for one in ids])
        end = outbox.Mark(rows[-1][0], rows[-1][1]) if rows else outbox.Mark(0, "")
        return NoticePage(page, views, end)
