"""Own words of a notice that were typed and not sent: kept at this desk until they are, or are thrown away."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from duesdesk.domain.errors import DuesdeskError

if TYPE_CHECKING:
    from duesdesk.app import DuesdeskApp
    from duesdesk.bootstrap import Desk
    from duesdesk.services.acts import Plain


def _name(member: str) -> str:
    return f"notice:{member}"


class KeptWords:
    """What is typed to `member` under the key of a dialog; letters typed while it is kept are kept together."""

    def __init__(self, app: DuesdeskApp, member: str, key: str) -> None:
        self._app = app
        self._member = member
        self._key = key
        self._wanted: Plain | None = None
        self._is_busy = False

    def keep(self, subject: str, text: str) -> None:
        """Keep this in place of what was kept before."""
        self._wanted = {"subject": subject, "text": text}
        self._next()

    def _next(self) -> None:
        content, desk = self._wanted, self._app.desk
        if content is None or self._is_busy:
            return
        self._wanted, self._is_busy = None, True
        self._app.load(
            lambda: keep(desk, self._member, self._key, content), self._kept, group=f"keep {self._key}", in_order=True
        )

    def _kept(self, error: DuesdeskError | None) -> None:
        self._is_busy = False
        if error is None:
            self._next()

    def forget(self) -> None:
        """It was sent, or thrown away."""
        self._wanted = None
        self._app.front.submit(forget, self._app.desk, self._member, self._key)


def keep(desk: Desk, member: str, key: str, content: Plain) -> DuesdeskError | None:
    """In a thread. A store that cannot be reached is told by who follows it."""
    try:
        desk.drafts.keep(_name(member), key, content)
    except DuesdeskError as error:
        return error
    return None


def forget(desk: Desk, member: str, key: str) -> None:
    """In a thread. What stays is there the next time; there is nobody to tell of it now."""
    with suppress(DuesdeskError):
        desk.drafts.forget(_name(member), key)


class Typed:
    """Own words that were typed before: under which key, and whether they were written as a notice meanwhile."""

    def __init__(self, key: str, content: Plain, *, is_written: bool) -> None:
        self.key = key
        self.subject = str(content.get("subject", ""))
        self.text = str(content.get("text", ""))
        self.is_written = is_written


def typed_before(desk: Desk, member: str) -> Typed | None:
    """In a thread: what was typed to `member` at this desk and not sent."""
    draft = desk.drafts.find(_name(member), overnight=True)
    if draft is None or not (draft.content.get("subject") or draft.content.get("text")):
        return None
    return Typed(draft.key, draft.content, is_written=draft.answer is not None)
